"""Which fields leak, which are suspected to, and which are merely strong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.checking.catalogue import kind
from workbench.checking.coding import Told, coded, out_of_fold, told_within
from workbench.checking.finding import Finding
from workbench.checking.grouping import REASONS
from workbench.checking.material import Material
from workbench.checking.signs import Signs, filled_in_step, signs_of
from workbench.checking.wording import percent, values_quoted
from workbench.predicting.logistic import fit_logistic

Floats = NDArray[np.float64]

STRONG = 0.65
"""Lower end of a single field's AUC from which it is strong: most honest fields of leads stay below."""
TELLS = 0.52
"""Lower end of the AUC that suspicion needs: below, a field does no harm even if it leaks."""
DOMINATES = 0.05
"""AUC by which a field's lower end lies above all other fields together: one honest trait does not outdo them all."""
MAPPED = 0.95
"""Lower end of the AUC from which even a field mapped as known at creation is suspected: so good is no trait."""
FALSE_SHARE = 0.05
"""Of the fields that are found to tell anything, that may be found by chance (Benjamini-Hochberg)."""
KNOWS_WHEN = 0.6
"""Share of the variance of the date that a field's values explain, from which it tells the date."""
STAGE = "stage"
MOST_OTHERS = 20_000
"""Leads that all other fields together are judged on."""
REPORTED_TEXT = 3

_IN_WORDS = {
    "too good": "alone it ranks better than whole models of traits do",
    "dominates": "alone it outdoes all other fields together",
    "values decide": "some of its values decide the outcome",
    "missing tells": "whether it is filled goes with the outcome",
    "in step": "it is filled for the very same leads as other fields, as by one process and not by the lead",
    "name": "its name is one of fields that are written while a lead is worked",
    "clock": "it counts the days up to the outcome and stops there",
    "after as_of": "it holds times that lie after the day of scoring",
    "strong": "it is strong",
}


@dataclass(frozen=True)
class Verdicts:
    """What was decided of the fields.

    Attributes:
        findings: by field.
        leaks: columns that are leaks or suspected ones; a prediction must do without them.
        others: how well all fields without a too good one do together; None where nothing was too good.
    """

    findings: tuple[Finding, ...]
    leaks: tuple[str, ...]
    others: Told | None


def judged(material: Material, progress: Callable[[str], None]) -> Verdicts:
    """The verdicts on all fields, and on events that are strong."""
    progress(f"Weighing {len(material.fields)} fields against the outcome")
    rates = {asked.name: out_of_fold(coded(asked, material.column(asked)), material) for asked in material.values.asked}
    signs = [signs_of(asked, material, rates[asked.name]) for asked in material.fields]
    fields = {each.name for each in signs}
    step = filled_in_step(signs)
    signs = [_with(each, "in step", {"with": step[each.name]}) if each.name in step else each for each in signs]
    events = [(name, told_within(rate, material)) for name, rate in rates.items() if name not in fields]
    real = _discovered([each.told for each in signs] + [area for _, area in events])
    tells = {each.name for each, yes in zip(signs, real, strict=False) if yes}
    too_good = [each.name for each in signs if "too good" in each.found]
    others = None
    if too_good:
        progress("Judging all other fields together")
        others = _others(material, rates, [STAGE, *(each.name for each in signs if _set_aside(each))])
        signs = [_dominating(each, others) for each in signs]
    findings: list[Finding] = []
    leaks: list[str] = []
    for each in signs:
        code = verdict_of(each, each.name in tells)
        time = _knows_when(each, material)
        if code in {"leak", "leak-suspected"}:
            leaks.append(each.name)
        elif time is not None:
            findings.append(time)
        if code:
            findings.append(_finding(code, each, others))
    findings += _strong_events(events, real[len(signs) :])
    return Verdicts(tuple(findings), tuple(leaks), others)


def verdict_of(signs: Signs, tells: bool) -> str:
    """leak, leak-suspected, missing-tells, strong-field, or empty for nothing.

    A leak is an undated field with proof (a clock, a date), or one too good with two more signs. Suspected is an
    undated one with two signs, being strong counted as one beside any other; also one mapped as known at creation that
    no trait could equal. A dated value is taken as it was at as_of, so it can be strong, not leak.

    Args:
        signs: of the field.
        tells: whether it tells the outcome beyond chance, all fields considered.
    """
    if not tells:
        return ""
    strong = signs.told.low >= STRONG
    if signs.undated:
        return _of_undated(signs, strong)
    if signs.asked.known == "creation" and (signs.proven or signs.told.low >= MAPPED):
        return "leak-suspected"
    return "strong-field" if strong else ""


def _of_undated(signs: Signs, strong: bool) -> str:
    others = set(signs.found) - {"too good"}
    good = "too good" in signs.found
    if signs.proven or (good and len(others) >= 2):
        return "leak"
    # Being strong adds nothing to missing cells that tell the outcome: they are what makes the field strong.
    more = strong and bool(others - {"missing tells"})
    if (good and others) or (signs.told.low >= TELLS and len(others) + more >= 2):
        return "leak-suspected"
    if signs.told.low >= TELLS and "missing tells" in others:
        return "missing-tells"
    return "strong-field" if strong else ""


def _with(signs: Signs, name: str, numbers: Mapping[str, Any]) -> Signs:
    return replace(signs, found={**signs.found, name: numbers})


def _set_aside(signs: Signs) -> bool:
    """Whether a field may not help the others: too good itself, or likely written by the same process."""
    return "too good" in signs.found or signs.proven or (signs.undated and len(signs.found) >= 2)


def _dominating(signs: Signs, others: Told) -> Signs:
    if "too good" not in signs.found or not signs.told.low >= others.auc + DOMINATES:
        return signs
    return _with(signs, "dominates", {"others": others.plain(), "more": signs.told.auc - others.auc})


def _others(material: Material, rates: Mapping[str, Floats], aside: Sequence[str]) -> Told:
    """How well all fields and events but these do together.

    A logistic regression on the log-odds of each one's rate among the other folds, learned from the other folds too:
    so each lead is judged without its own outcome, and no field counts more for having many values.
    """
    kept = [np.log(rate / (1 - rate)) for name, rate in rates.items() if name not in set(aside)]
    rows = np.arange(material.n)
    if material.n > MOST_OTHERS:
        rows = np.flatnonzero(material.cluster % (material.n // MOST_OTHERS + 1) == 0)
    if not kept:
        return Told(0.5, 0.5, 0.5, 1.0)
    matrix, won, fold = np.column_stack(kept)[rows], material.won[rows], material.fold[rows]
    odds = np.zeros(material.n)
    for number in np.unique(fold):
        out = fold == number
        odds[rows[out]] = fit_logistic(matrix[~out], won[~out], strength=1.0).log_odds(matrix[out])
    return told_within(odds, material, rows)


def _discovered(areas: Sequence[Told]) -> list[bool]:
    """Which relations are real: Benjamini and Hochberg, JRSS B 57 (1995) 289-300, on one-sided chances.

    Only an AUC above one half counts, since each lead was judged from other folds.
    """
    p = np.array([each.p / 2 if each.auc > 0.5 else 1.0 for each in areas])
    if not len(p):
        return []
    order = np.argsort(p, kind="stable")
    passed = p[order] <= FALSE_SHARE * (np.arange(len(p)) + 1) / len(p)
    last = int(np.max(np.flatnonzero(passed), initial=-1))
    real = np.zeros(len(p), dtype=np.bool_)
    real[order[: last + 1]] = True
    return [bool(each) for each in real]


def _strong_events(events: Sequence[tuple[str, Told]], real: Sequence[bool]) -> Iterator[Finding]:
    """One finding for each event of which some count is strong, with the strongest."""
    best: dict[str, tuple[str, Told]] = {}
    for (name, area), is_real in zip(events, real, strict=True):
        event = name.rsplit(" ", 1)[0]
        if is_real and area.low >= STRONG and (event not in best or area.auc > best[event][1].auc):
            best[event] = (name, area)
    for name, area in best.values():
        yield kind("strong-field").at(
            name,
            f"'{name}' goes strongly with the outcome: {area}.",
            area.plain(),
            why="It is how far sales had come by the day of scoring: known then, but a step to the outcome, no trait."
            if name == STAGE
            else "It counts only what came before the day of scoring, so it is strong and no leak.",
            remedy="Use it to say where a deal stands; a score that only repeats it finds no new leads."
            if name == STAGE
            else "Use it.",
        )


def _knows_when(signs: Signs, material: Material) -> Finding | None:
    """A finding where the field's values explain when a lead came."""
    if material.moment is None or signs.coded.size < 3:
        return None
    rank = np.argsort(np.argsort(material.moment, kind="stable"), kind="stable").astype(np.float64)
    n = np.bincount(signs.coded.codes, minlength=signs.coded.size).astype(np.float64)
    mean = np.bincount(signs.coded.codes, rank, signs.coded.size) / np.maximum(n, 1)
    explained = float(n @ (mean - rank.mean()) ** 2 / np.sum((rank - rank.mean()) ** 2))
    many = np.count_nonzero(n) > material.n / 10  # values of a few leads each explain anything
    if explained < KNOWS_WHEN or many:
        return None
    return kind("encodes-time").at(
        signs.name,
        f"'{signs.name}' explains {percent(explained)} of when a lead came; over all leads it reaches {signs.whole}, "
        f"within a tenth of the time {signs.told}.",
        {"explained": explained, "over_all": signs.whole.plain(), "within": signs.told.plain()},
    )


def _finding(code: str, signs: Signs, others: Told | None) -> Finding:
    evidence: dict[str, Any] = {
        **signs.told.plain(),
        "over_all": signs.whole.plain(),
        "n": len(signs.coded.codes),
        "known": signs.asked.known,
        "signs": {name: dict(numbers) for name, numbers in signs.found.items()},
        "others_together": None if others is None else others.plain(),
    }
    reasons = _reasons(code, signs)
    if reasons:
        evidence[REASONS] = list(reasons)
    return kind(code).at(signs.name, _sentence(code, signs, others), evidence, why=_why(code, signs))


def _sentence(code: str, signs: Signs, others: Told | None) -> str:
    parts = [f"'{signs.name}' alone reaches {signs.told}"]
    if "dominates" in signs.found and others is not None:
        parts.append(f"all other fields together {others.auc:.2f}")
    gap = signs.found.get("missing tells")
    if gap:
        of_won, of_lost = percent(gap["filled_of_converts"]), percent(gap["filled_of_others"])
        parts.append(f"filled for {of_won} of converts and {of_lost} of others")
    decided = signs.found.get("values decide", {})
    for side, words in (("for", "converted"), ("against", "converted")):
        if side in decided and code != "missing-tells":
            some = decided[side]
            shown = values_quoted(some["values"], REPORTED_TEXT)
            parts.append(f"{some['converted']:,} of {some['n']:,} leads with {shown} {words}")
    clock = signs.found.get("clock")
    if clock:
        parts.append(f"for {percent(clock['share_of_converts'])} of converts it is the days to the outcome")
    late = signs.found.get("after as_of")
    if late:
        parts.append(f"{percent(late['share_of_filled'])} of its times lie after the day of scoring")
    if "in step" in signs.found:
        parts.append(f"filled for the same leads as {', '.join(signs.found['in step']['with'])}")
    return "; ".join(parts) + "."


_WHEN = {
    "undated": "nobody knows when its value was written",
    "creation": "the mapping says that it was known at creation",
    "dated": "it is taken as it was on the day of scoring",
}


def _reasons(code: str, signs: Signs) -> tuple[str, ...]:
    """What speaks against a field, the date of its values first; empty where nothing does."""
    when = _WHEN.get(signs.asked.known, "")
    if code == "missing-tells":
        return (when, _IN_WORDS["missing tells"])
    if code not in {"leak", "leak-suspected"}:
        return ()
    strong = signs.told.low >= STRONG
    named = [name for name in _IN_WORDS if name in signs.found or (name == "strong" and strong)]
    if "too good" in named:
        named.remove("strong")
    return (when, *(_IN_WORDS[name] for name in named))


def _why(code: str, signs: Signs) -> str:
    reasons = _reasons(code, signs)
    if reasons:
        first, *more = reasons
        return f"{first[0].upper()}{first[1:]}, and {'; '.join(more)}. {kind(code).why}"
    when = _WHEN.get(signs.asked.known, "").capitalize()
    if not signs.undated:
        return f"{when}, so it is strong and no leak."
    one = [_IN_WORDS[name] for name in signs.found if name != "too good"]
    extra = f" One sign ({one[0]}) is not enough to suspect it." if one else ""
    return f"{when}, but that it is strong is all that speaks against it.{extra}"
