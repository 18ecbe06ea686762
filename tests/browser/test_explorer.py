"""The error explorer in the page: filters, pages, the choice of a lead, and that all of it is what the library says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import work
from tests.browser.accessibility import faint, grave_findings, nameless
from tests.browser.conftest import Opener
from tests.browser.notebook import NARROW, WIDE, Notebook
from workbench.backtesting import Errors
from workbench.backtesting.exploration import Exploration
from workbench.widgets.explorer import PAGE, headline
from workbench.widgets.findings import common_rows, lead_rows, ledger_rows

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def notebook(opener: Opener) -> Notebook:
    """The explorer on the sample."""
    opened = opener(
        cells=(
            f"{work.BEGIN}\nfrom workbench.widgets import ErrorExplorer",
            "explorer = ErrorExplorer(champion, seen, history)\nexplorer",
        )
    )
    assert opened.wrong() == []
    return opened


@pytest.fixture
def page(notebook: Notebook) -> Any:
    """The page with the explorer opened anew; and nothing may have gone wrong at the end."""
    notebook.run_cell(1)
    yield notebook.page
    assert notebook.wrong() == []


@pytest.fixture(scope="module")
def exploration() -> Exploration:
    """What the library says, in this process."""
    return Exploration(work.champion(), work.seen())


def choose(notebook: Notebook, label: str, value: str) -> None:
    """Choose from one of the dropdowns."""
    notebook.page.locator(".wb-explorer").get_by_label(label, exact=True).select_option(label=value)
    notebook.settle()


def shown_leads(page: Any) -> list[list[str]]:
    """The cells of the table of leads."""
    rows = page.locator(".wb-explorer .wb-choice-table tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def demand_shown(page: Any, errors: Errors) -> None:
    """The page shows these errors."""
    assert shown_leads(page) == [[str(cell) for cell in row["cells"]] for row in lead_rows(errors)]
    assert errors.sentence in page.locator(".wb-explorer").inner_text()


def test_it_opens_on_the_false_positives(page: Any, exploration: Exploration) -> None:
    errors = exploration.errors("false_positive", most=PAGE)
    demand_shown(page, errors)
    chosen = "each => each.selectedOptions[0]?.label.replaceAll('\\u00a0', ' ')"
    filters = [each.evaluate(chosen) for each in page.locator(".wb-explorer .wb-filters select").all()]
    assert filters[1:] == [exploration.main_tier, "any", "any", "all", "all", "any or none"]
    assert headline(errors.leads.iloc[0]) in page.locator(".wb-explorer").inner_text()


def test_false_negatives(notebook: Notebook, page: Any, exploration: Exploration) -> None:
    choose(notebook, "Errors", "False negatives: not reached, converted")
    demand_shown(page, exploration.errors("false_negative", most=PAGE))


def test_filters_narrow_each_other(notebook: Notebook, page: Any, exploration: Exploration) -> None:
    rule, month = exploration.rules[0], exploration.months[0]
    choose(notebook, "Rule holds", rule)
    demand_shown(page, exploration.errors("false_positive", rule=rule, most=PAGE))
    choose(notebook, "Month", month)
    demand_shown(page, exploration.errors("false_positive", rule=rule, month=month, most=PAGE))
    choose(notebook, "Rule holds", "any or none")
    choose(notebook, "Month", "all")
    tier, band = exploration.tiers[-1], exploration.bands[-1]
    choose(notebook, "Tier", tier)
    choose(notebook, "Score band", band)
    demand_shown(page, exploration.errors("false_positive", tier=tier, band=band, most=PAGE))


def test_a_segment_has_its_own_values(notebook: Notebook, page: Any, exploration: Exploration) -> None:
    field, values = next(iter(exploration.segments.items()))
    value = page.locator(".wb-explorer").get_by_label("Value", exact=True)
    assert value.is_disabled()
    choose(notebook, "Segment", field)
    offered = [each.replace("\xa0", " ") for each in value.locator("option").all_inner_texts()]
    assert offered == ["any", *values]
    choose(notebook, "Value", values[0])
    errors = exploration.errors("false_positive", segment=(field, values[0]), most=PAGE)
    demand_shown(page, errors)
    common = page.locator(".wb-explorer .wb-common table tbody tr").all()
    cells = [[each.strip() for each in row.locator("td, th").all_text_contents()] for row in common]
    assert cells == [[str(cell) for cell in row] for row in common_rows(errors)]


def test_pages_turn(notebook: Notebook, page: Any, exploration: Exploration) -> None:
    first = exploration.errors("false_positive", most=PAGE)
    assert first.n > PAGE
    page.locator(".wb-explorer").get_by_role("button", name="Next").click()
    notebook.settle()
    demand_shown(page, exploration.errors("false_positive", most=PAGE, skip=PAGE))
    page.locator(".wb-explorer").get_by_role("button", name="Previous").click()
    notebook.settle()
    demand_shown(page, first)


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_a_lead_is_looked_at(notebook: Notebook, page: Any, exploration: Exploration, how: str) -> None:
    lead = exploration.errors("false_positive", most=PAGE).leads.iloc[2]
    rows = page.locator(".wb-explorer .wb-choice-table tbody tr")
    if how == "mouse":
        rows.nth(2).click()
    else:
        rows.nth(0).focus()
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
    notebook.settle()
    assert notebook.ask("explorer.chosen") == lead["lead_id"]
    assert rows.nth(2).get_attribute("aria-selected") == "true"
    assert headline(lead) in page.locator(".wb-explorer").inner_text()
    ledger = exploration.ledger(lead["lead_id"], lead["as_of"])
    table = page.locator(".wb-explorer .wb-ledger table")
    cells = [
        [each.strip() for each in row.locator("td, th").all_text_contents()] for row in table.locator("tbody tr").all()
    ]
    assert cells == [[str(cell) for cell in row] for row in ledger_rows(ledger)]
    pictures = page.locator(".wb-explorer .wb-ledger svg[role=img], .wb-explorer .wb-timeline svg[role=img]").all()
    assert len(pictures) == 2
    assert all(lead["lead_id"] in each.get_attribute("aria-label") for each in pictures)
    own = exploration.reveal(lead["lead_id"])
    assert own not in page.locator(".wb-explorer").inner_text()


def test_an_error_in_a_callback_is_shown(notebook: Notebook, page: Any) -> None:
    notebook.ask("0", before="explorer.exploration.errors = None")
    choose(notebook, "Errors", "False negatives: not reached, converted")
    assert any("banner: That failed: TypeError" in each for each in notebook.wrong())
    notebook.run_cell(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_looks_right(notebook: Notebook, page: Any, theme: str) -> None:
    notebook.theme(theme)
    for words, size in (("wide", WIDE), ("narrow", NARROW)):
        notebook.size(size)
        assert notebook.overflow() == []
        notebook.shoot(f"explorer-{theme}-{words}")
    notebook.size(WIDE)
    assert nameless(page, ".wb-explorer") == []
    assert faint(page, ".wb-explorer") == []
    assert grave_findings(notebook, ".wb-explorer") == []
    notebook.theme("light")
