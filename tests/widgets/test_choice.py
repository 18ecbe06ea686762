"""The table of which a row is chosen, in a real browser without JupyterLab: keys, pages, names, text as text."""

from __future__ import annotations

import json

import pytest

from workbench.widgets.choice import Choice

SCRIPT = Choice._esm
PAGE = """<!doctype html><html lang="en"><title>t</title><style>{css}</style>
<body><main class="wb"><div id="here"></div><button id="after">after</button></main></body></html>"""
MODEL = """async ([script, state]) => {
  const listeners = {}
  window.eaten = []
  document.body.addEventListener('keydown', event => window.eaten.push(event.key))
  window.model = {
    state, saved: 0,
    get: name => window.model.state[name],
    set: (name, value) => {
      window.model.state[name] = value
      for (const each of listeners['change:' + name] ?? []) each()
    },
    save_changes: () => { window.model.saved += 1 },
    on: (name, each) => (listeners[name] ??= []).push(each),
    off: (name, each) => { listeners[name] = (listeners[name] ?? []).filter(other => other !== each) },
    left: () => Object.values(listeners).flat().length,
  }
  const { default: widget } = await import('data:text/javascript,' + encodeURIComponent(script))
  window.end = widget.render({ model: window.model, el: document.querySelector('#here') })
}"""
COLUMNS = [{"label": "Lead", "number": False}, {"label": "Score", "number": True}]


def rows(first, last):
    return [{"key": f"k{number}", "cells": [f"anon-{number}", str(100 - number)]} for number in range(first, last)]


def state(**other):
    usual = {"label": "Wrong leads", "columns": COLUMNS, "rows": rows(0, 5), "chosen": "k0", "page": 0, "pages": 3}
    return {**usual, "where": "1–5 of 12", "nobody": "Nobody.", **other}


@pytest.fixture
def open_page(chromium):
    pages = []

    def opened(**other):
        page = chromium.new_page(viewport={"width": 400, "height": 700})
        pages.append(page)
        page.set_content(PAGE.format(css=Choice._css))
        page.evaluate(MODEL, [SCRIPT, state(**other)])
        return page

    yield opened
    for page in pages:
        page.close()


def selected(page):
    return page.locator('tr[aria-selected="true"]').evaluate_all("each => each.map(row => row.dataset.key)")


def focused(page):
    return page.evaluate("document.activeElement.dataset.key ?? document.activeElement.textContent")


def told(page, name):
    return page.evaluate("name => window.model.state[name]", name)


def put(page, **values):
    page.evaluate(
        "values => { for (const [name, value] of Object.entries(values)) window.model.set(name, value) }", values
    )


pytestmark = pytest.mark.browser


def test_it_is_a_grid_with_a_name_and_headings(open_page):
    page = open_page()
    grid = page.get_by_role("grid", name="Wrong leads", exact=True)
    assert grid.count() == 1
    assert page.get_by_role("columnheader").all_inner_texts() == ["Lead", "Score"]
    assert page.get_by_role("row").nth(1).inner_text().split() == ["anon-0", "100"]
    assert selected(page) == ["k0"]
    region = page.get_by_role("region", name="Wrong leads: scrolls sideways")
    assert region.get_attribute("tabindex") == "0"


def test_arrows_move_and_enter_or_space_chooses(open_page):
    page = open_page()
    page.locator("tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert (focused(page), selected(page), told(page, "chosen")) == ("k2", ["k0"], "k0")
    page.keyboard.press("Enter")
    assert (selected(page), told(page, "chosen")) == (["k2"], "k2")
    page.keyboard.press("End")
    page.keyboard.press(" ")
    assert (focused(page), told(page, "chosen")) == ("k4", "k4")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "k0"
    assert page.evaluate("window.eaten") == []  # JupyterLab gets none of these


def test_only_keys_with_control_are_left_to_the_page(open_page):
    page = open_page()
    page.locator("tbody tr").first.focus()
    for key in ("Tab", "Escape", "Control+ArrowDown", "a"):
        page.locator("tbody tr").first.focus()
        page.keyboard.press(key)
    assert set(page.evaluate("window.eaten")) == {"Control", "ArrowDown"}  # "a" would add a cell
    assert told(page, "chosen") == "k0"


def test_tab_leads_to_one_row_and_on_to_the_buttons(open_page):
    page = open_page(chosen="k3", page=1)
    assert page.locator('tbody tr[tabindex="0"]').count() == 1
    page.locator(".wb-scroll").focus()
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(focused(page))
    assert stops == ["k3", "Previous", "Next", "after"]


def test_a_click_chooses(open_page):
    page = open_page()
    page.get_by_role("gridcell", name="anon-1", exact=True).click()
    assert (selected(page), told(page, "chosen"), focused(page)) == (["k1"], "k1", "k1")


def test_what_the_kernel_chooses_is_marked(open_page):
    page = open_page()
    put(page, chosen="k4")
    assert selected(page) == ["k4"]
    put(page, chosen="")
    assert selected(page) == []


def test_pages_turn_by_buttons_which_keep_the_focus(open_page):
    page = open_page()
    following, before = (page.get_by_role("button", name=name) for name in ("Next", "Previous"))
    assert before.is_disabled()
    following.focus()
    page.keyboard.press("Enter")
    assert told(page, "page") == 1
    put(page, rows=rows(5, 10), where="6–10 of 12")
    assert focused(page) == "Next"
    page.keyboard.press("Enter")
    put(page, rows=rows(10, 12), where="11–12 of 12")
    assert following.is_disabled()
    assert focused(page) == "Previous"
    assert page.get_by_role("status").inner_text() == "11–12 of 12"


@pytest.mark.parametrize(
    ("keys", "page_asked", "row"),
    [(["End", "ArrowDown"], 2, "k5"), (["PageDown"], 2, "k5"), (["ArrowUp"], 0, "k9"), (["PageUp"], 0, "k5")],
)
def test_pages_turn_by_keys_and_the_focus_goes_along(open_page, keys, page_asked, row):
    page = open_page(page=1)
    page.locator("tbody tr").first.focus()
    for key in keys:
        page.keyboard.press(key)
    assert told(page, "page") == page_asked
    put(page, rows=rows(5, 10))
    assert focused(page) == row


def test_there_is_nothing_before_the_first_page(open_page):
    page = open_page()
    page.locator("tbody tr").first.focus()
    for key in ("PageUp", "ArrowUp"):
        page.keyboard.press(key)
    assert (told(page, "page"), focused(page)) == (0, "k0")


def test_new_rows_take_no_focus_that_is_elsewhere(open_page):
    page = open_page()
    page.locator("#after").focus()
    put(page, rows=rows(3, 6))
    assert focused(page) == "after"
    assert page.locator("tbody tr").count() == 3


def test_nobody_is_a_sentence(open_page):
    page = open_page(rows=[], pages=1)
    assert page.get_by_text("Nobody.").is_visible()
    assert not page.get_by_role("grid").is_visible()
    assert not page.get_by_role("button", name="Next").is_visible()
    put(page, rows=rows(0, 2))
    assert page.get_by_role("grid").is_visible()


def test_text_is_never_markup(open_page):
    hostile = "<img src=x onerror='window.broken = 1'>"
    page = open_page(
        rows=[{"key": hostile, "cells": [hostile, hostile]}],
        columns=[{"label": hostile, "number": False}, {"label": hostile, "number": True}],
        label=hostile,
        where=hostile,
    )
    assert page.locator("img").count() == 0
    assert page.evaluate("window.broken") is None
    page.locator("tbody tr").click()
    assert told(page, "chosen") == hostile


def test_narrow_windows_scroll_the_table_only(open_page):
    page = open_page(rows=[{"key": "k", "cells": ["anon-1", "a long list of rules, " * 9]}])
    assert page.evaluate("document.documentElement.scrollWidth <= 400")


def test_it_lets_go_of_everything(open_page):
    page = open_page()
    assert page.evaluate("window.model.left()") > 5
    page.evaluate("window.end()")
    assert page.evaluate("window.model.left()") == 0


def test_what_is_not_changed_is_not_saved(open_page):
    page = open_page()
    page.locator("tbody tr").first.click()
    assert page.evaluate("window.model.saved") == 0


def test_its_state_is_plain():
    table = Choice(columns=COLUMNS, rows=rows(0, 2), chosen="k1")
    sent = table.get_state(["columns", "rows", "chosen", "page", "pages", "where", "nobody", "label"])
    assert json.loads(json.dumps(sent))["rows"] == rows(0, 2)
