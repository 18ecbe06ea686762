"""One finding of the lint."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """Something in a model that is worth a second look.

    Attributes:
        code: stable and short, such as L101.
        name: the check's name, such as never-holds.
        severity: error: a part of the model does nothing that it says; warning: it likely does not do what is meant;
            note: good to know.
        at: the rule, dimension, group, tier, gate or variant that it is about ("score", "matrix" and "silence" for
            those parts); a silence names it.
        place: where it stands, with file and line if the model came from a file.
        finding: what was found, one sentence.
        why: why it matters.
        remedy: what to do.
    """

    code: str
    name: str
    severity: Severity
    at: str
    place: str
    finding: str
    why: str
    remedy: str

    def to_document(self) -> dict[str, str]:
        """The finding as plain data."""
        return {str(key): str(value) for key, value in asdict(self).items()}
