from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import proportion_confint

from workbench.errors import CallError
from workbench.metrics.intervals import jeffreys, normal, normal_quantile, rate_ratio, wilson

EVERY = [(s, n) for n in (1, 2, 7, 50, 1000, 1_000_000) for s in sorted({0, 1, n // 3, n - 1, n})]


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(("method", "ours"), [("wilson", wilson), ("jeffreys", jeffreys)])
def test_proportions_equal_statsmodels(method, ours, confidence):
    successes, n = (np.array(side) for side in zip(*EVERY, strict=True))
    low, high = proportion_confint(successes, n, alpha=1 - confidence, method=method)
    found = ours(successes, n, confidence=confidence)
    np.testing.assert_allclose(found.low, low, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.high, high, rtol=0, atol=1e-12)


def test_wilson_published_example():
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    found = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    np.testing.assert_allclose(found.low, [0.2553, 0.0624, 0.0, 0.0061], atol=5e-5)
    np.testing.assert_allclose(found.high, [0.3662, 0.1605, 0.1611, 0.1718], atol=5e-5)


@pytest.mark.parametrize("method", [wilson, jeffreys])
def test_nothing_seen_is_nan_and_shapes_broadcast(method):
    found = method([[0], [3]], [[0, 5], [3, 10]], design_effect=[1.0, 2.0])
    assert found.low.shape == (2, 2)
    assert np.isnan([found.low[0, 0], found.high[0, 0]]).all()
    assert not np.isnan(found.low[1]).any()


@pytest.mark.parametrize("method", [wilson, jeffreys])
def test_a_design_effect_is_a_smaller_sample(method):
    clustered, small = method(30, 120, design_effect=4), method(7.5, 30)
    assert clustered.low == pytest.approx(small.low, abs=1e-12)
    assert clustered.high == pytest.approx(small.high, abs=1e-12)


@given(st.integers(1, 500), st.floats(0, 1), st.floats(1, 20))
def test_wilson_holds_the_rate_and_mirrors(n, share, effect):
    successes = round(share * n)
    low, high = wilson(successes, n, design_effect=effect)
    assert 0 <= low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high <= 1
    mirrored = wilson(n - successes, n, design_effect=effect)
    assert mirrored.low == pytest.approx(1 - high, abs=1e-12)


def test_wilson_ends_at_the_edge_exactly():
    assert wilson(0, 30).low == 0
    assert wilson(30, 30).high == 1


@pytest.mark.parametrize("confidence", [0, 1, 1.5, -0.2, float("nan")])
def test_confidence_is_a_share(confidence):
    for call in (wilson, jeffreys):
        with pytest.raises(CallError, match="confidence: expected a number between 0 and 1"):
            call(1, 2, confidence=confidence)


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2), ([1, 5], [2, 4])])
def test_more_successes_than_tries_are_refused(successes, n):
    with pytest.raises(CallError, match="counts between 0 and n"):
        wilson(successes, n)


def test_normal_is_clipped():
    low, high = normal([0.5, 0.99, 0.01], [0.1, 0.1, 0.1], confidence=0.9)
    z = norm.ppf(0.95)
    np.testing.assert_allclose(low, [0.5 - 0.1 * z, 0.99 - 0.1 * z, 0], atol=1e-12)
    np.testing.assert_allclose(high, [0.5 + 0.1 * z, 1, 0.01 + 0.1 * z], atol=1e-12)
    assert normal(5.0, 1.0, highest=np.inf).high == pytest.approx(5 + normal_quantile(0.95))


TABLES = [(30, 100, 15, 100), (1, 3, 50, 900), (0, 10, 4, 50), (10, 10, 4, 50), (3, 10, 0, 50), (7, 7, 9, 9)]


@pytest.mark.parametrize("table", TABLES)
def test_rate_ratio_equals_statsmodels(table):
    a, n, b, m = table
    # Given the shifted table: statsmodels' own shift_zeros puts one half in the empty cells only.
    cells = np.array([[a, n - a], [b, m - b]], dtype=float)
    theirs = Table2x2(cells + 0.5 if cells.min() == 0 else cells, shift_zeros=False)
    ours = rate_ratio(a, n, b, m, confidence=0.9)
    assert ours.ratio == pytest.approx(theirs.riskratio, rel=1e-12)
    assert (ours.low, ours.high) == pytest.approx(theirs.riskratio_confint(alpha=0.1), rel=1e-12)


def test_rate_ratio_is_vectorised_and_nan_for_an_empty_side():
    tables = np.array([*TABLES, (0, 0, 1, 2), (1, 2, 0, 0)])
    found = rate_ratio(*tables.T)
    assert np.isnan(np.array(found)[:, -2:]).all()
    for at, table in enumerate(TABLES):
        assert found.ratio[at] == pytest.approx(rate_ratio(*table).ratio, rel=1e-14)
        assert found.low[at] < found.ratio[at] < found.high[at]
