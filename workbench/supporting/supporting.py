"""What the data says of every rule of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from workbench.errors import CallError, listed
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import ALL, TEST
from workbench.supporting.claim import Claim, claims_of
from workbench.supporting.exchange import break_even, exchange_frame
from workbench.supporting.ground import Past
from workbench.supporting.line import Line
from workbench.supporting.lining import Lining, lines_frame
from workbench.supporting.objective import judge_named
from workbench.supporting.overlap import Together, limits, overlap_frame
from workbench.supporting.result import Support
from workbench.supporting.row import rules_frame
from workbench.supporting.sign import disagrees, sign_frame
from workbench.supporting.worth import Trial, worth_frame
from workbench.tuning.evidence import rule_evidence

Progress = Callable[[str], None]
MOST_PARTNERS = 3
MOST_REACH = 200
"""Steps to either side beyond which every pair of values of a line is no longer compared."""
"""Partners of a rule that are tried to explain a sign."""
FEW = 100
"""Converts below which a reader is warned."""


def _silent(_: str) -> None:
    return None


def support(
    model: Model,
    seen: Observations,
    *,
    part: str | None = None,
    objective: str = "auc",
    reach: int = 30,
    progress: Progress = _silent,
) -> Support:
    """What the data says of every rule, or case of a rule with several.

    For each: the points that cannot be told from the best, the rest of the model left as it is (see
    `workbench.supporting.line` for the test); what it adds; how much of that others say too; whether its sign is
    right; and what changing it would bring at today's main tier. Rules that are off are looked at as if they were on,
    each by itself, where that was observed.

    Args:
        model: the model.
        seen: the observations, of leads or of accounts.
        part: whose outcomes are looked at; by default all that are open but for the test part, together: nothing is
            chosen here. All without a split.
        objective: what points are judged by: auc, log_loss (of a logistic recalibration of the score) or
            `lift_<percent>`.
        reach: steps to either side of 0 that points are looked at; a step is a whole point, or more where the model's
            points are large.
        progress: told of each step.

    Raises:
        CallError: if the part does not exist or is sealed, nobody is in it, or the objective or reach is unknown.
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
        PlanError: if the plan names a tier that the model does not have.
    """
    if not 1 <= reach <= MOST_REACH:
        wanted = f"1 to {MOST_REACH}"
        raise CallError.at("reach", expected=wanted, found=str(reach), remedy="Leave it out for 30 points.")
    judge = judge_named(objective)
    past = Past.of(model, seen, part)
    claims = claims_of(model, past.asking)
    lining = Lining(past, judge, np.array([claim.points for claim in claims], dtype=np.int64), reach)
    lines, trials = _tried(model, past, claims, lining, progress)
    wholes = _wholes(model, past, claims)
    progress("what rules say together")
    together = Together.of(past, tuple(dict.fromkeys(claim.rule for claim in claims)))
    explain = _Beside(model, lining, together, {claim.rule: claim for claim in claims})
    frames = {
        "lines": lines_frame(claims, lines),
        "worth": worth_frame(past, [*trials, *wholes]),
        "overlap": overlap_frame(past, model, claims, together),
        "signs": sign_frame(claims, lines, rule_evidence(past.asking, past.seen, ALL), explain),
    }
    progress("what changes would bring")
    frames["exchange"] = exchange_frame(past, model, [*trials, *wholes])
    return Support(
        model_name=model.name,
        model_version=model.version,
        model={"scoring_digest": model.scoring_digest, "document_digest": model.document_digest},
        data=dict(seen.data),
        plan=seen.plan.plain(),
        part=past.part,
        n=past.n,
        converted=past.converted,
        objective=objective,
        tier=past.tier_name,
        weeks=past.weeks,
        break_even=break_even(past),
        rules=rules_frame(past, lines, trials, limits(past.asking, together), frames),
        warnings=tuple(_warnings(past, seen, claims)),
        **frames,
    )


def _tried(
    model: Model, past: Past, claims: Sequence[Claim], lining: Lining, progress: Progress
) -> tuple[list[Line], list[Trial]]:
    """Every claim's line, and the model with it and without it."""
    today = past.result(model)
    lines, trials = [], []
    for at, claim in enumerate(claims, 1):
        progress(f"rule {at} of {len(claims)}: {claim.name}")
        base = model if claim.on else claim.switched(model, on=True)
        lines.append(lining.line(claim, base))
        own = today if claim.on else past.result(base)
        trials.append(Trial(claim, own, past.result(claim.dropped(base))))
    return lines, trials


def _wholes(model: Model, past: Past, claims: Sequence[Claim]) -> list[Trial]:
    """Rules with several cases, each as a whole."""
    today = past.result(model)
    several = {claim.rule: claim.whole for claim in claims if claim.several and claim.on}
    return [Trial(claim, today, past.result(claim.dropped(model))) for claim in several.values()]


class _Beside:
    """Finds the partner without which a sign would not be wrong."""

    def __init__(self, model: Model, lining: Lining, together: Together, claims: dict[str, Claim]) -> None:
        self._model, self._lining, self._together, self._claims = model, lining, together, claims

    def __call__(self, claim: Claim) -> str:
        """The partner's rule; empty where the sign is wrong beside any of the few that go most with it."""
        base = self._model if claim.on else claim.switched(self._model, on=True)
        on = [rule for rule, each in self._claims.items() if each.on]
        for rule in self._together.partners(claim.rule, on)[:MOST_PARTNERS]:
            if not disagrees(claim, self._lining.line(claim, self._claims[rule].switched(base, on=False))):
                return rule
        return ""


def _warnings(past: Past, seen: Observations, claims: Sequence[Claim]) -> Iterator[str]:
    yield from seen.warnings
    if past.unseen:
        yield f"Rules that are off and were not observed are left out: {listed(past.unseen)}."
    if past.converted < FEW:
        yield f"Only {past.converted} converted: ranges are wide, and few rules can be told from none."
    if past.part == TEST:
        yield "This is the test part: what is changed because of it can no longer be judged on it."
    if past.seen.members is not None:
        yield "Accounts were observed: the sign of a rule by itself is not known, since leads have no outcome."
    if not claims:
        yield "The model has no rules."
