"""What a widget leaves behind where no front end runs: plain tables and pictures, readable on any ground."""

from __future__ import annotations

import base64
import html

import pandas as pd

from workbench.drawing import Drawing
from workbench.markup import headline_html
from workbench.tuning import Bench, Standing
from workbench.widgets.figures import Words, plain_figures_html
from workbench.widgets.panels import PANELS


def image_html(drawing: Drawing, *, width: int = 460) -> str:
    """A drawing as an `<img>`: a page that strips styles and scripts keeps it; white behind it, for dark pages."""
    data = base64.b64encode(drawing.svg.encode()).decode("ascii")
    return (
        f'<img alt="{html.escape(drawing.alt)}" width="{width}" '
        'style="background:#ffffff;max-width:100%;height:auto;margin:0 8px 8px 0" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def tuner_html(bench: Bench, standing: Standing, changes: pd.DataFrame) -> str:
    """The tuner as it stands: headline figures, and every picture of every part."""
    model = bench.champion
    head = headline_html(f"Tuning {model.name}, version {model.version}: candidate against champion")
    rows = (
        "<div>" + "".join(image_html(draw(bench, standing, part)) for part in bench.parts) + "</div>"
        for draw in PANELS.values()
    )
    return head + plain_figures_html(changes, Words.of(bench)) + "".join(rows)
