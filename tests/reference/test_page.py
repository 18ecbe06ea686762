"""The page reads well: Markdown, in order, no wider than a terminal."""

from __future__ import annotations

import json

from workbench.reference import reference
from workbench.reference.example import Example
from workbench.reference.examples import EXAMPLES

TEXT = str(reference())
LINES = TEXT.splitlines()


def test_the_page_is_at_most_a_hundred_columns_wide() -> None:
    assert max(map(len, LINES)) <= 100
    assert [line for line in LINES if line != line.rstrip()] == []
    assert "\n\n\n" not in TEXT


def test_the_sections_stand_in_the_order_in_which_one_reads() -> None:
    assert [line[3:] for line in LINES if line.startswith("## ")] == [
        "The model file",
        "Dimensions and groups",
        "Rules",
        "Quantities",
        "Conditions",
        "Events",
        "Decay",
        "The score",
        "Tiers and the matrix",
        "Gates",
        "Variants",
        "Accounts",
        "Accepted findings",
        "Order of evaluation",
        "Arithmetic",
    ]


def test_a_key_stands_with_what_it_takes_its_meaning_and_its_example() -> None:
    assert "- `per_day` (whole number of at least 1): Most events that count in one UTC day, the newest kept." in LINES
    assert "- `half_life` (days, such as 30d): d = 2^(-a / half_life)." in LINES
    assert "  - `{when: {event: invite, within: 30d, count: {at_least: 3}}, points: 12}`" in LINES
    assert "    -> 12 for lead 1, 0 for lead 2" in LINES


def test_every_example_is_on_the_page() -> None:
    flat = " ".join(TEXT.split())
    for example in _examples():
        for line in example.text.split("\n"):
            assert " ".join(line.split()) in flat
        assert example.result in flat


def test_the_order_of_evaluation_comes_from_the_definition() -> None:
    [text] = [text for title, text, _ in reference().sections if title == "Order of evaluation"]
    assert text.startswith("Always: variant, event filter, window, ")
    assert "total cap, round, tier, gate.\n\nAll arithmetic is in whole thousandths" in text


def test_the_document_holds_what_the_page_shows() -> None:
    document = json.loads(json.dumps(reference().to_document()))
    items = [item for section in document["sections"] for part in section["parts"] for item in part["items"]]
    assert document["language"] == "lead-scoring-model/1"
    assert [example["gives"] for item in items for example in item["examples"]] == [
        example.result for title_cls in _in_page_order() for example in title_cls
    ]
    assert all(key["meaning"] and key["takes"] for item in items for key in item["keys"])


def _examples() -> list[Example]:
    return [example for entries in EXAMPLES.values() for entry in entries for example in entry.examples]


def _in_page_order() -> list[tuple[Example, ...]]:
    return [item.examples for _, _, parts in reference().sections for part in parts for item in part.items]
