"""A notebook open in real JupyterLab, in real Chromium."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import nbformat

from tests.browser.lab import Lab

WIDE: Final = {"width": 1500, "height": 1000}
NARROW: Final = {"width": 640, "height": 1000}
TALLEST: Final = 8000
OPEN_MS: Final = 90_000

_READY: Final = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget
  const session = panel?.sessionContext
  return !!session && session.isReady && session.session?.kernel?.status === 'idle' && panel.content.widgets.length > 0
}"""
# Whatever a kernel says on its error channel: the traceback of a callback goes to no cell, only to the log console.
_LISTEN: Final = """() => {
  window.heard = []
  window.jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, message) => {
    const { content, header } = message
    if (header.msg_type === 'error') window.heard.push(content.ename + ': ' + content.evalue)
    if (header.msg_type === 'stream' && content.name === 'stderr') window.heard.push(content.text)
  })
}"""
_RUN: Final = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
_CELLS: Final = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"
_THEME: Final = """async name => {
  await window.jupyterapp.commands.execute('apputils:change-theme', { theme: name })
}"""
_SAVE: Final = "() => window.jupyterapp.shell.currentWidget.context.save()"
_QUIET: Final = """async () => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
  await kernel.requestExecute({ code: '', silent: true }).done // which ends after all that was sent to the page before
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
}"""
# Of what we draw, what is wider than the place it has.
_OVERFLOW: Final = """() => [...document.querySelectorAll('.wb')]
  .filter(root => root.offsetParent && root.scrollWidth > root.clientWidth + 1)
  .map(root => root.className + ': ' + root.scrollWidth + ' > ' + root.clientWidth)"""
_HEIGHT: Final = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(each => each.getBoundingClientRect())
  return Math.ceil(cells.at(-1).bottom - cells[0].top) + 140
}"""
_TOP: Final = "() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0 }"
_ASK: Final = """async ([before, expression]) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
  const asked = { code: before, user_expressions: { answer: expression }, store_history: false }
  const { content } = await kernel.requestExecute(asked).done
  if (content.status !== 'ok') throw new Error(content.ename + ': ' + content.evalue)
  const { answer } = content.user_expressions
  if (answer.status !== 'ok') throw new Error(answer.ename + ': ' + answer.evalue)
  return answer.data['text/plain']
}"""
# JupyterLab asks every new kernel for its widgets; one that has not imported ipywidgets as yet says this, and no more.
_TOO_EARLY: Final = re.compile(r"No such comm target registered: jupyter\.widget\.control\n|No such comm: [\w-]+\n")
_NOT_OURS: Final = re.compile(r"favicon|ResizeObserver loop")


@dataclass
class Notebook:
    """A notebook in a page of the browser.

    Attributes:
        page: the browser's page (Playwright).
        outside: addresses of other machines that the page asked for; there must be none.
        complaints: errors of the page's own scripts.
    """

    page: Any
    lab: Lab
    shots: Path
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Listen to what the page asks for and complains of."""
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.page.on("console", self._told)

    def _asked(self, request: Any) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https", "ws", "wss") and place.hostname not in ("127.0.0.1", "localhost"):
            self.outside.append(request.url)

    def _told(self, message: Any) -> None:
        if message.type == "error" and not _NOT_OURS.search(message.text):
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        """Open a notebook of the lab's folder and wait until its kernel is idle."""
        self.page.goto(f"{self.lab.url}doc/tree/{path}?reset&token={self.lab.token}", wait_until="domcontentloaded")
        self.ready()

    def ready(self) -> None:
        """Wait until the kernel is idle, then listen to it."""
        self.page.wait_for_function(_READY, timeout=OPEN_MS)
        self.page.evaluate(_LISTEN)

    def run(self) -> None:
        """Run all cells and wait until the page has drawn what they show."""
        self.page.evaluate(_RUN)
        self.settle()

    def settle(self) -> None:
        """Wait until the kernel has answered all that it was told, and the page has drawn it."""
        for _ in range(2):  # an answer may make the page tell the kernel something in its turn
            self.page.evaluate(_QUIET)

    def ask(self, expression: str, *, before: str = "") -> Any:
        """What an expression is in the kernel, as a plain value; `before` is run first."""
        return ast.literal_eval(self.page.evaluate(_ASK, [before, expression]))

    def run_cell(self, number: int) -> None:
        """Run one cell, by its number from 0."""
        self.page.evaluate("n => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = n }", number)
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
        self.settle()

    def save(self) -> None:
        """Save the notebook with its outputs."""
        self.page.evaluate(_SAVE)

    def cells(self) -> list[dict[str, Any]]:
        """The cells as they stand, with their outputs."""
        found: list[dict[str, Any]] = self.page.evaluate(_CELLS)
        return found

    def outputs(self) -> list[dict[str, Any]]:
        """All outputs of all cells."""
        return [each for cell in self.cells() for each in cell.get("outputs", [])]

    def unfinished(self) -> list[str]:
        """The code cells that did not run."""
        cells = (each for each in self.cells() if each["cell_type"] == "code")
        return ["".join(each["source"]) for each in cells if not each["execution_count"]]

    def wrong(self) -> list[str]:
        """Everything that went wrong, shown or hidden: empty when all is well."""
        shown = [f"{each['ename']}: {each['evalue']}" for each in self.outputs() if each["output_type"] == "error"]
        heard = "".join(f"{each.rstrip()}\n" for each in self.page.evaluate("() => window.heard"))
        heard = _TOO_EARLY.sub("", heard)
        banners = self.page.locator(".wb-banner").all()
        told = [f"banner: {each.inner_text()}" for each in banners if each.is_visible() and each.inner_text().strip()]
        away = [f"asked for {each}" for each in self.outside]
        return [*shown, *heard.splitlines(), *told, *away, *self.complaints]

    def theme(self, name: str) -> None:
        """Change JupyterLab's theme to "light" or "dark"."""
        self.page.evaluate(_THEME, f"JupyterLab {name.title()}")
        light = str(name == "light").lower()
        self.page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached", timeout=20_000)

    def size(self, size: dict[str, int]) -> None:
        """Make the window another size."""
        self.page.set_viewport_size(size)
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def overflow(self) -> list[str]:
        """What we draw and is wider than the place it has."""
        found: list[str] = self.page.evaluate(_OVERFLOW)
        return found

    def shoot(self, name: str, target: Any = None) -> Path:
        """Take a picture of the whole notebook or of one part of the page."""
        file = self.shots / f"{name}.png"
        if target is not None:
            target.screenshot(path=str(file))
            return file
        with self.unrolled():
            self.page.screenshot(path=str(file))
        return file

    @contextmanager
    def unrolled(self) -> Iterator[None]:
        """While the window is as high as the notebook."""
        size = self.page.viewport_size
        self.size({**size, "height": min(self.page.evaluate(_HEIGHT), TALLEST)})
        self.page.evaluate(_TOP)
        yield
        self.size(size)


def write_notebook(file: Path, cells: Iterable[str]) -> None:
    """Write a notebook of code cells."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, file)


def shots_folder(otherwise: Path) -> Path:
    """Where pictures go: the folder that WORKBENCH_SHOTS names, else the given one."""
    folder = Path(os.environ.get("WORKBENCH_SHOTS") or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
