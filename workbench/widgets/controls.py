"""Everything that can be turned in a model, as one widget."""

from __future__ import annotations

import anywidget
import traitlets

from workbench.widgets.picture import page_file


class Controls(anywidget.AnyWidget):
    """Sections of rules with a slider and a number box for each number, and a checkbox for each rule.

    One widget for all of them: forty rules as stock widgets would be hundreds of models in the page.

    Attributes:
        sections: what there is, as `workbench.widgets.rows` makes it.
        values: the value of every knob, by path; None where nothing is set.
        evidence: what the outcomes say of each rule or case, by the path of its points, as
            `workbench.widgets.outcomes` makes it.
        changed: written by the page: path, value, settled (false while the hand is still on it), and n, which counts
            up. The value is the text "not a number" where a box held none.
    """

    _esm = page_file("controls.js")
    _css = "\n".join(page_file(name) for name in ("page.css", "controls.css", "tuner.css"))

    sections = traitlets.List(traitlets.Dict()).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    evidence = traitlets.Dict().tag(sync=True)
    changed = traitlets.Dict().tag(sync=True, echo_update=False)
