"""The ledger: lines that add up to one lead's score, every adjustment on the way included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.model import CasesRule, CoreRule, EachRule, Gate, Model, Variant
from workbench.model.words import cases_in_words, decay_in_words, in_words, inactivity_in_words, transform_in_words
from workbench.observation import AlternativeScorer, AlternativeWeights, RuleWeights, Scorer
from workbench.observation.arithmetic import Cap, clipped
from workbench.observation.weights import cap

Integers = NDArray[np.int64]
Rows = slice | Integers


@dataclass(frozen=True)
class Column:
    """One line of the ledger for many observations at once.

    Attributes:
        kind: rule, decay, limit, rule cap, rule weight, group cap, inactivity, dimension weight, dimension cap,
            combination, transform, total cap, rounding.
        name: the rule, group or dimension.
        dimension: where the points go; empty for what concerns the whole score.
        milli: (n,) thousandths.
        cases: (n,) hit, number of the case (-1: not in force), or number of events; None for adjustments.
    """

    kind: str
    name: str
    dimension: str
    milli: Integers
    cases: Integers | None = None


def ledger_columns(scorer: Scorer, rows: slice | Integers) -> list[Column]:
    """Every line of the ledger of the observations `rows`; their sum is the score (before any gate)."""
    size = len(scorer.gate(rows))
    whole: dict[tuple[str, str, str], Column] = {}
    for place, positions, own, weights in scorer.parted(rows):
        for line in _lines(own, weights, positions):
            key = (line.kind, line.name, line.dimension)
            if key not in whole:
                cases = None if line.cases is None else np.zeros(size, dtype=np.int64)
                whole[key] = Column(*key, np.zeros(size, dtype=np.int64), cases)
            whole[key].milli[place] = line.milli
            counted = whole[key].cases
            if counted is not None and line.cases is not None:
                counted[place] = line.cases
    return list(whole.values())


def _lines(scorer: AlternativeScorer, weights: AlternativeWeights, rows: Rows) -> Iterator[Column]:
    dimensions: dict[str, Integers] = {}
    for name in weights.dimensions:
        lines = list(_dimension(name, scorer, weights, rows))
        dimensions[name] = sum((line.milli for line in lines[1:]), lines[0].milli)
        yield from lines
    combining = weights.combining
    together = combining.together(dimensions)
    values = list(dimensions.values())
    yield Column("combination", combining.kind, "", together - sum(values[1:], values[0]))
    scaled = combining.transformed(together)
    yield Column("transform", "score", "", scaled - together)
    capped = clipped(scaled, combining.total)
    yield Column("total cap", "score", "", capped - scaled)
    yield Column("rounding", "score", "", combining.rounded(capped) - capped)


def _dimension(name: str, scorer: AlternativeScorer, weights: AlternativeWeights, rows: Rows) -> Iterator[Column]:
    groups: dict[str, list[Integers]] = {group: [] for group in weights.groups_of(name)}
    for rule in weights.in_dimension(name):
        yield from _rule(rule, scorer, rows)
        if rule.group is not None:
            groups[rule.group].append(scorer.paid(rule, rows))
    for group, kept in scorer.group_values(name, weights, rows).items():
        yield Column("group cap", group, name, kept - sum(groups[group], np.zeros_like(kept)))
    summed = scorer.summed(name, weights, rows)
    active = scorer.active(name, weights, rows)
    yield Column("inactivity", name, name, active - summed)
    own = weights.dimensions[name]
    weighted = type(own)((None, None), own.weight).kept(active)
    yield Column("dimension weight", name, name, weighted - active)
    yield Column("dimension cap", name, name, clipped(weighted, own.cap) - weighted)


def _rule(rule: RuleWeights, scorer: AlternativeScorer, rows: Rows) -> Iterator[Column]:
    """A rule's full points, then what decay, limit of points, cap and weight change."""
    full, decayed = scorer.full(rule, rows), scorer.decayed(rule, rows)
    yield Column("rule", rule.id, rule.book, full, scorer.cases(rule, rows))
    limited = rule.limited(decayed)
    capped = clipped(limited, rule.cap)
    if rule.decay is not None:
        yield Column("decay", rule.id, rule.book, decayed - full)
    yield Column("limit", rule.id, rule.book, limited - decayed)
    yield Column("rule cap", rule.id, rule.book, capped - limited)
    yield Column("rule weight", rule.id, rule.book, rule.kept(decayed) - capped)


def ledger_texts(columns: list[Column]) -> list[str]:
    """For each observation its ledger in one line: `seniority +15, free_email −8, engagement cap −4`."""
    n = len(columns[0].milli) if columns else 0
    texts: list[list[str]] = [[] for _ in range(n)]
    for column in columns:
        label = column.name if column.kind == "rule" else f"{column.name} {column.kind.split()[-1]}"
        for row in np.flatnonzero(column.milli):
            texts[row].append(f"{label} {signed(int(column.milli[row]))}")
    return [", ".join(parts) for parts in texts]


LEDGER = ["line", "name", "dimension", "because", "why", "points"]


def ledger_frame(model: Model, scorer: Scorer, row: int) -> pd.DataFrame:
    """One observation's ledger.

    Returns:
        frame with the columns line (what it is), name, dimension, because (condition or number of events), why (the
        rule's reason), points. Rules that pay nothing and adjustments of nothing are not listed; the points
        add up to the score (before any gate). A variant that applies stands first, a gate that decides last,
        with 0 points.
    """
    at = np.array([row])
    variant, gate = int(scorer.variant(at)[0]), int(scorer.gate(at)[0])
    own = model.alternatives[variant].model
    rules = {rule.id: rule for rule in own.written_out}
    lines: list[dict[str, object]] = []
    if variant:
        lines.append(_decided("variant", model.variants[variant - 1]))
    for column in ledger_columns(scorer, at):
        points = int(column.milli[0])
        if not points:
            continue
        rule = rules.get(column.name) if column.kind in OF_RULE else None
        because = _adjusted(column, own) if rule is None else _earned(column, rule)
        lines.append(
            {
                "line": column.kind,
                "name": column.name,
                "dimension": column.dimension,
                "because": because,
                "why": rule.why if rule is not None and column.kind == "rule" else "",
                "points": points / 1000,
            }
        )
    if gate:
        lines.append(_decided("gate", model.gates[gate - 1]))
    return pd.DataFrame(lines, columns=LEDGER)


def _decided(kind: str, decider: Variant | Gate) -> dict[str, object]:
    """The line of a variant or gate: it earns nothing itself."""
    name = decider.id if isinstance(decider, Gate) else decider.name
    because = "everybody else" if decider.when is None else in_words(decider.when)
    return {"line": kind, "name": name, "dimension": "", "because": because, "why": decider.why, "points": 0.0}


OF_RULE = ("rule", "decay", "limit", "rule cap", "rule weight")


def _earned(column: Column, rule: CoreRule) -> str:
    """Why a rule pays, or pays less or more than its full points."""
    if column.kind == "rule cap":
        return f"kept {_range(cap(rule.cap))}"
    if column.kind == "rule weight":
        return f"weighs {rule.weight.normalize():f} x"
    if isinstance(rule, EachRule) and column.kind == "decay" and rule.decay is not None:
        return decay_in_words(rule.decay)
    if isinstance(rule, EachRule) and column.kind == "limit" and rule.limit.points is not None:
        return f"at most {float(rule.limit.points):g} points"
    number = 0 if column.cases is None else int(column.cases[0])
    words = cases_in_words(rule)
    if isinstance(rule, CasesRule):
        return words[number - 1] if number > 0 else "no case holds"
    return f"{number} x {words[0]}" if isinstance(rule, EachRule) else words[0]


def _adjusted(column: Column, model: Model) -> str:
    """Why a group, a dimension or the whole score is not just the sum of what is in it."""
    if column.kind == "group cap":
        return f"kept {_range(cap(model.groups[column.name]))}"
    if column.kind in {"dimension cap", "dimension weight", "inactivity"}:
        dimension = model.dimensions[column.name]
        if column.kind == "dimension cap":
            return f"kept {_range(cap(dimension))}"
        if column.kind == "dimension weight":
            return f"weighs {dimension.weight.normalize():f} x"
        return "" if dimension.inactivity is None else inactivity_in_words(dimension.inactivity)
    if column.kind == "combination":
        return _combined(model)
    if column.kind == "transform":
        return "" if model.score.transform is None else transform_in_words(model.score.transform)
    return f"kept {_range(cap(model.score))}" if column.kind == "total cap" else "halves go up"


def _combined(model: Model) -> str:
    """How dimensions become the score, where it is not their sum."""
    names = list(model.dimensions)
    if model.score.combine == "weighted":
        return " + ".join(f"{weight.normalize():f} x {name}" for name, weight in model.score.weights.items())
    if model.score.combine == "product":
        return " x ".join(names)
    return f"the largest of {', '.join(names)}" if model.score.combine == "max" else "the rank of the grade's tier"


def _range(kept: Cap) -> str:
    low, high = (None if bound is None else f"{bound / 1000:g}" for bound in kept)
    if low is None:
        return f"at {high} or below"
    return f"at {low} or above" if high is None else f"from {low} to {high}"


def signed(points: int) -> str:
    """Thousandths as points with a sign: `+15`, `−8`, `+8.706`."""
    return f"{'+' if points >= 0 else '−'}{abs(points) / 1000:g}"
