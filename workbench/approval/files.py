"""The files of evidence and bundles: JSON read without surprises, folders written whole and never over strangers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from rfc8785 import CanonicalizationError

from workbench.document import MOST_DEPTH, Document, canonical
from workbench.errors import CallError, InputError, listed
from workbench.whole import folder_whole


def json_bytes(data: Any) -> bytes:
    """Plain data as JSON for people: indented, UTF-8, keys in their order."""
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def json_document(content: bytes, name: str) -> Document:
    """A JSON object as a document, for the parsers of models, plans and approvals.

    Raises:
        InputError: if it is not UTF-8, not JSON, not an object, has a key twice, or holds what canonical JSON cannot
            say (NaN, whole numbers of 2^53 and above, broken characters).
    """
    try:
        text = content.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
        if not isinstance(data, dict):
            raise _not_json(name, "a list or a single value")
        if _deep(data):
            raise _not_json(name, f"more than {MOST_DEPTH} levels")
        canonical(data)
    except (ValueError, RecursionError, CanonicalizationError) as problem:
        raise _not_json(name, " ".join(str(problem).split()) or "something else") from None
    return Document(name, data, {}, text)


def _deep(data: Any) -> bool:
    """Whether lists and objects are nested beyond what any of our documents needs."""
    level = [data]
    for _ in range(MOST_DEPTH):
        level = [child for item in level for child in _children(item)]
    return bool(level)


def _children(item: Any) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else []


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a key twice in one object")
    return data


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant}, which JSON does not have")


def _not_json(name: str, found: str) -> InputError:
    return InputError.at(
        name, expected="a JSON object", found=found, remedy="Restore the file, or make the folder anew."
    )


def read_bytes(folder: Path, names: Collection[str], *, remedy: str) -> dict[str, bytes]:
    """The content of the named files of a folder.

    Raises:
        CallError: if the folder is not there.
        InputError: one problem for each file that is missing or cannot be read.
    """
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise CallError.at(str(folder), expected="a folder", found=found, remedy=remedy)
    content: dict[str, bytes] = {}
    wrong: list[InputError] = []
    for name in names:
        try:
            content[name] = (folder / name).read_bytes()
        except OSError as problem:
            found = "nothing" if isinstance(problem, FileNotFoundError) else str(problem.strerror)
            wrong.append(InputError.at(str(folder / name), expected="a file", found=found, remedy=remedy))
    if wrong:
        raise InputError(*(problem for error in wrong for problem in error.problems))
    return content


def must_be_free(folder: Path, names: Collection[str]) -> None:
    """Check that writing here replaces nothing but an earlier folder of the same kind.

    Raises:
        CallError: if the path is a file, or a folder with anything else in it.
    """
    if not folder.exists():
        return
    strangers = sorted({each.name for each in folder.iterdir()} - set(names)) if folder.is_dir() else None
    if strangers != []:
        raise CallError.at(
            str(folder),
            expected=f"a new folder, or one with nothing in it but {listed(sorted(names))}",
            found="a file" if strangers is None else listed(strangers, most=3),
            remedy="Name another folder: what stands there would be replaced.",
        )


def write_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write a folder with these files, whole or not at all; an earlier one of the same kind is replaced.

    Raises:
        CallError: if something else stands there.
    """
    must_be_free(folder, content)
    with folder_whole(folder) as staged:
        for name, data in content.items():
            (staged / name).write_bytes(data)
