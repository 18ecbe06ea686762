from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.document import MOST_BYTES, canonical, digest, read_document, spelled
from workbench.errors import ModelError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=8,
)


def read(text):
    return read_document(text, ModelError, name="x")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-06-30", "2026-06-30"),
        ("2026-06-30T12:00:00Z", "2026-06-30T12:00:00Z"),
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("-2.50", -2.5),
        ("1e3", 1000.0),
        ("'12'", "12"),
        ("12:30", "12:30"),
        ("größe", "größe"),
    ],
)
def test_values_are_those_of_yaml_1_2_and_dates_stay_texts(text, value):
    found = read(f"a: {text}").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_value_knows_its_line():
    document = read("a: 1\nb:\n  - x\n  - {c: 3,\n     d: 4}\n")
    assert document.data == {"a": 1, "b": ["x", {"c": 3, "d": 4}]}
    assert document.where(("b", 1, "d")) == "x:5 b[1].d"
    assert document.where(("b", 1, "missing", "deep")) == "x:4 b[1].missing.deep"
    assert document.where(()) == "x:1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x:1: expected keys with values at the top level, found an empty file"),
        ("- a", "found a list or a single value"),
        ("a: &n 1\nb: *n", "x:1 a: expected values written out, found the anchor or alias 'n'"),
        ("a: !!python/object:os.system x", "x:1 a: expected plain values, found the tag"),
        ("a: !x 1", "found the tag !x"),
        ("a: 1\nb: 2\na: 3", "x:3 a: expected each key once, found 'a' a second time"),
        ("a: .nan", "x:1 a: expected a finite number, found .nan"),
        ("a: 1e999", "expected a finite number, found 1e999"),
        ("? [a]\n: 1", "expected a text as key"),
        ("a: [1\nb: 2", r"x:2: expected .*, found ':'"),
        ("a: 1\n\tb: 2", r"x:2: expected .*"),
        ("a: 1\n---\nb: 2", r"x:?2?: expected .*"),
        ("a: \x07", "expected YAML 1.2"),
        ("a: " + "[" * 45 + "]" * 45, "expected at most 40 levels"),
    ],
)
def test_what_surprises_is_refused_with_its_line(text, message):
    with pytest.raises(ModelError, match=message):
        read(text)


def test_a_file_too_large_or_with_a_mark_at_its_start(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: " + b"x" * MOST_BYTES)
    with pytest.raises(ModelError, match="expected at most 2,000,000 bytes, found 2,000,003"):
        read_document(path, ModelError)
    path.write_bytes("\ufeffa: 1".encode())
    assert read_document(path, ModelError).data == {"a": 1}


def test_places_as_people_write_them():
    assert spelled(("rules", 3, "decay", "half_life")) == "rules[3].decay.half_life"
    assert spelled((0, "a")) == "[0].a"


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1), JSON, max_size=4), st.randoms(use_true_random=False))
def test_equal_data_has_equal_bytes_whatever_the_order_of_keys(data, rng):
    keys = list(data)
    rng.shuffle(keys)
    mixed = {key: data[key] for key in keys}
    assert canonical(mixed) == canonical(data)
    assert json.loads(canonical(data)) == data
    assert digest(mixed) == hashlib.sha256(canonical(data)).hexdigest()


def test_a_digest_by_hand():
    assert canonical({"b": [1.0, "ü"], "a": None}) == '{"a":null,"b":[1,"ü"]}'.encode()
    assert digest({}) == hashlib.sha256(b"{}").hexdigest()
