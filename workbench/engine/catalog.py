"""What may be asked of a history, and the cells that names of fields, properties and lists stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.document import Document, Place
from workbench.engine.lowered import BUILT_IN, Cell, Kind, Source
from workbench.errors import InputError, ModelError
from workbench.parsing import did_you_mean, place_of

LEAD_ID, ACCOUNT_ID = "lead_id", "account_id"
KIND_WORDS: dict[Kind, str] = {"text": "texts", "number": "numbers", "boolean": "true and false", "time": "times"}
_SOURCES: dict[Source, str] = {
    "lead": "a field of leads",
    "account": "a field of accounts",
    "event": "a property of events",
}
_NEEDED = {
    "stage": "the history has stages with dates",
    "created_at": "leads have dates",
    "recorded_score": "the history has recorded scores",
}
"""What built-in fields are made of."""


def _ids() -> dict[str, Kind]:
    return {LEAD_ID: "text"}


@dataclass(frozen=True)
class Catalog:
    """What may be asked of a history: names and kinds, nothing of its content.

    Attributes:
        lead, account, properties: kind by name.
        lists: values by name of list.
        dated: whether leads have an as_of, so that events and ages mean something.
        built_in: kind by name of the built-in fields there are: `stage`, `created_at`, `recorded_score`; besides
            them, for lists of members only, `lead_id`, and `account_id` where leads have accounts.
        changes: whether a table of changes dates what fields held.
    """

    lead: Mapping[str, Kind] = field(default_factory=dict)
    account: Mapping[str, Kind] = field(default_factory=dict)
    properties: Mapping[str, Kind] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dated: bool = True
    built_in: Mapping[str, Kind] = field(default_factory=_ids)
    changes: bool = False

    def names(self, source: Source) -> dict[str, Kind]:
        """Kind by the names that a test may use; built-in fields are asked like fields of leads."""
        if source == "event":
            return dict(self.properties)
        if source == "account":
            return dict(self.account)
        return {**self.lead, **{name: kind for name, kind in self.built_in.items() if name in BUILT_IN}}


@dataclass(frozen=True)
class Binding:
    """Binds names to a catalog; messages name places in the document.

    Attributes:
        catalog: what may be asked.
        document: the file that the conditions come from, for messages.
        error: the class of error to raise.
        short: the place that every message names instead of its own: that of a short form, whose conditions the
            author never wrote.
    """

    catalog: Catalog
    document: Document | None = None
    error: type[InputError] = ModelError
    short: Place | None = None

    def refused(self, place: Place, *, expected: str, found: str, remedy: str) -> InputError:
        """An error at a place of the document."""
        where = place_of(self.short if self.short is not None else place, self.document)
        return self.error.at(where, expected=expected, found=found, remedy=remedy)

    def unfit(self, cell: Cell, place: Place, *, expected: str, found: str, remedy: str) -> InputError:
        """The error for a test that does not fit the kind of values that a cell holds."""
        told = f"{expected} {KIND_WORDS[cell.kind]}, which '{cell.name}' holds"
        return self.refused(place, expected=told, found=found, remedy=remedy)

    def cell(self, source: Source, name: str, place: Place) -> Cell:
        """The cell that a name stands for: built-in fields first, then those of the source.

        Raises:
            InputError: if the source has nothing of that name.
        """
        known = self.catalog.names(source)
        if name in known:
            built_in = source == "lead" and name in BUILT_IN and name in self.catalog.built_in
            return Cell("built in" if built_in else source, name, known[name])
        remedy = did_you_mean(name, known)
        if source == "lead" and name in _NEEDED:
            remedy = f"It is built in where {_NEEDED[name]}; map those, or leave this test out."
        if source == "lead" and name in self.catalog.account:
            remedy = f"Write 'account_field: {name}'."
        if source == "account" and name in self.catalog.names("lead"):
            remedy = f"Write 'field: {name}'."
        raise self.refused(place, expected=_SOURCES[source], found=repr(name), remedy=remedy)

    def listed(self, name: str, place: Place) -> tuple[str, ...]:
        """The values of a list of the history.

        Raises:
            InputError: if the history has no list of that name.
        """
        if name in self.catalog.lists:
            return self.catalog.lists[name]
        remedy = "The mapping has no lists; declare it under 'lists', or write the values out."
        if self.catalog.lists:
            remedy = did_you_mean(name, self.catalog.lists)
        raise self.refused(place, expected="a list of the history", found=repr(name), remedy=remedy)
