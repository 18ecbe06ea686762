"""The reference of the model language: one page, put together from the definition, its docstrings and the examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from workbench.model import Model
from workbench.reference.definition import Form, docstring, forms, meanings
from workbench.reference.example import AROUND, Entry, Example
from workbench.reference.examples import EXAMPLES
from workbench.reference.outline import ARITHMETIC, SECTIONS, TITLE, WHAT_IT_IS
from workbench.reference.past import told

WIDTH = 100
_CODE = "      "


@dataclass(frozen=True)
class Item:
    """Keys that share examples.

    Attributes:
        lines: the keys with what they take, and their meaning in one line; keys of one meaning stand together.
        examples: each a snippet and what it gives.
    """

    lines: tuple[tuple[tuple[Form, ...], str], ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Part:
    """One class: what it is, and its keys."""

    heading: str
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Page:
    """The whole reference.

    Attributes:
        sections: (title, introduction, parts), in order.
    """

    sections: tuple[tuple[str, str, tuple[Part, ...]], ...]

    def to_document(self) -> dict[str, Any]:
        """The reference as plain data."""
        return {
            "language": "lead-scoring-model/1",
            "past": told(),
            "model_around": AROUND,
            "sections": [
                {"title": title, "text": text, "parts": [_part_document(part) for part in parts]}
                for title, text, parts in self.sections
            ],
        }

    def __str__(self) -> str:
        """The page as Markdown, at most 100 columns wide."""
        lines = [f"# {TITLE}", "", *_wrapped(WHAT_IT_IS), "", *_wrapped_list(told()), "", *_around(), ""]
        for title, text, parts in self.sections:
            lines += [f"## {title}", "", *_wrapped(text), ""]
            for part in parts:
                lines += _part_lines(part)
        return "\n".join(lines).rstrip() + "\n"


def reference() -> Page:
    """The reference of the model language.

    >>> print(str(reference()).splitlines()[0])
    # The model language
    """
    sections = [(title, text, tuple(_part(heading, cls) for heading, cls in parts)) for title, text, parts in SECTIONS]
    order = docstring(Model)[2].removeprefix("Order of evaluation, always: ")
    sections.append(("Order of evaluation", f"Always: {order}", ()))
    sections.append(("Arithmetic", ARITHMETIC, ()))
    return Page(tuple(sections))


def _part(heading: str, cls: type[BaseModel]) -> Part:
    before = docstring(cls)[0]
    said, known = meanings(cls), {form.key: form for form in forms(cls)}
    items = tuple(_item(entry, known, said) for entry in EXAMPLES.get(cls, ()))
    return Part(heading, before, items)


def _item(entry: Entry, known: Mapping[str, Form], said: Mapping[tuple[str, ...], str]) -> Item:
    """An entry with its meaning: its own, or what the docstring says of each of its keys."""
    if entry.says:
        return Item(((tuple(known[key] for key in entry.keys), entry.says),), entry.examples)
    by_meaning: dict[str, list[Form]] = {}
    for key in entry.keys:
        meaning = next((text for keys, text in said.items() if key in keys), "")
        by_meaning.setdefault(meaning, []).append(known[key])
    return Item(tuple((tuple(told), meaning) for meaning, told in by_meaning.items()), entry.examples)


def _part_document(part: Part) -> dict[str, Any]:
    items = [
        {
            "keys": [
                {
                    "key": form.key,
                    "takes": form.takes,
                    "required": form.required,
                    "default": form.default or None,
                    "meaning": meaning,
                }
                for explained, meaning in item.lines
                for form in explained
            ],
            "examples": [{"text": example.text, "gives": example.result} for example in item.examples],
        }
        for item in part.items
    ]
    return {"heading": part.heading, "text": part.text, "items": items}


# --- as text ----------------------------------------------------------------------------------------------------------


def _part_lines(part: Part) -> Iterator[str]:
    yield from (f"### {part.heading}", "")
    for paragraph in part.text.split("\n\n"):
        yield from (*_wrapped(paragraph), "")
    for item in part.items:
        yield from _item_lines(item)
    yield from [""] * bool(part.items)


def _item_lines(item: Item) -> Iterator[str]:
    for explained, meaning in item.lines:
        grouped: dict[str, list[str]] = {}
        for form in explained:
            grouped.setdefault(_takes(form), []).append(f"`{form.key}`")
        keys = ", ".join(f"{', '.join(names)} ({takes})" for takes, names in grouped.items())
        yield from _indented(f"- {keys}: {meaning}", "  ")
    for example in item.examples:
        yield from _example_lines(example)


def _takes(form: Form) -> str:
    default = f"; default {form.default}" if form.default else ""
    return form.takes + ("; required" if form.required else "") + default


def _example_lines(example: Example) -> Iterator[str]:
    if "\n" in example.text:
        yield from ("", *(_CODE + line for line in example.text.split("\n")), "", f"  -> {example.result}")
        return
    whole = f"  - `{example.text}` -> {example.result}"
    if len(whole) <= WIDTH:
        yield whole
    else:
        yield from (f"  - `{example.text}`", f"    -> {example.result}")


def _indented(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)


def _around() -> Sequence[str]:
    words = (
        "A test stands in a rule of one point, events in an `each` rule of one point; other parts stand in this model:"
    )
    return [*_wrapped(words), "", *(f"    {line}" for line in AROUND.rstrip().split("\n"))]


def _wrapped(text: str) -> list[str]:
    lines = [textwrap.wrap(" ".join(part.split()), WIDTH, break_on_hyphens=False) for part in text.split("\n\n")]
    return "\n\n".join("\n".join(paragraph) for paragraph in lines).split("\n")


def _wrapped_list(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        indent = "" if not line.startswith(("-", " ")) else "  "
        yield from _indented(line, indent) or [""]
