"""Why leads were judged wrongly, fit to be shown outside."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from workbench.backtesting import Errors
from workbench.backtesting.errors import ErrorKind
from workbench.plots import Picture, ThemeName, picture, plot_errors
from workbench.plots.wording import count, points
from workbench.reports.judgement import Judgement
from workbench.reports.table import Prose, Table
from workbench.reports.wording import FEWEST, NOTHING

_WORDS = {
    "false_positive": ("reached {tier} and did not convert", "highest-scored"),
    "false_negative": ("did not reach {tier} and converted", "highest-scored"),
}


def wrongly(told: Judgement, kind: ErrorKind, *, theme: ThemeName = "auto") -> Picture | Prose:
    """The rules that set the wrongly judged apart, as a picture; a sentence where there are too few of them."""
    found = told.errors(kind)
    if found is None:
        return Prose("The model has no tiers: no lead is judged wrongly by it.")
    if found.n < FEWEST:
        what = _WORDS[kind][0].format(tier=found.tier)
        return Prose(f"Not enough evidence: fewer than {FEWEST} leads {what}.")
    return picture(plot_errors, found, theme=theme)


def examples(told: Judgement, kind: ErrorKind, *, most: int = 5) -> Table | Prose:
    """Some of the wrongly judged leads with the points that made their score, under names that hold only here."""
    found = told.errors(kind)
    if found is None or not found.n:
        return Prose("No lead to show.")
    what, which = _WORDS[kind]
    rows = tuple(
        (
            told.pseudonym(str(lead.lead_id)),
            NOTHING if math.isnan(lead.score) else points(lead.score),
            str(lead.tier),
            str(lead.ledger),
        )
        for lead in _rows(found, most)
    )
    return Table(
        caption=f"The {len(rows)} {which} of {count(found.n)} leads that {what.format(tier=found.tier)}",
        columns=("Lead", ">Score", "Tier", "What made the score"),
        rows=rows,
        note="Names of leads are made up for this report and lead nowhere.",
    )


def _rows(found: Errors, most: int) -> Iterable[Any]:
    return found.leads.head(most).itertuples()
