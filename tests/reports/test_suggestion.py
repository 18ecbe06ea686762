from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from workbench.reports import optimism, path, turned
from workbench.suggesting import Constraints, Suggestion


def step(changes: int, gain: float, *, recommended: bool = False, verdict: str = "not enough evidence"):
    return {
        "changes": changes,
        "edits": "ebook 8 to 0" if changes else "the champion",
        "train_gain": gain,
        "cross_gain": gain / 2,
        "cross_low": gain / 4,
        "cross_high": gain,
        "validation_gain": gain / 3,
        "validation_low": -gain,
        "validation_high": gain,
        "verdict": verdict,
        "recommended": recommended,
    }


@pytest.fixture
def found(champion):
    turns = {"rule": ["ebook", "title"], "case": ["", "VP"], "from": [8.0, 15.0], "to": [0.0, 12.5]}
    turns |= {"lost_without": [0.0177, 0.002], "why": ["holds for 468", ""]}
    return Suggestion(
        champion=champion,
        model=champion,
        recommended=2,
        verdict="not enough evidence",
        objective="auc",
        path=pd.DataFrame([step(0, 0.0), step(1, 0.012), step(2, 0.024, recommended=True)]),
        changes=pd.DataFrame(turns),
        optimism={"train_gain": 0.024, "cross_gain": 0.012, "validation_gain": 0.008},
        edits={0: {}, 1: {}, 2: {}},
        constraints=Constraints(),
        seed=7,
        tried=10,
        seconds=1.0,
        warnings=("Little is known.",),
        data={},
        plan={},
        parts=("train", "validation"),
    )


def test_the_path_shows_train_beside_those_who_were_not_asked(found):
    table = path(found)
    assert [row[0] for row in table.rows] == ["1", "2 (chosen on train)"]
    assert "chosen step, named before, stands alone" in table.note
    shown = replace(found, verdict="better")
    assert [row[0] for row in path(shown).rows] == ["1", "2 (recommended)"]
    assert (turned(shown).caption, turned(found).caption) == ("What is recommended", "What is chosen on train")
    assert table.columns[2:5] == (">Gain on train", ">On held-out folds of it", ">On validation")
    assert table.rows[0][2] == "+0.012"
    assert table.rows[0][3].split() == ["+0.006", "[+0.003", "to", "+0.012]"]
    assert table.rows[0][5] == "not enough evidence"


def test_without_a_split_no_validation_is_shown(found):
    alone = replace(found, parts=("all", ""))
    assert ">On validation" not in path(alone).columns
    assert all(len(row) == len(path(alone).columns) for row in path(alone).rows)
    assert "validation" not in optimism(alone).lines[0]


def test_large_gains_have_no_decimals(found):
    frame = found.path.assign(train_gain=1234.5)
    assert path(replace(found, objective="value", path=frame)).rows[0][2] == "+1,234"


def test_what_is_recommended_has_its_reason(found):
    assert turned(found).rows == (
        ("ebook", "8", "0", "−0.018", "holds for 468"),
        ("title: VP", "15", "12.5", "−0.002", "–"),
    )


def test_the_optimism_is_stated(found):
    told = optimism(found)
    assert told.lead == found.headline
    assert told.lines == (
        "Train promises +0.024, held-out folds of it give +0.012, validation +0.008.",
        "Little is known.",
    )
    assert optimism(replace(found, recommended=0)).lines == ("Little is known.",)
