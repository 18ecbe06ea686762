"""Changes and signed numbers as people read them."""

from __future__ import annotations

import math

from workbench.plots.wording import compact
from workbench.reports.wording import NOTHING

_MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"
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
    """A change with its interval, which no line breaks apart.

    >>> change_within(0.0613, 0.021, 0.1018, 3).replace("\N{NO-BREAK SPACE}", " ")
    '+0.061 [+0.021 to +0.102]'
    """
    if math.isnan(low) or math.isnan(high):
        return signed(value, digits)
    return within(signed(value, digits), signed(low, digits), signed(high, digits))


def within(value: str, low: str, high: str) -> str:
    """A figure and its interval as one word.

    >>> within("1", "0", "2").split()
    ['1', '[0', 'to', '2]']
    """
    return f"{value} [{low} to {high}]".replace(" ", _SPACE)


def money_change(value: float, low: float, high: float) -> str:
    """A change of a sum of money with its interval, which no line breaks apart.

    >>> money_change(17160.0, -1121.0, 35441.0).replace("\N{NO-BREAK SPACE}", " ")
    '+17.2k [−1.12k to +35.4k]'
    """
    if math.isnan(value):
        return NOTHING
    if math.isnan(low) or math.isnan(high):
        return _money(value)
    return within(_money(value), _money(low), _money(high))


def _money(value: float) -> str:
    sign = "" if value == 0 else "+" if value > 0 else _MINUS
    return f"{sign}{compact(abs(value))}"
