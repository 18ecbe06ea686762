"""Why leads were judged wrongly, fit to be shown outside."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from workbench.backtesting import Backtest, Errors, Exploration
from workbench.backtesting.errors import ErrorKind
from workbench.explaining import Explanation, explain
from workbench.history import History
from workbench.plots import Picture, ThemeName, picture, plot_errors
from workbench.plots.wording import points
from workbench.reports.judgement import Judgement
from workbench.reports.table import Prose, Table
from workbench.reports.wording import FEWEST, NOTHING, counted, judged_are

_WORDS = {
    "false_positive": ("reached {tier} and did not convert", "highest-scored"),
    "false_negative": ("did not reach {tier} and converted", "highest-scored"),
}


COLLEAGUE = "a colleague"


def wrongly(told: Judgement, kind: ErrorKind, *, theme: ThemeName = "auto") -> Picture | Prose:
    """The rules that set the wrongly judged apart, as a picture; a sentence where there are too few of them."""
    found = told.errors(kind)
    if found is None:
        return Prose("The model has no tiers: no lead is judged wrongly by it.")
    if found.n < FEWEST:
        what = _WORDS[kind][0].format(tier=found.tier)
        return Prose(f"Not enough evidence: fewer than {FEWEST} {judged_are(told.result)} {what}.")
    return picture(plot_errors, found, theme=theme)


def examples(told: Judgement, kind: ErrorKind, *, most: int = 5) -> Table | Prose:
    """Some of the wrongly judged leads with the points that made their score, under names that hold only here."""
    found = told.errors(kind)
    if found is None or not found.n:
        return Prose("No lead to show.")
    what, which = _WORDS[kind]
    noun = judged_are(told.result).removesuffix("s")
    rows = tuple(
        (
            told.pseudonym(str(lead.lead_id)),
            NOTHING if math.isnan(lead.score) else points(lead.score),
            str(lead.tier),
            str(lead.ledger),
        )
        for lead in _rows(found, most)
    )
    told_of = what.format(tier=found.tier)
    some = f"Some of the fewer than {FEWEST} {noun}s that {told_of}"
    return Table(
        caption=some if found.n < FEWEST else f"The {len(rows)} {which} of {counted(found.n, noun)} that {told_of}",
        columns=("Lead", ">Score", "Tier", "What made the score"),
        rows=rows,
        note="Names of leads are made up for this report and lead nowhere.",
    )


def mistakes(result: Backtest, kind: ErrorKind) -> Errors:
    """The wrongly judged at the main tier; for a model without tiers, at the score of the top 20 %.

    Raises:
        Refused: for scores that the CRM recorded: they have no rules to read.
    """
    return result.errors(kind, threshold=None if result.main_tier else top_cut(result))


def top_cut(result: Backtest, share: float = 0.2) -> float:
    """The lowest score that no more than `share` (0..1) reach; the highest there is if more share even that, 0 if none.

    For models without tiers.
    """
    frame = result.thresholds
    if frame.empty:
        return 0.0
    few = frame[frame["share"] <= share]
    return float(few["threshold"].min() if len(few) else frame["threshold"].max())


def wrong_leads(errors: Errors, *, most: int = 10) -> Table:
    """The wrongly judged leads under the names they have in `errors`, highest score first, ledgers in full."""
    shown = errors.leads.head(most)
    rows = tuple(
        (
            str(lead.lead_id),
            NOTHING if pd.isna(lead.as_of) else f"{lead.as_of:%Y-%m-%d}",
            NOTHING if math.isnan(lead.score) else points(lead.score),
            str(lead.tier),
            str(lead.ledger),
        )
        for lead in _rows(errors, most)
    )
    what = _WORDS[errors.kind][0].format(tier=errors.tier)
    more = errors.n - len(shown)
    return Table(
        caption=f"Those that {what}, highest score first",
        columns=("Lead", "Scored on", ">Score", "Tier", "What made the score"),
        rows=rows,
        note=f"{more} more not shown." if more > 0 else "",
    )


def explained(exploration: Exploration, history: History, errors: Errors) -> Explanation | Prose:
    """The ledger of the first of the wrongly judged, line by line, under the exploration's name for it.

    Args:
        exploration: where the errors come from; knows whom its made-up names stand for.
        history: what was observed, open.
        errors: some of its errors.

    Returns:
        the explanation; a sentence where nobody was judged wrongly, or accounts were.
    """
    if errors.leads.empty:
        return Prose("No lead was judged wrongly in this way.")
    if errors.unit == "account":
        return Prose("Accounts are judged by the scores of their leads: explain one of those to see its ledger.")
    first = errors.leads.iloc[0]
    name, real = str(first["lead_id"]), exploration.reveal(str(first["lead_id"]))
    when = None if pd.isna(first["as_of"]) else first["as_of"]
    found = explain(exploration.model, history, lead_id=real, as_of=when)
    whose = found.evidence["lead_id"].map(lambda lead_id: name if lead_id == real else COLLEAGUE)
    return replace(found, lead_id=name, evidence=found.evidence.assign(lead_id=whose))


def _rows(found: Errors, most: int) -> Iterable[Any]:
    return found.leads.head(most).itertuples()
