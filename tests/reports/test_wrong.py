from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.backtesting import Exploration, backtest
from workbench.explaining import Explanation, explain
from workbench.plots import Picture
from workbench.reports import Prose, Table, examples, explained, mistakes, top_cut, wrong_leads, wrongly


@pytest.mark.parametrize("kind", ["false_positive", "false_negative"])
def test_examples_carry_made_up_names(told, kind):
    table = examples(told, kind)
    assert isinstance(table, Table)
    assert len(table.rows) == 5
    real = set(told.result.errors(kind).leads["lead_id"])
    assert not any(name in str(table) for name in real)
    assert table.rows[0][0] == told.pseudonym(str(told.result.errors(kind).leads["lead_id"].iloc[0]))


def test_a_picture_where_there_are_enough(told):
    assert isinstance(wrongly(told, "false_positive", theme="light"), Picture)


def test_wrong_leads_have_their_ledger_in_full(result):
    wrong = mistakes(result, "false_positive")
    table = wrong_leads(wrong)
    assert [row[-1] for row in table.rows] == wrong.leads["ledger"].head(10).tolist()
    assert table.note == "172 more not shown."
    assert wrong_leads(wrong, most=200).note == ""


def test_without_tiers_the_top_of_the_list_is_judged(champion, seen):
    bare = backtest(champion.model_copy(update={"tiers": ()}), seen)
    assert mistakes(bare, "false_positive").tier == f"score ≥ {top_cut(bare):g}"


def test_few_examples_are_not_counted(told, monkeypatch):
    few = replace(told.errors("false_positive"), n=3)
    monkeypatch.setattr(type(told), "errors", lambda *_: few)
    caption = examples(told, "false_positive").caption
    assert caption == "Some of the fewer than 10 leads that reached MQL and did not convert"


def test_a_sentence_where_there_are_none(told):
    bare = replace(told, result=replace(told.result, main_tier=None))
    assert isinstance(wrongly(bare, "false_positive"), Prose)
    assert str(examples(bare, "false_negative")) == "No lead to show."


def test_what_explains_a_lead_has_its_made_up_name(champion, seen, history):
    exploration = Exploration(champion, seen)
    found = explained(exploration, history, exploration.errors("false_positive", most=3))
    assert isinstance(found, Explanation)
    assert found.lead_id.startswith("anon-")
    real = exploration.reveal(found.lead_id)
    assert real in set(seen.subjects.lead_id)
    assert real not in found._repr_html_() + str(found)
    assert set(found.evidence["lead_id"]) == {found.lead_id}
    plain = explain(champion, history, lead_id=real, as_of=found.as_of)
    assert (found.score, found.tier) == (plain.score, plain.tier)
    assert found.lines.equals(plain.lines)


def test_nobody_is_explained_where_nobody_is_wrong(champion, seen, history):
    exploration = Exploration(champion, seen)
    nobody = exploration.errors("false_negative", band=exploration.bands[-1])
    assert isinstance(explained(exploration, history, nobody), Prose)
