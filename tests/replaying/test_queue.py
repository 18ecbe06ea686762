"""The queue by hand: who is worked, who waits, and what the capacity of each day is."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import CallError
from workbench.plan import Capacity
from workbench.replaying.following import ENDED, Followed
from workbench.replaying.grid import Grid
from workbench.replaying.queue import Queue, allowances, capacity_of
from workbench.replaying.staying import median_until
from workbench.replaying.warning import median_with_interval

MONDAY = 20_094  # 2025-01-06, in days since the epoch


def leads(n, first=MONDAY, last=MONDAY + 9):
    each = np.full(n, first, dtype=np.int64)
    return Followed(
        grid=Grid.of("day"),
        number=np.arange(n),
        account=np.full(n, -1),
        lead_id=np.array([f"lead-{k:05d}" for k in range(n)], dtype=object),
        created_us=Grid.of("day").us(each) - 1,
        first=each,
        last=np.full(n, last),
        ending=np.full(n, ENDED, dtype=np.int8),
        sealed=np.zeros(n, dtype=bool),
        left_out={},
        notes=(),
    )


def write(queue, at, **scores):
    who = np.array([int(name[1:]) for name in scores], dtype=np.int64)
    key = np.array([rank for rank, _ in scores.values()], dtype=np.int64)
    queue.write(at, who, key, np.array([milli for _, milli in scores.values()], dtype=np.int64))
    return queue.counts[at - queue.start].tolist()


def test_best_first_then_longest_waiting_then_by_id():
    queue = Queue(leads(6), Capacity(per="day", leads=1))
    first = write(queue, MONDAY, l0=(1, 5), l1=(1, 9), l2=(1, 5), l3=(2, 1))
    assert first == [4, 1, 0, 0, 3, 0]  # joined, worked, fell, gone, waiting, longest
    assert queue.worked[3] == MONDAY  # the higher tier goes before the higher score
    write(queue, MONDAY + 1, l0=(1, 5), l1=(1, 9), l2=(1, 5), l3=(2, 1), l4=(1, 9))
    assert queue.worked[1] == MONDAY + 1  # has waited longer than 4
    told = write(queue, MONDAY + 2, l0=(1, 5), l2=(1, 5), l3=(2, 9))
    assert told == [0, 1, 1, 0, 1, 2]  # 4 fell below; 3 was worked before and does not come back
    assert queue.worked[0] == MONDAY + 2
    told = write(queue, MONDAY + 3, l2=(1, 5), l4=(1, 9))
    assert told[:2] == [1, 1]
    assert queue.worked[4] == MONDAY + 3
    assert sorted(queue.waits.tolist()) == [0, 0, 1, 2]


def test_those_who_are_followed_no_longer_are_gone():
    everybody = leads(3)
    everybody.last[:] = [MONDAY, MONDAY + 9, MONDAY + 9]
    queue = Queue(everybody, Capacity(per="week", leads=1))
    assert write(queue, MONDAY, l0=(1, 1), l1=(1, 2)) == [2, 0, 0, 0, 2, 0]  # a seventh of a lead a day
    assert write(queue, MONDAY + 1, l1=(1, 2)) == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("per", "n", "start", "size", "expected"),
    [
        ("day", 3, MONDAY, 3, [3, 3, 3]),
        ("week", 15, MONDAY, 8, [2, 2, 2, 2, 2, 2, 3, 2]),
        ("week", 15, MONDAY - 2, 3, [2, 3, 2]),
        ("month", 31, MONDAY, 2, [1, 1]),
    ],
)
def test_capacity_is_spread_over_its_days(per, n, start, size, expected):
    fresh, _ = allowances(Grid.of("day"), start, size, Capacity(per=per, leads=n))
    assert fresh.tolist() == expected


def test_a_month_gets_all_of_it_and_a_week_of_weeks_too():
    for n in (1, 17, 100):
        fresh, period = allowances(Grid.of("day"), MONDAY - 5, 365, Capacity(per="month", leads=n))
        assert set(np.bincount(np.unique(period, return_inverse=True)[1], weights=fresh)) == {n}
    fresh, _ = allowances(Grid.of("week"), 100, 10, Capacity(per="week", leads=15))
    assert fresh.tolist() == [15] * 10
    fresh, _ = allowances(Grid.of("week"), 100, 1200, Capacity(per="month", leads=10))
    assert fresh.sum() == pytest.approx(10 * 12 * 1200 * 7 / 365.2425, abs=1)


def test_what_is_not_used_stays_until_the_period_ends():
    queue = Queue(leads(9), Capacity(per="week", leads=7))
    for day in range(6):
        queue.write(MONDAY + day, np.zeros(0, dtype=np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    many = {f"l{k}": (1, k) for k in range(9)}
    assert write(queue, MONDAY + 6, **many)[1] == 7
    assert write(queue, MONDAY + 7, l0=(1, 0), l1=(1, 1))[1] == 1  # a new week: a seventh again


@pytest.mark.parametrize("text", ["15", "0/week", "1.5/day", "3/year", ""])
def test_capacities_that_are_none(text):
    with pytest.raises(CallError, match="such as 15/week"):
        capacity_of(text)


def test_medians():
    middle, low, high = median_with_interval(np.array([1, 2, 3]))
    assert middle == 2
    assert np.isnan([low, high]).all()
    assert np.isnan(median_with_interval(np.zeros(0, dtype=int))[0])
    assert np.isnan(median_until(np.array([3, 4]), np.array([False, False])))


def test_the_interval_of_a_median_covers():
    rng = np.random.default_rng(8)
    hits = 0
    for _ in range(2_000):
        _, low, high = median_with_interval(np.sort(rng.integers(0, 1_000, 25)))
        hits += low <= 499.5 <= high
    assert hits / 2_000 > 0.945


def test_the_median_is_kaplan_meiers():
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(2)
    days, over = rng.integers(1, 30, 200), rng.random(200) < 0.7
    assert median_until(days, over) == SurvfuncRight(days, over).quantile(0.5)
