"""Reads drawn data back out of axes."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex


def title(ax):
    return " ".join(ax.get_title(loc="left").split())


def line(ax, label):
    """x and y of the line with that label in the key."""
    (found,) = [each for each in ax.lines if each.get_label() == label]
    return np.asarray(found.get_xdata(), dtype=float), np.asarray(found.get_ydata(), dtype=float)


def uprights(ax):
    """x, low and high of the interval lines, in the order drawn."""
    (found,) = [each for each in ax.collections if type(each).__name__ == "LineCollection"]
    ends = np.array(found.get_segments())
    return ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 1]


def texts(ax):
    return [each.get_text() for each in ax.texts]


def flats(ax):
    """Heights of the lines that run across the whole axes."""
    return [
        each.get_ydata()[0] for each in ax.lines if list(each.get_xdata()) == [0, 1] and len({*each.get_ydata()}) == 1
    ]


def posts(ax):
    """Places of the lines that run from the bottom to the top of the axes."""
    return sorted(
        each.get_xdata()[0] for each in ax.lines if list(each.get_ydata()) == [0, 1] and len({*each.get_xdata()}) == 1
    )


def ticks(ax):
    return [each.get_text() for each in ax.get_xticklabels()]


def faces(ax):
    return [to_hex(each.get_facecolor()) for each in ax.patches]
