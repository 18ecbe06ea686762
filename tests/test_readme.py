"""The README cannot lie: its commands run, in order, and print what it says they print."""

from __future__ import annotations

import csv
import os
import random
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"<!-- (?P<kind>[a-z-]+)(?:: (?P<name>[\w.]+))? -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    kind: str
    name: str | None
    text: str


BLOCKS = [Block(found["kind"], found["name"], found["text"]) for found in BLOCK.finditer(README)]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def call(command: str, folder: Path, *, code: int = 0) -> str:
    """Run one line of the README with the package under test; its printed lines."""
    program, *arguments = shlex.split(command)
    assert program == "workbench"
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, f"{command}\n{done.stderr}"
    return done.stdout


def export_of_a_crm(path: Path) -> None:
    """The reader's own export: a row for each lead with its score and what became of it."""
    rng = random.Random(5)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["Name", "Lead Score", "Status"])
        for number in range(600):
            score = rng.randint(0, 100)
            rows.writerow([f"lead-{number:05}", score, "Won" if rng.random() < score / 300 else "Lost"])


def test_every_block_is_of_a_known_kind_and_every_command_is_marked():
    kinds = {"demo-command", "test-command", "run", "run-no", "prints", "file", "python"}
    assert {block.kind for block in BLOCKS} == kinds
    assert README.count("```") == 2 * len(BLOCKS)


@pytest.mark.slow
def test_ten_minutes_from_csv_to_approved_config(tmp_path):
    export_of_a_crm(tmp_path / "leads.csv")
    printed = ""
    for block in BLOCKS:
        if block.kind == "file":
            (tmp_path / str(block.name)).write_text(block.text, encoding="utf-8")
        elif block.kind in {"run", "run-no"}:  # the answer of the latter is no: exit code 1
            code = int(block.kind == "run-no")
            printed = squeezed("\n".join(call(line, tmp_path, code=code) for line in block.text.splitlines()))
        elif block.kind == "prints":
            for line in block.text.splitlines():
                assert squeezed(line) in printed, line
        elif block.kind == "python":
            code = block.text + "\nassert len(result.bands) > 3\nhistory.close()\n"
            done = subprocess.run(
                [sys.executable, "-W", "error", "-c", code],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert "config/first-try-v1.json" in made
    assert any(name.startswith("report/") and name.endswith(".html") for name in made)
    assert "bundle/approval.json" in made


def test_the_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_names_of_the_public_face_exist():
    import workbench as wb

    for name in set(re.findall(r"\bwb\.(\w+)", README)):
        assert hasattr(wb, name), name


def test_the_picture_is_what_the_sample_gives_today():
    """If this fails, draw it again: `Path("reports/bands.png").write_bytes(picture(plot_bands, result).light)`."""
    import workbench as wb
    from workbench.plots import picture, plot_bands

    model = wb.read_model(ROOT / "notebooks/models/challenger.yaml")
    with wb.read_history(ROOT / "data/sample") as history:
        seen = wb.observe(history, [model], wb.read_plan(ROOT / "notebooks/plans/inbound.yaml"))
    today = picture(plot_bands, wb.backtest(model, seen)).light
    assert today is not None
    stored, drawn = (plt_image(content) for content in ((ROOT / "reports/bands.png").read_bytes(), today))
    assert stored.shape == drawn.shape
    assert abs(stored - drawn).mean() < 0.01  # fonts differ by a hair between machines; figures would differ more


def plt_image(content: bytes):
    from io import BytesIO

    from matplotlib import image

    return image.imread(BytesIO(content))
