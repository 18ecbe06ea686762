"""Reads the YAML files people write (models, plans, mappings) into plain data with places, and digests plain data.

YAML 1.2 with the parts that surprise taken out: no anchors or aliases, no tags, no duplicate keys, no dates made
from texts (`2026-06-30` stays a text). Every value remembers its line.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workbench.errors import InputError

MOST_BYTES = 2_000_000
MOST_DEPTH = 40
Place = tuple[str | int, ...]

_CORE = "tag:yaml.org,2002:"
_TAGS = {_CORE + kind for kind in ("null", "bool", "int", "float", "str", "map", "seq", "timestamp")}


@dataclass(frozen=True)
class Document:
    """Plain data (dicts, lists, texts, numbers, booleans, None) and where each value stood.

    Attributes:
        name: what to call the file in messages.
        data: the top-level mapping.
        lines: line number (from 1) by place, a tuple of keys and indexes.
        text: the file as it was written, comments and all.
    """

    name: str
    data: dict[str, Any]
    lines: Mapping[Place, int]
    text: str

    def where(self, place: Place) -> str:
        """The place for a message: `champion.yaml:14 rules[3].decay.half_life`."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        line = self.lines.get(known, 1)
        path = spelled(place)
        return f"{self.name}:{line} {path}" if path else f"{self.name}:{line}"


def spelled(place: Place) -> str:
    """A place as people write it.

    >>> spelled(("rules", 3, "decay", "half_life"))
    'rules[3].decay.half_life'
    """
    out = ""
    for part in place:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else str(part)
    return out


def read_document(source: str | Path, error: type[InputError], *, name: str | None = None) -> Document:
    """Read a YAML file (a `Path`) or YAML text (a `str`) into a `Document`.

    Raises:
        InputError: of the class given, with file and line, when the file is missing, too large, not UTF-8,
            not YAML, or uses anchors, tags or a key twice.
    """
    text, name = _text(source, error, name)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark
        line = mark.line + 1 if mark is not None else 1
        raise error.at(
            f"{name}:{line}",
            expected="YAML 1.2",
            found=" ".join((problem.problem or problem.context or "something else").split()).removeprefix("found "),
            remedy="Check indentation, quotes and brackets near this line.",
        ) from None
    except YAMLError as problem:
        raise error.at(
            name,
            expected="YAML 1.2",
            found=" ".join(str(problem).split()),
            remedy="Save the file as plain UTF-8 text.",
        ) from None
    reader = _Reader(name, error)
    if not isinstance(root, MappingNode):
        raise error.at(
            f"{name}:1",
            expected="keys with values at the top level",
            found="an empty file" if root is None else "a list or a single value",
            remedy="Start the file with its 'format:' line.",
        )
    data = reader.value(root, ())
    return Document(name, data, reader.lines, text)


def _text(source: str | Path, error: type[InputError], name: str | None) -> tuple[str, str]:
    if isinstance(source, str):
        return source, name or "text"
    name = name or source.name
    try:
        if source.stat().st_size > MOST_BYTES:
            raise error.at(
                str(source),
                expected=f"at most {MOST_BYTES:,} bytes",
                found=f"{source.stat().st_size:,}",
                remedy="Is this the right file?",
            )
        return source.read_text(encoding="utf-8-sig"), name
    except FileNotFoundError:
        raise error.at(str(source), expected="a file", found="nothing", remedy="Check the path.") from None
    except (IsADirectoryError, PermissionError) as problem:
        raise error.at(
            str(source),
            expected="a readable file",
            found=str(problem.strerror),
            remedy="Name the YAML file itself.",
        ) from None
    except UnicodeDecodeError as problem:
        raise error.at(
            str(source),
            expected="UTF-8 text",
            found=f"byte {problem.start} is not",
            remedy="Save the file as UTF-8.",
        ) from None


class _Reader:
    """Turns composed nodes into plain data, remembering lines."""

    def __init__(self, name: str, error: type[InputError]) -> None:
        self.name = name
        self.error = error
        self.lines: dict[Place, int] = {}

    def value(self, node: Node, place: Place) -> Any:
        self.lines[place] = node.start_mark.line + 1
        self._plain(node, place)
        if isinstance(node, MappingNode):
            return dict(self._pairs(node, place))
        if isinstance(node, SequenceNode):
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)  # noqa: S101  (YAML has no fourth kind)
        return self._scalar(node, place)

    def _plain(self, node: Node, place: Place) -> None:
        if len(place) > MOST_DEPTH:
            self._fail(node, place, f"at most {MOST_DEPTH} levels", "more", "Flatten this part.")
        if node.anchor is not None:
            self._fail(
                node,
                place,
                "values written out",
                f"the anchor or alias '{node.anchor}'",
                "Write the value out.",
            )
        if str(node.tag) not in _TAGS:
            self._fail(node, place, "plain values", f"the tag {node.tag}", "Remove the tag.")

    def _pairs(self, node: MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._fail(key_node, place, "a text as key", "a list or a mapping", "Use a simple key.")
            key = str(key_node.value)
            if key in seen:
                self._fail(
                    key_node,
                    (*place, key),
                    "each key once",
                    f"'{key}' a second time",
                    "Remove one of the two.",
                )
            seen.add(key)
            yield key, self.value(value_node, (*place, key))

    def _scalar(self, node: ScalarNode, place: Place) -> Any:
        kind, text = str(node.tag)[len(_CORE) :], str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return _integer(text)
        if kind == "float":
            number = float(text.replace("_", "")) if not re.search(r"(inf|nan)$", text, re.IGNORECASE) else math.inf
            if math.isinf(number):
                self._fail(node, place, "a finite number", text, "Leave the bound out instead.")
            return number
        return text

    def _fail(self, node: Node, place: Place, expected: str, found: str, remedy: str) -> None:
        path = spelled(place)
        where = f"{self.name}:{node.start_mark.line + 1}" + (f" {path}" if path else "")
        raise self.error.at(where, expected=expected, found=found, remedy=remedy)


def _integer(text: str) -> int:
    plain = text.replace("_", "")
    base = 8 if plain.lower().startswith("0o") else 16 if plain.lower().startswith("0x") else 10
    return int(plain, base)


def canonical(data: Any) -> bytes:
    """Canonical JSON (RFC 8785): equal data gives equal bytes, whatever the order of keys."""
    return rfc8785.dumps(data)


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits.

    >>> digest({"b": 1, "a": 2}) == digest({"a": 2.0, "b": 1})
    True
    """
    return hashlib.sha256(canonical(data)).hexdigest()
