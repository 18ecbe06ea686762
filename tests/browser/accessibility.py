"""What axe-core finds in the parts of a page that we draw, and the names of its controls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from tests.browser.notebook import Notebook
from tests.conftest import not_here

GRAVE: Final = ("serious", "critical")
# JupyterLab's body has no height and cuts off what runs over; axe-core takes all that lies in it to be out of sight.
_RUN: Final = """async selector => {
  document.body.style.minHeight = '100vh'
  const found = await window.axe.run({ include: [[selector]] }, { resultTypes: ['violations'] })
  document.body.style.minHeight = ''
  return found.violations.map(each => ({
    id: each.id, impact: each.impact, help: each.help,
    nodes: each.nodes.map(node => node.html.slice(0, 200) + ' | ' + (node.any[0]?.message ?? '')),
  }))
}"""
# Contrast of a colour with what lies behind an element, as the Web Content Accessibility Guidelines 2 define it.
CONTRAST: Final = """
  const bright = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(each => each / 255)
      .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = each => {
    for (; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor
      if (!/, 0\\)$|transparent/.test(colour)) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const contrast = (each, property) => {
    const [a, b] = [bright(getComputedStyle(each)[property]), bright(ground(each))]
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
  }"""
_FAINT: Final = """
  return [...document.querySelectorAll(`${selector} svg text`)]
    .filter(each => each.textContent.trim() && contrast(each, 'fill') < 4.5)
    .map(each => `${each.textContent}: ${contrast(each, 'fill').toFixed(2)}`)"""
_CONTROLS: Final = "input, select, textarea, button, a[href], [tabindex='0'], [role=slider], [role=button], summary"
_NAMELESS: Final = """([selector, controls]) => {
  const named = each => each.getAttribute('aria-label')?.trim()
    || [...(each.labels ?? [])].some(label => label.innerText.trim())
    || (each.getAttribute('aria-labelledby') ?? '').split(' ').some(id => document.getElementById(id)?.innerText.trim())
    || (!['INPUT', 'SELECT', 'TEXTAREA'].includes(each.tagName) && each.innerText.trim())
  return [...document.querySelectorAll(selector)].flatMap(root => [...root.querySelectorAll(controls)])
    .filter(each => each.checkVisibility() && !named(each)).map(each => each.outerHTML.slice(0, 200))
}"""


def axe_script() -> str:
    """The text of axe.min.js, which WORKBENCH_AXE names."""
    file = Path(os.environ.get("WORKBENCH_AXE", ""))
    if not file.is_file():
        not_here("axe-core is not there: npm install axe-core, and name its axe.min.js in WORKBENCH_AXE")
    return file.read_text(encoding="utf-8")


def grave_findings(notebook: Notebook, selector: str) -> list[str]:
    """What axe-core calls serious or critical below a selector; all of the notebook is brought into sight for it."""
    page = notebook.page
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_script())
    with notebook.unrolled():
        found = page.evaluate(_RUN, selector)
    return [f"{each['id']} ({each['help']}): {each['nodes'][:4]}" for each in found if each["impact"] in GRAVE]


def faint(page: Any, selector: str) -> list[str]:
    """Words in drawings below a selector that stand out too little from the page (axe-core leaves drawings out)."""
    found: list[str] = page.evaluate(f"selector => {{ {CONTRAST}\n{_FAINT} }}", selector)
    return found


def nameless(page: Any, selector: str) -> list[str]:
    """The controls below a selector that a screen reader could not name."""
    found: list[str] = page.evaluate(_NAMELESS, [selector, _CONTROLS])
    return found
