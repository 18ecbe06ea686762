"""From the words of a call to a command, and from what it raises to an exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, Protocol, cast

import workbench
from workbench.cli.arguments import Parser, meant
from workbench.cli.terminal import note
from workbench.errors import CallError, InputError, Refused, WorkbenchError

DONE: Final = 0
NO: Final = 1
WRONG: Final = 2
BROKEN: Final = 70
STOPPED: Final = 130
NOBODY_READS: Final = 141
TERMINATED: Final = 143

COMMANDS: Final = {
    "demo": "the whole way on the sample data: report and approved config at the end",
    "lab": "JupyterLab on the notebooks",
    "check": "what the data holds, what had to be left out, and what leaks the answer",
    "reference": "the model language, one page",
    "draft": "a first model from a sheet of criteria and points, or from a HubSpot score",
    "ideal": "a first fit dimension from the best past customers",
    "lint": "what in a model cannot work, counts twice, or goes against the evidence",
    "diff": "what changed between two models, in words",
    "backtest": "what a model would have scored then, against what happened after",
    "compare": "champion and challengers on the same leads: who moves, and is the difference real",
    "thresholds": "cut-offs from capacity, money, or a target, and where the choice hardly matters",
    "support": "what the data says of every rule: which points are as good, and what it is worth",
    "tune": "better points for the rules that are there, under your constraints",
    "rules": "conditions that are not in the model and would add to it",
    "yardstick": "how much the points leave on the table, beside a predictive model",
    "replay": "day by day through the past: when leads reach each tier, and how long the queue is",
    "sales": "what sales said of leads, and what became of those it left alone",
    "score": "every lead's score at a moment, as a file",
    "explain": "the ledger of one lead: why it scores what it scores",
    "report": "a report for stakeholders, as HTML",
    "approve": "sign a model with its evidence into a bundle",
    "export": "an approved bundle as a config for wherever leads are scored",
    "schema": "the JSON Schema of a model, plan or history file",
    "sample": "write sample data of any size",
}
_EPILOG = """exit codes: 0 done; 1 the answer is no; 2 the input or the call is wrong; 70 a fault of the workbench
start with: workbench demo"""


class Command(Protocol):
    """What each command's module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it; returns the exit code."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        argv: the words after `workbench`; by default those of this process.

    Returns:
        0 done; 1 the answer is no; 2 the input or the call is wrong; 70 a fault of the workbench; and as shells
        have it 130 when interrupted, 141 when nobody reads the output, 143 when terminated.
    """
    # Our matrices are small: on a busy machine the threads of the linear algebra wait for each other, many times over.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in words or bool(os.environ.get("WORKBENCH_DEBUG"))
    try:
        with _tidy_end():
            code = _run(words)
            sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except KeyboardInterrupt:
        note("workbench: stopped; nothing was left half done.")
        return STOPPED
    except BrokenPipeError:
        _let_go_of_stdout()
        return NOBODY_READS
    except Exception as problem:  # noqa: BLE001  (the last stop before the terminal)
        if debug:
            traceback.print_exc()
        return _told(problem)
    return code


def _run(words: list[str]) -> int:
    name = next((word for word in words if not word.startswith("-")), None)
    parser = Parser(
        prog="workbench",
        description="Backtest, tune, approve and export the points model that ranks your leads.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG,
    )
    parser.add_argument("-V", "--version", action="version", version=f"workbench {workbench.__version__}")
    parser.add_argument("--debug", action="store_true", help="show the traceback of a fault")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)
    parsers = {each: commands.add_parser(each, help=about, description=about) for each, about in COMMANDS.items()}
    command: Command | None = None
    if name in parsers:
        command = cast("Command", importlib.import_module(f"workbench.cli.{name}"))
        parsers[name].add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
        command.add_arguments(parsers[name])
    elif name is not None:
        raise CallError.at(
            "command", expected="one that the workbench has", found=repr(name), remedy=meant(name, COMMANDS)
        )
    args, unknown = parser.parse_known_args(words)
    if unknown:
        parsers.get(name or "", parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    if command is None:
        raise CallError.at(
            "command",
            expected=f"one of {', '.join(COMMANDS)}",
            found="none",
            remedy="Start with `workbench demo`, or see `workbench --help`.",
        )
    return command.run(args)


def _told(problem: Exception) -> int:
    """Say what went wrong, a line for each problem, and return the exit code."""
    if isinstance(problem, WorkbenchError):
        for line in _lines(problem):
            note(f"workbench: {line}")
        return NO if isinstance(problem, Refused) else WRONG
    if isinstance(problem, OSError) and problem.filename is not None:
        what = problem.strerror or type(problem).__name__
        note(f"workbench: {problem.filename}: expected a place that can be read or written, found '{what}'. Check it.")
        return WRONG
    note(
        f"workbench: a fault of the workbench itself: {type(problem).__name__}: {problem}. "
        "Run it again with --debug (or WORKBENCH_DEBUG=1) to see where, and report that."
    )
    return BROKEN


def _lines(problem: WorkbenchError) -> list[str]:
    if isinstance(problem, InputError):
        return [str(each) for each in problem.problems]
    return list(problem.reasons) if isinstance(problem, Refused) else [str(problem)]


@contextmanager
def _tidy_end() -> Iterator[None]:
    """Let a request to terminate unwind like an exception, so that half-written files go."""

    def unwind(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise SystemExit(TERMINATED)

    try:
        before = signal.signal(signal.SIGTERM, unwind)
    except ValueError:  # not in the main thread: whoever runs us there sees to it
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _let_go_of_stdout() -> None:
    """Keep Python from complaining about the closed pipe once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
