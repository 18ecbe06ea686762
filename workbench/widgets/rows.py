"""What the page needs to show the knobs of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.tuning import Knob, RuleRow, Section


def section_rows(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """The sections as plain data for `Controls`."""
    names = knob_names(sections)
    return [_section(section, names) for section in sections]


def knob_names(sections: Sequence[Section]) -> dict[str, str]:
    """The name of every control by its path, as people hear it: `seniority, chief: points`."""
    names: dict[str, str] = {}
    for section in sections:
        names |= {knob.path: f"{_title(section)}: {knob.label}" for knob in section.caps}
        for row in section.rules:
            rule = _called(row)
            names[row.on.path] = f"{rule}: on"
            names |= {knob.path: f"{rule}: {knob.label}" for knob in row.knobs}
            names |= {knob.path: f"{rule}, {knob.label}: points" for knob in row.cases}
    return names


def spoken_names(sections: Sequence[Section]) -> dict[str, str]:
    """The same as a sentence names them: `lowest score of MQL`, `Fit: cap of the dimension, upper end`."""
    names = knob_names(sections)
    for section in sections:
        for knob in section.caps:
            if _begins_tier(knob):
                names[knob.path] = f"lowest score of {knob.label}"
            elif knob.kind == "cap":
                lower, upper = (names[knob.path].removesuffix(f": {word}") for word in ("least", "most"))
                names[knob.path] = f"{lower}, lower end" if lower != names[knob.path] else f"{upper}, upper end"
    return names


def points_paths(row: RuleRow) -> list[tuple[str, str]]:
    """Path of the points, and name of the case in `rule_evidence`: for each case, or for the rule itself."""
    if row.cases:
        return list(zip((knob.path for knob in row.cases), row.evidence, strict=True))
    own = [knob.path for knob in row.knobs if knob.kind == "points"]
    return [(own[0] if own else row.on.path, case) for case in row.evidence[:1]]


def plain(value: Any) -> Any:
    """A knob's value as the page holds it: whole numbers without a fraction, so that both sides spell them alike."""
    if isinstance(value, bool) or value is None:
        return value
    number = float(value)
    return int(number) if number.is_integer() else number


def _begins_tier(knob: Knob) -> bool:
    return knob.kind == "threshold" and knob.path.endswith(".from")


def _title(section: Section) -> str:
    return section.name[:1].upper() + section.name[1:]


def _called(row: RuleRow) -> str:
    return row.id.replace("_", " ")


def _section(section: Section, names: Mapping[str, str]) -> dict[str, Any]:
    rules = len(section.rules)
    return {
        "name": section.name,
        "title": _title(section),
        "note": "" if not rules else "1 rule" if rules == 1 else f"{rules} rules",
        "caps": [_knob(knob, names) for knob in section.caps],
        "rules": [_rule(row, names) for row in section.rules],
    }


def _rule(row: RuleRow, names: Mapping[str, str]) -> dict[str, Any]:
    paths = points_paths(row)
    return {
        "id": row.id,
        "name": _called(row),
        "title": row.title,
        "why": row.why,
        "on": _knob(row.on, names),
        "knobs": [_knob(knob, names) for knob in row.knobs],
        "cases": [{**_knob(knob, names), "case": True} for knob in row.cases],
        "evidence": "" if row.cases or not paths else paths[0][0],
    }


def _knob(knob: Knob, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "path": knob.path,
        "name": names[knob.path],
        "label": knob.label,
        "base": plain(knob.value),
        "low": plain(knob.low),
        "high": plain(knob.high),
        "step": plain(knob.step),
        "unit": knob.unit,
        "fixed": knob.fixed,
    }
