"""What the check found, as a table: the gravest first."""

from __future__ import annotations

from workbench.checking import Check, said_once
from workbench.plots.wording import count
from workbench.reports.table import Table

_SEVERITY = {"error": "Error", "warning": "Warning", "note": "Note"}


def findings(found: Check) -> Table:
    """What was found, why it is suspicious or merely strong, and what to do about it; said once for a kind."""
    rows = [
        (_SEVERITY[each.severity], each.about, each.finding, why)
        for each, why in zip(found.findings, said_once(found.findings), strict=True)
    ]
    columns = ("Severity", "About", "What was found", "Why it matters, and what to do")
    note = ""
    if found.judged is not None:
        n, converted = count(found.judged["n"]), count(found.judged["converted"])
        note = (
            f"Held against the outcomes of {n} leads, of which {converted} converted; sealed ones are not among them."
        )
    return Table("What the check found, the gravest first", columns, tuple(rows), note)
