"""What several tests on one text leave possible."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from workbench.model.comparison import SEPARATORS

BLANKS = " \t\r\n"
_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_SPACED = {ord(sign): " " for sign in SEPARATORS}
How = Literal["contains", "starts", "ends", "words", "glob", "regex"]


def small(text: str) -> str:
    """The text with ASCII letters in lower case."""
    return text.translate(_LOWER)


def folded(text: str) -> str:
    """The text as it is compared unless `exact`: outer blanks off, ASCII letters in lower case."""
    return small(text.strip(BLANKS))


def words(text: str) -> list[str]:
    """What stands between ASCII blanks and punctuation."""
    return text.translate(_SPACED).split()


@dataclass(frozen=True)
class Pattern:
    """A test on a part of a text; `text` is in lower case where case does not matter."""

    how: How
    text: str
    exact: bool

    def holds(self, value: str) -> bool | None:
        """Whether it holds for a value (as it was stored, or folded); None where that is not worked out."""
        text = value if self.exact else folded(value)
        if self.how == "contains":
            return self.text in text
        if self.how == "starts":
            return text.startswith(self.text)
        if self.how == "ends":
            return text.endswith(self.text)
        if self.how == "words":
            return _within(words(self.text), words(text))
        return re.fullmatch(_glob(self.text), text, re.DOTALL) is not None if self.how == "glob" else None

    @property
    def never(self) -> bool:
        """Whether no text passes: outer blanks are trimmed before the comparison, those of the pattern are not."""
        if self.exact:
            return False
        starts = self.how in {"starts", "glob"} and self.text[:1] in tuple(BLANKS)
        ends = self.how in {"ends", "glob"} and self.text[-1:] in tuple(BLANKS)
        return starts or ends

    def implies(self, other: Pattern) -> bool:
        """Whether each text that passes this one certainly passes the other."""
        if self == other:
            return True
        text = self.text
        if self.exact != other.exact:
            if other.exact or text != text.strip(BLANKS):
                return False
            text = small(text)
        if other.how == "starts":
            return _head(self.how, text).startswith(other.text)
        if other.how == "ends":
            return _tail(self.how, text).endswith(other.text)
        if other.how == "contains":
            return any(other.text in piece for piece in _pieces(self.how, text))
        return other.how == "words" and self.how == "words" and _within(words(other.text), words(text))

    def excludes(self, other: Pattern) -> bool:
        """Whether certainly no text passes both."""
        if self.exact != other.exact:
            return False
        heads = _head(self.how, self.text), _head(other.how, other.text)
        tails = _tail(self.how, self.text), _tail(other.how, other.text)
        apart = not heads[0].startswith(heads[1]) and not heads[1].startswith(heads[0])
        return apart or (not tails[0].endswith(tails[1]) and not tails[1].endswith(tails[0]))


def _glob(pattern: str) -> str:
    return "".join(".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in pattern)


def _head(how: How, text: str) -> str:
    """What a text that passes certainly begins with."""
    return text if how == "starts" else re.split(r"[*?]", text)[0] if how == "glob" else ""


def _tail(how: How, text: str) -> str:
    return text if how == "ends" else re.split(r"[*?]", text)[-1] if how == "glob" else ""


def _pieces(how: How, text: str) -> list[str]:
    """What a text that passes certainly contains."""
    if how == "words":
        return words(text)
    return re.split(r"[*?]", text) if how == "glob" else [] if how == "regex" else [text]


def _within(few: list[str], many: list[str]) -> bool:
    return any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))


@dataclass(frozen=True)
class Texts:
    """The texts that are still possible.

    Attributes:
        among, among_exact: the only values (folded; as stored), if that is known.
        denied, denied_exact: values that it is not.
        passes: of each of these sets at least one pattern holds.
        fails: patterns that do not hold.
        none: no text at all.
    """

    among: frozenset[str] | None = None
    among_exact: frozenset[str] | None = None
    denied: frozenset[str] = frozenset()
    denied_exact: frozenset[str] = frozenset()
    passes: frozenset[frozenset[Pattern]] = frozenset()
    fails: frozenset[Pattern] = frozenset()
    none: bool = False

    def equal(self, values: frozenset[str], *, exact: bool, holds: bool) -> Texts:
        """Only (or all but) these values; folded ones unless exact."""
        if holds:
            now = self.among_exact if exact else self.among
            both = values if now is None else now & values
            return replace(self, among_exact=both) if exact else replace(self, among=both)
        if exact:
            return replace(self, denied_exact=self.denied_exact | values)
        return replace(self, denied=self.denied | values)

    def matched(self, patterns: frozenset[Pattern], *, holds: bool) -> Texts:
        """Only those that pass at least one (or none) of some patterns."""
        if holds:
            return replace(self, passes=self.passes | {patterns})
        return replace(self, fails=self.fails | patterns)

    @property
    def possible(self) -> bool:
        """Whether a text may be left; true where that is not worked out."""
        if self.none:
            return False
        if self.among_exact is not None:
            return any(self._fits(value, exact=True) for value in self.among_exact)
        if self.among is not None:
            return any(self._fits(value, exact=False) for value in self.among)
        left = [[each for each in patterns if not self._refused(each)] for patterns in self.passes]
        if not all(left):
            return False
        return all(any(not a.excludes(b) for a in one for b in other) for one, other in combinations(left, 2))

    def _refused(self, pattern: Pattern) -> bool:
        """Whether no text passes it and fails all that must fail."""
        return pattern.never or pattern in self.fails or any(pattern.implies(other) for other in self.fails)

    def _fits(self, value: str, *, exact: bool) -> bool:
        """Whether one value is possible; for a folded one, tests on the text as stored stay open."""
        plain = folded(value)
        if plain in self.denied or (self.among is not None and plain not in self.among):
            return False
        if exact and value in self.denied_exact:
            return False
        sure = [pattern for pattern in self.fails if exact or not pattern.exact]
        if any(pattern.holds(value) for pattern in sure):
            return False
        return all(
            any(pattern.holds(value) is not False or (pattern.exact and not exact) for pattern in patterns)
            for patterns in self.passes
        )


ANY_TEXT = Texts()
NO_TEXT = Texts(none=True)
