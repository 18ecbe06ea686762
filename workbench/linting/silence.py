"""Findings that the model says are known and accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.errors import listed
from workbench.linting.catalogue import BY_CODE
from workbench.linting.finding import Finding
from workbench.model import Model
from workbench.parsing import did_you_mean, place_of

STALE = "L191"


@dataclass(frozen=True)
class Silenced:
    """A finding that is silenced, with the reason."""

    finding: Finding
    because: str


def silenced(found: Sequence[Finding], model: Model) -> tuple[list[Finding], list[Silenced]]:
    """The findings that are left, and those that the model silences."""
    reasons = {(each.code, each.at): each.because for each in model.silence}
    left = [finding for finding in found if (finding.code, finding.at) not in reasons]
    quiet = [
        Silenced(finding, reasons[finding.code, finding.at])
        for finding in found
        if (finding.code, finding.at) in reasons
    ]
    return left, quiet


def stale(model: Model, found: Sequence[Finding], *, on_data: bool) -> list[Finding]:
    """A finding for each silence that matches none; those of checks on data only count where there are data."""
    known = {(finding.code, finding.at) for finding in found}
    check, findings = BY_CODE[STALE], []
    for number, each in enumerate(model.silence):
        if (each.code, each.at) in known or (each.code > "L2" and each.code in BY_CODE and not on_data):
            continue
        sentence = f"The silence of {each.code} at '{each.at}' matches no finding."
        remedy = ""
        if each.code not in BY_CODE:
            sentence = f"The silence at '{each.at}' names {each.code}, which is no code of the lint."
            remedy = did_you_mean(each.code, BY_CODE)
        else:
            others = sorted({finding.at for finding in found if finding.code == each.code})
            if others:
                remedy = f"Remove it, or correct its place: there are such findings at {listed(others)}."
        findings.append(check.at("silence", place_of(("silence", number), model.document), sentence, remedy=remedy))
    return findings
