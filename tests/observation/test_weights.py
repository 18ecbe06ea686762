from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.observation import Weights, decay_table
from workbench.observation.weights import clipped
from workbench.oracle import decayed


@settings(max_examples=40, deadline=None)
@given(points=st.integers(-(10**9), 10**9), half_life=st.integers(1, 60), ages=st.integers(1, 200))
def test_the_table_is_the_oracles_points_at_every_age(points, half_life, ages):
    assert decay_table(points, half_life, ages).tolist() == [decayed(points, age, half_life) for age in range(ages)]


def test_what_has_faded_stays_nothing_however_old():
    table = decay_table(10_000, 7, 20_000)
    faded = int(np.flatnonzero(table).max())
    assert [decayed(10_000, age, 7) for age in (faded, faded + 1)] == [1, 0]
    assert not table[faded + 1 :].any()


def test_the_table_is_shared_and_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        decay_table(10_000, 7, 15)[0] = 1


@pytest.mark.parametrize(
    ("cap", "kept"),
    [((None, None), [-5, 0, 5]), ((-1, None), [-1, 0, 5]), ((None, 1), [-5, 0, 1]), ((-1, 1), [-1, 0, 1])],
)
def test_a_side_that_is_left_out_is_open(cap, kept):
    assert clipped(np.array([-5, 0, 5]), cap).tolist() == kept


def test_weights_are_thousandths_and_enabled_rules_only(scorecard):
    weights = Weights.of(wb.change_model(scorecard, {"rules.silent.enabled": False}))
    by_id = {rule.id: rule for rule in weights.rules}
    assert list(by_id) == ["title", "industry", "trial", "pricing", "pages", "opens"]
    assert by_id["title"].points == (-1000, 15_000, 8000)
    assert (by_id["pricing"].most, by_id["pricing"].half_life) == (9000, 7)
    assert (by_id["opens"].book, by_id["opens"].group) == ("engagement", "mail")
    assert weights.groups == {"mail": (0, 4500)}
    assert weights.dimensions == {"fit": (-5000, 20_000), "engagement": (None, 30_000)}
    assert (weights.total, weights.whole, weights.out) == ((0, 40_000), True, (True, False))
    assert scorecard.rules[4].points == Decimal("0.75")
