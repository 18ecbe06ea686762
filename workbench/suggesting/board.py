"""What a search plays on: any points for the turns of a model, judged by one objective on some observations."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.observation import Weights
from workbench.searching import Lines, Objective, Place
from workbench.suggesting.turn import Turn, allowed, points_of

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
State = tuple[int, ...]
MOST_KEPT = 200_000
MOST_LINES = 20_000


class Clock:
    """How long a search may still take.

    Args:
        seconds: from now on; None for as long as it needs.
        now: reads a clock in seconds.
    """

    def __init__(self, seconds: float | None, *, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._start = now()
        self._seconds = float("inf") if seconds is None else seconds

    @property
    def seconds(self) -> float:
        """Since the start."""
        return self._now() - self._start

    @property
    def over(self) -> bool:
        """Whether the time is used up."""
        return self.seconds > self._seconds

    def part(self, share: float) -> Clock:
        """A clock that is over once a share (0..1) of the time that is left now has gone."""
        left = self._seconds - self.seconds
        return Clock(None if left == float("inf") else max(left, 0.0) * share, now=self._now)


class Board:
    """Judges points; a state has one number, in thousandths, for each turn.

    Args:
        lines: the observations.
        turns: what may be turned.
        objective: higher is better.

    Attributes:
        turns: as given.
        base: the state of the model itself.
        tried: how many candidates were judged so far.
    """

    def __init__(self, lines: Lines, turns: Sequence[Turn], objective: Objective) -> None:
        self.turns = tuple(turns)
        self.base: State = tuple(turn.now for turn in turns)
        self.tried = 0
        self.lines, self.objective = lines, objective
        self._rules = {rule.id: rule for each in reversed(lines.weights.alternatives) for rule in each.rules}
        self._known: dict[State, float] = {}
        self._lines: dict[tuple[int, State], tuple[Integers, Floats]] = {}

    def weights(self, state: Sequence[int]) -> Weights:
        """What the model pays with these points."""
        points = points_of(self.turns, np.asarray(state, dtype=np.int64), self._rules)
        return self.lines.weights.paying(points) if points else self.lines.weights

    def value(self, state: State) -> float:
        """The objective of one state."""
        found = self._known.get(state)
        if found is None:
            found = self._known[state] = self._judged(state)
        return found

    def line(self, state: State, at: int) -> tuple[Integers, Floats]:
        """Every value that one number may get while the others stay, in thousandths, and the objective of each."""
        key = (at, (*state[:at], 0, *state[at + 1 :]))
        if key not in self._lines:
            if len(self._lines) > MOST_LINES:
                self._lines.clear()
            self._lines[key] = self._line(state, at)
        return self._lines[key]

    def _line(self, state: State, at: int) -> tuple[Integers, Floats]:
        turn = self.turns[at]
        values = allowed(self.turns, np.asarray(state, dtype=np.int64), at)
        if len(values) == 1:
            return values, np.array([self.value(state)])
        if turn.index is None:
            return values, np.array([self.value((*state[:at], int(value), *state[at + 1 :])) for value in values])
        along = self.lines.along(self.weights(state), Place(turn.rule, turn.index), values)
        self.tried += len(values)
        found = self.objective(along.scores, along.negatives, along.positives, along.amounts)
        scores = np.where(np.isnan(found), -np.inf, found)
        for value, score in zip(values.tolist(), scores.tolist(), strict=True):
            self._known.setdefault((*state[:at], value, *state[at + 1 :]), score)
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        return values, scores

    def may(self, state: State, at: int, value: int) -> bool:
        """Whether one number may become this while the others stay."""
        return value in allowed(self.turns, np.asarray(state, dtype=np.int64), at)

    def changed(self, state: State) -> tuple[int, ...]:
        """Positions of the turns that differ from the model."""
        return tuple(at for at, (one, other) in enumerate(zip(state, self.base, strict=True)) if one != other)

    def _judged(self, state: State) -> float:
        """By counting; as a line of a single value, which has the amounts too."""
        self.tried += 1
        weights = self.weights(state)
        place = self.lines.places[0]
        rule = next(rule for each in weights.alternatives for rule in each.rules if rule.id == place.rule)
        along = self.lines.along(weights, place, np.array([rule.points[place.index]], dtype=np.int64))
        found = float(self.objective(along.scores, along.negatives, along.positives, along.amounts)[0])
        return float("-inf") if np.isnan(found) else found
