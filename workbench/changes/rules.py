"""Changes inside one rule, and between two lists of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from workbench.changes.change import NONE, Change, Spot
from workbench.changes.compare import (
    Handler,
    Labels,
    by_field,
    by_key,
    days,
    entries,
    fingerprint,
    is_moved,
    paired,
    plain,
    same,
    times,
    told_apart,
)
from workbench.changes.conditions import condition_changes, event_changes, quantity_changes
from workbench.model import AnyRule, Bounds, Case, Condition, Decay, FieldTest, Rule
from workbench.model.comparison import AccountFieldTest
from workbench.model.rules import KINDS, Band
from workbench.model.sugar import written_out
from workbench.model.words import (
    band_in_words,
    comparison_in_words,
    decay_in_words,
    earnings_in_words,
    effective_in_words,
    in_words,
    number_in_words,
    points_in_words,
    rule_in_words,
)

Place = Callable[[str], Spot]


def _limit(value: Decimal | None) -> str:
    return NONE if value is None else number_in_words(value)


def caps(spot: Spot, old: Bounds, new: Bounds) -> Iterator[Change]:
    """The changes of a cap: `cap 60 -> 50`."""
    yield from by_field(spot, old, new, {}, CAP)


CAP: Labels = {"min": ("lower cap", _limit), "max": ("cap", _limit)}
_DECAY: Labels = {
    "half_life": ("half-life", days),
    "expiry": ("expiry", days),
    "linear": ("fades evenly in", days),
    "grace": ("grace", days),
    "negatives": ("losses fade", lambda fade: "yes" if fade else "no"),
}
_SHARES = ("step", "geometric", "table", "floor")


def decay_changes(spot: Spot, old: Decay | None, new: Decay | None) -> Iterator[Change]:
    """The changes between two ways to fade."""
    if old is None or new is None or old.shape != new.shape:
        sides = ["no decay" if side is None else decay_in_words(side) for side in (old, new)]
        yield spot.changed("decay", sides[0], sides[1])
        return
    for name in Decay.model_fields:
        if name in _SHARES and not same(getattr(old, name), getattr(new, name)):
            before, after = (_share(side, name) for side in (old, new))
            yield spot.changed(f"decay {name}", before, after)
    bare = new.model_copy(update={name: getattr(old, name) for name in _SHARES})
    yield from by_field(spot, old, bare, {}, _DECAY)


def _share(decay: Decay, name: str) -> str:
    value = plain(decay)[name]
    if name == "table":
        return ", ".join(f"{share} from {age}d" for age, share in value)
    return f"{value['lose']} every {value['every']}" if isinstance(value, dict) else str(value)


# --- one rule ---------------------------------------------------------------------------------------------------------


def rule_changes(spot: Spot, old: AnyRule, new: AnyRule) -> Iterator[Change]:
    """The changes of one rule; the id is not looked at."""
    if not (old.enabled or new.enabled):
        spot = spot.touching("words")
    if type(old) is not type(new):
        yield from _other_kind(spot, old, new)
        own = {name: getattr(old, name) for name in Rule.model_fields}
        old = new.model_copy(update={**own, "id": new.id})
    yield from by_field(spot, old.model_copy(update={"id": new.id}), new, _HANDLERS, _LABELS)


def _other_kind(spot: Spot, old: AnyRule, new: AnyRule) -> Iterator[Change]:
    own = {name: getattr(old, name) for name in Rule.model_fields}
    if same(written_out(old), written_out(new.model_copy(update=own))):
        yield spot.touching("form").told("rewritten", old=kind_of(old), new=kind_of(new))
    else:
        yield spot.changed("pays", *told_apart(old, new, earnings_in_words))


def kind_of(rule: AnyRule) -> str:
    """The key that says what a rule pays for."""
    return next(kind for kind in KINDS if kind in type(rule).model_fields)


def _moved(spot: Spot, old: str, new: str) -> Iterator[Change]:
    yield spot.called("rule").told("moved", old=old, new=new)


def _enabled(spot: Spot, old: bool, new: bool) -> Iterator[Change]:  # noqa: FBT001, RUF100  (a handler of a field)
    yield spot.changed("", *("enabled" if side else "disabled" for side in (old, new)))


def _text(label: str) -> Handler:
    def tell(spot: Spot, old: str, new: str) -> Iterator[Change]:
        yield spot.touching("words").changed(label, *(f"'{side}'" if side else NONE for side in (old, new)))

    return tell


WHY, OWNER, THEN = _text("why"), _text("owner"), _text("then")


def _tags(spot: Spot, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    yield from entries(spot.touching("words"), "tags", old, new)


def _effective(spot: Spot, old: Any, new: Any) -> Iterator[Change]:
    yield spot.changed("", *(effective_in_words(side) or "always in force" for side in (old, new)))


def _condition(spot: Spot, old: Condition, new: Condition) -> Iterator[Change]:
    yield from condition_changes(spot, "condition", old, new)


def _points(spot: Spot, old: Decimal, new: Decimal) -> Iterator[Change]:
    yield spot.changed("", points_in_words(old), points_in_words(new))


def _default(spot: Spot, old: Decimal, new: Decimal) -> Iterator[Change]:
    yield spot.changed("otherwise", points_in_words(old), points_in_words(new))


def _inside(spot: Spot, old: Any, new: Any) -> Iterator[Change]:
    """The values of `limit`, `map`, `bands`, `per` and `up_to`."""
    yield from by_field(spot, old, new, {"of": quantity_changes, "steps": _bands, "points": _values}, _INSIDE)


_INSIDE: Labels = {
    "per_distinct": ("limit, one for each", lambda name: name or "none"),
    "per_day": ("limit a day", _limit),
    "events": ("limit of events", _limit),
    "exact": ("letter for letter", lambda exact: "yes" if exact else "no"),
    "most": ("at most", _limit),
    "least": ("at least", _limit),
}


def _values(spot: Spot, old: Any, new: Any) -> Iterator[Change]:
    """The points by value of a map; or a limit of points."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield spot.changed("limit of points", _limit(old), _limit(new))
        return
    yield from by_key(spot, old, new, points_in_words)


# --- cases and bands --------------------------------------------------------------------------------------------------


def _cases(spot: Spot, old: tuple[Case, ...], new: tuple[Case, ...]) -> Iterator[Change]:
    pairs, gone, come = paired(old, new, (fingerprint, lambda case: fingerprint(case.when)), rest=len(new))
    label = _labels((*old, *new))
    for before, after in pairs:
        name = label(after.when)
        if not same(before.points, after.points):
            yield spot.changed(name, points_in_words(before.points), points_in_words(after.points))
        yield from _inside_case(spot, _which(old, before), before.when, after.when)
    yield from _came_and_left(spot, gone, come, lambda case: f"case {label(case.when)}")
    if is_moved(pairs, new):
        order = ["; ".join(label(case.when) for case in side) for side in (old, new)]
        yield spot.told("reordered", what="order of cases", old=order[0], new=order[1])


def _inside_case(spot: Spot, which: str, old: Condition, new: Condition) -> Iterator[Change]:
    """The changes of a case's condition, told with the case but for lists, whose entries say enough."""
    whole = f"condition of {which}"
    for change in condition_changes(spot, whole, old, new):
        known = change.what.startswith(whole) or change.kind != "changed"
        yield change if known else replace(change, what=f"{which}, {change.what}")


def _which(cases: Sequence[Case], case: Case) -> str:
    """A case by its short name, or by its number where that would only say its condition once more."""
    name = _labels(cases)(case.when)
    number = next(number for number, each in enumerate(cases, start=1) if each is case)
    return f"case {number}" if name == in_words(case.when) else f"case {name}"


def _came_and_left(spot: Spot, gone: Sequence[Any], come: Sequence[Any], name: Any) -> Iterator[Change]:
    for item in gone:
        yield spot.told("removed", what=name(item), old=points_in_words(item.points))
    for item in come:
        yield spot.told("added", what=name(item), new=points_in_words(item.points))


def _labels(cases: Sequence[Case]) -> Callable[[Condition], str]:
    """Short names of cases that test one field: without its name; where texts are sought alike, only the texts."""
    tests = {fingerprint(case.when): case.when for case in cases}
    fields = [test for test in tests.values() if isinstance(test, FieldTest | AccountFieldTest)]
    if len(fields) < len(tests) or len({(type(test), test.name) for test in fields}) > 1:
        return in_words
    short = {key: comparison_in_words("", test).strip() for key, test in zip(tests, fields, strict=True)}
    texts = {key: _texts_of(test) for key, test in zip(tests, fields, strict=True)}
    if len({test.operator for test in fields}) == 1 and all(texts.values()):
        short = texts
    return (lambda when: short[fingerprint(when)]) if len(set(short.values())) == len(short) else in_words


def _texts_of(test: FieldTest | AccountFieldTest) -> str:
    """The texts that a test seeks; empty for any other."""
    if isinstance(test.argument, tuple) and all(isinstance(text, str) for text in test.argument):
        return ", ".join(test.argument)
    return test.argument if isinstance(test.argument, str) else ""


def _bands(spot: Spot, old: tuple[Band, ...], new: tuple[Band, ...]) -> Iterator[Change]:
    ends = [lambda band: (band.from_, band.below), lambda band: (band.from_ is not None and (band.from_,)) or None]
    pairs, gone, come = paired(old, new, ends, rest=len(new))
    for before, after in pairs:
        if band_in_words(before) != band_in_words(after):
            yield spot.changed("band", band_in_words(before), band_in_words(after))
        if not same(before.points, after.points):
            yield spot.changed(band_in_words(after), points_in_words(before.points), points_in_words(after.points))
    yield from _came_and_left(spot, gone, come, lambda band: f"band {band_in_words(band)}")
    if is_moved(pairs, new):
        order = ["; ".join(band_in_words(band) for band in side) for side in (old, new)]
        yield spot.told("reordered", what="order of bands", old=order[0], new=order[1])


_LABELS: Labels = {"weight": ("weight", times)}
_HANDLERS: Mapping[str, Handler] = {
    "in_": _moved,
    "enabled": _enabled,
    "why": WHY,
    "owner": OWNER,
    "tags": _tags,
    "cap": caps,
    "effective": _effective,
    "when": _condition,
    "points": _points,
    "default": _default,
    "cases": _cases,
    "each": event_changes,
    "decay": decay_changes,
    "limit": _inside,
    "map": _inside,
    "bands": _inside,
    "per": _inside,
    "up_to": _inside,
}


# --- lists of rules ---------------------------------------------------------------------------------------------------


def renamed(old: Sequence[AnyRule], new: Sequence[AnyRule]) -> dict[str, str]:
    """Old ids whose rule stands in the new list under another id, word for word."""
    before, after = {rule.id: rule for rule in old}, {rule.id: rule for rule in new}
    gone = [rule for rule in old if rule.id not in after]
    come = [rule for rule in new if rule.id not in before]
    pairs, _, _ = paired(gone, come, (lambda rule: fingerprint(rule.model_copy(update={"id": "same"})),))
    return {one.id: other.id for one, other in pairs}


def rule_lists(
    spot: Spot, old: Sequence[AnyRule], new: Sequence[AnyRule], *, what: str = "rule", place: Place | None = None
) -> Iterator[Change]:
    """The changes between two lists of rules, matched by id.

    Args:
        spot: where the lists stand.
        old, new: the lists.
        what: what a rule is called that came or left.
        place: gives the place of the changes inside a rule from its id; by default the id, inside of `spot`.
    """
    before, after = {rule.id: rule for rule in old}, {rule.id: rule for rule in new}
    for one in old:
        if one.id in after:
            yield from rule_changes((place or spot.inside)(one.id), one, after[one.id])
        else:
            yield _whole(spot.inside(f"{what} {one.id}"), one).told("removed", old=rule_in_words(one))
    for one in new:
        if one.id not in before:
            yield _whole(spot.inside(f"{what} {one.id}"), one).told("added", new=rule_in_words(one))
    order = [[rule.id for rule in side if rule.id in before and rule.id in after] for side in (old, new)]
    if order[0] != order[1]:
        moved = [", ".join(side) for side in order]
        yield spot.inside(f"{what}s").touching("words").told("reordered", what="order", old=moved[0], new=moved[1])


def _whole(spot: Spot, rule: AnyRule) -> Spot:
    return spot if rule.enabled else spot.touching("words")
