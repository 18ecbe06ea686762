"""Parts that only have another name: found, and named alike in the old model so that a new name is told only once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.changes.compare import same
from workbench.document import Document
from workbench.model import Model, parse_model

Names = Mapping[str, str]


def renamed_groups(old: Model, new: Model) -> dict[str, str]:
    """Groups of the old model that stand in the new one under another name: their rules moved along."""
    members = [{rule.id: rule.in_ for rule in side.rules} for side in (old, new)]
    return _renamed(old, new, members[0], members[1], kind="groups")


def renamed_dimensions(old: Model, new: Model) -> dict[str, str]:
    """Likewise dimensions, with their rules and groups; groups are already named alike."""
    members: list[dict[str, str]] = []
    for side in (old, new):
        rules = {f"rule {rule.id}": rule.in_ for rule in side.rules}
        members.append(rules | {f"group {name}": group.in_ for name, group in side.groups.items()})
    return _renamed(old, new, members[0], members[1], kind="dimensions")


def _renamed(old: Model, new: Model, before: Names, after: Names, *, kind: str) -> dict[str, str]:
    """New names by old ones; `before` and `after` say what stands where.

    A name that left and a name that came are one part if whatever stood in the one and is still there stands in the
    other, and if no other part that left claims the same name; parts without anything in them, if they are the same.
    """
    parts, others = getattr(old, kind), getattr(new, kind)
    taken, kept = {*old.dimensions, *old.groups}, {*new.dimensions, *new.groups}
    empty = {name for name in others if name not in after.values()}
    found: dict[str, str] = {}
    for name in parts:
        homes = {after[member] for member, home in before.items() if home == name and member in after}
        if name not in before.values():
            homes = {other for other in empty if same(parts[name], others[other])}
        if name not in kept and len(homes) == 1 and homes <= {*others} - taken:
            found[name] = homes.pop()
    claimed = list(found.values())
    return {name: other for name, other in found.items() if claimed.count(other) == 1}


def with_homes(model: Model, names: Names) -> Model:
    """The model with dimensions or groups renamed wherever they are named."""
    if not names:
        return model
    data = model.plain()
    for key in ("dimensions", "groups"):
        data[key] = _keys(data[key], names)
    rules = [*data["rules"]]
    for variant in data["variants"]:
        variant["multiply"]["dimensions"] = _keys(variant["multiply"]["dimensions"], names)
        rules += [*variant["override"], *variant["add"]]
    for part in (*rules, *data["groups"].values()):
        part["in"] = names.get(part["in"], part["in"])
    data["score"]["weights"] = _keys(data["score"]["weights"], names)
    for tier in data["tiers"]:
        tier["require"] = _keys(tier["require"], names)
    for axis in (data["matrix"]["rows"], data["matrix"]["columns"]) if "matrix" in data else ():
        axis["dimension"] = names.get(axis["dimension"], axis["dimension"])
    return _named_at(model, data, names)


def with_ids(model: Model, ids: Names) -> Model:
    """The model with rules renamed wherever they are named."""
    taken = {rule.id for variant in model.variants for rule in variant.add}
    if not ids or taken & set(ids.values()):
        return model
    data = model.plain()
    for rule in data["rules"]:
        rule["id"] = ids.get(rule["id"], rule["id"])
    for variant in data["variants"]:
        variant["multiply"]["rules"] = _keys(variant["multiply"]["rules"], ids)
        variant["drop"] = [ids.get(name, name) for name in variant["drop"]]
        for rule in variant["override"]:
            rule["id"] = ids.get(rule["id"], rule["id"])
    return _named_at(model, data, ids)


def _keys(data: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in data.items()}


def _named_at(model: Model, data: dict[str, Any], names: Names) -> Model:
    for silence in data["silence"]:
        silence["at"] = names.get(silence["at"], silence["at"])
    return parse_model(Document(model.name, data, {}, ""))
