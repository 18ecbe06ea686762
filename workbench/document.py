"""Reads the YAML files people write (models, plans, mappings) into plain data with places, and digests plain data.

YAML 1.2 with the parts that surprise taken out: no anchors or aliases, no tags, no duplicate keys, no dates made
from texts (`2026-06-30` stays a text). Every value remembers its line.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import rfc8785
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from workbench.errors import InputError, Problem

MOST_BYTES = 2_000_000
MOST_DEPTH = 40
MOST_WHOLE = 2**53 - 1  # canonical JSON knows no larger whole numbers
MOST_DIGITS = 80
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
        under: where the data stands in that file, if it is a part of it.
    """

    name: str
    data: dict[str, Any]
    lines: Mapping[Place, int]
    text: str
    under: Place = ()

    def where(self, place: Place) -> str:
        """The place for a message: `champion.yaml:14 rules[3].decay.half_life`."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        line = self.lines.get(known, 1)
        path = spelled((*self.under, *place))
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
        raise error(_not_yaml(name, problem)) from None
    except ReaderError as problem:
        raise error.at(
            f"{name}:{text.count(chr(10), 0, problem.position) + 1}",
            expected="YAML 1.2",
            found=f"the control character U+{ord(text[problem.position]):04X}",
            remedy="Remove it, or save the file as plain UTF-8 text.",
        ) from None
    except RecursionError:
        raise error.at(
            name, expected=f"at most {MOST_DEPTH} levels", found="far more", remedy="Flatten what is nested so deeply."
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


def _not_yaml(name: str, problem: MarkedYAMLError) -> Problem:
    """What the YAML reader has to say, in our words; it tells of tokens."""
    mark, opened = problem.problem_mark, problem.context_mark
    where = f"{name}:{mark.line + 1 if mark is not None else 1}"
    said = " ".join((problem.problem or problem.context or "something else").split()).removeprefix("found ")
    alias = re.fullmatch(r"undefined alias '(.*)'", said)
    if alias:
        return Problem(where, "values written out", f"the alias '{alias[1]}'", "Write the value out.")
    if "another document" in said:
        return Problem(where, "one YAML document", "a second one", "Remove the line '---' and all below it.")
    if said.startswith("character '\\t'"):
        return Problem(where, "spaces before the text", "a tab", "Indent with spaces.")
    wanted = re.fullmatch(r"(?:expected|could not find expected) (.*?)(?:, but (?:got|found) (.*))?", said)
    expected, found = (wanted[1], wanted[2] or "something else") if wanted else ("YAML 1.2", said)
    for token, words in _TOKENS.items():
        expected, found = expected.replace(token, words), found.replace(token, words)
    if opened is not None and mark is not None and opened.line < mark.line:
        found += f", in what begins on line {opened.line + 1}"
    return Problem(where, expected, found, "Check indentation, quotes and brackets near this line.")


_TOKENS = {
    "<block end>": "the end of this block",
    "'<block mapping start>'": "keys with another indentation",
    "'<block sequence start>'": "a list with another indentation",
    "'<stream end>'": "the end of the file",
    "'<scalar>'": "a value",
    "unexpected end of stream": "the end of the file",
}


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
    except OSError:
        found = "a folder" if source.is_dir() else "one that cannot be opened"
        raise error.at(
            str(source), expected="a readable file", found=found, remedy="Name the YAML file itself."
        ) from None
    except UnicodeDecodeError as problem:
        raise error.at(
            f"{name}:{problem.object.count(10, 0, problem.start) + 1}",
            expected="UTF-8 text",
            found=f"the byte 0x{problem.object[problem.start]:02X}, which is not",
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
            self._fail(node, place[:3], f"at most {MOST_DEPTH} levels", "more", "Flatten this part.")
        if node.anchor is not None:
            self._fail(
                node,
                place,
                "values written out",
                f"the anchor or alias '{node.anchor}'",
                "Write the value out.",
            )
        if str(node.tag) not in _TAGS:
            tag = f"!!{str(node.tag)[len(_CORE) :]}" if str(node.tag).startswith(_CORE) else str(node.tag)
            self._fail(node, place, "plain values", f"the tag {tag}", "Remove the tag.")

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
            value = self.value(value_node, (*place, key))
            self.lines[*place, key] = key_node.start_mark.line + 1
            yield key, value

    def _scalar(self, node: ScalarNode, place: Place) -> Any:
        kind, text = str(node.tag)[len(_CORE) :], str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in {"int", "float"}:
            return self._number(node, place, _integer if kind == "int" else _float)
        return text

    def _number(self, node: ScalarNode, place: Place, read: Callable[[str], int | float]) -> int | float:
        text = str(node.value)
        try:
            number = read(text)
        except ValueError:
            self._fail(node, place, "a number", f"'{text[:40]}'", "Write digits, or remove the tag.")
        if not math.isfinite(number):
            self._fail(node, place, "a finite number", text[:40], "Write a plain number, or leave the key out.")
        if isinstance(number, int) and abs(number) > MOST_WHOLE:
            remedy = "Put it in quotes if it is a name or an id."
            self._fail(node, place, f"a whole number up to {MOST_WHOLE:,}", text[:40], remedy)
        return number

    def _fail(self, node: Node, place: Place, expected: str, found: str, remedy: str) -> NoReturn:
        path = spelled(place)
        where = f"{self.name}:{node.start_mark.line + 1}" + (f" {path}" if path else "")
        raise self.error.at(where, expected=expected, found=found, remedy=remedy)


def _integer(text: str) -> int:
    plain = text.replace("_", "")
    base = 8 if plain.lower().startswith("0o") else 16 if plain.lower().startswith("0x") else 10
    return int(plain, base) if len(plain) <= MOST_DIGITS else MOST_WHOLE + 1


def _float(text: str) -> float:
    return float(text.replace("_", "")) if not re.search(r"(inf|nan)$", text, re.IGNORECASE) else math.inf


def canonical(data: Any) -> bytes:
    """Canonical JSON (RFC 8785): equal data gives equal bytes, whatever the order of keys."""
    return rfc8785.dumps(data)


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits.

    >>> digest({"b": 1, "a": 2}) == digest({"a": 2.0, "b": 1})
    True
    """
    return hashlib.sha256(canonical(data)).hexdigest()
