"""A comparison in sentences: no gain is claimed without evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

NAMES: Final = {
    "auc": "AUC",
    "lift_10": "lift of the best 10 %",
    "captured": "conversions at equal capacity",
    "value": "net value at equal capacity",
}
_HEADS: Final = {
    "better": "{model} ranks better than {champion}",
    "worse": "{model} ranks worse than {champion}",
    "same": "{model} ranks every lead as {champion} does",
    "not enough evidence": "There is not enough evidence that {model} ranks better or worse than {champion}",
}


def amount(value: float, unit: str, *, signed: bool = True) -> str:
    """A figure, or a change of one, as its unit is written.

    >>> amount(0.01234, "score"), amount(-12.0, "conversions"), amount(30000.0, "money", signed=False)
    ('+0.012', '−12', '30,000')
    """
    if math.isnan(value):
        return "unknown"
    decimals = {"score": 3, "ratio": 2, "conversions": 1, "money": 0}.get(unit, 3)
    if unit == "conversions" and abs(value - round(value)) < 0.05:
        decimals = 0
    if round(value, decimals) == 0:
        return f"{0:.{decimals}f}"
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    return text.replace("-", "−")


def change_of(row: Mapping[str, Any], *, adjusted: bool) -> str:
    """A change with its interval, such as `+0.012 [+0.003 to +0.021]`."""
    low, high = (row[f"adjusted_{end}" if adjusted else end] for end in ("low", "high"))
    ends = f" [{amount(low, row['unit'])} to {amount(high, row['unit'])}]" if low == low else ""
    return f"{amount(row['change'], row['unit'])}{ends}"


def sentence(
    ranking: Mapping[str, Any], choosing: Mapping[str, Any], *, champion: str, capacity: str, adjusted: bool
) -> str:
    """What is to be said of one challenger: how it ranks, what it brings at equal capacity, what it would take to know.

    Args:
        ranking: its row of the AUC.
        choosing: its row of conversions at equal capacity.
        champion: how the champion is named.
        capacity: how many leads are chosen, in words.
        adjusted: intervals and verdicts for several challengers at once.
    """
    key = "adjusted_verdict" if adjusted else "verdict"
    head = _HEADS[str(ranking[key])].format(model=ranking["model"], champion=champion)
    if ranking[key] == "same":
        return f"{head}: nothing differs."
    told = f"{head}: AUC {amount(ranking['champion'], 'score', signed=False)} to "
    told += f"{amount(ranking['challenger'], 'score', signed=False)}, {change_of(ranking, adjusted=adjusted)}"
    if ranking[key] == "not enough evidence":
        told += f"; {needed(ranking)}"
    told += f". Choosing {capacity}, it changes conversions by {change_of(choosing, adjusted=adjusted)}"
    said = str(choosing[key])
    return f"{told}: {said}." if said else f"{told}."


def needed(row: Mapping[str, Any]) -> str:
    """How many more leads it would take to tell a difference as large as found."""
    more = float(row["leads_needed"])
    if math.isnan(more):
        return "the data does not show how sure this is"
    if math.isinf(more):
        return "no realistic number of leads would tell a difference so small"
    if more == 0:
        return "a difference so large should show with this many leads, yet too few of them carry it"
    months = float(row["months_needed"])
    pace = "" if math.isnan(months) else f", about {months:,.0f} months at this pace" if months >= 1.5 else ""
    return f"to tell a difference so large would take about {_round(more):,} more leads{pace}"


def _round(number: float) -> int:
    """To two digits: more would be false precision.

    >>> _round(6849.0)
    6800
    """
    digits = max(len(str(int(number))) - 2, 0)
    return int(round(number, -digits)) if number >= 10 else int(number)
