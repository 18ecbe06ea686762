"""A drawing on the page, and the handles that can be moved on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from workbench.drawing import Drawing

HERE = Path(__file__).parent


def page_file(name: str) -> str:
    """The text of one of our JavaScript or CSS files; anywidget would keep alive every widget that is given a path."""
    return (HERE / name).read_text(encoding="utf-8")


def page_script(name: str) -> str:
    """One of our modules, with what all of them need at the root of their widget in front of it."""
    return f"{page_file('guard.js')}\n{page_file(name)}"


def page_style(*names: str) -> str:
    """What the page needs to draw one of our widgets: what all share, and some files of its own."""
    return "\n".join(page_file(name) for name in ("page.css", "guard.css", *names))


class Picture(anywidget.AnyWidget):
    """One drawing as a widget; only what changed is sent to the page.

    Attributes:
        svg: the drawing, made by `workbench.drawing`.
        label: what the picture is, for people who do not see it.
        handles: what can be moved: name, label, value, min, max and step of each, in units of the drawing's x axis;
            where `drawn` is false the drawing itself does not name it, so that the handle shows its name.
        frame: where the plot area lies in the drawing, and its x range: the fields of `workbench.drawing.Frame`.
        moved: written by the page: name, value, settled (false while the hand is still on it), and n, which counts up;
            not where the page has a queue that takes it (`Controls`).
    """

    _esm = page_script("picture.js")
    _css = page_style()

    svg = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    handles = traitlets.List(traitlets.Dict()).tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
    moved = traitlets.Dict().tag(sync=True, echo_update=False)

    @classmethod
    def of(cls, drawing: Drawing, *, handles: Sequence[dict[str, Any]] = ()) -> Picture:
        """A picture that shows a drawing."""
        picture = cls()
        picture.show(drawing, handles=handles)
        return picture

    def show(self, drawing: Drawing, *, handles: Sequence[dict[str, Any]] | None = None) -> None:
        """Show another drawing; handles stay where they are if none are given."""
        with self.hold_sync():
            self.svg = drawing.svg
            self.label = drawing.alt
            self.frame = {} if drawing.frame is None else drawing.frame.as_dict()
            if handles is not None:
                self.handles = list(handles)
