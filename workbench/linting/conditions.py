"""Conditions that can never hold or always do, parts of them that cannot, and texts that match nothing or twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from workbench.document import Document, Place
from workbench.errors import listed
from workbench.linting.catalogue import BY_CODE
from workbench.linting.compiled import HOWS, compiled, pattern
from workbench.linting.finding import Finding
from workbench.linting.formula import conjunction, required
from workbench.linting.parts import Choice, Parts, RulePart
from workbench.linting.texts import folded
from workbench.model import AccountFieldTest, AllOf, AnyOf, Condition, EachRule, EventTest, FieldTest, NotOf, WhenRule
from workbench.parsing import place_of

Spot = tuple[Condition, Place, str]
"""A condition, its place below what it belongs to, and what its fields are of ("lead", or "event" in a `where`)."""


@dataclass(frozen=True)
class Asked:
    """One condition of a rule, gate or variant.

    Attributes:
        at: whose it is.
        condition: what is asked.
        path: its place in the document.
        source: what its fields are of.
        document: the file.
    """

    at: str
    condition: Condition
    path: Place
    source: str
    document: Document | None

    def place(self, path: Place) -> str:
        """A place in its file, for a message."""
        return place_of(path, self.document)


def conditions(parts: Parts) -> Iterator[Finding]:
    """L101 to L105."""
    for part in parts.rules:
        source = "event" if isinstance(part.rule, EachRule) else "lead"
        asked = [Asked(part.id, each, (*part.path, *way), source, part.model.document) for each, way in part.conditions]
        yield from _rule(part, asked, parts)
    for choice in (*parts.gates, *parts.variants):
        if choice.when is not None:
            path = (*choice.path, "when")
            yield from _choice(choice, Asked(choice.name, choice.when, path, "lead", parts.model.document), parts)


def _rule(part: RulePart, asked: list[Asked], parts: Parts) -> Iterator[Finding]:
    texts = [found for each in asked for found in _texts(each)]
    yield from texts
    if any(found.code == "L104" for found in texts):
        return
    rule = part.rule
    if isinstance(rule, WhenRule | EachRule) and not parts.can_fire(part):
        what = _clash(asked[0], parts) if isinstance(rule, WhenRule) else "no event can pass its 'where'"
        yield BY_CODE["L101"].at(part.id, part.place(), f"The rule '{part.id}' can never hold: {what}.")
        return
    if isinstance(rule, WhenRule):
        yield from _always(part.id, part.place("when"), f"The rule '{part.id}'", rule.when, parts)
    for each in asked:
        yield from _dead(each, [(each.condition, each.path, each.source)], parts)


def _choice(choice: Choice, asked: Asked, parts: Parts) -> Iterator[Finding]:
    name, place = f"The {choice.what} '{choice.name}'", asked.place(asked.path)
    texts = list(_texts(asked))
    yield from texts
    if any(found.code == "L104" for found in texts):
        return
    if not parts.logic.possible(choice.formula):
        yield BY_CODE["L101"].at(choice.name, place, f"{name} can never hold: {_clash(asked, parts)}.")
        return
    yield from _always(choice.name, place, name, asked.condition, parts)
    yield from _dead(asked, [(asked.condition, asked.path, "lead")], parts)


def _clash(asked: Asked, parts: Parts) -> str:
    """What excludes each other, named where it is the tests on one field."""
    needed = list(required(compiled(asked.condition, source=asked.source)))
    for subject in dict.fromkeys(each.subject for each in needed):
        own = conjunction(each for each in needed if each.subject == subject)
        if subject.source in {"lead", "account", "event"} and not parts.logic.possible(own):
            return f"its tests on '{subject.name}' exclude each other"
    return "its tests exclude each other"


def _always(at: str, place: str, name: str, condition: Condition, parts: Parts) -> Iterator[Finding]:
    formula = compiled(condition)
    if parts.logic.certain(formula):
        yield BY_CODE["L102"].at(at, place, f"{name} holds for every lead, whatever is known of it.")
        return
    fields = parts.logic.certain_if_known(formula)
    if fields:
        which = listed(fields)
        yield BY_CODE["L102"].at(at, place, f"{name} holds for every lead whose {which} is known, whatever the value.")


# --- parts that cannot hold -----------------------------------------------------------------------------------------


def _dead(asked: Asked, spots: list[Spot], parts: Parts) -> Iterator[Finding]:
    for condition, place, source in spots:
        dead = []
        if isinstance(condition, AnyOf):
            for number, inner in enumerate(condition.any):
                if not parts.logic.possible(compiled(inner, source=source)):
                    dead.append(number)
                    why = "can never hold: its tests exclude each other"
                    sentence = f"Part {number + 1} of an 'any' in '{asked.at}' {why}."
                    yield BY_CODE["L103"].at(asked.at, asked.place((*place, "any", number)), sentence)
        inside = [spot for number, spot in enumerate(_below(condition, place, source)) if number not in dead]
        yield from _dead(asked, inside, parts)


def _below(condition: Condition, place: Place, source: str) -> list[Spot]:
    """The conditions directly inside another."""
    if isinstance(condition, AllOf):
        return [(inner, (*place, "all", number), source) for number, inner in enumerate(condition.all)]
    if isinstance(condition, AnyOf):
        return [(inner, (*place, "any", number), source) for number, inner in enumerate(condition.any)]
    if isinstance(condition, NotOf):
        return [(condition.not_, (*place, "not"), source)]
    if isinstance(condition, EventTest) and condition.where is not None:
        return [(condition.where, (*place, "where"), "event")]
    return []


# --- texts ----------------------------------------------------------------------------------------------------------


def _texts(asked: Asked) -> Iterator[Finding]:
    for test, place in field_tests(asked.condition, asked.path, asked.source):
        yield from _text(asked.at, test, asked.place(place))


def field_tests(
    condition: Condition, place: Place, source: str = "lead"
) -> Iterator[tuple[FieldTest | AccountFieldTest, Place]]:
    """Every test on a field or property in a condition, with its place."""
    if isinstance(condition, FieldTest | AccountFieldTest):
        yield condition, place
    for inner, at, of in _below(condition, place, source):
        yield from field_tests(inner, at, of)


def _text(at: str, test: FieldTest | AccountFieldTest, place: str) -> Iterator[Finding]:
    operator, texts = test.operator, test.argument
    if operator in HOWS:
        found = [pattern(HOWS[operator], text, exact=test.exact) for text in texts]
        never = [text for text, each in zip(texts, found, strict=True) if each.never]
        if never:
            sentence = f"'{at}' asks whether '{test.name}' {_SAID[operator]} {listed(never)}, which no value does."
            yield BY_CODE["L104"].at(at, place, sentence)
        twice = [
            (texts[one], texts[other])
            for one, other in product(range(len(texts)), repeat=2)
            if one != other
            and found[one].implies(found[other])
            and (other < one or not found[other].implies(found[one]))
            and texts[one] not in never
        ]
    elif operator == "one_of" and isinstance(texts, tuple):
        values = [folded(value) if isinstance(value, str) and not test.exact else value for value in texts]
        first = [values.index(value) for value in values]
        twice = [
            (texts[n], texts[before])
            for n, before in enumerate(first)
            if before < n and _alike(texts[n], texts[before])
        ]
    else:
        return
    for text, other in twice[:1]:
        more = f" ({len(twice) - 1} more like it)" if len(twice) > 1 else ""
        sentence = f"In '{at}', {text!r} adds nothing to {other!r} in '{operator}' of '{test.name}'{more}."
        yield BY_CODE["L105"].at(at, place, sentence)


def _alike(one: object, other: object) -> bool:
    return isinstance(one, bool) == isinstance(other, bool)


_SAID = {
    "starts_with": "starts with",
    "ends_with": "ends with",
    "glob": "matches",
    "contains_any": "contains",
    "has_word": "has the word",
}
