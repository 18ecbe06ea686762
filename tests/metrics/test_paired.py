"""Differences of two models on the same observations: DeLong and Obuchowski pair by pair, and a paired bootstrap."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from scipy.special import stdtrit

from workbench.errors import CallError
from workbench.metrics import influence, paired
from workbench.metrics.delong import clustered_delong, delong
from workbench.metrics.histogram import tally
from workbench.metrics.paired import Pair, Sample

# --- samples ----------------------------------------------------------------------------------------------------------


def two_models(seed, n=400, clusters=None, k=(14, 9)):
    """Outcomes, clusters, and the cells of two models that share a part of what they know; many ties."""
    random = np.random.default_rng(seed)
    group = np.arange(n) if clusters is None else random.integers(0, clusters, n)
    shared, leaning = random.normal(size=(2, max(clusters or n, n)))
    quality = 0.7 * shared[group] + random.normal(size=n)
    won = quality + leaning[group] * 0.6 + random.normal(size=n) > 1.6
    first = np.clip(np.round(k[0] / 2 + 2.0 * quality + random.normal(size=n) * 2), 0, k[0] - 1).astype(int)
    second = np.clip(np.round(k[1] / 2 + 1.5 * quality + random.normal(size=n)), 0, k[1] - 1).astype(int)
    won[:2] = [True, False]
    return won, group, first, second, k


def figures(cells, won, k, cut, amounts=None):
    """The figures of one model; `flagged` ones by the cells from `cut` on."""
    lost, hits = tally(cells, won, k)
    flagged = cells >= cut
    two = tally(flagged.astype(int), won, 2)
    flag = [False, True]
    earned = {"win": 300.0}
    if amounts is not None:
        earned = {"amounts": np.bincount(flagged[won], weights=amounts, minlength=2)}
    return {
        "auc": influence.area(lost, hits),
        "lift": influence.lift(lost, hits, 0.1),
        "captured": influence.captured(lost, hits, 0.2),
        "number": influence.number(*two, flag),
        "precision": influence.precision(*two, flag),
        "recall": influence.recall(*two, flag),
        "worth": influence.worth(*two, flag, contact_cost=20, **earned),
    }


def differences(won, group, first, second, k, cuts=(9, 6), amounts=None):
    """The difference of every figure."""
    sample = Sample.of(won, group)
    one, two = figures(first, won, k[0], cuts[0], amounts), figures(second, won, k[1], cuts[1], amounts)
    scores = Pair(sample, first, second, k)
    flags = Pair(sample, first >= cuts[0], second >= cuts[1], (2, 2))
    return {
        name: (scores if name in {"auc", "lift", "captured"} else flags).difference(
            one[name], two[name], amounts=amounts if name == "worth" else None
        )
        for name in one
    }


def area_difference(won, group, first, second, k):
    pair = Pair(Sample.of(won, group), first, second, k)
    made = [influence.area(*tally(cells, won, size)) for cells, size in zip((first, second), k, strict=True)]
    return pair.difference(*made)


# --- the AUC ----------------------------------------------------------------------------------------------------------


def placements(cells, won):
    """For each convert the share of others it beats; for each other the share of converts that beat it."""
    x, y = cells[won][:, None], cells[~won][None, :]
    psi = (x > y) + 0.5 * (x == y)
    return psi.mean(), psi.mean(axis=1), psi.mean(axis=0)


def plain_paired_delong(won, first, second):
    """Equations (2) to (7) of DeLong et al. 1988 with L = (-1, 1), every pair compared."""
    found = [placements(cells, won) for cells in (first, second)]
    s10 = np.cov(np.stack([tens for _, tens, _ in found]))
    s01 = np.cov(np.stack([ones for _, _, ones in found]))
    contrast = np.array([-1.0, 1.0])
    covariance = s10 / won.sum() + s01 / (~won).sum()
    return found[1][0] - found[0][0], contrast @ covariance @ contrast


def plain_paired_obuchowski(won, group, first, second):
    """Obuchowski 1997, section 2, for the difference of two areas, cluster by cluster."""
    (a, tens_a, ones_a), (b, tens_b, ones_b) = (placements(cells, won) for cells in (first, second))
    tens, ones = (tens_b - b) - (tens_a - a), (ones_b - b) - (ones_a - a)
    m, n = won.sum(), (~won).sum()
    every, with_won, with_lost = (len(set(of)) for of in (group, group[won], group[~won]))
    s10 = s01 = s11 = 0.0
    for cluster in set(group):
        x, y = tens[group[won] == cluster].sum(), ones[group[~won] == cluster].sum()
        s10 += with_won / (with_won - 1) * x * x
        s01 += with_lost / (with_lost - 1) * y * y
        s11 += every / (every - 1) * x * y
    return b - a, s10 / m**2 + s01 / n**2 + 2 * s11 / (m * n)


@pytest.mark.parametrize("seed", range(8))
def test_the_difference_of_areas_is_paired_delong(seed):
    won, _, first, second, k = two_models(seed, n=60 + 40 * seed)
    value, variance = plain_paired_delong(won, first, second)
    found = area_difference(won, None, first, second, k)
    assert found.value == pytest.approx(value, abs=1e-13)
    assert found.error**2 == pytest.approx(variance, rel=1e-10)
    # The end away from 0 is Student's times the error; that towards 0 is never nearer.
    half = float(stdtrit(2 * found.carriers - 1, 0.975)) * found.error
    away, towards = (found.high, found.low) if value > 0 else (found.low, found.high)
    assert abs(away - value) == pytest.approx(half, rel=1e-9)
    assert abs(towards - value) >= half * (1 - 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_with_clusters_it_is_obuchowskis_sum(seed):
    won, group, first, second, k = two_models(seed, n=60 + 40 * seed, clusters=30 + 9 * seed)
    value, variance = plain_paired_obuchowski(won, group, first, second)
    found = area_difference(won, group, first, second, k)
    assert (found.value, found.error**2) == (pytest.approx(value, abs=1e-13), pytest.approx(variance, rel=1e-9))


@pytest.mark.parametrize("clusters", [None, 70])
def test_beside_a_score_that_knows_nothing_it_is_the_variance_of_one_area(clusters):
    won, group, first, _, k = two_models(3, clusters=clusters)
    found = area_difference(won, group, np.zeros_like(first), first, (1, k[0]))
    own = delong(*tally(first, won, k[0])) if clusters is None else clustered_delong(first, won, group, k[0])
    assert found.value == pytest.approx(own.auc - 0.5)
    assert found.error**2 == pytest.approx(own.variance)


# --- all figures ------------------------------------------------------------------------------------------------------


def values(won, first, second, k, cuts, amounts):
    one, two = (
        figures(cells, won, size, cut, None if amounts is None else amounts[won])
        for cells, size, cut in zip((first, second), k, cuts, strict=True)
    )
    return {name: two[name].value - one[name].value for name in one}


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize("clusters", [None, 350])
def test_errors_are_those_of_a_paired_bootstrap(clusters, paid):
    won, group, first, second, k = two_models(11, n=1_500, clusters=clusters)
    random = np.random.default_rng(12)
    amounts = random.exponential(300, len(won)) if paid else None
    found = differences(won, group, first, second, k, amounts=None if amounts is None else amounts[won])
    members = [np.flatnonzero(group == code) for code in np.unique(group)]
    drawn = []
    for _ in range(800):
        at = np.concatenate([members[one] for one in random.integers(0, len(members), len(members))])
        again = None if amounts is None else amounts[at]
        drawn.append(values(won[at], first[at], second[at], k, (9, 6), again))
    for name, difference in found.items():
        spread = np.std([draw[name] for draw in drawn])
        assert difference.error == pytest.approx(spread, rel=0.11), name
        assert difference.value == pytest.approx(values(won, first, second, k, (9, 6), amounts)[name], abs=1e-9)


def test_the_error_of_a_number_of_leads_by_hand():
    # Two of five move in, one moves out: mean 1/5, squares 2 x (4/5)^2 + (6/5)^2 + 2 x (1/5)^2 = 2.8, times 5 / 4.
    first, second = np.array([0, 0, 1, 1, 0]), np.array([1, 1, 0, 1, 0])
    won = np.array([False, False, False, False, True])
    pair = Pair(Sample.of(won), first, second, (2, 2))
    made = [influence.number(*tally(cells, won, 2), [False, True]) for cells in (first, second)]
    found = pair.difference(*made)
    assert (found.value, found.error**2) == (1, pytest.approx(3.5))


def test_the_other_way_round_only_the_sign_is_different():
    won, group, first, second, k = two_models(4, clusters=90)
    there = differences(won, group, first, second, k)
    back = differences(won, group, second, first, k[::-1], cuts=(6, 9))
    for name, found in there.items():
        assert (back[name].value, back[name].low) == pytest.approx((-found.value, -found.high), rel=1e-9), name


@pytest.mark.parametrize("clusters", [None, 90])
def test_the_order_of_rows_does_not_matter(clusters):
    won, group, first, second, k = two_models(4, clusters=clusters)
    random = np.random.default_rng(1)
    amounts = random.exponential(50, len(won))
    for order in (random.permutation(len(won)), np.argsort(won, kind="stable")):
        mixed = differences(
            won[order], group[order], first[order], second[order], k, amounts=amounts[order][won[order]]
        )
        for name, found in differences(won, group, first, second, k, amounts=amounts[won]).items():
            assert mixed[name] == pytest.approx(found, rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("clusters", [None, 90])
def test_with_many_scores_nothing_is_different(clusters, monkeypatch):
    won, group, first, second, k = two_models(6, clusters=clusters)
    few = differences(won, group, first, second, k)
    monkeypatch.setattr(paired, "MOST_PAIRS", 3)
    for name, found in differences(won, group, first, second, k).items():
        assert found == pytest.approx(few[name], rel=1e-9), name


@pytest.mark.parametrize("clusters", [None, 90])
def test_models_that_rank_alike_differ_by_nothing_at_all(clusters):
    won, group, first, _, k = two_models(7, clusters=clusters)
    stretched = first * 2 + 1
    sample = Sample.of(won, group)
    for make in (influence.area, partial(influence.lift, depth=0.1), partial(influence.captured, depth=0.2)):
        one = make(*tally(first, won, k[0]))
        assert Pair(sample, first, first, (k[0], k[0])).difference(one, one)[:4] == (0, 0, 0, 0)
    same = area_difference(won, group, first, stretched, (k[0], 2 * k[0] + 1))
    assert (same.value, same.error) == (0, 0)


def test_clusters_of_one_are_no_clusters():
    won, group, first, second, k = two_models(8)
    assert not Sample.of(won, group * 3 + 2).clustered
    assert area_difference(won, group * 3 + 2, first, second, k) == area_difference(won, None, first, second, k)


def test_leads_that_are_all_there_twice_are_as_sure_as_if_they_were_there_once():
    won, _, first, second, k = two_models(9)
    once = differences(won, np.arange(len(won)), first, second, k)
    double = [np.repeat(array, 2) for array in (won, np.arange(len(won)), first, second)]
    twice = differences(*double, k)
    for name in sorted(set(once) - {"lift", "captured"}):  # what counts as the ranks around a boundary is another
        found = twice[name]
        scale = 2 if name in {"number", "worth"} else 1
        assert found.value == pytest.approx(scale * once[name].value)
        assert found.error == pytest.approx(scale * once[name].error, rel=1e-6), name


def test_a_change_that_no_lead_doubts_has_no_error_that_the_sample_could_show():
    won = np.array([False] * 6 + [True] * 4)
    sample, nobody, converts = Sample.of(won), np.zeros(10, dtype=int), won.astype(int)
    pair = Pair(sample, nobody, converts, (2, 2))
    none, all_of_them = (influence.recall(*tally(cells, won, 2), [False, True]) for cells in (nobody, converts))
    found = pair.difference(none, all_of_them)
    assert found.value == 1
    assert np.isnan([found.low, found.high, found.error]).all()


def test_what_is_undefined_is_nan_without_a_warning():
    for won in (np.array([True, True]), np.array([False, False]), np.array([True, False])):
        cells = np.array([0, 1])
        found = Pair(Sample.of(won), cells, cells[::-1], (2, 2)).difference(
            influence.area(*tally(cells, won, 2)), influence.area(*tally(cells[::-1], won, 2))
        )
        assert np.isnan(found.error)
    nobody = np.zeros(0, dtype=int)
    none = influence.area([0], [0])
    assert np.isnan(Pair(Sample.of(nobody, nobody), nobody, nobody, (1, 1)).difference(none, none).value)


def test_arrays_that_do_not_fit_are_refused():
    won = np.array([True, False, True])
    cells = np.array([0, 1, 1])
    with pytest.raises(CallError, match=r"second: expected one cell for each of 3 observations, found shape \(2,\)"):
        Pair(Sample.of(won), cells, cells[:2], (2, 2))
    made = influence.worth(*tally(cells, won, 2), [False, True], contact_cost=1, amounts=[0, 5])
    pair = Pair(Sample.of(won), cells, cells, (2, 2))
    with pytest.raises(CallError, match="amounts: expected one amount for each of 2 converts, found none"):
        pair.difference(made, made)
    with pytest.raises(CallError, match="clusters: expected one integer >= 0 for each observation"):
        Sample.of(won, [0, 1])


# --- coverage ---------------------------------------------------------------------------------------------------------

RUNS = 400
CELLS = 24


def drawn(random, n, clustered):
    """A fresh sample of two models: outcome, cluster, cells; leads of an account lean the same way."""
    sizes = random.integers(1, 6, n) if clustered else np.ones(n, dtype=int)
    group = np.repeat(np.arange(n), sizes)[:n]
    shared = random.normal(size=(n, 3))[group] * (0.8 if clustered else 0.0)
    noise = random.normal(size=(len(group), 3))
    quality = shared[:, 0] + noise[:, 0]
    won = quality + shared[:, 2] + random.normal(size=len(group)) > 2.0
    scores = (quality + shared[:, 1] + 0.8 * noise[:, 1], 0.9 * quality + 1.2 * noise[:, 2] + 0.25)
    first, second = (np.clip(np.round(3 * score + 10), 0, CELLS - 1).astype(int) for score in scores)
    return won, group, first, second


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_hold_the_truth_as_often_as_they_say(clustered):
    k, cuts = (CELLS, CELLS), (15, 14)
    random = np.random.default_rng(21)
    truth = values(*_without_groups(drawn(random, 2_000_000, clustered)), k, cuts, None)
    n = 900
    inside = dict.fromkeys(truth, 0)
    for _ in range(RUNS):
        won, group, first, second = drawn(random, n, clustered)
        for name, found in differences(won, group, first, second, k, cuts).items():
            scale = n / 2_000_000 if name in {"number", "worth"} else 1
            inside[name] += bool(found.low <= truth[name] * scale <= found.high)
    for name, held in inside.items():
        assert 0.92 <= held / RUNS <= 0.98, (name, held / RUNS)


def _without_groups(sample):
    won, _, first, second = sample
    return won, first, second
