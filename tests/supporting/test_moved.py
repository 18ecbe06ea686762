"""Those who change side: intervals by hand, and never beyond what they could have done."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from workbench.metrics.paired import Difference
from workbench.supporting.moved import Moved


def moved(entering=0, leaving=0, won_in=0, won_out=0, effect=1.0):
    return Moved(500, entering, leaving, won_in, won_out, effect)


def test_where_all_enter_it_is_wilsons_interval():
    six = moved(entering=6, won_in=1)
    low, high = proportion_confint(1, 6, method="wilson")
    assert six.rate_ends == pytest.approx((low, high))
    money = six.value(Difference(1920.0, -34_302.0, 38_142.0, 1.0), cost=180, win=3000)
    assert money[1:] == pytest.approx((6 * (3000 * low - 180), 6 * (3000 * high - 180)))
    wins = six.wins(Difference(1.0, -21.0, 23.0, 1.0))
    assert wins[1:] == pytest.approx([500 * end for end in proportion_confint(1, 500, method="wilson")])
    assert 0 < wins.low < 1 < wins.high < 6


def test_where_all_leave_it_is_the_same_turned_round():
    one, other = moved(entering=6, won_in=1), moved(leaving=6, won_out=1)
    gain, loss = (each.wins(Difference(sign, -9, 9, 1)) for each, sign in ((one, 1.0), (other, -1.0)))
    assert (loss.low, loss.high) == (-gain.high, -gain.low)


def test_both_ways_it_is_the_paired_interval_within_what_can_be():
    both = moved(entering=2, leaving=3, won_in=1)
    assert both.leads(Difference(-1.0, -14.0, 12.0, 1.0))[1:] == (-3, 2)
    assert both.wins(Difference(1.0, -21.0, 1.5, 1.0))[1:] == (-3, 1.5)
    assert both.value(Difference(0.0, -1e9, 1e9, 1.0), cost=10, win=100)[1:] == (-20 - 270, 30 + 180)
    assert both.value(Difference(0.0, -1e9, 1e9, 1.0), cost=10, win=None)[1:] == (-1e9, 1e9)


def test_the_probability_is_the_exact_binomial_one_and_clusters_count_for_less():
    assert moved(entering=40, won_in=8).p_value(0.06) == binomtest(8, 40, 0.06).pvalue
    assert moved(entering=40, won_in=8, effect=2.0).p_value(0.06) == binomtest(4, 20, 0.06).pvalue
    assert moved(entering=4, won_in=4).p_value(0.06) == 1.0
