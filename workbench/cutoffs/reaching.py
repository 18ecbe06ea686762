"""From which threshold down an observation reaches a tier, judged as the whole model judges it.

Moving one tier's `from` and asking who reaches that tier or a later one is, for each observation, one number: the
highest threshold at which it still does. Minima (`require`), gates, variants with a cut of their own and later tiers
are in it, so a scan over thresholds needs no further look at the model.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.tiers import main_tier, tier_ranks
from workbench.errors import CallError
from workbench.model import Model, Tier, change_model
from workbench.observation import Observations, Scores
from workbench.observation.accounts import account_score, rolled
from workbench.parsing import did_you_mean, milli, plain_number

Integers = NDArray[np.int64]
NEVER, ALWAYS = -(2**62), 2**62
"""Keys of those who reach the tier at no threshold, and at every one."""


def tiers_of(model: Model, seen: Observations) -> tuple[Tier, ...]:
    """The tiers that have a cut to move: of accounts where accounts are observed; none where a matrix gives them."""
    if seen.members is not None:
        return account_score(model).tiers
    return () if model.matrix is not None else model.tiers


def tier_named(model: Model, seen: Observations, name: str | None) -> str | None:
    """The tier whose cut is asked for: the one named, the plan's, or the first above the lowest; None without tiers.

    Raises:
        CallError: if the named tier does not exist or has no cut.
        PlanError: if the plan names one that is not there.
    """
    tiers = tiers_of(model, seen)
    if name is None:
        return main_tier(model.name, tiers, seen.plan) if tiers else None
    names = [tier.name for tier in tiers]
    if name in names:
        return name
    if seen.members is None and model.matrix is not None:
        remedy = "Move the parts of its axes, such as matrix.rows.from, instead."
        raise CallError.at("tier", expected="a tier that begins at a score", found="a matrix", remedy=remedy)
    raise CallError.at("tier", expected=f"a tier of {model.name}", found=repr(name), remedy=did_you_mean(name, names))


def current_cut(model: Model, seen: Observations, tier: str | None) -> float | None:
    """The tier's lowest score in the model as it is, in points."""
    found = next((each.from_ for each in tiers_of(model, seen) if each.name == tier), None)
    return None if found is None else float(found)


def has_own_cut(model: Model, tier: str | None) -> tuple[str, ...]:
    """The variants in which the tier begins at a score of its own, which a suggestion leaves as it is."""
    return tuple(
        each.name
        for each in model.variants
        if each.use is not None or each.model is not None or (tier is not None and tier in each.tiers)
    )


def reaching(model: Model, seen: Observations, tier: str | None) -> tuple[Integers, Integers]:
    """For every observation, sealed ones too, the highest threshold at which it reaches the tier, and its score.

    Args:
        model: the model.
        seen: the observations.
        tier: the tier whose `from` would be moved (see `moved`); None: the score alone decides.

    Returns:
        (n,) thousandths, `NEVER` or `ALWAYS`; and (n,) the scores in thousandths (meaningless for those out).
    """
    if seen.members is not None:
        account = account_score(model)
        leads, starts = seen.members_of(slice(0, len(seen.subjects.part)))
        scores = seen.scorer(model).scores(leads)
        of = rolled(scores.milli, scores.out, starts, account)
        return np.where(of.out, NEVER, of.milli), of.milli
    found = seen.scorer(model).scores()
    if tier is None or not tiers_of(model, seen):
        return np.where(found.out, NEVER, found.milli), found.milli
    return _keys(model, found, model.tier(tier)), found.milli


def _keys(model: Model, scores: Scores, rank: int) -> Integers:
    reached = tier_ranks(model, scores) >= rank
    keys = np.where(reached, ALWAYS, NEVER)
    fixed = {number for number, each in enumerate(model.variants, start=1) if each.use is not None or each.model}
    own = [set[str](), *(set(each.tiers) for each in model.variants)]
    for number, each in enumerate(model.alternatives):
        if number in fixed:
            continue
        at = np.flatnonzero((scores.variant == number) & (scores.gate == 0))
        dimensions = {name: of[at] for name, of in scores.dimensions.items()}
        keys[at] = _by_tiers(each.model.tiers, rank, own[number], scores.milli[at], dimensions)
    return keys


def _by_tiers(
    tiers: tuple[Tier, ...], rank: int, own: set[str], score: Integers, dimensions: dict[str, Integers]
) -> Integers:
    """The best that the tier itself and each later one give."""
    best = np.full(len(score), NEVER, dtype=np.int64)
    for number in range(rank, len(tiers)):
        tier = tiers[number]
        holds = np.ones(len(score), dtype=bool)
        for name, least in tier.require.items():
            holds &= dimensions[name] >= milli(least)
        moves = tier.name not in own and (number == rank or not tier.require)
        if number > rank or not moves:
            holds &= score >= milli(tier.from_ or Decimal(0))
        best = np.maximum(best, np.where(holds, score if moves else ALWAYS, NEVER))
    return best


def moved(model: Model, seen: Observations, tier: str, points: float) -> tuple[Model, tuple[str, ...]]:
    """The model with the tier's cut at this score, and what else had to move so that the tiers keep their order.

    Later tiers without minima that began lower are raised to it, earlier ones that began higher are lowered to it;
    tiers with minima, and variants with cuts of their own, stay as they are.
    """
    tiers = tiers_of(model, seen)
    place = [each.name for each in tiers].index(tier)
    at = Decimal(str(points))
    root = "account.tiers" if seen.members is not None else "tiers"
    changes: dict[str, Any] = {f"{root}[{place}].from": plain_number(at)}
    others = []
    for number, each in enumerate(tiers):
        if number == place or each.require or each.from_ is None:
            continue
        if (number > place and each.from_ < at) or (number < place and each.from_ > at):
            changes[f"{root}[{number}].from"] = plain_number(at)
            others.append(each.name)
    return change_model(model, changes), tuple(others)


def cuts(keys: Integers, step: int, most: int) -> Integers:
    """The thresholds that tell observations apart: multiples of `step` (thousandths), ascending.

    Each is the highest multiple that still takes in some observation's key and everybody above. Beyond `most` they are
    thinned to that many, evenly over their number.
    """
    finite = keys[(keys > NEVER) & (keys < ALWAYS)]
    found = np.unique(finite // step) * step
    if len(found) > most:
        found = found[np.unique(np.linspace(0, len(found) - 1, most).round().astype(int))]
    return found
