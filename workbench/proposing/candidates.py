"""Conditions that a rule could ask: values, groups of values, words, bands of numbers, events counted in windows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log10
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.binning import CELLS, best_bins, group_values
from workbench.metrics.histogram import tally
from workbench.model.comparison import folded
from workbench.observation.values import Asked

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

MOST_TEXTS = 30
MOST_WORDS = 30
MOST_IN_GROUP = 8
MOST_GROUPED = 10
MANY = 40
"""Distinct texts from which on a field is also asked word by word."""
AT_LEAST = (1, 2, 3, 5)
BANDS = 4
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, eq=False)
class Candidate:
    """A condition and for whom it holds.

    Attributes:
        when: in the model language.
        words: the same for a person.
        family: what it is about: of one family one is proposed.
        source: the field, or the events, whose conditions are tested together.
        holds: (n,) by observation.
        ways: how many conditions were looked at to find this one: 1, unless outcomes chose its bounds or texts.
        event: whether it is about events.
    """

    when: Mapping[str, Any]
    words: str
    family: str
    source: str
    holds: Booleans
    ways: int
    event: bool


def candidates(asked: Asked, series: pd.Series, rows: Integers, won: Booleans) -> Iterator[Candidate]:
    """All conditions that are tried on one column of values.

    Args:
        asked: the column.
        series: (n,) its values.
        rows: positions that bands and groups are learned from.
        won: (n,) whether each converted; only those of `rows` are looked at.
    """
    if asked.kind == "text":
        yield from _of_text(asked, series, rows, won)
    elif asked.kind == "boolean":
        holds = series.fillna(False).to_numpy(dtype=np.bool_)
        yield _one(asked, {"equals": True}, f"{asked.name} is true", holds)
    elif asked.measure == "count":
        yield from _of_counts(asked, series.to_numpy(dtype=np.float64))
    elif asked.kind == "number":
        yield from _of_number(asked, series.to_numpy(dtype=np.float64), rows, won)
    if not asked.measure and asked.kind in {"text", "number", "boolean"}:
        yield _one(asked, {"known": False}, f"{asked.name} is missing", series.isna().to_numpy(), family="missing")


def _one(
    asked: Asked, test: Mapping[str, Any], words: str, holds: Booleans, *, family: str = "", ways: int = 1
) -> Candidate:
    source = _events(asked) if asked.measure else asked.name
    return Candidate({**asked.operand, **test}, words, f"{source} {family}", source, holds, ways, bool(asked.measure))


def _events(asked: Asked) -> str:
    """The events, whatever the window."""
    return str({key: value for key, value in asked.operand.items() if key != "within"})


# --- texts ------------------------------------------------------------------------------------------------------------


def _of_text(asked: Asked, series: pd.Series, rows: Integers, won: Booleans) -> Iterator[Candidate]:
    texts = np.array([None if text is None else folded(str(text)) for text in series.to_numpy()], dtype=object)
    shown: dict[str, str] = {}
    for text in series.to_numpy():
        if text is not None:
            shown.setdefault(folded(str(text)), str(text).strip())
    counted = Counter(text for text in texts[rows] if text is not None)
    frequent = [text for text, _ in counted.most_common(MOST_TEXTS) if text]
    for text in frequent:
        yield _one(asked, {"equals": shown[text]}, f"{asked.name} is {shown[text]}", texts == text, family=text)
    yield from _groups(asked, texts, shown, frequent, rows, won)
    if len(counted) >= MANY:
        yield from _words(asked, texts, counted)


def _groups(
    asked: Asked,
    texts: NDArray[np.object_],
    shown: Mapping[str, str],
    frequent: list[str],
    rows: Integers,
    won: Booleans,
) -> Iterator[Candidate]:
    """The texts that convert most, and least, together; outcomes chose them from all ways to cut the texts in two."""
    frequent = frequent[:MOST_GROUPED]
    if len(frequent) < 3:
        return
    ways = 2 ** (len(frequent) - 1) - 1
    place = {text: number for number, text in enumerate(frequent)}
    code = np.array([place.get(text, -1) for text in texts], dtype=np.int64)
    inside = rows[code[rows] >= 0]
    lost, hit = tally(code[inside], won[inside], len(frequent))
    groups = group_values(lost, hit)
    for number in {0, len(groups) - 1}:
        some = [
            text
            for text, of, rare in zip(frequent, groups.codes, groups.rare, strict=True)
            if of == number and not rare
        ]
        if len(groups) > 1 and 2 <= len(some) <= MOST_IN_GROUP:
            names = [shown[text] for text in some]
            words = f"{asked.name} is one of {', '.join(names)}"
            holds = np.isin(code, [place[text] for text in some])
            yield _one(asked, {"one_of": names}, words, holds, family="group", ways=ways)


def _words(asked: Asked, texts: NDArray[np.object_], counted: Counter[str]) -> Iterator[Candidate]:
    of = {text: frozenset(_WORD.findall(text)) for text in {text for text in texts if text is not None}}
    n: Counter[str] = Counter()
    for text, times in counted.items():
        for word in of[text]:
            n[word] += times
    for word, _ in n.most_common(MOST_WORDS):
        if word.isascii():
            having = {text for text, words in of.items() if word in words}
            holds = np.array([text in having for text in texts], dtype=np.bool_)
            yield _one(asked, {"has_word": word}, f"{asked.name} has the word {word}", holds, family=f"has {word}")


# --- numbers ----------------------------------------------------------------------------------------------------------


def _of_counts(asked: Asked, n: Floats) -> Iterator[Candidate]:
    within = asked.operand.get("within")
    window = f"within {within}" if within else "ever"
    what = asked.name.rsplit(" ", 1)[0]
    for least in AT_LEAST:
        yield _one(asked, {"count": {"at_least": least}}, f"{what} {window}, at least {least}", n >= least)


def _of_number(asked: Asked, x: Floats, rows: Integers, won: Booleans) -> Iterator[Candidate]:
    """Bands by optimal binning, each by itself and all from its lower edge up."""
    there = rows[~np.isnan(x[rows])]
    values, code = np.unique(x[there], return_inverse=True)
    if len(values) < 2:
        return
    lost, hit = tally(code, won[there], len(values))
    starts = best_bins(lost, hit, most=BANDS, least=0.05).starts
    between = [(float(values[at - 1]), float(values[at])) for at in starts[1:]]
    edges = [int(edge) if edge == int(edge) else edge for edge in (_edge(*each) for each in between)]
    ways = min(len(values), CELLS)
    for edge in edges:
        yield _band(asked, {"at_least": edge}, f"from {edge:g}", x >= edge, ways)
    for low, high in pairwise(edges):
        words = f"from {low:g} to below {high:g}"
        yield _band(asked, {"between": [low, high]}, words, (x >= low) & (x < high), 2 * ways)
    if edges:
        yield _band(asked, {"below": edges[0]}, f"below {edges[0]:g}", x < edges[0], ways)


def _band(asked: Asked, test: Mapping[str, Any], words: str, holds: Booleans, ways: int) -> Candidate:
    if not asked.measure:
        return _one(asked, test, f"{asked.name} {words}", holds, family="band", ways=ways)
    what = asked.name.rsplit(" ", 1)[0]
    whole = {key: [int(end) for end in value] if isinstance(value, list) else int(value) for key, value in test.items()}
    return _one(asked, {"last_age": whole}, f"{what} last, days {words}", holds, ways=ways)


def _edge(below: float, at: float) -> float:
    """The roundest number above the last value on one side and not above the first on the other."""
    digits = -ceil(log10(max(abs(at), abs(below), 1e-9))) if at or below else 0
    for each in range(digits, digits + 16):
        step = 10.0**-each
        rounded = np.floor(at / step + 1e-9) * step
        if below < rounded <= at:
            return float(round(rounded, max(each, 0)))
    return at
