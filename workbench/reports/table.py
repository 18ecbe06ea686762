"""Tables and paragraphs that notebooks and reports show: texts in, escaped HTML out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.reports.wording import bound

_CELL = "padding:0.25em 0.7em;vertical-align:top;white-space:normal;text-align:"


@dataclass(frozen=True)
class Table:
    """A table of texts; as the last value of a cell it shows itself.

    Attributes:
        caption: what it tells, one sentence.
        columns: the headings; one that starts with ">" stands over numbers, which are set to the right.
        rows: one text for each column; the first names the row.
        note: what a reader must know beside it.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def _repr_html_(self) -> str:
        if not self.rows:
            return f'<p class="wb-note">{_safe(self.caption)}: none.</p>'
        sides = ["right" if name.startswith(">") else "left" for name in self.columns]
        head = "".join(
            f'<th scope="col" class="wb-{side}" style="{_CELL}{side}">{_safe(name.removeprefix(">"))}</th>'
            for name, side in zip(self.columns, sides, strict=True)
        )
        body = "".join(f"<tr>{_row(row, sides)}</tr>" for row in self.rows)
        note = f'<p class="wb-note">{_safe(self.note)}</p>' if self.note else ""
        return (
            f'<div class="wb-scroll" role="region" tabindex="0" aria-label="{_safe(self.caption)}">'
            f'<table class="wb-table"><caption style="text-align:left">{_safe(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}"
        )

    def __str__(self) -> str:
        lines = [self.caption, "\t".join(name.removeprefix(">") for name in self.columns)]
        return "\n".join([*lines, *("\t".join(row) for row in self.rows), *([self.note] if self.note else [])])


def _safe(text: str) -> str:
    return html.escape(bound(text))


def _row(cells: Sequence[str], sides: Sequence[str]) -> str:
    out = []
    for number, (text, side) in enumerate(zip(cells, sides, strict=True)):
        tag, scope = ("th", ' scope="row"') if number == 0 else ("td", "")
        weight = ";font-weight:normal" if number == 0 else ""
        out.append(f'<{tag}{scope} class="wb-{side}" style="{_CELL}{side}{weight}">{_safe(text)}</{tag}>')
    return "".join(out)


@dataclass(frozen=True)
class Prose:
    """Sentences; as the last value of a cell they show themselves.

    Attributes:
        lead: the sentence that stands out, or nothing.
        lines: further sentences, as a list.
    """

    lead: str = ""
    lines: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        lead = f'<p class="wb-lead"><strong>{_safe(self.lead)}</strong></p>' if self.lead else ""
        lines = "".join(f"<li>{_safe(line)}</li>" for line in self.lines)
        return lead + (f'<ul class="wb-lines">{lines}</ul>' if lines else "")

    def __str__(self) -> str:
        return "\n".join([*([self.lead] if self.lead else []), *(f"- {line}" for line in self.lines)])
