from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.reports import hostile
from workbench.backtesting import Backtest, backtest
from workbench.history import History, read_history
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.plan import read_plan
from workbench.reports import Judgement, report
from workbench.reports.judgement import shareable

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
CHAMPION = ROOT / "notebooks" / "models" / "champion.yaml"
INBOUND = ROOT / "notebooks" / "plans" / "inbound.yaml"


@dataclass(frozen=True)
class Made:
    folder: Path
    pages: tuple[Path, ...]
    told: tuple[str, ...]


@pytest.fixture(scope="session")
def champion() -> Model:
    return read_model(CHAMPION)


@pytest.fixture(scope="session")
def seen(champion: Model) -> Observations:
    with read_history(SAMPLE) as history:
        return observe(history, [champion], read_plan(INBOUND))


@pytest.fixture(scope="session")
def history() -> Iterator[History]:
    with read_history(SAMPLE) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def result(champion: Model, seen: Observations) -> Backtest:
    return backtest(champion, seen)


@pytest.fixture(scope="session")
def told(champion: Model, seen: Observations) -> Judgement:
    return shareable(champion, seen)


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("hostile {data}")
    files = hostile.write(folder)
    lines: list[str] = []
    out = folder / "out"
    pages = report(**files, outcome="Converted=1", out=out, progress=lines.append)
    return Made(out, pages, tuple(lines))


@pytest.fixture(scope="session")
def sample_report(tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp("sample")
    return Made(out, report(CHAMPION, SAMPLE, INBOUND, out=out), ())
