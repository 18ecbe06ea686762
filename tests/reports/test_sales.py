from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.reports import accepted, disagreed, rejected, unworked, worked
from workbench.selling import sales_view


@pytest.fixture(scope="module")
def found(champion, history, seen):
    return sales_view(champion, history, seen)


def test_acceptance_by_tier(found):
    table = accepted(found)
    assert [row[0] for row in table.rows] == list(found.agreement["tier"])
    assert table.rows[2][1] == f"{found.agreement['n'].iloc[2]:,}"


def test_what_became_of_what_sales_said(found):
    names = [row[0] for row in disagreed(found).rows]
    assert names[0] == "accepted"
    assert "rejected: wrong person" in names
    assert len(names) == len(found.outcomes)


def test_only_rules_beyond_chance_are_named(found):
    assert len(rejected(found).rows) == min(8, int(found.reasons["found"].sum()))
    none = replace(found, reasons=found.reasons.assign(found=False))
    assert rejected(none)._repr_html_().endswith(": none.</p>")


def test_worked_and_unworked_leads_of_all_and_of_each_tier(found):
    rows = worked(found).rows
    assert rows[0][:2] == ("all", "worked before the lead was scored")
    assert not any("as_of" in cell for row in rows for cell in row)
    assert {row[0] for row in rows} == {"all", *found.conversion.query("by == 'tier' and n > 0")["value"]}


def test_bounds_of_bands_that_hold_unworked_leads(found):
    rows = unworked(found).rows
    assert [row[0] for row in rows] == list(found.bounds.query("unworked > 0")["band"])
    unknown = found.bounds.query("unworked > 0 and verdict == 'not identifiable'")["band"]
    assert {row[0] for row in rows if row[5] == "not identifiable"} == set(unknown)


def test_without_anything_said_or_done_there_is_nothing_to_show(found):
    empty = replace(
        found, **{name: getattr(found, name).head(0) for name in ("agreement", "outcomes", "conversion", "bounds")}
    )
    for table in (accepted(empty), disagreed(empty), worked(empty), unworked(empty)):
        assert table._repr_html_().endswith(": none.</p>")
        assert table.note == ""
