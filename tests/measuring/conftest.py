"""A small past with an effect that the points miss, open."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.predicting.conftest import MODEL, flat, mapping


@pytest.fixture(scope="package")
def small() -> wb.Model:
    return wb.parse_model(MODEL)


@pytest.fixture(scope="package")
def history():
    with wb.read_history({"leads": flat(1600)}, mapping=mapping()) as found:
        yield found


@pytest.fixture(scope="package")
def seen(history, small):
    plan = "{at: recorded, split: {by: lead, test: 20%, validation: 30%}}"
    return wb.observe(history, [small], wb.parse_plan(plan))
