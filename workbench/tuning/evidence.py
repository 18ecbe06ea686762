"""What outcomes say about each rule by itself: who it holds for, how they convert, and whether its sign is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.intervals import wilson
from workbench.model import Model, change_model
from workbench.observation import Observations
from workbench.observation.weights import RuleWeights
from workbench.parsing import milli
from workbench.tuning.rule_row import paid_cases
from workbench.tuning.sides import Asked, Counting, Sides
from workbench.tuning.variants import placed_rules

LEAST = 30
"""Leads on each side below which nothing is said, as in the lint."""
AGREES, DISAGREES, UNSURE = "agrees", "disagrees", "not enough evidence"
NOTHING, NEVER = "pays nothing", "never holds"
COLUMNS = (
    "rule",
    "case",
    "points",
    "n",
    "share",
    "converted",
    "rate",
    "rate_low",
    "rate_high",
    "n_without",
    "rate_without",
    "without_low",
    "without_high",
    "sign",
    "paths",
)


def rule_evidence(model: Model, seen: Observations, part: str) -> pd.DataFrame:
    """How those convert for whom a rule, or a case of it, holds; each rule by itself, nothing else adjusted for.

    Only leads that no gate takes out and whose variant has the rule are looked at. Those for whom it holds are held
    against those whom the rule pays less (where it takes points off: more): for a rule with one condition, or one that
    pays for each event, all the others; for a case, not those who are in a better case of the same rule. A case that
    pays nothing is held against all others. Rules that are switched off are looked at where they were observed.

    `sign` is `agrees` or `disagrees` only where the 95 % interval of the difference of the two rates lies on one side
    of 0: R. G. Newcombe's hybrid score interval (Statistics in Medicine 17 (1998) 873-890, method 10) from Wilson's,
    each widened by its side's design effect; with fewer than 30 leads on a side, or 0 in the interval, it is
    `not enough evidence`. The lint asks the same of a rule's paid leads, at a level that is raised for many rules.

    Args:
        model: the model.
        seen: the observations.
        part: train, validation, test (once opened), or all without a split.

    Returns:
        one row for each rule, or case of a rule with several, in the model's order: rule, case (words), points, n,
        share (of those the rule counts for, 0..1), converted, rate, rate_low, rate_high (95 %, Wilson, for clusters),
        n_without, rate_without, without_low, without_high (the same of those held against), sign (agrees, disagrees,
        not enough evidence, pays nothing, never holds), paths (where these points stand, the same whatever numbers are
        turned). Without rows where accounts were observed: they have no rules.

    Raises:
        CallError: if the part does not exist or is sealed.
        NotObserved: if the model asks for evidence that was not gathered.
    """
    rows = seen.rows(part)
    if seen.members is not None:
        return pd.DataFrame(columns=list(COLUMNS))
    asking, seen = _all_on(model, seen)
    counting = Counting(seen.scorer(asking), seen, rows)
    claims = _claims(asking, counting)
    return _frame(claims, [counting.sides(list(claim.asked(counting))) for claim in claims], counting)


def _all_on(model: Model, seen: Observations) -> tuple[Model, Observations]:
    """The model with its rules switched on, where that was observed."""
    off = {f"rules.{rule.id}.enabled": True for rule in model.rules if not rule.enabled}
    if off:
        asking = change_model(model, off)
        if seen.follows(asking):
            return asking, seen.following(asking)
    return model, seen.following(model)


# --- what is claimed --------------------------------------------------------------------------------------------------


@dataclass
class _Claim:
    """That those for whom a rule or case holds deserve its points.

    Attributes:
        rule, case: id and words.
        points: in thousandths.
        pays: whether anything of them is left after the rule's cap and weight.
        homes: by alternative that has the rule: what it pays there, and the number of the case (0: whatever holds; None
            where the rule is there without this case).
        paths: where these points stand.
    """

    rule: str
    case: str
    points: int
    pays: bool
    homes: dict[int, tuple[RuleWeights, int | None]] = field(default_factory=dict)
    paths: dict[str, None] = field(default_factory=dict)

    def asked(self, counting: Counting) -> Iterator[Asked]:
        """Who is on which side, by alternative."""
        for alternative, (weights, number) in self.homes.items():
            book, cases = counting.cases(alternative, weights)
            held = np.zeros(len(cases), dtype=bool) if number is None else cases == number if number else cases > 0
            yield Asked(alternative, book, held, ~held if number == 0 else ~held & self._paid_less(weights, cases))

    def _paid_less(self, weights: RuleWeights, cases: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Who gets less of the rule than is claimed here, or more where it takes points off."""
        own = weights.points
        table = (own[0], *own[1 + weights.dormant :], 0) if weights.cases else (0, own[0], 0)
        paid = np.array(table)[cases if weights.cases else np.minimum(cases, 1)]
        return paid < self.points if self.points > 0 else paid > self.points if self.points < 0 else paid == paid


def _claims(model: Model, counting: Counting) -> list[_Claim]:
    """Every rule or case, once; the same words with other points in a variant are a claim of their own."""
    found: dict[tuple[str, str, int], _Claim] = {}
    homes: dict[str, dict[int, tuple[RuleWeights, int | None]]] = {}
    written = zip(placed_rules(model), counting.scorer.weights.alternatives, strict=True)
    for alternative, (rules, weights) in enumerate(written):
        for own in weights.rules:
            homes.setdefault(own.id, {})[alternative] = (own, None)
            for paid in paid_cases(*rules[own.id]):
                points = milli(paid.points)
                pays = bool(own.kept(np.array([points]))[0])
                claim = found.setdefault((own.id, paid.words, points), _Claim(own.id, paid.words, points, pays))
                claim.homes[alternative] = (own, paid.number)
                claim.paths[paid.path] = None
    for claim in found.values():
        claim.homes = homes[claim.rule] | claim.homes
    return list(found.values())


# --- what outcomes say ------------------------------------------------------------------------------------------------


def _frame(claims: list[_Claim], sides: list[Sides], counting: Counting) -> pd.DataFrame:
    n, converted, effect = (
        np.array([getattr(each, name) for each in sides]).reshape(-1, 2).T for name in ("n", "converted", "effect")
    )
    everyone = np.array([sum(counting.size(at) for at in claim.homes) for claim in claims])
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, share = converted / n, n[0] / everyone
    low, high = wilson(converted, n, design_effect=effect)
    return pd.DataFrame(
        {
            "rule": [claim.rule for claim in claims],
            "case": [claim.case for claim in claims],
            "points": [claim.points / 1000 for claim in claims],
            "n": n[0].astype(np.int64),
            "share": share,
            "converted": converted[0].astype(np.int64),
            "rate": rate[0],
            "rate_low": low[0],
            "rate_high": high[0],
            "n_without": n[1].astype(np.int64),
            "rate_without": rate[1],
            "without_low": low[1],
            "without_high": high[1],
            "sign": _signs(claims, n, difference_ends(rate, low, high)),
            "paths": [tuple(claim.paths) for claim in claims],
        },
        columns=list(COLUMNS),
    )


def difference_ends(
    rate: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Newcombe's interval of rate[0] - rate[1], from the intervals of both: arrays of shape (2, ...)."""
    (p, q), (l, m), (u, v) = rate, low, high  # noqa: E741  (Newcombe's letters)
    return p - q - np.hypot(p - l, v - q), p - q + np.hypot(u - p, q - m)


def _signs(
    claims: list[_Claim], n: NDArray[np.float64], ends: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> list[str]:
    enough = n.min(axis=0) >= LEAST
    more, less = enough & (ends[0] > 0), enough & (ends[1] < 0)
    return [_sign(claim, bool(n[0][i]), bool(more[i]), bool(less[i])) for i, claim in enumerate(claims)]


def _sign(claim: _Claim, holds: bool, more: bool, less: bool) -> str:
    if not claim.pays:
        return NOTHING
    if not holds:
        return NEVER
    right, wrong = (more, less) if claim.points > 0 else (less, more)
    return AGREES if right else DISAGREES if wrong else UNSURE
