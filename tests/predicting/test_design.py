from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.errors import CallError
from workbench.observation.values import Asked, Values
from workbench.predicting import design, usable

DATED = wb.parse_plan("{at: 14d, outcome: won, horizon: 90d}")


def asked(name: str, kind: str, known: str = "creation", measure: str = "") -> Asked:
    operand = {"event": name} if measure else {"field": name}
    return Asked(name, operand, kind, known, measure)


@pytest.fixture
def values() -> Values:
    n = 100
    frame = pd.DataFrame(
        {
            "colour": pd.Series([["red", " Red ", "blue", None, f"odd {i}"][i % 5] for i in range(n)], dtype=object),
            "size": np.where(np.arange(n) % 10 == 0, np.nan, np.arange(n, dtype=float)),
            "fair": pd.array([True, False, pd.NA, True] * 25, dtype="boolean"),
            "visit": np.arange(n, dtype=np.int32) % 4,
            "visit ever": np.arange(n, dtype=np.int32) % 4,
            "last": np.where(np.arange(n) % 4 == 0, np.nan, np.arange(n, dtype=float)),
            "today": np.arange(n, dtype=float),
            "same": np.ones(n),
        }
    )
    return Values(
        (
            asked("colour", "text"),
            asked("size", "number"),
            asked("fair", "boolean"),
            asked("visit", "number", "event", "count"),
            asked("visit ever", "number", "event", "count"),
            asked("last", "number", "event", "last_age"),
            asked("today", "number", "undated"),
            asked("same", "number"),
        ),
        frame,
    )


def test_columns_by_kind(values: Values) -> None:
    found = design(values, slice(0, 80), DATED)
    matrix = dict(zip(found.names, found.matrix.T, strict=True))
    assert found.matrix.shape == (100, len(found.names))
    assert np.isfinite(found.matrix).all()
    np.testing.assert_array_equal(matrix["colour=red"], np.arange(100) % 5 < 2)
    np.testing.assert_array_equal(matrix["size missing"], np.arange(100) % 10 == 0)
    np.testing.assert_allclose(matrix["visit"], np.log1p(np.arange(100) % 4))
    assert matrix["size"][0] == np.nanmedian(values.frame["size"][:80])
    assert "visit ever" not in found.used
    assert found.left_out["same"].startswith("the same for all")


def test_undated_values_need_consent_and_some_are_not_wanted(values: Values) -> None:
    assert "today" in usable(values, DATED)[1]
    allowed = wb.parse_plan("{at: 14d, outcome: won, horizon: 90d, allow_undated: [today]}")
    assert "today" not in usable(values, allowed)[1]
    assert "today" not in usable(values, wb.parse_plan("{at: recorded}"))[1]
    assert usable(values, allowed, exclude=["today", "size"])[1] == dict.fromkeys(
        ["size", "today"], "excluded by the caller"
    )


def test_what_comes_after_the_rows_learned_from_does_not_matter(values: Values) -> None:
    before = design(values, slice(0, 80), DATED)
    frame = values.frame.copy()
    frame.loc[80:, "size"] = 1e9
    frame.loc[80:, "colour"] = "new"
    after = design(Values(values.asked, frame), slice(0, 80), DATED)
    assert before.names == after.names
    np.testing.assert_array_equal(before.matrix[:80], after.matrix[:80])


def test_many_texts_are_read_by_words() -> None:
    titles = pd.Series([f"{['VP', 'Head'][i % 2]} of unit {i}" for i in range(200)], dtype=object)
    found = design(Values((asked("title", "text"),), titles.to_frame("title")), slice(0, 200), DATED)
    assert "title has vp" in found.names


def test_how_far_sales_had_come_is_no_trait() -> None:
    stage = Asked("stage", {"field": "stage"}, "text", "dated", "")
    frame = pd.DataFrame({"stage": pd.Series(["mql", "sql"] * 5, dtype=object)})
    assert "stage" in design(Values((stage,), frame), slice(0, 10), DATED).left_out


def test_a_misspelt_field_to_leave_out_is_no_field_left_in(values: Values) -> None:
    with pytest.raises(CallError, match="Did you mean 'colour'"):
        design(values, slice(0, 80), DATED, exclude=["color"])
