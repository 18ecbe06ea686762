"""Figures as people read them: rates, ratios and money with their intervals."""

from __future__ import annotations

import math
import re

from workbench.backtesting import Backtest
from workbench.plots.wording import compact, count, times

FEWEST = 10
"""A group of fewer leads is not shown by itself in a report: its members could be told."""
FEW = f"fewer than {FEWEST}"
NOTHING = "–"
_PERCENT = re.compile(r"(?<=[0-9]) (?=%)")


def rate(value: float) -> str:
    """A rate in 0..1 with one decimal.

    >>> rate(0.2341), rate(float("nan"))
    ('23.4 %', '–')
    """
    return NOTHING if math.isnan(value) else f"{100 * value:.1f} %"


def rate_within(value: float, low: float, high: float) -> str:
    """A rate with its interval.

    >>> rate_within(0.2341, 0.19, 0.28), rate_within(0.012, 0.004, 0.031)
    ('23.4 % [19–28 %]', '1.2 % [0.4–3.1 %]')
    """
    if math.isnan(value) or math.isnan(low) or math.isnan(high):
        return rate(value)
    digits = 1 if high < 0.1 else 0
    return f"{rate(value)} [{100 * low:.{digits}f}–{100 * high:.{digits}f} %]"


def ratio_within(value: float, low: float, high: float) -> str:
    """A ratio with its interval.

    >>> ratio_within(4.12, 3.0, 5.5)
    '4.1x [3.0–5.5x]'
    """
    if math.isnan(value):
        return NOTHING
    if math.isnan(low) or math.isnan(high):
        return times(value)
    return f"{times(value)} [{times(low).removesuffix('x')}–{times(high)}]"


def number_within(value: float, low: float, high: float) -> str:
    """A number between 0 and 1, such as AUC, with its interval.

    >>> number_within(0.6502, 0.5694, 0.7231)
    '0.65 [0.57–0.72]'
    """
    if math.isnan(value):
        return NOTHING
    return f"{value:.2f}" if math.isnan(low) or math.isnan(high) else f"{value:.2f} [{low:.2f}–{high:.2f}]"


def money_within(value: float, low: float, high: float) -> str:
    """A sum with its interval.

    >>> money_within(60420.0, 20392.0, 103207.0)
    '60.4k [20.4k to 103k]'
    """
    if math.isnan(value):
        return NOTHING
    return (
        compact(value)
        if math.isnan(low) or math.isnan(high)
        else f"{compact(value)} [{compact(low)} to {compact(high)}]"
    )


def leads(number: float) -> str:
    """A number of leads; where it is kept back for being small, it says so.

    >>> leads(1234), leads(float("nan"))
    ('1,234', 'fewer than 10')
    """
    return FEW if math.isnan(number) else count(number)


def judged_are(result: Backtest) -> str:
    """What is counted: "leads", or "observations" where a lead is observed several times."""
    return "leads" if result.leads == result.n else "observations"


def heading(result: Backtest) -> str:
    """The heading over counts of what is judged."""
    if result.leads == result.n:
        return ">Leads"
    return f">Observations (of {counted(result.leads, 'lead')})"


def counted(number: float, noun: str) -> str:
    """A number with its noun, in the plural where there is not one.

    >>> counted(1, "lead"), counted(1149, "lead")
    ('1 lead', '1,149 leads')
    """
    return f"{count(number)} {noun}" + ("" if number == 1 else "s")


def bound(text: str) -> str:
    """The text with a space that no line is broken at between a number and its percent sign.

    >>> bound("18.4 % of 20 %") == "18.4\N{NO-BREAK SPACE}% of 20\N{NO-BREAK SPACE}%"
    True
    """
    return _PERCENT.sub("\N{NO-BREAK SPACE}", text)
