"""Runs a notebook by papermill in a kernel of this very Python, over a socket that nobody else can reach."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill import execute_notebook, inspect_notebook
from papermill.exceptions import PapermillExecutionError
from traitlets import Unicode
from traitlets.config import Config

import workbench
from workbench import errors
from workbench.errors import CallError, InputError, Problem, Refused, WorkbenchError, listed

_PROBLEM = re.compile(r"(?P<where>.*?): expected (?P<expected>.*?), found (?P<found>.*)\. (?P<remedy>.*)")
# The folder of this package goes first, the working directory nowhere: a kernel must import what its caller runs.
# IPython is told its folder by the environment: told by an option, it takes the working directory for the old one and
# drops that from the path, even if this package lies there.
_START = (
    "import os, sys; sys.path.insert(0, {root!r}); os.environ['IPYTHONDIR'] = {home!r}; "
    "from ipykernel.kernelapp import launch_new_instance as go; go()"
)


class OwnKernel(AsyncKernelManager):
    """A kernel started by this Python, whatever kernels are installed, and without the user's IPython profile."""

    home = Unicode("", help="folder for the kernel's own files").tag(config=True)

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command that starts the kernel."""
        root = str(Path(workbench.__file__).resolve().parent.parent)
        return [
            sys.executable,
            "-P",
            "-c",
            _START.format(root=root, home=self.home),
            "-f",
            self.connection_file,
            "--InteractiveShellApp.ignore_cwd=True",
            "--HistoryManager.enabled=False",
            "--IPKernelApp.log_level=50",
            *(extra_arguments or []),
        ]


def run_notebook(notebook: NotebookNode, parameters: Mapping[str, str]) -> NotebookNode:
    """The notebook executed with these parameters; nothing is written.

    Args:
        notebook: with a cell tagged `parameters`; every name there is annotated `str`.
        parameters: by name. Names become code, so only those of the notebook pass.

    Raises:
        CallError: an unknown name, or a value that is not a text.
        InputError: what the notebook's calls found wrong in their input.
        Refused: what they said no to.
        WorkbenchError: the notebook failed, or did not come to its end.
    """
    _check(notebook, parameters)
    try:
        with _private_kernel() as config:
            done: NotebookNode = execute_notebook(
                notebook,
                None,
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=False,
                config=config,
                kernel_manager_class=OwnKernel,
            )
    except PapermillExecutionError as problem:
        raise _told(problem) from None
    except (CellTimeoutError, DeadKernelError, RuntimeError) as problem:
        raise WorkbenchError(f"The report's kernel stopped before the end ({type(problem).__name__}).") from problem
    # A cell that calls sys.exit(0) raises nothing and leaves the rest undone.
    if not all(_completed(cell) for cell in done.cells if cell.cell_type == "code"):
        raise WorkbenchError("The report's notebook did not run to its end: a cell stopped it.")
    return done


def _completed(cell: NotebookNode) -> bool:
    status = cell.metadata.get("papermill", {}).get("status")
    return bool(status == "completed") and not any(each.output_type == "error" for each in cell.get("outputs", []))


def _check(notebook: NotebookNode, parameters: Mapping[str, str]) -> None:
    known = {name: each["inferred_type_name"] for name, each in inspect_notebook(notebook).items()}
    for name, value in parameters.items():
        if name not in known or not name.isidentifier():
            raise CallError.at(
                "parameters",
                expected=f"names of the notebook: {listed(list(known))}",
                found=repr(name),
                remedy="Use one.",
            )
        if not isinstance(value, str) or known[name] != "str":
            raise CallError.at(
                f"parameter {name}", expected=str(known[name]), found=type(value).__name__, remedy="Give a text."
            )


@contextmanager
def _private_kernel() -> Iterator[Config]:
    """Settings of a kernel that only this process can talk to."""
    with tempfile.TemporaryDirectory(prefix="wb-", ignore_cleanup_errors=True) as home:
        config = Config()
        config.OwnKernel.home = home
        if os.name == "posix":
            # A socket's path has room for about a hundred letters; a relative one would land in the working directory.
            config.KernelManager.transport = "ipc"
            config.KernelManager.connection_file = str(Path(home).resolve() / "k.json")
        else:
            config.KernelManager.transport_encryption = "auto"
        yield config


def _told(problem: PapermillExecutionError) -> WorkbenchError:
    """What went wrong inside, as it would have been raised here."""
    kind: Any = getattr(errors, str(problem.ename), None)
    text = str(problem.evalue)
    if isinstance(kind, type) and issubclass(kind, InputError):
        return kind(*(_problem(line) for line in text.splitlines()))
    if kind is Refused:
        return Refused(*text.splitlines())
    if isinstance(kind, type) and issubclass(kind, WorkbenchError):
        return kind(text)
    return WorkbenchError(f"The report's notebook failed in cell {problem.exec_count}: {problem.ename}: {text}")


def _problem(line: str) -> Problem:
    found = _PROBLEM.fullmatch(line)
    if found is None:
        return Problem("report", "input that can be used", line, "See the message.")
    return Problem(**found.groupdict())
