from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.plots import Picture
from workbench.reports import Prose, Table, examples, wrongly


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


def test_a_sentence_where_there_are_none(told):
    bare = replace(told, result=replace(told.result, main_tier=None))
    assert isinstance(wrongly(bare, "false_positive"), Prose)
    assert str(examples(bare, "false_negative")) == "No lead to show."
