"""The comparer in the page: the verdict, figures and pictures of each part are those of the library."""

from __future__ import annotations

from typing import Any

import pytest

import workbench as wb
from tests.browser import work
from tests.browser.accessibility import faint, grave_findings, nameless
from tests.browser.conftest import Opener
from tests.browser.notebook import NARROW, WIDE, Notebook
from workbench.tuning import Bench
from workbench.tuning.moves import moves
from workbench.widgets.panels import PANELS
from workbench.widgets.wording import change, figure, within

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def notebook(opener: Opener) -> Notebook:
    """The comparer on the sample."""
    opened = opener(
        cells=(
            f"{work.BEGIN}\nfrom workbench.widgets import Comparer",
            "comparer = Comparer(champion, challenger, seen)\ncomparer",
        )
    )
    assert opened.wrong() == []
    return opened


@pytest.fixture
def page(notebook: Notebook) -> Any:
    """The page; nothing may have gone wrong at the end."""
    yield notebook.page
    assert notebook.wrong() == []


def switch(notebook: Notebook, part: str) -> None:
    """Look at another part."""
    notebook.page.locator(".wb-comparer").get_by_label("Part").select_option(label=part)
    notebook.settle()


@pytest.mark.parametrize("part", ["train", "validation"])
def test_a_part_is_what_the_library_says_of_it(notebook: Notebook, page: Any, part: str) -> None:
    switch(notebook, part)
    bench = Bench(work.champion(), work.seen())
    changes = bench.changes(work.challenger())
    lines = changes[changes["part"] == part]
    assert page.locator(".wb-comparer td[data-figure]").count() == 5 * len(lines)
    for line in lines.itertuples():
        shown = page.locator(f".wb-comparer td[data-part='{part}'][data-figure='{line.figure}']").all_inner_texts()
        numbers = [figure(line.champion, line.unit), figure(line.candidate, line.unit)]
        assert shown[:2] == numbers
        assert shown[2:4] == [change(line.change, line.unit), within(line.low, line.high, line.unit)]
    standing = bench.with_intervals(bench.standing(work.challenger()))
    pictures = {each.get_attribute("aria-label") for each in page.locator(".wb-comparer svg[role=img]").all()}
    assert pictures == {PANELS[kind](bench, standing, part).alt for kind in PANELS}
    verdict = lines.set_index("figure").loc["auc", "verdict"]
    assert page.locator(".wb-comparer .wb-says").get_attribute("data-verdict") == verdict
    moved = moves(bench, work.challenger(), part)
    assert f"{moved['n'].sum():,}" in page.locator(".wb-comparer .wb-moves .wb-total").inner_text()


def test_what_differs_is_told(page: Any) -> None:
    changed = wb.diff(work.champion(), work.challenger())
    page.locator(".wb-comparer summary").last.click()  # a long difference is folded
    told = page.locator(".wb-comparer").inner_text()
    assert len(changed.frame) > 3
    for line in changed.frame.itertuples():
        assert str(line.what).split("\n")[0] in told


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_looks_right(notebook: Notebook, page: Any, theme: str) -> None:
    switch(notebook, "validation")
    notebook.theme(theme)
    for words, size in (("wide", WIDE), ("narrow", NARROW)):
        notebook.size(size)
        assert notebook.overflow() == []
        notebook.shoot(f"comparer-{theme}-{words}")
    notebook.size(WIDE)
    assert nameless(page, ".wb-comparer") == []
    assert faint(page, ".wb-comparer") == []
    assert grave_findings(notebook, ".wb-comparer") == []
    notebook.theme("light")
