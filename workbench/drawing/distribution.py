"""How the scores of those that converted lie above those of the others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from workbench.drawing.arrays import seen, together
from workbench.drawing.canvas import (
    FIRST,
    HEIGHT,
    INK,
    LEFT,
    RIGHT,
    SECOND,
    WIDTH,
    axis_name,
    element,
    heading,
    key,
    levels,
    line_sample,
    marks,
    message,
    number,
    sheet,
    stroke,
    words,
)
from workbench.drawing.cuts import cut_lines
from workbench.drawing.drawing import Drawing, Frame
from workbench.drawing.lettering import sentence, width
from workbench.drawing.scale import Floats, Scale, count, ends, percent, points, roof, step, tick_percent, ticks

_MOST_BARS = 50
_WHOLE = 10.0  # from this reach on, bars are at least one point wide
_UPPER = (86.0, 138.0)  # converted
_LOWER = (156.0, 208.0)  # did not convert
_LANE = 228.0  # from the axis down to here, grips have room: they cover no bar and no number
_GAP = 1.0  # between bars
_THIN = 4.0  # narrower bars stand side by side


def draw_distribution(
    scores: ArrayLike,
    negatives: ArrayLike,
    positives: ArrayLike,
    *,
    axis: tuple[float, float],
    cuts: Sequence[tuple[str, float]] = (),
    champion: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    title: str = "",
    gated: tuple[int, int] = (0, 0),
    reach: tuple[float, float] = (0.0, 0.0),
) -> Drawing:
    """Two histograms over one score axis: above those that converted, below those that did not.

    The bars of each panel add up to 100 %, so that the two shapes can be compared although few convert; each panel
    has its own y axis. A bar holds the scores from its left edge (included) to its right edge; what lies beyond
    `axis` is in the bars at the ends.

    Args:
        scores: (k,) distinct scores in points.
        negatives: (k,) how many did not convert, by score.
        positives: (k,) how many converted, by score.
        axis: lowest and highest score of the axis, in points; fixed by the caller so that nothing jumps.
        cuts: name and lowest score of each tier.
        champion: the same three arrays of the model in force, drawn as an outline.
        title: what is shown.
        gated: how many of those that did not, and that did, convert a gate took out.
        reach: shares that the y axes of those that did not, and that did, convert must reach at least, so that
            pictures side by side have the same axes; see `highest_shares`.

    Returns:
        The drawing; its frame reaches from the upper panel's top to the lane for grips beneath the lower panel.

    Raises:
        CallError: arrays of one model differ in length.
    """
    own = together(scores=scores, negatives=negatives, positives=positives)
    other = None if champion is None else together(scores=champion[0], negatives=champion[1], positives=champion[2])
    low, high = ends(*axis)
    edges = bar_edges(low, high, whole=not (own[0] % 1).any())
    frame = Frame(LEFT, RIGHT, _UPPER[0], _LANE, low, high, WIDTH, HEIGHT)
    across = Scale(low, high, LEFT, RIGHT)
    finding = _finding(own)
    parts = [heading(title or "Scores by outcome", finding)]
    for panel, group, name, colour, out in (
        (_UPPER, 2, "converted", SECOND, gated[1]),
        (_LOWER, 1, "did not convert", FIRST, gated[0]),
    ):
        bars = shares(own[0], own[group], edges)
        outline = None if other is None else shares(other[0], other[group], edges)
        parts += _panel(
            across,
            Scale(0.0, _highest(bars, outline, reach[group - 1]), panel[1], panel[0]),
            edges,
            (bars, outline),
            colour,
        )
        parts += _name(panel, name, colour, float(own[group].sum()), out)
    if champion is not None:
        parts.append(key([(line_sample(INK, wide=1.2), "champion")], left=RIGHT - 21 - width("champion")))
    where = ticks(low, high, 8)
    parts.append(marks(across, where, [points(at) for at in where], y=240, floor=_LOWER[1]))
    parts.append(axis_name(256, _axis_words(edges, own, low, high)))
    parts.append(cut_lines(cuts, across, (_UPPER, _LOWER)))
    alt = sentence(title or "Scores by outcome", finding, *_reach(own, cuts, gated))
    return Drawing(sheet(parts, alt=alt), title or "Scores by outcome", alt, frame)


def highest_shares(
    scores: ArrayLike, negatives: ArrayLike, positives: ArrayLike, *, axis: tuple[float, float]
) -> tuple[float, float]:
    """The highest bar of those that did not, and that did, convert: shares, as `draw_distribution` draws them."""
    own = together(scores=scores, negatives=negatives, positives=positives)
    edges = bar_edges(*ends(*axis), whole=not (own[0] % 1).any())
    return float(shares(own[0], own[1], edges).max()), float(shares(own[0], own[2], edges).max())


def bar_edges(low: float, high: float, *, whole: bool) -> Floats:
    """Ends of bars of a round width, at most fifty, that cover the axis; the first and the last may be cut by it."""
    by = step(high - low, _MOST_BARS)
    if whole or high - low >= _WHOLE:
        by = max(by, 1.0)
    first, last = math.floor(low / by + 1e-9), math.ceil(high / by - 1e-9)
    return np.round(np.arange(first, max(last, first + 1) + 1) * by, 9)


def shares(scores: Floats, leads: Floats, edges: Floats) -> Floats:
    """The share of `leads` in each bar, 0..1; all zero where there are none."""
    by = (edges[-1] - edges[0]) / (len(edges) - 1)
    fine = np.isfinite(scores)
    place = np.clip(np.floor((scores[fine] - edges[0]) / by + 1e-9), 0, len(edges) - 2).astype(np.int64)
    held = np.bincount(place, weights=leads[fine], minlength=len(edges) - 1)
    return np.asarray(held / max(float(held.sum()), 1.0), dtype=np.float64)


def _highest(bars: Floats, outline: Floats | None, reach: float) -> float:
    """The upper end of a panel's axis: round, at most 100 %."""
    return min(roof(seen(bars, 0.0 if outline is None else outline, reach)), 1.0)


def _panel(across: Scale, up: Scale, edges: Floats, shown: tuple[Floats, Floats | None], colour: str) -> list[str]:
    (bars, outline), bottom = shown, up.start
    values = [0.0, up.high / 2, up.high]
    x, y = across.places(edges), up.places(bars)
    parts = [levels(up, values, [tick_percent(value) for value in values], left=LEFT, right=RIGHT)]
    parts.append(element("path", d=_bars(x, y, bottom, bars > 0), fill=colour, fill_opacity="0.8", class_="wb-bars"))
    if outline is not None and outline.any():
        parts.append(stroke(_steps(x, up.places(outline)), INK, wide=1.1, class_="wb-champion"))
    if not bars.any():
        parts.append(message("none", (up.start + up.end) / 2 + 4))
    return parts


def _bars(x: Floats, y: Floats, bottom: float, drawn: np.typing.NDArray[np.bool_]) -> str:
    gap = _GAP if len(x) > 1 and x[1] - x[0] > _THIN else 0.0
    floor = number(bottom)
    return "".join(
        f"M{number(left)},{floor}V{number(top)}H{number(right - gap)}V{floor}Z"
        for left, right, top, there in zip(x[:-1].tolist(), x[1:].tolist(), y.tolist(), drawn.tolist(), strict=True)
        if there
    )


def _steps(x: Floats, y: Floats) -> str:
    """The outline of bars: only where the height changes is there a corner."""
    turns = np.flatnonzero(np.diff(y)) + 1
    first = f"M{number(float(x[0]))},{number(float(y[0]))}"
    return (
        first + "".join(f"H{number(float(x[at]))}V{number(float(y[at]))}" for at in turns) + f"H{number(float(x[-1]))}"
    )


def _name(panel: tuple[float, float], name: str, colour: str, size: float, gated: int) -> list[str]:
    y = 52.0 if panel is _UPPER else panel[0] - 6
    out = f"; {count(gated)} more gated out" if gated else ""
    room = RIGHT - LEFT - 21 - (110 if panel is _UPPER else 0)
    return [
        element("rect", x=LEFT, y=y - 9, width=10, height=10, fill=colour, fill_opacity="0.8"),
        words(LEFT + 15, y, f"{name} (n = {count(size)}{out})", room=room),
    ]


def _axis_words(edges: Floats, own: list[Floats], low: float, high: float) -> str:
    by = (edges[-1] - edges[0]) / (len(edges) - 1)
    told = f"score, {points(by)} {'point' if by == 1 else 'points'} a bar"
    beyond = float(((own[1] + own[2]) * ((own[0] < low) | (own[0] > high))).sum())
    if beyond:
        return f"{told}; {count(beyond)} beyond the axis in the end bars"
    return f"{told}; each group adds up to 100 %"


def _median(scores: Floats, leads: Floats) -> float:
    """The highest score that half of the leads reach; NaN without leads."""
    order = np.argsort(-scores, kind="stable")
    reached = np.cumsum(leads[order])
    if not len(reached) or reached[-1] <= 0:
        return math.nan
    return float(scores[order][np.searchsorted(reached, reached[-1] / 2)])


def _finding(own: list[Floats]) -> str:
    scores, negatives, positives = own
    won, lost = _median(scores, positives), _median(scores, negatives)
    if math.isnan(won) and math.isnan(lost):
        return "Nobody has a score"
    if math.isnan(won):
        return f"None converted; half of them score {_short(lost)} or more"
    if math.isnan(lost):
        return f"All converted; half of them score {_short(won)} or more"
    return f"Half of the converted score {_short(won)} or more, half of the others {_short(lost)}"


def _short(score: float) -> str:
    """A score with two decimals at most."""
    return points(round(score, 2))


def _reach(own: list[Floats], cuts: Sequence[tuple[str, float]], gated: tuple[int, int]) -> list[str]:
    """What each tier holds of both groups, those that a gate took out counted as below."""
    told = [f"{count(own[2].sum())} converted, {count(own[1].sum())} did not"]
    if any(gated):
        told.append(f"A gate took out {count(gated[1])} that converted and {count(gated[0])} that did not")
    for name, at in cuts:
        lost, won = (
            float(own[group][own[0] >= at].sum()) / max(float(own[group].sum()) + out, 1.0)
            for group, out in zip((1, 2), gated, strict=True)
        )
        told.append(f"{name} from {points(at)}: {percent(won)} of the converted, {percent(lost)} of the others")
    return told
