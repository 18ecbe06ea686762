from __future__ import annotations

import pytest

from workbench.approval.roles import faults, role


@pytest.mark.parametrize(
    "other",
    ["RevOps", " revops ", "REVOPS", "ＲevOps", "Rev\u200bOps", "\trevops\n", "ＲＥＶＯＰＳ", "REVOPſ"],
)
def test_the_same_role_spelt_otherwise_is_the_same_role(other: str) -> None:
    (found,) = faults("RevOps", other, "because")
    assert found.startswith(f"Author and approver are the same role ('RevOps' and {other.strip()!r}).")


@pytest.mark.parametrize("other", ["Rev Ops", "RevOps 2", "sales"])
def test_another_role_is_another_role(other: str) -> None:
    assert faults("RevOps", other, "because") == []


def test_inner_blanks_are_collapsed() -> None:
    assert role("head  of\u00a0 sales") == role("Head of Sales") != role("headofsales")


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b", "\u3000"])
def test_whatever_is_not_said_is_named(nothing: str) -> None:
    found = faults(nothing, nothing, nothing)
    assert [line.split(".")[0] for line in found] == [
        "The author is not named",
        "The approver is not named",
        "No reason is given",
    ]
