"""The terminal: results go to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import unicodedata
from typing import Any, Final, TextIO

NARROWEST: Final = 60
WIDEST: Final = 120
_PLAINER: Final = str.maketrans({"–": "-", "−": "-", "≥": ">=", "≤": "<=", "×": "x", "…": "..."})
_CODES: Final = {"bold": "1", "dim": "2"}


def printed(text: str) -> str:
    """The text with control characters spelled out, so that a name from a file cannot steer the terminal.

    >>> printed("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    return "".join(
        character
        if character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
        else _spelled(character)
        for character in text
    )


def one_line(text: str) -> str:
    """The text on one line, control characters spelled out."""
    return printed(" ".join(text.split()))


def _spelled(character: str) -> str:
    return "  " if character == "\t" else ascii(character)[1:-1]


def say(text: str = "") -> None:
    """A line of the result, to standard output. The text may hold styles; names in it are cleaned by `Table`."""
    print(_shown(text, sys.stdout))


def note(text: str) -> None:
    """A message beside the result, to standard error."""
    print(_shown(one_line(text), sys.stderr), file=sys.stderr)


def say_json(document: Any) -> None:
    """The one JSON document of a `--json` call."""
    plain = not unicode_fits(sys.stdout)
    print(json.dumps(document, ensure_ascii=plain, indent=2, allow_nan=False))


def _shown(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    if not unicode_fits(stream):
        text = text.translate(_PLAINER)
    return text.encode(encoding, "replace").decode(encoding)


def unicode_fits(stream: TextIO) -> bool:
    """Whether bars and dashes can be written to the stream."""
    return (stream.encoding or "utf-8").lower().replace("-", "").startswith("utf")


def width() -> int:
    """Columns to write in: those of the terminal, within reason."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((100, 24)).columns))


def styled(text: str, style: str) -> str:
    """The text in bold or dim, where the terminal can and `NO_COLOR` is not set."""
    if not text or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


class Progress:
    """Tells each step on standard error with the time since the start; silent where nobody watches.

    Args:
        always: also when standard error is not a terminal.
    """

    def __init__(self, *, always: bool = False) -> None:
        self._start = time.perf_counter()
        self._shown = always or sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.perf_counter() - self._start

    def __call__(self, step: str) -> None:
        """Tell one step."""
        if self._shown:
            note_at(self.seconds, step)


def note_at(seconds: float, step: str) -> None:
    """A step with its time, to standard error."""
    print(_shown(f"{seconds:6.1f} s  {one_line(step)}", sys.stderr), file=sys.stderr, flush=True)
