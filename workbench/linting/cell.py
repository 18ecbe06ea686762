"""What several tests on one subject (a field, a quantity of events, membership) leave possible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from workbench.linting.spans import EVERY, NONE, Spans
from workbench.linting.texts import ANY_TEXT, NO_TEXT, Pattern, Texts

Kind: TypeAlias = Literal["text", "number", "boolean", "time"]
KINDS: tuple[Kind, ...] = ("text", "number", "boolean", "time")


@dataclass(frozen=True)
class Missing:
    """That there is no value."""


@dataclass(frozen=True)
class Among:
    """That a number is in a set."""

    numbers: Spans


@dataclass(frozen=True)
class Moments:
    """That a time lies in a set of UTC epoch microseconds."""

    moments: Spans


@dataclass(frozen=True)
class Ages:
    """That the age of a time, in microseconds, lies in a set."""

    ages: Spans


@dataclass(frozen=True)
class Flag:
    """That a truth value is this one."""

    value: bool


@dataclass(frozen=True)
class Equal:
    """That a text is one of these: folded, or exactly."""

    values: frozenset[str]
    exact: bool


@dataclass(frozen=True)
class Matches:
    """That a text passes at least one of some patterns."""

    patterns: frozenset[Pattern]


Test: TypeAlias = Missing | Among | Moments | Ages | Flag | Equal | Matches


@dataclass(frozen=True)
class Cell:
    """The values of one subject that are still possible, of each kind apart.

    Attributes:
        missing: that there is none.
        numbers, texts, flags: values of these kinds.
        moments, ages: where a time may lie, absolutely and before as_of; a time is possible if both are.
    """

    missing: bool = True
    numbers: Spans = EVERY
    texts: Texts = ANY_TEXT
    flags: frozenset[bool] = frozenset({True, False})
    moments: Spans = EVERY
    ages: Spans = EVERY

    @classmethod
    def of(cls, kinds: frozenset[Kind]) -> Cell:
        """Every value of these kinds (of any kind, if there are none), or none."""
        if not kinds:
            return cls()
        return cls(
            numbers=EVERY if "number" in kinds else NONE,
            texts=ANY_TEXT if "text" in kinds else NO_TEXT,
            flags=frozenset({True, False}) if "boolean" in kinds else frozenset(),
            moments=EVERY if "time" in kinds else NONE,
        )

    @property
    def known(self) -> bool:
        """Whether a value is possible."""
        timed = not self.moments.empty and not self.ages.empty
        return not self.numbers.empty or bool(self.flags) or timed or self.texts.possible

    @property
    def possible(self) -> bool:
        """Whether anything is."""
        return self.missing or self.known

    def after(self, test: Test, *, holds: bool) -> Cell:
        """What is left if a test holds, or if it does not (a missing value passes none but `Missing`)."""
        if isinstance(test, Missing):
            return _NOTHING if holds and not self.missing else _ONLY_MISSING if holds else replace(self, missing=False)
        return self._passing(test) if holds else self._failing(test)

    def _passing(self, test: Test) -> Cell:
        bare = _NOTHING
        if isinstance(test, Among):
            return replace(bare, numbers=self.numbers & test.numbers)
        if isinstance(test, Moments):
            return replace(bare, moments=self.moments & test.moments, ages=self.ages)
        if isinstance(test, Ages):
            return replace(bare, moments=self.moments, ages=self.ages & test.ages)
        if isinstance(test, Flag):
            return replace(bare, flags=self.flags & {test.value})
        if isinstance(test, Equal):
            return replace(bare, texts=self.texts.equal(test.values, exact=test.exact, holds=True))
        assert isinstance(test, Matches)  # noqa: S101  (the last kind of test)
        return replace(bare, texts=self.texts.matched(test.patterns, holds=True))

    def _failing(self, test: Test) -> Cell:
        if isinstance(test, Among):
            return replace(self, numbers=self.numbers & test.numbers.complement())
        if isinstance(test, Moments):
            return replace(self, moments=self.moments & test.moments.complement())
        if isinstance(test, Ages):
            return replace(self, ages=self.ages & test.ages.complement())
        if isinstance(test, Flag):
            return replace(self, flags=self.flags - {test.value})
        if isinstance(test, Equal):
            return replace(self, texts=self.texts.equal(test.values, exact=test.exact, holds=False))
        assert isinstance(test, Matches)  # noqa: S101
        return replace(self, texts=self.texts.matched(test.patterns, holds=False))


_NOTHING = Cell(missing=False, numbers=NONE, texts=NO_TEXT, flags=frozenset(), moments=NONE)
_ONLY_MISSING = replace(_NOTHING, missing=True)
