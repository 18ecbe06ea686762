"""Fields that change their meaning at a known place in time, and fields that do not."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.checking.meaning import changes

from .flat import leads, load, material

N = 3_000
HALF = np.arange(N) >= N // 2


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(6)
    frame = leads(N)
    frame["phone"] = np.where(rng.random(N) < np.where(HALF, 0.9, 0.4), "there", None)
    frame["region"] = np.where(HALF & (rng.random(N) < 0.3), "south", rng.choice(["north", "west"], N))
    frame["score"] = rng.normal(size=N) + HALF
    sign = np.where(HALF, -1, 1)
    frame["seats"] = np.round(50 + 10 * (rng.normal(size=N) + 0.9 * sign * (frame["won"] - 0.2)))
    with load(frame, known=["size", "city", "channel"], more={"order": "file"}) as history:
        return list(changes(material(history), ()))


def of(found, code):
    return [each for each in found if each.code == code]


def codes(found, about):
    return {each.code for each in found if each.about == about}


def test_a_fill_rate_that_jumps(found):
    assert codes(found, "phone") == {"fill-jump"}
    evidence = of(found, "fill-jump")[0].evidence
    assert (evidence["before"], evidence["after"]) == (pytest.approx(0.4, abs=0.04), pytest.approx(0.9, abs=0.03))
    assert evidence["from"] == "row 1,501"


def test_a_value_that_is_new(found):
    assert codes(found, "region") == {"new-value"}
    assert "'south' first from row 1,501" in of(found, "new-value")[0].finding


def test_a_distribution_that_shifts(found):
    (shift,) = of(found, "field-shift")
    assert shift.about == "score"
    assert shift.evidence["from"] == "row 1,501"
    assert shift.evidence["stability_index"] > 0.25
    assert "index" not in shift.finding
    assert " % of leads before and " in shift.finding
    assert sum(each["before"] for each in shift.evidence["values"]) == pytest.approx(1)


def test_a_relation_that_turns_round(found):
    assert codes(found, "seats") == {"relation-flips"}
    evidence = of(found, "relation-flips")[0].evidence
    assert max(each["high"] for each in evidence.values()) < 0.5


def test_what_does_not_change_is_not_found(found):
    assert not codes(found, "size") | codes(found, "city") | codes(found, "channel")


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_chance_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    frame = leads(1_000, seed=seed)
    for number in range(30):
        frame[f"f{number}"] = rng.choice(list("abcde"), 1_000)
    known = [name for name in frame if name not in {"id", "won"}]
    with load(frame, known=known, more={"order": "file"}) as history:
        assert not list(changes(material(history), ()))
