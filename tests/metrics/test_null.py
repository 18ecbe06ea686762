"""The variance without a difference: Miettinen and Nurminen's for two rates, Bonett and Price's for one-way moves.

Then how often two models that are equally good are called better or worse where few change side.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from workbench.metrics import influence, null, paired
from workbench.metrics.histogram import tally
from workbench.metrics.null import Moves, ends
from workbench.metrics.paired import Pair, Sample

LEAST = 5
FLAGS = [False, True]


def proportions(x, n, y, m):
    """The difference x / n - y / m as kinds of moves: of the first sample, and of the second."""
    p, q = x / n, y / m
    lost, won = np.array([n - x, m - y], dtype=float), np.array([x, y], dtype=float)
    return Moves(lost, won, np.array([-p / n, q / m]), np.array([(1 - p) / n, -(1 - q) / m])), p - q


@pytest.mark.parametrize(("x", "n", "y", "m"), [(0, 12, 6, 20), (3, 40, 30, 100), (7, 9, 1, 50), (50, 100, 50, 90)])
def test_of_two_proportions_the_rates_are_the_pooled_one(x, n, y, m):
    # Miettinen and Nurminen 1985 for a difference of 0: both rates are (x + y) / (n + m).
    moves, value = proportions(x, n, y, m)
    pooled = (x + y) / (n + m)
    p, q = x / n, y / m
    square = [(1 - pooled) * a**2 + pooled * b**2 for a, b in zip(moves.if_lost, moves.if_won, strict=True)]
    expected = n * square[0] + m * square[1] - p * (1 - p) / n - q * (1 - q) / m
    found = moves.null(value)
    assert found.possible
    assert found.extra == pytest.approx(max(expected, 0.0), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_rates_are_the_most_likely_without_a_difference(seed):
    random = np.random.default_rng(seed)
    size = random.integers(8, 60, 2)
    won = random.binomial(size, 0.3)
    g = np.array([1.0, -random.uniform(0.3, 3.0)]) / 50
    moves = Moves((size - won).astype(float), won.astype(float), -0.2 * g, 0.8 * g)
    value = float(won @ g - 0.25 * (size @ g))

    def other(first):
        return (won @ g - value - size[0] * g[0] * first) / (size[1] * g[1])

    def unlikely(first):
        rates = np.clip([first, other(first)], 1e-12, 1 - 1e-12)
        return -float(won @ np.log(rates) + (size - won) @ np.log(1 - rates))

    bounds = sorted(brentq(lambda at, end=end: other(at) - end, -99, 99) for end in (0, 1))
    low, high = max(bounds[0], 0.0), min(bounds[1], 1.0)
    best = minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
    rates = null._Rates.of(moves, g).without(value, 0.0)
    assert rates == pytest.approx([best, other(best)], abs=1e-6)


def test_those_who_would_have_converted_count_though_none_did():
    # Five of 74 flagged are dropped, none of whom converted; at the precision before, 14 / 74, one would have.
    won = np.r_[np.ones(14, bool), np.zeros(60, bool), np.ones(6, bool), np.zeros(29, bool)]
    first = np.arange(109) < 74
    second = first.copy()
    second[14:19] = False
    found = difference(won, first, second, "precision")
    rate = 14 / 74
    expected = 5 * rate * (1 - rate) / 74**2
    assert found.error**2 < expected / 3
    assert found.low < 0 < found.high
    assert found.carriers == pytest.approx(
        expected**2 / (5 * (rate * (1 - rate) ** 4 + (1 - rate) * rate**4) / 74**4), rel=0.1
    )


@pytest.mark.parametrize(("converts", "sure"), [(3, False), (5, False), (6, False), (8, True), (20, True)])
def test_moves_in_one_direction_need_converts_enough(converts, sure):
    # As many more converts reached, none lost: exact McNemar says 2^(1 - converts) of that.
    won = np.arange(1_000) % 10 == 0
    first = np.arange(1_000) >= 500
    second = first | (won & (np.cumsum(won) <= converts))
    found = difference(won, first, second, "recall")
    assert found.carriers == pytest.approx(converts)
    assert (found.low > 0) == sure
    # Bonett and Price: the two discordant counts raised by one each.
    assert found.error**2 == pytest.approx((converts - converts**2 / 100 + 2) / 100**2, rel=0.01)


def test_converts_that_could_have_changed_side_but_did_not_leave_no_certainty():
    won = np.arange(100) < 20
    first = np.arange(100) % 2 == 0
    second = first.copy()
    second[40:60] = True
    found = difference(won, first, second, "recall")
    assert found.value == 0
    assert found.low < 0 < found.high


def test_both_ends_solve_the_equation_they_are_said_to_solve():
    value, variance, extra, quantile = 0.5, 0.01, 0.02, 2.1
    near, far = ends(value, variance, extra, quantile)
    assert near < value
    assert near**2 == pytest.approx(quantile**2 * (variance + extra * near / value))
    assert far == pytest.approx(quantile * 0.1)
    # Beyond 0 it varies as it would at 0, however small the difference.
    for small in (0.3, 1e-9, -1e-9):
        assert ends(small, variance, extra, quantile) == (pytest.approx(quantile * np.sqrt(0.03)), far)
    # It excludes 0 just where the difference is doubted without one.
    edge = quantile * np.sqrt(variance + extra)
    assert ends(edge, variance, extra, quantile)[0] == pytest.approx(edge)
    assert ends(-0.5, variance, extra, quantile) == (near, far)
    assert ends(0.0, variance, 0.0, quantile) == (far, far)


def test_amounts_that_are_all_alike_are_as_a_win_that_is_worth_them():
    random = np.random.default_rng(3)
    won = random.random(500) < 0.2
    first, second = random.random((2, 500)) < [[0.4], [0.5]]
    pair = Pair(Sample.of(won), first, second, (2, 2))
    two = [tally(cells.astype(int), won, 2) for cells in (first, second)]
    fixed = [influence.worth(*each, FLAGS, contact_cost=30, win=100) for each in two]
    own = [
        influence.worth(*each, FLAGS, contact_cost=30, amounts=100 * np.bincount(cells[won], minlength=2))
        for each, cells in zip(two, (first, second), strict=True)
    ]
    expected = pair.difference(*fixed)
    assert pair.difference(*own, amounts=np.full(won.sum(), 100.0)) == pytest.approx(expected, rel=1e-9)


# --- false verdicts ---------------------------------------------------------------------------------------------------


def difference(won, first, second, name, clusters=None):
    make = {
        "precision": influence.precision,
        "recall": influence.recall,
        "value": lambda lost, hit, flags: influence.worth(lost, hit, flags, contact_cost=RATE * 1000, win=1000),
    }[name]
    pair = Pair(Sample.of(won, clusters), first, second, (2, 2))
    return pair.difference(*(make(*tally(cells.astype(int), won, 2), FLAGS) for cells in (first, second)))


def ranked(won, first, second, clusters=None):
    """The differences of what is about the order, of whole scores."""
    cells = [np.unique(score, return_inverse=True)[1] for score in (first, second)]
    counts = [tally(each, won, int(each.max()) + 1) for each in cells]
    pair = Pair(Sample.of(won, clusters), *cells, tuple(len(lost) for lost, _ in counts))
    made = {
        "auc": influence.area,
        "lift": lambda lost, hit: influence.lift(lost, hit, 0.1),
        "captured": lambda lost, hit: influence.captured(lost, hit, 0.2),
    }
    return {name: pair.difference(*(make(*each) for each in counts)) for name, make in made.items()}


def said(found):
    """1 for better, -1 for worse, else 0."""
    enough = found.carriers >= LEAST
    return int(enough and found.low > 0) - int(enough and found.high < 0)


RATE = 0.02


def one_way(random, n, moved, rate):
    """Outcomes that no score knows; as many moved up."""
    first = np.round(random.normal(size=n) * 10)
    second = first.copy()
    second[random.choice(n, moved, replace=False)] += 6
    return random.random(n) < rate, first, second


def one_way_verdicts(seed, runs, n=20_000, moved=60):
    random = np.random.default_rng(seed)
    told = []
    for _ in range(runs):
        won, first, second = one_way(random, n, moved, RATE)
        cut = np.round(np.quantile(first, 0.7))
        flags = {name: difference(won, first >= cut, second >= cut, name) for name in ("precision", "value")}
        told.append({name: said(found) for name, found in (ranked(won, first, second) | flags).items()})
    return {name: np.array([each[name] for each in told]) for name in told[0]}


def assert_seldom(told, runs):
    """At most one in twenty either way, within two standard errors of as many runs."""
    most = 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)
    for name, verdicts in told.items():
        for side in (-1, 1):
            assert np.mean(verdicts == side) <= most, (name, side, np.mean(verdicts == side))


def test_a_few_rare_leads_moved_are_no_verdict():
    assert_seldom(one_way_verdicts(1, 40), 40)


@pytest.mark.slow
@pytest.mark.parametrize("moved", [60, 600, 4_000])
def test_a_few_rare_leads_moved_are_seldom_a_verdict(moved):
    assert_seldom(one_way_verdicts(2, 300, moved=moved), 300)


def test_the_variance_found_alone_would_call_them_better_or_worse(monkeypatch):
    # So that what is tested above can fail: without the score variance and what carries a change, it is as it was.
    monkeypatch.setattr(paired.Moves, "null", lambda *_, **__: null.Null(0.0, 1e9, True))
    told = one_way_verdicts(1, 40)
    assert max(np.mean(told[name] != 0) for name in ("captured", "precision")) > 0.4


def test_few_who_say_it_clearly_are_believed():
    # 40 more of 2,000 are flagged; half of them convert, where one in ten of the flagged does.
    won = np.arange(2_000) % 10 == 0
    first = np.arange(2_000) < 500
    second = first.copy()
    added = np.r_[np.flatnonzero(won[1_000:])[:20], np.flatnonzero(~won[1_000:])[:20]] + 1_000
    second[added] = True
    found = {name: difference(won, first, second, name) for name in ("precision", "recall", "value")}
    assert {name: said(each) for name, each in found.items()} == {"precision": 1, "recall": 1, "value": 1}
    # And those dropped in turn are as clearly missed.
    assert said(difference(won, second, first, "precision")) == -1


def by_account(random, accounts, each, rate):
    """Two equally good scores that an account's leads share, as they share how likely they convert."""
    of = np.repeat(np.arange(accounts), each)
    lean, one, two = random.normal(size=(3, accounts))
    odds = np.log(rate / (1 - rate)) + 0.7 * lean[of]
    won = random.random(len(of)) < 1 / (1 + np.exp(-odds))
    first, second = (np.round(5 * (own[of] + random.normal(size=len(of)) * 0.5)) for own in (one, two))
    return won, first, second, of


def account_verdicts(seed, runs, accounts, each, rate):
    random = np.random.default_rng(seed)
    told = []
    for _ in range(runs):
        won, first, second, of = by_account(random, accounts, each, rate)
        flags = {name: difference(won, first >= 0, second >= 0, name, of) for name in ("precision", "recall")}
        told.append({name: said(found) for name, found in (ranked(won, first, second, of) | flags).items()})
    return {name: np.array([each[name] for each in told]) for name in told[0]}


@pytest.mark.parametrize(("accounts", "each"), [(2, 60), (4, 50)])
def test_of_fewer_than_five_accounts_nothing_is_said(accounts, each):
    assert not any(np.any(verdicts) for verdicts in account_verdicts(3, 60, accounts, each, 0.3).values())


def test_of_five_accounts_little_is_said_too_often():
    assert_seldom(account_verdicts(4, 150, 5, 40, 0.3), 150)


@pytest.mark.slow
@pytest.mark.parametrize(("accounts", "each", "rate"), [(5, 40, 0.3), (10, 30, 0.2), (50, 10, 0.15)])
def test_of_few_accounts_little_is_said_too_often(accounts, each, rate):
    assert_seldom(account_verdicts(5, 1_000, accounts, each, rate), 1_000)
