"""Scores and explanations at any moment."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import numpy as np
import pandas as pd
import pytest
from crm import MAPPING, MICRO, PLAN, SCORECARD, added, crm, load, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import CallError, ModelError
from workbench.scoring import Explore

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
    assert first == found.headline
    assert len(lines) == len(found.lines) + (found.next is not None)
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


def test_a_date_is_its_start(history, model):
    pd.testing.assert_frame_equal(wb.score(model, history, "2025-06-01"), wb.score(model, history, AS_OF))


@pytest.mark.parametrize("as_of", ["2025-06-01T00:00", "yesterday", dt.datetime(2025, 6, 1)])
def test_a_moment_without_a_zone_is_refused(history, model, as_of):
    with pytest.raises(CallError, match="as_of: expected a date, or a moment with its zone"):
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


# --- accounts ---------------------------------------------------------------------------------------------------------

TIERS = "tiers: [{name: Low, from: 0}, {name: High, from: 30, then: call}]"


def of_accounts(kind):
    return wb.parse_model(f"{SCORECARD}account: {{roll_up: {kind}, {TIERS}}}\n")


@pytest.mark.parametrize("kind", ["sum", "max", "min"])
def test_accounts_are_scored_from_their_leads(history, scores, kind):
    found = wb.score(of_accounts(kind), history, AS_OF, unit="account")
    assert list(found.columns) == ["account_id", "leads", "score", "tier", "then", "best_lead_id"]
    each = scores.dropna(subset="account_id").groupby("account_id")
    expected = each["score"].agg(score=lambda of: of.agg(kind, **({"min_count": 1} if kind == "sum" else {})))
    assert found["account_id"].tolist() == sorted(each.groups)
    assert dict(zip(found["account_id"], found["leads"], strict=True)) == each.size().to_dict()
    pd.testing.assert_series_equal(found.set_index("account_id")["score"], expected["score"], check_index_type=False)
    tier = np.where(found["score"] >= 30, "High", np.where(found["score"] >= 0, "Low", "no tier"))
    assert found["tier"].tolist() == tier.tolist()
    assert found["then"].tolist() == np.where(tier == "High", "call", "").tolist()
    assert {"High", "Low", "no tier"} == set(tier) if kind == "sum" else len(set(tier)) > 1


def test_the_best_lead_is_the_highest_and_among_equals_the_first_by_id(history, scores):
    found = wb.score(of_accounts("mean"), history, AS_OF, unit="account").set_index("account_id")["best_lead_id"]
    ranked = scores.dropna(subset=["score", "account_id"]).sort_values(["score", "lead_id"], ascending=[False, True])
    best = ranked.groupby("account_id")["lead_id"].first()
    assert found.dropna().to_dict() == best.to_dict()
    gone = scores[scores["score"].isna()]["account_id"]
    assert set(found.index[found.isna()]) <= set(gone)
    assert found.isna().any()
    tied = ranked.groupby(["account_id", "score"])["lead_id"].nunique()
    assert (tied.groupby("account_id").tail(1) > 1).any()


def test_scores_of_accounts_are_those_of_their_backtest(history):
    model = of_accounts("top_mean, top: 2")
    plan = wb.parse_plan("{unit: account, at: {every: month}, outcome: won, horizon: 40d, closed: []}")
    seen = wb.observe(history, model, plan)
    judged = wb.backtest(model, seen).judging.judged
    frame = seen.frame().assign(score=judged.points[judged.cells])
    then = frame[frame["as_of"] == pd.Timestamp(AS_OF)].set_index("account_id")["score"]
    now = wb.score(model, history, AS_OF, unit="account").set_index("account_id")["score"]
    assert len(then) > 50
    pd.testing.assert_series_equal(now[then.index], then, check_names=False)


def test_accounts_that_cannot_be_scored(model, frames, history):
    with pytest.raises(ModelError, match="account: expected how the scores"):
        wb.score(model, history, AS_OF, unit="account")
    with pytest.raises(CallError, match="unit: expected lead or account, found 'team'"):
        wb.score(model, history, AS_OF, unit="team")
    alone = {
        **frames,
        "leads": frames["leads"].assign(account_id=pd.Series(None, index=frames["leads"].index, dtype="str")),
    }
    bare = wb.parse_model(
        "{format: lead-scoring-model/1, name: bare, dimensions: {a: {}}, account: {roll_up: max},"
        " rules: [{id: r, in: a, when: {field: region, equals: EU}, points: 1}]}"
    )
    del alone["accounts"]
    mapping = "\n".join(line for line in MAPPING.splitlines() if not line.startswith("accounts"))
    with (
        load(alone, mapping) as lonely,
        pytest.raises(CallError, match="unit: expected lead, since no lead has an acc"),
    ):
        wb.score(bare, lonely, unit="account")


# --- the slice to explore ---------------------------------------------------------------------------------------------


def test_a_slice_below_the_cut_is_marked(model, history, scores):
    found = wb.score(model, history, AS_OF, explore=0.3)
    pd.testing.assert_frame_equal(found[scores.columns], scores)  # no score changes
    below = found["tier"].isin(["Cold", "no tier"]) & (found["gate"] == "")
    assert below.sum() > 20
    assert found["explore_chance"].tolist() == np.where(below, 0.3, 0.0).tolist()
    assert not found.loc[~below, "explore"].any()
    assert 0 < found["explore"].sum() < below.sum()
    wider = wb.score(model, history, AS_OF, explore=0.6)
    assert (wider["explore"] | ~found["explore"]).all()
    assert wb.score(model, history, AS_OF, explore=1)["explore"].tolist() == below.tolist()


def test_the_slice_depends_on_id_and_salt_alone(frames, model, history):
    early = wb.score(model, history, "2025-05-01", explore=0.3).set_index("lead_id")
    found = wb.score(model, history, AS_OF, explore=0.3).set_index("lead_id")
    both = early.index[(early["explore_chance"] > 0) & (found["explore_chance"].reindex(early.index) > 0)]
    assert len(both) > 20
    assert (early.loc[both, "explore"] == found.loc[both, "explore"]).all()
    with load(shuffled(frames, 5)) as other:
        pd.testing.assert_frame_equal(wb.score(model, other, AS_OF, explore=0.3).set_index("lead_id"), found)
    anew = wb.score(model, history, AS_OF, explore=Explore(0.3, salt="2026-Q4")).set_index("lead_id")
    assert (anew["explore"] != found["explore"]).any()
    whole = wb.score(model, history, AS_OF, explore=Explore(0.3, cut="Hot")).set_index("lead_id")
    assert set(whole.loc[whole["explore_chance"] > 0, "tier"]) == {"Cold", "Warm"}


def test_the_draw_is_that_of_a_published_hash():
    tiers = wb.parse_model(SCORECARD).tiers
    ids = [f"lead-{number:05d}" for number in range(20_000)]
    nobody = np.zeros(len(ids), dtype=bool)
    drawn = Explore(0.05, salt="s").columns(ids, np.full(len(ids), -1), nobody, tiers)["explore"]
    expected = [int(hmac.new(b"s", each.encode(), hashlib.sha256).hexdigest()[:16], 16) < 0.05 * 2**64 for each in ids]
    assert drawn.tolist() == expected
    assert drawn.mean() == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / len(ids)))


@pytest.mark.parametrize("share", [0, -0.1, 1.5, float("nan")])
def test_shares_that_are_none(model, history, share):
    with pytest.raises(CallError, match="explore: expected a share above 0 and at most 1"):
        wb.score(model, history, AS_OF, explore=share)


def test_cuts_that_are_none(model, history):
    with pytest.raises(CallError, match=r"one of Cold, Warm, Hot, found 'hot'\. Did you mean 'Hot'"):
        wb.score(model, history, AS_OF, explore=Explore(0.1, cut="hot"))
    bare = wb.parse_model(SCORECARD.split("tiers:")[0])
    with pytest.raises(CallError, match="this model has no tiers"):
        wb.score(bare, history, AS_OF, explore=0.1)


def test_accounts_are_drawn_too(history):
    rolled = wb.parse_model(
        f"{SCORECARD}account: {{roll_up: max, tiers: [{{name: Low, from: 0, then: wait}}, "
        "{name: High, from: 20, then: call}]}"
    )
    found = wb.score(rolled, history, AS_OF, unit="account", explore=0.5)
    assert set(found.loc[found["explore"], "tier"]) <= {"Low", "no tier"}
    assert found["explore"].any()
    pd.testing.assert_frame_equal(
        found.drop(columns=["explore", "explore_chance"]), wb.score(rolled, history, AS_OF, unit="account")
    )
