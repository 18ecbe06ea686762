"""Every row of a line is what counting a fresh candidate gives, whatever the model combines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crm import SCORECARD, SPLIT, crm, load
from strategies import random_model, random_past
from vocabulary import MAPPING, OUTCOME

import workbench as wb
from workbench.backtesting import Candidates
from workbench.errors import CallError
from workbench.observation import Weights
from workbench.searching import Lines, Place, share
from workbench.searching.share import Share
from workbench.searching.shifting import Classes

ACCOUNT = SCORECARD + "account: {roll_up: max}\n"
VALUES = np.array([-9_000, 12_500, 3_000, 40_000, 3_000])


@pytest.fixture(scope="module")
def several():
    return random_models(range(200, 212))


def random_models(seeds):
    """Random models over the whole language, observed together; outcomes and amounts are drawn."""
    past = random_past(11, 60)
    known = [random_model(seed) for seed in seeds]
    plan = wb.parse_plan(f"{{at: {past.age_days}d, outcome: {OUTCOME}, horizon: 1d, allow_undated: true}}")
    with wb.read_history(past.frames, mapping=MAPPING) as history:
        seen = wb.observe(history, known, plan)
    rng = np.random.default_rng(5)
    size = len(seen.subjects.won)
    won = np.sort((rng.random(size) < 0.3).astype(np.int8))
    amount = np.where((won == 1) & (rng.random(size) < 0.7), rng.integers(1, 90, size) * 100.5, np.nan)
    return known, replace(seen, subjects=replace(seen.subjects, won=won, amount=amount))


@pytest.mark.slow
def test_lines_of_many_models(the_same):
    lines_of_any_model(random_models(range(300, 350)), the_same)


def test_lines_of_any_model(several, the_same):
    lines_of_any_model(several, the_same)


def lines_of_any_model(several, the_same):
    known, seen = several
    rng = np.random.default_rng(1)
    for model in known:
        lines = Lines(model, seen)
        weights = lines.weights
        for place in lines.places:
            values = [*(rng.integers(-30, 30, 2) * 1000).tolist(), int(rng.integers(-20_000, 20_000))]
            the_same(model, lines, seen, weights, place, values)
            weights = lines.paying(weights, place, values[0])


def test_lines_of_round_points(round_models, observe, the_same, monkeypatch):
    moved = []
    along = Classes.along
    monkeypatch.setattr(Classes, "along", lambda self, table: moved.append(len(self.bundles)) or along(self, table))
    seen = observe(*round_models)
    for model in round_models:
        lines = Lines(model, seen)
        weights = lines.weights
        for place in lines.places:
            the_same(model, lines, seen, weights, place, VALUES.tolist())
            weights = lines.paying(weights, place, int(VALUES[len(place.rule) % len(VALUES)]))
    assert len(moved) > 50, "the quick way is hardly taken"
    assert max(moved) > 4, "no rule of a capped group, or of several findings, was moved"


@pytest.mark.parametrize("table", [0, 10**9])
def test_ways_of_counting_agree(round_models, observe, monkeypatch, table):
    monkeypatch.setattr(share, "TABLE", table)
    seen = observe(*round_models)
    for model in round_models[:8]:
        lines = Lines(model, seen)
        usual = [lines.along(lines.weights, place, VALUES) for place in lines.places]
        with monkeypatch.context() as within:
            within.setattr(share, "MOST", 0)
            other = [lines.along(lines.weights, place, VALUES) for place in lines.places]
        for one, two in zip(usual, other, strict=True):
            np.testing.assert_array_equal(one.scores, two.scores)
            np.testing.assert_array_equal(one.negatives, two.negatives)
            np.testing.assert_array_equal(one.positives, two.positives)
            np.testing.assert_allclose(one.amounts, two.amounts, atol=1e-6)


def test_what_a_value_of_a_line_is_worth_is_in_whole_hundredths(round_models, observe):
    seen = observe(*round_models)
    lines = Lines(round_models[0], seen)
    total = np.nansum(seen.subjects.amount[seen.subjects.won == 1])
    for place in lines.places:
        sums = lines.along(lines.weights, place, VALUES).amounts.sum(axis=1)
        np.testing.assert_array_equal(sums, np.full(len(VALUES), total))


def test_a_line_needs_no_visit_to_the_leads_for_a_value(round_models, observe, monkeypatch):
    seen = observe(*round_models)
    model = next(each for each in round_models if each.score.combine == "sum" and not each.variants)
    lines = Lines(model, seen)
    visits = []
    looked_up = share.People.looked_up
    monkeypatch.setattr(share.People, "looked_up", lambda self, *a: visits.append(1) or looked_up(self, *a))
    monkeypatch.setattr(Share, "_by_entry", None)
    lines.along(lines.weights, Place("region"), np.arange(-50, 51) * 1000)
    assert len(visits) == 1


def test_other_weights_of_the_model_are_followed(observe, the_same):
    model = wb.parse_model(SCORECARD)
    seen = observe(model)
    lines = Lines(model, seen)
    for changes in ({"rules.industry.points": 9.5}, {"rules.pricing.decay.half_life": "3d"}, {"dimensions.fit.max": 4}):
        weights = Weights.of(wb.change_model(model, changes))
        for place in lines.places:
            the_same(model, lines, seen, weights, place, [-3_000, 2_500])


def test_accounts(observe, the_same):
    model = wb.parse_model(ACCOUNT)
    seen = observe(model, more=", unit: account")
    lines = Lines(model, seen)
    for place in lines.places:
        the_same(model, lines, seen, lines.weights, place, [-4_000, 0, 7_500])


def test_some_rows(round_models, observe):
    seen = observe(*round_models)
    rows = np.random.default_rng(2).permutation(len(seen.subjects.won))[:300]
    chosen = np.sort(rows)
    for model in (round_models[3], wb.parse_model(SCORECARD)):
        seen = observe(*round_models, wb.parse_model(SCORECARD))
        lines = Lines(model, seen, rows=rows)
        assert (lines.n, lines.converted) == (300, int((seen.subjects.won[chosen] == 1).sum()))
        scores = seen.scorer(model).scores()
        found = lines.counts(lines.weights)
        standing = np.where(scores.out, np.iinfo(np.int64).min, scores.milli)[chosen]
        for score, lost, won in zip(found.scores, found.negatives, found.positives, strict=True):
            same = standing == score
            assert (lost + won, won) == (same.sum(), (same & (seen.subjects.won[chosen] == 1)).sum())
        for place in lines.places:
            counts = lines.along(lines.weights, place, np.array([4_000])).counts(0)
            expected = lines.counts(lines.paying(lines.weights, place, 4_000))
            np.testing.assert_array_equal(counts.scores, expected.scores)
            np.testing.assert_array_equal(counts.negatives, expected.negatives)
            np.testing.assert_array_equal(counts.positives, expected.positives)


def test_the_train_part_is_the_default():
    model = wb.parse_model(SCORECARD)
    with load(crm(seed=1)) as history:
        seen = wb.observe(history, model, wb.parse_plan(SPLIT))
    rows = seen.rows("train")
    assert Lines(model, seen).n == rows.stop - rows.start
    rows = seen.rows("validation")
    lines = Lines(model, seen, part="validation")
    assert lines.n == rows.stop - rows.start
    counts, expected = lines.counts(lines.weights), Candidates(model, seen, part="validation").counts(lines.weights)
    np.testing.assert_array_equal(counts.positives, expected.positives)
    with pytest.raises(CallError, match="sealed"):
        Lines(model, seen, part="test")


def test_places_are_all_numbers_of_points(observe):
    model = wb.parse_model(SCORECARD)
    lines = Lines(model, observe(model))
    assert [place for place in lines.places if place.rule == "title"] == [Place("title", index) for index in range(3)]
    assert [place.rule for place in lines.places[3:]] == ["industry", "trial", "pricing", "pages", "opens", "silent"]
    turned = lines.paying(lines.weights, Place("title", 2), 1_500)
    assert turned.alternatives[0].rules[0].points == (-1_000, 15_000, 1_500)


def test_a_sleeping_rule_has_no_place_for_its_sleep(observe):
    model = wb.change_model(wb.parse_model(SCORECARD), {"rules.title.effective": {"from": "2025-03-01"}})
    lines = Lines(model, observe(model))
    assert [place.index for place in lines.places if place.rule == "title"] == [0, 2, 3]
    assert lines.paying(lines.weights, Place("title", 1), 1_000) == lines.weights


def test_what_cannot_be_asked(observe):
    model = wb.parse_model(SCORECARD)
    seen = observe(model)
    lines = Lines(model, seen)
    with pytest.raises(CallError, match="one of the places"):
        lines.along(lines.weights, Place("nobody"), VALUES)
    with pytest.raises(CallError, match="V >= 1"):
        lines.along(lines.weights, lines.places[0], np.array([], dtype=np.int64))
    for rows in ([0, 0], [-1], [10**6]):
        with pytest.raises(CallError, match="different positions"):
            Lines(model, seen, rows=np.array(rows))
