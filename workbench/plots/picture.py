"""A drawn picture as a value: its PNG for light and dark pages, its title and its text alternative."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from matplotlib.axes import Axes

from workbench.plots.canvas import DPI, whole_figure
from workbench.plots.theme import ThemeName, theme_named

_R = TypeVar("_R", contravariant=True)

# The page decides which of the two images is seen: JupyterLab by its own theme (which is not the system's), any
# other page by the reader's setting, paper always light. Where styles are stripped, as in an untrusted notebook,
# the light image is left, on its own white ground.
_CHOICE = (
    "<style>"
    'body[data-jp-theme-light="false"] .workbench-light{display:none!important}'
    'body[data-jp-theme-light="false"] .workbench-dark{display:inline!important}'
    "@media screen and (prefers-color-scheme: dark){"
    "body:not([data-jp-theme-light]) .workbench-light{display:none!important}"
    "body:not([data-jp-theme-light]) .workbench-dark{display:inline!important}"
    "}</style>"
)


class Plot(Protocol[_R]):
    """A function of this package that draws one result."""

    def __call__(self, result: _R, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
        """Draw and return the axes."""


@dataclass(frozen=True)
class Picture:
    """One drawing, ready for a notebook or a report; as the last value of a cell it shows itself.

    Attributes:
        title: the finding, one sentence.
        alt: the text alternative: the finding and the numbers behind it.
        light: PNG for a light page, or None.
        dark: PNG for a dark page, or None.
        width: in CSS pixels.
    """

    title: str
    alt: str
    light: bytes | None = field(repr=False)
    dark: bytes | None = field(repr=False)
    width: int = field(repr=False)

    def _repr_html_(self) -> str:
        if self.light is not None and self.dark is not None:
            light, dark = self._image(self.light, "light", "inline"), self._image(self.dark, "dark", "none")
            return f"{_CHOICE}{light}{dark}"
        if self.dark is not None:
            return self._image(self.dark, "only", "inline")
        return self._image(self.light or b"", "only", "inline")

    def _image(self, png: bytes, kind: str, display: str) -> str:
        data = base64.b64encode(png).decode("ascii")
        return (
            f'<img class="workbench-{kind}" alt="{html.escape(self.alt)}" width="{self.width}" '
            f'style="display:{display};max-width:100%;height:auto" src="data:image/png;base64,{data}">'
        )


def picture(plot: Plot[_R], result: _R, *, theme: ThemeName = "auto") -> Picture:
    """Draw a result for a notebook or a report.

    Args:
        plot: one of the `plot_…` functions.
        result: what that function takes.
        theme: "auto" draws it for light and dark pages and lets the page choose; the others draw one.

    Raises:
        CallError: no such theme.
    """
    theme_named(theme)
    kinds: tuple[ThemeName, ...] = ("light", "dark") if theme == "auto" else (theme,)
    axes = {kind: plot(result, theme=kind) for kind in kinds}
    ax = next(iter(axes.values()))
    return Picture(
        title=" ".join(ax.get_title(loc="left").split()),
        alt=str(ax.get_label()),
        light=_png(axes["light"]) if "light" in axes else None,
        dark=_png(axes["dark"]) if "dark" in axes else None,
        width=round(whole_figure(ax).get_size_inches()[0] * DPI),
    )


def _png(ax: Axes) -> bytes:
    buffer = io.BytesIO()
    whole_figure(ax).savefig(buffer, format="png", dpi=DPI, facecolor="auto", edgecolor="auto", bbox_inches=None)
    return buffer.getvalue()
