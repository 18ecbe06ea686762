"""Criteria about fields: `Country: Germany`, `Company size 200-1000`, `Has phone`, `Director`, `Free email`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.drafts.holdings import SAME_VALUE, Holdings, Place, closest, letters, likeness
from workbench.drafts.phrases import Amounts, tidy, values_of, without_amounts
from workbench.drafts.reading import Asked, NotRead, Reading, slug
from workbench.drafts.vocabulary import BUSINESS, C_LEVEL, FIELDS, FREE, FREE_EMAIL, TITLES, FieldWords

_YES = {"yes": True, "true": True, "y": True, "ja": True, "no": False, "false": False, "n": False, "nein": False}
_OPERATORS: tuple[tuple[str, str], ...] = (
    (r"\s+(?:is not one of|is not|isn'?t|not in|are not|other than|excludes?|not)\s+|\s*(?:!=|<>|≠)\s*", "not"),
    (r"\s+(?:contains?(?: any of)?|includes?|has(?: the)? words?|like)\s+", "has_word"),
    (r"\s+(?:starts? with|begins? with)\s+", "starts_with"),
    (r"\s+(?:ends? with)\s+", "ends_with"),
    (r"\s*:\s*|(?<![<>])\s*==?\s*", "one_of"),
    (r"\s+(?:is one of|is any of|one of|is in|is|are|equals?|in)\s+", "one_of"),
)

_MONEY = "usd|eur|gbp|chf|dollars|euros?"


@dataclass(frozen=True)
class Subject:
    """A field that a criterion is about.

    Attributes:
        place: where it stands and its name.
        kind: text, number, boolean, time; empty where there is no data to know it from.
        asked: what was assumed in finding it.
    """

    place: Place
    kind: str
    asked: Asked = ()

    @property
    def test(self) -> dict[str, Any]:
        """The beginning of a test on it."""
        return {"account_field" if self.place[0] == "account" else "field": self.place[1]}


def subject_of(words: str, holdings: Holdings, *, guess: bool = False) -> Subject | None:
    """The field that words name: one of the data, one that sheets often name, or with `guess` any."""
    words = tidy(re.sub(r"^(?:the|their|lead'?s?|contact'?s?|company'?s?) (?=\w)", "", words)) if words else ""
    if not words:
        return None
    known = next((each for each in FIELDS if re.fullmatch(each.words, words)), None)
    names = [words, *(known.names if known else ())]
    found = holdings.field_named(names) if holdings.given else None
    if found is not None:
        place, own = found
        near = () if own else ((f"'{words}' is taken for the field '{place[1]}'.", "Is that the field?"),)
        return Subject(place, holdings.fields[place], near)
    if known is None and not guess:
        return None
    return _guessed(words, known, holdings)


def _guessed(words: str, known: FieldWords | None, holdings: Holdings) -> Subject:
    place = (known.scope if known else "lead", known.names[0] if known else slug(words))
    where = "field of the account" if place[0] == "account" else "field of the lead"
    had = "The data has no such field: a" if holdings.given else "A"
    asked = (f"{had} {where} called '{place[1]}' is assumed.", "Which field is it?")
    return Subject(place, "number" if known and known.number else "", (asked,))


def read_field(text: str, holdings: Holdings, *, guess: bool = False) -> Reading | NotRead | None:
    """A field beside a number or values; None if there is no field (with `guess`, any words may name one)."""
    for pattern, operator in _OPERATORS:
        parts = re.split(pattern, text, maxsplit=1)
        if len(parts) != 2 or not parts[0] or not tidy(parts[1]):
            continue
        subject = subject_of(parts[0], holdings, guess=guess)
        if subject is not None:
            amounts = without_amounts(parts[1]) if operator == "one_of" and subject.kind != "text" else None
            if amounts is not None and amounts.operator and not _foreign(amounts.rest, subject):
                return _numbers(subject, amounts)
            return _texts(subject, operator, values_of(parts[1]), holdings)
    amounts = without_amounts(text)
    if amounts.operator and amounts.operator != "equals":
        rest = tidy(re.sub(r"\b(?:is|of|with|are|has|have)\b|[:=()]", " ", amounts.rest))
        subject = _numbered(rest, holdings, guess=guess)
        if subject is not None:
            return _numbers(subject, amounts)
    return None


def _foreign(rest: str, subject: Subject) -> bool:
    """Whether words beside a number are more than a unit of the field."""
    unit = tidy(rest)
    named = any(re.fullmatch(each.words, unit) and each.number for each in FIELDS)
    return bool(unit) and not named and letters(unit) != letters(subject.place[1]) and subject.kind != "number"


def _numbered(rest: str, holdings: Holdings, *, guess: bool) -> Subject | None:
    """The number field that is named before, after or around a number."""
    if not rest:
        return None
    whole = subject_of(rest, holdings, guess=False)
    if whole is not None:
        return whole
    words = rest.split()
    for cut in range(len(words) - 1, 0, -1):
        sides = [subject_of(" ".join(side), holdings) for side in (words[:cut], words[cut:])]
        if all(side is not None and side.kind == "number" for side in sides):
            return sides[0]
    return subject_of(rest, holdings, guess=guess)


def _numbers(subject: Subject, amounts: Amounts) -> Reading | NotRead:
    name, operator = subject.place[1], amounts.operator
    if subject.kind not in {"number", ""}:
        return NotRead(
            f"The field '{name}' holds a {subject.kind}, not a number.",
            f"Write the values of '{name}' that count, or name the field that holds the number.",
        )
    numbers = [int(each) if each == int(each) else each for each in (amounts.low, amounts.high)]
    asked = list(subject.asked)
    unit = _unit_of(name)
    if unit > 1 and (amounts.scaled or max(amounts.low, amounts.high) >= unit):
        scaled = [each / unit for each in (amounts.low, amounts.high)]
        numbers = [int(each) if each == int(each) else each for each in scaled]
        said = f"'{name}' is taken to be kept in units of {unit:,}: {amounts.low:,.15g} is {numbers[0]:,} there."
        asked.append((said, "In which unit is the field?"))
    elif amounts.scaled:
        asked.append((f"'{name}' is kept in ones: {numbers[0]:,} is meant.", "In which unit is the field?"))
    if operator == "range":
        when: dict[str, Any] = {
            "all": [{**subject.test, "at_least": numbers[0]}, {**subject.test, "at_most": numbers[1]}]
        }
        asked.append((f"From {numbers[0]} to {numbers[1]}, both included.", "Does the upper number count?"))
    else:
        when = {**subject.test, operator: numbers[0]}
    return Reading("fit", name, when, alike=f"{subject.place[0]}.{name}", asked=tuple(asked))


def _unit_of(name: str) -> int:
    """The unit that the end of a field's name says: a million for `revenue_m`."""
    ends = {r"k|thousands?|tsd": 1_000, r"m|mn|mio|mil|millions?|mln": 1_000_000, r"bn|billions?|mrd": 1_000_000_000}
    said = rf"(?:.*_)?(?:in_)?(?:{{}})(?:_?(?:{_MONEY}))?"
    own = re.sub(rf"^(?:.*)_(?:{_MONEY})_", "_", name.lower())
    return next((unit for end, unit in ends.items() if "_" in own and re.fullmatch(said.format(end), own)), 1)


def _texts(subject: Subject, operator: str, values: Sequence[str], holdings: Holdings) -> Reading | NotRead | None:
    if not values:
        return None
    name, alike = subject.place[1], f"{subject.place[0]}.{subject.place[1]}"
    lowered = {value.lower() for value in values}
    if lowered <= {"known", "filled", "given", "provided", "present", "available"}:
        return Reading("fit", f"{name}_known", {**subject.test, "known": operator != "not"}, asked=subject.asked)
    if lowered <= {"unknown", "missing", "empty", "blank"}:
        return Reading("fit", f"{name}_missing", {**subject.test, "known": operator == "not"}, asked=subject.asked)
    if subject.kind in {"number", "time"}:
        return NotRead(f"The field '{name}' holds a {subject.kind}, not a text.", "Write a number such as '> 500'.")
    if len(values) == 1 and values[0].lower() in _YES and subject.kind != "text":
        wanted = _YES[values[0].lower()] != (operator == "not")
        return Reading("fit", name, {**subject.test, "equals": wanted}, alike=alike, asked=subject.asked)
    if subject.kind == "boolean":
        return NotRead(f"The field '{name}' holds true or false.", "Write 'yes' or 'no' beside it.")
    titled = name in {"job_title", "title", "jobtitle", "role", "position"} or "title" in name
    if titled and operator in {"one_of", "not"}:
        return _titled(subject, values, negated=operator == "not")
    if operator in {"has_word", "starts_with", "ends_with"}:
        return Reading("fit", name, {**subject.test, operator: list(values)}, alike=alike, asked=subject.asked)
    values, asked = _matched(subject, values, holdings)
    one = {"equals": values[0]} if len(values) == 1 else {"one_of": list(values)}
    if operator == "not":
        asked = (*asked, ("A lead without a value earns nothing.", "Should it?"))
        when: dict[str, Any] = {"not": {**subject.test, **one, "missing": True}}
        return Reading("fit", name, when, asked=(*subject.asked, *asked))
    return Reading("fit", name, {**subject.test, **one}, alike=alike, asked=(*subject.asked, *asked))


def _titled(subject: Subject, values: Sequence[str], *, negated: bool = False) -> Reading:
    words = [word for value in values for word in (C_LEVEL if _c_level(value) else (_title(value),))]
    test: dict[str, Any] = {**subject.test, "has_word": words}
    said = ", ".join(f"'{word}'" for word in words)
    asked = (f"Titles that have the word {said} somewhere count: a 'VP of Sales' is a VP.", "Which words count?")
    when = {"not": {**test, "missing": True}} if negated else test
    alike = "" if negated else f"{subject.place[0]}.{subject.place[1]}"
    return Reading("fit", subject.place[1], when, alike=alike, asked=(*subject.asked, asked))


def _title(value: str) -> str:
    """The word of a title: `VP` of `VP level`."""
    return re.sub(r"[ -]level$", "", value, flags=re.IGNORECASE) or value


def _c_level(value: str) -> bool:
    return re.fullmatch(r"c[- ]?(?:level|suite|xo)s?(?: exec\w*)?|cxos?", value.lower()) is not None


def _matched(subject: Subject, values: Sequence[str], holdings: Holdings) -> tuple[tuple[str, ...], Asked]:
    """The values as the data spells them, and what was assumed."""
    known = holdings.values.get(subject.place)
    if known is None:
        return tuple(values), ()
    spelled = {value.strip(" \t\r\n").lower(): value for value in reversed(known)}
    found: list[str] = []
    asked: list[tuple[str, str]] = []
    for value in values:
        own = spelled.get(value.lower())
        near = closest([value], {each: each for each in known}) if own is None else own
        meant = near if near is not None and (own is not None or likeness(value, near) >= SAME_VALUE) else None
        found.append(meant or value)
        if meant is None:
            few = ", ".join(f"'{each}'" for each in known[:6])
            asked.append((f"No lead of the data has '{value}' there; frequent are {few}.", "Which value is meant?"))
        elif own is None:
            asked.append((f"'{value}' is taken for '{meant}', as the data spells it.", "Is that the value?"))
    return tuple(dict.fromkeys(found)), tuple(asked)


def read_known(text: str, holdings: Holdings) -> Reading | None:
    """`Has phone`, `Phone provided`, `No phone number`, `Missing website`."""
    positive = re.fullmatch(
        r"(?:has|have|with|gave|provided|known)(?: an?| their)? (?P<what>.+)", text
    ) or re.fullmatch(
        r"(?P<what>.+?) (?:is )?(?:known|provided|given|present|available|filled(?: in)?|exists?|complete)", text
    )
    negative = re.fullmatch(
        r"(?:no|missing|without|lacks|unknown|invalid)(?: an?| their)? (?P<what>.+)", text
    ) or re.fullmatch(r"(?P<what>.+?) (?:is )?(?:missing|unknown|empty|blank|not (?:known|provided|given))", text)
    found = negative or positive
    subject = subject_of(found["what"], holdings) if found is not None else None
    if subject is None:
        return None
    name = f"{subject.place[1]}_{'missing' if negative else 'known'}"
    return Reading("fit", name, {**subject.test, "known": negative is None}, asked=subject.asked)


def read_title(text: str, holdings: Holdings) -> Reading | None:
    """A job title that stands alone: `Director`, `C-level`, `VP / Head`, `VP or above`."""
    above = re.search(r" (?:or|and) (?:above|higher|up)$|\+$", text)
    bare = text[: above.start()] if above else text
    parts = [re.sub(r"(?: level| of .*|s)$", "", part.strip()) for part in re.split(r"[,/&]| or | and ", bare)]
    if not all(part in TITLES or _c_level(part) or f"{part}s" in TITLES for part in parts):
        return None
    subject = subject_of("job title", holdings)
    if subject is None:
        return None
    reading = _titled(subject, parts)
    if above is None:
        return reading
    higher = (f"'{above[0].strip()}' is not spelled out: only the titles named count.", "Which titles are above?")
    return Reading("fit", reading.name, reading.when, alike=reading.alike, asked=(*reading.asked, higher))


def read_email(text: str, holdings: Holdings) -> Reading | None:
    """`Free email (gmail, yahoo)`, `Business email`."""
    provider = FREE.fullmatch(text)
    named = provider["provider"] if provider else None
    listed = re.search(r"[(:]\s*(?P<values>[^()]+?)\)?$", text)
    bare = tidy(text[: listed.start()]) if listed else text
    free, business = FREE.fullmatch(bare), BUSINESS.fullmatch(bare)
    if free is None and business is None:
        return None
    subject = subject_of("email domain", holdings)
    if subject is None:
        return None
    given = (
        [re.sub(r"^(?:e\.?g\.?,? |such as |like )", "", each) for each in values_of(listed["values"])] if listed else []
    )
    given = [each for each in given if re.fullmatch(r"@?[\w.-]+", each) and each not in {"etc", "etc.", "..."}]
    domains = [each.lstrip("@") if "." in each else f"{each}.com" for each in given] or list(FREE_EMAIL)
    if named:
        domains = [{"gmx": "gmx.de"}.get(named, named if "." in named else f"{named}.com")]
    said = ", ".join(domains)
    asked = [
        (f"Free addresses are those at {said}.", "Which domains count? A named list of the history is easier to keep.")
    ]
    test: dict[str, Any] = {**subject.test, "one_of": domains}
    if subject.place[1] in {"email", "e_mail", "mail"}:
        test = {**subject.test, "ends_with": [f"@{domain}" for domain in domains]}
    if free is not None:
        return Reading("fit", "free_email", test, asked=(*subject.asked, *asked))
    when = {"not": {**test, "missing": True}}
    return Reading("fit", "business_email", when, asked=(*subject.asked, *asked))


def read_value(text: str, holdings: Holdings) -> Reading | None:
    """Words that are a value of exactly one text field of the data."""
    at = [
        (place, value)
        for place, known in holdings.values.items()
        if place[0] != "event"
        for value in known
        if value.strip().lower() == text
    ]
    if not at:
        return None
    (place, value), *others = at
    subject = Subject(place, "text")
    asked = (f"'{value}' is a value of the field '{place[1]}'.", "Is that what is meant?")
    if others:
        elsewhere = ", ".join(f"'{each[0][1]}'" for each in others[:4])
        asked = (f"'{value}' is a value of '{place[1]}', and of {elsewhere} too.", "Which field is meant?")
    alike = f"{place[0]}.{place[1]}"
    return Reading("fit", place[1], {**subject.test, "equals": value}, alike=alike, asked=(asked,))
