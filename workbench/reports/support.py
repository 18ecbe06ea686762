"""What the data supports, as a table of the rules, the sentences that stand out, and what dropping a rule trades."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.plots.wording import points
from workbench.reports.change import NOT_ENOUGH, change_within, signed
from workbench.reports.table import Prose, Table
from workbench.reports.wording import NOTHING, counted, rate_within
from workbench.supporting import Support

MOST = 8
_DROP = "drop"


def supported(found: Support) -> Table:
    """For every rule the points that are as good as the best, and whether the model ranks better with it."""
    rows = [
        (
            f"{row.name}" if row.on else f"{row.name} (off)",
            points(row.points),
            NOTHING if not row.n else str(row.good),
            change_within(row.auc, row.auc_low, row.auc_high, 3),
            _told(row.verdict),
            _told(row.sign),
        )
        for row in _rows(found.rules)
    ]
    columns = ("Rule", ">Points", "As good as the best", ">Ranking (AUC) with it", "Ranks", "Its sign")
    note = (
        "In brackets: 95 % intervals, each by itself; verdicts and signs allow for the number of rules."
        " Its sign: whether the evidence agrees with it. "
        f"{NOTHING}: not enough evidence."
    )
    on = f"{found.part}: {counted(found.n, 'observation')}, of which {found.converted:,} converted"
    return Table(f"What the data says of each rule ({on})", columns, tuple(rows), note)


def _told(word: str) -> str:
    return NOTHING if word == NOT_ENOUGH else word


def standing_out(found: Support) -> Prose:
    """The headline, and the rules of which the data says something for sure."""
    rules = found.rules
    sure = rules["verdict"].isin(["better", "worse"]) | (rules["sign"] == "disagrees")
    return Prose(found.headline, tuple(str(words) for words in rules.loc[sure, "words"]))


def dropped_rules(found: Support, *, most: int = MOST) -> Table:
    """What dropping a rule would trade at today's main tier: buyers reached against leads to call."""
    frame = found.exchange
    frame = frame[(frame["move"] == _DROP) & (frame["case"] == "") & (frame["moved"] > 0)]
    largest = frame.reindex(frame["leads"].abs().sort_values(ascending=False, kind="stable").index)
    rows = [_traded(row) for row in _rows(largest.head(most))]
    columns = ("Without", ">Buyers reached", ">Leads to call", ">Of those, convert", "In money")
    more = f" {len(largest) - len(rows)} more not shown." if len(largest) > len(rows) else ""
    pays = "" if found.break_even != found.break_even else f" A call pays from {100 * found.break_even:.3g} % on."
    held = f" The cut of {found.tier} stays where it is, so without points that rules gave fewer leads reach it."
    note = f"In brackets: 95 % intervals.{held}{pays}{more}"
    return Table(f"What dropping a rule trades, with {found.tier} as it is today", columns, tuple(rows), note)


def _traded(row: Any) -> tuple[str, ...]:
    return (
        str(row.rule),
        change_within(row.wins, row.wins_low, row.wins_high),
        change_within(row.leads, row.leads_low, row.leads_high),
        rate_within(row.win_rate, row.rate_low, row.rate_high),
        str(row.verdict) or NOTHING,
    )


def overlapping(found: Support) -> Table:
    """What each rule says by itself, and what is left of it beside the others."""
    frame: pd.DataFrame = found.overlap
    rows = [
        (
            str(row.rule),
            signed(row.alone, 3),
            signed(row.within, 3),
            str(row.partner) or NOTHING,
            signed(row.without_partner, 3) if row.without_partner == row.without_partner else NOTHING,
        )
        for row in _rows(frame)
    ]
    columns = ("Rule", ">Alone", ">Beside all others", "Goes most with", ">Where that one is off")
    return Table("What each rule adds to the ranking (AUC)", columns, tuple(rows))


def _rows(frame: pd.DataFrame) -> Any:
    return frame.itertuples(index=False)
