"""Why one lead scores what it scores: its ledger, the events behind it, and the way to the next tier."""

from __future__ import annotations

import datetime as dt
import html
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.backtesting.document import records
from workbench.backtesting.tiers import NO_TIER, tier_names, tier_ranks
from workbench.history import History
from workbench.ledger import ledger_frame, signed
from workbench.markup import headline_html, table_html
from workbench.model import Model
from workbench.next_tier import NextTier, next_tier
from workbench.observation import Moment, Scorer, Scores, at_moment
from workbench.observation.facts import lead_facts
from workbench.observation.population import micros
from workbench.observation.witnesses import witnesses


@dataclass(frozen=True)
class Explanation:
    """Why a lead scores what it scores.

    Attributes:
        lead_id, as_of: which lead, when (None if taken as recorded).
        score: points; None if a gate takes the lead out.
        tier: the tier it gets, or the name that a gate gives it; None without one.
        gate: the gate that decided, if any.
        variant: the variant that applies; None for the model itself.
        grade: where the model has a matrix, the lead's grade such as B2; None below its lowest parts.
        lines: frame of line, name, dimension, because, why, points; the points add up to the score that the lead has
            before any gate. A variant stands first, a gate last.
        dimensions: points by dimension, after caps.
        evidence: the events behind the rules that hold: rule, event, occurred_at (UTC), age_days, lead_id (whose they
            are), points (what each earns, before limits of points; missing where a rule asks only how many there are).
        next: the way to the next tier; None if there is none above.
    """

    lead_id: str
    as_of: str | None
    score: float | None
    tier: str | None
    gate: str | None
    variant: str | None
    grade: str | None
    lines: pd.DataFrame
    dimensions: dict[str, float]
    evidence: pd.DataFrame
    next: NextTier | None

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        when = f" at {self.as_of}" if self.as_of else ""
        if self.score is None:
            return f"{self.lead_id}{when} is {self.tier}: the gate '{self.gate}' takes it out."
        tier = f", {self.tier}" if self.tier else ""
        grade = f" (grade {self.grade})" if self.grade else ""
        variant = f", by the variant '{self.variant}'" if self.variant else ""
        return f"{self.lead_id}{when} scores {self.score:g}{tier}{grade}{variant}."

    def to_document(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {
            "lead_id": self.lead_id,
            "as_of": self.as_of,
            "score": self.score,
            "tier": self.tier,
            "gate": self.gate,
            "variant": self.variant,
            "grade": self.grade,
            "dimensions": self.dimensions,
            "lines": records(self.lines),
            "evidence": records(self.evidence.assign(occurred_at=self.evidence["occurred_at"].astype(str))),
            "next": None
            if self.next is None
            else {
                "tier": self.next.tier,
                "missing": self.next.missing,
                "steps": [
                    {"rule": step.rule, "change": step.change, "points": step.points} for step in self.next.steps
                ],
            },
        }

    def __str__(self) -> str:
        rows = [
            f"{signed(round(line['points'] * 1000)):>9}  {line['name']} "
            f"{'' if line['line'] == 'rule' else str(line['line']) + ' '}({line['because']})"
            for line in records(self.lines)
        ]
        return "\n".join([self.headline, *rows, *([self.next.sentence] if self.next else [])])

    def _repr_html_(self) -> str:
        rows = [
            (
                "" if line["line"] in {"variant", "gate"} else signed(round(line["points"] * 1000)),
                *(line[key] for key in ("line", "name", "dimension", "because", "why")),
            )
            for line in records(self.lines)
        ]
        total = sum(round(line["points"] * 1000) for line in records(self.lines)) / 1000
        name = "score" if self.gate is None else "score without the gate"
        rows.append((f"{total:g}".replace("-", "−"), name, "", "", "", ""))
        ledger = table_html((">points", "line", "name", "dimension", "because", "why"), rows)
        parts = [headline_html(self.headline), ledger]
        if self.next is not None:
            parts.append(f"<p>{html.escape(self.next.sentence)}</p>")
        if len(self.evidence):
            shown = table_html(("rule", "event", "occurred at (UTC)", ">age", "lead", ">points"), self._events())
            count = "1 event" if len(self.evidence) == 1 else f"{len(self.evidence)} events"
            parts.append(f"<details><summary>{count} behind it</summary>{shown}</details>")
        return "".join(parts)

    def _events(self) -> Iterator[tuple[str, ...]]:
        events: Iterable[Any] = self.evidence.itertuples()
        for event in events:
            earned = "" if math.isnan(event.points) else signed(round(event.points * 1000))
            when = event.occurred_at.strftime("%Y-%m-%d %H:%M")
            yield event.rule, event.event, when, f"{event.age_days} d", event.lead_id, earned


def explain(model: Model, history: History, *, lead_id: str, as_of: str | dt.datetime | None = None) -> Explanation:
    """The ledger of one lead at a moment, with the events behind it and the way to the next tier.

    Args:
        model: the model.
        history: the loaded past.
        lead_id: which lead.
        as_of: ISO 8601 with a zone, or a datetime with one; by default the end of the data.

    Raises:
        CallError: if the lead is not known, or did not exist at the moment.
        ModelError: if the model asks for what the history does not have.
    """
    moment = at_moment(history, [model], as_of, lead_id=lead_id)
    scorer = moment.scorer(model)
    scores = scorer.scores()
    gate, variant = int(scores.gate[0]), int(scores.variant[0])
    tier = str(tier_names(model, tier_ranks(model, scores))[0])
    return Explanation(
        lead_id=lead_id,
        as_of=None if moment.as_of is None else moment.as_of.isoformat(),
        score=None if scores.out[0] else int(scores.milli[0]) / 1000,
        tier=None if tier == NO_TIER else tier,
        gate=model.gates[gate - 1].id if gate else None,
        variant=model.alternatives[variant].name or None,
        grade=_grade(model, scorer, scores),
        lines=ledger_frame(model, scorer, 0),
        dimensions={name: int(values[0]) / 1000 for name, values in scores.dimensions.items()},
        evidence=witnesses(history, scorer, moment.as_of, lead_id),
        next=_next(model, history, moment, lead_id),
    )


def _next(model: Model, history: History, moment: Moment, lead_id: str) -> NextTier | None:
    at = None if moment.as_of is None else micros(moment.as_of)
    facts = lead_facts(history, moment.cells, at, lead_id)
    return next_tier(model, facts, at, lists=history.lists, built_in=frozenset(moment.catalog.built_in))


def _grade(model: Model, scorer: Scorer, scores: Scores) -> str | None:
    variant = int(scores.variant[0])
    matrix = model.alternatives[variant].model.matrix
    if matrix is None:
        return None
    combining = scorer.weights.alternatives[variant].combining
    sides = [sorted(side.from_.items(), key=lambda part: part[1]) for side in (matrix.rows, matrix.columns)]
    numbers = [int(number[0]) for number in combining.grade(scores.dimensions)]
    if 0 in numbers:
        return None
    return "".join(parts[number - 1][0] for parts, number in zip(sides, numbers, strict=True))
