"""The headline figures of champion and candidate as a table."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.markup import table_html
from workbench.tuning import Bench
from workbench.widgets.wording import change, figure, within

CAPTION = "candidate against champion"
LATE = "The figures follow when you let go."
_NAMES = {
    "auc": "ranking (AUC)",
    "lift_10": "lift of the top 10 %",
    "capture_20": "converts in the top 20 %",
    "leads": "{leads} that reach {tier}",
    "precision": "{tier}: share that converts",
    "recall": "{tier}: converts reached",
    "value": "{tier}: net value",
}
_TONES = {"better": "wb-good", "worse": "wb-bad", "not enough evidence": "wb-muted", "same": "wb-muted"}
_HEADS = ("champion", "candidate", "change", "95 % interval", "verdict")


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
        """A figure of `Bench.changes` in words."""
        return _NAMES.get(str(figure), str(figure)).format(tier=self.tier, leads=self.leads)


def figures_html(changes: pd.DataFrame, words: Words, *, late: bool = False) -> str:
    """The table as HTML for the page: a table for each part, side by side where there is room.

    Args:
        changes: what `Bench.changes` says.
        words: what the figures are about.
        late: say that the figures are those of before the hand that is on a slider.
    """
    tables = "".join(_table(str(part), lines, words, late=late) for part, lines in changes.groupby("part", sort=False))
    return f'<div class="wb-figures-tables">{tables}</div>'


def _table(part: str, lines: pd.DataFrame, words: Words, *, late: bool) -> str:
    caption = f"{_text(part[:1].upper() + part[1:])}: {CAPTION}"
    note = f'<span class="wb-late-note">{LATE if late else ""}</span>'
    heads = "".join(f'<th scope="col"{_side(name)}>{name}</th>' for name in _HEADS)
    rows = "".join(_row(line, words) for line in lines.itertuples(index=False))
    return (
        f'<div class="wb-scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="wb-table{" wb-late-table" if late else ""}"><caption>{caption} {note}</caption>'
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
    return f'<tr><th scope="row">{_text(words.name(line.figure))}</th>{body}{told}</tr>'


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
    said = [f"{words.name(line.figure)} {figure(line.candidate, line.unit)} ({_against(line)})" for line in lines]
    return f"On {part}, against the champion: {'; '.join(said)}." if said else ""


def _against(line: Any) -> str:
    if line.verdict == "same":
        return "same"
    verdict = f", {line.verdict}" if line.verdict else ""
    return f"{change(line.change, str(line.unit))}{verdict}"
