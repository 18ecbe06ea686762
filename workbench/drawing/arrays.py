"""What comes in, as arrays of numbers that belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from workbench.drawing.scale import Floats
from workbench.errors import CallError

MOST_POINTS = 110


def together(**given: ArrayLike) -> list[Floats]:
    """The given arrays as floats, one value an item, in the order of the names.

    Raises:
        CallError: an array is not flat, or they differ in length.
    """
    arrays = [np.asarray(values, dtype=np.float64) for values in given.values()]
    shapes = {values.shape for values in arrays}
    if len(shapes) != 1 or arrays[0].ndim != 1:
        found = ", ".join(f"{name} {values.shape}" for name, values in zip(given, arrays, strict=True))
        raise CallError.at(
            "a drawing", expected="flat arrays of one length", found=found, remedy="Pass one value for each item."
        )
    return arrays


def fitting(labels: int, values: Floats) -> None:
    """Nothing, where there is a value for each label.

    Raises:
        CallError: there are more or fewer.
    """
    if labels != len(values):
        raise CallError.at(
            "a drawing",
            expected=f"a value for each of {labels} labels",
            found=str(len(values)),
            remedy="Pass labels and values in the same order.",
        )


def thinned(x: Floats, y: Floats, *, most: int = MOST_POINTS) -> tuple[Floats, Floats]:
    """At most `most` + 1 of the points, for a line; each is one of those given, and both ends stay.

    Args:
        x: places, ascending.
        y: heights.
    """
    if len(x) <= most:
        return x, y
    column = np.floor((x - x[0]) * (most / max(float(x[-1] - x[0]), 1e-9)))
    keep = np.r_[True, column[1:] != column[:-1]]
    keep[-1] = True
    return x[keep], y[keep]


def seen(*values: Floats | float, least: float = 0.0) -> float:
    """The largest of all finite values, at least `least`."""
    whole = np.concatenate([np.ravel(value) for value in (*values, least)])
    return float(whole[np.isfinite(whole)].max(initial=least))
