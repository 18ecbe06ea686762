"""What a check found, for a frame, a notebook, a terminal and JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.checking.finding import SEVERITIES, Finding, Severity, at_least
from workbench.checking.grouping import said_once
from workbench.history import Description
from workbench.markup import headline_html, table_html
from workbench.predicting.trap import TimeTrap

FORMAT = "lead-scoring-check/1"
UNDECIDED = "undecided"
"""The code of the finding that outcomes were not looked at, so that nothing can be said of leaks."""
COLUMNS = ("severity", "code", "about", "finding", "why", "remedy")


@dataclass(frozen=True)
class Check:
    """What was found in a history.

    Attributes:
        description: what the history holds.
        findings: by severity; the time collapse first, then by strength.
        plan: the plan that outcomes were looked at by; None where none were.
        judged: n and converted of the leads whose outcomes were looked at; sealed ones are not among them.
        trap: how a prediction does by random folds and in the order of time; None where nothing orders the leads.
    """

    description: Description
    findings: tuple[Finding, ...]
    plan: dict[str, Any] | None = None
    judged: dict[str, int] | None = None
    trap: TimeTrap | None = None

    @property
    def name(self) -> str:
        """Of the history."""
        return self.description.name

    @property
    def fingerprint(self) -> str:
        """Of its content."""
        return self.description.fingerprint

    @property
    def until(self) -> str | None:
        """End of the data (exclusive), ISO 8601 in UTC, None without times."""
        return self.description.until

    @property
    def tables(self) -> pd.DataFrame:
        """table, rows."""
        return self.description.tables

    @property
    def dropped(self) -> pd.DataFrame:
        """file, reason, column, rows, share (0..1), first_rows, remedy."""
        return self.description.dropped

    @property
    def fields(self) -> pd.DataFrame:
        """field, table, kind, known, filled (share of rows 0..1), distinct."""
        return self.description.fields

    @property
    def events(self) -> pd.DataFrame:
        """event, rows."""
        return self.description.events

    @property
    def stages(self) -> pd.DataFrame:
        """stage, leads."""
        return self.description.stages

    @property
    def months(self) -> pd.DataFrame:
        """month of creation (UTC), leads."""
        return self.description.months

    @property
    def frame(self) -> pd.DataFrame:
        """One row a finding: severity, code, about, finding, why, remedy."""
        rows = [[getattr(found, name) for name in COLUMNS] for found in self.findings]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")

    @property
    def headline(self) -> str:
        """The result in one sentence: first that leaks were not, or could not be, looked for, or a collapse in time."""
        collapse = next((found for found in self.findings if found.code == "time-collapse"), None)
        if collapse is not None:
            return collapse.finding
        leaks = [found.about for found in self.findings if found.code == "leak"]
        counts = Counter(found.severity for found in self.findings)
        said = ", ".join(
            f"{counts[each]} {each}{'s' if counts[each] > 1 else ''}" for each in SEVERITIES if counts[each]
        )
        for code in (UNDECIDED, "not-enough-evidence"):
            for each in self.found(code):
                doubt = each.finding[0].lower() + each.finding[1:].rstrip(".")
                how = f"; {each.remedy[0].lower()}{each.remedy[1:].rstrip('.')}" if code == UNDECIDED else ""
                return f"{self.name}: {doubt}{how}{f'; {said}' if said else ''}."
        if leaks:
            verb = "leaks" if len(leaks) == 1 else "leak"
            return f"{self.name}: {', '.join(leaks)} {verb} the outcome ({said})."
        return f"{self.name}: {said or 'nothing found'}."

    @property
    def decided(self) -> bool:
        """Whether outcomes were looked at; without them nothing is said of leaks."""
        return not self.found(UNDECIDED)

    def fails_on(self, floor: Severity) -> bool:
        """Whether there is a finding of this severity or a graver one."""
        return any(at_least(found.severity, floor) for found in self.findings)

    def found(self, code: str) -> tuple[Finding, ...]:
        """The findings with this code."""
        return tuple(found for found in self.findings if found.code == code)

    def to_document(self) -> dict[str, Any]:
        """The result as plain data, for JSON: what the history holds, and the findings."""
        return {
            "format": FORMAT,
            "headline": self.headline,
            **self.description.to_document(),
            "plan": self.plan,
            "judged": self.judged,
            "findings": [found.to_document() for found in self.findings],
            "time_trap": None if self.trap is None else self.trap.to_document(),
        }

    def __str__(self) -> str:
        told = [f"{found.severity} {found.code}: {found.finding} {found.why} {found.remedy}" for found in self.findings]
        return "\n".join([self.headline, *told])

    def _repr_html_(self) -> str:
        """A table that takes its colours from the page, so it can be read in light and dark."""
        said = zip(self.findings, said_once(self.findings), strict=True)
        rows = [[found.severity, found.code, found.finding, why] for found, why in said]
        parts = [headline_html(self.headline)]
        if rows:
            parts.append(table_html(("severity", "code", "finding", "why, and what to do"), rows))
        return "".join(parts)
