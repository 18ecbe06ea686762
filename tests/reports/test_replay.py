from __future__ import annotations

import pytest

from tests.reports.conftest import INBOUND
from workbench.plan import read_plan
from workbench.replaying import replay
from workbench.reports import falls, replayed, warned


@pytest.fixture(scope="module")
def found(champion, history):
    return replay(champion, history, read_plan(INBOUND), every="week", until="2025-09-01")


def test_each_tier_has_its_line(found):
    table = replayed(found)
    assert [row[0] for row in table.rows] == list(found.bounces["tier"])
    assert table.rows[1][1] == f"{found.bounces['reached'].iloc[1]:,}"
    assert table.rows[0][5] == "–"
    assert [row[2] for row in table.rows] == [f"{rate:,.1f}" for rate in found.bounces["a_week"]]
    assert f"over the {found.load_weeks:.1f} weeks" in table.note
    assert "scored every week" in table.note
    assert "to 2025-09-01" in table.note


def test_warning_by_stage_and_tier(found):
    table = warned(found)
    assert [row[0] for row in table.rows] == [f"{row.stage}, {row.tier}" for row in found.warning.itertuples()]
    first = found.warning.iloc[0]
    assert table.rows[0][4].startswith(f"{first['median_days']:g}")


def test_the_few_largest_causes_of_each_tier(found):
    rows = falls(found).rows
    assert rows
    assert max(sum(row[0] == tier for row in rows) for tier in {row[0] for row in rows}) <= 3
    assert rows[0][2] == f"{found.causes['falls'].iloc[0]} of {found.causes['of'].iloc[0]}"
