from __future__ import annotations

import numpy as np
import pytest

from workbench.linting.outcomes import difference, phi


def table(a: int, n: int, b: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    won = np.repeat([True, False, True, False], [a, n - a, b, m - b])
    return won, np.arange(n + m) < n


@pytest.mark.parametrize(  # R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_own_examples(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    won, side = table(*counts)
    found = difference(won, side, np.arange(len(won)), confidence=0.95)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_leads_of_one_account_widen_the_interval() -> None:
    won, side = table(30, 100, 10, 100)
    alone = difference(won, side, np.arange(200), confidence=0.95)
    together = difference(won, side, np.arange(200) // 10, confidence=0.95)
    assert together.rate - together.other == alone.rate - alone.other
    assert together.low < alone.low < alone.high < together.high


def test_a_stricter_level_widens_it_too() -> None:
    won, side = table(30, 100, 10, 100)
    found = [difference(won, side, np.arange(200), confidence=level) for level in (0.95, 0.999)]
    assert found[1].low < found[0].low < found[0].high < found[1].high


def test_phi_by_hand() -> None:
    one = np.array([1, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    other = np.array([1, 1, 0, 1, 0, 0, 0, 0], dtype=bool)
    assert phi(one, other) == pytest.approx((2 * 4 - 1 * 1) / (3 * 5 * 3 * 5) ** 0.5)
    assert phi(one, one) == 1.0
    assert phi(one, ~one) == -1.0
    assert phi(one, np.ones(8, dtype=bool)) == 0.0
