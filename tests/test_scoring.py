"""Scores and explanations at any moment."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from crm import MICRO, PLAN, SCORECARD, added, crm, load
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import CallError

AS_OF = "2025-06-01T00:00:00Z"


@pytest.fixture(scope="module")
def frames():
    return crm(seed=1)


@pytest.fixture(scope="module")
def history(frames):
    with load(frames) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def model():
    return wb.parse_model(SCORECARD)


@pytest.fixture(scope="module")
def scores(model, history):
    return wb.score(model, history, AS_OF)


def test_every_lead_that_existed_is_scored(frames, scores):
    there = frames["leads"].loc[frames["leads"]["created_at"] < pd.Timestamp(AS_OF), "lead_id"]
    assert scores["lead_id"].tolist() == sorted(there)
    assert list(scores.columns) == [
        *("lead_id", "account_id", "score", "tier", "then", "gate", "fit", "engagement"),
    ]


def test_a_gate_takes_out_or_gives_its_tier(frames, scores):
    region = scores["lead_id"].map(frames["leads"].set_index("lead_id")["region"])
    out = region == "nowhere"
    assert out.sum() > 3
    assert scores.loc[out, "score"].isna().all()
    assert set(scores.loc[out, "tier"]) == {"Disqualified"}
    assert set(scores.loc[out, "gate"]) == {"rival"}
    forced = scores["gate"] == "friend"
    assert set(scores.loc[forced, "tier"]) == {"Hot"}
    assert scores.loc[forced, "score"].notna().all()


def test_what_follows_is_that_of_the_tier(model, scores):
    then = {tier.name: tier.then for tier in model.tiers}
    assert scores["then"].tolist() == [then.get(tier, "") for tier in scores["tier"]]
    assert len(set(scores["tier"])) == 4


def test_a_lead_scores_now_what_it_scored_when_it_was_observed(frames, history, model):
    seen = wb.observe(history, model, wb.parse_plan(PLAN))
    then = seen.scorer(model).scores()
    for row in range(0, 60, 12):
        found = wb.explain(
            model, history, lead_id=seen.subjects.lead_id[row], as_of=seen.frame()["as_of"][row].to_pydatetime()
        )
        assert found.score == (None if then.out[row] else then.milli[row] / 1000)


def test_the_explanation_is_the_row_of_the_scores(history, model, scores):
    for row in scores.iloc[::40].itertuples():
        found = wb.explain(model, history, lead_id=row.lead_id, as_of=AS_OF)
        assert (found.score is None) == np.isnan(row.score)
        assert (found.tier, found.gate or "") == (row.tier, row.gate)
        assert found.score in (None, row.score)
        assert found.dimensions == {"fit": row.fit, "engagement": row.engagement}
        assert found.score is None or found.lines["points"].sum() == pytest.approx(found.score, abs=1e-9)


def test_it_is_told_in_a_sentence_and_in_lines(history, model, scores):
    row = scores[scores["tier"] == "Warm"].iloc[0]
    found = wb.explain(model, history, lead_id=row["lead_id"], as_of=AS_OF)
    assert found.headline == f"{row['lead_id']} at 2025-06-01T00:00:00+00:00 scores {row['score']:g}, Warm."
    first, *lines = str(found).splitlines()
    assert (first, len(lines)) == (found.headline, len(found.lines))
    assert found.to_document()["lines"][0]["points"] == found.lines["points"][0]
    out = scores[scores["gate"] == "rival"].iloc[0]["lead_id"]
    assert wb.explain(model, history, lead_id=out, as_of=AS_OF).headline.endswith(
        "is Disqualified: the gate 'rival' takes it out."
    )


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 999))
def test_what_happens_later_changes_no_score(frames, model, scores, seed):
    rng = np.random.default_rng(seed)
    moment = pd.Timestamp(AS_OF)
    at = moment + pd.to_timedelta(rng.integers(0, 2, 200) * rng.integers(0, 10**12, 200), unit="us")
    ids = rng.choice(scores["lead_id"], 200)
    rows = pd.DataFrame({"lead_id": ids, "at": at, "event": "page_view", "page": "/pricing"})
    with load(added(frames, "events", rows)) as other:
        pd.testing.assert_frame_equal(wb.score(model, other, AS_OF), scores)
    with load(added(frames, "events", rows.assign(at=moment - MICRO))) as other:
        assert (wb.score(model, other, AS_OF)["engagement"] != scores["engagement"]).any()


def test_by_default_it_is_the_end_of_the_data(history, model):
    end = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    pd.testing.assert_frame_equal(wb.score(model, history), wb.score(model, history, end))


@pytest.mark.parametrize("as_of", ["2025-06-01", "yesterday", dt.datetime(2025, 6, 1)])
def test_a_moment_without_a_zone_is_refused(history, model, as_of):
    with pytest.raises(CallError, match="as_of: expected a moment with its zone"):
        wb.score(model, history, as_of)


def test_a_lead_that_is_unknown_or_not_yet_there_is_refused(frames, history, model):
    with pytest.raises(CallError, match=r"lead_id: expected a lead of the history, found 'L0001'. Did you mean 'L0"):
        wb.explain(model, history, lead_id="L0001")
    late = frames["leads"].sort_values("created_at").iloc[-1]["lead_id"]
    with pytest.raises(CallError, match=rf"'{late}', created later"):
        wb.explain(model, history, lead_id=late, as_of=AS_OF)
    with pytest.raises(CallError, match=r"as_of: expected leads created before 2020-01-01.*found none"):
        wb.score(model, history, "2020-01-01T00:00:00Z")


def test_leads_without_dates_are_scored_as_recorded():
    flat = pd.DataFrame({"lead_id": ["a", "b"], "x": [1, 9], "Converted": [0, 1]})
    model = wb.parse_model("""
format: lead-scoring-model/1
name: x
dimensions: {fit: {}}
rules: [{id: high, in: fit, when: {field: x, at_least: 5}, points: 2.5}]
""")
    with wb.read_history(flat, outcome="Converted=1") as history:
        found = wb.score(model, history)
        assert found["score"].tolist() == [0, 2.5]
        assert found["tier"].tolist() == ["no tier", "no tier"]
        assert wb.explain(model, history, lead_id="b").headline == "b scores 2.5."
        with pytest.raises(CallError, match="as_of: expected nothing, since these leads have no dates"):
            wb.score(model, history, AS_OF)
