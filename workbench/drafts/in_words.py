"""Points, thresholds and headings that a sheet writes as words: `Head of IT: 12 points`, `MQL = 50+`, `Behaviour`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from workbench.drafts.phrases import tidy
from workbench.drafts.reading import NotRead
from workbench.drafts.vocabulary import HEADINGS, SPEAKS_OF_TIERS, THRESHOLD, TIERS, Dimension
from workbench.drafts.worth import read_worth

_NUMBER = r"\d+(?:[.,]\d+)?"
_UNIT = r"(?:points?|pts?\.?|punkte?)"
_BEFORE = re.compile(
    r"(?:(?<!\w)(?:least|most|over|more than|above|under|below|than|max(?:imum)?\.?|min(?:imum)?\.?|up to|to|of|and|or|"
    r"bis|ab|über|unter|exactly|x)|[<>≥≤×*/–—-])$",
    re.IGNORECASE,
)
_SAID = (
    re.compile(rf"(?P<rest>.+?)[\s:=(,]+(?P<points>(?:\+ ?|[−–-]){_NUMBER}) ?{_UNIT}\)?", re.IGNORECASE),
    re.compile(rf"(?P<rest>.+?)(?:\s*[:=(]\s*(?P<points>[+−–-]{_NUMBER})|\s(?P<plus>\+{_NUMBER}))\)?", re.IGNORECASE),
    re.compile(rf"(?P<rest>.+?)[\s:=(,]+(?P<points>{_NUMBER}) ?{_UNIT}\)?", re.IGNORECASE),
)
_TIME = r"(?:day|week|month|quarter|year|hour|tag|woche|monat|jahr)"
_EACH = re.compile(
    rf"(?:(?P<rest>.+?)[\s:=(,]+)?(?P<points>[+−–-]?{_NUMBER}) ?{_UNIT}? ?"
    rf"(?:each(?: time)?|(?:per|every|pro|je) (?!{_TIME})\w+)(?P<more>(?![^(]*\b{_TIME}).*)",
    re.IGNORECASE,
)
_BOUND = re.compile(
    rf"\(?(?:(?:at least|from|ab|min(?:imum)?\.?|score|is|mindestens|>=|≥|=|(?P<above>>|over|above|more than|über)) ?)*"
    rf"(?P<from>-?{_NUMBER}) ?{_UNIT}? ?(?:(?:\+|or more|and more|and above|or above|and up|und mehr|"
    rf"(?:-|–|—|to|bis) ?(?P<to>{_NUMBER})) ?{_UNIT}?)?\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """Points out of words.

    Attributes:
        criterion: what is left of the words.
        points: as a cell would say them.
        each: they are earned by each event.
    """

    criterion: str
    points: str
    each: bool = False


def said_points(criterion: str, points: str) -> Said | NotRead | None:
    """Points that stand in the words, or beside the number in their cell; None if there are none.

    >>> said_points("Head of IT: 12 points", "")
    Said(criterion='Head of IT', points='12', each=False)
    >>> said_points("Email click", "3 each (max 15)")
    Said(criterion='Email click each (max 15)', points='3', each=True)
    """
    each = _EACH.fullmatch(points or criterion)
    if each is not None and bool(points) == (each["rest"] is None) and not _BEFORE.search(tidy_end(each["rest"] or "")):
        words = f"{criterion if points else each['rest']} each {each['more'].strip()}"
        return Said(" ".join(words.split()), each["points"], each=True)
    if points:
        return None
    for pattern in _SAID:
        found = pattern.fullmatch(criterion)
        if found is None:
            continue
        rest = tidy_end(found["rest"])
        if _BEFORE.search(rest) or re.search(rf"\d ?{_UNIT}\b", rest, re.IGNORECASE):
            return NotRead("The words do not say plainly how many points it earns.", "Write them in a cell of points.")
        worth = found["points"] or found.groupdict().get("plus") or ""
        return Said(rest.rstrip(" \t:=(,;"), re.sub(r"\s", "", worth))
    return None


def tidy_end(text: str) -> str:
    """The text without blanks and opening brackets at its end."""
    return text.rstrip(" \t(")


@dataclass(frozen=True)
class Threshold:
    """The least score of a tier.

    Attributes:
        name: of the tier; empty if the row does not say.
        least: the score.
        asked: what was assumed and what to decide, if anything was.
    """

    name: str
    least: Decimal
    asked: tuple[str, str] | None = None


def read_threshold(criterion: str, points: str) -> Threshold | NotRead | None:
    """A tier with its least score, such as `MQL` beside `>= 40` or `SQL: 50-79`; None if the words are of no tier.

    What speaks of a tier and cannot be read is refused: a threshold must never become a rule that pays points.
    """
    words = tidy(criterion.lower())
    refused = NotRead(
        "It speaks of a tier, and does not say plainly from which score.",
        "Write the tier beside its least score, such as 'MQL,50'; a skill as 'Skill: SQL'.",
    )
    name, bound = words, points
    if not points:
        parts = re.fullmatch(rf"(?P<name>.*?[^\s:=(<>≥]) ?[:=]? ?(?P<bound>{_unnamed(_BOUND.pattern)})", words)
        name, bound = (tidy(parts["name"]), parts["bound"]) if parts else (words, "")
    found = TIERS.fullmatch(name)
    if found is None and THRESHOLD.fullmatch(name) is None:
        return refused if SPEAKS_OF_TIERS.match(words) and (points or re.search(r"\d", words)) else None
    worth = read_worth(bound)
    least = _BOUND.fullmatch(bound)
    tier = found["name"] if found else ""
    if worth.points is not None and not worth.note:
        return Threshold(tier, worth.points)
    if least is None:
        return refused if bound or SPEAKS_OF_TIERS.match(words) else None
    number = read_worth(least["from"]).points
    if number is None:
        return refused
    asked = (f"'{bound}' is taken as {number} or more.", "Does that score itself count?") if least["above"] else None
    return Threshold(tier, number, asked)


def _unnamed(pattern: str) -> str:
    """The pattern without names of groups."""
    return re.sub(r"\?P<\w+>", "", pattern)


def read_heading(criterion: str) -> tuple[Dimension | None] | None:
    """The dimension that a row of heading words alone is of (none, if of no dimension); None if it is no heading.

    >>> read_heading("Product usage:"), read_heading("Company size over 500"), read_heading("Other criteria")
    (('product',), None, (None,))
    """
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", re.sub(r"^\W*(?:\d{1,2}|[a-z])[.)]\s+", "", criterion.lower()))
    if not words or not all(any(pattern.fullmatch(word) for pattern, _ in HEADINGS) for word in words):
        return None
    in_order: tuple[Dimension, ...] = ("product", "fit", "engagement")
    told = [kind for pattern, kind in HEADINGS for word in words if pattern.fullmatch(word)]
    if not any(told):
        return None
    return (next((each for each in in_order if each in told), None),)
