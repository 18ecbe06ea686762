"""What one lead did and when, with its score over the same time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.drawing.arrays import fitting, seen, thinned, together
from workbench.drawing.canvas import (
    FIRST,
    GRID,
    INK,
    MUTED,
    PAPER,
    SECOND,
    WIDTH,
    axis_name,
    element,
    heading,
    levels,
    marks,
    message,
    number,
    sheet,
    stroke,
    words,
)
from workbench.drawing.drawing import Drawing, Frame
from workbench.drawing.lettering import clean, cut, escaped, sentence, width
from workbench.drawing.scale import Floats, Scale, ends, points, roof, step, ticks

Places = NDArray[np.int64]

_LEFT, _RIGHT = 134.0, 424.0
_TOP, _FLOOR = 68.0, 148.0  # the panel of the score
_LINE = 13.0  # between the names of two tiers
_LANES = 162.0
_LANE = 19.0
_MOST_LANES = 12
_NEAR = 7.0  # events closer than this are one larger mark
_SMALL, _LARGE = 3.5, 6.5
_MOST_TOLD = 24


def draw_timeline(
    days: ArrayLike,
    names: Sequence[str],
    score_days: ArrayLike,
    scores: ArrayLike,
    *,
    cuts: Sequence[tuple[str, float]] = (),
    outcome_day: float | None = None,
    after: ArrayLike | None = None,
    title: str = "",
) -> Drawing:
    """The score as a step line above, the events in lanes by name beneath, on one axis of days.

    Days count from the moment the score was asked for: below zero before, above zero after it. What came after could
    not be known then; it is set apart by a line at 0 and drawn hollow. Events of one name that lie very close are one
    larger mark that tells their number. The lanes begin with what happened first; beyond twelve names, the rarest
    share the last lane.

    Args:
        days: (e,) day of each event, parts of a day allowed.
        names: (e,) its name.
        score_days: (s,) days on which the score is known, ascending; each holds until the next.
        scores: (s,) score in points; NaN where there is none.
        cuts: name and lowest score of each tier.
        outcome_day: day of the outcome; None or NaN where there was none.
        after: (e,) whether an event came at or after the moment of scoring; days above 0 when left out.
        title: what is shown.

    Returns:
        The drawing, as tall as its lanes need; its frame has the days.

    Raises:
        CallError: arrays that belong together differ in length.
    """
    (when,) = together(days=days)
    fitting(len(names), when)
    at, score = together(score_days=score_days, scores=scores)
    outcome = None if outcome_day is None or math.isnan(outcome_day) else float(outcome_day)
    labels = [clean(name) for name in names]
    across = _axis(when, at, outcome)
    late = when > 0 if after is None else together(days=when, after=after)[1].astype(bool)
    lanes = _lanes(labels, when)
    bottom = _LANES + _LANE * max(len(lanes), 1) + 3
    name, finding = (
        title or "Events and score over time",
        _finding(int((~late & np.isfinite(when)).sum()), at, score, outcome),
    )
    parts = [heading(name, finding), *_score_panel(at, score, cuts, across)]
    parts.append(_moments(across, outcome, bottom))
    for place, (lane, own) in enumerate(lanes):
        parts.append(stroke(f"M{number(_LEFT)},{number(_LANES + _LANE * (place + 0.5))}H{number(_RIGHT)}", GRID))
        parts += _lane(lane, (when[own], late[own]), across, _LANES + _LANE * (place + 0.5))
    if not lanes:
        parts.append(message("no events", _LANES + 14, left=_LEFT, right=_RIGHT))
    where = ticks(across.low, across.high, 8)
    parts.append(marks(across, where, [_day(day) for day in where], y=bottom + 16, floor=bottom))
    parts.append(axis_name(bottom + 34, "days before (−) and after scoring", left=_LEFT, right=_RIGHT))
    alt = sentence(name, finding, *_told([(lane, when[own]) for lane, own in lanes], cuts))
    height = bottom + 40
    frame = Frame(_LEFT, _RIGHT, _TOP, bottom, across.low, across.high, WIDTH, height)
    return Drawing(sheet(parts, alt=alt, height=height), name, alt, frame)


def _axis(when: Floats, at: Floats, outcome: float | None) -> Scale:
    """All days, the day of scoring among them, rounded outwards."""
    every = np.r_[when, at, 0.0, [] if outcome is None else outcome]
    every = every[np.isfinite(every)]
    low, high = ends(float(every.min()), float(every.max()))
    by = step(high - low, 20)
    return Scale(math.floor(low / by + 1e-9) * by, math.ceil(high / by - 1e-9) * by, _LEFT, _RIGHT)


def _lanes(labels: list[str], when: Floats) -> list[tuple[str, Places]]:
    """Where the events of each name are, by day; names by their first event, the rarest in one lane if too many."""
    order = [place for place in np.argsort(when, kind="stable").tolist() if math.isfinite(when[place])]
    counts = Counter(labels[place] for place in order)
    room = _MOST_LANES if len(counts) <= _MOST_LANES else _MOST_LANES - 1
    kept = set(sorted(counts, key=lambda name: (-counts[name], name))[:room])
    held: dict[str, list[int]] = {}
    for place in order:
        if labels[place] in kept:
            held.setdefault(labels[place], []).append(place)
    lanes = [(name, np.array(own)) for name, own in held.items()]
    rest = [place for place in order if labels[place] not in kept]
    return [*lanes, (f"{len(counts) - room} other names", np.array(rest))] if rest else lanes


def _score_panel(at: Floats, score: Floats, cuts: Sequence[tuple[str, float]], across: Scale) -> list[str]:
    known = np.isfinite(score)
    held = [(clean(name), float(value)) for name, value in cuts if math.isfinite(value)]
    least = min(0.0, float(score[known].min(initial=0.0)))
    top = roof(seen(score, np.array([value for _, value in held])))
    up = Scale(-roof(-least) if least < 0 else 0.0, top, _FLOOR, _TOP)
    parts = [_tiers(held, up)] if held else []
    if not held:
        values = [up.low, (up.low + up.high) / 2, up.high]
        parts.append(levels(up, values, [_day(value) for value in values], left=_LEFT, right=_RIGHT))
    parts.append(words(2, _TOP - 10, "score", colour=MUTED))
    if not known.any():
        return [*parts, message("no score", (_TOP + _FLOOR) / 2 + 4, left=_LEFT, right=_RIGHT)]
    parts.append(stroke(_steps(across.places(at), up.places(score)), FIRST, wide=2.2, class_="wb-score"))
    return [*parts, *_asked(at, score, across, up)]


def _tiers(held: list[tuple[str, float]], up: Scale) -> str:
    """Dashed levels with the tiers' names to the left, moved down a little where they would touch, or left out."""
    lines, told, free = [], [], -math.inf
    for name, value in sorted(held, key=lambda cut: -cut[1]):
        y = up.at(value)
        lines.append(f"M{number(_LEFT)},{number(y)}H{number(_RIGHT)}")
        base = max(y, free)
        if base - y <= _LINE:
            told.append(_tier_name(name, f" {_day(value)}", base + 4))
            free = base + _LINE
    return stroke("".join(lines), MUTED, dash="4 3", class_="wb-cuts") + element("g", "".join(told), fill=MUTED)


def _tier_name(name: str, score: str, y: float) -> str:
    shown = cut(name, _LEFT - 46 - width(score))
    hover = "" if shown == name else element("title", escaped(f"{name}{score}"))
    return element("text", escaped(shown + score) + hover, x=_LEFT - 6, y=y, text_anchor="end")


def _steps(x: Floats, y: Floats) -> str:
    """A line that holds each height until the next place; broken where there is none."""
    x, y = thinned(x, y)
    drawn, before = [], False
    for place, height in zip(x.tolist(), y.tolist(), strict=True):
        if before:
            drawn.append(f"H{number(place)}")
        if math.isfinite(height):
            drawn.append(f"V{number(height)}" if before else f"M{number(place)},{number(height)}")
        before = math.isfinite(height)
    return "".join(drawn) + ("h0.1" if len(x) == 1 and before else "")


def _asked(at: Floats, score: Floats, across: Scale, up: Scale) -> list[str]:
    """A mark on the score as it stood when it was asked for, with its number."""
    before = np.flatnonzero(at <= 0)
    if not len(before) or not math.isfinite(score[before[-1]]):
        return []
    x, y, text = across.at(0.0), up.at(score[before[-1]]), _day(float(score[before[-1]]))
    dot = element("circle", cx=x, cy=y, r=4.5, fill=FIRST, stroke=PAPER, class_="wb-asked")
    return [dot, words(min(x + 8, WIDTH - 2 - width(text, bold=True)), y + 4, text, bold=True, halo=True)]


def _moments(across: Scale, outcome: float | None, bottom: float) -> str:
    """The lines of the moment of scoring and of the outcome, named above."""
    x = across.at(0.0)
    line = stroke(f"M{number(x)},{number(_TOP - 6)}V{number(bottom)}", INK, wide=1.2, class_="wb-asof")
    if outcome is None:
        return line + _named(x, "scored")
    at = across.at(outcome)
    down = f"M{number(at)},{number(_TOP - 6)}V{number(bottom)}"
    line += stroke(down, SECOND, wide=1.6, dash="2 2", class_="wb-outcome")
    line += element("path", d=f"M{number(at)},{number(_TOP - 11)}l5,5l-5,5l-5,-5Z", fill=SECOND)
    first, second = ("scored", "outcome") if outcome >= 0 else ("outcome", "scored")
    left, right = min(x, at), max(x, at)
    if right - left < width(second) / 2 + 8:
        return line + _named(left, f"{first}, {second}", anchor="end")
    return line + _named(left, first, anchor="end") + _named(right, second)


def _named(x: float, text: str, *, anchor: str = "middle") -> str:
    wide = width(text)
    left = min(max(x + 3 - wide if anchor == "end" else x - wide / 2, 44), WIDTH - 2 - wide)
    return words(left, _TOP - 15, text)


def _lane(name: str, lane: tuple[Floats, NDArray[np.bool_]], across: Scale, y: float) -> list[str]:
    days, after = lane
    size = len(days)
    many = f" ({size})" if size > 1 else ""
    room = _LEFT - 12 - width(many)
    shown = cut(name, room)
    parts = [words(2, y + 4, name, room=room), words(6 + width(shown), y + 4, many, colour=MUTED)]
    for late in (False, True):  # what came after is hollow
        own = days[after == late]
        x = across.places(own)
        events = [_mark(name, own[first:last], (float(x[first:last].mean()), y)) for first, last in _clusters(x)]
        fill, edge = (PAPER, INK) if late else (INK, PAPER)
        parts.append(element("g", "".join(events), fill=fill, stroke=edge, class_="wb-events") if events else "")
    return parts


def _clusters(x: Floats) -> list[tuple[int, int]]:
    """Runs of places; each begins at least a mark's width after the one before began."""
    runs, begin = [], 0
    for place in range(1, len(x) + 1):
        if place == len(x) or x[place] - x[begin] >= _NEAR:
            runs.append((begin, place))
            begin = place
    return runs if len(x) else []


def _mark(name: str, own: Floats, place: tuple[float, float]) -> str:
    """A disc, larger for several events."""
    first, last = _day(float(own[0])), _day(float(own[-1]))
    told = f"{name}, day {first}" if len(own) == 1 else f"{name}, {len(own)} times, day {first} to {last}"
    return element(
        "circle",
        element("title", escaped(told)),
        cx=place[0],
        cy=place[1],
        r=min(_SMALL + math.log2(len(own)), _LARGE),
    )


def _day(day: float) -> str:
    """A day, or a score, with at most one decimal."""
    return points(round(day, 1))


def _finding(before: int, at: Floats, score: Floats, outcome: float | None) -> str:
    told = [f"{before} event{'' if before == 1 else 's'} before scoring"]
    known = np.flatnonzero((at <= 0) & np.isfinite(score))
    if len(known):
        told.append(f"score {_day(float(score[known[-1]]))}")
    told.append("no outcome" if outcome is None else f"outcome on day {_day(outcome)}")
    return ", ".join(told)


def _told(lanes: list[tuple[str, Floats]], cuts: Sequence[tuple[str, float]]) -> list[str]:
    events = [f"{name}: {len(own)}, day {_day(float(own[0]))} to {_day(float(own[-1]))}" for name, own in lanes]
    return [*events[:_MOST_TOLD], *(f"{name} from {points(at)}" for name, at in cuts)]
