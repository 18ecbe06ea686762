"""Proposed rules, as a table."""

from __future__ import annotations

from workbench.proposing import Proposal, Proposals
from workbench.reports.change import change_within
from workbench.reports.table import Table
from workbench.reports.wording import NOTHING, rate


def proposed(found: Proposals) -> Table:
    """Conditions that are not in the model and would add to it, with what outcomes say of them."""
    rows = [_row(each) for each in found.proposals]
    columns = (
        "Condition",
        ">Points",
        ">Convert with it",
        ">Without it",
        ">Ranking (AUC)",
        f">On {found.confirmed}",
        "It is",
        ">q",
    )
    note = ""
    if found.proposals:
        note = (
            f"{found.scale.rstrip('.')}. In brackets: 95 % intervals. q: the share of false finds to be expected among "
            f"conditions as sure as this one, all {found.tried:,} that were tried considered."
        )
    return Table(found.headline, columns, tuple(rows), note)


def _row(each: Proposal) -> tuple[str, ...]:
    told = each.evidence
    return (
        each.words,
        change_within(each.rule["points"], told["points_low"], told["points_high"]),
        rate(told["rate"]),
        rate(told["rate_without"]),
        _gain(told, ""),
        _gain(told, "confirm_"),
        each.verdict or NOTHING,
        _chance(float(told.get("p_adjusted", float("nan")))),
    )


def _chance(value: float) -> str:
    if value != value:
        return NOTHING
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _gain(told: object, prefix: str) -> str:
    found = {name: float(told.get(f"{prefix}auc_gain{name}", float("nan"))) for name in ("", "_low", "_high")}  # type: ignore[attr-defined]
    return change_within(found[""], found["_low"], found["_high"], 3)
