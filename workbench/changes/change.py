"""One change between two models, and all of them: a frozen value with a frame and a document."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import pandas as pd

from workbench.markup import headline_html, table_html
from workbench.model import Model

Kind = Literal[
    "changed", "added", "removed", "renamed", "moved", "reordered", "entries", "rewritten", "dropped", "restored"
]
Touches = Literal["scores", "form", "words"]
COLUMNS = ("where", "kind", "what", "old", "new", "touches")
NONE = "none"
MOST_WORDS = 3
"""Words of a value's name, up to which its two sides can follow without a colon: `cap 60 -> 50`."""


@dataclass(frozen=True)
class Change:
    """One thing that differs, in words.

    Attributes:
        where: the rule, dimension, group, tier, gate, variant or other part that it is about.
        kind: `changed`, `added`, `removed`, `renamed`, `moved` (to another dimension or group), `reordered`, `entries`
            (of a list: `old` are those that left, `new` those that came), `rewritten` (the same in another form),
            `dropped` (a rule that a variant leaves out from now on), `restored` (one that it no longer leaves out).
        what: which of its values; empty where the part itself came, left or moved.
        old, new: the two sides in words; empty where there is none.
        touches: `scores`: it can change a score or a tier; `form`: it cannot, though the scoring digest may differ;
            `words`: a text for people, or something that is switched off.
    """

    where: str
    kind: Kind
    what: str
    old: str
    new: str
    touches: Touches = "scores"

    def __str__(self) -> str:
        """The change as a line.

        >>> str(Change("seniority", "changed", "director", "+10", "+6"))
        'seniority: director +10 -> +6'
        >>> str(Change("eu", "changed", "condition", "region is EU", "region is UK"))
        'eu: condition: region is EU -> region is UK'
        """
        thing = f"{self.where}: {self.what}" if self.what else self.where
        if self.kind in {"added", "removed"}:
            detail = self.new or self.old
            return f"{thing} {self.kind}" + (f" ({detail})" if detail else "")
        if self.kind == "renamed":
            return f"{thing} renamed to {self.new}"
        if self.kind == "moved":
            return f"{thing} moved from {self.old} to {self.new}"
        if self.kind == "entries":
            signs = [f"+ {self.new}"] * bool(self.new) + [f"− {self.old}"] * bool(self.old)
            return f"{thing}: {', '.join(signs)}"
        if self.kind == "rewritten":
            return f"{thing} written otherwise, with the same meaning ({self.old} -> {self.new})"
        if self.kind in {"dropped", "restored"}:
            return f"{thing} {'no longer counts' if self.kind == 'dropped' else 'counts again'}"
        return f"{thing}{self._joint} {self.old} -> {self.new}"

    @property
    def _joint(self) -> str:
        """What stands between the place and the values: nothing where both are too short to be confused."""
        phrases = any(" " in side and not side.startswith("'") for side in (self.old, self.new))
        long = len(self.what.split()) > MOST_WORDS or self.what[-1:].isdigit()
        return ":" if phrases or long or not self.what else ""


@dataclass(frozen=True)
class Spot:
    """Where changes are told from, and what they touch there."""

    where: str
    touches: Touches = "scores"

    def changed(self, what: str, old: str, new: str) -> Change:
        """A value that differs."""
        return Change(self.where, "changed", what, old, new, self.touches)

    def told(self, kind: Kind, *, what: str = "", old: str = "", new: str = "") -> Change:
        """Any other kind of change."""
        return Change(self.where, kind, what, old, new, self.touches)

    def touching(self, touches: Touches) -> Spot:
        """The same place for a change that touches something else; what is switched off stays so."""
        return self if self.touches == "words" else replace(self, touches=touches)

    def called(self, kind: str) -> Spot:
        """The same place with what it is before its name: `rule seniority`."""
        head, comma, name = self.where.rpartition(", ")
        return self if name.startswith(f"{kind} ") else replace(self, where=f"{head}{comma}{kind} {name}")

    def inside(self, part: str) -> Spot:
        """A part of this place."""
        return replace(self, where=f"{self.where}, {part}" if self.where else part)


@dataclass(frozen=True)
class Side:
    """What identifies one of the two models."""

    name: str
    version: int
    scoring_digest: str
    document_digest: str

    @classmethod
    def of(cls, model: Model) -> Side:
        """That of a model."""
        return cls(model.name, model.version, model.scoring_digest, model.document_digest)

    def __str__(self) -> str:
        return f"{self.name} version {self.version}"


@dataclass(frozen=True)
class Changes:
    """What differs between two models.

    Attributes:
        old, new: name, version and digests of the two.
        lines: the changes in the order of the file, those that touch scores before those that do not.
    """

    old: Side
    new: Side
    lines: tuple[Change, ...]

    @property
    def scores_can_change(self) -> bool:
        """Whether any lead's score or tier can differ."""
        return any(line.touches == "scores" for line in self.lines)

    @property
    def headline(self) -> str:
        """The two models, and whether any score can change."""
        return f"{self.old} -> {self.new}: {self._verdict()}"

    def _verdict(self) -> str:
        touching = sum(line.touches == "scores" for line in self.lines)
        if not self.lines:
            return "nothing differs."
        if touching:
            changes = "1 change" if len(self.lines) == 1 else f"{len(self.lines)} changes"
            return f"scores can change ({changes}, {touching} of them touching scores)."
        if any(line.touches == "form" for line in self.lines):
            return "written differently, scores the same."
        return "only texts changed, no score can change."

    @property
    def frame(self) -> pd.DataFrame:
        """One row a change: where, kind, what, old, new, touches; all texts."""
        return pd.DataFrame([asdict(line) for line in self.lines], columns=list(COLUMNS))

    def to_document(self) -> dict[str, Any]:
        """The changes as plain data."""
        return {
            "old": asdict(self.old),
            "new": asdict(self.new),
            "scores_can_change": self.scores_can_change,
            "headline": self.headline,
            "changes": [asdict(line) for line in self.lines],
        }

    def __str__(self) -> str:
        rest = [f"  {line}" for line in self.lines if line.touches == "scores"]
        quiet = [f"  {line}" for line in self.lines if line.touches != "scores"]
        note = ["  Without effect on any score:"] if rest and quiet else []
        return "\n".join([self.headline, *rest, *note, *quiet])

    def _repr_html_(self) -> str:
        rows = [(line.where, line.what or line.kind, line.old, line.new, line.touches) for line in self.lines]
        table = table_html(("where", "what", "before", "after", "touches"), rows) if rows else ""
        return headline_html(self.headline) + table
