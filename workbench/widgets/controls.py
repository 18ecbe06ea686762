"""Everything that can be turned in a model, as one widget."""

from __future__ import annotations

import anywidget
import traitlets

from workbench.widgets.picture import page_script, page_style


class Controls(anywidget.AnyWidget):
    """Sections of rules with a slider and a number box for each number, and a checkbox for each rule.

    One widget for all of them: forty rules as stock widgets would be hundreds of models in the page.

    Attributes:
        sections: what there is, as `workbench.widgets.rows` makes it.
        values: the value of every knob, by path; None where nothing is set.
        evidence: what the outcomes say of each rule or case, by the path of its points, as
            `workbench.widgets.outcomes` makes it.
        queue: written by the page: all that was done and has not been answered, in order; each with n, which counts up.
            An edit has path, value and settled (false while the hand is still on it); its value is None where a box
            was emptied, and a text where it held no number. What the bar asks for has do ("undo", "redo", "reset", or
            "save" with path and replace), and seen: the last n that was done when the hand went there.
        done: the last n that was answered.
    """

    _esm = page_script("controls.js")
    _css = page_style("controls.css", "tuner.css")

    sections = traitlets.List(traitlets.Dict()).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    evidence = traitlets.Dict().tag(sync=True)
    queue = traitlets.List(traitlets.Dict()).tag(sync=True, echo_update=False)
    done = traitlets.Int(0).tag(sync=True)
