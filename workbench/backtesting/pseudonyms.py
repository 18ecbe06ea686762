"""Names that stand for leads or accounts where their own are not to be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import CallError

Integers = NDArray[np.int64]
LEAD, ACCOUNT = "anon", "anon-account"
"""How the names begin; made so that nobody takes `anon-00042` for an identifier of the CRM."""
_KEY_LENGTH = 16
_MOST_DIGITS = 12


@dataclass(frozen=True)
class Pseudonyms:
    """One name such as `anon-00042` for each identifier.

    The numbers follow a shuffle that depends on the identifiers and the data only: they do not tell the order of the
    file, and they are the same from run to run. A pseudonym keeps identifiers off a page; it makes nobody anonymous.
    Whoever has the data can work out who is who, and somebody who knows some of the leads, or their dates, may narrow
    down others from what stands beside the name.

    Attributes:
        ids: (k,) the identifiers, in the order of their numbers; those of observations that were left out by `of_rows`
            keep their number.
        numbers: (n,) number of each observation's identifier, from 0; -1 where it has none.
        prefix: how the names begin; empty where identifiers are shown as they are.
    """

    ids: NDArray[np.object_]
    numbers: Integers
    prefix: str

    @classmethod
    def of(cls, values: NDArray[np.object_], *, prefix: str, key: str) -> Pseudonyms:
        """Name identifiers.

        Args:
            values: (n,) identifiers; None where there is none.
            prefix: how the names begin; empty to show identifiers as they are.
            key: what the shuffle depends on besides, such as the fingerprint of the data.
        """
        codes, ids = pd.factorize(values)
        ids = np.asarray(ids, dtype=object)
        salt = key[:_KEY_LENGTH].ljust(_KEY_LENGTH, "0")
        order = np.argsort(pd.util.hash_array(ids, hash_key=salt, categorize=False), kind="stable")
        place = np.empty(len(ids) + 1, dtype=np.int64)
        place[order] = np.arange(len(ids))
        place[-1] = -1
        return cls(ids[order], place[codes], prefix)

    def of_rows(self, rows: slice) -> Pseudonyms:
        """The same names for some of the observations; a name of the others stands for nobody in it."""
        return replace(self, numbers=self.numbers[rows])

    def names(self, at: Integers) -> list[str | None]:
        """The names of some observations."""
        return [self.name(int(number)) for number in self.numbers[at]]

    def name(self, number: int) -> str | None:
        """The name of one number."""
        if number < 0:
            return None
        return f"{self.prefix}-{number + 1:05d}" if self.prefix else str(self.ids[number])

    def number(self, name: str) -> int | None:
        """The number that a name stands for; None if no observation has it."""
        return number if (number := self._meant(name)) is not None and bool((self.numbers == number).any()) else None

    def _meant(self, name: str) -> int | None:
        if not self.prefix:
            found = np.flatnonzero(self.ids == name)
            return int(found[0]) if len(found) else None
        number = re.fullmatch(rf"{re.escape(self.prefix)}-([0-9]{{1,{_MOST_DIGITS}}})", name)
        return None if number is None else int(number[1]) - 1


def unknown(name: str) -> CallError:
    """The error for a name that stands for nobody here."""
    return CallError.at(
        "pseudonym",
        expected="a name that this exploration shows, such as anon-00042",
        found=repr(name),
        remedy="Take it from the column lead_id of the errors' leads.",
    )
