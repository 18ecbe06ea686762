"""What the last change did, in words, also for people who hear the page."""

from __future__ import annotations

import anywidget
import traitlets

from workbench.widgets.picture import page_file


class Status(anywidget.AnyWidget):
    """A line that is read out when it changes.

    Attributes:
        text: what to say.
    """

    _esm = page_file("status.js")
    _css = page_file("page.css")

    text = traitlets.Unicode("").tag(sync=True)
