"""What the last change did, in words, also for people who hear the page."""

from __future__ import annotations

import anywidget
import traitlets

from workbench.widgets.picture import page_script, page_style


class Status(anywidget.AnyWidget):
    """A line that is read out when it changes.

    Attributes:
        text: what to say.
    """

    _esm = page_script("status.js")
    _css = page_style()

    text = traitlets.Unicode("").tag(sync=True)
