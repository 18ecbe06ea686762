"""Finds which columns of a sheet hold criterion, points, points taken away, and points of those it is not true of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.drafts.vocabulary import FIELDS
from workbench.drafts.worth import is_points, read_worth
from workbench.errors import DataError, listed

Cells = tuple[str, ...]


def _titles(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_POINTS = _titles(r"(points?|pts?\.?|scores?|punkte?|punktzahl)( value)?")
_WORTH = _titles(r"(worth|value|weight|\+/-)( value)?")
_PLUS = _titles(
    r"(positive|plus|pos\.?|bonus|\+)( (points?|pts?|scores?|punkte?|value))?|(points?|scores?|punkte?) ?\(?\+\)?|"
    r"points? (added|earned|gained)"
)
_MINUS = _titles(
    r"(negative|minus|neg\.?|malus|penalt(y|ies)|deductions?|abz(ug|üge)|[-−–])"
    r"( (points?|pts?|scores?|punkte?|value))?|"
    r"(points?|scores?|punkte?) ?\(?[-−–]\)?|points? (deducted|lost|subtracted)"
)
_IF = r"((points?|pts?|scores?|punkte?) ?)?\(?((if|when|wenn|for) )?"
_YES = _titles(rf"{_IF}(yes|true|ja|met|y)\)?( (points?|punkte?))?")
_NO = _titles(rf"{_IF}(no|false|nein|not met|n)\)?( (points?|punkte?))?")
_FIELD = _titles(r"(fields?|attributes?|propert(y|ies)|categor(y|ies)|area|type|dimension)")
_VALUE = _titles(r"(values?|criteri(on|a)|conditions?|options?|answers?|details?|rules?|if|is)")
_CRITERION = _titles(
    r"(criteri(on|a)|rules?|attributes?|conditions?|signals?|what|behaviou?rs?|activit(y|ies)|kriteri(um|en)|"
    r"description|name|event|property|field|questions?|fragen?|merkmale?)"
)
_BESIDE = _titles(
    r"#|no\.?|nr\.?|id|row|rank|prio(rity)?|order|position|number|lfd\.? nr\.?|date|datum|year|owner|version|"
    r"notes?|comments?|remarks?|why|reason|description|bemerkung(en)?|kommentare?|notizen?"
)


@dataclass(frozen=True)
class Columns:
    """Where everything stands, as places from 0.

    Attributes:
        criterion: what is asked for.
        points: what it earns.
        header: the row that names the columns, None if there is none.
        titles: what it calls them.
        minus: points that are taken away.
        otherwise: points of those it is not true of.
        field: the field, or the category, that the criterion belongs to; where it is empty, the one above goes on.
        named: the title of the criterion is the field.
        adds: the points are headed as positive.
        strange: other columns of numbers.
    """

    criterion: int
    points: int
    header: int | None = None
    titles: Cells = ()
    minus: int | None = None
    otherwise: int | None = None
    field: int | None = None
    named: bool = False
    adds: bool = False
    strange: tuple[int, ...] = ()

    def title(self, place: int) -> str:
        """What a column is called, else its number from 1."""
        return (self.titles[place] if place < len(self.titles) else "") or str(place + 1)


def find_columns(rows: Sequence[Cells], name: str) -> Columns:
    """Where criterion and points stand, and which row names the columns.

    Raises:
        DataError: if two columns of numbers may be the points.
    """
    first = next((number for number, cells in enumerate(rows) if any(cells)), None)
    if first is not None and _is_header(rows[first]):
        return _headed(rows, first, name)
    counts = _counts(rows)
    counting = {place for place in range(len(counts)) if _counts_up(rows, place)}
    own = [place for place in range(len(counts)) if place not in counting]
    points = max(own, key=lambda place: (counts[place], place == 1, -place), default=1)
    points = points if counts and counts[points] else next((at for at in (1, 2) if at - 1 not in counting), 1)
    strange = tuple(place for place in own if place != points and _beside(rows, place, points))
    _refuse(rows, (points, *strange), (), name)
    criterion = next((at for at in range(len(counts)) if at not in (points, *strange, *counting)), 0 if points else 1)
    return Columns(criterion, points, strange=strange)


def _is_header(cells: Cells) -> bool:
    if any(is_points(cell) for cell in cells):
        return False
    plain = any(each.fullmatch(cell) for cell in cells for each in (_POINTS, _WORTH, _CRITERION, _PLUS, _MINUS) if cell)
    return plain or all(any(each.fullmatch(cell) for cell in cells) for each in (_YES, _NO))


def _counts(rows: Sequence[Cells]) -> list[int]:
    """How many cells of each column are points."""
    wide = max((len(cells) for cells in rows), default=0)
    return [sum(place < len(cells) and is_points(cells[place]) for cells in rows) for place in range(wide)]


def _number(cells: Cells, place: int) -> bool:
    return place < len(cells) and read_worth(cells[place]).points is not None


def _beside(rows: Sequence[Cells], place: int, points: int) -> bool:
    """Whether numbers stand in a column beside points."""
    return any(_number(cells, place) and _number(cells, points) for cells in rows)


def _counts_up(rows: Sequence[Cells], place: int) -> bool:
    """Whether a column just counts the rows, 1, 2, 3 …, beside numbers in each of them."""
    own = [cells for cells in rows if _number(cells, place)]
    beside = all(any(_number(cells, other) for other in range(len(cells)) if other != place) for cells in own)
    numbers = [read_worth(cells[place]).points for cells in own]
    counted = [Decimal(step) for step in range(int(numbers[0] or 0), len(numbers) + 1)] if numbers else []
    return beside and len(numbers) > 1 and numbers[0] in (0, 1) and numbers == counted[: len(numbers)]


def _refuse(rows: Sequence[Cells], places: Sequence[int], titles: Cells, name: str) -> None:
    """Refuse two columns that both may be the points, if that is so in most rows."""
    both = sum(sum(_number(cells, place) for place in places) > 1 for cells in rows)
    if len(places) < 2 or 2 * both <= sum(any(_number(cells, place) for place in places) for cells in rows):
        return
    called = [titles[place] if place < len(titles) and titles[place] else str(place + 1) for place in places]
    raise DataError.at(
        name,
        expected="one column of points",
        found=f"{len(places)} columns of numbers ({listed(sorted(called))})",
        remedy="Call the one that counts 'Points' (two: 'Positive' and 'Negative', or 'Yes' and 'No'), others 'Notes'.",
    )


def _headed(rows: Sequence[Cells], header: int, name: str) -> Columns:
    """The columns by their titles."""
    titles, below = rows[header], [cells for at, cells in enumerate(rows) if at != header]
    counts = [*_counts(below), *([0] * len(titles))]

    def of(*kinds: re.Pattern[str]) -> list[int]:
        return [at for at, title in enumerate(titles) if title and any(kind.fullmatch(title) for kind in kinds)]

    minus = next((at for at in of(_MINUS) if counts[at]), None)
    otherwise = next((at for at in of(_NO) if of(_YES) and counts[at]), None)
    taken = {at for at in (minus, otherwise) if at is not None}
    found = [at for at in of(_POINTS, _PLUS, _YES) if counts[at] and at not in taken]
    numbers = [at for at in range(max(map(len, rows))) if counts[at] and at not in {*taken, *of(_BESIDE, _CRITERION)}]
    weak = [at for at in of(_WORTH) if at not in taken]
    if len(found) < 2 and not found and len([at for at in weak if counts[at]]) != 1:
        found = [*(at for at in weak if counts[at]), *(at for at in numbers if at not in weak and not taken)]
    elif not found:
        found = [at for at in weak if counts[at]]
    found = _likely(found, below)
    _refuse(below, found, titles, name)
    titled = [at for at in of(_POINTS, _PLUS, _YES, _WORTH) if at not in taken]
    points = max(found or titled or list(taken) or [1], key=lambda at: (counts[at], -at))
    field, criterion, named = _words(titles, {points, *taken})
    known = {points, criterion, field, *taken, *of(_BESIDE)}
    strange = tuple(at for at in range(max(map(len, rows))) if counts[at] and at not in known)
    adds = points in of(_PLUS)
    return Columns(criterion, points, header, titles, minus, otherwise, field, named, adds, strange)


def _likely(found: Sequence[int], rows: Sequence[Cells]) -> list[int]:
    """The columns without those that hold numbers only where a criterion with commas moved the points."""
    beside = [at for at in found if any(_number(cells, at) and _number(cells, found[0]) for cells in rows)]
    return beside or list(found)


def _words(titles: Cells, taken: set[int]) -> tuple[int | None, int, bool]:
    """Where field (or category) and criterion stand, and whether the title of the criterion is the field."""
    rest = [at for at in range(len(titles)) if at not in taken]
    field = next((at for at in rest if _FIELD.fullmatch(titles[at])), None)
    value = next((at for at in rest if at != field and _VALUE.fullmatch(titles[at])), None)
    if field is not None and value is not None:
        return field, value, False
    words = next((at for at in rest if _CRITERION.fullmatch(titles[at])), None)
    if words is not None:
        return None, words, False
    left = [at for at in rest if at < min(taken)] or rest
    fields = [at for at in left if any(re.fullmatch(each.words, titles[at].lower()) for each in FIELDS)]
    if fields and len(left) > 1:
        return next((at for at in left if at != fields[-1]), None), fields[-1], True
    return None, next((at for at in rest), 0 if 0 not in taken else 1), False
