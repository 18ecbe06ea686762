"""How texts compare: folding, words and patterns."""

from __future__ import annotations

import re
import string

TRIMMED = " \t\r\n"
BETWEEN_WORDS = frozenset(TRIMMED + string.punctuation)
_FOLDED = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(text: str) -> str:
    """The text with small ASCII letters; others stay as they are."""
    return text.translate(_FOLDED)


def plain(text: str) -> str:
    """The text folded, without outer blanks."""
    return folded(text.strip(TRIMMED))


def words(text: str) -> list[str]:
    """Maximal runs of signs other than ASCII blanks and punctuation.

    >>> words("VP, R&D (ad-hoc)")
    ['VP', 'R', 'D', 'ad', 'hoc']
    """
    spaced = "".join(" " if sign in BETWEEN_WORDS else sign for sign in text)
    return [word for word in spaced.split(" ") if word]


def text_holds(operator: str, text: str, sought: tuple[str, ...], *, exact: bool) -> bool:
    """The operators on parts of texts. The text is trimmed and folded, what is sought only folded."""
    whole = text if exact else plain(text)
    for one in sought if exact else [folded(one) for one in sought]:
        if operator == "has_word" and _has_words(words(whole), words(one)):
            return True
        if operator == "contains_any" and one in whole:
            return True
        if operator == "starts_with" and whole.startswith(one):
            return True
        if operator == "ends_with" and whole.endswith(one):
            return True
        if operator == "glob" and _is_glob(whole, one):
            return True
    return False


def found_by(pattern: str, text: str) -> bool:
    """Whether a pattern is found anywhere in the text as it stands; its classes (`\\w`, `\\d`, `\\s`) are ASCII."""
    return re.search(pattern, text, re.ASCII) is not None


def _has_words(have: list[str], run: list[str]) -> bool:
    """Whether the words of a run stand one after the other."""
    starts = range(len(have) - len(run) + 1)
    return bool(run) and any(have[start : start + len(run)] == run for start in starts)


def _is_glob(text: str, pattern: str) -> bool:
    """Whether the pattern matches the whole text: each sign of it moves the set of places reached so far."""
    reached = {0}
    for sign in pattern:
        if sign == "*":
            reached = set(range(min(reached), len(text) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(text) and sign in {"?", text[at]}}
    return len(text) in reached
