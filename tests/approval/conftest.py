from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.approval import Bundle, Evidence, approve, evidence_of
from workbench.approval.evidence import evidence_files
from workbench.backtesting import Backtest, backtest
from workbench.history import History, read_history
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.plan import Plan, read_plan

from .forging import Approve

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample data: openings of the test are written down beside it."""
    return Path(shutil.copytree(ROOT / "data" / "sample", tmp_path_factory.mktemp("data") / "sample"))


@pytest.fixture(scope="session")
def history(sample: Path) -> Iterator[History]:
    with read_history(sample) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def model() -> Model:
    return read_model(ROOT / "notebooks" / "models" / "champion.yaml")


@pytest.fixture(scope="session")
def plan() -> Plan:
    return read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml")


@pytest.fixture(scope="session")
def seen(history: History, model: Model, plan: Plan) -> Observations:
    return observe(history, [model], plan)


@pytest.fixture(scope="session")
def result(model: Model, seen: Observations) -> Backtest:
    return backtest(model, seen)


@pytest.fixture(scope="session")
def evidence(result: Backtest, model: Model, plan: Plan) -> Evidence:
    return evidence_of(result, model, plan)


@pytest.fixture
def shown(evidence: Evidence, tmp_path: Path) -> Path:
    """The evidence as a folder."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name, content in evidence_files(evidence).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def first_bundle(
    model: Model, evidence: Evidence, history: History, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Bundle]:
    folder = tmp_path_factory.mktemp("approved") / "bundle"
    made = approve(
        model, evidence, history, author="Marketing Ops", approver="RevOps", why="It ranks well.", out=folder
    )
    return folder, made


@pytest.fixture
def approved(first_bundle: tuple[Path, Bundle], tmp_path: Path) -> Path:
    """A bundle's folder that a test may spoil."""
    return Path(shutil.copytree(first_bundle[0], tmp_path / "bundle"))


@pytest.fixture
def ask(model: Model, evidence: Evidence, history: History, tmp_path: Path) -> Approve:
    """Ask for approval, with something changed."""
    asked: dict[str, Any] = {"model": model, "evidence": evidence, "history": history, "out": tmp_path / "bundle"}
    asked |= {"author": "Marketing Ops", "approver": "RevOps", "why": "It ranks well."}

    def call(**changes: Any) -> Bundle:
        given = {**asked, **changes}
        return approve(given.pop("model"), given.pop("evidence"), given.pop("history"), **given)

    return call
