"""Findings of one kind together, so that what they have in common is said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.checking.catalogue import kind
from workbench.checking.finding import Finding, Severity

REASONS = "reasons"
"""Under which name a finding's evidence lists the reasons that speak against its field."""


@dataclass(frozen=True)
class Group:
    """Findings of one code and severity with the same advice.

    Attributes:
        code: of all of them.
        severity: of all of them.
        findings: one or more, in their order.
        why: why such findings matter, without the reasons of any one of them.
        remedy: what to do.
    """

    code: str
    severity: Severity
    findings: tuple[Finding, ...]
    why: str
    remedy: str

    @property
    def common(self) -> tuple[str, ...]:
        """The reasons that all of them have."""
        first, *more = (_reasons(each) for each in self.findings)
        return tuple(reason for reason in first if all(reason in other for other in more))

    def own(self, finding: Finding) -> tuple[str, ...]:
        """The reasons of one of them that not all have."""
        return tuple(reason for reason in _reasons(finding) if reason not in self.common)


def grouped(findings: Sequence[Finding]) -> tuple[Group, ...]:
    """The findings by code, severity and advice, each group where its first finding stands."""
    found: dict[tuple[str, Severity, str, str], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.code, each.severity, _why(each), each.remedy), []).append(each)
    return tuple(
        Group(code, severity, tuple(some), why, remedy) for (code, severity, why, remedy), some in found.items()
    )


def said_once(findings: Sequence[Finding]) -> list[str]:
    """For each finding why it matters and what to do, the whole for the first of a group; then what is its own."""
    told: dict[int, str] = {}
    for group in grouped(findings):
        first, *more = group.findings
        told[id(first)] = f"{first.why} {first.remedy}".strip()
        for each in more:
            own = [*group.common, *group.own(each)]
            told[id(each)] = f"{sentence(own)} See '{first.about}'.".strip()
    return [told[id(each)] for each in findings]


def sentence(reasons: Sequence[str]) -> str:
    """Reasons as one sentence; empty without any.

    >>> sentence(["alone it is best", "its name says so"])
    'Alone it is best; its name says so.'
    """
    told = "; ".join(reasons)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _reasons(finding: Finding) -> tuple[str, ...]:
    return tuple(str(each) for each in finding.evidence.get(REASONS, ()))


def _why(finding: Finding) -> str:
    """Why it matters without its own reasons, where it lists them."""
    return kind(finding.code).why if _reasons(finding) else finding.why
