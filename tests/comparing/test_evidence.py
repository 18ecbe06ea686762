"""How sure a difference is: p-values that belong to their intervals, and leads that would tell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, stdtr

from workbench.comparing.evidence import leads_needed
from workbench.metrics.paired import Difference
from workbench.metrics.significance import p_value

from .contests import contest, world


def area_change(seed, *, clustered, confidence):
    scores, won, account = world(np.random.default_rng(seed), 250, clustered=clustered, better=0.3)
    made = contest(scores, won, account)
    return made.pair(made.challengers[0]).difference(
        made.champion.area, made.challengers[0].area, confidence=confidence
    )


@pytest.mark.parametrize("clustered", [False, True])
def test_the_interval_at_its_own_p_value_ends_at_no_difference(clustered):
    for seed in range(12):
        p = p_value(area_change(seed, clustered=clustered, confidence=0.95))
        assert 0 < p < 1
        change = area_change(seed, clustered=clustered, confidence=1 - p)
        near = change.low if change.value > 0 else change.high
        assert near == pytest.approx(0.0, abs=1e-9)


def test_without_what_an_absent_difference_adds_it_is_students():
    assert p_value(Difference(2.0, 2.0 - 2.2281388519649385, 4.3, 1.0, 11.0, 10.0)) == pytest.approx(
        2 * stdtr(10, -2.0)
    )


def test_nothing_and_the_unknown():
    assert p_value(Difference(0.0, -1.0, 1.0, 0.5)) == 1.0
    assert math.isnan(p_value(Difference(1.0, float("nan"), float("nan"), float("nan"))))


def test_so_many_leads_have_the_power():
    n, change, error = 1000, 0.02, 0.015
    more = leads_needed(n, change, error)
    shrunk = error * math.sqrt(n / (n + more))
    assert ndtr(change / shrunk - 1.959964) == pytest.approx(0.8, abs=2e-4)


def test_no_leads_where_they_suffice_and_none_that_would_do():
    assert leads_needed(1000, 0.05, 0.01) == 0
    assert leads_needed(1000, 0.0001, 0.01) == float("inf")
    assert leads_needed(1000, 0.0, 0.01) == float("inf")
    assert math.isnan(leads_needed(1000, 0.1, float("nan")))
