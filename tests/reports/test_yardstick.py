from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from workbench.measuring import Yardstick
from workbench.reports import earned, measured

NAN = float("nan")


@pytest.fixture
def found():
    row = {"contender": "all that is known", "figure": "auc", "points": 0.65, "value": 0.711, "change": 0.06}
    row |= {"low": -0.026, "high": 0.14, "p": 0.3, "verdict": "not enough evidence"}
    money = [
        {
            "ranking": "points",
            "leads": 123.2,
            "money": 104_648.0,
            "share": 0.448,
            "change": NAN,
            "low": NAN,
            "high": NAN,
        },
        {"ranking": "expected value", "leads": 123.2, "money": 130_040.0, "share": 0.557, "change": 25_392.0}
        | {"low": -13_382.0, "high": 72_216.0},
    ]
    return Yardstick(
        model_name="champion",
        model_version=3,
        model={},
        data={},
        part="validation",
        fitted_on="train",
        n=588,
        converted=55,
        values=98,
        figures=pd.DataFrame([row]),
        money=pd.DataFrame(money).assign(p=[NAN, 0.6], verdict=["", "not enough evidence"]),
        capacity="15 a week",
        strongest=pd.DataFrame(),
        left_out=pd.DataFrame(),
        trap=None,
        warnings=(),
    )


def test_the_points_beside_the_contender(found):
    table = measured(found)
    assert table.rows[0][:4] == ("all that is known", "Ranking (AUC)", "0.650", "0.711")
    assert table.rows[0][4].split() == ["+0.060", "[−0.026", "to", "+0.140]"]
    assert table.rows[0][5] == "not enough evidence"
    assert "Learned from train, judged on validation." in table.note
    assert "allow for all 2 changes" in table.note


def test_money_is_told_where_it_is_recorded(found):
    table = earned(found)
    assert table.rows[0] == ("points", "123", "105k", "44.8 %", "–", "–")
    assert table.rows[1][5] == "not enough evidence"
    assert "15 a week" in table.caption
    assert earned(replace(found, money=None))._repr_html_() == '<p class="wb-note">Recorded amounts: none.</p>'
