"""A live picture as text: what every drawing function returns."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Frame:
    """Where the data lie in a picture, so that a page can put a handle exactly upon a line.

    A value `v` on the x axis lies at `left + (v - low) / (high - low) * (right - left)`.

    Attributes:
        left: left edge of the plot area, in units of the viewBox.
        right: right edge.
        top: upper edge (y grows downwards).
        bottom: lower edge.
        low: value at the left edge, in units of the data.
        high: value at the right edge; greater than `low`.
        width: width of the whole viewBox.
        height: height of the whole viewBox.
    """

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    width: float
    height: float

    def x(self, value: float) -> float:
        """The place of a value on the x axis, in units of the viewBox.

        >>> Frame(left=40, right=440, top=0, bottom=200, low=0, high=100, width=460, height=240).x(25)
        140.0
        """
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def as_dict(self) -> dict[str, float]:
        """The same as plain numbers by name, for the page."""
        return asdict(self)


@dataclass(frozen=True)
class Drawing:
    """One picture as SVG text.

    The text has `role="img"` and `aria-label=alt`, a viewBox and no fixed width, takes its colours from the page's
    custom properties (`--wb-ink` and its like, with the light theme as fallback), and holds no scripts and no ids.

    Attributes:
        svg: the picture.
        title: what the picture shows, as plain text.
        alt: the finding with its numbers, for those who do not see it.
        frame: the plot area, where the picture has an x axis of data; else None.
    """

    svg: str
    title: str
    alt: str
    frame: Frame | None = None
