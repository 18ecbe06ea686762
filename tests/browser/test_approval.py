"""The approval panel in the page: it says what is missing, and its two presses make a bundle that verifies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import work
from tests.browser.accessibility import faint, grave_findings, nameless
from tests.browser.conftest import Opener
from tests.browser.notebook import NARROW, WIDE, Notebook
from workbench.approval import read_bundle

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def notebook(opener: Opener) -> Notebook:
    """The panel for the sample's challenger."""
    panel = "panel = ApprovalPanel(challenger, seen, history=history, champion=champion, out='../out/panel')\npanel"
    opened = opener(cells=(f"{work.BEGIN}\nfrom workbench.widgets import ApprovalPanel", panel))
    assert opened.wrong() == []
    return opened


def missing(page: Any) -> set[str]:
    """What the list says is open."""
    return {each.get_attribute("data-need") for each in page.locator(".wb-approval .wb-need[data-state=open]").all()}


def test_from_nothing_to_a_bundle(notebook: Notebook) -> None:
    page = notebook.page
    panel = page.locator(".wb-approval")
    approve = panel.get_by_role("button", name="Approve")
    assert approve.is_disabled()
    assert missing(page) == set(notebook.ask("[each.key for each in panel.needs if each.hard and not each.met]"))
    notebook.shoot("approval-open")
    panel.get_by_role("button", name="Write evidence").click()
    notebook.settle()
    for label, text in (
        ("Author: a role", "revenue operations"),
        ("Approver: another role", "head of sales"),
        ("Why it may score leads", "More of the buyers are in the top 20 % of leads."),
    ):
        before = missing(page)
        panel.get_by_label(label).fill(text)
        notebook.settle()
        assert missing(page) <= before
    assert missing(page) == set()
    assert approve.is_enabled()
    approve.click()
    page.locator(".wb-approval .wb-approved").wait_for(timeout=60_000)
    notebook.settle()
    assert notebook.wrong() == []
    bundle = read_bundle(notebook.lab.folder / "out" / "panel" / "bundle")
    assert bundle.approval.approver == "head of sales"
    assert bundle.approval.digest in page.locator(".wb-approval .wb-approved").inner_text()
    assert bundle.approval.model.scoring_digest == work.challenger().scoring_digest


def test_the_owner_may_not_approve(notebook: Notebook) -> None:
    panel = notebook.page.locator(".wb-approval")
    author = panel.get_by_label("Author: a role").input_value()
    panel.get_by_label("Approver: another role").fill(author)
    notebook.settle()
    assert panel.get_by_role("button", name="Approve").is_disabled()
    assert missing(notebook.page) != set()
    panel.get_by_label("Approver: another role").fill("head of sales")
    notebook.settle()
    assert notebook.wrong() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_looks_right(notebook: Notebook, theme: str) -> None:
    notebook.theme(theme)
    for words, size in (("wide", WIDE), ("narrow", NARROW)):
        notebook.size(size)
        assert notebook.overflow() == []
        notebook.shoot(f"approval-{theme}-{words}")
    notebook.size(WIDE)
    assert nameless(notebook.page, ".wb-approval") == []
    assert faint(notebook.page, ".wb-approval") == []
    assert grave_findings(notebook, ".wb-approval") == []
    notebook.theme("light")
