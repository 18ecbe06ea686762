"""Rules that are not in the model and would add to it: tried, tested, confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.checking.screening import screening
from workbench.errors import CallError
from workbench.history import History
from workbench.linting import lint
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import TRAIN, VALIDATION
from workbench.observation.values import Values, values_at
from workbench.predicting import random_folds, usable
from workbench.predicting.evidence import rule_matrix
from workbench.proposing.added import Added, Base, Gain, added, gain_by_folds, gain_on, score_tests
from workbench.proposing.candidates import Candidate, candidates
from workbench.proposing.discovery import discovered
from workbench.proposing.effect import effect_of
from workbench.proposing.places import dimension_for, named
from workbench.proposing.proposals import Proposal, Proposals, added_to
from workbench.proposing.scale import Scale

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

WINDOWS = (7, 30, 90, None)
LEVEL = 0.05
"""Share of false ones among the discoveries that is accepted."""
LEAST_HITS = 30
LEAST_EXPECTED = 4.0
"""Converts that the base expects among those for whom a condition holds, and among the others, at least."""
ALIKE = 0.7
"""Correlation (phi) from which on two conditions say nearly the same."""
HOPELESS = 0.2
"""Chance from which on a condition is not tested again."""
IN_MODEL = 0.9
"""Correlation with the hits of a rule from which on a condition is in the model already."""
LISTED = 5
CONFIRM = 5
"""Parts into which leads without a split are cut; two of them confirm what the others found."""


def _quiet(_: str) -> None:
    return None


@dataclass(frozen=True, eq=False)
class Ground:
    """Who is learned from and who confirms: positions of observations; and what the model says of them.

    Attributes:
        fit, confirm: positions.
        learned, confirmed: words.
        score: (n,) in points; 0 without a model.
        base: (n,) of all, with the columns that a condition must add to.
    """

    fit: Integers
    confirm: Integers
    learned: str
    confirmed: str
    score: Floats
    base: Base

    def of(self, rows: Integers) -> Base:
        """The base of some positions."""
        return Base(self.base.columns[rows], self.base.won[rows], self.base.cluster[rows])


def suggest_rules(
    model: Model | None,
    history: History,
    seen: Observations,
    *,
    most: int = 10,
    exclude: Iterable[str] = (),
    progress: Callable[[str], None] = _quiet,
) -> Proposals:
    """Conditions that are not in the model and would add to it.

    Tried are values and groups of values of texts, their words, bands of numbers (optimal bins), missing values, and
    events (also by property) counted within windows, with the age of the last one. Each is tested for what it adds
    given the model's score (a score test, robust to clusters) on train; p-values are multiplied by the number of ways
    in which outcomes helped to choose the condition, and adjusted for all that were tried (`discovered`, at 5 %). The
    strongest is taken, what says nearly the same is listed beside it, and the others are tested anew given what was
    taken, until none is left that still tells something. What was taken is confirmed on validation: its added log-odds
    must have the same sign there, their 95 % interval without 0, and the gain in log-loss be above 0.

    Args:
        model: the points; None for a first scorecard.
        history: the open history that `seen` was made from.
        seen: observations of leads, made with this model (with none for a first scorecard).
        most: proposals at most.
        exclude: fields or columns that leak, beside those that are left out by themselves: undated ones without the
            plan's consent, and what the check of the data (`workbench.checking`) takes for a leak.
        progress: called with one line for each step.

    Raises:
        CallError: if accounts were observed, the history is another, nobody converted, or most < 1.
        NotObserved: if the model asks for evidence that was not gathered.
    """
    if most < 1:
        raise CallError.at("most", expected="at least 1", found=str(most), remedy="Ten is customary.")
    ground = _ground(model, seen)
    values = values_at(history, seen, windows=WINDOWS, progress=progress)
    kept, left = usable(values, seen.plan, exclude=exclude)
    progress("Looking for leaks")
    screen, free = screening(history, seen, values, progress=_quiet), {asked.name for asked in kept}
    left.update({name: reason for name, reason in screen.columns.items() if name in free})
    tried, ways = _tried(model, seen, values, [asked.name for asked in kept if asked.name not in left], ground)
    progress(f"Testing {len(tried):,} conditions")
    found = _chosen(tried, ground, most, model)
    progress(f"Confirming {len(found)} of them")
    scale = Scale.of(ground.score[ground.fit], ground.base.won[ground.fit])
    proposals = _proposals(found, ground, scale, model, seen.plan.seed)
    if model is not None:
        pairs = zip(proposals, found, strict=True)
        proposals = [replace(each, effect=effect_of(model, seen, each.rule, of.candidate.holds)) for each, of in pairs]
    return Proposals(
        model=model,
        learned=ground.learned,
        confirmed=ground.confirmed,
        n=len(ground.fit),
        converted=int(ground.base.won[ground.fit].sum()),
        tried=ways,
        scale=scale.words,
        proposals=tuple(sorted(proposals, key=lambda each: each.verdict != "better")),
        left_out=pd.DataFrame(list(left.items()), columns=["value", "reason"], dtype="str"),
        warnings=(*seen.warnings, *([screen.told] if screen.told else [])),
    )


# --- who is looked at -------------------------------------------------------------------------------------------------


def _ground(model: Model | None, seen: Observations) -> Ground:
    subjects, n = seen.subjects, len(seen.subjects.won)
    score, ranked = np.zeros(n), np.ones(n, dtype=np.bool_)
    if model is not None:
        scores = seen.scorer(model).scores()
        score, ranked = scores.milli / 1000, ~scores.out
    part = seen.default_part
    rows = np.arange(seen.rows(part).start, seen.rows(part).stop)
    if part == VALIDATION:
        fit, confirm = np.arange(seen.rows(TRAIN).start, seen.rows(TRAIN).stop), rows
        learned, confirmed = TRAIN, VALIDATION
    else:
        fold = random_folds(subjects.cluster[rows], folds=CONFIRM, seed=seen.plan.seed)
        fit, confirm = rows[fold >= 2], rows[fold < 2]
        learned, confirmed = f"60 % of {part}, drawn at random", f"the other 40 % of {part}"
    fit, confirm = fit[ranked[fit]], confirm[ranked[confirm]]
    won = subjects.won == 1
    if min(int(won[fit].sum()), int((~won[fit]).sum())) < 1:
        remedy = "Choose another outcome, horizon or split."
        raise CallError.at(
            learned, expected="some who converted and some who did not", found="one of the two missing", remedy=remedy
        )
    base = Base(_base_columns(score, fit), won, subjects.cluster)
    return Ground(fit, confirm, learned, confirmed, score, base)


def _base_columns(score: Floats, fit: Integers) -> Floats:
    """One, the score, and its square, so that a bent score is not mended by conditions that merely follow it."""
    ones = np.ones(len(score))
    mean, deviation = float(score[fit].mean()), float(score[fit].std())
    if not deviation > 0:
        return ones[:, None]
    scaled = (score - mean) / deviation
    return (
        np.column_stack([ones, scaled, scaled**2])
        if len(np.unique(scaled[fit])) > 2
        else np.column_stack([ones, scaled])
    )


# --- what is tried ----------------------------------------------------------------------------------------------------


def _tried(
    model: Model | None, seen: Observations, values: Values, names: Sequence[str], ground: Ground
) -> tuple[list[Candidate], int]:
    """Conditions that hold for enough of those learned from, are not the same as another, nor in the model."""
    fit = ground.fit
    own = _own_hits(model, seen, fit)
    known: set[bytes] = set()
    found, ways = [], 0
    rate = float(ground.base.won[fit].mean())
    least = max(LEAST_HITS, LEAST_EXPECTED / max(rate, 1e-9))
    for name in names:
        for each in candidates(values[name], values.frame[name], fit, ground.base.won):
            held = each.holds[fit]
            n = int(held.sum())
            mark = np.packbits(held).tobytes()
            if min(n, len(held) - n) < least or mark in known:
                continue
            known.add(mark)
            known.add(np.packbits(~held).tobytes())
            ways += each.ways
            if not len(own) or float(np.abs(correlations(own, held)).max()) < IN_MODEL:
                found.append(each)
    return found, ways


def _own_hits(model: Model | None, seen: Observations, fit: Integers) -> Booleans:
    """(m, n) for whom each rule, or case of it, of the model holds."""
    if model is None:
        return np.zeros((0, len(fit)), dtype=np.bool_)
    matrix = rule_matrix(model, seen)[1][fit]
    hits = (matrix > 0).T
    return np.asarray(hits[[row.any() and not row.all() for row in hits]], dtype=np.bool_)


def correlations(several: Booleans, one: Booleans) -> Floats:
    """(m,) phi of each of (m, n) conditions with one (n,); 0 where a condition is the same for all."""
    n = len(one)
    a, b = several.sum(axis=1).astype(np.float64), float(one.sum())
    both = (several & one).sum(axis=1)
    spread = np.sqrt(a * (n - a) * b * (n - b))
    return np.asarray(np.divide(n * both - a * b, spread, out=np.zeros(len(a)), where=spread > 0))


# --- what is chosen ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Found:
    """A condition that was taken: its sign, its chance, plain and adjusted, what is alike, and what it was added to."""

    candidate: Candidate
    sign: int
    p: float
    p_adjusted: float
    alike: tuple[str, ...]
    base: Base


def _chosen(tried: Sequence[Candidate], ground: Ground, most: int, model: Model | None) -> list[Found]:
    """Those beyond chance, the strongest first; after each all that is left is tested anew, given it too.

    A condition may be taken that is beyond chance given the score, all tests counted, and still tells something given
    what was taken (at 5 %, by itself); or that is beyond chance given both, all tests counted.
    """
    found: list[Found] = []
    if not tried:
        return found
    holds = np.array([each.holds[ground.fit] for each in tried])
    ways, sources = np.array([each.ways for each in tried]), [each.source for each in tried]
    every, p = ground.base, np.zeros(len(tried))
    z, open_ = np.zeros(len(tried)), np.ones(len(tried), dtype=np.bool_)
    alone = np.ones(len(tried))
    while len(found) < most:
        # What says nothing is not tested again, but still counts.
        again = open_ & (p <= HOPELESS)
        now = Base(every.columns[ground.fit], every.won[ground.fit], every.cluster[ground.fit])
        z[again], p[again] = score_tests(now, holds[again])
        adjusted = np.where(open_, discovered(np.where(open_, p, 1.0), ways, sources, level=LEVEL), 1.0)
        alone = adjusted if not found else alone
        taken = open_ & ((adjusted < LEVEL) | ((alone < LEVEL) & (p < LEVEL)))
        order = [int(at) for at in np.argsort(-np.abs(z), kind="stable") if taken[at]]
        before = [(each.candidate, each.sign) for each in found]
        at = next((each for each in order if _fits((*before, (tried[each], int(np.sign(z[each])))), model)), None)
        if at is None:
            break
        close = np.abs(correlations(holds, holds[at])) >= ALIKE
        same = close | np.array([other.family == tried[at].family for other in tried])
        alike = [tried[other].words for other in order if same[other] and other != at][:LISTED]
        least = float(min(adjusted[at], alone[at]))
        found.append(Found(tried[at], int(np.sign(z[at])), float(p[at]), least, tuple(alike), every))
        open_ &= ~same
        every = every.with_(tried[at].holds)
    return found


def _fits(signed: Sequence[tuple[Candidate, int]], model: Model | None) -> bool:
    """Whether the model with these rules has no finding of the lint that it did not have, notes aside."""
    if model is None:
        return True
    taken = {rule.id for rule in model.rules}
    rules = [_bare(each, model, named(each.words, taken), sign) for each, sign in signed]
    known = {(each.code, each.finding) for each in lint(model).findings}
    new = [each for each in lint(added_to(model, rules)).findings if (each.code, each.finding) not in known]
    return all(each.severity == "note" for each in new)


def _bare(candidate: Candidate, model: Model | None, name: str, points: int) -> dict[str, Any]:
    place = dimension_for(candidate.when, model)
    return {"id": name, "in": place, "why": "", "when": dict(candidate.when), "points": points}


# --- what is said -----------------------------------------------------------------------------------------------------


def _proposals(found: Sequence[Found], ground: Ground, scale: Scale, model: Model | None, seed: int) -> list[Proposal]:
    taken = set() if model is None else {rule.id for rule in model.rules}
    return [_proposal(each, ground, scale, model, named(each.candidate.words, taken), seed) for each in found]


def _proposal(found: Found, ground: Ground, scale: Scale, model: Model | None, name: str, seed: int) -> Proposal:
    holds, every = found.candidate.holds, found.base
    fit, confirm = (
        Base(every.columns[rows], every.won[rows], every.cluster[rows]) for rows in (ground.fit, ground.confirm)
    )
    learned, checked = holds[ground.fit], holds[ground.confirm]
    own = added(fit, learned)
    evidence = {
        **_rates(fit.won, learned),
        **_numbers(own, gain_by_folds(fit, learned, seed=seed)),
        "p": found.p,
        "p_adjusted": found.p_adjusted,
    }
    evidence["points_low"], evidence["points_high"] = (float(each) for each in scale.range(own))
    verdict = "not enough evidence"
    if 0 < checked.sum() < len(checked) and 0 < confirm.won.sum() < len(confirm.won):
        again, gain = added(confirm, checked), gain_on(fit, confirm, learned, checked)
        more = {**_rates(confirm.won, checked), **_numbers(again, gain)}
        evidence |= {f"confirm_{key}": value for key, value in more.items()}
        beyond = again.low > 0 if own.value > 0 else again.high < 0
        verdict = "better" if beyond and gain.log_loss.value > 0 else verdict
    rule = _bare(found.candidate, model, name, scale.whole(own.value))
    rule["why"] = _why(evidence, ground, model, verdict)
    return Proposal(name, rule, found.candidate.words, found.alike, evidence, verdict)


def _rates(won: Booleans, holds: Booleans) -> dict[str, float]:
    n, m = int(holds.sum()), int((~holds).sum())
    return {
        "n": n,
        "converted": int(won[holds].sum()),
        "rate": float(won[holds].mean()) if n else float("nan"),
        "n_without": m,
        "rate_without": float(won[~holds].mean()) if m else float("nan"),
    }


def _numbers(own: Added, gain: Gain) -> dict[str, float]:
    return {
        "log_odds": own.value,
        "log_odds_low": own.low,
        "log_odds_high": own.high,
        "auc_gain": gain.auc.value,
        "auc_gain_low": gain.auc.low,
        "auc_gain_high": gain.auc.high,
        "loss_gain": gain.log_loss.value,
        "loss_gain_low": gain.log_loss.low,
        "loss_gain_high": gain.log_loss.high,
    }


def _why(evidence: dict[str, float], ground: Ground, model: Model | None, verdict: str) -> str:
    """The evidence in words, for the model file."""
    e = evidence
    ends = " to ".join(_signed(e[f"log_odds_{end}"]) for end in ("low", "high"))
    told = (
        f"{_percent(e['rate'])} of {e['n']:,.0f} with it converted, {_percent(e['rate_without'])} of "
        f"{e['n_without']:,.0f} without ({ground.learned}); given the score {_signed(e['log_odds'])} log-odds ({ends})"
    )
    to = "" if model is None else f"; proposed for version {model.version}"
    if "confirm_rate" not in e:
        return f"{told}{to}; nothing was left to check it on."
    checked = f"{_percent(e['confirm_rate'])} of {e['confirm_n']:,.0f} against {_percent(e['confirm_rate_without'])}"
    said = "confirmed on" if verdict == "better" else "not enough evidence on"
    return f"{told}{to}; {said} {ground.confirmed}: {checked}."


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f} %"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
