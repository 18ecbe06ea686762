"""The ledger of openings of the sealed test: every look is written down and chained to the one before."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.document import digest
from workbench.errors import CallError, DataError
from workbench.whole import write_whole

LEDGER = "test-openings.jsonl"
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True)
class Opening:
    """One look at the sealed test part.

    Attributes:
        number: from 1.
        at: when, UTC, ISO 8601.
        because: why, in the words of whoever opened it.
        data: fingerprint of the data.
        plan: digest of the plan.
        previous: digest of the opening before, zeros for the first.
    """

    number: int
    at: str
    because: str
    data: str
    plan: str
    previous: str

    @property
    def head(self) -> str:
        """SHA-256 of this opening; it vouches for all before it."""
        return digest(asdict(self))


def read_openings(path: Path) -> tuple[Opening, ...]:
    """The openings in a ledger, oldest first; none if the file does not exist.

    Lines cut off at the end leave a shorter chain that holds: whoever keeps a head, as evidence and approvals do, can
    tell.

    Raises:
        DataError: if a line was changed, removed or added out of order, or the file cannot be read.
    """
    if not path.exists():
        return ()
    found: list[Opening] = []
    for number, line in enumerate(_lines(path), 1):
        try:
            opening = Opening(**json.loads(line))
        except (TypeError, ValueError):
            raise _broken(path, number, "a line that is not one") from None
        if opening.number != number or opening.previous != (found[-1].head if found else NOTHING_BEFORE):
            raise _broken(path, number, "one that does not follow the line before")
        found.append(opening)
    return tuple(found)


def _lines(path: Path) -> list[str]:
    """The lines of a ledger; only a line feed ends one, for a reason may hold any other mark that ends lines."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise _broken(path, 1, "something else than UTF-8 text") from None
    except OSError as problem:
        raise _broken(path, 1, str(problem.strerror)) from None
    return text.removesuffix("\n").split("\n") if text else []


def write_opening(path: Path, because: str, data: str, plan: str) -> Opening:
    """Add an opening to a ledger and return it.

    Raises:
        CallError: if no reason is given, or the ledger cannot be written.
        DataError: if the ledger is broken.
    """
    if not because.strip():
        raise CallError.at(
            "because",
            expected="the reason for opening the sealed test",
            found="nothing",
            remedy="Say in a sentence what decision hangs on it.",
        )
    past = read_openings(path)
    opening = Opening(
        number=len(past) + 1,
        at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        because=because.strip(),
        data=data,
        plan=plan,
        previous=past[-1].head if past else NOTHING_BEFORE,
    )
    lines = "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in (*past, opening))
    try:
        write_whole(path, lines.encode())
    except OSError as problem:
        raise CallError.at(
            "ledger",
            expected=f"a place to write {path.name} to",
            found=f"'{path.parent.name}': {problem.strerror}",
            remedy="Name a file elsewhere: open_test(because=…, ledger=Path(…)).",
        ) from None
    return opening


def _broken(path: Path, line: int, found: str) -> DataError:
    return DataError.at(
        f"{path.name}:{line}",
        expected="an unbroken chain of openings",
        found=found,
        remedy="Restore the ledger from a copy: it is the record of how often the sealed test was looked at.",
    )
