"""Names that stand for identifiers: one each, the same every time, telling nothing of the order."""

from __future__ import annotations

import numpy as np

from workbench.backtesting.pseudonyms import Pseudonyms

IDS = np.array([f"L{number:04d}" for number in range(300)], dtype=object)
EVERYBODY = np.arange(300)


def named(values, *, prefix="anon", key="0123456789abcdef00"):
    return Pseudonyms.of(values, prefix=prefix, key=key)


def test_one_name_for_one_identifier_and_back():
    twice = np.concatenate([IDS, IDS[::-1]])
    found = named(twice)
    names = found.names(np.arange(600))
    assert names == names[::-1]
    assert sorted(set(names)) == [f"anon-{number:05d}" for number in range(1, 301)]
    assert [found.ids[found.number(name)] for name in names] == twice.tolist()


def test_the_order_of_the_file_neither_matters_nor_shows():
    order = np.random.default_rng(0).permutation(300)
    assert np.array(named(IDS).names(EVERYBODY))[order].tolist() == named(IDS[order]).names(EVERYBODY)
    numbers = named(IDS).numbers
    assert abs(np.corrcoef(numbers, EVERYBODY)[0, 1]) < 0.2


def test_other_data_shuffles_otherwise():
    assert named(IDS).names(EVERYBODY) != named(IDS, key="another").names(EVERYBODY)


def test_who_has_no_identifier_has_no_name():
    found = named(np.array(["A", None, "B", None], dtype=object))
    names = found.names(np.arange(4))
    assert [name is None for name in names] == [False, True, False, True]
    assert len(found.ids) == 2


def test_names_of_nobody():
    found = named(IDS)
    for name in (
        "anon-00000",
        "anon-00301",
        "anon-x",
        "other-00001",
        "L0001",
        "",
        "anon-",
        "anon-²",
        "anon-\u0660\u0660\u0660\u0664\u0662",
        "anon-1 ",
        "anon-1\n",
        " anon-00001",
        "anon-+1",
        "anon-" + "9" * 5000,
    ):
        assert found.number(name) is None


def test_identifiers_as_they_are():
    found = named(IDS, prefix="")
    assert found.names(EVERYBODY) == IDS.tolist()
    assert found.ids[found.number("L0007")] == "L0007"
    assert found.number("anon-00001") is None


def test_nobody_at_all():
    assert named(np.array([], dtype=object)).names(np.array([], dtype=np.int64)) == []


def test_some_of_the_observations_have_the_names_of_all():
    whole = named(np.concatenate([IDS, IDS]))
    rows = slice(10, 60)
    found = whole.of_rows(rows)
    names = found.names(np.arange(50))
    assert names == whole.names(EVERYBODY)[rows]
    assert [found.ids[found.number(name)] for name in names] == IDS[rows].tolist()
    others = set(whole.names(EVERYBODY)) - set(names)
    assert len(others) == 250
    assert all(found.number(name) is None and whole.number(name) is not None for name in others)


def test_identifiers_as_they_are_of_some():
    found = named(IDS, prefix="").of_rows(slice(0, 5))
    assert found.ids[found.number("L0004")] == "L0004"
    assert found.number("L0005") is None
