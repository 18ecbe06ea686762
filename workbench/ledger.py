"""The ledger: lines that add up to one lead's score, adjustments by limits, decay, caps and rounding included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.model import CasesRule, EachRule, Model, WhenRule
from workbench.model.words import cases_in_words
from workbench.observation import RuleWeights, Scorer, Weights, finished
from workbench.observation.weights import Cap, clipped
from workbench.parsing import milli

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """One line of the ledger for many observations at once.

    Attributes:
        kind: rule, decay, limit, group cap, dimension cap, total cap, rounding.
        name: the rule, group or dimension.
        dimension: where the points go; empty for what concerns the whole score.
        milli: (n,) thousandths.
        cases: (n,) hit, number of the case, or number of events; None for adjustments.
    """

    kind: str
    name: str
    dimension: str
    milli: Integers
    cases: Integers | None = None


def ledger_columns(model: Model, scorer: Scorer, rows: slice | Integers) -> list[Column]:
    """Every line of the ledger of the observations `rows`; their sum is the score (before any gate)."""
    weights = scorer.weights
    columns: list[Column] = []
    total = np.zeros(len(scorer.gate(rows)), dtype=np.int64)
    for name in model.dimensions:
        value, lines = _dimension(name, scorer, weights, rows)
        columns.extend(lines)
        total = total + value
    capped = clipped(total, weights.total)
    columns.append(Column("total cap", "score", "", capped - total))
    columns.append(Column("rounding", "score", "", finished(total, weights) - capped))
    return columns


def _dimension(name: str, scorer: Scorer, weights: Weights, rows: slice | Integers) -> tuple[Integers, list[Column]]:
    lines: list[Column] = []
    free = np.zeros(len(scorer.gate(rows)), dtype=np.int64)
    groups = dict.fromkeys(weights.groups_of(name), free)
    for rule in weights.rules:
        if rule.book != name:
            continue
        lines.extend(_rule(rule, scorer, rows))
        paid = scorer.rule_values(rule, rows)
        if rule.group is None:
            free = free + paid
        else:
            groups[rule.group] = groups[rule.group] + paid
    for group, paid in groups.items():
        kept = clipped(paid, weights.groups[group])
        lines.append(Column("group cap", group, name, kept - paid))
        free = free + kept
    kept = clipped(free, weights.dimensions[name])
    lines.append(Column("dimension cap", name, name, kept - free))
    return kept, lines


def _rule(rule: RuleWeights, scorer: Scorer, rows: slice | Integers) -> Iterator[Column]:
    """A rule's full points, then what decay and the limit of points take off."""
    cases, paid = scorer.cases(rule, rows), scorer.rule_values(rule, rows)
    if rule.cases or (rule.half_life is None and rule.most is None):
        yield Column("rule", rule.id, rule.book, paid, cases)
        return
    full = cases * rule.points[0]
    yield Column("rule", rule.id, rule.book, full, cases)
    faded = scorer.unlimited_values(rule, rows)
    if rule.half_life is not None:
        yield Column("decay", rule.id, rule.book, faded - full)
    if rule.most is not None:
        yield Column("limit", rule.id, rule.book, paid - faded)


def ledger_texts(columns: list[Column]) -> list[str]:
    """For each observation its ledger in one line: `seniority +15, free_email −8, engagement cap −4`."""
    n = len(columns[0].milli) if columns else 0
    texts: list[list[str]] = [[] for _ in range(n)]
    for column in columns:
        label = column.name if column.kind == "rule" else f"{column.name} {column.kind.split()[-1]}"
        for row in np.flatnonzero(column.milli):
            texts[row].append(f"{label} {signed(int(column.milli[row]))}")
    return [", ".join(parts) for parts in texts]


def ledger_frame(model: Model, scorer: Scorer, row: int) -> pd.DataFrame:
    """One observation's ledger.

    Returns:
        frame with the columns line (what it is), name, dimension, because (condition or number of events), why (the
        rule's reason), points. Rules that pay nothing and adjustments of nothing are not listed; the points
        add up to the score.
    """
    rules = {rule.id: rule for rule in model.active}
    columns = ledger_columns(model, scorer, np.array([row]))
    lines: list[dict[str, object]] = []
    for column in columns:
        points = int(column.milli[0])
        if not points:
            continue
        rule = rules.get(column.name) if column.kind in {"rule", "decay", "limit"} else None
        lines.append(
            {
                "line": column.kind,
                "name": column.name,
                "dimension": column.dimension,
                "because": _because(column, rule, model),
                "why": rule.why if rule is not None and column.kind == "rule" else "",
                "points": points / 1000,
            }
        )
    return pd.DataFrame(lines, columns=["line", "name", "dimension", "because", "why", "points"])


def _because(column: Column, rule: WhenRule | CasesRule | EachRule | None, model: Model) -> str:
    if rule is None:
        cap: Cap | None = None
        if column.kind == "group cap":
            group = model.groups[column.name]
            cap = (_bound(group.min), _bound(group.max))
        elif column.kind == "dimension cap":
            dimension = model.dimensions[column.name]
            cap = (_bound(dimension.min), _bound(dimension.max))
        elif column.kind == "total cap":
            cap = (_bound(model.score.min), _bound(model.score.max))
        return "halves go up" if cap is None else f"kept {_range(cap)}"
    if column.kind == "decay" and isinstance(rule, EachRule) and rule.decay is not None:
        return f"half after {rule.decay.half_life} days"
    if column.kind == "limit" and isinstance(rule, EachRule) and rule.limit.points is not None:
        return f"at most {float(rule.limit.points):g} points"
    number = 0 if column.cases is None else int(column.cases[0])
    words = cases_in_words(rule)
    if isinstance(rule, CasesRule):
        return words[number - 1] if number else "no case holds"
    return f"{number} x {words[0]}" if isinstance(rule, EachRule) else words[0]


def _bound(points: Decimal | None) -> int | None:
    return None if points is None else milli(points)


def _range(cap: Cap) -> str:
    low, high = (None if bound is None else f"{bound / 1000:g}" for bound in cap)
    if low is None:
        return f"at {high} or below"
    return f"at {low} or above" if high is None else f"from {low} to {high}"


def signed(points: int) -> str:
    """Thousandths as points with a sign: `+15`, `−8`, `+8.706`."""
    return f"{'+' if points >= 0 else '−'}{abs(points) / 1000:g}"
