"""Other points for the rules that are there: searched on train, their number chosen inside it, judged elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import CallError
from workbench.metrics.ranking import ranks
from workbench.model import Model
from workbench.observation import Observations, Weights
from workbench.observation.split import ALL, TRAIN, VALIDATION
from workbench.searching import Lines, Objective, objective_named
from workbench.suggesting.board import Board, Clock, State
from workbench.suggesting.constraints import Constraints
from workbench.suggesting.crossfit import CrossFit, cross_fitted, state_of
from workbench.suggesting.folds import folds, subset
from workbench.suggesting.judge import Judge
from workbench.suggesting.search import Path, cut_back, free, grown, keep_best, polished, tempered, whole_path
from workbench.suggesting.starts import starts_of
from workbench.suggesting.steps import path_frame, points
from workbench.suggesting.suggestion import CUT_SHORT, Suggestion
from workbench.suggesting.turn import Turn, turns_of, varied_rules
from workbench.tuning import rule_evidence
from workbench.tuning.edit import edited

Integers = NDArray[np.int64]
MOST_STEPS = 12
"""Changes at most where none are asked for: more cannot be read, and seldom add anything."""
FOLDS = 5
LEAST_OUTCOMES = 2 * FOLDS
"""Converts, and others, without which a fold may hold none of them."""
MOST_ROWS = 36_000
"""Observations that ways are compared on; what remains of them is judged on all."""
LEAST_CONVERTS = 30
KICKS = 6


def _quiet(step: str) -> None:
    """Tell nobody."""


def tune(
    model: Model,
    seen: Observations,
    *,
    objective: str = "auc",
    constraints: Constraints | None = None,
    max_changes: int | None = None,
    seed: int = 7,
    seconds: float | None = 120.0,
    progress: Callable[[str], None] = _quiet,
) -> Suggestion:
    """Suggest other points for the rules of a model.

    On train the best sets of 1, 2, … changes are looked for (`workbench.suggesting.search`). How many are recommended
    is chosen inside train: the search is repeated without each of five folds of whole clusters and judged on it; the
    smallest number of changes is taken that the best one does not beat by more than one standard error, and none if
    the gain on held-out folds is not beyond noise, or if held-out leads are ordered no better than chance. Validation
    has no part in any of this: it judges. The recommended step was named before validation was looked at, so its
    verdict is its own; those of the other steps allow for how many are looked at (Holm). Without a split the held-out
    folds judge, at a level divided by the number of steps. Nothing is called better that does not order the leads of
    the judging part better than chance.

    Args:
        model: the champion. Only its points change.
        seen: observations that hold what it asks.
        objective: auc, log_loss, lift_<percent of the list>, or value (the plan's money at its capacity).
        constraints: what points may become; the defaults keep signs, the order of cases, and -30 to 30.
        max_changes: at most so many numbers change, if fewer than the constraints allow.
        seed: of folds, starts and kicks.
        seconds: the search ends after about so long with what it has found; None for as long as it needs. What was cut
            short is said, and may differ from run to run.
        progress: called with one line for each step.

    Raises:
        CallError: if the objective is unknown, the constraints name a rule that is not there, nothing may change, or
            fewer than `LEAST_OUTCOMES` of those searched on converted, or did not.
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if it does not fit the history.
    """
    rules = (constraints or Constraints()).changed(max_changes=max_changes)
    turns = turns_of(model, rules)
    if not any(len(turn.values) > 1 for turn in turns):
        raise CallError.at(
            "constraints",
            expected="some points that may change",
            found="none",
            remedy="Keep fewer rules, widen the range, or free a sign.",
        )
    seen = seen.following(model)
    part = TRAIN if seen.split else ALL
    task = _Task(model, seen, part, turns, objective_named(objective, plan=seen.plan, seen=seen), seed)
    _demand_outcomes(task.judge, part)
    limit = len(turns) if rules.max_changes is None else min(rules.max_changes, len(turns))
    clock = Clock(seconds)
    progress(f"Searching: {len(turns)} numbers of points on {task.judge.n:,} observations")
    board, path = task.path(limit, clock.part(0.4))
    progress("Searching again without each fold")
    inner = task.cross_fit(max(path), clock)
    progress("Judging")
    return _suggested(task, board, path, inner, clock, rules)


def _demand_outcomes(judge: Judge, part: str) -> None:
    """Raise CallError where every fold cannot hold some of either outcome."""
    won = int(judge.won.sum())
    if min(won, judge.n - won) < LEAST_OUTCOMES:
        raise CallError.at(
            f"part {part}",
            expected=f"at least {LEAST_OUTCOMES} who converted and {LEAST_OUTCOMES} who did not, to search on",
            found=f"{won:,} of {judge.n:,} converted",
            remedy="Take a longer past or another outcome; points cannot be learned from so few.",
        )


@dataclass(eq=False)
class _Task:
    """What is searched, and on what.

    Attributes:
        model, seen, part: whose points, on which observations.
        turns: what may be turned.
        objective: what is to be high.
        seed: of everything random.
        judge: of the part.
        tried: candidates judged so far.
    """

    model: Model
    seen: Observations
    part: str
    turns: tuple[Turn, ...]
    objective: Objective
    seed: int
    judge: Judge = field(init=False)
    tried: int = 0
    cut_short: bool = False

    def __post_init__(self) -> None:
        self.judge = Judge(self.model, self.seen, self.part, self.objective)

    def board(self, rows: Integers | None = None) -> Board:
        """A board on the part, or on some of its observations by their positions in it."""
        paid = self.objective.name == "value"
        lines = Lines(self.model, self.seen, part=self.part, rows=rows, amounts=paid)
        return Board(lines, self.turns, self.objective)

    def path(self, limit: int, clock: Clock) -> tuple[Board, Path]:
        """The best states by number of changes, from several starts; ways are compared on a subset of many."""
        judge = self.judge
        rows = subset(judge.won, judge.cluster, most=MOST_ROWS, seed=self.seed)
        board = self.board(rows)
        most = min(limit, MOST_STEPS)
        path = grown(board, most, clock)
        best = free(board, self._starts(board, rows), clock, seed=self.seed, kicks=KICKS)
        cut_back(board, best, path, clock, most=most)
        if limit > most and len(board.changed(best)) <= limit:
            keep_best(board, path, best)
        self._note(board, clock)
        if rows is None:
            return board, whole_path(tempered(board, path, clock), board)
        whole = self.board()
        final: Path = {0: whole.base}
        for state in path.values():
            keep_best(whole, final, polished(whole, state, board.changed(state), clock, rounds=2))
        self._note(whole, clock)
        return whole, whole_path(tempered(whole, final, clock), whole)

    def cross_fit(self, most: int, clock: Clock) -> CrossFit:
        """What each number of changes gains on folds that the search has not seen."""
        judge = self.judge
        fold = folds(judge.won, judge.cluster, count=FOLDS, seed=self.seed)
        left = [FOLDS]

        def search(rows: Integers) -> tuple[Board, Path]:
            own = subset(judge.won[rows], judge.cluster[rows], most=MOST_ROWS, seed=self.seed)
            board = self.board(rows if own is None else rows[own])
            part = clock.part(0.9 / left[0])
            left[0] -= 1
            path = grown(board, min(most, MOST_STEPS), part)
            start = self._starts(board, rows)
            best = free(board, start, part, seed=self.seed, kicks=0)
            cut_back(board, best, path, part, most=min(most, MOST_STEPS))
            if most > MOST_STEPS:
                keep_best(board, path, best, most=most)
            self._note(board, part)
            return board, whole_path(tempered(board, path, part), board)

        looks = 1 if self.seen.split else max(most, 1)
        return cross_fitted(judge, fold, most, search, looks=looks)

    def _starts(self, board: Board, rows: Integers | None) -> list[State]:
        start = self.seen.rows(self.part).start
        within = np.arange(self.judge.n, dtype=np.int64) if rows is None else rows
        few = within if len(within) <= MOST_ROWS else within[:: -(-len(within) // MOST_ROWS)]
        return starts_of(self.model, self.seen, board, few + start)

    def _note(self, board: Board, clock: Clock) -> None:
        self.tried += board.tried
        self.cut_short = self.cut_short or clock.over


def _suggested(
    task: _Task, board: Board, path: Path, inner: CrossFit, clock: Clock, constraints: Constraints
) -> Suggestion:
    sizes = sorted(path)
    chosen = 0 if not inner.chosen else max(len(board.changed(state_of(path, inner.chosen))), 0)
    judge = _validation(task)
    frame = path_frame(board, path, inner, judge, chosen)
    row = frame.loc[frame["changes"] == chosen].iloc[0]
    edits = {size: _edits(board, path[size]) for size in sizes}
    return Suggestion(
        champion=task.model,
        model=edited(task.model, edits[chosen]) if edits[chosen] else task.model,
        recommended=chosen,
        verdict=str(row["verdict"]),
        objective=task.objective.name,
        path=frame,
        changes=_changes(task, board, path[chosen]),
        optimism={
            "train_gain": float(row["train_gain"]),
            "cross_gain": float(row["cross_gain"]),
            "validation_gain": float(row["validation_gain"]),
            "over_cross": float(row["train_gain"] - row["cross_gain"]),
            "over_validation": float(row["train_gain"] - row["validation_gain"]),
        },
        edits=edits,
        constraints=constraints,
        seed=task.seed,
        tried=task.tried,
        seconds=clock.seconds,
        warnings=(*_order(board.weights(path[chosen]), judge, bool(chosen)), *_warnings(task, judge)),
        data=dict(task.seen.data),
        plan={"name": task.seen.plan.name, "digest": task.seen.plan.digest},
        parts=(task.part, "" if judge is None else VALIDATION),
        cut_short=task.cut_short,
    )


def _validation(task: _Task) -> Judge | None:
    """Who judges on validation; None where nobody is in it."""
    if VALIDATION not in task.seen.parts:
        return None
    judge = Judge(task.model, task.seen, VALIDATION, task.objective)
    return judge if judge.n else None


def _edits(board: Board, state: State) -> dict[str, float]:
    """New points by path."""
    return {board.turns[at].path: points(state[at]) for at in board.changed(state)}


def _changes(task: _Task, board: Board, state: State) -> pd.DataFrame:
    """What the recommended points change, and what outcomes say of each."""
    columns = ["rule", "case", "path", "from", "to", "lost_without", "why", "n", "rate", "rate_without"]
    said: Mapping[str, pd.Series] = {}
    if board.changed(state):
        evidence = rule_evidence(task.model, task.seen, task.part)
        said = {path: row for _, row in evidence.iterrows() for path in row["paths"]}
    rows = []
    for at in board.changed(state):
        turn = board.turns[at]
        own = said.get(turn.path)
        back = (*state[:at], board.base[at], *state[at + 1 :])
        rows.append(
            {
                "rule": turn.rule,
                "case": turn.case,
                "path": turn.path,
                "from": turn.now / 1000,
                "to": state[at] / 1000,
                "lost_without": board.value(state) - board.value(back),
                "why": "" if own is None else _why(own),
                "n": 0 if own is None else int(own["n"]),
                "rate": float("nan") if own is None else float(own["rate"]),
                "rate_without": float("nan") if own is None else float(own["rate_without"]),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _why(evidence: pd.Series) -> str:
    """What outcomes say of those for whom a rule holds, by itself."""
    if not evidence["n"]:
        return "never holds"
    return (
        f"holds for {int(evidence['n']):,}, of whom {_percent(evidence['rate'])} converted; of the "
        f"{int(evidence['n_without']):,} it is held against {_percent(evidence['rate_without'])}"
    )


def _percent(rate: float) -> str:
    return f"{100 * rate:.3g} %"


def _order(weights: Weights, judge: Judge | None, asked: bool) -> Iterator[str]:
    """What is to be said where the recommended points do not order leads, so that nothing is called better."""
    if asked and judge is not None and not ranks(*judge.counts(judge.placed(weights))):
        yield "The chosen points do not order the leads of validation better than chance: no gain is claimed."


def _warnings(task: _Task, judge: Judge | None) -> tuple[str, ...]:
    found = []
    if judge is None:
        found.append("There is no validation part: held-out folds of the same observations judge, not later ones.")
    for name, each in ((task.part, task.judge), (VALIDATION, judge)):
        if each is not None and int(each.won.sum()) < LEAST_CONVERTS:
            found.append(f"Only {int(each.won.sum())} converted in {name}: little can be said of any points.")
    aside = [rule.id for rule in task.model.active if rule.id in varied_rules(task.model)]
    if aside:
        found.append(f"Points of {', '.join(aside)} stay: a variant has a version of its own.")
    if task.cut_short:
        found.append(CUT_SHORT)
    return (*found, *task.seen.warnings)
