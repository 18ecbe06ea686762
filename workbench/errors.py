"""Every error a caller can meet.

WorkbenchError
├── InputError            what was given is wrong: the command line exits with 2
│   ├── ModelError        a model file
│   ├── PlanError         a plan
│   ├── MappingError      a history mapping
│   ├── DataError         the data behind a mapping
│   └── CallError         an argument of a call or of the command line
├── NotObserved           the model asks for evidence that `observe` has not gathered
└── Refused               the answer is no: the command line exits with 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in four parts that every message has.

    Attributes:
        where: the place: file and line, path inside the document, column, first rows.
        expected: what would have been right.
        found: what was there instead, with the count where there are many.
        remedy: what to do about it.
    """

    where: str
    expected: str
    found: str
    remedy: str

    def __str__(self) -> str:
        """The four parts as one line of text."""
        return f"{self.where}: expected {self.expected}, found {self.found}. {self.remedy}"


class WorkbenchError(Exception):
    """Anything the workbench says no to."""


class InputError(WorkbenchError):
    """Something that was handed in is wrong; `problems` holds each fault in its four parts."""

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    @classmethod
    def at(cls, where: str, *, expected: str, found: str, remedy: str) -> Self:
        """An error with a single problem."""
        return cls(Problem(where, expected, found, remedy))


class ModelError(InputError):
    """A model file says something the model language does not know."""


class PlanError(InputError):
    """A plan is wrong in itself, or the data cannot carry it."""


class MappingError(InputError):
    """A history mapping is wrong in itself, or does not fit its files."""


class DataError(InputError):
    """The data behind a mapping is not fit for use."""


class CallError(InputError):
    """An argument of a call or of the command line is wrong."""


class NotObserved(WorkbenchError):
    """The model needs evidence that these observations do not hold."""


class Refused(WorkbenchError):
    """The request was understood and the answer is no; `reasons` says why, one line each."""

    def __init__(self, *reasons: str) -> None:
        self.reasons: tuple[str, ...] = reasons
        super().__init__("\n".join(reasons))


LONGEST = 60


def listed(names: Sequence[str], *, most: int = 12) -> str:
    """Names for a message: the first few, long ones cut, and how many more there are.

    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    shown = ", ".join(repr(name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}...") for name in names[:most])
    rest = len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown or "none"
