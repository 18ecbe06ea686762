"""What somebody could do to the files: change them, and set the digests right again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.approval import Bundle, Evidence
from workbench.approval.bundle import BOUND, sealed, sha256
from workbench.errors import Refused

Approve = Callable[..., Bundle]


def rewrite(path: Path, change: Callable[[Any], object]) -> None:
    """Change a JSON file in place."""
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def reseal(folder: Path, **terms: Any) -> None:
    """Make approval.json fit the other files again, with some terms changed."""
    approval = json.loads((folder / "approval.json").read_text(encoding="utf-8"))
    del approval["digest"]
    approval["files"] = {name: sha256((folder / name).read_bytes()) for name in BOUND}
    (folder / "approval.json").write_bytes(sealed({**approval, **terms}))


def crash_on(number: int) -> Callable[[Path, bytes], int]:
    """A stand-in for Path.write_bytes that fails at the given call."""
    calls = 0

    def write(path: Path, content: bytes) -> int:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(28, "No space left on device")
        with path.open("wb") as file:
            return file.write(content)

    return write


def refused(ask: Approve, **changes: Any) -> tuple[str, ...]:
    """The reasons of a refusal."""
    with pytest.raises(Refused, match=r"\S") as caught:
        ask(**changes)
    return caught.value.reasons


def forged(evidence: Evidence, change: Callable[[dict[str, Any]], object]) -> Evidence:
    """Evidence whose document somebody has changed."""
    document: dict[str, Any] = copy.deepcopy(dict(evidence.document))
    change(document)
    return Evidence(document, evidence.model, evidence.plan)
