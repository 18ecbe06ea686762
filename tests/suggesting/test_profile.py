from __future__ import annotations

import json

import pytest
from crm import SCORECARD, SPLIT, crm, load

import workbench as wb
from workbench.backtesting import Candidates
from workbench.errors import CallError
from workbench.observation import Weights
from workbench.suggesting import profile
from workbench.tuning.edit import edited

HALF = "rules.pricing.decay.half_life"


@pytest.fixture(scope="module")
def past():
    champion = wb.parse_model(SCORECARD)
    with load(crm(leads=500)) as history:
        return champion, wb.observe(history, [champion], wb.parse_plan(SPLIT), tunable=True)


def test_each_value_is_that_of_its_model(past):
    champion, seen = past
    found = profile(champion, seen, HALF, values=[3, 14])
    assert found.frame["value"].tolist() == [3, 7, 14]
    for row in found.frame.itertuples():
        own = edited(champion, {HALF: row.value})
        counts = Candidates(own, seen, part="train").counts(Weights.of(own))
        assert row.objective == pytest.approx(counts.auc, abs=1e-12)
    now = found.frame.set_index("value").loc[7]
    assert (now["gain"], now["verdict"]) == (0.0, "same")
    assert found.best in found.as_good
    assert found.frame["short"].max() == 0.0
    assert HALF in found.headline
    json.dumps(found.to_document(), allow_nan=False)


def test_windows_follow(past):
    champion, seen = past
    found = profile(champion, seen, "opens", values=[5])
    assert found.path == "rules.opens.each.within"
    assert found.frame["value"].tolist() == [5, 20]


@pytest.mark.parametrize(
    ("path", "values", "message"),
    [("pricing", None, "one of several"), ("rules.title.points", None, "none there"), (HALF, [0], "at least 1")],
)
def test_other_paths_are_refused(past, path, values, message):
    with pytest.raises(CallError, match=message):
        profile(*past, path, values=values)
