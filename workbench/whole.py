"""Files are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old content or the new, never a part.

    Folders on the way are made. The content goes to a temporary file beside it, then takes the name in one step.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def folder_whole(path: Path) -> Iterator[Path]:
    """Yields an empty folder that becomes `path` when the block ends well, and vanishes when it does not.

    What stood at `path` before is replaced only then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield staged
        staged.chmod(0o755)
        if path.exists():
            outgoing = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent)) / path.name
            path.replace(outgoing)
            staged.replace(path)
            shutil.rmtree(outgoing.parent)
        else:
            staged.replace(path)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
