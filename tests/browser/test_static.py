"""What an executed notebook shows where no kernel runs: opened by somebody who does not trust it, or exported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.browser import work
from tests.browser.accessibility import CONTRAST
from tests.browser.conftest import Opener
from tests.browser.lab import Lab
from tests.browser.notebook import TALLEST, WIDE

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CELLS = (
    f"{work.BEGIN}\nfrom workbench import plots, reports\nfrom workbench import widgets",
    "result = wb.backtest(champion, seen)\nreports.metrics(result)",
    "plots.picture(plots.plot_bands, result)",
    "reports.tiers(result)",
    "wb.diff(champion, challenger)",
    "widgets.Tuner(champion, seen)",
    "widgets.ErrorExplorer(champion, seen, history)",
    "widgets.Comparer(champion, challenger, seen)",
    "widgets.ApprovalPanel(challenger, seen, history=history, champion=champion, out='../out/static')",
)
# Pictures and tables of each output, as they can be seen: size, whether loaded, and the worst contrast of a text.
_SEEN = f"""selector => {{ {CONTRAST}
"""
_SEEN += """
  return [...document.querySelectorAll(selector)].map(output => {
    const images = [...output.querySelectorAll('img')].filter(each => each.checkVisibility())
    const tables = [...output.querySelectorAll('table')].filter(each => each.checkVisibility())
    const cells = tables.flatMap(each => [...each.querySelectorAll('td, th, caption')])
      .filter(each => each.innerText.trim())
    return {
      images: images.length,
      tables: tables.length,
      loaded: images.every(each => each.complete && each.naturalWidth > 50 && each.width > 50),
      described: images.every(each => each.alt.length > 20),
      contrast: Math.min(99, ...cells.map(each => contrast(each, 'color'))),
      text: output.innerText.slice(0, 300),
    }
  })
}"""
LAB = ".jp-Notebook .jp-Cell:has(.jp-OutputArea-child) .jp-Cell-outputArea"
EXPORT = ".jp-Cell:has(.jp-OutputArea-child) .jp-Cell-outputArea"
LEAST = [(0, 1), (1, 0), (0, 1), (0, 1), (8, 1), (0, 2), (4, 2), (0, 1)]
"""Pictures and tables that each output shows at least."""


@pytest.fixture(scope="module")
def executed(opener: Opener, lab: Lab) -> Path:
    """A notebook that was run and saved."""
    notebook = opener(cells=CELLS)
    assert notebook.wrong() == []
    notebook.save()
    path = notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    return lab.folder / path


def demand_readable(seen: list[dict[str, Any]]) -> None:
    """Every picture and table is there and can be read."""
    assert len(seen) == len(LEAST)
    for found, (images, tables) in zip(seen, LEAST, strict=True):
        assert found["images"] >= images, found
        assert found["tables"] >= tables, found
        assert found["loaded"], found
        assert found["described"], found
        assert found["contrast"] >= 4.5, found


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "untrusted"])
def test_opened_again(opener: Opener, lab: Lab, executed: Path, trusted: bool) -> None:
    book = nbformat.read(executed, as_version=4)
    if not trusted:  # the signature is of the content
        book.cells.append(nbformat.v4.new_markdown_cell("From somebody else."))
    copy = executed.with_name(f"copy-{trusted}.ipynb")
    nbformat.write(book, copy)
    notebook = opener(str(copy.relative_to(lab.folder)), run=False)
    notebook.settle()
    for theme in ("light", "dark"):
        notebook.theme(theme)
        notebook.shoot(f"static-{copy.stem}-{theme}")
        demand_readable(notebook.page.evaluate(_SEEN, LAB))
    notebook.theme("light")
    assert notebook.outside == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_exported(chromium: Any, executed: Path, shots: Path, tmp_path: Path, theme: str) -> None:
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--theme", theme, "--output-dir", str(tmp_path)]
    done = subprocess.run([*command, str(executed)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    context = chromium.new_context(viewport={**WIDE, "height": TALLEST}, color_scheme=theme, offline=True)
    page = context.new_page()
    page.goto((tmp_path / executed.with_suffix(".html").name).as_uri(), wait_until="load")
    page.screenshot(path=str(shots / f"static-export-{theme}.png"))
    demand_readable(page.evaluate(_SEEN, EXPORT))
    context.close()
