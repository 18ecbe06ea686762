"""Broken models, mappings, plans and data: each gives one clear message, exit code 2, and leaves nothing behind."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from broken.files import FILES
from broken.mappings import MAPPINGS
from broken.models import MODELS
from broken.models_conditions import CONDITIONS
from broken.models_events import EVENTS
from broken.models_rules import RULES
from broken.models_variants import VARIANTS
from broken.models_whole import WHOLE
from broken.plans import PLANS
from broken.rows import ROWS
from broken.scene import CHECK, FLAT, FLAT_CHECK, GOOD, SCORE, Broken, Content

import workbench
from workbench.cli import main

KINDS = {
    "model": MODELS,
    "condition": CONDITIONS,
    "event": EVENTS,
    "rule": RULES,
    "whole": WHOLE,
    "variant": VARIANTS,
    "mapping": MAPPINGS,
    "plan": PLANS,
    "rows": ROWS,
    "file": FILES,
}
CASES = [pytest.param(case, id=f"{kind}: {name}") for kind, cases in KINDS.items() for name, case in cases.items()]
BACKTEST = Broken({}, "")
FORM = re.compile(r"workbench: [^\n]{1,150}?: expected [^\n]+, found [^\n]+(?:\. |\? )[A-Z][^\n]+[.?]\n")
AS_A_PROCESS = (
    MODELS["a key twice"],
    MODELS["a thousand levels"],
    MAPPINGS["an unknown zone"],
    PLANS["a split that the data is too short for"],
    ROWS["events of unknown leads"],
    FILES["binary garbage as CSV"],
    FILES["garbage as Parquet"],
    FILES["garbage as a database"],
)


def put(folder: Path, files: Mapping[str, Content]) -> None:
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
        elif name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def listing(folder: Path) -> dict[str, str]:
    """Every file and folder, files with the digest of their content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in folder.rglob("*")
    }


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the good files; what is spilled goes beside it."""
    folder, spill = tmp_path / "work", tmp_path / "spill"
    folder.mkdir()
    spill.mkdir()
    put(folder, GOOD)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(spill))
    return folder


def judge(said: str, case: Broken, work: Path) -> None:
    """One problem in its four parts, in the expected words, without the machine's own places."""
    assert said == f"workbench: {case.says}\n"
    assert FORM.fullmatch(said)
    assert str(work) not in said
    assert str(work.parent) not in said
    assert not re.search(r"Traceback|duckdb\.|pydantic|ruamel|\bError:|Exception", said)


@pytest.mark.parametrize("call", [BACKTEST.call, CHECK, SCORE, FLAT, FLAT_CHECK])
def test_the_good_files_have_nothing_wrong(work, capsys, call):
    assert main(call.split()) == 0
    assert "workbench:" not in capsys.readouterr().err


@pytest.mark.parametrize("case", CASES)
def test_one_clear_message_and_nothing_left_behind(work, capsys, case):
    put(work, case.files)
    before = listing(work)
    assert main(case.call.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    judge(printed.err, case, work)
    assert listing(work) == before
    assert list((work.parent / "spill").iterdir()) == []


@pytest.mark.parametrize(
    "case", [MODELS["an unknown field"], PLANS["an unknown stage"], ROWS["a row with too few cells"]]
)
def test_evidence_that_was_there_before_stays_as_it_was(work, capsys, case):
    assert main(BACKTEST.call.split()) == 0
    put(work, case.files)
    before = listing(work)
    assert "evidence/evidence.json" in before
    assert main(BACKTEST.call.split()) == 2
    assert listing(work) == before


@pytest.mark.parametrize("words", ["", " --json"])
@pytest.mark.parametrize("case", AS_A_PROCESS)
def test_the_same_as_a_process_of_its_own(work, case, words):
    put(work, case.files)
    before = listing(work)
    spill = work.parent / "spill"
    words = "" if case.call.startswith("score") else words
    found = subprocess.run(
        [sys.executable, "-W", "error", "-m", "workbench", *(case.call + words).split()],
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(Path(workbench.__file__).parents[1]), "TMPDIR": str(spill)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 2
    assert found.stdout == ""
    judge(found.stderr, case, work)
    assert listing(work) == before
    assert list(spill.iterdir()) == []


def test_there_are_many_of_each_kind_and_no_two_are_the_same():
    assert all(
        len(KINDS[kind]) >= 24
        for kind in ("model", "condition", "event", "rule", "whole", "variant", "mapping", "plan")
    )
    assert len(ROWS) + len(FILES) >= 36
    tried = [
        (case.call, tuple(sorted(case.files.items(), key=lambda item: item[0])))
        for cases in KINDS.values()
        for case in cases.values()
    ]
    assert len(set(tried)) == len(tried)
