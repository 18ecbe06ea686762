"""The sample's models: what the lint says of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import workbench as wb
from workbench.history import History
from workbench.linting import lint


@pytest.fixture(scope="module")
def sample() -> Iterator[History]:
    with wb.read_history("data/sample") as loaded:
        yield loaded


def test_the_champion_has_no_finding_alone_or_on_the_data(sample: History) -> None:
    champion = wb.read_model("notebooks/models/champion.yaml")
    assert lint(champion).findings == ()
    found = lint(champion, sample, wb.read_plan("notebooks/plans/inbound.yaml"))
    assert found.findings == (), str(found)
    assert found.silenced == ()
    assert found.part == "train"


def test_the_challenger_has_no_error_or_warning(sample: History) -> None:
    found = lint(
        wb.read_model("notebooks/models/challenger.yaml"), sample, wb.read_plan("notebooks/plans/inbound.yaml")
    )
    assert found.passed, str(found)
    assert {each.code for each in found.findings} == {"L131", "L162"}
