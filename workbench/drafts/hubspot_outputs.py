"""HubSpot's outputs as tiers, or as a matrix of grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.document import spelled
from workbench.drafts.draft import Entry, cleaned
from workbench.drafts.hubspot_parts import JsonPlace, Notes, Parts

_KEYS = (
    *("outputType", "categories", "boundaries", "propertyName", "propertyLabel", "propertyDescription"),
    *("propertyGroup", "internalPropertyName"),
)
_SIDES = {"FIT": "fit", "INTENT": "engagement"}


def read_outputs(node: Any, notes: Notes, dimensions: Sequence[str], entries: list[Entry]) -> dict[str, Any]:
    """The keys `tiers` and `matrix` of a model; what cannot be read is listed in the notes, what is read in entries."""
    outputs = notes.known(node, ("outputConfiguration",), ("outputs",)).get("outputs") if node is not None else []
    found: dict[str, Any] = {}
    listed = list(enumerate(outputs if isinstance(outputs, list) else []))
    listed.sort(key=lambda each: str(each[1].get("outputType") if isinstance(each[1], Mapping) else "") != "MATRIX")
    for number, output in listed:
        place: JsonPlace = ("outputConfiguration", "outputs", number)
        output = notes.known(output, place, _KEYS)
        kind = str(output.get("outputType", "")).upper()
        label = cleaned(str(output.get("propertyLabel") or output.get("propertyName") or kind))
        if kind == "SCORE":
            entries.append(Entry(spelled(place), label, "", "nothing", "the score itself"))
        elif kind == "THRESHOLD":
            _take(found, _thresholds(output, place, notes, dimensions), place, label, notes, entries)
        elif kind == "MATRIX":
            _take(found, _matrix(output, place, notes, dimensions), place, label, notes, entries)
        else:
            notes.lose(place, kind, "An output of a type that is not known.", "Write the tiers by hand.")
            entries.append(Entry(spelled(place), label, "", "unread"))
    return found


def _take(
    found: dict[str, Any], made: dict[str, Any], place: JsonPlace, label: str, notes: Notes, entries: list[Entry]
) -> None:
    if made and "tiers" in found:
        remedy = "Keep the one that decides; a model has one list of tiers."
        notes.lose(place, label, "A second output that gives tiers.", remedy)
        made = {}
    if not made and not any(each[0].startswith(spelled(place)) for each in notes.lost):
        notes.lose(place, label, "It has no boundaries that can be read.", "Write the tiers by hand.")
    found.update(made)
    names = ", ".join(tier["name"] for tier in made.get("tiers", []))
    entries.append(Entry(spelled(place), label, "", "tier" if made else "unread", names))


def _thresholds(output: Mapping[str, Any], place: JsonPlace, notes: Notes, dimensions: Sequence[str]) -> dict[str, Any]:
    """Tiers by the total score."""
    named = output.get("categories")
    categories = [_SIDES.get(str(each), str(each)) for each in (named if isinstance(named, list) else [])]
    if categories and set(categories) < set(dimensions):
        reason = f"Its thresholds are for {', '.join(categories)} alone; tiers go by the total score."
        notes.lose(place, "THRESHOLD", reason, "Write 'require' beside a tier, or a matrix.")
        return {}
    steps = _boundaries(output.get("boundaries"), (*place, "boundaries"), notes)
    return {"tiers": [{"name": name, "from": least} for name, least in steps]} if steps else {}


def _matrix(output: Mapping[str, Any], place: JsonPlace, notes: Notes, dimensions: Sequence[str]) -> dict[str, Any]:
    """Grades from both dimensions; each grade is a tier of its own."""
    at = (*place, "boundaries")
    boundaries = output.get("boundaries")
    sides: dict[str, list[tuple[str, Any]]] = {}
    for key, steps in boundaries.items() if isinstance(boundaries, Mapping) else ():
        side = _SIDES.get(str(key).upper())
        if side in dimensions and side is not None:
            sides[side] = _boundaries(steps, (*at, str(key)), notes)
    if set(sides) != {"fit", "engagement"} or not all(sides.values()):
        notes.lose(
            at, "MATRIX", "Boundaries of FIT and INTENT are expected, with groups of both.", "Write the matrix by hand."
        )
        return {}
    rows, columns = sides["fit"], sides["engagement"]
    grades = [f"{row}{column}" for row, _ in rows for column, _ in columns]
    if len(set(grades)) < len(grades):
        notes.lose(at, "MATRIX", "Two grades would have one name.", "Rename a row or a column.")
        return {}
    decide = "Which grades does sales take (tiers: {A1: MQL, …}), and in which order do they rank?"
    notes.ask(place, "MATRIX", "Each grade is a tier of its own, ranked by row and then by column.", decide)
    return {
        "tiers": [{"name": grade} for grade in grades],
        "matrix": {
            "rows": {"dimension": "fit", "from": dict(rows)},
            "columns": {"dimension": "engagement", "from": dict(columns)},
            "tiers": {grade: grade for grade in grades},
        },
    }


def _boundaries(node: Any, place: JsonPlace, notes: Notes) -> list[tuple[str, Any]]:
    """Names with their least points, from the lowest."""
    parts = Parts(notes)
    found: dict[str, Any] = {}
    for number, each in enumerate(node if isinstance(node, list) else []):
        at = (*place, number)
        each = notes.known(each, at, ("label", "threshold", "color", "newLabel"))
        name = cleaned(str(each.get("newLabel") or each.get("label") or ""))[:80]
        least = parts.points(each.get("threshold"), (*at, "threshold"))
        if least is None:
            continue
        if not name or name in found or least in found.values():
            notes.lose(at, name, "A boundary without a name or threshold of its own.", "Correct it by hand.")
            continue
        found[name] = least
    return sorted(found.items(), key=lambda each: each[1])
