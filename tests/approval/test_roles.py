from __future__ import annotations

import unicodedata

import pytest

from workbench.approval.roles import LOOKALIKES, faults, role, same


@pytest.mark.parametrize(
    "other",
    [
        "RevOps",
        " revops ",
        "REVOPS",
        "ＲevOps",
        "Rev\u200bOps",
        "\trevops\n",
        "ＲＥＶＯＰＳ",
        "REVOPſ",
        "Rev Ops",
        "rev-ops.",
    ],
)
def test_the_same_role_spelt_otherwise_is_the_same_role(other: str) -> None:
    (found,) = faults("RevOps", other, "because", owner="")
    assert found.startswith(f"Author and approver are the same role ('RevOps' and {other.strip()!r}).")


@pytest.mark.parametrize("other", ["RevOps 2", "sales", "Rev+Ops", "営業"])
def test_another_role_is_another_role(other: str) -> None:
    assert faults("RevOps", other, "because", owner="") == []


@pytest.mark.parametrize(
    "other",
    [
        "rev ops",
        "rev  ops",
        "rev_ops",
        "rev.ops",
        "(rev) ops!",
        "rev\u2011ops",
        "rev\u00a0ops",
        "rev\ufe0fops",
        "revops",
    ],
)
def test_blanks_and_punctuation_do_not_make_another_role(other: str) -> None:
    assert role(other) == role("rev-ops")
    assert same("Rev-Ops", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sales", "s\u0430les"),
        ("sales", "\u0405ales"),
        ("revenue operations", "reven\u03c5e \u03bfper\u0430tions"),
        ("MARKETING", "\u039c\u0410RKET\u0399\u039dG"),
        ("h\u0435ad of sales", "he\u0430d-of-sales"),
        ("\u043f\u0440\u043e\u0434\u0430\u0436\u0438", "\u041f\u0420\u041e\u0414\u0410\u0416\u0418"),
    ],
)
def test_letters_that_print_alike_do_not_make_another_role(one: str, other: str) -> None:
    assert same(one, other)
    assert faults(one, other, "because", owner="")[0].startswith("Author and approver are the same role")


def test_lookalikes_are_letters_of_other_scripts_each_for_one_latin_letter() -> None:
    others = [other for several in LOOKALIKES.values() for other in several]
    assert len(others) == len(set(others))
    assert all(
        unicodedata.name(other).startswith(("GREEK", "CYRILLIC", "LATIN SMALL LETTER DOTLESS")) for other in others
    )
    small = [other.lower() == other for other in others if other != "\u04c0"]
    assert small == [latin.islower() for latin, several in LOOKALIKES.items() for other in several if other != "\u04c0"]


@pytest.mark.parametrize("approver", ["Revenue Operations", "revenue-operations", "r\u0435venue operations"])
def test_the_owner_of_the_model_is_an_author(approver: str) -> None:
    (found,) = faults("marketing", approver, "because", owner="revenue operations ")
    assert found.startswith(f"The approver is the model's owner ('revenue operations' and {approver!r}).")


@pytest.mark.parametrize("owner", ["revenue operations", "marketing operations", "", " "])
def test_the_owner_may_be_the_author(owner: str) -> None:
    assert faults("revenue operations", "head of sales", "because", owner=owner) == []


def test_an_approver_who_is_author_and_owner_is_told_once() -> None:
    (found,) = faults("sales", "Sales", "because", owner="SALES")
    assert found.startswith("Author and approver are the same role")


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b", "\u3000", "…", "-", "\u3164"])
def test_whatever_is_not_said_is_named(nothing: str) -> None:
    found = faults(nothing, nothing, nothing, owner=nothing)
    assert [line.split(".")[0] for line in found] == [
        "The author is not named",
        "The approver is not named",
        "No reason is given",
    ]
