"""Changes and signed numbers as people read them."""

from __future__ import annotations

import math

from workbench.plots.wording import compact
from workbench.reports.wording import NOTHING

_MINUS = "\N{MINUS SIGN}"
NOT_ENOUGH = "not enough evidence"


def signed(value: float, digits: int = 0) -> str:
    """A number with its sign; zero has none.

    >>> signed(12.0), signed(-0.0214, 3), signed(0.0001, 3), signed(float("nan"))
    ('+12', '−0.021', '0.000', '–')
    """
    if math.isnan(value):
        return NOTHING
    if round(value, digits) == 0:
        return f"{0:.{digits}f}"
    return f"{value:+,.{digits}f}".replace("-", _MINUS)


def change_within(value: float, low: float, high: float, digits: int = 0) -> str:
    """A change with its interval.

    >>> change_within(0.0613, 0.021, 0.1018, 3), change_within(-7.0, -14.0, 0.2)
    ('+0.061 [+0.021 to +0.102]', '−7 [−14 to 0]')
    """
    if math.isnan(low) or math.isnan(high):
        return signed(value, digits)
    return f"{signed(value, digits)} [{signed(low, digits)} to {signed(high, digits)}]"


def money_change(value: float, low: float, high: float) -> str:
    """A change of a sum of money with its interval.

    >>> money_change(17160.0, -1121.0, 35441.0)
    '+17.2k [−1.12k to +35.4k]'
    """
    if math.isnan(value):
        return NOTHING
    if math.isnan(low) or math.isnan(high):
        return _money(value)
    return f"{_money(value)} [{_money(low)} to {_money(high)}]"


def _money(value: float) -> str:
    sign = "" if value == 0 else "+" if value > 0 else _MINUS
    return f"{sign}{compact(abs(value))}"
