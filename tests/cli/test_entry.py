from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import workbench
from workbench.cli import check, entry
from workbench.errors import NotObserved

ROOT = Path(__file__).parents[2]


def process(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as its own process."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        [sys.executable, "-m", "workbench", *words], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8"
    )


def test_help_names_every_command_and_exit_code(call: Callable) -> None:
    answer = call("--help")
    assert answer.code == 0
    for name in entry.COMMANDS:
        assert f"    {name} " in answer.out
    assert "2 the input or the call is wrong" in answer.out


@pytest.mark.parametrize("name", sorted(entry.COMMANDS))
def test_every_command_has_help_and_a_file(call: Callable, name: str) -> None:
    answer = call(name, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"usage: workbench {name}")
    assert (Path(entry.__file__).parent / f"{name}.py").is_file()


def test_version(call: Callable) -> None:
    assert call("--version").out == f"workbench {workbench.__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    listing = (
        "import sys; from workbench.cli import main; main(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True)
    for heavy in ("pandas", "numpy", "duckdb", "pydantic", "matplotlib", "papermill"):
        assert f"'{heavy}'" not in done.stderr


def test_a_process_of_its_own(tmp_path: Path) -> None:
    done = process("schema", "model", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    wrong = process("check", "nowhere", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("workbench: nowhere: expected a folder")
    assert wrong.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_reader_that_goes_away() -> None:
    script = "import sys; from workbench.cli import main; sys.exit(main(['schema', 'model']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as done:
        assert done.stdout is not None
        done.stdout.close()
        assert done.stderr is not None
        assert done.stderr.read() == b""
        assert done.wait() == entry.NOBODY_READS


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_from_outside_leaves_nothing(tmp_path: Path, number: int, code: int) -> None:
    words = [sys.executable, "-m", "workbench", "sample", str(tmp_path / "sample"), "--leads", "200000"]
    with subprocess.Popen(
        words,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background inherits it ignored
    ) as done:
        deadline = time.monotonic() + 60
        while not (tmp_path / "sample").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        done.send_signal(number)
        out, err = done.communicate()
    assert done.returncode == code
    assert out == b""
    assert b"Traceback" not in err
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def failing(problem: BaseException) -> Callable[[argparse.Namespace], int]:
    def run(args: argparse.Namespace) -> int:
        del args
        raise problem

    return run


@pytest.mark.parametrize(
    ("problem", "code", "said"),
    [
        (NotObserved("rule 'x' was not observed"), 2, "workbench: rule 'x' was not observed\n"),
        (KeyboardInterrupt(), 130, "workbench: stopped; nothing was left half done.\n"),
        (PermissionError(13, "Permission denied", "/x/y"), 2, "workbench: /x/y: expected a place"),
        (ZeroDivisionError("by zero"), 70, "workbench: a fault of the workbench itself: ZeroDivisionError: by zero."),
    ],
)
def test_what_is_raised_becomes_a_line_and_a_code(
    call: Callable, monkeypatch: pytest.MonkeyPatch, problem: BaseException, code: int, said: str
) -> None:
    monkeypatch.setattr(check, "run", failing(problem))
    answer = call("check", "anywhere")
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith(said)
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("words", [["--debug", "check", "x"], ["check", "x", "--debug"]])
def test_debug_shows_the_traceback(call: Callable, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setattr(check, "run", failing(ZeroDivisionError("by zero")))
    answer = call(*words)
    assert answer.code == 70
    assert "Traceback (most recent call last)" in answer.err
    monkeypatch.setenv("WORKBENCH_DEBUG", "1")
    assert "Traceback" in call("check", "x").err


def test_sigterm_is_handled_as_before_afterwards(call: Callable) -> None:
    before = signal.getsignal(signal.SIGTERM)
    call("schema", "plan")
    assert signal.getsignal(signal.SIGTERM) is before
