"""What will not mean the same, or not work at all, where the model is scored elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from workbench.document import Document, Place
from workbench.linting.catalogue import BY_CODE
from workbench.linting.conditions import field_tests
from workbench.linting.finding import Finding
from workbench.linting.parts import Parts
from workbench.model import AccountFieldTest, Condition, EachRule, FieldTest, MemberTest, NamedList, leaves
from workbench.model.comparison import TEXT_OPERATORS
from workbench.parsing import place_of

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,58}")
"""A name that every target takes as a column without quotes (63 bytes at most, with room for a suffix)."""

Asked = tuple[str, Condition, Place, str, Document | None]
"""Whose condition, the condition, its place, what its fields are of, and the file."""


def travel(parts: Parts) -> Iterator[Finding]:
    """L181 to L186."""
    spellings: dict[str, set[str]] = {}
    for at, condition, place, source, _ in _asked(parts):
        for test, _place in field_tests(condition, place, source):
            spellings.setdefault(f"{at} {test.name}", set()).update(_texts(test))
    for at, condition, place, source, document in _asked(parts):
        for leaf in leaves(condition):
            if isinstance(leaf, MemberTest):
                names = ", ".join(f"'{name}'" for name in leaf.member_of)
                sentence = f"'{at}' asks whether a lead is on the list {names}."
                yield BY_CODE["L183"].at(at, place_of(place, document), sentence)
        for test, where in field_tests(condition, place, source):
            yield from _test(at, test, place_of(where, document), spellings[f"{at} {test.name}"])
    yield from _names(parts)


def _asked(parts: Parts) -> Iterator[Asked]:
    for part in parts.rules:
        source = "event" if isinstance(part.rule, EachRule) else "lead"
        for condition, below in part.conditions:
            yield part.id, condition, (*part.path, *below), source, part.model.document
    for choice in (*parts.gates, *parts.variants):
        if choice.when is not None:
            yield choice.name, choice.when, (*choice.path, "when"), "lead", parts.model.document


def _texts(test: FieldTest | AccountFieldTest) -> list[str]:
    if test.operator not in TEXT_OPERATORS:
        return []
    values = test.argument if isinstance(test.argument, tuple) else (test.argument,)
    return [value for value in values if isinstance(value, str)]


def _test(at: str, test: FieldTest | AccountFieldTest, place: str, spellings: set[str]) -> Iterator[Finding]:
    if test.operator == "regex":
        sentence = f"'{at}' looks for the pattern {test.argument!r} in '{test.name}'."
        yield BY_CODE["L181"].at(at, place, sentence)
        return
    if isinstance(test.argument, NamedList):
        sentence = f"'{at}' asks whether '{test.name}' is on the list '{test.argument.list}'."
        yield BY_CODE["L183"].at(at, place, sentence)
    texts = _texts(test)
    cased = [text for text in texts if not test.exact and _keeps_case(text) and not _both_cases(text, spellings)]
    if cased:
        letters = "".join(sorted({letter for letter in cased[0] if _keeps_case(letter)}))
        sentence = (
            f"'{at}' compares '{test.name}' with {cased[0]!r}: {letters} is not the same as {_other_case(letters)}."
        )
        yield BY_CODE["L182"].at(at, place, sentence)
    pieces = [text for text in texts if unicodedata.normalize("NFC", text) != text]
    if pieces:
        sentence = f"'{at}' compares '{test.name}' with {pieces[0]!r}, whose accents are signs of their own."
        yield BY_CODE["L186"].at(at, place, sentence)


def _keeps_case(text: str) -> bool:
    return any(letter > "\x7f" and letter.lower() != letter.upper() for letter in text)


def _other_case(letters: str) -> str:
    return "".join(letter.lower() if letter != letter.lower() else letter.upper() for letter in letters)


def _both_cases(text: str, spellings: set[str]) -> bool:
    """Whether another spelling of the text, apart from the case of such letters, is asked for too."""
    others = {other for other in spellings if other.lower() == text.lower()}
    return len({_ascii_small(other) for other in others}) > 1


def _ascii_small(text: str) -> str:
    return "".join(letter.lower() if letter <= "\x7f" else letter for letter in text)


def _names(parts: Parts) -> Iterator[Finding]:
    model = parts.model
    named: list[tuple[str, str, Place]] = [("rule", part.id, part.path) for part in parts.rules if part.model is model]
    named += [("dimension", name, ("dimensions", name)) for name in model.dimensions]
    named += [("group", name, ("groups", name)) for name in model.groups]
    named += [("tier", tier.name, ("tiers", number)) for number, tier in enumerate(model.tiers)]
    named += [("gate", gate.id, ("gates", number)) for number, gate in enumerate(model.gates)]
    named += [("variant", variant.name, ("variants", number)) for number, variant in enumerate(model.variants)]
    first: dict[tuple[str, str], str] = {}
    for kind, name, place in named:
        before = first.setdefault((kind, name.casefold()), name)
        if before != name:
            sentence = f"The {kind}s '{before}' and '{name}' differ only in the case of their letters."
            yield BY_CODE["L184"].at(name, parts.place(*place), sentence)
    for name in model.all_dimensions:
        if not PLAIN.fullmatch(name):
            place_ = parts.place("dimensions", name)
            yield BY_CODE["L185"].at(name, place_, f"The dimension '{name}' cannot be the name of a plain column.")
