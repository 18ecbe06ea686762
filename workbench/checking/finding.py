"""One finding of the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from workbench.backtesting.document import plain

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """Something in the data that is worth a second look before anybody believes a figure made from it.

    Attributes:
        code: stable, in small letters, such as leak-suspected.
        severity: error: a leak or fault that must be dealt with; warning: suspicious; note: worth knowing.
        about: the field, table, event, or month that it is about.
        finding: what was found, one sentence with its numbers.
        why: why that is suspicious, or why it is merely strong.
        remedy: what to do.
        evidence: the numbers: plain values, lists and mappings of them.
    """

    code: str
    severity: Severity
    about: str
    finding: str
    why: str
    remedy: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def to_document(self) -> dict[str, Any]:
        """The finding as plain data; undefined numbers are null."""
        return {**vars(self), "evidence": _plain(self.evidence)}


def at_least(severity: Severity, floor: Severity) -> bool:
    """Whether a severity is this one or a graver one."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(floor)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return plain(value)
