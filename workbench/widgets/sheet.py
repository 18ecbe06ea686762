"""The style of one widget beyond the page's own, which all share."""

from __future__ import annotations

import ipywidgets

from workbench.widgets.picture import HERE


def sheet(name: str) -> ipywidgets.HTML:
    """A style sheet that lies beside this file, as a widget that takes no room."""
    text = (HERE / name).read_text(encoding="utf-8")
    return ipywidgets.HTML(f"<style>{text}</style>", layout={"display": "none"})
