"""The lint: what in a model does nothing, counts twice, or works against what it is for."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.errors import CallError
from workbench.history import History
from workbench.linting.bands import bands
from workbench.linting.caps import caps
from workbench.linting.conditions import conditions
from workbench.linting.evidence import alike, evidence
from workbench.linting.finding import SEVERITIES, Finding
from workbench.linting.happened import happened, trapped
from workbench.linting.hits import Hits, hits, probe_of
from workbench.linting.leftovers import leftovers
from workbench.linting.missing import Trap, missing, traps
from workbench.linting.outcomes import against, same_leads
from workbench.linting.parts import Parts
from workbench.linting.reach import Reach, reach
from workbench.linting.result import Lint
from workbench.linting.sequence import sequences
from workbench.linting.silence import silenced, stale
from workbench.linting.tiers import tiers
from workbench.linting.travel import travel
from workbench.model import Model
from workbench.observation import Observations, observe
from workbench.plan import Plan


def lint(
    model: Model,
    history: History | None = None,
    plan: Plan | None = None,
    *,
    observations: Observations | None = None,
) -> Lint:
    """Look for what in a model does nothing, counts twice, or works against what it is for.

    Without data the model alone is looked at. Outcomes are only looked at in the part that tuning sees (`train`, or
    all where the plan has no split), never sealed ones.

    Args:
        model: the model.
        history: the past to try it on; it needs a plan.
        plan: how to observe the history.
        observations: what was observed already with this model, in place of history and plan. How many leads are paid
            for a missing value can then not be counted.

    Raises:
        CallError: if a history comes without a plan, or beside observations.
        InputError: as `observe` does.
        NotObserved: if the observations do not hold what the model asks for.
    """
    if (history is None) != (plan is None) or (history is not None and observations is not None):
        raise CallError.at(
            "lint",
            expected="a model alone, a history with its plan, or observations",
            found="a history without a plan, or more than one of them" if history is not None else "a plan alone",
            remedy="Write lint(model, history, plan), or lint(model, observations=seen).",
        )
    parts = Parts.of(model)
    reaches = [reach(parts, number) for number in range(len(model.alternatives))]
    found = list(_alone(parts, reaches))
    fallen = tuple(traps(parts))
    probe = None
    if history is not None and plan is not None:
        probe = probe_of(model, fallen)
        observations = observe(history, [model] if probe is None else [model, probe], plan)
    if observations is not None:
        seen = hits(model, observations, traps=fallen, probe=probe)
        found += _on_data(parts, reaches, seen, fallen, found)
    left, quiet = silenced(found, model)
    left += stale(model, found, on_data=observations is not None)
    return Lint(
        model_name=model.name,
        model_version=model.version,
        model={"scoring_digest": model.scoring_digest, "document_digest": model.document_digest},
        data=None if observations is None else dict(observations.data),
        part=None if observations is None else seen.judged_part,
        findings=tuple(sorted(left, key=lambda each: (SEVERITIES.index(each.severity), each.code))),
        silenced=tuple(quiet),
    )


def _alone(parts: Parts, reaches: list[Reach]) -> Iterator[Finding]:
    """The findings from the model alone."""
    yield from conditions(parts)
    yield from sequences(parts)
    yield from bands(parts)
    yield from caps(parts, reaches)
    yield from missing(parts)
    yield from tiers(parts, reaches)
    yield from evidence(parts)
    yield from leftovers(parts, reaches)
    yield from travel(parts)


IMPLIED = {"L201": {"L101", "L112", "L171"}, "L202": {"L102"}, "L203": {"L111", "L101"}, "L206": {"L151", "L153"}}
"""Findings on data that say nothing new about a part of which the model alone says one of these."""


def _on_data(
    parts: Parts, reaches: list[Reach], seen: Hits, fallen: tuple[Trap, ...], alone: list[Finding]
) -> Iterator[Finding]:
    """The findings from data, but for those that follow from the model alone."""
    known = {(code, each.at) for each in alone for code, by in IMPLIED.items() if each.code in by}
    for each in happened(parts, reaches, seen):
        if (each.code, each.at) not in known:
            yield each
    yield from same_leads(parts, seen, set(alike(parts)))
    yield from trapped(fallen, seen)
    yield from against(parts, seen)
