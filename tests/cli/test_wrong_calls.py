from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

DATED = ["{model}", "--data", "{data}", "--plan", "{plan}"]
CALLS = {
    "no command": ([], "command: expected one of demo, lab"),
    "unknown command": (["backtset"], "Did you mean 'backtest'?"),
    "no data": (["backtest", "{model}"], "workbench backtest: expected --data, found nothing"),
    "unknown option": (["check", "{data}", "--outcom", "x=1"], "Did you mean '--outcome'?"),
    "data is not there": (["check", "{new}"], "expected a folder, a data file or a .duckdb file, found nothing"),
    "data of an unknown kind": (["check", "{model}.docx"], "Check the path"),
    "model is not there": (
        ["backtest", "{new}", "--data", "{data}", "--plan", "{plan}"],
        "expected a file, found nothing",
    ),
    "plan is not there": (
        ["backtest", "{model}", "--data", "{data}", "--plan", "{new}"],
        "expected a file, found nothing",
    ),
    "mapping is not there": (["check", "{data}", "--mapping", "{new}"], "expected a file, found nothing"),
    "dates but no plan": (
        ["backtest", "{model}", "--data", "{data}"],
        "--plan: expected a plan, since these leads have",
    ),
    "flat but no outcome": (["backtest", "{card}", "--data", "{flat}"], '--outcome "Converted=1"'),
    "outcome without a value": (["check", "{flat}", "--outcome", "Converted"], "expected COLUMN=VALUE"),
    "outcome of no column": (["check", "{flat}", "--outcome", "Konverted=1"], "Converted"),
    "id of no column": (["check", "{flat}", "--id", "lead"], "Its columns, the nearest first: 'lead_id', 'colour'"),
    "score of no column": (
        ["backtest", "--recorded", "--data", "{flat}", "--score", "Colors", "--outcome", "Converted=1"],
        "--score Colors: expected a column of flat.csv, found none of that name. Its columns, the nearest first: 'co",
    ),
    "recorded without a score": (
        ["backtest", "--recorded", "--data", "{flat}", "--outcome", "Converted=1"],
        "Name it with --score COLUMN.",
    ),
    "all parts of a split": (["backtest", *DATED, "--part", "all"], "expected one of train, validation, found 'all'"),
    "report into the data": (["report", *DATED, "--out", "{data}"], "with nothing but reports in it, found 'accounts"),
    "report over something else": (["report", *DATED, "--out", "{full}"], "found 'mine.txt'. Name another folder"),
    "report into a file": (["report", *DATED, "--out", "{model}"], "found a file"),
    "model and recorded": (["backtest", *DATED, "--recorded"], "expected either a MODEL or --recorded, found both"),
    "neither model nor recorded": (["backtest", "--data", "{data}"], "found neither"),
    "evidence of recorded scores": (
        ["backtest", "--recorded", "--data", "{data}", "--plan", "{plan}", "--out", "{new}"],
        "--out: expected a model whose evidence is written",
    ),
    "test opened without a reason": (["backtest", *DATED, "--open-test", "--because", " "], "expected the reason"),
    "sealed part": (["backtest", *DATED, "--part", "test"], "Add --open-test and --because TEXT"),
    "unknown part": (["backtest", *DATED, "--part", "trial"], "expected one of train, validation"),
    "another part beside the opening": (
        ["backtest", *DATED, "--open-test", "--because", "x", "--part", "train"],
        "--part: expected test",
    ),
    "a reason without an opening": (["backtest", *DATED, "--because", "x"], "--because: expected --open-test"),
    "evidence over something else": (["backtest", *DATED, "--out", "{full}"], "found 'mine.txt'"),
    "scores of an unknown format": (["score", *DATED[:3], "--out", "{new}.xlsx"], ".parquet, .jsonl, found '.xlsx'"),
    "scores into a folder": (["score", *DATED[:3], "--out", "{full}"], "found no ending"),
    "moment without a zone": (
        ["score", *DATED[:3], "--as-of", "2026-06-30T09:00", "--out", "{new}.csv"],
        "expected a date, or a moment with its zone",
    ),
    "moment before all leads": (
        ["score", *DATED[:3], "--as-of", "1999-01-01T00:00:00Z", "--out", "{new}.csv"],
        "Choose a later moment",
    ),
    "unknown lead": (["explain", *DATED[:3], "--lead", "lead-xyz"], "lead_id: expected a lead of the history"),
    "sample too small": (["sample", "{new}", "--leads", "3"], "leads: expected at least 500, found 3"),
    "sample size in words": (
        ["sample", "{new}", "--leads", "many"],
        "workbench sample --leads: expected a usable value",
    ),
    "sample over something else": (["sample", "{full}"], "Name another folder; nothing there was touched"),
    "unknown schema": (["schema", "modell"], "kind: expected a usable value, found invalid choice: 'modell'"),
    "bundle is not there": (["export", "{new}", "--to", "json", "--out", "{new}"], "expected a folder, found nothing"),
    "unknown target": (["export", "{new}", "--to", "cobol", "--out", "{new}"], "invalid choice: 'cobol'"),
    "lab on a file": (["lab", "{model}", "--check"], "expected a folder, found a file"),
    "demo over something else": (["demo", "{full}"], "Name another folder; nothing there was touched"),
    "report without a plan": (["report", "{model}", "--data", "{data}", "--out", "{new}"], "--plan: expected a plan"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_call_gives_one_clear_line_and_leaves_nothing(call: Callable, place, tmp_path: Path, name: str) -> None:
    words, said = CALLS[name]
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    names = {**vars(place), "new": tmp_path / "new", "full": tmp_path / "full"}
    before = {file: file.read_bytes() for folder in (tmp_path, place.data, place.flat.parent) for file in files(folder)}
    answer = call(*(word.format(**names) for word in words))
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("workbench: ")
    assert answer.err.count("\n") == 1, answer.err
    assert said in answer.err
    assert ": expected " in answer.err
    assert ", found " in answer.err
    after = {file: file.read_bytes() for folder in (tmp_path, place.data, place.flat.parent) for file in files(folder)}
    assert after == before


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_several_problems_are_several_lines(call: Callable, place, tmp_path: Path) -> None:
    broken = tmp_path / "model.yaml"
    broken.write_text("format: lead-scoring-model/1\nname: x\nrulez: []\ndimensions: {a: {mim: 0}}\n")
    answer = call("backtest", broken, "--data", place.data, "--plan", place.plan)
    assert answer.code == 2
    lines = answer.err.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("workbench: model.yaml:") for line in lines)


def test_names_from_files_cannot_steer_the_terminal(call: Callable, tmp_path: Path) -> None:
    flat = tmp_path / "flat.csv"
    flat.write_text('"a\x1b[2J\x1b]0;x\x07",Converted\n1,1\n2,0\n')
    answer = call("check", flat)
    assert answer.code == 0
    assert "\x1b" not in answer.out
    assert "\x07" not in answer.out
    assert "a\\x1b[2J" in answer.out
