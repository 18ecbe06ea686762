"""What each rule, cap, tier, gate and variant did to observed leads: all that the checks on data look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.tiers import tier_ranks
from workbench.errors import listed
from workbench.linting.missing import Trap
from workbench.linting.parts import RulePart
from workbench.model import Model, WhenRule
from workbench.observation import Observations, Scorer
from workbench.observation.arithmetic import ONE_WEIGHT, scaled
from workbench.observation.split import ALL, TRAIN

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Hits:
    """Arrays of shape (n,) over the observed leads whose outcomes are not sealed; thousandths of a point.

    Attributes:
        n: number of leads.
        parts: names of the parts that they are of.
        variant: number (from 1) of the variant that applies, else 0.
        gate: number (from 1) of the first gate that holds, else 0.
        out: taken out by a gate.
        ranks: rank of the tier; -1 without one, lower for those that are out.
        cases: by rule: the hit, number of the case (-1 not in force), or number of events.
        paid: by rule: after its cap and weight.
        rules, groups, dimensions: by name: what came under the cap.
        as_of_us: UTC epoch microseconds; None for leads taken as recorded.
        judged: which leads are of the part whose outcomes are looked at.
        judged_part: its name.
        won: converted; only to be read where `judged`.
        cluster: codes of what is resampled together.
        trapped: by number of the trap: leads that are paid only because a value is missing.
    """

    n: int
    parts: tuple[str, ...]
    variant: Integers
    gate: Integers
    out: Booleans
    ranks: Integers
    cases: Mapping[str, Integers]
    paid: Mapping[str, Integers]
    rules: Mapping[str, Integers]
    groups: Mapping[str, Integers]
    dimensions: Mapping[str, Integers]
    as_of_us: Integers | None
    judged: Booleans
    judged_part: str
    won: Booleans
    cluster: Integers
    trapped: Mapping[int, Booleans] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """Who was looked at: `4,000 observed leads`."""
        return f"{self.n:,} observed leads" + ("" if self.parts == (ALL,) else f" (in {listed(self.parts)})")

    def rows(self, part: RulePart) -> Booleans:
        """The leads for whom a rule counts."""
        return np.isin(self.variant, part.alternatives)


def hits(model: Model, seen: Observations, *, traps: tuple[Trap, ...] = (), probe: Model | None = None) -> Hits:
    """Look at the leads whose outcomes are not sealed.

    Args:
        model: the model.
        seen: the observations.
        traps: payments for missing values.
        probe: the model of `probe_of(traps)`, if it was observed too.
    """
    ends = [seen.rows(name) for name in seen.parts]
    chosen = slice(min(each.start for each in ends), max(each.stop for each in ends))
    judged_part = TRAIN if seen.split else ALL
    judged = np.zeros(chosen.stop, dtype=bool)
    judged[seen.rows(judged_part)] = True
    subjects = np.arange(chosen.start, chosen.stop)
    rows: slice | Integers = chosen
    if seen.members is not None:
        rows, starts = seen.members_of(chosen)
        subjects = np.repeat(subjects, np.diff(starts))
    scorer = seen.scorer(model)
    scores = scorer.scores(rows)
    rules, groups, dimensions = _before_caps(scorer, rows, len(subjects))
    ids = sorted({rule.id for each in scorer.weights.alternatives for rule in each.rules})
    moments = seen.subjects.as_of_us
    return Hits(
        n=len(subjects),
        parts=seen.parts,
        variant=scores.variant,
        gate=scores.gate,
        out=scores.out,
        ranks=tier_ranks(model, scores),
        cases={name: scorer.cases(name, rows) for name in ids},
        paid={name: scorer.rule_values(name, rows) for name in ids},
        rules=rules,
        groups=groups,
        dimensions=dimensions,
        as_of_us=None if moments is None else moments[subjects],
        judged=judged[subjects],
        judged_part=judged_part,
        won=(seen.subjects.won[subjects] == 1) & judged[subjects],
        cluster=seen.subjects.cluster[subjects],
        trapped=_trapped(seen, traps, probe, rows),
    )


def _before_caps(
    scorer: Scorer, rows: slice | Integers, n: int
) -> tuple[dict[str, Integers], dict[str, Integers], dict[str, Integers]]:
    """What comes under the caps of rules, groups and dimensions."""
    rules: dict[str, Integers] = {}
    groups: dict[str, Integers] = {}
    dimensions: dict[str, Integers] = {}
    for place, positions, own, weights in scorer.parted(rows):
        for rule in weights.rules:
            into = rules.setdefault(rule.id, np.zeros(n, dtype=np.int64))
            into[place] = rule.limited(own.decayed(rule, positions))
            if rule.group is not None:
                under = groups.setdefault(rule.group, np.zeros(n, dtype=np.int64))
                under[place] += own.paid(rule, positions)
        for name, dimension in weights.dimensions.items():
            into = dimensions.setdefault(name, np.zeros(n, dtype=np.int64))
            into[place] = scaled(own.active(name, weights, positions), dimension.weight, ONE_WEIGHT)
    return rules, groups, dimensions


def probe_of(model: Model, traps: tuple[Trap, ...]) -> Model | None:
    """A model with one rule for each trap that pays whoever is paid only because a value is missing."""
    asked = {number: trap.only_because for number, trap in enumerate(traps)}
    rules = tuple(
        WhenRule.model_validate({"id": f"trap{number}", "in": "traps", "when": when, "points": 1})
        for number, when in asked.items()
        if when is not None
    )
    if not rules:
        return None
    return Model.model_validate(
        {"format": "lead-scoring-model/1", "name": "traps", "dimensions": {"traps": {}}, "rules": rules},
    ).model_copy(update={"account": model.account})


def _trapped(
    seen: Observations, traps: tuple[Trap, ...], probe: Model | None, rows: slice | Integers
) -> dict[int, Booleans]:
    if probe is None:
        return {}
    scorer = seen.scorer(probe)
    known = {rule.id for rule in probe.rules}
    return {n: scorer.cases(f"trap{n}", rows) > 0 for n in range(len(traps)) if f"trap{n}" in known}
