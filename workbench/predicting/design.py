"""Values known at as_of as a matrix of numbers that a regression can use; learned from some rows, applied to all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import CallError
from workbench.model.comparison import folded
from workbench.observation.values import Asked, Values
from workbench.parsing import did_you_mean
from workbench.plan import Plan

Floats = NDArray[np.float64]
Rows = slice | NDArray[np.int64]

STAGE = {"field": "stage"}
MOST_TEXTS = 15
MOST_WORDS = 20
LEAST_SHARE = 0.01
"""Of the rows learned from, that a text or word must have to be a column of its own."""
MANY = 40
"""Distinct texts from which on a field is also read word by word."""
KNOTS = (0.25, 0.5, 0.75)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, eq=False)
class Design:
    """A matrix of all observations.

    Attributes:
        names: of its columns.
        of: for each column the value it was made from.
        matrix: (n, p), finite, in the order of the observations.
        left_out: why values are not in it, by name.
    """

    names: tuple[str, ...]
    of: tuple[str, ...]
    matrix: Floats
    left_out: dict[str, str]

    @property
    def used(self) -> tuple[str, ...]:
        """The values that it was made from."""
        return tuple(dict.fromkeys(self.of))


def usable(values: Values, plan: Plan, *, exclude: Iterable[str] = ()) -> tuple[list[Asked], dict[str, str]]:
    """Which values may be used, and why the others not: undated ones need the plan's consent.

    Args:
        values: what was known.
        plan: of the observations; what was taken as recorded has no dates, so all of it may be used.
        exclude: columns, or fields (`duration`, `account.industry`), that are not to be used.

    Raises:
        CallError: if there is no column or field of a name to exclude: what was meant would stay in.
    """
    unwanted = set(exclude)
    _demand_known(unwanted, values)
    kept, left = [], {}
    for asked in values.asked:
        if unwanted & _names(asked):
            left[asked.name] = "excluded by the caller"
        elif asked.known == "undated" and plan.at != "recorded" and not plan.allows_undated(_field(asked)):
            left[asked.name] = "not known when its value was known"
        elif asked.kind == "time":
            left[asked.name] = "a date"
        elif asked.operand == STAGE:
            left[asked.name] = "how far sales had come with it: a step towards the outcome, no trait of the lead"
        else:
            kept.append(asked)
    return kept, left


def _names(asked: Asked) -> set[str]:
    """What a value may be called by."""
    return {asked.name, *(str(asked.operand[key]) for key in ("field", "account_field") if key in asked.operand)}


def _demand_known(unwanted: set[str], values: Values) -> None:
    known = {name for asked in values.asked for name in _names(asked)}
    for name in sorted(unwanted - known):
        raise CallError.at(
            "exclude", expected="a field or column of the data", found=repr(name), remedy=did_you_mean(name, known)
        )


def _field(asked: Asked) -> str:
    return str(asked.operand.get("field", asked.operand.get("account_field", asked.name)))


def design(values: Values, rows: Rows, plan: Plan, *, exclude: Iterable[str] = ()) -> Design:
    """The matrix.

    Counts and ages are taken as log(1 + x), ages without an event and missing numbers are flagged and set to the
    median. Numbers have a slope of their own between their quartiles (a linear spline), counts also say whether there
    is any. A text is one column for each of its most frequent values, one for the rare ones and one for missing; texts
    of many values are read by words too. Outcomes are not looked at. What is constant or repeats a column is left out.

    Args:
        values: what was known at as_of, one row an observation.
        rows: those it is learned from: quartiles, medians, and which texts are frequent.
        plan: of the observations.
        exclude: columns or fields that are not to be used.
    """
    kept, left = usable(values, plan, exclude=exclude)
    names: list[str] = []
    of: list[str] = []
    columns: list[Floats] = []
    known: set[bytes] = set()
    for asked in kept:
        made = 0
        for name, column in _columns(asked, values.frame[asked.name], rows):
            mark = _mark(column[rows])
            if mark is not None and mark not in known:
                known.add(mark)
                names.append(name)
                of.append(asked.name)
                columns.append(column)
                made += 1
        if not made:
            left[asked.name] = "the same for all, or the same as another"
    matrix = np.column_stack(columns) if columns else np.zeros((len(values.frame), 0))
    return Design(tuple(names), tuple(of), matrix, left)


def _mark(column: Floats) -> bytes | None:
    """The same for columns that tell the same, whatever their units and sign; None where all are alike."""
    if not len(column) or column.min() == column.max():
        return None
    scaled = (column - column.mean()) / column.std()
    return np.asarray(np.round(scaled * np.sign(scaled[0] or 1.0), 6) + 0.0).tobytes()


def _columns(asked: Asked, series: pd.Series, rows: Rows) -> Iterator[tuple[str, Floats]]:
    if asked.kind == "text":
        yield from _of_text(asked.name, series, rows)
    elif asked.kind == "boolean":
        missing = series.isna().to_numpy()
        yield asked.name, series.fillna(False).to_numpy(dtype=np.float64)
        yield f"{asked.name} missing", missing.astype(np.float64)
    elif asked.measure == "count":
        n = series.to_numpy(dtype=np.float64)
        yield asked.name, np.log1p(n)
        yield f"{asked.name} any", (n > 0).astype(np.float64)
    else:
        yield from _of_number(asked, series.to_numpy(dtype=np.float64), rows)


def _of_number(asked: Asked, x: Floats, rows: Rows) -> Iterator[tuple[str, Floats]]:
    missing = np.isnan(x)
    there = x[rows][~missing[rows]]
    if not len(there):
        return
    filled = np.where(missing, np.median(there), x)
    # Sizes and revenues span powers of ten: there the logarithm is straighter.
    if asked.measure == "last_age" or (there.min() >= 0 and there.max() > 20 * max(float(np.median(there)), 1.0)):
        filled, there = np.log1p(np.maximum(filled, 0.0)), np.log1p(there)
    yield asked.name, filled
    yield f"{asked.name} missing", missing.astype(np.float64)
    if asked.measure:
        return
    for knot in np.unique(np.quantile(there, KNOTS)):
        yield f"{asked.name} above {knot:g}", np.maximum(filled - knot, 0.0)


def _of_text(name: str, series: pd.Series, rows: Rows) -> Iterator[tuple[str, Floats]]:
    texts = np.array([None if text is None else folded(str(text)) for text in series.to_numpy()], dtype=object)
    missing = np.array([text is None for text in texts])
    learned = texts[rows]
    least = LEAST_SHARE * len(learned)
    counted = Counter(text for text in learned if text is not None)
    frequent = [text for text, n in counted.most_common(MOST_TEXTS) if n >= least]
    place = {text: number for number, text in enumerate(frequent)}
    code = np.array([-1 if text is None else place.get(text, len(frequent)) for text in texts], dtype=np.int64)
    for number, text in enumerate(frequent):
        yield f"{name}={text}", (code == number).astype(np.float64)
    yield f"{name} rare", (code == len(frequent)).astype(np.float64)
    yield f"{name} missing", missing.astype(np.float64)
    if len(counted) >= MANY:
        yield from _words(name, texts, counted, least)


def _words(name: str, texts: NDArray[np.object_], counted: Counter[str], least: float) -> Iterator[tuple[str, Floats]]:
    of = {text: frozenset(_WORD.findall(text)) for text in {text for text in texts if text is not None}}
    n: Counter[str] = Counter()
    for text, times in counted.items():
        for word in of[text]:
            n[word] += times
    for word, times in n.most_common(MOST_WORDS):
        if times >= least:
            has = {text for text, words in of.items() if word in words}
            yield f"{name} has {word}", np.array([text in has for text in texts], dtype=np.float64)
