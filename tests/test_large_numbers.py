"""Numbers that leave 64 bits on the way: the engine and the oracle agree, and nothing wraps around."""

from __future__ import annotations

import pandas as pd
import pytest

import workbench as wb
from workbench.observation.arithmetic import LARGEST
from workbench.oracle import Lead, judge

HEAD = "format: lead-scoring-model/1\nname: large\n"
RULE = "{id: %s, in: %s, when: {field: x, at_least: 0}, points: %s, weight: %s}"


def engine(text: str) -> int:
    """The score of one lead, in thousandths, as the engine says."""
    with wb.read_history(pd.DataFrame({"lead_id": ["a"], "x": [1.0], "won": [1]}), outcome="won=1") as history:
        model = wb.parse_model(text)
        return int(wb.observe(history, model).scorer(model).scores().milli[0])


def rules(*each: tuple[str, str, float, float]) -> str:
    return "rules: [" + ", ".join(RULE % rule for rule in each) + "]\n"


WEIGHED = "dimensions: {a: {weight: 1000}}\nscore: {combine: weighted, weights: {a: 900}%s}\n" + rules(
    ("r", "a", 1_000_000, 1000)
)
PRODUCT = "dimensions: {a: {}, b: {}, c: {}}\nscore: {combine: product%s}\n" + rules(
    ("r", "a", 1_000_000, 1), ("s", "b", -1_000_000, 1), ("t", "c", 1_000_000, 1)
)
TWICE = (
    "dimensions: {a: {weight: 1000}}\nvariants: [{name: v, multiply: {rules: {r: 1000}, dimensions: {a: 1000}}}]\n%s"
    + rules(("r", "a", 1_000_000, 1000))
)


@pytest.mark.parametrize(
    ("text", "milli"),
    [
        (WEIGHED % ", max: 100", 100_000),
        (WEIGHED % "", LARGEST),
        (PRODUCT % ", min: -7", -7000),
        (PRODUCT % "", -LARGEST),
        (TWICE % "", LARGEST),
    ],
)
def test_what_is_too_large_is_kept(text, milli):
    assert engine(HEAD + text) == milli
    assert judge(wb.parse_model(HEAD + text), Lead({"x": 1.0}, {}, ()), None).score == milli
