"""Where the notebooks, the report notebooks and the sample data are: beside the package, or in it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from workbench.errors import CallError

Shipped = Literal["notebooks", "reports", "data/sample"]
_PACKAGE = Path(__file__).parent


def shipped(name: Shipped) -> Path:
    """The folder of that name: in a checkout at the top of the repository, in an installed wheel in its `share`.

    Raises:
        CallError: if neither has it.
    """
    for home in (_PACKAGE / "share", _PACKAGE.parent):
        if (home / name).is_dir() and (home != _PACKAGE.parent or checked_out()):
            return home / name
    raise CallError.at(
        "installation",
        expected=f"the folder '{name}' that comes with the workbench",
        found="none",
        remedy="Install the package again: pip install --force-reinstall lead-scoring-workbench.",
    )


def checked_out() -> bool:
    """Whether the package runs from a checkout of its repository, not from an installation."""
    return (_PACKAGE.parent / "pyproject.toml").is_file()
