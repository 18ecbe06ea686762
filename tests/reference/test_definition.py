"""The page says everything that the definition has, and nothing else."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from workbench.model import Decay, Model
from workbench.parsing import Days, Points, Value, known_keys
from workbench.reference.definition import Form, classes, docstring, forms, meanings, spelled
from workbench.reference.examples import EXAMPLES
from workbench.reference.outline import SECTIONS
from workbench.reference.page import _item

ALL = [form for cls in classes() for form in forms(cls)]


def without_entry(cls: type[BaseModel]) -> list[str]:
    """The keys of a class that the page does not explain with a meaning and an example."""
    told = {
        form.key
        for entry in EXAMPLES.get(cls, ())
        for explained, meaning in _item(entry, {form.key: form for form in forms(cls)}, meanings(cls)).lines
        for form in explained
        if meaning.strip() and entry.examples
    }
    return [form.key for form in forms(cls) if form.key not in told]


@pytest.mark.parametrize("cls", classes(), ids=lambda cls: cls.__name__)
def test_every_key_has_a_meaning_and_an_example(cls: type[BaseModel]) -> None:
    assert without_entry(cls) == []


def test_a_new_key_without_an_entry_would_be_seen() -> None:
    class Stranger(Value):
        """Has a key of which nobody tells."""

        oddity: Days | None = None

    assert without_entry(Stranger) == ["oddity"]


@pytest.mark.parametrize("form", ALL, ids=lambda form: f"{form.owner.__name__}.{form.key}")
def test_an_example_uses_its_key_and_every_word_that_may_stand_there(form: Form) -> None:
    entries = [entry for entry in EXAMPLES[form.owner] if form.key in entry.keys]
    together = " ".join(example.text for entry in entries for example in entry.examples)
    assert re.search(rf"\b{form.key}\b", together), together
    if form.owner.__name__ == "EventQuantity":  # measures of a property stand beside it
        together = str([example.text for entry in EXAMPLES[form.owner] for example in entry.examples])
    missing = [choice for choice in form.choices if not re.search(rf"\b{choice}\b", together)]
    assert missing == []


def test_no_entry_is_of_what_the_definition_does_not_have() -> None:
    known = {(form.owner, form.key) for form in ALL}
    told = [(cls, key) for cls, entries in EXAMPLES.items() for entry in entries for key in entry.keys]
    assert set(told) == known
    assert len(told) == len(known)


def test_every_class_stands_in_one_section() -> None:
    placed = [cls for _, _, parts in SECTIONS for _, cls in parts]
    assert len(placed) == len(set(placed))
    assert set(classes()) <= set(placed)
    assert all(docstring(cls)[0] for cls in placed)


def test_the_walk_finds_every_key_of_the_schema() -> None:
    assert {form.key for form in ALL} == known_keys(Model)


# --- reading types and docstrings -------------------------------------------------------------------------------------


class Small(Value):
    """What it is.

    In two paragraphs.

    Attributes:
        low, high: both ends, which
            go on here.
        from_: where it begins (`from` in the file).
        shape: `round`: so; d = 1.

    What comes after.
    """

    low: int = 0
    high: Annotated[int, Field(ge=1, le=9)] = 3
    from_: Points = Field(alias="from")
    shape: Literal["round", "flat"] = "flat"


def test_a_docstring_is_read_into_meanings() -> None:
    assert meanings(Small) == {
        ("low", "high"): "Both ends, which go on here.",
        ("from",): "Where it begins.",
        ("shape",): "`round`: so; d = 1.",
    }
    assert docstring(Small)[0] == "What it is.\n\nIn two paragraphs."
    assert docstring(Small)[2] == "What comes after."
    assert meanings(Decay)["expiry",] == "d = 1 for a < expiry, else 0."


def test_a_class_is_read_into_forms() -> None:
    assert forms(Small) == (
        Form(Small, "low", "whole number", required=False, default="0", choices=()),
        Form(Small, "high", "whole number from 1 to 9", required=False, default="3", choices=()),
        Form(Small, "from", "points", required=True, default="", choices=()),
        Form(Small, "shape", "`round` or `flat`", required=False, default="flat", choices=("round", "flat")),
    )


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (bool | Literal["skip"], "true or false or `skip`"),
        (Annotated[int, Field(ge=1)], "whole number of at least 1"),
        (Annotated[Points, Field(gt=0)], "number above 0"),
        (dict[str, Points], "points by name"),
        (tuple[Points, Points], "[points, points]"),
        (Small, "keys"),
        (tuple[Small, ...] | None, "list: keys"),
    ],
)
def test_a_type_is_spelled_in_words(hint: object, words: str) -> None:
    assert spelled(hint) == words
