"""The parts of the tuner on the page and where they stand."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

import ipywidgets

from workbench.tuning import Bench, Saved, Standing
from workbench.widgets.banner import Banner
from workbench.widgets.bar import Bar
from workbench.widgets.controls import Controls
from workbench.widgets.panels import PANELS
from workbench.widgets.picture import Picture
from workbench.widgets.status import Status
from workbench.widgets.wording import figure

Handles = Sequence[dict[str, Any]]


class Board:
    """The widgets of a tuner; wiring and numbers are elsewhere.

    Attributes:
        bar: steps back and forth, and where the candidate is saved.
        status: what the last change did.
        banner: what went wrong.
        figures: the headline figures.
        saved: what was saved, and how it differs.
        controls: all that can be turned.
        pictures: by part and name of the panel.
    """

    def __init__(self, bench: Bench, *, save_to: str) -> None:
        self.bar = Bar(path=save_to)
        self.status = Status()
        self.banner = Banner()
        self.figures = ipywidgets.HTML()
        self.figures.add_class("wb-headline-figures")
        self.saved = ipywidgets.HTML()
        self.saved.layout.display = "none"
        self.controls = Controls()
        self.pictures = {(part, kind): Picture() for kind in PANELS for part in bench.parts}
        self._bench = bench

    @property
    def rows(self) -> tuple[ipywidgets.Widget, ...]:
        """Everything from top to bottom."""
        tools = _box([self.bar, self.status, self.banner, self.saved], "wb-tools")
        main = _box([_box([self.controls], "wb-side"), self._gallery()], "wb-main")
        return (ipywidgets.HTML(self._heading()), tools, self.figures, main)

    def draw(self, standing: Standing, *, only: Iterable[str] = PANELS) -> None:
        """Draw some panels of every part; a picture that stays the same is not sent."""
        for kind in only:
            for part in self._bench.parts:
                self.pictures[part, kind].show(PANELS[kind](self._bench, standing, part))

    def tell_saved(self, saved: Saved) -> None:
        """Show what was saved where, and how it differs from the champion."""
        where = html.escape(f"Saved as {saved.path}, version {saved.model.version}")
        table = f'<div class="wb-scroll">{saved.changes._repr_html_()}</div>'
        self.saved.value = f'<details class="wb-saved" open><summary>{where}</summary>{table}</details>'
        self.saved.layout.display = ""

    def forget_saved(self) -> None:
        """Take what was saved before off the page."""
        self.saved.value = ""
        self.saved.layout.display = "none"

    def place_handles(self, handles: Handles) -> None:
        """Put the handles of the tiers on the distributions."""
        for part in self._bench.parts:
            self.pictures[part, "distribution"].handles = list(handles)

    def _heading(self) -> str:
        model = self._bench.champion
        name = html.escape(f"Tuning {model.name}, version {model.version}")
        return f'<h3 class="wb-headline">{name}</h3><p class="wb-muted">{html.escape(model.about)}</p>'

    def _gallery(self) -> ipywidgets.Box:
        parts = self._bench.parts
        heads = [ipywidgets.HTML(_part_heading(self._bench.base, part)) for part in parts]
        gallery = _box([*heads, *self.pictures.values()], "wb-gallery")
        gallery.add_class(f"wb-of-{len(parts)}")
        return gallery


def _part_heading(base: Standing, part: str) -> str:
    now = base.parts[part]
    size = (
        f"{figure(now.n, 'leads')} observed, {figure(now.converted, 'leads')} converted ({figure(now.rate, 'share')})"
    )
    return f'<h4 class="wb-part">{html.escape(part)} <span class="wb-muted">{size}</span></h4>'


def _box(children: Sequence[ipywidgets.Widget], name: str) -> ipywidgets.Box:
    box = ipywidgets.Box(children=tuple(children))
    box.add_class(name)
    return box
