"""What observing may and may not look at: the order of rows and the future change nothing, the past does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import AGE_DAYS, DAY, MICRO, PLAN, SPLIT, UNTIL, added, crm, load, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import models, random_model, random_past
from vocabulary import MAPPING as RANDOM_MAPPING

import workbench as wb
from observation.tiny import AS_OF, tiny
from workbench.backtesting import to_document
from workbench.errors import ModelError, PlanError

FEW = settings(max_examples=2, deadline=None)


def scored(model, history, plan=PLAN):
    """One row an observation, told by lead: score, gate, dimensions, outcome."""
    seen = wb.observe(history, [model], wb.parse_plan(plan))
    found = seen.scorer(model).scores()
    frame = seen.frame().assign(score=found.milli, out=found.out, gate=found.gate, **found.dimensions)
    frame["recorded"] = np.where(seen.subjects.has_recorded, seen.subjects.recorded, -1)
    return frame.set_index("lead_id").sort_index()


def created(frames):
    return frames["leads"].set_index("lead_id")["created_at"]


# --- the order of rows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", [PLAN, SPLIT, SPLIT.replace("by: time", "by: account, validation: 30%")])
def test_shuffling_the_rows_of_every_table_changes_nothing(frames, history, scorecard, plan):
    plan = wb.parse_plan(plan)
    seen = wb.observe(history, [scorecard], plan)
    with load(shuffled(frames, 1)) as mixed:
        again = wb.observe(mixed, [scorecard], plan)
        assert mixed.fingerprint == history.fingerprint
    pd.testing.assert_frame_equal(again.frame(), seen.frame())
    for name, book in seen.shelf.books.items():
        other = again.shelf.books[name]
        np.testing.assert_array_equal(other.entries[other.codes], book.entries[book.codes])
    assert to_document(wb.backtest(scorecard, again)) == to_document(wb.backtest(scorecard, seen))
    assert to_document(wb.backtest(None, again)) == to_document(wb.backtest(None, seen))


@FEW
@given(model=models(), seed=st.integers(0, 99))
def test_shuffling_changes_no_score_of_a_random_model(past, past_history, model, seed):
    plan = f"{{at: {past.age_days}d, outcome: won, horizon: 1d, allow_undated: true}}"
    with wb.read_history(shuffled(past.frames, seed), mapping=RANDOM_MAPPING) as other:
        found = scored(model, other, plan)
    pd.testing.assert_frame_equal(found, scored(model, past_history, plan))


# --- the future -------------------------------------------------------------------------------------------------------


def future_of(frames, seed):
    """Hostile rows dated at as_of or later: every rule's events, colleagues, changes, stages, scores."""
    rng = np.random.default_rng(seed)
    leads = frames["leads"]
    as_of = leads["created_at"] + AGE_DAYS * DAY
    when = [as_of, as_of + MICRO, as_of + pd.to_timedelta(rng.integers(0, 10**12, len(leads)), unit="us")]
    for moment in when:
        ours = leads[moment < UNTIL]
        at = moment[moment < UNTIL]
        for event, page in (("page_view", "/pricing"), ("open", None), ("never seen before", None)):
            rows = pd.DataFrame({"lead_id": ours["lead_id"], "at": at, "event": event, "page": page})
            frames = added(frames, "events", pd.concat([rows] * 3))
        last = frames["changes"].sort_values("at").groupby("lead_id")["value"].last()
        old = ours["lead_id"].map(last).fillna(ours["plan_type"]).astype("str")
        change = {"lead_id": ours["lead_id"], "at": at, "field": "plan_type", "value": "trial", "old": old}
        newest = ours["lead_id"].map(frames["changes"].groupby("lead_id")["at"].max())
        later = ~(at < newest)
        frames = added(frames, "changes", pd.DataFrame(change)[later.to_numpy()])
        stage = {"lead_id": ours["lead_id"], "at": at, "stage": rng.choice(["mql", "lost", "strange"], len(ours))}
        frames = added(frames, "stages", pd.DataFrame(stage))
        frames = added(frames, "scores", pd.DataFrame({"lead_id": ours["lead_id"], "at": at, "score": 999.0}))
    return colleagues(frames, leads, as_of)


def colleagues(frames, leads, as_of):
    """For each lead of an account a newcomer beside it, created at its as_of, busy at once."""
    beside = leads.assign(created_at=as_of)[leads["account_id"].notna() & (as_of < UNTIL)]
    beside = beside.assign(lead_id="Z" + beside["lead_id"], title="VP Sales", region="EU")
    frames = added(frames, "leads", beside)
    rows = {"lead_id": beside["lead_id"], "at": beside["created_at"], "event": "page_view", "page": "/pricing"}
    return added(frames, "events", pd.DataFrame(rows))


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_happens_at_as_of_or_later_reaches_a_score(frames, history, scorecard, seed):
    before = scored(scorecard, history)
    with load(future_of(frames, seed)) as other:
        assert other.rows["events"] > history.rows["events"] + 1000
        after = scored(scorecard, other).loc[before.index]
    pd.testing.assert_frame_equal(after, before)


@FEW
@given(seed=st.integers(0, 2**32 - 1))
def test_later_events_and_colleagues_reach_no_score_of_a_random_model(past, past_history, seed):
    plan = f"{{at: {past.age_days}d, outcome: won, horizon: 1d, allow_undated: true}}"
    model = random_model(seed)
    leads, events = past.frames["leads"], past.frames["events"]
    as_of = leads["created_at"] + past.age_days * DAY
    more = random_past(seed, len(leads)).frames["events"].head(200)
    who = np.random.default_rng(seed).integers(0, len(leads), len(more))
    delay = pd.Series(pd.to_timedelta(np.arange(len(more)) % 3 * 10**9, unit="us"), more.index)
    at = as_of.max() + delay  # an event that is late for one lead of an account may be early for another
    later = more.assign(lead_id=leads["lead_id"].to_numpy()[who], occurred_at=at)
    beside = leads.assign(lead_id="Z" + leads["lead_id"], created_at=as_of)
    frames = added(added(past.frames, "events", later), "leads", beside)
    assert len(frames["events"]) > len(events) or not len(more)
    with wb.read_history(frames, mapping=RANDOM_MAPPING) as other:
        found = scored(model, other, plan)
    before = scored(model, past_history, plan)
    pd.testing.assert_frame_equal(found.loc[before.index], before)


COUNT = """
format: lead-scoring-model/1
name: count
dimensions: {fit: {}}
rules:
  - {id: visits, in: fit, each: {event: visit}, points: 1}
  - {id: fresh, in: fit, when: {event: visit, within: 3d}, points: 10}
  - {id: fading, in: fit, each: {event: visit}, points: 100, decay: {half_life: 1d}}
  - {id: gold, in: fit, when: {field: grade, equals: gold}, points: 1000}
"""


def points_of(**rows):
    frames, mapping = tiny(**rows)
    with load(frames, mapping) as history:
        return int(scored(wb.parse_model(COUNT), history, PLAN.split(", segments")[0] + "}").loc["one", "score"]) / 1000


def test_an_event_counts_one_microsecond_before_as_of_and_not_at_it():
    assert points_of() == 0
    assert points_of(visits=[AS_OF - MICRO]) == 1 + 10 + 100
    assert points_of(visits=[AS_OF]) == 0
    assert points_of(visits=[AS_OF + MICRO]) == 0


def test_a_window_of_three_days_ends_three_days_before_as_of():
    assert points_of(visits=[AS_OF - 3 * DAY + MICRO]) == 1 + 10 + 25
    assert points_of(visits=[AS_OF - 3 * DAY]) == 1 + 0 + 12.5


def test_a_change_counts_one_microsecond_before_as_of_and_not_at_it():
    assert points_of(changes=[AS_OF - MICRO]) == 1000
    assert points_of(changes=[AS_OF]) == 0


# --- what a reader is told --------------------------------------------------------------------------------------------


def test_an_event_that_never_occurs_is_named_with_the_one_that_may_be_meant(history):
    model = wb.parse_model(COUNT.replace("visit", "page_vew").replace("field: grade", "field: title"))
    seen = wb.observe(history, model, wb.parse_plan(PLAN))
    assert [warning for warning in seen.warnings if "page_vew" in warning] == [
        "The event 'page_vew' never occurs in the data. Did you mean 'page_view'?"
    ]


def test_every_field_that_is_not_there_is_one_problem_with_its_line(history):
    text = COUNT.replace("field: grade", "field: tilte")
    wrong = wb.parse_model(text.replace("{event: visit},", "{event: visit, where: {field: pge, known: true}},", 1))
    with pytest.raises(ModelError, match=r"model:6 rules\[0\].*'pge'.*'page'") as raised:
        wb.observe(history, wrong, wb.parse_plan(PLAN))
    assert [problem.found for problem in raised.value.problems] == ["'pge'", "'tilte'"]


def test_progress_is_told_in_two_lines(history, scorecard):
    told = []
    wb.observe(history, scorecard, wb.parse_plan(PLAN), progress=told.append)
    assert len(told) == 2
    assert "251 observations" in told[1]


def test_observing_leaves_no_table_behind(history, scorecard):
    before = history.engine.rows("SHOW TABLES")
    wb.observe(history, scorecard, wb.parse_plan(SPLIT))
    assert [row for row in history.engine.rows("SHOW TABLES") if row not in before and row != ("obs_instants",)] == []


def test_leads_without_an_account_have_none(frames, history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    found = seen.frame().set_index("lead_id")["account_id"]
    given = frames["leads"].set_index("lead_id")["account_id"]
    assert found.isna().sum() > 5
    assert found.dropna().to_dict() == given.loc[found.index].dropna().to_dict()


# --- segments ---------------------------------------------------------------------------------------------------------


def test_segments_hold_each_observations_own_value(frames, history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    leads = frames["leads"].merge(frames["accounts"], how="left", on="account_id").set_index("lead_id")
    for name in ("region", "industry"):
        segment = seen.subjects.segments[name]
        found = [segment.labels[code] for code in segment.codes]
        assert found == leads.loc[seen.subjects.lead_id, name].fillna("unknown").tolist()


def many_regions(names):
    frames = crm(seed=3, leads=120)
    rng = np.random.default_rng(3)
    weights = np.arange(len(names), 0, -1) ** 2
    frames["leads"]["region"] = rng.choice(names, 120, p=weights / weights.sum())
    return frames


@pytest.mark.parametrize("own", ["r1", "other"])
def test_the_rarest_values_become_other_and_stay_apart_from_all_named_ones(scorecard, own):
    frames = many_regions([own, *(f"r{number}" for number in range(2, 19))])
    with load(frames) as history:
        seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    values = pd.Series(seen.subjects.lead_id).map(frames["leads"].set_index("lead_id")["region"])
    segment = seen.subjects.segments["region"]
    found = np.array(segment.labels, dtype=object)[segment.codes]
    named = set(found) - {"other"}
    assert len(set(segment.labels)) <= 12
    for name in named:
        assert (found == name).tolist() == (values == name).tolist()
    counts = values.value_counts()
    rest = set(values[found == "other"]) - {"other"}
    assert len(rest) >= 2
    assert min(counts[list(named)]) >= max(counts[list(rest)])


def test_a_segment_that_is_no_field_is_refused(history, scorecard):
    with pytest.raises(PlanError, match=r"plan segments: expected a field .* found 'regon'. Did you mean 'region'"):
        wb.observe(history, scorecard, wb.parse_plan(PLAN.replace("region", "regon")))


# --- recorded scores --------------------------------------------------------------------------------------------------


def test_the_recorded_score_is_the_last_one_before_as_of(frames, history):
    seen = wb.observe(history, [], wb.parse_plan(PLAN))
    scores = frames["scores"].merge(frames["leads"][["lead_id", "created_at"]])
    known = scores[scores["at"] < scores["created_at"] + AGE_DAYS * DAY].sort_values("at")
    last = (known.groupby("lead_id")["score"].last() * 1000).round().astype(int)
    subjects = seen.subjects
    found = pd.Series(subjects.recorded, index=subjects.lead_id)[subjects.has_recorded]
    assert 30 < len(found) < len(subjects.lead_id)
    assert found.sort_index().to_dict() == last[last.index.isin(subjects.lead_id)].to_dict()


def test_of_scores_recorded_at_the_same_moment_the_higher_is_taken_in_any_order(frames):
    lead = frames["leads"].iloc[[0]]
    at = lead["created_at"].iloc[0] + DAY
    for scores in ([3.0, 8.0], [8.0, 3.0]):
        rows = pd.DataFrame({"lead_id": lead["lead_id"].iloc[0], "at": at, "score": scores})
        with load({**frames, "scores": rows}) as history:
            subjects = wb.observe(history, [], wb.parse_plan(PLAN)).subjects
        assert subjects.recorded[subjects.has_recorded].tolist() == [8000]


# --- without the engine -----------------------------------------------------------------------------------------------


def test_with_the_engine_closed_a_backtest_equals_a_fresh_run(frames, scorecard):
    """Scores of random models from memory are compared in tests/test_engine_closed.py; here every figure is."""
    with load(frames) as history:
        seen = wb.observe(history, scorecard, wb.parse_plan(SPLIT))
    changes = {"rules.industry.points": -3.25, "rules.pricing.decay.half_life": "3d", "groups.mail.max": 2}
    changed = wb.change_model(scorecard, {**changes, "dimensions.engagement.max": 11.5, "tiers.Warm.from": 7})
    with load(frames) as history:
        fresh = wb.observe(history, changed, wb.parse_plan(SPLIT))
    found = to_document(wb.backtest(changed, seen))
    assert found == to_document(wb.backtest(changed, fresh))
    assert found["metrics"] != to_document(wb.backtest(scorecard, seen))["metrics"]


# --- the end of the data ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("2025-09-30T23:59:59Z", "the latest time seen, 2025-09-30, is taken for it."),
        ("2925-09-30T00:00:00Z", "the latest time seen, 2925-09-30, which lies in the future, is taken for it."),
    ],
)
def test_without_an_end_of_the_data_the_warning_says_which_day_is_taken(last, words):
    given, mapping = tiny(visits=[pd.Timestamp(last)])
    with load(given, mapping.replace('until: "2026-01-01"', "")) as history:
        seen = wb.observe(history, [], wb.parse_plan(f"{{at: {AGE_DAYS}d, outcome: won, horizon: 40d}}"))
    assert f"The mapping does not say where the data ends ('until'); {words}" in seen.warnings
