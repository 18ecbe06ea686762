"""Makes an executed notebook fit to be passed on: no paths of this machine, no noise."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode

PATHS = ("model", "data", "plan", "mapping")
INJECTED = "injected-parameters"


def fit_to_share(notebook: NotebookNode, given: Mapping[str, str]) -> NotebookNode:
    """A copy in which parameters that are paths are names only.

    papermill keeps parameters in the metadata and in the cell it adds; warnings on the standard streams name files of
    this machine.

    Args:
        notebook: as papermill executed it.
        given: its parameters; `PATHS` among them are paths.
    """
    done = copy.deepcopy(notebook)
    plain = {key: Path(value).name if key in PATHS else value for key, value in given.items()}
    for key in ("input_path", "output_path", "environment_variables", "version"):
        done.metadata.get("papermill", {}).pop(key, None)
    if "papermill" in done.metadata:
        done.metadata.papermill.parameters = plain
    for cell in done.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [each for each in cell.outputs if each.output_type != "stream"]
        if INJECTED in cell.metadata.get("tags", []):
            cell.source = "# Parameters\n" + "\n".join(f"{key} = {value!r}" for key, value in plain.items())
    return done
