"""Names of columns, which must differ in more than upper and lower case: the engine does not tell such names apart."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.errors import DataError

RENAME = "Rename one of the two, or add one to `drop`."


def told_apart(titles: Iterable[str], label: str, remedy: str = RENAME) -> None:
    """Check that names of columns differ in more than case.

    Args:
        titles: the names; one that occurs twice, letter for letter, counts once.
        label: the files they come from, for the message.
        remedy: what to do about two that do not differ.

    Raises:
        DataError: when two do not.
    """
    folded: dict[str, str] = {}
    for title in titles:
        other = folded.setdefault(title.casefold(), title)
        if other != title:
            raise DataError.at(
                label,
                expected="column names that differ in more than upper and lower case",
                found=f"'{other}' and '{title}'",
                remedy=remedy,
            )
