"""The headline figures of champion and candidate as a table."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from workbench.markup import table_html
from workbench.tuning import Bench
from workbench.widgets.wording import change, figure, points, shortened, within

CAPTION = "candidate against champion"
LATE = "The figures follow when you let go."
_NAMES = {
    "auc": "ranking (AUC)",
    "lift_10": "lift of the top 10 %",
    "capture_20": "converts in the top 20 %",
    "leads": "{leads} in {tier} or above",
    "precision": "{tier} or above: share that converts",
    "recall": "{tier} or above: converts reached",
    "value": "{tier} or above: net value",
}
_TONES = {"better": "wb-good", "worse": "wb-bad", "not enough evidence": "wb-muted", "same": "wb-muted"}
_UNKNOWN = {"precision": "of {leads} in {tier} or above, the share that converts is unknown, for there are none"}
_HEADS: Final = ("champion", "candidate", "change", "95 % interval", "verdict")
_COLUMNS: Final = "".join(
    f'<col class="wb-of-{name}">' for name in ("champion", "candidate", "change", "interval", "verdict")
)


@dataclass(frozen=True)
class Words:
    """What the figures are about.

    Attributes:
        tier: the main tier.
        leads: who was observed: leads or accounts.
    """

    tier: str
    leads: str

    @classmethod
    def of(cls, bench: Bench) -> Words:
        """Those of a bench."""
        return cls(bench.main_tier or "", "leads" if bench.seen.members is None else "accounts")

    def name(self, figure: object) -> str:
        """A figure of `Bench.changes` in words; "or above" because a lead in a higher tier has reached this one too."""
        return _NAMES.get(str(figure), str(figure)).format(tier=self.tier, leads=self.leads)

    def short(self, figure: object) -> str:
        """The same with a long tier's name shortened."""
        return Words(shortened(self.tier), self.leads).name(figure)

    def unknown(self, figure: object) -> str:
        """That there is no such figure, in words."""
        told = _UNKNOWN.get(str(figure), f"{self.short(figure)} cannot be told")
        return told.format(tier=shortened(self.tier), leads=self.leads)


def out_of_order(cuts: Sequence[tuple[str, float]], *, leads: str = "leads") -> str:
    """Which tiers nobody can end in because a higher tier begins at the same score or below; empty if there are none.

    Args:
        cuts: name and lowest score of each tier, lowest tier first; see `workbench.tuning.Standing.cuts`.
        leads: who was observed: leads or accounts.

    >>> out_of_order([("Nurture", 0.0), ("MQL", 100.0), ("SQL", 50.0)])
    'MQL begins at 100, above SQL at 50: no lead ends in MQL.'
    >>> out_of_order([("Nurture", 0.0), ("MQL", 35.0), ("SQL", 50.0)])
    ''
    """
    told = []
    for place, (name, at) in enumerate(cuts):
        lowest, begins = min(cuts[place + 1 :], key=lambda cut: cut[1], default=("", math.inf))
        if begins > at:
            continue
        where = f"{points(at)}, as {{}} does" if begins == at else f"{points(at)}, above {{}} at {points(begins)}"
        short = shortened(name)
        told.append(
            f"{short} begins at {where.format(shortened(lowest))}: no {leads.removesuffix('s')} ends in {short}."
        )
    return " ".join(told)


def figures_html(
    changes: pd.DataFrame, words: Words, *, late: bool = False, cuts: Sequence[tuple[str, float]] = ()
) -> str:
    """The table as HTML for the page: a table for each part, side by side where there is room.

    Args:
        changes: what `Bench.changes` says.
        words: what the figures are about.
        late: say that the figures are those of before the hand that is on a slider.
        cuts: the candidate's tiers as `Standing.cuts` has them; those out of order are told beneath.
    """
    note = _text(out_of_order(cuts, leads=words.leads))
    tables = "".join(_table(str(part), lines, words, late=late) for part, lines in changes.groupby("part", sort=False))
    return f'<div class="wb-figures-tables">{tables}</div><p class="wb-order">{note}</p>'


def _table(part: str, lines: pd.DataFrame, words: Words, *, late: bool) -> str:
    caption = f"{_text(part[:1].upper() + part[1:])}: {CAPTION}"
    note = f'<span class="wb-late-note">{LATE if late else ""}</span>'
    heads = "".join(f'<th scope="col"{_side(name)}>{name}</th>' for name in _HEADS)
    rows = "".join(_row(line, words) for line in lines.itertuples(index=False))
    return (
        f'<div class="wb-scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="wb-table{" wb-late-table" if late else ""}"><caption>{caption} {note}</caption>'
        f'<colgroup><col class="wb-of-figure">{_COLUMNS}</colgroup>'
        f'<thead><tr><th scope="col">figure</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(line: Any, words: Words) -> str:
    *numbers, verdict = _told(line)
    place = f'data-part="{_text(line.part)}" data-figure="{_text(line.figure)}"'
    body = "".join(
        f'<td class="wb-number" {place} data-column="{head}">{_text(number)}</td>'
        for head, number in zip(_HEADS, numbers, strict=False)
    )
    told = f'<td class="wb-verdict {_TONES.get(verdict, "")}" {place} data-column="verdict">{_text(verdict)}</td>'
    whole, short = words.name(line.figure), words.short(line.figure)
    title = "" if whole == short else f' title="{_text(whole)}"'
    return f'<tr><th scope="row"{title}>{_text(short)}</th>{body}{told}</tr>'


def _told(line: Any) -> tuple[str, str, str, str, str]:
    unit = str(line.unit)
    return (
        figure(line.champion, unit),
        figure(line.candidate, unit),
        change(line.change, unit),
        within(line.low, line.high, unit),
        str(line.verdict),
    )


def _side(name: str) -> str:
    return "" if name == "verdict" else ' class="wb-number"'


def _text(value: object) -> str:
    return html.escape(str(value))


def plain_figures_html(changes: pd.DataFrame, words: Words) -> str:
    """The same for places without a page's style: one table, a row for each part and figure."""
    rows: Iterable[tuple[str, ...]] = (
        (str(line.part), words.name(line.figure), *_told(line)) for line in changes.itertuples(index=False)
    )
    return table_html(("part", "figure", ">champion", ">candidate", ">change", ">95 % interval", "verdict"), rows)


def told(changes: pd.DataFrame, words: Words, names: Sequence[str], *, part: str) -> str:
    """Some figures of a part in a sentence, for people who hear the page."""
    own = changes[changes["part"] == part].set_index("figure", drop=False)
    lines: Iterable[Any] = own.loc[[name for name in names if name in own.index]].itertuples(index=False)
    said = [_sentence(line, words) for line in lines]
    return f"On {part}, against the champion: {'; '.join(said)}." if said else ""


def _sentence(line: Any, words: Words) -> str:
    if math.isnan(line.candidate):
        return words.unknown(line.figure)
    return f"{words.short(line.figure)} {figure(line.candidate, line.unit)} ({_against(line)})"


def _against(line: Any) -> str:
    if line.verdict == "same":
        return "same"
    verdict = f", {line.verdict}" if line.verdict else ""
    if math.isnan(line.change):
        return f"the champion's is unknown{verdict}"
    return f"{change(line.change, str(line.unit))}{verdict}"
