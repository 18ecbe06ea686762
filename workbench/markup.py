"""Small tables as HTML that take their colours from the page, so they can be read in light and dark."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

_CELL = "padding:0.25em 0.7em;vertical-align:top;white-space:normal;text-align:"


def headline_html(text: str) -> str:
    """A sentence that stands out, as HTML; the text is taken as text.

    >>> headline_html("1 < 2")
    '<p><strong>1 &lt; 2</strong></p>'
    """
    return f"<p><strong>{html.escape(text)}</strong></p>"


def table_html(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as HTML; every cell is taken as text.

    Args:
        columns: headings; one that begins with `>` stands over numbers, which are set to the right.
        rows: cells by row.
    """
    sides = ["right" if name.startswith(">") else "left" for name in columns]
    head = (_cell("th", side, name.removeprefix(">")) for side, name in zip(sides, columns, strict=True))
    body = (
        "<tr>" + "".join(_cell("td", side, cell) for side, cell in zip(sides, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{''.join(head)}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _cell(tag: str, side: str, content: object) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    return f'<{tag}{scope} style="{_CELL}{side}">{html.escape(str(content))}</{tag}>'
