from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.special import xlogy

from workbench.errors import CallError
from workbench.metrics.binning import CELLS, Bins, best_bins, group_values


def worth(negatives: np.ndarray, positives: np.ndarray, starts: tuple[int, ...]) -> float:
    lost, won = (np.add.reduceat(each, list(starts)) for each in (negatives, positives))
    rate = won / np.maximum(lost + won, 1)
    return float(np.sum(xlogy(won, rate) + xlogy(lost, 1 - rate)))


def every_way(negatives: np.ndarray, positives: np.ndarray, most: int, least: float, events: int, monotone: object):
    """The best value of all ways to cut, looked at one by one."""
    k, n = len(negatives), (negatives + positives).sum()
    whole = worth(negatives, positives, (0,))
    best = 0.0
    for bins in range(2, most + 1):
        for cuts in combinations(range(1, k), bins - 1):
            starts = (0, *cuts)
            lost, won = (np.add.reduceat(each, list(starts)) for each in (negatives, positives))
            if (lost + won < least * n).any() or np.minimum(lost, won).min() < events:
                continue
            steps = np.diff(won / (lost + won))
            up, down = bool((steps >= 0).all()), bool((steps <= 0).all())
            if monotone and not {"up": up, "down": down}.get(str(monotone), up or down):
                continue
            best = max(best, worth(negatives, positives, starts) - whole - np.log(n) / 2 * (bins - 1))
    return best


@pytest.mark.parametrize("monotone", [False, True, "up", "down"])
@pytest.mark.parametrize("seed", range(12))
def test_no_other_cuts_are_better(seed: int, monotone: bool | str) -> None:
    random = np.random.default_rng(seed)
    k = int(random.integers(2, 10))
    n = random.integers(5, 200, k)
    positives = random.binomial(n, random.uniform(0.02, 0.8, k) if seed % 3 else np.linspace(0.05, 0.4, k))
    negatives = n - positives
    events = seed % 2
    found = best_bins(negatives, positives, most=5, least=0.05, events=events, monotone=monotone)
    expected = every_way(negatives, positives, 5, 0.05, events, monotone)
    assert found.gain == pytest.approx(expected, abs=1e-9)
    again = worth(negatives, positives, found.starts) - worth(negatives, positives, (0,))
    assert again - np.log(n.sum()) / 2 * (len(found) - 1) == pytest.approx(found.gain, abs=1e-9)


def test_bounds_hold() -> None:
    random = np.random.default_rng(3)
    n = random.integers(1, 30, 400)
    positives = random.binomial(n, np.abs(np.sin(np.arange(400) / 40)) * 0.8)
    found = best_bins(n - positives, positives, most=4, least=0.1, events=20)
    sizes = np.add.reduceat(n, list(found.starts))
    assert 1 < len(found) <= 4
    assert (sizes >= 0.1 * n.sum()).all()
    assert found.starts[0] == 0
    assert list(np.bincount(found.codes(400))) == np.diff([*found.starts, 400]).tolist()


def test_rates_are_in_order_where_asked() -> None:
    random = np.random.default_rng(4)
    n = random.integers(20, 60, 300)
    positives = random.binomial(n, 0.1 + 0.3 * (np.arange(300) > 120) + 0.1 * np.sin(np.arange(300) / 9))
    for monotone, sign in ((True, 1), ("up", 1), ("down", -1)):
        found = best_bins(n - positives, positives, monotone=monotone)
        rates = np.add.reduceat(positives, list(found.starts)) / np.add.reduceat(n, list(found.starts))
        assert (sign * np.diff(rates) >= 0).all()
        assert len(found) > 1 or monotone == "down"


def test_a_frequent_value_stands_alone() -> None:
    n = np.ones(1000)
    n[0], n[500] = 4000, 2000
    positives = np.where(np.arange(1000) == 500, 1000, 0) + np.where(np.arange(1000) == 0, 40, 0)
    found = best_bins(n - positives, positives, least=10)
    assert {500, 501} <= set(found.starts)
    assert len(n) > CELLS


def test_noise_is_left_whole() -> None:
    random = np.random.default_rng(5)
    cut = 0
    for _ in range(100):
        positives = random.binomial(30, 0.1, 50)
        cut += len(best_bins(30 - positives, positives)) > 1
    assert cut <= 35


def test_nobody_and_nothing_to_tell() -> None:
    assert best_bins([0, 0], [0, 0]) == Bins((0,))
    assert best_bins([5, 5, 5], [0, 0, 0]).starts == (0,)
    assert best_bins([50], [7]).starts == (0,)
    assert best_bins([100, 0], [0, 100]).starts == (0, 1)


def deviance(rates: np.ndarray, n: np.ndarray, positives: np.ndarray) -> float:
    return float(-2 * np.sum(xlogy(positives, rates) + xlogy(n - positives, 1 - rates)))


def test_in_other_data_they_do_no_worse_than_quantiles() -> None:
    """Mean deviance of fresh outcomes, over several shapes of the truth, against five and ten quantile bins."""
    random = np.random.default_rng(6)
    x = np.arange(200)
    shapes = (0.03 + 0.15 * (x > 137), 0.05 + 0.2 * (x < 20), 0.2 * np.exp(-x / 40) + 0.02, np.full(200, 0.07))
    ours, five, ten = [], [], []
    for shape in shapes:
        for _ in range(30):
            n = random.integers(5, 35, 200)
            positives = random.binomial(n, shape)
            starts = {
                "ours": best_bins(n - positives, positives).starts,
                "five": tuple(np.searchsorted(np.cumsum(n), np.arange(5) / 5 * n.sum()).tolist()),
                "ten": tuple(np.searchsorted(np.cumsum(n), np.arange(10) / 10 * n.sum()).tolist()),
            }
            for kept, name in ((ours, "ours"), (five, "five"), (ten, "ten")):
                codes = Bins(starts[name]).codes(200)
                rates = (np.bincount(codes, positives) + 0.5) / (np.bincount(codes, n) + 1)
                kept.append(deviance(rates[codes], n, n * shape))
    assert np.mean(ours) < np.mean(five)
    assert np.mean(ours) < np.mean(ten)


def test_texts_are_grouped_by_rate_and_rare_ones_joined() -> None:
    n = np.array([400, 3, 500, 300, 2, 350])
    positives = np.array([20, 3, 28, 90, 0, 110])
    found = group_values(n - positives, positives, least=0.05)
    assert [found.codes[at] for at in (0, 2, 3, 5)] == [0, 0, 1, 1]
    assert found.codes[1] == found.codes[4]
    assert found.rare == (False, True, False, False, True, False)
    assert len(found) == 2
    shuffled = group_values((n - positives)[::-1], positives[::-1], least=0.05)
    assert shuffled.codes == found.codes[::-1]


@pytest.mark.parametrize(
    ("negatives", "positives"), [([1, 2], [1]), ([-1, 2], [1, 1]), ([np.nan, 2], [1, 1]), ([], []), ([[1]], [[1]])]
)
def test_counts_must_be_counts(negatives: list, positives: list) -> None:
    with pytest.raises(CallError, match="two lists of counts"):
        best_bins(negatives, positives)


def test_bounds_must_make_sense() -> None:
    with pytest.raises(CallError, match="most 0"):
        best_bins([1, 2], [1, 2], most=0)
