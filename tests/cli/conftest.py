from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.sample import make_sample

PLAN = """format: lead-scoring-plan/1
at: 14d
outcome: won
horizon: 120d
split: {by: account, test: 20%, validation: 40%}
"""
MODEL = """format: lead-scoring-model/1
name: small
dimensions:
  fit: {min: 0, max: 40}
  engagement: {}
rules:
  - {id: senior, in: fit, why: They sign., when: {field: job_title, has_word: [chief, vp, director]}, points: 15}
  - {id: referred, in: fit, when: {field: lead_source, equals: referral}, points: 10}
  - {id: pricing, in: engagement, each: {event: page_view, where: {field: page, equals: /pricing}, within: 60d},
     points: 5, limit: {events: 4}}
  - {id: activated, in: engagement, when: {event: activation, count: {at_least: 1}}, points: 12}
tiers:
  - {name: Nurture, from: 0, then: wait}
  - {name: MQL, from: 15, then: call}
"""
FLAT = "lead_id,colour,Converted\n" + "".join(
    f"F{number:03d},{'red' if number % 3 else 'blue'},{int(number % 5 == 0)}\n" for number in range(200)
)
CARD = """format: lead-scoring-model/1
name: card
dimensions: {all: {}}
rules: [{id: blue, in: all, when: {field: colour, equals: blue}, points: 3}]
"""


@dataclass(frozen=True)
class Answer:
    """What a call printed and returned."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Place:
    """Files to call the command line on."""

    data: Path
    plan: Path
    model: Path
    flat: Path
    card: Path

    @property
    def judged(self) -> list[str]:
        """The model with its data and plan, as words of a call."""
        return [str(self.model), "--data", str(self.data), "--plan", str(self.plan)]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A small dated history and a flat table, with models and a plan; not to be changed."""
    home = tmp_path_factory.mktemp("cli")
    make_sample(home / "data", leads=800, seed=3)
    for name, text in (("plan.yaml", PLAN), ("model.yaml", MODEL), ("flat.csv", FLAT), ("card.yaml", CARD)):
        (home / "files").mkdir(exist_ok=True)
        (home / "files" / name).write_text(text)
    (home / "flat").mkdir()
    flat = (home / "files" / "flat.csv").rename(home / "flat" / "flat.csv")
    return Place(
        home / "data", home / "files" / "plan.yaml", home / "files" / "model.yaml", flat, home / "files" / "card.yaml"
    )


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Run a command line in this process: `call("check", folder)`."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("WORKBENCH_DEBUG", raising=False)

    def run(*words: str | Path) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return run
