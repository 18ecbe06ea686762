"""The bytes of a data file before any reader sees them: what makes them unfit, and on which line."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from workbench.errors import DataError

CHUNK = 1 << 20
PARQUET_MARK = b"PAR1"


def opened(path: Path) -> IO[str]:
    """A text file, unpacked where its name ends in `.gz`, line ends as they are."""
    if path.suffix.lower() == ".gz":
        return cast("IO[str]", gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open("r", encoding="utf-8-sig", newline="")


def _binary(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def empty(label: str) -> DataError:
    """The error for a file that holds nothing."""
    return DataError.at(label, expected="rows", found="an empty file", remedy="Export it again.")


def refuse_unfit_bytes(path: Path, label: str) -> None:
    """Look once through a text file, in chunks.

    Raises:
        DataError: where it is not UTF-8, holds a NUL byte, cannot be opened or cannot be unpacked.
    """
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    try:
        with _binary(path) as file:
            while chunk := file.read(CHUNK):
                _refuse_nul(chunk, line, label)
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as problem:
                    spot = max(0, problem.start - (len(problem.object) - len(chunk)))
                    raise not_utf8(problem, line + chunk.count(b"\n", 0, spot), label) from None
                line += chunk.count(b"\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise not_utf8(problem, line, label) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DataError.at(
            label, expected="a file packed by gzip", found="one that is not, or is cut off", remedy="Export it again."
        ) from None
    except OSError:
        raise DataError.at(
            label, expected="a readable file", found="one that cannot be opened", remedy="Check its permissions."
        ) from None


def _refuse_nul(chunk: bytes, line: int, label: str) -> None:
    if b"\0" not in chunk or chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    raise DataError.at(
        f"{label}, line {line + chunk.count(10, 0, chunk.index(0)):,}",
        expected="text",
        found="a NUL byte",
        remedy="Is this a text file? Save it as plain UTF-8 text.",
    )


def not_utf8(problem: UnicodeDecodeError, line: int, label: str) -> DataError:
    """The error for a line that is not UTF-8."""
    return DataError.at(
        f"{label}, line {line:,}",
        expected="UTF-8 text",
        found=f"the byte 0x{problem.object[problem.start]:02X}, which is not",
        remedy="Save the file as UTF-8.",
    )


def refuse_other_than_parquet(path: Path, label: str) -> None:
    """Look at both ends of a Parquet file.

    Raises:
        DataError: where they are not those of one.
    """
    with path.open("rb") as file:
        top = file.read(len(PARQUET_MARK))
        file.seek(max(0, path.stat().st_size - len(PARQUET_MARK)))
        end = file.read()
    if not top:
        raise empty(label)
    if top != PARQUET_MARK or end != PARQUET_MARK:
        found = "one that is cut off" if top == PARQUET_MARK else "something else"
        raise DataError.at(
            label,
            expected="a Parquet file",
            found=found,
            remedy="Export it again, or check that its ending says its format.",
        )


def first_bad_object(path: Path, label: str) -> DataError | None:
    """The error for the first line of a JSON-lines file that is not one JSON object; None if all are."""
    try:
        for number, line in _numbered(path):
            problem = _fault(line)
            if problem:
                return DataError.at(
                    f"{label}, line {number:,}",
                    expected="one JSON object a line",
                    found=problem,
                    remedy='Write each row as {"column": value} on a line of its own, in UTF-8.',
                )
    except (OSError, EOFError, zlib.error):
        return None
    return None


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    with _binary(path) as file:
        yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())


def _fault(line: bytes) -> str:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as problem:
        return f"the byte 0x{line[problem.start]:02X}, which is not UTF-8"
    except json.JSONDecodeError as problem:
        return f"what is not JSON from character {problem.colno} on"
    except (RecursionError, ValueError):
        return "values nested too deeply, or numbers too long"
    return "" if isinstance(found, dict) else "something else"
