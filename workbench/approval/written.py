"""Which folders were written in this sitting: only these may be replaced, and only as they were left."""

from __future__ import annotations

import hashlib
from pathlib import Path

from workbench.errors import CallError


class Written:
    """Folders as they were left; anything else that stands somewhere is somebody's own work.

    >>> import tempfile
    >>> written, folder = Written(), Path(tempfile.mkdtemp()) / "evidence"
    >>> written.may_write(folder)
    >>> folder.mkdir()
    >>> _ = (folder / "evidence.json").write_text("{}")
    >>> written.note(folder)
    >>> written.may_write(folder)
    >>> _ = (folder / "evidence.json").write_text("{'more': 1}")
    >>> written.may_write(folder)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    workbench.errors.CallError: ...evidence: expected a new folder, or one as it was written here, found ...
    """

    def __init__(self) -> None:
        self._left: dict[Path, dict[str, str]] = {}

    def may_write(self, folder: Path) -> None:
        """Check that writing here replaces nothing but what was written in this sitting, unchanged since.

        Raises:
            CallError: if something else stands there.
        """
        if folder.is_dir() and not any(folder.iterdir()):
            return
        if (folder.exists() or folder.is_symlink()) and _digests(folder) != self._left.get(folder.resolve()):
            known = folder.resolve() in self._left
            raise CallError.at(
                str(folder),
                expected="a new folder, or one as it was written here",
                found="one that was changed since" if known else "what stood there before",
                remedy="Nothing was touched. Name another place with out=…, or move that folder away.",
            )

    def note(self, folder: Path) -> None:
        """Remember a folder as it was left just now."""
        self._left[folder.resolve()] = _digests(folder)


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file by its path in the folder; of a file alone, its own."""
    files = [folder] if folder.is_file() else sorted(each for each in folder.rglob("*") if not each.is_dir())
    return {
        each.relative_to(folder).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest() if each.is_file() else "link"
        for each in files
    }
