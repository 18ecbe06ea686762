"""What every followed lead scores at every moment, some days at a time, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.tiers import tier_ranks
from workbench.history import History
from workbench.model import Model
from workbench.observation import Scorer
from workbench.observation.given import Given
from workbench.plan import Plan
from workbench.replaying.following import Followed

Integers = NDArray[np.int64]
MOST = 200_000
"""Moments of leads that are scored together: about 100 MB."""
OUTSIDE = -(2**31)
"""The rank of a lead that is outside of the plan's population at a moment."""


@dataclass(frozen=True)
class Block:
    """Some moments of some leads; arrays of shape (m,).

    Attributes:
        lead: positions among the followed leads.
        at: numbers of the moments.
        milli: score in thousandths; meaningless where a gate takes the lead out.
        rank: rank of the tier: -1 without one, -2 and below for gates, OUTSIDE outside of the population.
        scorer: the scorer of these rows.
    """

    lead: Integers
    at: Integers
    milli: Integers
    rank: Integers
    scorer: Scorer


class Days:
    """Scores a model at moments of followed leads, on what was known before each.

    Args:
        model: the model.
        history: the loaded past.
        plan: its population, and which undated fields it allows.
        leads: who is followed.

    Attributes:
        loose: fields and lists in use although it is not known when their values were known.

    Raises:
        ModelError: if the model asks for what the history does not have.
        PlanError: if it asks for fields of unknown date that the plan does not allow.
    """

    def __init__(self, model: Model, history: History, plan: Plan, leads: Followed) -> None:
        self.model, self.leads = model, leads
        self._given = Given(model, history, plan)
        self.loose = self._given.loose

    @property
    def total(self) -> int:
        """Moments of leads in all."""
        return int((self.leads.last - self.leads.first + 1).sum())

    def blocks(self, progress: Callable[[str], None]) -> Iterator[Block]:
        """Every moment of every lead, in order of time; one block holds whole days."""
        leads = self.leads
        start, done = int(leads.first.min()), 0
        for stop in self._stops():
            low, high = np.maximum(leads.first, start), np.minimum(leads.last, stop - 1)
            many = np.maximum(high - low + 1, 0)
            who = np.repeat(np.arange(len(many)), many)
            at = low[who] + np.arange(len(who)) - np.repeat(np.cumsum(many) - many, many)
            done += len(who)
            [day] = leads.grid.times(np.array([stop - 1]))
            progress(f"Scoring up to {day.date()}: {done:,} of {self.total:,} moments of leads")
            if len(who):
                yield self.at(who, at)
            start = stop

    def _stops(self) -> Iterator[int]:
        """The ends (exclusive) of blocks of whole days that hold at most `MOST` moments, or a single day."""
        first, last = int(self.leads.first.min()), int(self.leads.last.max())
        size = last - first + 2
        begun = np.bincount(self.leads.first - first, minlength=size)
        ended = np.bincount(self.leads.last + 1 - first, minlength=size)
        open_ = np.cumsum(begun - ended)[: size - 1]
        held = 0
        for number, n in enumerate(open_.tolist()):
            if held and held + n > MOST:
                yield first + number
                held = 0
            held += n
        yield last + 1

    def at(self, lead: Integers, at: Integers) -> Block:
        """Some leads at some moments, by position and number; the moments of each must come after its creation."""
        leads = self.leads
        scorer = self._given.at(leads.number[lead], leads.account[lead], leads.grid.us(at))
        scores = scorer.scores()
        rank = np.where(self._given.inside(scorer.shelf), tier_ranks(self.model, scores), OUTSIDE)
        return Block(lead, at, scores.milli, rank, scorer)
