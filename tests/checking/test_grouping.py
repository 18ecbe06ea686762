"""Findings of one kind are told together, and nothing that is one finding's own is lost."""

from __future__ import annotations

from dataclasses import replace

from workbench.checking import grouped, said_once
from workbench.checking.catalogue import kind
from workbench.checking.wording import MISSING, RARER, percent, quoted


def leak(about: str, *reasons: str):
    why = f"{reasons[0]}, and {'; '.join(reasons[1:])}. {kind('leak').why}"
    return kind("leak").at(about, f"'{about}' leaks.", {"reasons": list(reasons)}, why=why)


FIRST, SECOND = leak("a", "undated", "too good", "its name"), leak("b", "undated", "too good", "a clock")
OTHER = kind("id-field").at("c", "'c' is an id.", {})


def test_reasons_in_common_and_of_each_own():
    group, alone = grouped([FIRST, OTHER, SECOND])
    assert (group.code, group.severity, group.findings) == ("leak", "error", (FIRST, SECOND))
    assert group.common == ("undated", "too good")
    assert [group.own(each) for each in group.findings] == [("its name",), ("a clock",)]
    assert (group.why, group.remedy) == (kind("leak").why, kind("leak").remedy)
    assert (alone.findings, alone.common, alone.own(OTHER)) == ((OTHER,), (), ())


def test_other_advice_or_severity_is_another_group():
    others = [replace(SECOND, remedy="Ask."), replace(SECOND, severity="warning")]
    assert [len(group.findings) for group in grouped([FIRST, *others])] == [1, 1, 1]


def test_why_is_said_once():
    first, other, second = said_once([FIRST, OTHER, SECOND])
    assert first == f"{FIRST.why} {FIRST.remedy}"
    assert second == "Undated; too good; a clock. See 'a'."
    assert other == f"{OTHER.why} {OTHER.remedy}"


def test_what_is_no_value_is_not_quoted():
    assert [quoted(value) for value in (MISSING, RARER, "x")] == ["no value", "rarer values", "'x'"]


def test_shares_have_a_space_before_the_sign():
    assert [percent(share) for share in (0.03, 0.995, 1.0)] == ["3 %", "99.5 %", "100 %"]
