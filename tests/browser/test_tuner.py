"""The tuner in the page: what each control does, and that the page shows what the library says."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

import workbench as wb
from tests.browser import work
from tests.browser.accessibility import faint, grave_findings, nameless
from tests.browser.conftest import Opener
from tests.browser.notebook import NARROW, WIDE, Notebook
from workbench.model import Model
from workbench.tuning import Bench
from workbench.widgets.panels import PANELS
from workbench.widgets.wording import change, figure, within

pytestmark = [pytest.mark.slow, pytest.mark.browser]
BLOG = "rules.blog_visits.points"  # 3 in the champion
EBOOK = "rules.ebook.points"  # 8
MQL = "tiers.MQL.from"  # 35
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def notebook(opener: Opener) -> Notebook:
    """The tuner on the sample, which every test of this file turns; each begins from the champion."""
    opened = opener(
        cells=(f"{work.BEGIN}\nfrom workbench.widgets import Tuner", "tuner = Tuner(champion, seen)\ntuner")
    )
    assert opened.wrong() == []
    return opened


@pytest.fixture
def page(notebook: Notebook) -> Any:
    """The page, with nothing changed; and nothing may have gone wrong at the end."""
    if notebook.ask("len(tuner.session.edits)"):
        button(notebook.page, "Reset to champion").click()
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {}
    yield notebook.page
    assert notebook.wrong() == []


@pytest.fixture(scope="module")
def bench() -> Bench:
    """What the library says of a candidate, in this process."""
    return Bench(work.champion(), work.seen())


def button(page: Any, name: str) -> Any:
    """A button of the tuner, by its text."""
    return page.locator(".wb-tuner").get_by_role("button", name=name, exact=True)


def slider(page: Any, path: str) -> Any:
    """The slider of a number."""
    return page.locator(f".wb-tuner [data-path='{path}'] input[type=range]")


def box(page: Any, path: str) -> Any:
    """The number box of a number."""
    return page.locator(f".wb-tuner [data-path='{path}'] input.wb-box")


def at_rest(notebook: Notebook) -> None:
    """Wait until a change by keyboard counts as done, the kernel has answered, and all is drawn."""
    notebook.page.wait_for_timeout(600)
    notebook.page.wait_for_selector(".wb-tuner:not([data-busy])", timeout=20_000)
    notebook.settle()


def demand_shown(page: Any, bench: Bench, candidate: Model) -> None:
    """The page's figures and pictures are those of the library for this candidate."""
    changes = bench.changes(candidate)
    assert set(changes["part"]) == set(bench.parts)
    for line in changes.itertuples():
        place = f".wb-tuner td[data-part='{line.part}'][data-figure='{line.figure}']"
        shown = page.locator(place).all_inner_texts()
        assert shown == [
            figure(line.champion, line.unit),
            figure(line.candidate, line.unit),
            change(line.change, line.unit),
            within(line.low, line.high, line.unit),
            line.verdict,
        ], line.figure
    standing = bench.with_intervals(bench.standing(candidate))
    pictures = {image.get_attribute("aria-label") for image in page.locator(".wb-tuner svg[role=img]").all()}
    assert pictures == {PANELS[kind](bench, standing, part).alt for kind in PANELS for part in bench.parts}


def test_it_opens_on_the_champion(notebook: Notebook, page: Any, bench: Bench) -> None:
    demand_shown(page, bench, bench.champion)
    assert [button(page, name).is_disabled() for name in ("Undo", "Redo", "Reset to champion", "Save candidate")][
        1:
    ] == [
        True,
        True,
        False,
    ]


def test_a_slider_by_keyboard(notebook: Notebook, page: Any, bench: Bench) -> None:
    slider(page, BLOG).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    at_rest(notebook)
    assert box(page, BLOG).input_value() == "5"
    assert slider(page, BLOG).get_attribute("aria-valuetext") == "5 points"
    assert notebook.ask("tuner.session.edits") == {BLOG: 5}
    candidate = wb.change_model(bench.champion, {BLOG: 5})
    demand_shown(page, bench, candidate)
    judged = wb.backtest(candidate, work.seen(), part="validation")
    auc = page.locator(".wb-tuner td[data-part='validation'][data-figure='auc'][data-column='candidate']")
    assert auc.inner_text() == f"{judged.value('auc'):.3f}"


def test_a_number_typed(notebook: Notebook, page: Any, bench: Bench) -> None:
    box(page, EBOOK).fill("-4")
    page.keyboard.press("Enter")
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {EBOOK: -4}
    assert slider(page, EBOOK).input_value() == "-4"
    demand_shown(page, bench, wb.change_model(bench.champion, {EBOOK: -4}))


def test_a_rule_switched_off(notebook: Notebook, page: Any, bench: Bench) -> None:
    switch = page.get_by_role("checkbox", name="any page: on")
    switch.uncheck()
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {"rules.any_page.enabled": False}
    demand_shown(page, bench, wb.change_model(bench.champion, {"rules.any_page.enabled": False}))


def test_a_window_moved(notebook: Notebook, page: Any, bench: Bench) -> None:
    path = "rules.blog_visits.each.within"
    box(page, path).fill("30")
    page.keyboard.press("Enter")
    at_rest(notebook)
    demand_shown(page, bench, wb.change_model(bench.champion, {path: "30d"}))


def test_undo_redo_and_reset(notebook: Notebook, page: Any, bench: Bench) -> None:
    for path, value in ((BLOG, "7"), (EBOOK, "1")):
        box(page, path).fill(value)
        page.keyboard.press("Enter")
        at_rest(notebook)
    button(page, "Undo").click()
    at_rest(notebook)
    assert (box(page, BLOG).input_value(), box(page, EBOOK).input_value()) == ("7", "8")
    demand_shown(page, bench, wb.change_model(bench.champion, {BLOG: 7}))
    button(page, "Redo").click()
    at_rest(notebook)
    assert box(page, EBOOK).input_value() == "1"
    demand_shown(page, bench, wb.change_model(bench.champion, {BLOG: 7, EBOOK: 1}))
    button(page, "Reset to champion").click()
    at_rest(notebook)
    assert (box(page, BLOG).input_value(), box(page, EBOOK).input_value()) == ("3", "8")
    demand_shown(page, bench, bench.champion)
    button(page, "Undo").click()
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {BLOG: 7, EBOOK: 1}


def test_a_candidate_is_saved(notebook: Notebook, page: Any) -> None:
    name = f"saved-{next(_numbers)}.yaml"
    box(page, BLOG).fill("0")
    page.keyboard.press("Enter")
    at_rest(notebook)
    page.locator(".wb-tuner").get_by_label("Save as").fill(name)
    button(page, "Save candidate").click()
    at_rest(notebook)
    file = notebook.lab.folder / "notebooks" / name
    saved = wb.read_model(file)
    assert {each.id: each.points for each in saved.rules if each.id == "blog_visits"} == {"blog_visits": 0}
    assert saved.version == work.champion().version + 1
    assert "# The model in force." in file.read_text()
    assert name in page.locator(".wb-tuner").inner_text()
    notebook.shoot("tuner-saved")


@pytest.mark.parametrize("part", ["train", "validation"])
def test_a_threshold_dragged(notebook: Notebook, page: Any, bench: Bench, part: str) -> None:
    number = bench.parts.index(part)
    handle = page.locator(".wb-tuner [role=slider][data-name='tiers.MQL.from']").nth(number)
    handle.scroll_into_view_if_needed()
    place = handle.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x - 5 * step, y)
    page.mouse.up()
    at_rest(notebook)
    value = int(handle.get_attribute("aria-valuenow"))
    assert value < 35
    assert box(page, MQL).input_value() == str(value)
    assert notebook.ask("tuner.session.edits") == {MQL: value}
    demand_shown(page, bench, wb.change_model(bench.champion, {MQL: value}))


def test_a_threshold_by_keyboard(notebook: Notebook, page: Any, bench: Bench) -> None:
    handle = page.locator(".wb-tuner [role=slider][data-name='tiers.MQL.from']").first
    handle.focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    at_rest(notebook)
    assert (handle.get_attribute("aria-valuenow"), box(page, MQL).input_value()) == ("33", "33")
    demand_shown(page, bench, wb.change_model(bench.champion, {MQL: 33}))


def test_running_the_cell_again_goes_on(notebook: Notebook, page: Any, bench: Bench) -> None:
    box(page, BLOG).fill("6")
    page.keyboard.press("Enter")
    at_rest(notebook)
    notebook.run_cell(1)
    at_rest(notebook)
    assert box(page, BLOG).input_value() == "6"
    demand_shown(page, bench, wb.change_model(bench.champion, {BLOG: 6}))
    button(page, "Undo").click()
    at_rest(notebook)
    assert box(page, BLOG).input_value() == "3"


def test_nothing_jumps(notebook: Notebook, page: Any) -> None:
    def places() -> list[Any]:
        return page.evaluate(
            "() => [...document.querySelectorAll('.wb-tuner .wb-picture, .wb-tuner [data-path]')]"
            ".map(each => each.getBoundingClientRect()).map(each => [each.x, each.width, each.height, each.y])"
        )

    slider(page, BLOG).focus()
    before = places()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(250)  # the hand is still on it
    during = places()
    at_rest(notebook)
    assert before == during == places()


@pytest.mark.parametrize(
    ("path", "typed", "before", "told"),
    [
        ("dimensions.fit.min", "60", "-10", "50"),
        (BLOG, "5-", "3", "expected a number such as 12 or 2.5, found '5-'"),
        (BLOG, "1,5", "3", "blog visits: points: expected a number such as 12 or 2.5, found '1,5'"),
        (BLOG, "", "3", "found nothing"),
    ],
)
def test_what_is_refused_is_told(notebook: Notebook, page: Any, path: str, typed: str, before: str, told: str) -> None:
    box(page, path).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    at_rest(notebook)
    (banner,) = [each for each in notebook.wrong() if each.startswith("banner: ")]
    assert told in banner
    assert box(page, path).input_value() == before
    assert notebook.ask("tuner.session.edits") == {}
    notebook.shoot("tuner-refused")
    box(page, BLOG).fill("4")
    page.keyboard.press("Enter")
    at_rest(notebook)


def test_an_error_in_a_callback_is_shown(notebook: Notebook, page: Any) -> None:
    notebook.ask("0", before="kept = tuner.bench.standing\ntuner.bench.standing = None")
    slider(page, BLOG).focus()
    page.keyboard.press("ArrowRight")
    at_rest(notebook)
    assert any("banner: That failed: TypeError" in each for each in notebook.wrong())
    notebook.shoot("tuner-banner")
    notebook.ask("0", before="tuner.bench.standing = kept")
    page.keyboard.press("ArrowRight")
    at_rest(notebook)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_looks_right(notebook: Notebook, page: Any, theme: str) -> None:
    box(page, BLOG).fill("-3")
    page.keyboard.press("Enter")
    at_rest(notebook)
    notebook.theme(theme)
    for words, size in (("wide", WIDE), ("narrow", NARROW)):
        notebook.size(size)
        assert notebook.overflow() == []
        notebook.shoot(f"tuner-{theme}-{words}")
    notebook.size(WIDE)
    assert nameless(page, ".wb-tuner") == []
    assert faint(page, ".wb-tuner") == []
    assert grave_findings(notebook, ".wb-tuner") == []
    notebook.theme("light")


# --- what is done fast, one thing after the other ---------------------------------------------------------------------


@pytest.fixture
def slow(notebook: Notebook, page: Any) -> Iterator[Any]:
    """The page with a kernel that takes its time."""
    late = (
        "import time\nkept = tuner.bench.standing\ntuner.bench.standing = lambda model: time.sleep(0.15) or kept(model)"
    )
    notebook.ask("0", before=late)
    yield page
    notebook.ask("0", before="tuner.bench.standing = kept")


def typed(page: Any, path: str, text: str) -> None:
    """Type into a box, without Enter."""
    box(page, path).click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text, delay=40)


def saved_points(notebook: Notebook, name: str) -> float:
    """The points of visits to the blog in a file that was saved."""
    saved = wb.read_model(notebook.lab.folder / "notebooks" / name)
    return next(float(each.points) for each in saved.rules if each.id == "blog_visits")


@pytest.mark.parametrize("how", ["typed", "keys"])
def test_what_is_saved_at_once_is_what_the_page_shows(notebook: Notebook, slow: Any, how: str) -> None:
    name = f"fast-{next(_numbers)}.yaml"
    slow.locator(".wb-tuner").get_by_label("Save as").fill(name)
    if how == "typed":
        typed(slow, BLOG, "15")
    else:
        slider(slow, BLOG).focus()
        for _ in range(3):
            slow.keyboard.press("ArrowRight")
    shown = box(slow, BLOG).input_value()
    button(slow, "Save candidate").click()
    at_rest(notebook)
    at_rest(notebook)
    assert float(shown) == saved_points(notebook, name) == {"typed": 15, "keys": 6}[how]
    assert (box(slow, BLOG).input_value(), notebook.ask("tuner.session.edits")) == (shown, {BLOG: float(shown)})


def test_what_is_undone_at_once_is_what_was_just_typed(notebook: Notebook, slow: Any) -> None:
    typed(slow, EBOOK, "2")
    slow.keyboard.press("Enter")
    at_rest(notebook)
    typed(slow, BLOG, "15")
    button(slow, "Undo").click()
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {EBOOK: 2}
    assert (box(slow, BLOG).input_value(), box(slow, EBOOK).input_value()) == ("3", "2")
    assert button(slow, "Redo").is_enabled()


def test_two_edits_at_once_are_both_kept(notebook: Notebook, slow: Any) -> None:
    for path, text in ((BLOG, "1"), (EBOOK, "2"), (MQL, "33")):
        box(slow, path).fill(text)
        slow.keyboard.press("Enter")
    slow.get_by_role("checkbox", name="any page: on").uncheck()
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {BLOG: 1, EBOOK: 2, MQL: 33, "rules.any_page.enabled": False}
    assert [box(slow, path).input_value() for path in (BLOG, EBOOK, MQL)] == ["1", "2", "33"]


def test_a_handle_and_then_undo(notebook: Notebook, slow: Any) -> None:
    slow.locator(".wb-tuner [role=slider][data-name='tiers.MQL.from']").first.focus()
    for _ in range(3):
        slow.keyboard.press("ArrowLeft")
    button(slow, "Undo").click()
    at_rest(notebook)
    handles = slow.locator(".wb-tuner [role=slider][data-name='tiers.MQL.from']").all()
    assert [each.get_attribute("aria-valuenow") for each in handles] == ["35", "35"]
    assert (notebook.ask("tuner.session.edits"), box(slow, MQL).input_value()) == ({}, "35")


@pytest.mark.parametrize("mover", ["handle", "slider"])
def test_all_places_of_a_threshold_move_at_once(notebook: Notebook, slow: Any, mover: str) -> None:
    handles = slow.locator(".wb-tuner [role=slider][data-name='tiers.MQL.from']")
    (handles.first if mover == "handle" else slider(slow, MQL)).focus()
    slow.keyboard.press("ArrowLeft")
    handle = "each => each.getAttribute('aria-valuenow') ?? each.value"
    everywhere = ".wb-tuner [data-name='tiers.MQL.from'], .wb-tuner [data-path='tiers.MQL.from'] input"
    shown = slow.evaluate(f"place => [...document.querySelectorAll(place)].map({handle})", everywhere)
    assert shown == ["34"] * 4
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {MQL: 34}


# --- boxes ------------------------------------------------------------------------------------------------------------


def test_arrows_step_in_a_box(notebook: Notebook, page: Any) -> None:
    box(page, BLOG).focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "PageUp"):
        page.keyboard.press(key)
    at_rest(notebook)
    assert (box(page, BLOG).input_value(), notebook.ask("tuner.session.edits")) == ("14", {BLOG: 14})


def test_a_cap_is_removed_by_emptying_its_box(notebook: Notebook, page: Any) -> None:
    box(page, "dimensions.fit.min").fill("")
    page.keyboard.press("Enter")
    at_rest(notebook)
    assert notebook.ask("tuner.session.edits") == {"dimensions.fit.min": None}
    assert box(page, "dimensions.fit.min").input_value() == ""


def test_a_rounded_value_is_said(notebook: Notebook, page: Any) -> None:
    box(page, BLOG).fill("4.12345")
    page.keyboard.press("Enter")
    at_rest(notebook)
    assert box(page, BLOG).input_value() == "4.123"
    assert "4.12345 was rounded to 4.123." in page.locator(".wb-tuner .wb-status").inner_text()


def test_a_file_is_replaced_if_that_is_ticked(notebook: Notebook, page: Any) -> None:
    name = f"other-{next(_numbers)}.yaml"
    (notebook.lab.folder / "notebooks" / name).write_text("mine")
    page.locator(".wb-tuner").get_by_label("Save as").fill(name)
    button(page, "Save candidate").click()
    at_rest(notebook)
    assert any("replace the file" in each for each in notebook.wrong())
    page.get_by_role("checkbox", name="replace the file").check()
    button(page, "Save candidate").click()
    at_rest(notebook)
    assert saved_points(notebook, name) == 3
    assert not page.get_by_role("checkbox", name="replace the file").is_checked()


# --- the page around it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["[role=slider]", "summary", "input[type=checkbox]", "input[type=range]", "button"])
def test_keys_do_not_run_commands_of_the_notebook(notebook: Notebook, page: Any, place: str) -> None:
    before = len(notebook.cells())
    page.locator(f".wb-tuner {place}:not([disabled])").first.focus()
    for key in ("d", "d", "a", "b", "x", "Shift+d"):
        page.keyboard.press(key)
    notebook.settle()
    assert len(notebook.cells()) == before


def test_a_second_tuner_of_the_same_takes_the_place_of_the_first(opener: Opener) -> None:
    code = ("first = Tuner(champion, seen)\nfirst", "second = Tuner(champion, seen)\nsecond")
    notebook = opener(cells=(f"{work.BEGIN}\nfrom workbench.widgets import Tuner", *code))
    assert notebook.page.locator(".wb-tuner").count() == 1
    assert notebook.ask("first.bench is second.bench")
    assert notebook.page.locator(".wb-static").first.is_visible()
    box(notebook.page, BLOG).fill("15")  # the first edit of all: there is something to undo before the kernel says so
    button(notebook.page, "Undo").click()
    at_rest(notebook)
    assert notebook.ask("(second.session.edits, second.session.can_redo)") == ({}, True)
    assert button(notebook.page, "Undo").is_disabled()
    assert notebook.wrong() == []


@pytest.mark.parametrize("end", ["restart", "death"])
def test_without_its_kernel_it_says_so_and_rests(opener: Opener, end: str) -> None:
    notebook = opener(
        cells=(f"{work.BEGIN}\nfrom workbench.widgets import Tuner", "tuner = Tuner(champion, seen)\ntuner")
    )
    page = notebook.page
    if end == "restart":
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    else:
        os.kill(notebook.ask("__import__('os').getpid()"), signal.SIGKILL)
    told = page.locator(".wb-tuner > .wb-cut-off")
    told.wait_for(timeout=20_000)
    assert told.inner_text() == "Not connected to the kernel any more: run this cell again."
    assert page.evaluate("() => document.querySelector('.wb-tuner .wb-box').closest('[inert]') !== null")
    notebook.shoot(f"tuner-cut-off-{end}")
