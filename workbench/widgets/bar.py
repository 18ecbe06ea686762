"""The bar of the tuner: steps back and forth, and where the candidate is saved."""

from __future__ import annotations

import anywidget
import traitlets

from workbench.widgets.picture import page_script, page_style


class Bar(anywidget.AnyWidget):
    """Undo, Redo, Reset to champion, and Save candidate with the name of the file.

    What is asked of it is written to the queue of `Controls`, behind the edits that were made before.

    Attributes:
        can: which of undo, redo and reset there is something for.
        path: where the candidate is to be saved.
        replace: whether a file of somebody else may be overwritten.
    """

    _esm = page_script("bar.js")
    _css = page_style("bar.css")

    can = traitlets.Dict().tag(sync=True)
    path = traitlets.Unicode("").tag(sync=True)
    replace = traitlets.Bool(False).tag(sync=True)
