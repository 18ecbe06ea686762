"""An example of one form: a snippet of a model file, what it gives on the page's past, and the model around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from workbench.document import Document, read_document
from workbench.errors import ModelError
from workbench.model import Model, parse_model

Slot = Literal["test", "each", "rule", "model", "variant"]
Shows = Literal["test", "points", "tier", "account", "account tier"]

AROUND = """\
format: lead-scoring-model/1
name: example
dimensions: {fit: {}, engagement: {}}
rules:
  - {id: large, in: fit, when: {field: employees, at_least: 200}, points: 20}
  - {id: visits, in: engagement, each: {event: visit}, points: 4}
"""
"""The model around examples of other parts than rules: lead 1 has 20 + 16 points, lead 2 has 0 + 4."""


@dataclass(frozen=True)
class Example:
    """A snippet and what it gives.

    Attributes:
        text: YAML, as it stands in a file.
        one, two: what lead 1 and lead 2 get; for an account, `one` is what their account gets.
        slot: what the snippet is: a condition, the events of an `each` rule of 1 point, a rule, keys of the model
            around it, or a variant of that model.
        shows: what is told of each lead: whether the test holds, its points, or its tier.
    """

    text: str
    one: str
    two: str
    slot: Slot
    shows: Shows = "points"

    @property
    def result(self) -> str:
        """What it gives, in words."""
        if self.shows in {"account", "account tier"}:
            return f"{self.one} for their account"
        return f"{self.one} for lead 1, {self.two} for lead 2"

    @property
    def model(self) -> Model:
        """The smallest model that holds the snippet."""
        return parse_model(Document("example", self._data(), {}, ""))

    def _data(self) -> dict[str, Any]:
        around = read_document(AROUND, ModelError).data
        own = read_document(self.text, ModelError, name="example").data
        if self.slot == "model":
            return {**around, **own}
        if self.slot == "variant":
            return {**around, "variants": [{"name": "example", **own}]}
        rule = {"test": {"when": own, "points": 1}, "each": {"each": own, "points": 1}}.get(self.slot, own)
        return {**around, "rules": [{"id": "example", "in": "fit", **rule}]}


@dataclass(frozen=True)
class Entry:
    """What the page says of one or several keys of a class.

    Attributes:
        keys: as they stand in the file.
        says: the meaning, where the class's own `Attributes` do not give it.
        examples: at least one.
    """

    keys: tuple[str, ...]
    says: str
    examples: tuple[Example, ...]


def entry(keys: str, *examples: Example, says: str = "") -> Entry:
    """An entry for keys that are separated by blanks."""
    return Entry(tuple(keys.split()), says, examples)


def holds(text: str, one: bool, two: bool) -> Example:  # noqa: FBT001, RUF100  (the two answers of a test)
    """A condition, and whether it holds for the two leads."""
    return Example(text, str(one).lower(), str(two).lower(), "test", "test")


def each(text: str, one: float, two: float) -> Example:
    """A set of events, and how many pass for the two leads."""
    return Example(text, f"{one:g}", f"{two:g}", "each")


def rule(text: str, one: float, two: float) -> Example:
    """A rule, and what it pays for the two leads."""
    return Example(text, f"{one:.12g}", f"{two:.12g}", "rule")


def score(text: str, one: float, two: float) -> Example:
    """Keys of the model, and the score of the two leads."""
    return Example(text, f"{one:.12g}", f"{two:.12g}", "model")


def tier(text: str, one: str, two: str) -> Example:
    """Keys of the model, and the tier of the two leads."""
    return Example(text, one, two, "model", "tier")


def account(text: str, one: float) -> Example:
    """The account's score, for the account of the two leads."""
    return Example(text, f"{one:.12g}", "", "model", "account")
