"""Everything that can be turned in a model, in the model's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from workbench.model import Axis, Model, Tier, Variant
from workbench.model.paths import under
from workbench.observation import Observations
from workbench.tuning.knob import Knob, Section
from workbench.tuning.made import cap_knobs, decay_knobs, factor, threshold, window_knobs
from workbench.tuning.movable import marked
from workbench.tuning.rule_row import rule_row
from workbench.tuning.spans import Spans, spans
from workbench.tuning.variants import used_models


def knobs(model: Model, seen: Observations) -> tuple[Section, ...]:
    """What can be turned in a model, and what of it cannot be moved on these observations.

    Sections in the model's order: one for each dimension (its cap, weight, fading, the caps of its groups, its rules),
    one for each variant (its multipliers, thresholds and own rules; a model that it uses, dimension by dimension), and
    `tiers`: thresholds, least points of dimensions, sides of the matrix, the account's, and the cap of the score.

    Ranges: points -max(20, 2 |p|) to max(20, 2 |p|), caps likewise with 100, days from 1 to the largest of 365, twice
    the value, and the longest in the model, counts from 0 or 1 to max(20, 2 n), factors 0 to max(3, 2 f), thresholds
    over the scores (or a dimension's points) that the observed leads have, caps of the score included. Each holds the
    present value; none says that every number in it makes a valid model.

    Args:
        model: the model, as a rule the champion, so that a page's rows stay while its numbers move.
        seen: observations of it; only rules, scores and what they hold are looked at, no outcomes.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if it does not fit the history.
    """
    return marked(sections(model, spans(model, seen)), model, seen)


def sections(model: Model, within: Spans) -> tuple[Section, ...]:
    """What can be turned in a model, whatever was observed."""
    found = [_dimension(model, name, "", within) for name in model.dimensions]
    for number, (variant, used) in enumerate(zip(model.variants, used_models(model), strict=True)):
        found += _variant(variant, used, f"variants[{number}]", within)
    found.append(Section("tiers", (*_tiers(model, "", within), *_account(model, within))))
    return tuple(found)


# --- a model ----------------------------------------------------------------------------------------------------------


def _dimension(model: Model, name: str, prefix: str, within: Spans, title: str = "") -> Section:
    """A dimension with its rules; `prefix` is the path of a model that a variant uses."""
    path, dimension = under(f"{prefix}dimensions", name), model.dimensions[name]
    caps = cap_knobs(path, dimension, label="cap of the dimension")
    caps.append(factor(f"{path}.weight", "weight of the dimension", dimension.weight))
    weights: Mapping[str, Decimal] = model.score.weights
    if name in weights:
        caps.append(factor(under(f"{prefix}score.weights", name), "weight in the score", weights[name]))
    if dimension.inactivity is not None:
        fades = dimension.inactivity
        caps += decay_knobs(f"{path}.inactivity.decay", fades.decay, within.days, of="idleness")
        caps += window_knobs(f"{path}.inactivity.since", fades.since, within.days)
    for group_name, group in model.groups.items():
        if group.in_ == name:
            caps += cap_knobs(under(f"{prefix}groups", group_name), group, label=f"cap of {group_name}")
    rules = [rule for rule in model.rules if model.dimension_of(rule) == name]
    rows = tuple(rule_row(rule, f"{prefix}rules.{rule.id}", within.days) for rule in rules)
    return Section(title or name, tuple(caps), rows)


def _tiers(model: Model, prefix: str, within: Spans) -> list[Knob]:
    """Thresholds of tiers and of the matrix, and the cap of the score."""
    found: list[Knob] = []
    for number, tier in enumerate(model.tiers):
        path = _item(f"{prefix}tiers", number, tier, model.tiers)
        if tier.from_ is not None:
            found.append(threshold(f"{path}.from", tier.name, tier.from_, within.score))
        least: Mapping[str, Decimal] = tier.require
        found += [
            threshold(under(f"{path}.require", name), f"{tier.name}: least {name}", points, within.of(name))
            for name, points in least.items()
        ]
    if model.matrix is not None:
        for side in ("rows", "columns"):
            found += _axis(f"{prefix}matrix.{side}.from", getattr(model.matrix, side), within)
    return found + cap_knobs(f"{prefix}score", model.score, label="cap of the score")


def _axis(path: str, axis: Axis, within: Spans) -> Iterator[Knob]:
    parts: Mapping[str, Decimal] = axis.from_
    for name, points in parts.items():
        yield threshold(under(path, name), f"{axis.dimension} {name}", points, within.of(axis.dimension))


def _item(path: str, number: int, tier: Tier, tiers: tuple[Tier, ...]) -> str:
    """The path of a tier: by name where that is plain, else by number."""
    named = under(path, tier.name)
    first = next(each for each in tiers if each.name == tier.name)
    return named if named == f"{path}.{tier.name}" and first is tier else f"{path}[{number}]"


def _account(model: Model, within: Spans) -> list[Knob]:
    """Thresholds of the account's score."""
    account = model.account
    if account is None:
        return []
    found = []
    if account.above is not None:
        found.append(threshold("account.above", "leads that count for their account", account.above, within.score))
    for number, tier in enumerate(account.tiers):
        if tier.from_ is not None:
            path = _item("account.tiers", number, tier, account.tiers)
            found.append(threshold(f"{path}.from", f"account {tier.name}", tier.from_, within.account))
    return found


# --- variants ---------------------------------------------------------------------------------------------------------


def _variant(variant: Variant, used: Model | None, path: str, within: Spans) -> list[Section]:
    title = f"variant {variant.name}"
    if used is not None:
        inner = f"{path}.model."
        own = [_dimension(used, name, inner, within, f"{title}, {name}") for name in used.dimensions]
        return [*own, Section(f"{title}, tiers", tuple(_tiers(used, inner, within)))]
    rows = [rule_row(rule, f"{path}.override.{rule.id}", within.days) for rule in variant.override]
    rows += [rule_row(rule, f"{path}.add.{rule.id}", within.days) for rule in variant.add]
    return [Section(title, tuple(_changes(variant, path, within)), tuple(rows))]


def _changes(variant: Variant, path: str, within: Spans) -> Iterator[Knob]:
    """Multipliers and thresholds of a variant."""
    for what in ("rules", "dimensions"):
        factors: Mapping[str, Decimal] = getattr(variant.multiply, what)
        for name, times in factors.items():
            yield factor(under(f"{path}.multiply.{what}", name), f"multiplier of {name}", times)
    starts: Mapping[str, Decimal] = variant.tiers
    for name, points in starts.items():
        yield threshold(under(f"{path}.tiers", name), name, points, within.score)
