"""A table of which one row can be chosen, by pointer or keyboard."""

from __future__ import annotations

import anywidget
import traitlets

from workbench.widgets.picture import page_script, page_style


class Choice(anywidget.AnyWidget):
    """Rows of text, a page at a time; one of them can be chosen.

    On the page the arrow keys move between rows, Enter or Space chooses, PageUp and PageDown turn the page.

    Attributes:
        label: what the table is, for people who do not see it.
        columns: of each its label, and whether it holds numbers (set to the right).
        rows: those of this page: key, and cells (texts, one a column).
        chosen: the key of the row that is chosen; empty without one. Also written by the page.
        page: number of the page, from 0. Also written by the page.
        pages: how many there are.
        where: which rows are shown, such as `21-40 of 182`.
        nobody: the sentence that stands there if there are no rows.
    """

    _esm = page_script("choice.js")
    _css = page_style("choice.css")

    label = traitlets.Unicode("").tag(sync=True)
    columns = traitlets.List(traitlets.Dict()).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    page = traitlets.Int(0).tag(sync=True)
    pages = traitlets.Int(1).tag(sync=True)
    where = traitlets.Unicode("").tag(sync=True)
    nobody = traitlets.Unicode("").tag(sync=True)
