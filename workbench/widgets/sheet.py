"""The style of one widget beyond the page's own, which all share."""

from __future__ import annotations

import ipywidgets

from workbench.widgets.picture import page_file


def sheet(name: str) -> ipywidgets.HTML:
    """A style sheet that lies beside this file, as a widget that takes no room."""
    return ipywidgets.HTML(f"<style>{page_file(name)}</style>", layout={"display": "none"})
