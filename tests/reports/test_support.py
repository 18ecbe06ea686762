from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.reports import dropped_rules, overlapping, standing_out, supported
from workbench.reports.change import signed
from workbench.supporting import support


@pytest.fixture(scope="module")
def found(champion, seen):
    return support(champion, seen)


def test_each_rule_has_its_range(found):
    table = supported(found)
    assert [row[0] for row in table.rows] == list(found.rules["name"])
    ebook = next(row for row in table.rows if row[0] == "ebook")
    assert ebook[1] == "8"
    assert ebook[2] == found.rules.set_index("name").loc["ebook", "good"]
    assert ebook[5] == "disagrees"
    assert f"{found.n:,} observations" in table.caption


def test_what_is_not_known_is_not_shown_as_if_it_were(found):
    rules = found.rules.assign(n=0, on=False, verdict="not enough evidence", sign="not enough evidence")
    table = supported(replace(found, rules=rules))
    assert {row[2] for row in table.rows} == {row[4] for row in table.rows} == {row[5] for row in table.rows} == {"–"}
    assert all(row[0].endswith("(off)") for row in table.rows)
    assert standing_out(replace(found, rules=rules)).lines == ()


def test_what_stands_out_is_said_in_sentences(found):
    told = standing_out(found)
    assert told.lead == found.headline
    assert any(line.startswith("ebook 8 is not among the best") for line in told.lines)
    assert len(told.lines) < len(found.rules) / 2


def test_the_largest_trades_come_first_and_the_others_are_counted(found):
    table = dropped_rules(found, most=3)
    leads = [int(row[2].split()[0].replace("−", "-").replace(",", "")) for row in table.rows]
    assert sorted(leads, key=abs, reverse=True) == leads
    everything = dropped_rules(found, most=99)
    assert f"{len(everything.rows) - 3} more not shown" in table.note
    assert "more not shown" not in everything.note
    assert len({row[0] for row in everything.rows}) == len(everything.rows)
    assert "A call pays from 6 % on." in table.note
    assert "stays where it is" in table.note


def test_overlap_names_the_partner(found):
    row = found.overlap[found.overlap["partner"] != ""].iloc[0]
    shown = next(each for each in overlapping(found).rows if each[0] == row["rule"])
    assert shown[3] == row["partner"]
    assert shown[1] == signed(row["alone"], 3)
