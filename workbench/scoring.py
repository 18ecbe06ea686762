"""Scores of leads at a moment, and the explanation of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.backtesting.document import records
from workbench.backtesting.tiers import NO_TIER, tier_names, tier_ranks
from workbench.history import History
from workbench.ledger import ledger_frame, signed
from workbench.model import Model
from workbench.observation import at_moment


def score(model: Model, history: History, as_of: str | dt.datetime | None = None) -> pd.DataFrame:
    """Every lead's score on what was known before a moment.

    Args:
        model: the model.
        history: the loaded past.
        as_of: ISO 8601 with a zone, or a datetime with one; by default the end of the data.

    Returns:
        frame, one row a lead in order of lead_id: lead_id, account_id, score (points; missing for those whom a gate
        takes out), tier, then, gate, and one column of points for each dimension.

    Raises:
        CallError: if the moment has no zone, or no lead existed before it.
        ModelError: if the model asks for what the history does not have.
    """
    moment = at_moment(history, [model], as_of)
    scores = moment.scorer(model).scores()
    ranks = tier_ranks(model, scores)
    then = np.array([*("" for _ in model.gates), "", *(tier.then for tier in model.tiers)], dtype=object)
    gates = np.array(["", *(gate.id for gate in model.gates)], dtype=object)
    frame = moment.leads.copy()
    frame["score"] = np.where(scores.out, np.nan, scores.milli / 1000)
    frame["tier"] = tier_names(model, ranks)
    frame["then"] = then[ranks + len(model.gates) + 1]
    frame["gate"] = gates[scores.gate]
    for name, values in scores.dimensions.items():
        frame[name] = values / 1000
    return frame


@dataclass(frozen=True)
class Explanation:
    """Why a lead scores what it scores.

    Attributes:
        lead_id, as_of: which lead, when (None if taken as recorded).
        score: points; None if a gate takes the lead out.
        tier: the tier it gets, or the name that a gate gives it; None without one.
        gate: the gate that decided, if any.
        lines: frame of line, name, dimension, because, why, points; the points add up to the score that the lead has
            before any gate.
        dimensions: points by dimension, after caps.
    """

    lead_id: str
    as_of: str | None
    score: float | None
    tier: str | None
    gate: str | None
    lines: pd.DataFrame
    dimensions: dict[str, float]

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        when = f" at {self.as_of}" if self.as_of else ""
        if self.score is None:
            return f"{self.lead_id}{when} is {self.tier}: the gate '{self.gate}' takes it out."
        tier = f", {self.tier}" if self.tier else ""
        return f"{self.lead_id}{when} scores {self.score:g}{tier}."

    def to_document(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {
            "lead_id": self.lead_id,
            "as_of": self.as_of,
            "score": self.score,
            "tier": self.tier,
            "gate": self.gate,
            "dimensions": self.dimensions,
            "lines": records(self.lines),
        }

    def __str__(self) -> str:
        rows = [
            f"{signed(round(line['points'] * 1000)):>9}  {line['name']} "
            f"{'' if line['line'] == 'rule' else str(line['line']) + ' '}({line['because']})"
            for line in records(self.lines)
        ]
        return "\n".join([self.headline, *rows])

    def _repr_html_(self) -> str:
        return f"<p>{self.headline}</p>{self.lines.to_html(index=False, border=0)}"


def explain(model: Model, history: History, *, lead_id: str, as_of: str | dt.datetime | None = None) -> Explanation:
    """The ledger of one lead at a moment.

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
    gate = int(scores.gate[0])
    tier = str(tier_names(model, tier_ranks(model, scores))[0])
    return Explanation(
        lead_id=lead_id,
        as_of=None if moment.as_of is None else moment.as_of.isoformat(),
        score=None if scores.out[0] else int(scores.milli[0]) / 1000,
        tier=None if tier == NO_TIER else tier,
        gate=model.gates[gate - 1].id if gate else None,
        lines=ledger_frame(model, scorer, 0),
        dimensions={name: int(values[0]) / 1000 for name, values in scores.dimensions.items()},
    )
