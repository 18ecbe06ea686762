"""What a model's own rules see of each lead, as a matrix: hits, cases, numbers of events, gates and variants."""

from __future__ import annotations

from collections.abc import Container

import numpy as np
from numpy.typing import NDArray

from workbench.model import Model
from workbench.observation import Observations, Scorer

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def rule_matrix(model: Model, seen: Observations, *, without: Container[str] = ()) -> tuple[tuple[str, ...], Floats]:
    """Columns for every enabled rule: one a case, or log(1 + events), and what a fading rule pays.

    Args:
        model: whose rules.
        seen: observations that hold its evidence.
        without: ids of rules, `gate` and `variant`, that are left out.

    Returns:
        names, and a matrix (n, p) in the order of the observations; columns that are the same for all are left out.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
    """
    scorer = seen.scorer(model)
    found: dict[str, Floats] = {}
    ids = dict.fromkeys(rule.id for weights in scorer.weights.alternatives for rule in weights.rules)
    for rule in (each for each in ids if each not in without):
        found.update(_of_rule(scorer, rule))
    for name, numbers in (("gate", scorer.gate()), ("variant", scorer.variant())):
        if name not in without:
            found.update({f"{name} {number}": column for number, column in _by_number(numbers)})
    kept = {name: column for name, column in found.items() if len(column) and column.min() < column.max()}
    matrix = np.column_stack(list(kept.values())) if kept else np.zeros((len(seen.subjects.won), 0))
    return tuple(kept), matrix


def _of_rule(scorer: Scorer, rule: str) -> dict[str, Floats]:
    numbers = scorer.cases(rule)
    own = [each for weights in scorer.weights.alternatives for each in weights.rules if each.id == rule]
    if any(each.cases for each in own):
        return {f"{rule} case {number}": column for number, column in _by_number(numbers)}
    events = np.log1p(np.maximum(numbers, 0).astype(np.float64))
    columns = {rule: events, f"{rule} out of force": (numbers < 0).astype(np.float64)}
    if any(each.decay is not None for each in own):
        columns[f"{rule} faded"] = scorer.rule_values(rule) / 1000
    elif len(np.unique(numbers)) > 2:
        columns[f"{rule} any"] = (numbers > 0).astype(np.float64)
    return columns


def _by_number(numbers: Integers) -> list[tuple[int, Floats]]:
    """One column for each number but 0."""
    return [(int(number), (numbers == number).astype(np.float64)) for number in np.unique(numbers) if number]
