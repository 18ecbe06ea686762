from __future__ import annotations

import pytest

from tests.reports.conftest import INBOUND, ROOT, SAMPLE
from workbench.comparing import blast_radius, compare
from workbench.history import read_history
from workbench.model import change_model, read_model
from workbench.observation import observe
from workbench.plan import read_plan
from workbench.reports import affected, apart, changing, compared, swapped


@pytest.fixture(scope="module")
def challenger():
    return read_model(ROOT / "notebooks" / "models" / "challenger.yaml")


@pytest.fixture(scope="module")
def both(champion, challenger):
    with read_history(SAMPLE) as history:
        return observe(history, [champion, challenger], read_plan(INBOUND))


@pytest.fixture(scope="module")
def found(champion, challenger, both):
    return compare(champion, challenger, both, draws=400)


def test_the_figures_stand_beside_each_other_with_their_verdict(found):
    table = compared(found)
    row = found.figures.set_index("figure").loc["auc"]
    assert table.rows[0][:3] == ("AUC", f"{row['champion']:.3f}", f"{row['challenger']:.3f}")
    assert table.rows[0][4] == row["verdict"] == "better"
    assert table.rows[0][5] == "–"
    assert found.capacity in table.note
    assert len(table.rows) == len(found.figures)


def test_without_enough_evidence_it_is_told_how_many_leads_it_would_take(champion, both):
    table = compared(compare(champion, change_model(champion, {"rules.blog_visits.points": 4}), both, draws=400))
    assert {row[4] for row in table.rows} == {"not enough evidence"}
    assert table.rows[0][5] not in ("", "–")


def test_several_challengers_are_told_apart(champion, challenger, both):
    found = compare(champion, [challenger, change_model(champion, {"rules.ebook.points": 0})], both, draws=400)
    for table in (compared(found), swapped(found), apart(found)):
        assert "Challenger" in table.columns
        assert {row[1] for row in table.rows} == set(found.challengers)
    assert "for all challengers at once" in compared(found).note
    assert [row[5] for row in compared(found).rows] == list(found.figures["adjusted_verdict"])


def test_swaps_and_segments_are_whole(found):
    table = swapped(found)
    assert [row[0] for row in table.rows[:3]] == ["only the challenger", "only the champion", "both"]
    assert table.rows[0][2] == f"{found.swaps['n'].iloc[0]:,.0f}"
    segments = found.segments[["segment", "value"]].drop_duplicates()
    assert [row[0] for row in apart(found).rows] == [f"{each.segment}: {each.value}" for each in segments.itertuples()]


def test_the_blast_radius_adds_up(champion, challenger, history):
    blast = blast_radius(champion, challenger, history, read_plan(INBOUND))
    table = changing(blast)
    assert table.caption == blast.headline
    assert sum(int(cell.replace(",", "")) for row in table.rows for cell in row[1:]) == blast.n
    groups = affected(blast)
    assert [row[1] for row in groups.rows] == [f"{n:,}" for n in blast.groups["n"]]


def test_small_groups_keep_their_secret(champion, challenger, history):
    blast = blast_radius(champion, challenger, history, read_plan(INBOUND), owner="country")
    small = [row for row in affected(blast).rows if int(row[1].replace(",", "")) < 10]
    assert all(row[2:] == ("fewer than 10", "–", "–", "–") for row in small)
