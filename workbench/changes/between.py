"""What differs between two models, in people's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from workbench.changes.change import NONE, Change, Changes, Side, Spot
from workbench.changes.parts import (
    account_changes,
    gate_lists,
    homes,
    matrix_changes,
    score_changes,
    silence_changes,
    tier_lists,
)
from workbench.changes.renames import renamed_dimensions, renamed_groups, with_homes, with_ids
from workbench.changes.rules import Place, renamed, rule_lists
from workbench.changes.variants import variant_lists
from workbench.document import Document
from workbench.model import Model, Variant, parse_model


def diff(old: Model, new: Model) -> Changes:
    """What differs between two models, in people's words.

    Rules, tiers, gates and variants are matched by name; a rule that is the same under another id is renamed. Where
    the scoring digests are equal no line says that it touches scores: the models say the same in different forms.

    Args:
        old, new: two models; they need not be versions of one another.

    Returns:
        the changes: empty only if the two files say the same.

    >>> from workbench.model import change_model, parse_model
    >>> small = parse_model('''
    ... format: lead-scoring-model/1
    ... name: small
    ... dimensions: {fit: {max: 60}}
    ... rules: [{id: eu, in: fit, when: {field: region, equals: EU}, points: 5}]
    ... ''')
    >>> print(diff(small, change_model(small, {"rules.eu.points": 7, "dimensions.fit.max": 50})))
    small version 1 -> small version 1: scores can change (2 changes, 2 of them touching scores).
      fit: cap 60 -> 50
      eu: +5 -> +7
    """
    lines = list(_texts(Spot("", "words"), old, new))
    lines += _model(Spot(""), old, new)
    sides = Side.of(old), Side.of(new)
    if sides[0].scoring_digest == sides[1].scoring_digest:
        lines = [replace(line, touches="form") if line.touches == "scores" else line for line in lines]
    lines.sort(key=lambda line: line.touches != "scores")
    return Changes(*sides, tuple(lines))


def _texts(spot: Spot, old: Model, new: Model) -> Iterator[Change]:
    for name in ("name", "version", "about", "owner"):
        before, after = str(getattr(old, name)), str(getattr(new, name))
        if before != after:
            sides = [side if name in {"name", "version"} else f"'{side}'" if side else NONE for side in (before, after)]
            yield spot.inside("model").changed(name, sides[0], sides[1])


def _model(spot: Spot, old: Model, new: Model) -> list[Change]:
    """The changes of what two models say, but for their names."""
    lines: list[Change] = []
    old = _alike(spot, old, new, lines)
    place = _places(spot, old, new)
    lines += homes(spot, "dimension", old.dimensions, new.dimensions, place("dimension"))
    lines += homes(spot, "group", old.groups, new.groups, place("group"))
    lines += rule_lists(spot, old.rules, new.rules, place=place("rule"))
    lines += score_changes(spot.inside("score"), old.score, new.score)
    lines += tier_lists(spot, old.tiers, new.tiers, place("tier"))
    lines += matrix_changes(spot, old.matrix, new.matrix)
    lines += gate_lists(spot, old.gates, new.gates, place("gate"))
    lines += variant_lists(spot, _with_models(old), _with_models(new), inner=_inner)
    lines += account_changes(spot, old.account, new.account)
    lines += silence_changes(spot, old.silence, new.silence)
    return lines


def _alike(spot: Spot, old: Model, new: Model, lines: list[Change]) -> Model:
    """The old model with the new one's names for parts that were only renamed, which is told in `lines`."""

    def told(what: str, names: dict[str, str]) -> dict[str, str]:
        lines.extend(
            spot.inside(f"{what} {before}").touching("form").told("renamed", old=before, new=after)
            for before, after in names.items()
        )
        return names

    old = with_homes(old, told("group", renamed_groups(old, new)))
    old = with_homes(old, told("dimension", renamed_dimensions(old, new)))
    old = with_homes(old, told("group", renamed_groups(old, new)))  # empty ones, whose dimension has a new name too
    return with_ids(old, told("rule", renamed(old.rules, new.rules)))


def _inner(spot: Spot, old: Model, new: Model) -> Iterator[Change]:
    yield from _texts(spot.touching("words"), old, new)
    yield from _model(spot, old, new)


def _places(spot: Spot, old: Model, new: Model) -> Callable[[str], Place]:
    """A part's place: its name, with what it is where the name alone could mean two parts."""
    kinds: dict[str, set[str]] = {}
    for model in (old, new):
        named = {
            "dimension": list(model.dimensions),
            "group": list(model.groups),
            "rule": [rule.id for rule in model.rules],
            "tier": [tier.name for tier in model.tiers],
            "gate": [gate.id for gate in model.gates],
            "part": ["score", "matrix", "account score", "model"],
            "grade": list(model.matrix.grades) if model.matrix is not None else [],
        }
        for kind, names in named.items():
            for name in names:
                kinds.setdefault(name, set()).add(kind)

    def of(kind: str) -> Place:
        return lambda name: spot.inside(name if len(kinds[name]) == 1 else f"{kind} {name}")

    return of


def _with_models(model: Model) -> list[tuple[Variant, Model | None]]:
    """Each variant with the model that it uses."""
    found: list[tuple[Variant, Model | None]] = []
    for variant, data in zip(model.variants, model.plain()["variants"], strict=True):
        inner = data.get("model")
        found.append((variant, None if inner is None else parse_model(Document(variant.name, inner, {}, ""))))
    return found
