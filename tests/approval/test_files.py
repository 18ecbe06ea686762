from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.approval.files import json_bytes, json_document, must_be_free, read_bytes, write_folder
from workbench.errors import CallError, InputError

from .forging import crash_on

DEEP = b'{"a":' * 5000 + b"1" + b"}" * 5000


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b"[1]", "a list or a single value"),
        (b'{"a": 1, "a": 2}', "a key twice"),
        (b'{"a": NaN}', "NaN, which JSON does not have"),
        (b'{"a": -Infinity}', "-Infinity, which JSON"),
        (b'{"a": 1e999}', "inf"),
        (b'{"a": 9007199254740993}', "9007199254740993"),
        (b'{"a": "\\ud800"}', "non-UTF-8 codepoints"),
        (b"\xff", "can't decode byte 0xff"),
        (DEEP, "(recursion|levels)"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "more than 40 levels"),
        (b'{"a": ' + b"9" * 5000 + b"}", "Exceeds the limit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_plain_json_is_refused(content: bytes, found: str) -> None:
    with pytest.raises(InputError, match=f"x.json: expected a JSON object, found .*{found}"):
        json_document(content, "x.json")


def test_json_is_read_as_it_was_written() -> None:
    data = {"b": 1, "a": [0.1, None, True, "ü😀"]}
    document = json_document(json_bytes(data), "x.json")
    assert document.data == data
    assert list(document.data) == ["b", "a"]
    assert json.loads(document.text) == data


def test_every_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "c").write_bytes(b"1")
    with pytest.raises(InputError, match=r"(?s)a: expected a file, found nothing.*b: expected a file, found Is a dir"):
        read_bytes(tmp_path, ("a", "b", "c"), remedy="Look again.")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(CallError, match="expected a folder, found a file"):
        read_bytes(tmp_path / "a", ("b",), remedy="Look again.")


def test_nothing_of_somebody_else_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(CallError, match=r"nothing in it but 'a', found 'thesis\.doc'"):
        write_folder(tmp_path, {"a": b"1"})
    with pytest.raises(CallError, match=r"found a file\. Name another folder"):
        must_be_free(tmp_path / "thesis.doc", ["a"])
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.doc"]


def test_an_earlier_folder_of_the_kind_is_replaced(tmp_path: Path) -> None:
    write_folder(tmp_path / "x", {"a": b"1", "b": b"1"})
    write_folder(tmp_path / "x", {"a": b"2", "b": b"2"})
    assert {each.name: each.read_bytes() for each in (tmp_path / "x").iterdir()} == {"a": b"2", "b": b"2"}
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_a_crash_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "x", {"a": b"1", "b": b"1"})
    monkeypatch.setattr(Path, "write_bytes", crash_on(2))
    with pytest.raises(OSError, match="No space left"):
        write_folder(tmp_path / "x", {"a": b"2", "b": b"2"})
    assert {each.name: each.read_bytes() for each in (tmp_path / "x").iterdir()} == {"a": b"1", "b": b"1"}
    assert [each.name for each in tmp_path.iterdir()] == ["x"]
