"""HubSpot's calculators as what earns points in a rule: conditions, cases, events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from workbench.document import spelled
from workbench.drafts.draft import cleaned, shortened
from workbench.drafts.hubspot_operations import Test, read_operation
from workbench.drafts.reading import NotRead, flaw
from workbench.parsing import MOST_POINTS, plain_number

JsonPlace = tuple[str | int, ...]
MOST_PARTS = 200
"""Most rules that one rule of HubSpot may become."""
ALWAYS: Test = {"event": "any", "count": {"at_least": 0}}
_SEGMENTS = {
    "HAS_ALL_SEGMENT_MEMBERSHIP": "all",
    "HAS_ALL": "all",
    "HAS_AT_LEAST_ONE_SEGMENT_MEMBERSHIP": "any",
    "HAS_AT_LEAST_ONE": "any",
    "HAS_NO_SEGMENT_MEMBERSHIP": "none",
    "HAS_NO": "none",
}
_KEYS = {
    "CONSTANT": ("value",),
    "MATCH": ("property", "matchRules", "defaultValue"),
    "MULTI": ("calculators",),
    "CONDITIONAL": ("whereCondition", "value"),
    "SEGMENT_MEMBERSHIP": ("segmentMembershipRules", "rules"),
    "MULTI_UE": ("eventCalculators",),
    "ASSOCIATIONS": (
        *("associatedObjectTypeId", "associationFilters", "associationSpec", "inverseAssociationSpec"),
        *("recordCalculation", "rollupType"),
    ),
}
COMPANY = "0-2"
PEOPLE = ("0-1", "0-136")


@dataclass(frozen=True)
class Part:
    """What one rule of the model says: its kind with points, a name for it, whether events earn each.

    Attributes:
        name: what it may be called.
        says: `when` and `points`; or `cases` and `default`; or `each` and `points`.
    """

    name: str
    says: Mapping[str, Any]

    @property
    def fades(self) -> bool:
        """Whether a decay can stand beside it."""
        return "each" in self.says


@dataclass
class Notes:
    """What could not be read, and what was assumed, with the place in the JSON; filled while reading."""

    lost: list[tuple[str, str, str, str]] = field(default_factory=list)
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)

    def lose(self, place: JsonPlace, what: Any, reason: str, remedy: str) -> None:
        """List a part that could not be read."""
        self.lost.append((spelled(place), shortened(cleaned(str(what))), reason, remedy))

    def ask(self, place: JsonPlace, what: Any, assumed: str, decide: str) -> None:
        """List what was assumed."""
        self.asked.append((spelled(place), shortened(cleaned(str(what))), assumed, decide))

    def known(self, node: Any, place: JsonPlace, keys: Iterable[str]) -> Mapping[str, Any]:
        """The node as keys with values; a key that the schema does not have is listed."""
        if not isinstance(node, Mapping):
            self.lose(place, node, "Keys with values are expected here.", "Export the score once more.")
            return {}
        for key in node:
            if key not in {*keys, "id", "type"}:
                self.lose((*place, key), key, "A key that the published schema does not have.", "See what it says.")
        return node


@dataclass(frozen=True)
class Parts:
    """Reads calculators.

    Attributes:
        notes: what is listed on the way.
        subject: `field` or `account_field`: whose properties are asked.
        scored: HubSpot's id of the type of object that is scored.
    """

    notes: Notes
    subject: str = "field"
    scored: str = "0-1"

    def read(self, calculation: Any, place: JsonPlace) -> list[Part]:
        """The parts of a calculation; what cannot be read is listed in the notes."""
        kind = str(calculation.get("type") if isinstance(calculation, Mapping) else "none").upper()
        readers: dict[str, Callable[[Mapping[str, Any], JsonPlace], list[Part]]] = {
            "CONSTANT": self._constant,
            "MATCH": self._match,
            "MULTI": self._multi,
            "CONDITIONAL": self._conditional,
            "SEGMENT_MEMBERSHIP": self._segments,
            "MULTI_UE": self._events,
            "ASSOCIATIONS": self._associated,
        }
        if kind == "ASSOCIATION_UE":
            remedy = "Write an event with 'scope: account', or score the associated records apart."
            self.notes.lose(place, kind, "Events of associated records that are rolled up have no counterpart.", remedy)
            return []
        if kind not in readers:
            self.notes.lose(place, kind, f"A calculator of type '{kind}' is not known.", "Write the rule by hand.")
            return []
        return readers[kind](self.notes.known(calculation, place, _KEYS[kind]), place)

    def _constant(self, node: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        points = self.points(node.get("value"), (*place, "value"))
        if points is None:
            return []
        self.notes.ask(place, "CONSTANT", "Every lead gets these points.", "Is that meant?")
        return [Part("everybody", {"when": ALWAYS, "points": points})]

    def _match(self, node: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        """The first match rule whose operation holds gives its value, else the default."""
        cases = []
        for number, rule in enumerate(_list(node.get("matchRules"))):
            at = (*place, "matchRules", number)
            rule = self.notes.known(rule, at, ("operation", "value"))
            when = self.test(node.get("property"), rule.get("operation"), (*at, "operation"))
            points = self.points(rule.get("value"), (*at, "value"))
            if when is not None and points is not None:
                cases.append({"when": when, "points": points})
        default = self.points(node.get("defaultValue", 0), (*place, "defaultValue")) or 0
        if not cases:
            if default:
                self.notes.lose(place, "MATCH", "None of its match rules can be read.", "Write the rule by hand.")
            return []
        name = str(node.get("property"))
        if len(cases) == 1 and not default:
            return [Part(name, cases[0])]
        if len(cases) > 1:
            decide = "Can two of them hold for one record, and do both count then?"
            self.notes.ask(place, f"MATCH {name}", "The first match rule that holds gives its value.", decide)
        return [Part(name, {"cases": cases, "default": default})]

    def _multi(self, node: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        nested = [
            self.read(each, (*place, "calculators", number))
            for number, each in enumerate(_list(node.get("calculators"))[:MOST_PARTS])
        ]
        return [part for parts in nested for part in parts]

    def _conditional(self, node: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        when = self.condition(node.get("whereCondition"), (*place, "whereCondition"))
        points = self.points(node.get("value"), (*place, "value"))
        if when is None or points is None:
            return []
        return [Part("_".join(_names(when)[:2]) or "condition", {"when": when, "points": points})]

    def _segments(self, node: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        key = "segmentMembershipRules" if "segmentMembershipRules" in node else "rules"
        cases, lists = [], []
        for number, rule in enumerate(_list(node.get(key))):
            at = (*place, key, number)
            rule = self.notes.known(rule, at, ("operation", "segmentIds", "value"))
            when = member(str(rule.get("operation")), _list(rule.get("segmentIds")))
            points = self.points(rule.get("value"), (*at, "value"))
            if when is None:
                what = f"{rule.get('operation')} {rule.get('segmentIds')}"
                self.notes.lose(at, what, "An operation on segments that is not known.", "Write the rule by hand.")
            elif points is not None:
                cases.append({"when": when, "points": points})
                lists += [segment(each) for each in _list(rule.get("segmentIds"))]
        if not cases:
            return []
        self.ask_lists(place, lists)
        name = lists[0]
        if len(cases) == 1:
            return [Part(name, cases[0])]
        decide = "Do the values of several segments add up instead?"
        self.notes.ask(place, "SEGMENT_MEMBERSHIP", "The first segment rule that holds gives its value.", decide)
        return [Part(name, {"cases": cases})]

    def ask_lists(self, place: JsonPlace, lists: Sequence[str]) -> None:
        """Ask for the members of segments."""
        names = ", ".join(dict.fromkeys(lists))
        decide = "Export their members and name the files under 'lists' in history.yaml; the plan must allow them."
        self.notes.ask(place, names, "Segments are lists of lead ids by these names.", decide)

    def _events(self, node: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        parts: list[Part] = []
        for number, entry in enumerate(_list(node.get("eventCalculators"))[:MOST_PARTS]):
            at = (*place, "eventCalculators", number)
            keys = ("eventTypeId", "recordCalculation", "eventFrequencyCriteria", "eventTimeframe")
            parts += EventParts(self).read(self.notes.known(entry, at, keys), at)
        return parts

    def _associated(self, node: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        of, filters = str(node.get("associatedObjectTypeId")), node.get("associationFilters") or {}
        bare = not (filters.get("propertyFilters") if isinstance(filters, Mapping) else filters)
        if of != COMPANY or self.scored not in PEOPLE or not bare or self.subject != "field":
            what = f"ASSOCIATIONS {node.get('rollupType')} over {of}"
            remedy = "For companies: write tests on 'account_field'; for scores of companies: 'account: {roll_up: …}'."
            self.notes.lose(place, what, "A roll-up over associated records that is not one company.", remedy)
            return []
        assumed = "A lead has one account: the roll-up over companies is what that one says."
        self.notes.ask(
            place, f"ASSOCIATIONS {node.get('rollupType')}", assumed, "Do your leads have several companies?"
        )
        inner = Parts(self.notes, "account_field", self.scored)
        return inner.read(node.get("recordCalculation"), (*place, "recordCalculation"))

    def points(self, value: Any, place: JsonPlace) -> int | float | None:
        """A number of points; None (and listed) if it is none."""
        try:
            number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
            fits = number.is_finite() and abs(number) <= MOST_POINTS and number == round(number, 3)
        except (InvalidOperation, ValueError):
            fits = False
        if not fits:
            reason = f"No number of points up to {MOST_POINTS:,} with three decimals."
            self.notes.lose(place, value, reason, "Correct the number in HubSpot, or write the rule by hand.")
            return None
        return plain_number(number)

    def test(self, name: Any, operation: Any, place: JsonPlace) -> Test | None:
        """The test on a property; None (and listed) if it cannot be read."""
        if not isinstance(name, str) or not name or not name.isprintable():
            self.notes.lose(place, name, "No property is named.", "Export the score once more.")
            return None
        found = read_operation({self.subject: name}, operation)
        if isinstance(found, NotRead):
            said = operation.get("operator") if isinstance(operation, Mapping) else operation
            self.notes.lose(place, f"{name} {said}", found.reason, found.remedy)
            return None
        wrong = flaw(found)
        if wrong:
            self.notes.lose(place, name, f"The model language expects {wrong}.", "Write the test by hand.")
            return None
        return found

    def condition(self, node: Any, place: JsonPlace, depth: int = 0) -> Test | None:
        """A composite or single condition; None if any part of it cannot be read, so that it never says less."""
        if depth > 20:
            self.notes.lose(place, "COMPOSITE", "Nested more than 20 times.", "Write the condition by hand.")
            return None
        node = self.notes.known(node, place, ("conditions", "operator", "operation", "property"))
        if "property" in node:
            return self.test(node["property"], node.get("operation"), (*place, "operation"))
        joined = {"AND": "all", "OR": "any"}.get(str(node.get("operator", "AND")).upper())
        parts = [
            self.condition(each, (*place, "conditions", number), depth + 1)
            for number, each in enumerate(_list(node.get("conditions")))
        ]
        if joined is None or not parts:
            self.notes.lose(place, node.get("operator"), "Conditions that are not joined by AND.", "Write it by hand.")
            return None
        read = [part for part in parts if part is not None]
        if len(read) < len(parts):
            return None
        return read[0] if len(read) == 1 else {joined: read}


@dataclass(frozen=True)
class EventParts:
    """Reads the calculators of events."""

    parts: Parts

    def read(self, entry: Mapping[str, Any], place: JsonPlace) -> list[Part]:
        """The parts of one entry of `eventCalculators`."""
        notes = self.parts.notes
        name = str(entry.get("eventTypeId") or "")
        if not name or not name.isprintable():
            notes.lose((*place, "eventTypeId"), name, "No type of event is named.", "Export the score once more.")
            return []
        window = self._window(entry.get("eventTimeframe"), (*place, "eventTimeframe"))
        if window is None:
            return []
        events = {"event": name, **window}
        notes.ask(place, name, f"Events called '{name}' count.", "What is this type of event called in your data?")
        if entry.get("eventFrequencyCriteria") is not None:
            return self._steps(entry, events, place)
        return self._each(entry.get("recordCalculation"), events, (*place, "recordCalculation"))

    def _window(self, node: Any, place: JsonPlace) -> Test | None:
        """The window of an event as keys of an event filter; None (and listed) if it cannot be read."""
        if node is None:
            return {}
        notes = self.parts.notes
        operation = notes.known(node, place, ("eventFilterOperation",)).get("eventFilterOperation")
        found = read_operation({}, operation)
        if isinstance(found, NotRead):
            notes.lose(place, "eventTimeframe", found.reason, "Write the window by hand: within, after and before.")
            return None
        found = {key: value for test in found.get("all", [found]) for key, value in test.items() if key != "missing"}
        if not found or set(found) - {"within", "older_than", "after", "before"}:
            notes.lose(place, "eventTimeframe", "A timeframe that is no window of time.", "Write the window by hand.")
            return None
        return found

    def _each(self, calculation: Any, events: Test, place: JsonPlace) -> list[Part]:
        """Points for every event, by what its own properties say."""
        notes, name = self.parts.notes, events["event"]
        kind = str(calculation.get("type") if isinstance(calculation, Mapping) else "none").upper()
        if kind == "CONSTANT":
            points = self.parts.points(calculation.get("value"), (*place, "value"))
            return [] if points is None else [Part(name, {"each": events, "points": points})]
        if kind == "MULTI":
            nested = enumerate(_list(calculation.get("calculators"))[:MOST_PARTS])
            return [part for n, each in nested for part in self._each(each, events, (*place, "calculators", n))]
        if kind not in {"MATCH", "CONDITIONAL"}:
            reason = f"A calculator of type '{kind}' on events has no counterpart."
            notes.lose(place, f"{name} {kind}", reason, "Write the rule by hand.")
            return []
        inner = Parts(notes, "field", self.parts.scored)
        made: list[Part] = []
        for part in inner.read(calculation, place):
            made += self._by_case(part, events, place)
        return made

    def _by_case(self, part: Part, events: Test, place: JsonPlace) -> list[Part]:
        """A rule of events for each case: those that it takes and no earlier case does."""
        cases = part.says.get("cases") or [{"when": part.says["when"], "points": part.says["points"]}]
        if any(_relative(case["when"]) for case in cases):
            reason = "An event's own property is asked for its age."
            self.parts.notes.lose(place, events["event"], reason, "Use the event's own window instead.")
            return []
        made: list[Part] = []
        earlier: list[Test] = []
        for case in cases:
            where = case["when"] if not earlier else {"all": [case["when"], *({"not": each} for each in earlier)]}
            made.append(
                Part(f"{events['event']}_{part.name}", {"each": {**events, "where": where}, "points": case["points"]})
            )
            earlier.append(case["when"])
        if part.says.get("default"):
            where = {"not": {"any": earlier}} if len(earlier) > 1 else {"not": earlier[0]}
            made.append(
                Part(f"{events['event']}_other", {"each": {**events, "where": where}, "points": part.says["default"]})
            )
        return made

    def _steps(self, entry: Mapping[str, Any], events: Test, place: JsonPlace) -> list[Part]:
        """A table of points by the number of events."""
        notes, at = self.parts.notes, (*place, "eventFrequencyCriteria")
        ranges = _list(notes.known(entry["eventFrequencyCriteria"], at, ("ranges",)).get("ranges"))
        record = entry.get("recordCalculation") or {}
        if not isinstance(record, Mapping) or str(record.get("type", "CONSTANT")).upper() != "CONSTANT":
            reason = "A frequency of events that are chosen by their properties."
            notes.lose((*place, "recordCalculation"), "MULTI_UE", reason, "Write a 'where' beside the event.")
            return []
        cases = []
        for number, each in enumerate(ranges):
            spot = (*at, "ranges", number)
            each = notes.known(each, spot, ("from", "to", "value"))
            bound = _bound(each)
            points = self.parts.points(each.get("value"), (*spot, "value"))
            if bound is None:
                notes.lose(spot, dict(each), "A range of counts that cannot be read.", "Write the case by hand.")
            elif points is not None:
                cases.append({"when": {**events, "count": bound}, "points": points})
        if record.get("value"):
            assumed = f"The points of the ranges count, not the {record['value']} of each event."
            notes.ask(at, events["event"], assumed, "Is that what HubSpot does for your score?")
        if any(str(each.get("type")) == "BETWEEN" for each in ranges if isinstance(each, Mapping)):
            notes.ask(at, events["event"], "'to' is included in a range of counts.", "Is it?")
        if not cases:
            notes.lose(at, events["event"], "None of its ranges can be read.", "Write the rule by hand.")
            return []
        return [Part(f"{events['event']}_times", {"cases": cases})]


def member(operation: str, segments: Sequence[Any]) -> Test | None:
    """Whether a lead is in segments: in all, in any or in none of them."""
    names = [segment(each) for each in segments]
    how = _SEGMENTS.get(operation.upper())
    if how is None or not names:
        return None
    if how == "all" and len(names) > 1:
        return {"all": [{"member_of": name} for name in names]}
    return {"not": {"member_of": names}} if how == "none" else {"member_of": names}


def segment(identity: Any) -> str:
    """The name of the list that holds a segment's members."""
    return f"segment_{cleaned(str(identity))}"


def _bound(node: Mapping[str, Any]) -> dict[str, Any] | None:
    low, high, kind = node.get("from"), node.get("to"), str(node.get("type", "")).upper()
    if isinstance(low, bool) or not isinstance(low, int) or not 0 <= low <= 10**9:
        return None
    if kind == "AT_LEAST":
        return {"at_least": low}
    if kind == "EXACTLY":
        return {"equals": low}
    if kind != "BETWEEN" or isinstance(high, bool) or not isinstance(high, int) or not low <= high < 10**9:
        return None
    return {"between": [low, high + 1]}


def _relative(test: Any) -> bool:
    """Whether a condition asks for ages."""
    if isinstance(test, Mapping):
        asked = {"within", "older_than", "in_next", "changed_within"}
        return bool(asked & set(test)) or any(_relative(each) for each in test.values())
    return isinstance(test, (list, tuple)) and any(_relative(each) for each in test)


def _names(test: Any) -> list[str]:
    """The fields that a condition asks, in order."""
    if isinstance(test, Mapping):
        own = [str(test[key]) for key in ("field", "account_field") if isinstance(test.get(key), str)]
        return list(dict.fromkeys([*own, *(name for each in test.values() for name in _names(each))]))
    return [name for each in test for name in _names(each)] if isinstance(test, (list, tuple)) else []


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
