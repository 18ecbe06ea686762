"""The yardstick: what a predictive model makes of the same leads, so that it shows what the points leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.multitest import multipletests

from workbench.errors import CallError
from workbench.history import History
from workbench.measuring.field import Field, Ranked
from workbench.measuring.money import (
    LEAST_AMOUNTS,
    Takings,
    Worth,
    capacity_depth,
    expected_value,
    fit_worth,
)
from workbench.measuring.result import BOOSTED, EVERYTHING, RULES, Yardstick
from workbench.measuring.screen import ASKS, Screen, screened
from workbench.metrics.histogram import tally
from workbench.metrics.ranking import auc
from workbench.metrics.significance import p_value
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import TRAIN, VALIDATION
from workbench.observation.values import Values, values_at
from workbench.predicting.boosting import boosted
from workbench.predicting.design import Design, design
from workbench.predicting.evidence import rule_matrix
from workbench.predicting.folds import moments_of, random_folds, time_folds
from workbench.predicting.judging import ranks
from workbench.predicting.logistic import Logistic, choose_logistic, fit_logistic
from workbench.predicting.trap import time_trap
from workbench.tuning.changes import verdict

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
WINDOWS = (7, 30, None)
FOLDS = 5
STRONG = 0.9
"""AUC of a single column from which on it is named as suspicious."""
LEVEL = 0.05
STRONGEST = 12
LOOSE = 1e-3
"""Strength of the penalty of a calibration by score: next to none."""


def _quiet(_: str) -> None:
    return None


class Learned(NamedTuple):
    """Who is judged after whom was learned from: positions."""

    fit: Integers
    judge: Integers


class Ground(NamedTuple):
    """The observations, and who judges whom.

    Attributes:
        seen: the observations.
        moment: what orders them, if anything does.
        turns: one for a validation part; one for each fold where there is none.
        part, fitted_on: words.
    """

    seen: Observations
    moment: Integers | None
    turns: tuple[Learned, ...]
    part: str
    fitted_on: str

    @property
    def judged(self) -> Integers:
        """The positions that are judged, in order."""
        return np.sort(np.concatenate([turn.judge for turn in self.turns]))

    def folds(self, rows: Integers) -> Integers:
        """Inner folds: blocks of time where there is an order, else random; clusters stay together."""
        cluster = self.seen.subjects.cluster[rows]
        if self.moment is not None and len(self.turns) == 1:
            return time_folds(self.moment[rows], cluster, folds=FOLDS)
        return random_folds(cluster, folds=FOLDS, seed=self.seen.plan.seed)


def ground_of(history: History, seen: Observations) -> Ground:
    """Train teaches and validation judges; without a validation part the folds of what there is judge each other.

    Raises:
        CallError: if one of the two outcomes is hardly there.
    """
    part = seen.default_part
    rows = np.arange(seen.rows(part).start, seen.rows(part).stop)
    moment = moments_of(history, seen)
    if part == VALIDATION:
        fit = np.arange(seen.rows(TRAIN).start, seen.rows(TRAIN).stop)
        found = Ground(seen, moment, (Learned(fit, rows),), part, TRAIN)
    else:
        fold = random_folds(seen.subjects.cluster[rows], folds=FOLDS, seed=seen.plan.seed)
        turns = tuple(Learned(rows[fold != number], rows[fold == number]) for number in range(FOLDS))
        found = Ground(seen, moment, turns, part, f"the other {FOLDS - 1} of {FOLDS} folds of {part}")
    won = seen.subjects.won == 1
    least = min(min(int(won[each].sum()), int((~won[each]).sum())) for turn in found.turns for each in turn)
    if least < 1:
        raise CallError.at(
            f"part {part}",
            expected="some who converted and some who did not, to learn from and to judge by",
            found="one of the two missing",
            remedy="Choose another outcome, horizon or split.",
        )
    return found


def yardstick(
    model: Model,
    history: History,
    seen: Observations,
    *,
    boosting: bool = False,
    exclude: Iterable[str] = (),
    progress: Callable[[str], None] = _quiet,
) -> Yardstick:
    """How much the points leave on the table.

    On the same observations and the same split (train teaches, validation judges, the test stays sealed) the points,
    calibrated on train, are held against a ridge logistic regression of the model's own rules, one of all that was
    known at as_of, and if asked gradient boosting of the same. Where amounts are recorded, leads ranked by expected
    value (likelihood times a regression of the amount among those won) are held against the points by the money that
    the leads bring which sales can work.

    No contender uses what the check of the data (`workbench.checking`) takes for a leak or suspects to be one, nor
    rules that ask for it: a leak would be left on the table for good.

    Args:
        model: the points.
        history: the open history that `seen` was made from.
        seen: observations of leads, made with this model.
        boosting: also scikit-learn's gradient boosting (an extra: `pip install 'lead-scoring-workbench[boost]'`).
        exclude: fields or columns that are not to be used, beside those that leak.
        progress: called with one line for each step.

    Raises:
        CallError: if accounts were observed, the history is another, an outcome is missing, or scikit-learn is.
        NotObserved: if the model asks for evidence that was not gathered.
    """
    scores = seen.scorer(model).scores()
    values = values_at(history, seen, windows=WINDOWS, progress=progress)
    ground = ground_of(history, seen)
    screen = screened(model, history, seen, values, progress=progress)
    exclude = (*exclude, *screen.columns)
    progress("Fitting the model's own rules")
    own = rule_matrix(model, seen, without=screen.rules)[1]
    milli = np.where(scores.out, scores.milli[~scores.out].min(initial=0) - 1000, scores.milli)
    score = np.column_stack([milli / 1000, scores.out])
    points = Ranked("points", milli[ground.judged].astype(np.float64), _predicted(ground, _calibrated(ground, score)))
    contenders = [_ranked(RULES, ground, _regressed(ground, own)[0])]
    progress("Fitting all that is known")
    known = design(values, np.concatenate([turn.fit for turn in ground.turns]), seen.plan, exclude=exclude)
    likely, fit = _regressed(ground, known.matrix)
    contenders.append(_ranked(EVERYTHING, ground, likely))
    if boosting:
        progress("Boosting")
        contenders.append(_ranked(BOOSTED, ground, _boosted(ground, known.matrix)))
    progress("Judging")
    trap = time_trap(values, seen, ground.moment, exclude=exclude)
    at = ground.judged
    field = Field(seen.subjects.won[at] == 1, seen.subjects.cluster[at], seen.plan.seed)
    figures = pd.concat([field.against(points, each) for each in contenders], ignore_index=True)
    depth, words = capacity_depth(seen, at)
    money = _money(ground, known, likely, points, depth)
    figures, money = _adjusted(figures, money)
    too_good = _too_good(ground, known)
    return Yardstick(
        model_name=model.name,
        model_version=model.version,
        model={"scoring_digest": model.scoring_digest, "document_digest": model.document_digest},
        data=dict(seen.data),
        part=ground.part,
        fitted_on=ground.fitted_on,
        n=len(at),
        converted=int(field.won.sum()),
        values=len(known.used),
        figures=figures,
        money=money,
        capacity=words,
        strongest=_strongest(known, fit),
        left_out=_left_out(known, screen),
        trap=trap,
        warnings=(*seen.warnings, *_undated(values, known, seen), *_warnings(ground, screen, too_good)),
        leaking_rules=tuple(screen.rules),
        too_good=tuple(too_good),
    )


# --- contenders -------------------------------------------------------------------------------------------------------


def _regressed(ground: Ground, matrix: Floats) -> tuple[Floats, Logistic]:
    """(n,) log-odds of those judged, NaN elsewhere; and the fit of the first turn."""
    won, found = ground.seen.subjects.won == 1, np.full(len(matrix), np.nan)
    fits = []
    for fit, judge in ground.turns:
        fits.append(choose_logistic(matrix[fit], won[fit], ground.folds(fit), seed=ground.seen.plan.seed, confirm=True))
        found[judge] = fits[-1].log_odds(matrix[judge])
    return found, fits[0]


def _calibrated(ground: Ground, score: Floats) -> Floats:
    """(n,) log-odds by score, learned from those whom the contenders learn from."""
    won, found = ground.seen.subjects.won == 1, np.full(len(score), np.nan)
    for fit, judge in ground.turns:
        found[judge] = fit_logistic(score[fit], won[fit], strength=LOOSE).log_odds(score[judge])
    return found


def _boosted(ground: Ground, matrix: Floats) -> Floats:
    won, found = ground.seen.subjects.won == 1, np.full(len(matrix), np.nan)
    for fit, judge in ground.turns:
        found[judge] = boosted(matrix[fit], won[fit], matrix[judge], seed=ground.seen.plan.seed)
    return found


def _predicted(ground: Ground, log_odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-log_odds[ground.judged]))
    return found


def _ranked(name: str, ground: Ground, log_odds: Floats) -> Ranked:
    return Ranked(name, log_odds[ground.judged], _predicted(ground, log_odds))


def _money(ground: Ground, known: Design, likely: Floats, points: Ranked, depth: float) -> pd.DataFrame | None:
    """The frame of rankings by money; None where too few amounts are recorded."""
    subjects = ground.seen.subjects
    amounts, won = np.nan_to_num(subjects.amount), subjects.won == 1
    worth = np.full(len(amounts), np.nan)
    for fit, judge in ground.turns:
        sold = fit[won[fit] & (amounts[fit] > 0)]
        if len(sold) < LEAST_AMOUNTS:
            return None
        fitted: Worth = fit_worth(known.matrix[sold], amounts[sold], subjects.cluster[sold], seed=ground.seen.plan.seed)
        worth[judge] = fitted.predict(known.matrix[judge])
    at = ground.judged
    takings = Takings(won[at], amounts[at] * won[at], subjects.cluster[at], depth, ground.seen.plan.seed)
    rankings = {
        "points": points.by,
        "likelihood": likely[at],
        "expected value": expected_value(likely[at], worth[at]),
    }
    frame, changes = takings.compare(rankings)
    enough = Field(won[at], subjects.cluster[at], 0).enough
    others = [changes[name] for name in frame["ranking"]][1:]
    told = [verdict(change, enough=enough) for change in others]
    return frame.assign(p=[np.nan, *(p_value(change) for change in others)], verdict=["", *told])


# --- what may be claimed ----------------------------------------------------------------------------------------------


def _adjusted(figures: pd.DataFrame, money: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """With p adjusted for all that is compared (Holm); what does not pass is not claimed."""
    frames = [figures] if money is None else [figures, money]
    plain = np.concatenate([frame["p"].to_numpy(dtype=np.float64) for frame in frames])
    there = ~np.isnan(plain)
    adjusted = np.full(len(plain), np.nan)
    if there.any():
        adjusted[there] = multipletests(plain[there], method="holm")[1]
    split = np.split(adjusted, [len(figures)])
    done = [_claimed(frame, p) for frame, p in zip(frames, split, strict=False)]
    return done[0], None if money is None else done[1]


def _claimed(frame: pd.DataFrame, p: Floats) -> pd.DataFrame:
    verdicts = [
        "not enough evidence" if said in {"better", "worse"} and not each < LEVEL else said
        for said, each in zip(frame["verdict"], p, strict=True)
    ]
    return frame.assign(p=p, verdict=verdicts)


def _strongest(known: Design, fit: Logistic) -> pd.DataFrame:
    order = np.argsort(-np.abs(fit.coefficients), kind="stable")[:STRONGEST]
    rows = [[known.names[at], known.of[at], float(fit.coefficients[at])] for at in order]
    return pd.DataFrame(rows, columns=["column", "of", "coefficient"])


def _left_out(known: Design, screen: Screen) -> pd.DataFrame:
    """value, reason: leaks first."""
    reasons = {
        **screen.columns,
        **{value: reason for value, reason in known.left_out.items() if value not in screen.columns},
        **{f"rule {name}": ASKS for name in screen.rules},
    }
    return pd.DataFrame(list(reasons.items()), columns=["value", "reason"], dtype="str")


def _too_good(ground: Ground, known: Design) -> dict[str, float]:
    """Values of which a column has an AUC of `STRONG` and more among those learned from, with it."""
    won, fit = ground.seen.subjects.won == 1, ground.turns[0].fit
    found: dict[str, float] = {}
    for column, of in enumerate(known.of):
        cells, n = ranks(known.matrix[fit, column])
        area = float(auc(*tally(cells, won[fit], n)))
        if max(area, 1 - area) >= STRONG:
            found[of] = max(area, 1 - area, found.get(of, 0.0))
    return found


def _undated(values: Values, known: Design, seen: Observations) -> list[str]:
    """What was taken as recorded says so itself."""
    n = sum(values[name].known == "undated" for name in known.used)
    if not n or seen.plan.at == "recorded":
        return []
    told = (
        f"{n:,} of {len(known.used):,} values have no dates, and the plan allows them: what passed the check may still "
        "have been written after the outcome, so more may seem to be left on the table than is."
    )
    return [told]


def _warnings(ground: Ground, screen: Screen, too_good: Mapping[str, float]) -> list[str]:
    told = [screen.told] if screen.told else []
    if screen.rules:
        named = ", ".join(f"{name} ({', '.join(columns)})" for name, columns in screen.rules.items())
        told.append(
            f"What leaks the outcome, or seems to, is asked for by own rules: {named}. They flatter the points; the "
            "refitted rules do without them."
        )
    if too_good:
        named = ", ".join(f"{name} (AUC {area:.2f})" for name, area in too_good.items())
        told.append(
            f"Almost gives the outcome away by itself: {named}. See `workbench check`, and exclude it if it leaks."
        )
    if len(ground.turns) > 1:
        told.append("Nothing was held back: the contenders were judged by folds, the points as they are.")
    return told
