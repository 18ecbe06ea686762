"""A draft: a model made from what somebody else wrote down, with the questions that leaves open; a frozen value."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from workbench.markup import headline_html, table_html
from workbench.model import Model, model_text, write_model

FORMAT = "lead-scoring-draft/1"
Became = Literal["rule", "tier", "gate", "cap", "nothing", "unread"]
HEADING = "a heading"
"""What the name of an entry begins with that was taken for a heading."""
COLUMNS = ("place", "criterion", "points", "became", "name", "assumed", "decide")


@dataclass(frozen=True)
class Question:
    """Something that the source leaves open.

    Attributes:
        place: where it stands: `row 3`, or the place in the JSON.
        criterion: what stands there.
        assumed: what the draft takes it to mean.
        decide: what a person has to decide.
        name: the rule, tier or gate that it is about; empty if it is about the whole model.
    """

    place: str
    criterion: str
    assumed: str
    decide: str
    name: str = ""


@dataclass(frozen=True)
class Unread:
    """Something that is not in the model.

    Attributes:
        place: where it stands.
        criterion: what stands there.
        points: what it says of points.
        reason: why it could not be read.
        remedy: what to do about it.
    """

    place: str
    criterion: str
    points: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Entry:
    """What became of one row, or of one part of a document.

    Attributes:
        place, criterion, points: what stands where.
        became: what it is in the model; `nothing` says nothing about scores (a heading, an empty row), `unread` could
            not be read.
        name: of the rule, tier, gate or cap.
    """

    place: str
    criterion: str
    points: str
    became: Became
    name: str = ""


@dataclass(frozen=True)
class Draft:
    """A model to start from, and all that its author still has to decide.

    Attributes:
        source: what the file is called.
        model: the draft, valid as it stands; its text carries the questions as comments.
        entries: every row of a sheet (every rule and setting of a document), once, in order.
        questions: what was assumed and has to be decided, in order.
        unread: what is not in the model, with the reason, in order.
    """

    source: str
    model: Model
    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]
    unread: tuple[Unread, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each entry, one for each question about the whole model, one for each unread part of an entry.

        Columns: place, criterion, points, became (rule, tier, gate, cap, nothing, unread), name, assumed (of what is
        unread: the reason), decide (of what is unread: the remedy).
        """
        asked: dict[str, list[Question]] = {}
        for question in self.questions:
            asked.setdefault(self._owner(question.place), []).append(question)
        lost = {each.place: each for each in self.unread}
        rows = [_row(entry, asked.pop(entry.place, []), lost.pop(entry.place, None)) for entry in self.entries]
        general = [
            (each.place, each.criterion, "", "nothing", each.name, each.assumed, each.decide)
            for about in asked.values()
            for each in about
        ]
        parts = [
            (each.place, each.criterion, each.points, "unread", "", each.reason, each.remedy) for each in lost.values()
        ]
        return pd.DataFrame([*rows, *general, *parts], columns=list(COLUMNS), dtype=object)

    def _owner(self, place: str) -> str:
        """The entry that a place is in: its own, or the one whose place its own begins with."""
        around = [each.place for each in self.entries if place == each.place or place.startswith(f"{each.place}.")]
        return max(around, key=len, default=place)

    @property
    def headings(self) -> tuple[Entry, ...]:
        """The entries that were taken for headings: they say nothing about scores, and where the next rows belong."""
        return tuple(each for each in self.entries if each.became == "nothing" and each.name.startswith(HEADING))

    @property
    def counted(self) -> dict[str, int]:
        """How many entries became what; the numbers add up to the number of entries."""
        return dict(Counter(entry.became for entry in self.entries))

    @property
    def text(self) -> str:
        """The model file: YAML, each question a comment beside what it is about."""
        return model_text(self.model)

    def write(self, path: str | Path) -> None:
        """Write the model file, whole or not at all."""
        write_model(self.model, path)

    def to_document(self) -> dict[str, Any]:
        """The draft as plain data: source, model, counted, and lists of questions, unread and entries."""
        return {
            "format": FORMAT,
            "source": self.source,
            "model": self.model.plain(),
            "counted": self.counted,
            "questions": [dict(vars(each)) for each in self.questions],
            "unread": [dict(vars(each)) for each in self.unread],
            "entries": [dict(vars(each)) for each in self.entries],
        }

    @property
    def headline(self) -> str:
        """The draft in one sentence."""
        rules, asked, lost = len(self.model.rules), len(self.questions), len(self.unread)
        return (
            f"{self.source}: a draft of {_many(rules, 'rule')} and {_many(len(self.model.tiers), 'tier')}, "
            f"{_many(asked, 'question')} to decide, {lost} not read."
        )

    def __str__(self) -> str:
        lines = [self.headline]
        lines += [f"  ? {each.place}: {each.criterion}: {each.assumed} {each.decide}" for each in self.questions]
        lines += [f"  ! {each.place}: {each.criterion}: {each.reason} {each.remedy}" for each in self.unread]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [[_breakable(str(cell)) for cell in row] for row in self.frame.itertuples(index=False)]
        table = table_html([*self.frame.columns], rows).replace(_BREAK, "<wbr>")
        return headline_html(self.headline) + table


_BREAK = "\u200b"
"""Marks where a long word may break; no text of a draft has it: signs that do not print are spelled out."""


def _breakable(text: str) -> str:
    """The text with marks where long words, such as places in JSON, may break."""
    return " ".join(
        re.sub(r"(?<=[\w\]])(?=[.\[/_])", _BREAK, word) if len(word) > 16 else word
        for word in text.replace(_BREAK, "").split(" ")
    )


def _row(entry: Entry, about: list[Question], lost: Unread | None) -> tuple[str, ...]:
    """A row of the frame: the entry with its questions, or with the reason why it could not be read."""
    assumed, decide = [each.assumed for each in about], [each.decide for each in about]
    if lost is not None:
        assumed, decide = [*assumed, lost.reason], [*decide, lost.remedy]
    told = (" ".join(dict.fromkeys(assumed)), " ".join(dict.fromkeys(decide)))
    return (entry.place, entry.criterion, entry.points, entry.became, entry.name, *told)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def cleaned(text: str) -> str:
    """One line of printable text: blanks run together, signs that do not print spelled out.

    >>> cleaned(" Job\\ttitle\\x00 ")
    'Job title\\\\x00'
    """
    line = " ".join(str(text).replace("\u00a0", " ").replace("\ufeff", "").split())
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


def shortened(text: str, most: int = 120) -> str:
    """The text, cut where it is longer than `most` signs.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"
