"""`workbench lab`: JupyterLab on the notebooks, in a folder of one's own."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_core.paths import jupyter_runtime_dir

from workbench.cli.terminal import note, printed, say
from workbench.errors import CallError
from workbench.shipped import Shipped, checked_out, shipped
from workbench.whole import write_whole

RECORD: Final = ".workbench-lab.json"
MOST_SOCKET: Final = 100
"""Bytes of a socket's path that every POSIX system allows, with some to spare."""

_FOLDERS: Final[tuple[Shipped, ...]] = ("notebooks", "reports", "data/sample")
_SOCKET: Final = "/kernel-00000000-0000-0000-0000-000000000000-ipc-1"


@dataclass(frozen=True)
class Prepared:
    """What preparing the folder did, file by file (paths in the folder).

    Attributes:
        copied: were not there.
        renewed: came with an earlier version and were untouched.
        kept: were changed by the user, and are not as they come with this version.
    """

    copied: tuple[str, ...]
    renewed: tuple[str, ...]
    kept: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "folder", metavar="DIR", nargs="?", type=Path, default=Path("workbench-lab"), help="default: workbench-lab"
    )
    parser.add_argument("--check", action="store_true", help="only prepare the folder; do not start JupyterLab")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--port", type=int, metavar="N", help="port to listen on")
    parser.add_argument("--allow-root", action="store_true", help="run as root, as in a container")


def run(args: argparse.Namespace) -> int:
    """Prepare the folder and start JupyterLab in it."""
    done = prepare(args.folder)
    for name in done.kept:
        note(f"workbench: kept {args.folder / name}: you changed it. Delete it to get the one of this version.")
    told = [f"{len(done.copied)} copied"] if done.copied else []
    told += [f"{len(done.renewed)} renewed"] if done.renewed else []
    told += [f"{len(done.kept)} kept as you changed them"] if done.kept else []
    say(printed(f"{args.folder}: {', '.join(told) or 'nothing to do, all is there'}"))
    if args.check:
        say(printed(f"Next: workbench lab {args.folder}"))
        return 0
    command = jupyter(args.folder, browser=not args.no_browser, port=args.port)
    return _start([*command, "--allow-root"] if args.allow_root else command)


def prepare(folder: Path) -> Prepared:
    """Copy notebooks, report notebooks and the sample into a folder; what the user changed stays as it is.

    Raises:
        CallError: if the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise CallError.at(str(folder), expected="a folder", found="a file", remedy="Name another: workbench lab DIR.")
    record = _record(folder)
    copied: list[str] = []
    renewed: list[str] = []
    kept: list[str] = []
    made = not folder.exists()
    try:
        for name, file in _files():
            content, target = file.read_bytes(), folder / name
            there = _digest(target.read_bytes()) if target.is_file() else None
            if there == _digest(content):
                record[name] = there
                continue
            if there is not None and there != record.get(name):
                kept.append(name)
                continue
            write_whole(target, content)
            record[name] = _digest(content)
            (copied if there is None else renewed).append(name)
        write_whole(folder / RECORD, (json.dumps(record, indent=2) + "\n").encode())
    except BaseException:
        _undo(folder, copied, made=made)
        raise
    return Prepared(tuple(copied), tuple(renewed), tuple(kept))


def _undo(folder: Path, copied: list[str], *, made: bool) -> None:
    """Take back what was copied, and the folders that are empty without it."""
    homes = {home for name in copied for home in (folder / name).parents if home.is_relative_to(folder)}
    for name in copied:
        (folder / name).unlink(missing_ok=True)
    for home in sorted(homes, key=lambda each: -len(each.parts)):
        if home.is_dir() and not any(home.iterdir()) and (made or home != folder):
            home.rmdir()


def _files() -> Iterator[tuple[str, Path]]:
    """Every file that comes along, by its path in the folder."""
    for name in _FOLDERS:
        home = shipped(name)
        for file in sorted(home.rglob("*")):
            inside = file.relative_to(home)
            if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
                yield f"{name}/{inside.as_posix()}", file


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record(folder: Path) -> dict[str, str]:
    """Digests of what was copied before; nothing where that cannot be read, so that every file counts as changed."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def jupyter(folder: Path, *, browser: bool, port: int | None) -> list[str]:
    """The command that starts JupyterLab in the folder, at its first notebook.

    Kernels talk over sockets in the user's own runtime folder where the system has them, else encrypted.
    """
    first = next(iter(sorted((folder / "notebooks").glob("*.ipynb"))), None)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    if os.name == "posix" and len(os.fsencode(jupyter_runtime_dir() + _SOCKET)) <= MOST_SOCKET:
        command.append("--KernelManager.transport=ipc")
    else:
        command.append("--KernelManager.transport_encryption=auto")
    if first is not None:
        command.append(f"--LabApp.default_url=/lab/tree/notebooks/{first.name}")
    if not browser:
        command.append("--no-browser")
    if port is not None:
        command.append(f"--port={port}")
    return command


def _environment() -> Mapping[str, str]:
    """The environment of kernels: they find the workbench also when it runs from a checkout."""
    if not checked_out():
        return os.environ
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _start(command: list[str]) -> int:
    """Run JupyterLab until it ends; an interrupt is for it to answer."""
    process = subprocess.Popen(command, env=_environment())  # noqa: S603  (our own words, no shell)
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
    finally:
        process.terminate()
