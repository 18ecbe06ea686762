"""Takes apart what a criterion says beside its subject: a window, how often, a number, a list of values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_UNITS = {"day": 1, "d": 1, "week": 7, "w": 7, "wk": 7, "month": 30, "mo": 30, "quarter": 90, "year": 365, "yr": 365}
_UNITS |= {"tag": 1, "woche": 7, "monat": 30, "quartal": 90, "jahr": 365}
_UNIT = (
    r"(?P<unit>day|week|wk|month|mo|quarter|year|yr|hour|hr|tag|woche|monat|quartal|jahr|[dw])"
    r"(?:s|(?<=[gtrle])(?:en|e|n))?"
)
_AGO = re.compile(
    rf"\(?\b(?:older than|more than|over|longer than) (?P<n>\d{{1,6}}) ?{_UNIT}(?: ago| old)?\b\)?|"
    rf"\(?\b(?P<n2>\d{{1,6}})\+ ?{_UNIT.replace('unit', 'unit2')} ago\b\)?"
)
_WINDOW = re.compile(
    r"\(?\b(?:(?:with)?in|during|over|for|since|on|seit|innerhalb von)?\b ?(?:the |a |den )?"
    rf"(?:last|past|previous|trailing|letzten)? ?(?P<n>\d{{1,6}})\+? ?-? ?{_UNIT}\b(?: ago)?\)?"
)
_LAST = re.compile(
    r"\(?\b(?:(?:with)?in |during |over )?(?:the |this )?(?:last|past|previous|this) (?P<unit>day|week|month|"
    r"quarter|year)\b\)?"
)
_EACH = re.compile(r"\(?\b(?:for )?(?:each|every|per)\b(?: time)?\)?")
_MOST = re.compile(
    r"\(?[,;]? ?\b(?:max(?:imum)?\.?|up to|capped at|cap|"
    r"limit(?:ed to)?) (?:of )?(?P<n>\d{1,6}) ?(?P<unit>points?|pts?|times?|x)?\b\)?"
)
_WORDS = {"once": 1, "twice": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
MOST_DAYS = 36_500


@dataclass(frozen=True)
class Window:
    """What is left of a text without its window.

    Attributes:
        rest: the text without it.
        within, older_than: whole days, None if not said.
        asked: what was assumed, and what to decide.
    """

    rest: str
    within: int | None = None
    older_than: int | None = None
    asked: tuple[tuple[str, str], ...] = ()


def without_window(text: str) -> Window:
    """Take `in the last 30 days`, `within 2 weeks`, `(90d)` or `older than 60 days` out of a text.

    >>> without_window("opened email (last 30 days)")
    Window(rest='opened email', within=30, older_than=None, asked=())
    """
    ago = _AGO.search(text)
    if ago is not None and ("ago" in ago[0] or "old" in ago[0]):
        days, asked = _days(ago["n"] or ago["n2"], ago["unit"] or ago["unit2"])
        return Window(_without(text, ago), older_than=days, asked=asked)
    found = _WINDOW.search(text)
    if found is not None:
        days, asked = _days(found["n"], found["unit"])
        return Window(_without(text, found), within=days, asked=asked)
    last = _LAST.search(text)
    if last is not None:
        days, _ = _days("1", last["unit"])
        wanted = (f"'{last[0].strip('() ')}' is the last {days} days, not a calendar {last['unit']}.", "Is that meant?")
        return Window(_without(text, last), within=days, asked=(wanted,))
    return Window(text)


def _days(number: str, unit: str) -> tuple[int, tuple[tuple[str, str], ...]]:
    if unit in {"hour", "hr"}:
        days = max(1, -(-int(number) // 24))
        return min(days, MOST_DAYS), ((f"Ages are whole days: {number} hours are {days}.", "Is that near enough?"),)
    days = max(1, min(int(number) * _UNITS[unit], MOST_DAYS))
    if unit in {"month", "mo", "quarter", "year", "yr", "monat", "quartal", "jahr"}:
        return days, ((f"{number} {unit} is taken as {days} days.", "Is that near enough?"),)
    return days, ()


def _without(text: str, found: re.Match[str]) -> str:
    return tidy(f"{text[: found.start()]} {text[found.end() :]}")


def tidy(text: str) -> str:
    """The text without doubled blanks, empty brackets and punctuation at its ends."""
    text = re.sub(r"\(\s*\)", " ", text)
    return re.sub(r"\s+", " ", text).strip(" \t,;:.-–—*•·")


@dataclass(frozen=True)
class Often:
    """What is left of a text without how often it must happen.

    Attributes:
        rest: the text without it.
        count: a bound on the number of events, empty if not said.
        each: points for every event.
        most: most points or events that count, by key of `limit`.
    """

    rest: str
    count: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    each: bool = False
    most: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


_COUNTS: tuple[tuple[str, str], ...] = (
    (
        (
            r"between (?P<n>\d{1,6}) and (?P<m>\d{1,6})(?: times| x)?|(?P<n2>\d{1,6}) ?(?:-|–|"
            r"to) ?(?P<m2>\d{1,6})(?: times| ?x)?"
        ),
        "between",
    ),
    (
        (
            r"(?:at least|>=|≥|min(?:imum)?\.?(?: of)?) ?(?P<n>\d{1,6})(?: times| ?x)?|(?P<n2>\d{1,6}) ?(?:\+|"
            r"or more|and more)(?: times| ?x)?"
        ),
        "at_least",
    ),
    (r"(?:more than|over|>|above) ?(?P<n>\d{1,6})(?: times| ?x)?", "above"),
    (r"(?:at most|<=|≤|no more than) ?(?P<n>\d{1,6})(?: times| ?x)?", "at_most"),
    (r"(?:less than|fewer than|under|<|below) ?(?P<n>\d{1,6})(?: times| ?x)?", "below"),
    (r"(?:exactly|only|=) ?(?P<n>\d{1,6})(?: times| ?x)?", "equals"),
    (r"(?P<n>\d{1,6}) ?(?:times|x)\b|\b(?P<n2>\d{1,6}) (?=[a-z])", "at_least"),
    (rf"\b(?P<n>{'|'.join(_WORDS)})\b(?: times)?(?: or more)?", "at_least"),
)


def without_often(text: str) -> Often:
    """Take `3+`, `at least twice`, `2-5 times`, `each` or `max 20 points` out of a text.

    >>> without_often("3+ visits").count["at_least"], without_often("every visit").each
    (3, True)
    """
    most: dict[str, Any] = {}
    limit = _MOST.search(text)
    if limit is not None and int(limit["n"]) > 0:
        key = "events" if (limit["unit"] or "").startswith(("time", "x")) else "points"
        most[key] = int(limit["n"])
        text = _without(text, limit)
    each = _EACH.search(text)
    if each is not None:
        return Often(_without(text, each), each=True, most=MappingProxyType(most))
    for pattern, operator in _COUNTS:
        found = re.search(pattern, text)
        if found is None:
            continue
        low, high = (_number(found, key) for key in ("n", "m"))
        if operator == "between" and (high is None or low is None or low > high):
            continue
        bound = [low, (high or 0) + 1] if operator == "between" else low
        return Often(_without(text, found), MappingProxyType({operator: bound}), most=MappingProxyType(most))
    return Often(tidy(text), most=MappingProxyType(most))


def _number(found: re.Match[str], key: str) -> int | None:
    groups = found.groupdict()
    text = groups.get(key) or groups.get(f"{key}2")
    return None if text is None else _WORDS.get(text) or int(text)


_AMOUNT = (
    r"(?:[$€£]|usd|eur|gbp)? ?(?P<{0}>\d{{1,3}}(?:[,. ']\d{{3}})+|"
    r"\d{{1,15}}(?:[.,]\d{{1,3}})?) ?(?P<{0}u>k|thousand|m|mn|mio|mil|million|bn|b|billion)?(?:[$€£]| ?(?:usd|"
    r"eur|gbp|dollars|euros?))?\b"
)
_SIZES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "mio": 6, "mil": 6, "million": 6, "bn": 9, "b": 9, "billion": 9}
_BOUNDS: tuple[tuple[str, str], ...] = (
    (rf"(?:between |from )?{_AMOUNT.format('n')} ?(?:-|–|—|to|and|bis) ?{_AMOUNT.format('m')}", "range"),
    (rf"(?:at least|>=|≥|min(?:imum)?\.?(?: of)?|from|since) ?{_AMOUNT.format('n')}", "at_least"),
    (rf"{_AMOUNT.format('n')} ?(?:\+|or more|and more|and above|or above|and up|plus)", "at_least"),
    (rf"{_AMOUNT.format('n')} ?(?:or less|or fewer|and below|or below)", "at_most"),
    (rf"(?:at most|<=|≤|up to|max(?:imum)?\.?(?: of)?) ?{_AMOUNT.format('n')}", "at_most"),
    (rf"(?:more than|over|above|after|greater than|larger than|bigger than|>) ?{_AMOUNT.format('n')}", "above"),
    (rf"(?:less than|fewer than|under|below|before|smaller than|<) ?{_AMOUNT.format('n')}", "below"),
    (rf"(?:equals|exactly|is|=|:)? ?{_AMOUNT.format('n')}$", "equals"),
)


@dataclass(frozen=True)
class Amounts:
    """What is left of a text without its bound on a number.

    Attributes:
        rest: the text without it.
        operator: range, at_least, at_most, above, below or equals; empty if there is none.
        low, high: the numbers; `high` of a range only.
        scaled: a number was written in thousands or millions.
    """

    rest: str
    operator: str = ""
    low: float = 0.0
    high: float = 0.0
    scaled: bool = False


def without_amounts(text: str) -> Amounts:
    """Take `200-1000`, `> 500`, `1,000+` or `under $10M` out of a text.

    >>> without_amounts("company size 200-1,000")
    Amounts(rest='company size', operator='range', low=200.0, high=1000.0, scaled=False)
    """
    for pattern, operator in _BOUNDS:
        found = re.search(pattern, text)
        if found is None:
            continue
        unit = found.groupdict().get("mu") or found["nu"]
        high = _amount(found["m"], found["mu"]) if operator == "range" else 0.0
        low = _amount(found["n"], found["nu"] or (unit if operator == "range" else None))
        if operator == "range" and low > high:
            low = _amount(found["n"], found["nu"])
        if operator == "range" and low >= high:
            continue
        return Amounts(_without(text, found), operator, low, high, scaled=unit is not None)
    return Amounts(text)


def _amount(digits: str, unit: str | None) -> float:
    if re.fullmatch(r"\d{1,3}([,. ']\d{3})+", digits):
        digits = re.sub(r"\D", "", digits)
    return float(digits.replace(",", ".")) * float(10 ** _SIZES.get(unit or "", 0))


def values_of(text: str) -> tuple[str, ...]:
    """The values of a list such as `Germany, Austria or Switzerland`.

    >>> values_of("Germany, Austria or Switzerland")
    ('Germany', 'Austria', 'Switzerland')
    """
    whole = re.fullmatch(r"\s*[(\[]([^()\[\]]*)[)\]]\s*", text)
    text = whole[1] if whole else text
    parts = re.split(r"\s*[,;|]\s*(?:and |or )?|\s+(?:or|oder)\s+|\s+/\s+", text.strip())
    return tuple(dict.fromkeys(part.strip(" '\"“”") for part in parts if part.strip(" '\"“”")))
