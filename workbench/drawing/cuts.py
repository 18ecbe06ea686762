"""The lines where tiers begin, with their names above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbench.drawing.canvas import INK, LEFT, WIDTH, element, number, stroke, words
from workbench.drawing.lettering import clean, cut, escaped, width
from workbench.drawing.scale import Scale, points

LINE = 13.0  # height of a row of names
_LIFT = 5.0  # from the plot up to the lower row's baseline
_GAP = 5.0
_EDGE = 1.0  # how far a name beside its line reaches over it
_SHORTENED = (150.0, 60.0, 40.0)  # how wide a tier's own name may be, tried in this order
_CROWDED = (60.0, 40.0, 24.0)  # the same where some names must go: a few that can be read beat many that cannot
_MOST_TRIED = 300


@dataclass(frozen=True)
class Label:
    """A tier's name where it is to stand.

    Attributes:
        x: place of its line.
        left: left end of the words.
        right: right end of the words.
        row: 0 next to the plot, 1 above that.
        shown: the words.
        whole: the words before they were shortened.
    """

    x: float
    left: float
    right: float
    row: int
    shown: str
    whole: str


def cut_lines(cuts: Sequence[tuple[str, float]], scale: Scale, panels: Sequence[tuple[float, float]]) -> str:
    """Dashed lines through all panels, with name and score above the first in two rows.

    A name that would touch another is moved beside its line, then a row higher, then shortened, then left out; its
    line always stays.

    Args:
        cuts: name and score of each tier; those that are not finite or beyond the axis are left out.
        scale: the x axis.
        panels: upper and lower end of each panel, from the top.
    """
    held = sorted(
        ((clean(name), float(at)) for name, at in cuts if scale.low <= at <= scale.high), key=lambda cut: cut[1]
    )
    ceiling = panels[0][0]
    named = {at: ", ".join(name for name, same in held if same == at) for _, at in held}
    labels = placed(tuple((name, points(at), scale.at(at)) for at, name in named.items()))
    lines = [f"M{number(scale.at(at))},{number(top)}V{number(bottom)}" for _, at in held for top, bottom in panels]
    lines += [f"M{number(label.x)},{number(ceiling)}v{number(-LINE - 2)}" for label in labels if label.row]
    told = [_name(label, ceiling - _LIFT - LINE * label.row) for label in labels]
    return stroke("".join(lines), INK, wide=1.2, dash="4 3", class_="wb-cuts") + "".join(told)


def _name(label: Label, y: float) -> str:
    middle = (label.left + label.right) / 2
    if label.shown == label.whole:
        return words(middle, y, label.shown, anchor="middle")
    content = escaped(label.shown) + element("title", escaped(label.whole))
    return element("text", content, x=middle, y=y, text_anchor="middle")


@lru_cache(maxsize=256)
def placed(cuts: tuple[tuple[str, str, float], ...]) -> tuple[Label, ...]:
    """Places for names so that none touches another; those for which there is none are left out.

    Args:
        cuts: name, score in words and place of the line, from the left.
    """
    for room in _SHORTENED:
        tried = iter(range(_MOST_TRIED))
        if (found := _search([list(_candidates(*each, room)) for each in cuts], (), tried)) is not None:
            return found
    labels: tuple[Label, ...] = ()
    for each in cuts:
        tries = (label for room in _CROWDED for label in _candidates(*each, room))
        fits = next((label for label in tries if not any(touch(label, old) for old in labels)), None)
        labels += () if fits is None else (fits,)
    return labels


def _search(left: list[list[Label]], held: tuple[Label, ...], tried: Iterator[int]) -> tuple[Label, ...] | None:
    """The first choice of one candidate for each tier in which none touch; None when there is none to be found."""
    if not left:
        return held
    for label in left[0]:
        if next(tried, None) is None:
            return None
        if any(touch(label, other) for other in held):
            continue
        if (found := _search(left[1:], (*held, label), tried)) is not None:
            return found
    return None


def _candidates(name: str, score: str, x: float, room: float) -> Iterator[Label]:
    """Above the line, to its left, to its right; then the same a row higher."""
    shown = f"{cut(name, room)} {score}".strip()
    wide = width(shown)
    for row in (0, 1):
        for left in (x - wide / 2, x - wide + _EDGE, x - _EDGE):
            inside = min(max(left, LEFT - 3), WIDTH - 1 - wide)
            yield Label(x, inside, inside + wide, row, shown, f"{name} {score}")


def touch(one: Label, other: Label) -> bool:
    """Whether two names lie on one another, or the line of an upper one runs through a lower one."""
    if one.row == other.row:
        return one.left < other.right + _GAP and other.left < one.right + _GAP
    upper, lower = (one, other) if one.row else (other, one)
    return lower.left - 2 < upper.x < lower.right + 2
