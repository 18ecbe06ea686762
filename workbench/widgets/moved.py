"""Who moves between tiers, and what differs between two models, as HTML for the page and plain for other places."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

from workbench.backtesting.judged import LEAST
from workbench.changes import Changes
from workbench.markup import table_html
from workbench.widgets.wording import figure, shortened

ALL = "all"
OPEN_LINES = 12
"""A difference with more lines than this is folded."""


def moves_html(found: pd.DataFrame, *, unit: str = "leads") -> str:
    """The cross table for the page: the champion's tiers down, the candidate's across.

    Args:
        found: what `workbench.tuning.moves.moves` says of a part.
        unit: what was observed: leads or accounts.
    """
    across = list(dict.fromkeys(found["candidate_tier"]))
    heads = "".join(_head(str(name), "col", ' class="wb-number"') for name in (*across, ALL))
    rows = "".join(_row(str(name), each) for name, each in found.groupby("champion_tier", sort=False))
    foot = "".join(_cell(ALL, str(name), _sum(each)) for name, each in found.groupby("candidate_tier", sort=False))
    head = (
        f"Who moves: the champion's tiers down, the candidate's across; {unit}, how many of them converted, and from "
        f"{LEAST} on the rate"
    )
    return (
        f'<div class="wb-among"><h4>{head}</h4><div class="wb-scroll" tabindex="0" role="region" '
        'aria-label="Who moves"><table class="wb-table wb-moves" aria-label="Who moves">'
        f'<thead><tr><th scope="col">champion ↓ candidate →</th>{heads}</tr></thead><tbody>{rows}'
        f'<tr class="wb-total"><th scope="row">{ALL}</th>{foot}{_cell(ALL, ALL, _sum(found))}</tr>'
        "</tbody></table></div></div>"
    )


def _row(name: str, cells: pd.DataFrame) -> str:
    told = "".join(_cell(name, str(line["candidate_tier"]), line) for line in _lines(cells))
    return f"<tr>{_head(name, 'row')}{told}{_cell(name, ALL, _sum(cells))}</tr>"


def _head(name: str, scope: str, kind: str = "") -> str:
    """The cell of a tier's name; a long one is told whole on hovering."""
    title = "" if shortened(name) == name else f' title="{_text(name)}"'
    return f'<th scope="{scope}"{kind}{title}>{_text(shortened(name))}</th>'


def _lines(cells: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in line.items()} for line in cells.to_dict("records")]


def _sum(cells: pd.DataFrame) -> dict[str, Any]:
    n, converted = int(cells["n"].sum()), int(cells["converted"].sum())
    return {"n": n, "converted": converted, "rate": converted / n if n else float("nan")}


def _cell(old: str, new: str, line: dict[str, Any]) -> str:
    kind = " wb-stays" if old == new and old != ALL else "" if line["n"] else " wb-none"
    place = f'data-from="{_text(old)}" data-to="{_text(new)}"'
    return f'<td class="wb-number{kind}" {place}>{line["n"]:,}{_rates(line)}</td>'


def converted(line: dict[str, Any]) -> tuple[str, ...]:
    """How many of a cell converted, and the rate with its interval where there are enough to say so."""
    if not line["n"]:
        return ()
    count = f"{line['converted']:,} converted"
    if line["n"] < LEAST:
        return (count,)
    within = f" [{100 * line['rate_low']:.1f}–{100 * line['rate_high']:.1f}]" if "rate_low" in line else ""
    return count, f"{figure(line['rate'], 'share')}{within}"


def _rates(line: dict[str, Any]) -> str:
    return "".join(f'<span class="wb-rate">{said}</span>' for said in converted(line))


def plain_moves_html(found: pd.DataFrame) -> str:
    """The same as a list of pairs for places without the page's style."""
    rows = (
        (line["champion_tier"], line["candidate_tier"], f"{line['n']:,}", ", ".join(converted(line)))
        for line in _lines(found)
        if line["n"]
    )
    return table_html(("champion's tier", "candidate's tier", ">number", "of them converted"), rows)


def difference_html(changes: Changes) -> str:
    """What differs between the two models, for the page; folded where it is long."""
    rows = "".join(
        f'<tr><th scope="row">{_text(line.where)}</th><td>{_text(line.what or line.kind)}</td>'
        f"<td>{_text(line.old)}</td><td>{_text(line.new)}</td><td>{line.touches}</td></tr>"
        for line in changes.lines
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("where", "what", "before", "after", "touches"))
    unfolded = " open" if len(changes.lines) <= OPEN_LINES else ""
    table = (
        '<div class="wb-scroll" tabindex="0" role="region" aria-label="What differs"><table class="wb-table">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    return (
        f'<details class="wb-difference"{unfolded}><summary>What differs: {_text(changes.headline)}</summary>'
        f"{table if rows else ''}</details>"
    )


def _text(value: object) -> str:
    return html.escape(str(value))
