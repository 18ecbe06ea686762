"""How much of what a rule says others say too, and which limits keep it from mattering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.influence import area
from workbench.model import Model, change_model
from workbench.observation import Weights
from workbench.observation.alternative import Rows
from workbench.supporting.claim import Claim
from workbench.supporting.ground import Past

Floats = NDArray[np.float64]
OVERLAP_COLUMNS = (
    "rule",
    "alone",
    "within",
    "kept",
    "partner",
    "correlation",
    "jaccard",
    "without_partner",
    "inflation",
)
MOST = 60_000
"""Observations (evenly taken) on which rules are set beside each other; exact up to that many."""
PARTNER = 0.1
"""Correlation in size below which a rule has no partner."""


@dataclass(frozen=True, eq=False)
class Together:
    """What rules pay, side by side.

    Attributes:
        rules: ids.
        paid: (rules, leads) thousandths, after each rule's cap and weight.
        holds: (rules, leads) whether something of it holds: a case, or an event.
    """

    rules: tuple[str, ...]
    paid: Floats
    holds: NDArray[np.bool_]

    @classmethod
    def of(cls, past: Past, rules: Sequence[str]) -> Together:
        """On the leads of the past; of accounts, on their leads."""
        scorer = past.seen.scorer(past.asking)
        size = scorer.shelf.size
        rows: Rows = slice(0, size) if size <= MOST else np.linspace(0, size - 1, MOST).astype(np.int64)
        paid = np.array([scorer.rule_values(rule, rows) for rule in rules], dtype=np.float64)
        holds = np.array([scorer.cases(rule, rows) > 0 for rule in rules])
        shape = (len(rules), paid.shape[1] if len(rules) else 0)
        return cls(tuple(rules), paid.reshape(shape), holds.reshape(shape))

    @cached_property
    def correlation(self) -> Floats:
        """(rules, rules) of what they pay; NaN for a rule that pays everybody alike."""
        apart = self.paid - self.paid.mean(axis=1, keepdims=True)
        size = np.sqrt(np.einsum("ij,ij->i", apart, apart))
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = apart @ apart.T / np.outer(size, size)
        return found

    def jaccard(self, first: int, second: int) -> float:
        """Of those for whom one of two rules holds, the share for whom both do."""
        both, either = self.holds[first] & self.holds[second], self.holds[first] | self.holds[second]
        return float(both.sum() / either.sum()) if either.any() else float("nan")

    def partners(self, rule: str, among: Sequence[str]) -> list[str]:
        """Those whose points go most with a rule's, either way; only where it shows."""
        row = np.nan_to_num(np.abs(self.correlation[self.rules.index(rule)]))
        order = np.argsort(-row, kind="stable")
        return [
            self.rules[at] for at in order if self.rules[at] in among and self.rules[at] != rule and row[at] >= PARTNER
        ]

    def inflation(self, among: Sequence[str]) -> dict[str, float]:
        """By rule the variance inflation factor: 1 / (1 - R^2) of what it pays, from what the others pay.

        The diagonal of the inverse of the correlations (D. A. Belsley, E. Kuh, R. E. Welsch, "Regression Diagnostics",
        1980); infinite where others add up to it. Rules that pay everybody alike have none.
        """
        at = [self.rules.index(rule) for rule in among if np.isfinite(self.correlation[self.rules.index(rule)]).any()]
        if not at:
            return {}
        square = np.nan_to_num(self.correlation[np.ix_(at, at)])
        values, vectors = np.linalg.eigh(square)
        with np.errstate(divide="ignore"):
            inverse = np.where(values > 1e-9, 1.0 / values, np.inf)
        share = np.where(vectors**2 > 1e-9, vectors**2, 0.0)
        with np.errstate(invalid="ignore"):
            factors = np.nansum(np.where(share > 0, share * inverse, 0.0), axis=1)
        return {self.rules[place]: float(factor) for place, factor in zip(at, factors, strict=True)}


def overlap_frame(past: Past, model: Model, claims: Sequence[Claim], together: Together) -> pd.DataFrame:
    """One row for each rule that is on."""
    first = {claim.rule: claim for claim in claims if claim.on}
    whole, nothing = _area(past, model), _area(past, _only(model, first, ()))
    without = {rule: _area(past, claim.switched(model, on=False)) for rule, claim in first.items()}
    inflation = together.inflation(tuple(first))
    rows = []
    for rule, claim in first.items():
        alone, within = _area(past, _only(model, first, (rule,))) - nothing, whole - without[rule]
        partners = together.partners(rule, tuple(first))
        partner = partners[0] if partners else ""
        row = {"rule": rule, "alone": alone, "within": within, "partner": partner}
        row["kept"] = within / alone if alone > 0 else np.nan
        row["inflation"] = inflation.get(rule, np.nan)
        if partner:
            own, other = together.rules.index(rule), together.rules.index(partner)
            both = _area(past, first[partner].switched(claim.switched(model, on=False), on=False))
            row["correlation"] = float(together.correlation[own, other])
            row["jaccard"] = together.jaccard(own, other)
            row["without_partner"] = without[partner] - both
        rows.append(row)
    return pd.DataFrame(rows, columns=[*OVERLAP_COLUMNS])


def _only(model: Model, claims: Mapping[str, Claim], kept: Sequence[str]) -> Model:
    """The model with some rules alone; its score is not bounded, or a rule that takes points off could not show."""
    off = {path: False for rule, claim in claims.items() if rule not in kept for path in claim.switches}
    bounds = {f"score.{end}": None for end in ("min", "max") if getattr(model.score, end) is not None}
    return change_model(model, {**off, **bounds})


def _area(past: Past, model: Model) -> float:
    counts = past.bound.counts(Weights.of(model))
    return area(counts.negatives, counts.positives).value


# --- limits -----------------------------------------------------------------------------------------------------------


def limits(model: Model, together: Together) -> dict[str, tuple[str, float]]:
    """By rule in a group or dimension with a cap: which cap most often stands in its way, and for which share.

    The share is of the leads for whom the rule holds, whose group (else dimension) is at its cap. Variants that change
    caps are not looked at.
    """
    own = Weights.of(model).alternatives[0]
    at = {rule: number for number, rule in enumerate(together.rules)}
    found: dict[str, tuple[str, float]] = {}
    nothing = np.zeros(together.paid.shape[1])
    for name in own.dimensions:
        free, groups = nothing, dict.fromkeys(own.groups_of(name), nothing)
        inside = [rule for rule in own.in_dimension(name) if rule.id in at]
        for rule in inside:
            if rule.group is None:
                free = free + together.paid[at[rule.id]]
            else:
                groups[rule.group] = groups[rule.group] + together.paid[at[rule.id]]
        total = free + sum((_kept(paid, own.groups[group]) for group, paid in groups.items()), nothing)
        caps: dict[str | None, tuple[str, NDArray[np.bool_]]] = {None: (name, _beyond(total, own.dimensions[name].cap))}
        caps |= {group: (group, _beyond(paid, own.groups[group])) for group, paid in groups.items()}
        for rule in inside:
            holds = together.holds[at[rule.id]]
            if holds.any():
                which = [caps[key] for key in dict.fromkeys((rule.group, None))]
                shares = [(label, float(bound[holds].mean())) for label, bound in which]
                found[rule.id] = max(shares, key=lambda each: each[1])
    return found


def _kept(paid: Floats, cap: tuple[int | None, int | None]) -> Floats:
    low, high = cap
    return paid if low is None and high is None else np.asarray(np.clip(paid, low, high))


def _beyond(paid: Floats, cap: tuple[int | None, int | None]) -> NDArray[np.bool_]:
    low, high = cap
    found = np.zeros(len(paid), dtype=bool)
    if low is not None:
        found |= paid < low
    if high is not None:
        found |= paid > high
    return found
