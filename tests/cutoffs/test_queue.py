from __future__ import annotations

import numpy as np
import pytest

from workbench.cutoffs.capacity import _columns, _service, kept, lately, worked
from workbench.cutoffs.load import Load
from workbench.cutoffs.queue import DAY_US, MONDAY_US, WEEK_US, Service, late, queue, quotas, served
from workbench.errors import CallError

MONDAY = 2_900 * WEEK_US + MONDAY_US


def load_of(days, cells, size, *, stretches=None):
    """Single leads that come some days after the Monday of week 0."""
    moment = MONDAY + (np.asarray(days) * DAY_US).astype(np.int64)
    week = (moment - MONDAY) // WEEK_US
    stretches = stretches or ((MONDAY, 0, int(week.max()) + 1),)
    nobody = np.zeros(len(week), dtype=np.int64)
    return Load(size, week, nobody, np.asarray(cells, dtype=np.int64), moment, stretches, 1, {})


# Ten leads over four weeks, two a week can be worked. Day of arrival: 0 1 2 3 (week 0), 8 (1), 15 16 (2), 21 22 23 (3).
TEN = [0, 1, 2, 3, 8, 15, 16, 21, 22, 23]


def test_ten_leads_by_hand():
    found = worked(load_of(TEN, [1] * 10, 1), 0, 2, Service())
    weeks = found.weeks
    assert weeks["arrivals"].tolist() == [4, 1, 2, 3]
    assert weeks["worked"].tolist() == [2, 2, 2, 2]
    assert weeks["waiting"].tolist() == [2, 1, 1, 2]
    assert weeks["idle"].tolist() == [0, 0, 0, 0]
    # Those of day 2 and 3 wait until day 7, that of day 8 until day 14, that of day 16 until day 21.
    assert weeks["longest_wait_days"].tolist() == [0, 5, 6, 5]
    assert (found.longest, found.waiting, found.most) == (6, 2, 2)
    # Eight are worked by the end of the week after; the two of the last week are not late yet.
    assert found.in_time == 1.0
    assert found.a_week == 2.5


def test_best_first_lets_the_low_wait():
    cells = [1, 1, 2, 2, 2, 2, 2, 1, 2, 2]
    found = worked(load_of(TEN, cells, 2), 0, 2, Service(order="best_first"))
    # Week 0: days 2 and 3 go first. Week 1: the 2 of day 8, then the 1 of day 0. Week 2: both 2s. Week 3: both 2s.
    assert found.weeks["longest_wait_days"].tolist() == [0, 7, 0, 0]
    assert found.weeks["waiting"].tolist() == [2, 1, 1, 2]  # how many wait does not hang on the order
    assert found.longest == 27  # the lead of day 1, still there on day 28
    assert found.in_time == pytest.approx(8 / 9)


def test_a_quiet_week_is_idle():
    found = queue(np.array([0, 3, 0, 0]), quotas(1.5, 4))
    assert found.quota.tolist() == [1, 2, 1, 2]
    assert found.idle.tolist() == [1, 0, 0, 2]
    assert found.waiting.tolist() == [0, 1, 0, 0]


def test_late_counts_whom_two_weeks_did_not_reach():
    undone, certain = late(queue(np.array([5, 0, 0, 4]), np.array([1, 1, 1, 1])), 1)
    assert undone.tolist() == [3, 0, 0, 0]
    assert certain.tolist() == [5, 0, 0, 0]


def test_arrivals_are_worked_or_wait():
    random = np.random.default_rng(1)
    for _ in range(50):
        arrivals = random.poisson(4, size=(6, 20))
        found = queue(arrivals, quotas(random.uniform(0.3, 8), 20))
        assert np.array_equal(np.cumsum(arrivals, axis=1), np.cumsum(found.worked, axis=1) + found.waiting)
        assert (found.worked >= 0).all()
        assert (found.worked <= found.quota).all()
        assert ((found.waiting == 0) | (found.worked == found.quota)).all()


@pytest.mark.parametrize("order", ["first_in", "best_first"])
def test_the_scan_is_each_lead_worked_off(order):
    """The share worked in time from counts alone is that of walking through the leads one by one."""
    random = np.random.default_rng(5)
    for trial in range(15):
        n = 120
        load = load_of(np.sort(random.uniform(0, 70, n)), random.integers(1, 7, n), 6)
        service, capacity = Service(order=order, weeks=int(random.integers(1, 3))), float(random.uniform(3, 12))
        share, _ = _service(load.arrivals(), load, capacity, service.weeks, service)
        for number in range(6):
            assert share[number] == pytest.approx(worked(load, number, capacity, service).in_time), (trial, number)


def test_who_comes_at_one_moment_may_stand_in_any_order():
    days = np.repeat([0.0, 1.0, 9.0], 6)
    first = worked(load_of(days, [1] * 18, 1), 0, 4, Service())
    again = worked(load_of(days[::-1], [1] * 18, 1), 0, 4, Service())
    assert first.weeks.equals(again.weeks)


def test_nobody_is_worked_before_coming():
    random = np.random.default_rng(2)
    week = np.sort(random.integers(0, 12, 80))
    moment = week * WEEK_US + random.integers(0, WEEK_US, 80)
    found = queue(np.bincount(week, minlength=12), quotas(5.5, 12))
    for priority in (np.zeros(80, dtype=np.int64), random.integers(0, 3, 80)):
        at = served(week, moment, priority, found.worked)
        assert (at[at >= 0] >= week[at >= 0]).all()
        assert np.array_equal(np.bincount(at[at >= 0], minlength=12), found.worked)


@pytest.mark.parametrize("order", ["first_in", "best_first"])
def test_more_capacity_never_raises_the_threshold(order):
    random = np.random.default_rng(8)
    load = load_of(random.uniform(0, 140, 400), random.integers(1, 31, 400), 30)
    lowest = [kept(load, float(capacity), Service(order=order), seed=1, draws=5).lowest for capacity in range(1, 26)]
    known = [30 if at is None else at for at in lowest]
    assert known == sorted(known, reverse=True)
    assert known[0] > known[-1] == 0


def test_stretches_do_not_hand_on_their_queue():
    days = [*np.linspace(0, 6, 8), *np.linspace(70, 76, 8)]
    load = load_of(days, [1] * 16, 1)
    apart = Load(
        1, np.repeat([0, 1], 8), load.before, load.cell, load.moment,
        ((MONDAY, 0, 1), (MONDAY + 10 * WEEK_US, 1, 1)), 1, {},
    )  # fmt: skip
    found = worked(apart, 0, 5, Service())
    assert found.weeks["waiting"].tolist() == [3, 3]
    assert found.weeks["stretch"].tolist() == [1, 2]


def test_what_is_no_service_is_refused():
    with pytest.raises(CallError, match=r"service.share: expected a share above 0"):
        Service(share=0)
    with pytest.raises(CallError, match=r"service.weeks: expected at least 1"):
        Service(weeks=0)
    with pytest.raises(CallError, match="first_in or best_first"):
        Service(order="last_in")


def test_weeks_are_resampled_from_around_in_a_long_stretch_and_from_all_in_a_short_one():
    random = np.random.default_rng(3)
    long, short = (load_of(np.arange(7 * weeks), [1] * 7 * weeks, 1) for weeks in (80, 30))
    far = np.abs(_columns(long, 400, random) - np.arange(80))
    assert far.max() == 13
    assert _columns(long, 400, random).shape == (400, 80)
    drawn = _columns(short, 400, random)
    assert set(drawn[:, 0].tolist()) == set(range(30))
    steps = np.diff(drawn[:, :4], axis=1) % 30
    assert (steps == 1).all()


def test_the_interval_holds_the_share_where_load_grows():
    """Two leads a week at first, eight at the end: with late weeks put early, leads would wait from the start."""
    days = np.concatenate([7 * week + np.linspace(0, 6, 2 + 6 * week // 79) for week in range(80)])
    found = kept(load_of(days, [1] * len(days), 1), 5, Service(), seed=2)
    assert found.low[0] <= found.share[0] <= found.high[0]
    assert found.share[0] < 0.9


def test_the_last_weeks_ask_for_what_they_bring():
    """Twenty weeks of one lead of each of three scores, then eight of two each; five a week can be worked."""
    days, cells = [], []
    for week in range(28):
        for cell in (1, 2, 3):
            for number in range(1 if week < 20 else 2):
                days.append(7 * week + number)
                cells.append(cell)
    load = load_of(days, cells, 3)
    assert kept(load, 5, Service(weeks=2), seed=1, draws=5).lowest == 0  # over all weeks the first cut is kept
    assert lately(load, 5, Service(weeks=2)) == 1  # six a week come to it lately, four to the second
    assert lately(load, 6, Service()) == 0
    assert lately(load, 1, Service()) is None
    assert lately(load_of(days[:48], cells[:48], 3), 5, Service()) is None  # sixteen weeks say no more than all
