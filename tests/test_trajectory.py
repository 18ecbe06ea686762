"""The score as it stood each day: that of an explanation then, blind for what came later."""

from __future__ import annotations

import pandas as pd
import pytest
from crm import DAY, SCORECARD, UNTIL, added, crm, load
from pandas.testing import assert_frame_equal

import workbench as wb
from workbench.errors import CallError
from workbench.trajectory import MOST_DAYS, trajectory

COLLEAGUES = (
    "  - {id: team, in: engagement, when: {event: page_view, scope: account, leads: {at_least: 2}}, points: 3}\n"
)
STAGED = "  - {id: staged, in: fit, when: {field: stage, equals: mql}, points: 5}\n"
MODEL = SCORECARD.replace("score: {min", f"{COLLEAGUES}{STAGED}score: {{min")


@pytest.fixture(scope="module")
def frames():
    return crm(seed=11, leads=160)


@pytest.fixture(scope="module")
def model():
    return wb.parse_model(MODEL)


@pytest.fixture(scope="module")
def history(frames):
    with load(frames) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def busy(frames):
    """Leads with many events and changed fields, with a moment a good month after they came."""
    events, changes = (frames[name].groupby("lead_id").size() for name in ("events", "changes"))
    leads = frames["leads"].set_index("lead_id")
    leads = leads[leads["created_at"] < UNTIL - 90 * DAY]
    weight = events.reindex(leads.index, fill_value=0) + 5 * changes.reindex(leads.index, fill_value=0)
    return [(lead, leads.loc[lead, "created_at"] + 33.25 * DAY) for lead in weight.nlargest(4).index]


def test_each_day_is_what_an_explanation_says_of_it(history, model, busy):
    seen, days = set(), 0
    for lead, as_of in busy[:3]:
        found = trajectory(model, history, lead_id=lead, as_of=as_of, days=40)
        assert found.scores["day"].tolist() == list(range(-33, 1))
        assert found.scores["as_of"].tolist() == [as_of + day * DAY for day in range(-33, 1)]
        for row in found.scores[::6].itertuples():
            then = wb.explain(model, history, lead_id=lead, as_of=row.as_of)
            assert (row.score, row.tier) == (pytest.approx(then.score, nan_ok=True), then.tier)
            days += 1
        seen |= set(found.scores["score"])
    assert days > 15
    assert len(seen) > 10


def test_what_comes_later_changes_no_day(frames, model, busy):
    lead, as_of = busy[0]
    own = {"lead_id": [lead] * 2, "at": [as_of, as_of + DAY]}
    later = added(frames, "events", pd.DataFrame({**own, "event": ["page_view", "open"], "page": ["/pricing", None]}))
    later = added(later, "stages", pd.DataFrame({**own, "stage": ["mql", "won"], "amount": [None, 100.0]}))
    later = added(
        later,
        "changes",
        pd.DataFrame({**own, "field": "plan_type", "value": ["trial", "paid"], "old": ["paid", "trial"]}),
    )
    with load(frames) as before, load(later) as after:
        first = trajectory(model, before, lead_id=lead, as_of=as_of)
        second = trajectory(model, after, lead_id=lead, as_of=as_of)
    changed = frames["changes"].query("lead_id == @lead and field == 'plan_type' and at < @as_of")
    assert len(changed) > 0  # else the first change of all would say what the field was before
    assert_frame_equal(first.scores, second.scores)
    assert_frame_equal(first.events, second.events)


def test_an_event_shows_from_the_first_moment_after_it(frames, model, busy):
    lead, as_of = busy[1]
    at = as_of - 10 * DAY
    rows = pd.DataFrame({"lead_id": [lead], "at": [at], "event": ["page_view"], "page": ["/pricing"]})
    with load(frames) as before, load(added(frames, "events", rows)) as after:
        first = trajectory(model, before, lead_id=lead, as_of=as_of).scores.set_index("day")
        second = trajectory(model, after, lead_id=lead, as_of=as_of).scores.set_index("day")
    assert_frame_equal(first.loc[:-10], second.loc[:-10])
    assert (second.loc[-9:, "score"] >= first.loc[-9:, "score"]).all()


def test_events_before_the_moment_oldest_first(history, frames, model, busy):
    lead, as_of = busy[0]
    found = trajectory(model, history, lead_id=lead, as_of=as_of, days=40)
    own = found.events[(found.events["lead_id"] == lead) & (found.events["kind"] == "event")]
    expected = frames["events"].query("lead_id == @lead and at < @as_of").sort_values(["at", "event"])
    assert own["occurred_at"].tolist() == expected["at"].tolist()
    assert own["event"].tolist() == expected["event"].tolist()
    assert own["age_days"].tolist() == ((as_of - expected["at"]) // DAY).tolist()
    assert found.events["occurred_at"].is_monotonic_increasing
    assert not found.events["after"].any()
    stages = found.events[found.events["kind"] == "stage"]
    told = frames["stages"].query("lead_id == @lead and at < @as_of")
    assert sorted(stages["event"]) == sorted(told["stage"])


def test_events_before_the_days_are_only_counted(history, model, busy):
    lead, as_of = busy[0]
    whole = trajectory(model, history, lead_id=lead, as_of=as_of, days=60)
    week = trajectory(model, history, lead_id=lead, as_of=as_of, days=7)
    older = whole.events["occurred_at"] < as_of - 7 * DAY
    assert week.earlier - whole.earlier == (older & (whole.events["kind"] == "event")).sum() > 0
    assert_frame_equal(week.events, whole.events[~older].reset_index(drop=True))
    assert_frame_equal(week.scores, whole.scores[-8:].reset_index(drop=True))


def test_what_came_after_is_marked_and_only_shown_on_request(history, frames, model, busy):
    lead, as_of = busy[0]
    early = as_of - 20 * DAY
    found = trajectory(model, history, lead_id=lead, as_of=early, after=10)
    after = found.events[found.events["after"]]
    own = frames["events"].query("lead_id == @lead")
    expected = own[(own["at"] >= early) & (own["at"] < early + 10 * DAY)]
    own = after[(after["lead_id"] == lead) & (after["kind"] == "event")]
    assert own["occurred_at"].tolist() == sorted(expected["at"])
    assert len(own) > 0
    assert (own["age_days"] < 0).all()
    blind = trajectory(model, history, lead_id=lead, as_of=early)
    assert_frame_equal(found.scores, blind.scores)
    assert_frame_equal(blind.events, found.events[~found.events["after"]].reset_index(drop=True))


def test_colleagues_are_listed_where_a_rule_counts_them(history, frames, model):
    leads = frames["leads"].dropna(subset="account_id")
    pair = leads[leads["account_id"].isin(leads["account_id"].value_counts().index[:1])].sort_values("created_at")
    lead = pair["lead_id"].iloc[0]
    as_of = pair["created_at"].iloc[-1] + 20 * DAY
    days = min(MOST_DAYS, (as_of - pair["created_at"].iloc[0]) // DAY + 1)
    together = trajectory(model, history, lead_id=lead, as_of=as_of, days=days)
    alone = trajectory(wb.parse_model(SCORECARD), history, lead_id=lead, as_of=as_of, days=days)
    assert set(alone.events["lead_id"]) <= {lead}
    others = set(together.events["lead_id"]) - {lead}
    assert others
    assert others <= set(pair["lead_id"])


def test_a_young_lead_has_few_days(history, frames, model):
    lead = frames["leads"].iloc[0]
    for age, days in ((0.5, [0]), (1, [0]), (1.01, [-1, 0]), (3, [-2, -1, 0])):
        found = trajectory(model, history, lead_id=lead["lead_id"], as_of=lead["created_at"] + age * DAY)
        assert found.scores["day"].tolist() == days


def test_one_whom_a_gate_takes_out_has_no_score(history, frames, model):
    lead = frames["leads"].query("region == 'nowhere'").iloc[0]
    found = trajectory(model, history, lead_id=lead["lead_id"], as_of=lead["created_at"] + 5 * DAY)
    assert found.scores["score"].isna().all()
    assert found.scores["tier"].tolist() == ["Disqualified"] * 5


def test_a_date_is_its_start_and_the_moment_is_told(history, frames, model):
    lead = frames["leads"].sort_values("created_at").iloc[0]
    day = (lead["created_at"] + 3 * DAY).normalize()
    found = trajectory(model, history, lead_id=lead["lead_id"], as_of=f"{day:%Y-%m-%d}", days=0)
    assert (found.as_of, found.lead_id) == (day, lead["lead_id"])
    assert found.scores["as_of"].tolist() == [day]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"days": -1}, "days: expected whole days from 0 to 366, found -1"),
        ({"days": 367}, "days: expected whole days from 0 to 366, found 367"),
        ({"after": 400}, "after: expected whole days from 0 to 366, found 400"),
        ({"lead_id": "L99999"}, "lead_id: expected a lead of the history, found 'L99999'"),
        ({"as_of": "2020-01-01"}, "as_of: expected a lead that existed before 2020-01-01"),
        ({"as_of": "soon"}, "as_of: expected a date"),
    ],
)
def test_what_cannot_be_shown_is_refused(history, frames, model, asked, message):
    known = {"lead_id": frames["leads"]["lead_id"][0], "as_of": "2025-12-30"}
    with pytest.raises(CallError, match=message):
        trajectory(model, history, **{**known, **asked})


def test_leads_without_dates_have_no_days():
    model = wb.parse_model(
        "format: lead-scoring-model/1\nname: flat\ndimensions: {all: {}}\n"
        "rules: [{id: visits, in: all, points: 5, when: {field: visits, at_least: 4}}]"
    )
    mapping = "{format: lead-history/1, leads: {file: leads, id: lead_id, outcome: {field: won, equals: 1}}}"
    frame = pd.DataFrame({"lead_id": ["L1", "L2"], "visits": [1, 5], "won": [0, 1]})
    with wb.read_history({"leads": frame}, mapping=mapping) as history:
        with pytest.raises(CallError, match="as_of: expected leads with dates"):
            trajectory(model, history, lead_id="L1", as_of=None)
        with pytest.raises(CallError, match="as_of: expected nothing, since these leads have no dates"):
            trajectory(model, history, lead_id="L1", as_of="2025-01-01")
