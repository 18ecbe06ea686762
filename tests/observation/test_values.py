"""Values of fields and events at as_of: against the oracle's facts, and blind to whatever comes later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import MICRO, Frames, added, crm, load, micros

import workbench as wb
from workbench.engine.lowered import BUILT_IN, Cell
from workbench.errors import CallError
from workbench.model import EventFilter
from workbench.observation.facts import lead_facts
from workbench.observation.values import values_at
from workbench.oracle.conditions import measured
from workbench.oracle.facts import facts_of

PLAN = "{{at: {at}, outcome: won, horizon: 40d{more}}}"
FLAT = """
format: lead-history/1
blanks: [Select]
leads:
  {file: leads, id: id, outcome: {field: won, equals: 1}, known: {size: creation}, types: {seen: time, ok: boolean}}
"""


def observed(history, at="14d", more=""):
    return wb.observe(history, (), wb.parse_plan(PLAN.format(at=at, more=more)))


@pytest.fixture(scope="module")
def small():
    with load(crm(seed=5, leads=200)) as history:
        yield history


def facts_at(history, lead_id, as_of_us):
    """What the oracle knows of one lead."""
    cells = [Cell("lead", name, field.kind) for name, field in history.lead_fields.items()]
    cells += [Cell("account", name, field.kind) for name, field in history.account_fields.items()]
    return facts_of(lead_facts(history, cells, as_of_us, lead_id), as_of_us, {}, frozenset(BUILT_IN))


def expected_of(asked, facts):
    """What the oracle says of a column."""
    if not asked.measure:
        of_account = asked.operand.get("account_field")
        return facts.fields.get(asked.operand.get("field")) if of_account is None else facts.account.get(of_account)
    found = measured(EventFilter.model_validate(dict(asked.operand)), asked.measure, None, facts)
    return None if found is None else int(found)


@pytest.mark.parametrize(("at", "more"), [("14d", ", split: {by: account}"), ("{every: month}", "")])
def test_every_value_is_what_the_oracle_knows(small, at, more):
    seen = observed(small, at, more)
    values = values_at(small, seen)
    assert len(values.frame) == len(seen.subjects.lead_id)
    assert [asked.name for asked in values.asked] == list(values.frame.columns)
    for row in np.random.default_rng(3).choice(len(values.frame), 12, replace=False):
        facts = facts_at(small, seen.subjects.lead_id[row], int(seen.subjects.as_of_us[row]))
        for asked in values.asked:
            value = values.frame[asked.name].iloc[row]
            found = None if pd.isna(value) else value
            assert found == expected_of(asked, facts), (asked.name, facts.lead.lead_id)


def test_names_tell_what_was_asked(small):
    values = values_at(small, observed(small), windows=(30, None))
    names = set(values.frame.columns)
    assert {"title", "account.industry", "stage", "page_view 30d", "page_view ever", "page_view last"} <= names
    assert {"page_view page=/pricing 30d", "any ever", "any last"} <= names
    assert "created_at" not in names
    assert "page_view 7d" not in names
    asked = values["page_view page=/pricing 30d"]
    where = {"field": "page", "equals": "/pricing"}
    assert asked.operand == {"event": "page_view", "where": where, "within": "30d"}
    assert (asked.kind, asked.known, asked.measure) == ("number", "event", "count")
    assert {name: values[name].known for name in ("title", "plan_type", "account.industry", "stage")} == {
        "title": "creation",
        "plan_type": "dated",
        "account.industry": "creation",
        "stage": "dated",
    }
    assert values.to_document()[0]["operand"] == {"field": "title"}


def test_less_may_be_asked(small):
    names = set(values_at(small, observed(small), properties=False, undated=False, windows=()).frame.columns)
    assert not [name for name in names if "page=" in name or name.endswith("d")]
    assert {"title", "page_view last"} <= names


@pytest.mark.slow
def test_an_undated_field_is_marked_and_can_be_left_out():
    frames = crm(seed=5, leads=60)
    frames["leads"]["note"] = "today"
    with load(frames) as history:
        seen = observed(history)
        assert values_at(history, seen)["note"].known == "undated"
        assert "note" not in values_at(history, seen, undated=False).frame


def later(frames: Frames, seen, then: pd.Series) -> Frames:
    """The same past with an event, a change and a stage of every lead at its as_of: not before it."""
    at = pd.to_datetime(seen.subjects.as_of_us, unit="us", utc=True)
    when = pd.DataFrame({"lead_id": seen.subjects.lead_id, "at": at})
    frames = added(frames, "events", when.assign(event="page_view", page="/pricing"))
    frames = added(frames, "stages", when.assign(stage="mql", amount=1.0))
    return added(frames, "changes", when.assign(field="plan_type", value="gone", old=then.to_numpy()))


def by_lead(seen, values) -> pd.DataFrame:
    return values.frame.assign(lead_id=seen.subjects.lead_id).set_index("lead_id").sort_index()


def test_what_comes_later_never_changes_a_value():
    frames = crm(seed=6, leads=120)
    with load(frames) as history:
        seen = observed(history)
        before = values_at(history, seen)
    with load(later(frames, seen, before.frame["plan_type"])) as history:
        again = observed(history)
        after = values_at(history, again)
    assert len(before.frame) > 60
    assert by_lead(again, after)[list(before.frame)].equals(by_lead(seen, before))


def test_an_event_one_microsecond_earlier_counts():
    frames = crm(seed=6, leads=120)
    with load(frames) as history:
        seen = observed(history)
        before = values_at(history, seen)
    at = pd.Series(pd.to_datetime(seen.subjects.as_of_us, unit="us", utc=True)) - MICRO
    assert (micros(at) == seen.subjects.as_of_us - 1).all()
    rows = pd.DataFrame({"lead_id": seen.subjects.lead_id, "at": at, "event": "page_view", "page": "/pricing"})
    with load(added(frames, "events", rows)) as history:
        again = observed(history)
        assert (again.subjects.lead_id == seen.subjects.lead_id).all()
        after = values_at(history, again)
    for name in ("page_view 7d", "page_view ever", "page_view page=/pricing 30d", "any 7d"):
        assert (after.frame[name] == before.frame[name] + 1).all()
    assert (after.frame["page_view last"] == 0).all()


def test_a_flat_table_keeps_its_order_kinds_and_blanks():
    leads = pd.DataFrame(
        {
            "id": ["c", "a", "b", "d"],
            "won": [1, 0, 1, 0],
            "size": [1.5, None, 3.0, 4.0],
            "city": ["Paris", "Select", None, "Rome"],
            "ok": ["true", None, "false", "true"],
            "seen": ["2025-01-02T00:00:00Z", None, "2025-01-03T00:00:00Z", None],
        }
    )
    with wb.read_history({"leads": leads}, mapping=FLAT) as history:
        seen = wb.observe(history)
        values = values_at(history, seen)
    frame = values.frame.assign(id=seen.subjects.lead_id).set_index("id").loc[["c", "a", "b", "d"]]
    assert frame["size"].fillna(-1).tolist() == [1.5, -1, 3.0, 4.0]
    assert frame["city"].tolist() == ["Paris", None, None, "Rome"]
    assert frame["ok"].isna().tolist() == [False, True, False, False]
    assert frame["ok"].fillna(False).tolist() == [True, False, False, True]
    assert frame["seen"].iloc[0] == pd.Timestamp("2025-01-02", tz="UTC")
    assert frame["seen"].isna().sum() == 2
    assert [asked.name for asked in values.asked] == ["size", "city", "ok", "seen"]


@pytest.mark.slow
def test_events_that_share_a_name_with_a_field_are_told_apart():
    frames = crm(seed=5, leads=60)
    frames["leads"]["open last"] = "x"
    with load(frames) as history:
        values = values_at(history, observed(history))
    assert values["open last"].measure == ""
    assert values["open last (2)"].measure == "last_age"


def test_another_history_is_refused(small):
    seen = observed(small)
    with load(crm(seed=9, leads=50)) as other, pytest.raises(CallError, match="the history that was observed"):
        values_at(other, seen)


def test_accounts_are_refused(small):
    plan = wb.parse_plan("{at: {every: month}, outcome: won, horizon: 40d, unit: account}")
    with pytest.raises(CallError, match="observations of leads"):
        values_at(small, wb.observe(small, (), plan))


def test_a_window_below_one_day_is_refused(small):
    with pytest.raises(CallError, match="whole days from 1"):
        values_at(small, observed(small), windows=(0,))


def test_nothing_is_left_in_the_engine(small):
    before = small.engine.rows("SHOW TABLES")
    values_at(small, observed(small))
    assert small.engine.rows("SHOW TABLES") == before


def test_the_day_is_used(small):
    """A window of w days holds events of age below w whole days, and no other."""
    seen = observed(small)
    wide = values_at(small, seen, windows=(1, 9999, None)).frame
    assert (wide["page_view 9999d"] == wide["page_view ever"]).all()
    assert ((wide["page_view 1d"] > 0) == (wide["page_view last"] == 0)).all()
