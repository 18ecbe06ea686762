from __future__ import annotations

import pytest

from workbench.errors import CallError
from workbench.suggesting import Constraints, parse_constraints, read_constraints

from .planted import model

TEXT = """
format: lead-scoring-constraints/1
range: [-20, 25]
max_changes: 4
keep: [r1]
rules:
  r2: {range: [0, 5], sign: free}
  r3: {keep: true}
"""


def test_a_file_says_what_is_different_for_a_rule(tmp_path):
    (tmp_path / "constraints.yaml").write_text(TEXT)
    found = read_constraints(tmp_path / "constraints.yaml")
    assert (found.range_of("r0"), found.range_of("r2")) == ((-20, 25), (0, 5))
    assert (found.sign_of("r0"), found.sign_of("r2")) == ("kept", "free")
    assert [found.keeps(f"r{at}") for at in range(4)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{range: [5, -5]}", "low first"),
        ("{rules: {r1: {range: [5, -5]}}}", "low first"),
        ("{rang: [1, 2]}", "Did you mean 'range'"),
        ("{max_changes: 0}", "at least 1"),
        ("{sign: turned}", "sign"),
    ],
)
def test_faults_are_named(text, message):
    with pytest.raises(CallError, match=message):
        parse_constraints(text)


def test_a_rule_that_is_not_there_is_refused():
    with pytest.raises(CallError, match="Did you mean 'r1'"):
        Constraints(keep=("r1x",)).demand_known(model())


def test_a_call_adds_to_the_file():
    found = parse_constraints(TEXT).changed(max_changes=2, keep=["r0"], low_high=(-3, 3), sign="free")
    assert (found.max_changes, found.keep, found.range, found.sign) == (2, ("r1", "r0"), (-3, 3), "free")
    assert found.rules["r2"].range == (0, 5)
