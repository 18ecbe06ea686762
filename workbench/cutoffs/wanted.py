"""What a cut-off is to be chosen by, for one tier or for none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from workbench.errors import CallError
from workbench.plan import Capacity

By: TypeAlias = Literal["capacity", "value", "precision", "recall"]
WAYS: tuple[By, ...] = get_args(By)
WEEKS = {"day": 7.0, "week": 1.0, "month": 7 * 12 / 365.2425}
"""Weekly leads for one lead of each period; a month is a twelfth of 365.2425 days."""


@dataclass(frozen=True)
class Wanted:
    """One wish.

    Attributes:
        by: the way.
        target: the precision or recall to be met, 0..1; for capacity the leads a week; None for money, and for
            capacity where the plan says it.
    """

    by: By
    target: float | None = None


def weekly(capacity: Capacity) -> float:
    """Leads a week; a day's capacity counts on seven days a week.

    >>> weekly(Capacity(per="day", leads=3)), round(weekly(Capacity(per="month", leads=100)), 1)
    (21.0, 23.0)
    """
    return capacity.leads * WEEKS[capacity.per]


def parse_capacity(text: str, where: str) -> Capacity:
    """How many leads sales can work, from `15/week`, `3/day` or `60/month`.

    Raises:
        CallError: for anything else.

    >>> parse_capacity("15/week", "--capacity").leads
    15
    """
    found = re.fullmatch(r"\s*([1-9][0-9]{0,8})\s*/\s*(day|week|month)\s*", text)
    if found is None:
        raise CallError.at(
            where,
            expected="leads for each day, week or month, such as 15/week",
            found=repr(text),
            remedy="Write a whole number, a slash and the period.",
        )
    return Capacity.model_validate({"per": found[2], "leads": int(found[1])})


def parse_share(text: str, where: str) -> float:
    """A share above 0 and at most 1 from `20%` or `0.2`.

    Raises:
        CallError: for anything else.

    >>> parse_share("20%", "--target"), parse_share("0.2", "--target")
    (0.2, 0.2)
    """
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(%?)\s*", text)
    share = float(found[1]) / (100 if found[2] else 1) if found else math.nan
    return checked_share(share, where, shown=repr(text))


def checked_share(share: float, where: str, *, shown: str = "") -> float:
    """The share itself.

    Raises:
        CallError: unless it is above 0 and at most 1.
    """
    if 0 < share <= 1:
        return share
    raise CallError.at(
        where,
        expected="a share above 0 and at most 100 %",
        found=shown or str(share),
        remedy="Write for example 20% or 0.2.",
    )


def checked_way(by: str, where: str) -> By:
    """The way itself.

    Raises:
        CallError: if there is none of that name.
    """
    for way in WAYS:
        if by == way:
            return way
    raise CallError.at(where, expected=", ".join(WAYS), found=repr(by), remedy="Use one of these.")


def parse_wanted(text: str) -> tuple[str, Wanted]:
    """A tier's wish as a call writes it: `TIER:WAY` or `TIER:WAY=TARGET`.

    Raises:
        CallError: if it cannot be read.

    >>> parse_wanted("SQL:precision=20%")
    ('SQL', Wanted(by='precision', target=0.2))
    >>> parse_wanted("MQL:capacity=40/week")
    ('MQL', Wanted(by='capacity', target=40.0))
    """
    where = f"--tier {text}"
    tier, colon, wish = text.rpartition(":")
    way, equals, target = wish.partition("=")
    if not colon or not tier:
        remedy = "Write for example MQL:capacity=40/week, SQL:precision=20% or SQL:value."
        raise CallError.at(where, expected="TIER:WAY or TIER:WAY=TARGET", found=repr(text), remedy=remedy)
    by = checked_way(way.strip(), where)
    if by == "capacity":
        return tier, Wanted(by, weekly(parse_capacity(target, where)) if equals else None)
    if by == "value":
        if equals:
            remedy = "Leave '=…' out: what a contact costs and a win is worth stands in the plan."
            raise CallError.at(where, expected="no target beside value", found=repr(target), remedy=remedy)
        return tier, Wanted(by)
    return tier, Wanted(by, parse_share(target, where))


def wanted_of(tier: str, wish: Any) -> Wanted:
    """A tier's wish from plain data: `{by: capacity, capacity: 40}`, `{by: precision, target: 20%}`, or a Wanted.

    A capacity is a number of leads a week, or a text such as `3/day`.

    Raises:
        CallError: if it cannot be read.

    >>> wanted_of("SQL", {"by": "recall", "target": 0.8})
    Wanted(by='recall', target=0.8)
    """
    where = f"tiers.{tier}"
    if isinstance(wish, Wanted):
        return wish
    if not isinstance(wish, dict) or "by" not in wish or set(wish) - {"by", "target", "capacity"}:
        remedy = "Write for example {by: capacity, capacity: 40} or {by: precision, target: 20%}."
        raise CallError.at(where, expected="'by' with 'target' or 'capacity'", found=repr(wish), remedy=remedy)
    by = checked_way(str(wish["by"]), f"{where}.by")
    given = [name for name in ("target", "capacity") if wish.get(name) is not None]
    if by == "value":
        return Wanted(by)
    if not given and by == "capacity":
        return Wanted(by)
    if len(given) != 1:
        raise CallError.at(where, expected=f"one target for {by}", found=repr(wish), remedy="Say what is to be met.")
    value = wish[given[0]]
    text = str(value)
    if by == "capacity":
        plain = isinstance(value, (int, float)) and value > 0
        return Wanted(by, float(value) if plain else weekly(parse_capacity(text, where)))
    return Wanted(by, parse_share(text, where))
