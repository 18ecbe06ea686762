"""Suggested points as tables: the path from one change to many, and what the recommended step turns."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from workbench.plots.wording import points
from workbench.reports.change import change_within, signed
from workbench.reports.table import Prose, Table
from workbench.reports.wording import NOTHING
from workbench.suggesting import Suggestion
from workbench.suggesting.suggestion import objective_words

_DIGITS = 3


def path(found: Suggestion) -> Table:
    """The best that was found with one change, two, and so on: what was promised, and what others confirm."""
    searched, judged = found.parts
    rows = [
        (
            f"{row.changes:g}{f' ({_mark(found)})' if row.recommended and row.changes else ''}",
            str(row.edits),
            signed(row.train_gain, _digits(row.train_gain)),
            change_within(row.cross_gain, row.cross_low, row.cross_high, _digits(row.cross_gain)),
            *([_validated(row)] if judged else []),
            str(row.verdict),
        )
        for row in _rows(found.path)
        if row.changes
    ]
    beside = (f">On {judged}",) if judged else ()
    columns = (">Changes", "What changes", f">Gain on {searched}", ">On held-out folds of it", *beside, "It is")
    note = (
        f"Gains in {objective_words(found.objective)}; in brackets: 95 % intervals. "
        f"The search has seen {searched} alone. Verdicts allow for all steps looked at (Holm)"
        f"{'; that of the chosen step, named before, stands alone' if judged and found.recommended else ''}."
    )
    caption = f"The best points with so many changes of {found.champion.name} version {found.champion.version}"
    return Table(caption, columns, tuple(rows), note)


def _mark(found: Suggestion) -> str:
    return "recommended" if found.gain_shown else found.chosen


def _validated(row: Any) -> str:
    return change_within(row.validation_gain, row.validation_low, row.validation_high, _digits(row.validation_gain))


def _digits(value: float) -> int:
    return _DIGITS if math.isnan(value) or abs(value) < 10 else 0


def turned(found: Suggestion) -> Table:
    """What the recommended step changes, and what outcomes say of each rule by itself."""
    rows = [
        (
            f"{row.rule}: {row.case}" if row.case else str(row.rule),
            points(before),
            points(row.to),
            signed(-row.lost_without, _digits(row.lost_without)),
            str(row.why) or NOTHING,
        )
        for row, before in zip(_rows(found.changes), found.changes["from"], strict=True)
    ]
    columns = ("Rule", ">From", ">To", f">{found.parts[0].capitalize()}, if taken back", "What outcomes say")
    return Table(f"What is {_mark(found)}", columns, tuple(rows))


def optimism(found: Suggestion) -> Prose:
    """The result in a sentence, and how much of what was promised others confirm."""
    told = found.optimism
    lines = []
    if found.recommended:
        beside = f", validation {_gain(told['validation_gain'])}" if found.parts[1] else ""
        lines.append(
            f"{found.parts[0].capitalize()} promises {_gain(told['train_gain'])}, held-out folds of it give "
            f"{_gain(told['cross_gain'])}{beside}."
        )
    return Prose(found.headline, (*lines, *found.warnings))


def _gain(value: float) -> str:
    return signed(value, _digits(value))


def _rows(frame: pd.DataFrame) -> Any:
    return frame.itertuples(index=False)
