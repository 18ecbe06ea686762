from __future__ import annotations

import json

import pytest

from workbench.cli.sales import chance


def test_sales_are_told(place, call):
    answer = call("sales", *place.judged)
    assert answer.code == 0
    for title in (
        "What sales accepted",
        "Worked and unworked leads",
        "What unworked leads would have done",
        "Left out",
    ):
        assert title in answer.out
    assert "A cut-off made the data" in answer.err
    lines = answer.out.splitlines()
    assert max(len(line) for line in lines) <= 100
    assert "as_of" not in answer.out
    assert "worked before the lead was scored" in answer.out


def test_every_dash_has_its_reason_and_every_figure_its_unit(place, call):
    answer = call("sales", *place.judged)
    for section in answer.out.split("\n\n")[1:]:
        title, *lines = section.splitlines()
        cells = [line.split() for line in lines if not line.startswith("  –")]
        if any("–" in row for row in cells):
            assert "  – as " in section, title
    for head in ("accepted (%)", "interval (%)", "won (%)", "rate (%)", "alike (%)"):
        assert head in answer.out


def test_a_chance_below_a_thousandth_is_said_to_be_below():
    assert [chance(q) for q in (0.0, 0.00099, 0.001, 0.0444)] == ["< 0.001", "< 0.001", "0.001", "0.044"]


def test_the_document_is_all_there_is_on_stdout(place, call):
    answer = call("sales", *place.judged, "--json")
    assert answer.code == 0
    found = json.loads(answer.out)
    assert {"agreement", "reasons", "outcomes", "conversion", "bounds", "jumps"} <= set(found)


def test_without_sales_there_is_nothing_to_say(place, call):
    answer = call("sales", place.card, "--data", place.flat, "--outcome", "Converted=1")
    assert answer.code == 2
    assert "expected what sales said or did" in answer.err
    assert answer.out == ""


def test_a_verdict_that_nobody_gave(place, call):
    answer = call("sales", *place.judged, "--accepted", "yes")
    assert answer.code == 2
    assert "a verdict of the history: 'accepted', 'rejected'" in answer.err


@pytest.mark.parametrize("word", ["--model", "--tiers"])
def test_wrong_words(place, call, word):
    assert call("sales", *place.judged, word).code == 2
