"""The widgets by keyboard alone, and that the checks of names and contrasts do find what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import work
from tests.browser.accessibility import grave_findings, nameless
from tests.browser.conftest import Opener
from tests.browser.notebook import Notebook

pytestmark = [pytest.mark.slow, pytest.mark.browser]
ROOTS = ("wb-tuner", "wb-explorer", "wb-comparer", "wb-approval")
# What Tab leads to below a root, in the order of the page; numbered, so that they can be told apart.
_STOPS = """root => [...document.querySelectorAll(`.${root} :is(input, select, textarea, button, summary, [tabindex])`)]
  .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility())
  .map((each, number) => { each.dataset.stop = `${root} ${number}`; return each.dataset.stop })"""
_LOOK = """stop => {
  const style = getComputedStyle(document.querySelector(`[data-stop='${stop}']`))
  return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor].join()
}"""
_AT = "() => document.activeElement?.dataset.stop ?? ''"


@pytest.fixture(scope="module")
def notebook(opener: Opener) -> Notebook:
    """All widgets in one page, as in a notebook that uses them all."""
    shown = (
        "widgets.Tuner(champion, seen)",
        "widgets.ErrorExplorer(champion, seen, history)",
        "widgets.Comparer(champion, challenger, seen)",
        "widgets.ApprovalPanel(challenger, seen, history=history, out='../out/keys')",
    )
    opened = opener(cells=(f"{work.BEGIN}\nfrom workbench import widgets", *shown))
    assert opened.wrong() == []
    return opened


@pytest.mark.parametrize("root", ROOTS)
def test_tab_leads_to_every_control_and_out_again(notebook: Notebook, root: str) -> None:
    page = notebook.page
    stops = page.evaluate(_STOPS, root)
    assert len(stops) >= 4
    page.locator(f"[data-stop='{stops[0]}']").focus()
    seen = [page.evaluate(_AT)]
    for _ in stops:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(_AT))
    assert seen[:-1] == stops
    assert seen[-1] not in stops
    page.locator(f"[data-stop='{stops[-1]}']").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(_AT) == stops[-2]


@pytest.mark.parametrize("root", ROOTS)
def test_where_the_keyboard_is_can_be_seen(notebook: Notebook, root: str) -> None:
    page = notebook.page
    stops = page.evaluate(_STOPS, root)
    number = min(12, len(stops) - 1)
    page.locator(f"[data-stop='{stops[number]}']").focus()
    for stop in reversed(stops[:number]):
        quiet = page.evaluate(_LOOK, stop)
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(_AT) == stop
        page.wait_for_function(f"([stop, quiet]) => ({_LOOK})(stop) !== quiet", arg=[stop, quiet], timeout=2000)


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ("<button></button>", "button-name"),
        ("<p style='color:#bbb;background:#fff'>hardly to be read</p>", "color-contrast"),
    ],
)
def test_the_checks_find_what_is_wrong(notebook: Notebook, broken: str, found: str) -> None:
    page: Any = notebook.page
    page.evaluate(
        "broken => document.querySelector('.wb-tuner')"
        ".insertAdjacentHTML('afterbegin', `<div class='broken'>${broken}</div>`)",
        broken,
    )
    try:
        (told,) = grave_findings(notebook, ".broken")
        assert told.startswith(found)
        assert len(nameless(page, ".broken")) == ("button" in broken)
    finally:
        page.evaluate("() => document.querySelector('.broken').remove()")
