"""What is known of when values were known: undated fields, and values that leads take on only after the outcome."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.checking.catalogue import kind
from workbench.checking.finding import Finding
from workbench.checking.material import LEAST_OF_EITHER, Material
from workbench.history import History
from workbench.plan import Plan

ONLY_AFTER = 0.95
"""Share of the changes to a value that lie at or after the outcome, from which it comes only then."""
MOSTLY = 0.8
"""Share of the changes to a value that must be those of converts; some convert after the horizon."""
SHOWN = 8


def undated(history: History, plan: Plan | None) -> Iterator[Finding]:
    """One finding that names the fields of unknown date, in use or not."""
    names = [field.name for field in history.lead_fields.values() if field.known == "undated"]
    names += [f"account.{field.name}" for field in history.account_fields.values() if field.known == "undated"]
    if not names:
        return
    shown = ", ".join(f"'{name}'" for name in names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    allowed = [] if plan is None else [name for name in names if plan.allows_undated(name.removeprefix("account."))]
    more = f" The plan consents to {len(allowed)} of them." if allowed and plan and plan.at != "recorded" else ""
    yield kind("undated-fields").at(
        "fields",
        f"Of {len(names)} field{'s' if len(names) > 1 else ''} it is not known when the value was known: "
        f"{shown}.{more}",
        {"fields": names, "allowed": allowed},
    )


def only_after(material: Material) -> Iterator[Finding]:
    """Values of dated fields that converts take on only once they have converted; of open leads alone."""
    history, subjects = material.history, material.seen.subjects
    if subjects.as_of_us is None or not history.rows.get("changes"):
        return
    rows = material.rows[material.won]
    when = subjects.as_of_us[rows] + subjects.days[rows] * 86_400_000_000
    at = dict(zip((str(lead) for lead in subjects.lead_id[rows]), when, strict=True))
    changes = history.engine.frame(
        "SELECT l.lead_id, c.field, c.value, c.at_us FROM changes c JOIN leads l ON l.lead = c.lead "
        "WHERE c.value IS NOT NULL"
    )
    won = changes["lead_id"].astype(str).map(at)
    judged = changes["lead_id"].astype(str).isin({str(lead) for lead in subjects.lead_id[material.rows]})
    changes = changes.assign(after=changes["at_us"] >= won, known=won.notna())[judged]
    for (name, value), some in changes.groupby(["field", "value"], sort=True):
        mine = some[some["known"]]
        after = int(mine["after"].sum())
        if len(mine) < LEAST_OF_EITHER or after < ONLY_AFTER * len(mine):
            continue
        if len(mine) < MOSTLY * len(some):  # others take it on too
            continue
        yield kind("after-outcome").at(
            str(name),
            f"'{name}' becomes '{value}' after the outcome in {after:,} of {len(mine):,} changes of converts.",
            {"value": str(value), "changes": len(mine), "after": after},
        )
