"""What the lint found, for a frame, a notebook, a terminal and JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.linting.finding import SEVERITIES, Finding
from workbench.linting.silence import Silenced
from workbench.markup import headline_html, table_html

FORMAT = "lead-scoring-lint/1"
COLUMNS = ("code", "severity", "at", "finding", "why", "remedy")


@dataclass(frozen=True)
class Lint:
    """What the lint found.

    Attributes:
        model_name, model_version: which model.
        model: digests, as in the JSON document of a backtest.
        data: name and fingerprint of the data, and its numbers of leads and events; None for the model alone.
        part: the part whose outcomes were looked at; None for the model alone.
        findings: by severity, then by code, then in the order of the file.
        silenced: findings that the model silences, with the reasons.
    """

    model_name: str
    model_version: int
    model: dict[str, Any]
    data: dict[str, Any] | None
    part: str | None
    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...]

    @property
    def passed(self) -> bool:
        """Whether there is neither an error nor a warning; notes do not count."""
        return all(found.severity == "note" for found in self.findings)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a finding: code, severity, at, finding, why, remedy."""
        rows = [[getattr(found, name) for name in COLUMNS] for found in self.findings]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")

    @property
    def headline(self) -> str:
        """The result in a sentence: `champion version 3: 1 error, 2 notes; 1 silenced`."""
        counts = Counter(found.severity for found in self.findings)
        said = [f"{counts[each]} {each}{'s' if counts[each] > 1 else ''}" for each in SEVERITIES if counts[each]]
        more = f"; {len(self.silenced)} silenced" if self.silenced else ""
        return f"{self.model_name} version {self.model_version}: {', '.join(said) or 'no findings'}{more}"

    def to_document(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "format": FORMAT,
            "model": {"name": self.model_name, "version": self.model_version, **self.model},
            "data": self.data,
            "part": self.part,
            "findings": [found.to_document() for found in self.findings],
            "silenced": [{**each.finding.to_document(), "because": each.because} for each in self.silenced],
        }

    def __str__(self) -> str:
        told = [
            f"{found.code} {found.severity} {found.place}: {found.finding} {found.why} {found.remedy}"
            for found in self.findings
        ]
        quiet = [f"{each.finding.code} silenced at {each.finding.at}: {each.because}" for each in self.silenced]
        return "\n".join([self.headline, *told, *quiet])

    def _repr_html_(self) -> str:
        """A table that takes its colours from the page, so it can be read in light and dark."""
        rows = [
            [found.severity, found.code, found.at, found.finding, f"{found.why} {found.remedy}"]
            for found in self.findings
        ]
        parts = [headline_html(self.headline)]
        if rows:
            parts.append(table_html(("severity", "code", "at", "finding", "why, and what to do"), rows))
        if self.silenced:
            quiet = [[each.finding.code, each.finding.at, each.finding.finding, each.because] for each in self.silenced]
            parts.append(table_html(("silenced", "at", "finding", "because"), quiet))
        return "".join(parts)
