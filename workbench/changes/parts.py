"""Changes of what stands around the rules: dimensions, groups, the score, tiers, the matrix, gates, the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workbench.changes.change import NONE, Change, Spot
from workbench.changes.compare import (
    Handler,
    Labels,
    by_field,
    by_key,
    fingerprint,
    is_moved,
    paired,
    same,
    times,
    told_apart,
)
from workbench.changes.conditions import condition_changes
from workbench.changes.rules import CAP, THEN, WHY, Place
from workbench.model import AccountScore, Dimension, Gate, Group, Inactivity, Matrix, Score, Silence, Tier, Transform
from workbench.model.parts import Axis
from workbench.model.words import (
    cap_in_words,
    decay_in_words,
    events_in_words,
    in_words,
    inactivity_in_words,
    number_in_words,
    transform_in_words,
)


def _number(value: Decimal | None) -> str:
    return NONE if value is None else number_in_words(value)


# --- dimensions and groups --------------------------------------------------------------------------------------------


def homes(spot: Spot, what: str, old: Mapping[str, Any], new: Mapping[str, Any], place: Place) -> Iterator[Change]:
    """The changes between two sets of dimensions, or of groups, by name."""
    for name in [*old, *(name for name in new if name not in old)]:
        whole = spot.inside(f"{what} {name}")
        if name not in new:
            yield whole.told("removed", old=_home_in_words(old[name]))
        elif name not in old:
            yield whole.told("added", new=_home_in_words(new[name]))
        else:
            yield from by_field(place(name), old[name], new[name], _HOME, {**CAP, "weight": ("weight", times)})


def _home_in_words(home: Dimension | Group) -> str:
    words = [cap_in_words(home)]
    if isinstance(home, Group):
        words.insert(0, f"in {home.in_}")
    elif home.weight != 1:
        words.append(times(home.weight))
    if isinstance(home, Dimension) and home.inactivity is not None:
        words.append(inactivity_in_words(home.inactivity))
    return ", ".join(word for word in words if word)


def _inactivity(spot: Spot, old: Inactivity | None, new: Inactivity | None) -> Iterator[Change]:
    if old is None or new is None:
        sides = [NONE if side is None else inactivity_in_words(side) for side in (old, new)]
        yield spot.changed("inactivity", sides[0], sides[1])
        return
    if not same(old.decay, new.decay):
        yield spot.changed("inactivity", *told_apart(old.decay, new.decay, decay_in_words))
    if not same(old.since, new.since):
        yield spot.changed("inactive since the last", *told_apart(old.since, new.since, events_in_words))


def _home_of(spot: Spot, old: str, new: str) -> Iterator[Change]:
    yield spot.called("group").told("moved", old=old, new=new)


_HOME: Mapping[str, Handler] = {"inactivity": _inactivity, "in_": _home_of}

# --- score ------------------------------------------------------------------------------------------------------------


def score_changes(spot: Spot, old: Score, new: Score) -> Iterator[Change]:
    """The changes in how dimensions become the score."""
    labels: Labels = {**CAP, "round": ("rounding", str)}
    yield from by_field(spot, old, new, {"weights": _weights, "transform": _transform}, labels)


def _weights(spot: Spot, old: Mapping[str, Decimal], new: Mapping[str, Decimal]) -> Iterator[Change]:
    yield from by_key(spot, old, new, times, "weight of {}")


def _transform(spot: Spot, old: Transform | None, new: Transform | None) -> Iterator[Change]:
    sides = [NONE if side is None else transform_in_words(side) for side in (old, new)]
    if old is not None and new is not None:
        if old.table is not None and new.table is not None:
            yield from _table(spot, old.table, new.table)
            return
        if same(old.written_out, new.written_out):
            yield spot.touching("form").told("rewritten", what="transform", old=sides[0], new=sides[1])
            return
    yield spot.changed("transform", sides[0], sides[1])


def _table(spot: Spot, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    before, after = ({number_in_words(low): to for low, to in side} for side in (old, new))
    yield from by_key(spot, before, after, number_in_words, "transform from {}")


# --- tiers ------------------------------------------------------------------------------------------------------------


def named(
    spot: Spot, what: str, old: Sequence[Any], new: Sequence[Any], *, key: str, words: Callable[[Any], str], inside: Any
) -> Iterator[Change]:
    """The changes between two ordered lists of named things, whose order matters.

    Args:
        spot: where the lists stand.
        what: what one thing is called.
        old, new: the lists.
        key: the field that names a thing; one that is the same but for it was renamed.
        words: one thing in words.
        inside: the changes inside a pair, from the pair.
    """

    def name(item: Any) -> str:
        return str(getattr(item, key))

    pairs, gone, come = paired(old, new, (name,))
    renamed, gone, come = paired(gone, come, (lambda item: fingerprint(item.model_copy(update={key: "same"})),))
    for before, after in pairs:
        yield from inside(before, after)
    for before, after in renamed:
        yield spot.inside(f"{what} {name(before)}").told("renamed", old=name(before), new=name(after))
    for item in gone:
        yield spot.inside(f"{what} {name(item)}").told("removed", old=words(item))
    for item in come:
        yield spot.inside(f"{what} {name(item)}").told("added", new=words(item))
    if is_moved(sorted([*pairs, *renamed], key=lambda pair: old.index(pair[0])), new):
        order = [", ".join(name(item) for item in side) for side in (old, new)]
        yield spot.inside(f"{what}s").told("reordered", what="order", old=order[0], new=order[1])


def tier_lists(
    spot: Spot, old: Sequence[Tier], new: Sequence[Tier], place: Place, *, what: str = "tier"
) -> Iterator[Change]:
    """The changes between two lists of tiers."""

    def inside(before: Tier, after: Tier) -> Iterator[Change]:
        handlers = {"require": _require, "then": THEN}
        yield from by_field(place(before.name), before, after, handlers, {"from_": ("from", _number)})

    yield from named(spot, what, old, new, key="name", words=_tier_in_words, inside=inside)


def _require(spot: Spot, old: Mapping[str, Decimal], new: Mapping[str, Decimal]) -> Iterator[Change]:
    yield from by_key(spot, old, new, number_in_words, "requires {}")


def _tier_in_words(tier: Tier) -> str:
    words = [] if tier.from_ is None else [f"from {number_in_words(tier.from_)}"]
    words += [f"{name} ≥ {number_in_words(least)}" for name, least in tier.require.items()]
    return ", ".join([*words, *([tier.then] if tier.then else [])])


# --- matrix, gates, account, accepted findings ------------------------------------------------------------------------


def matrix_changes(spot: Spot, old: Matrix | None, new: Matrix | None) -> Iterator[Change]:
    """The changes between two matrices: `B2: MQL -> SQL`."""
    if old is None or new is None:
        if old is not new:
            kind, only = ("removed", old) if new is None else ("added", new)
            words = _matrix_in_words(only) if only is not None else ""
            there = spot.inside("matrix")
            yield there.told("removed", old=words) if kind == "removed" else there.told("added", new=words)
        return
    for side in ("rows", "columns"):
        handlers: Mapping[str, Handler] = {"from_": _axis}
        before, after = getattr(old, side), getattr(new, side)
        yield from by_field(spot.inside(f"matrix {side}"), before, after, handlers, {})
    for grade in [*old.tiers, *(grade for grade in new.tiers if grade not in old.tiers)]:
        before, after = old.tiers.get(grade, NONE), new.tiers.get(grade, NONE)
        if before != after:
            yield spot.inside(grade).changed("", before, after)


def _axis(spot: Spot, old: Mapping[str, Decimal], new: Mapping[str, Decimal]) -> Iterator[Change]:
    yield from by_key(spot, old, new, number_in_words)


def _matrix_in_words(matrix: Matrix) -> str:
    def side(axis: Axis) -> str:
        parts = ", ".join(f"{name} from {number_in_words(low)}" for name, low in axis.from_.items())
        return f"{axis.dimension} {parts}"

    tiers = ", ".join(f"{grade} {tier}" for grade, tier in matrix.tiers.items())
    return f"{side(matrix.rows)}; {side(matrix.columns)}; {tiers}"


def gate_lists(spot: Spot, old: Sequence[Gate], new: Sequence[Gate], place: Place) -> Iterator[Change]:
    """The changes between two lists of gates."""

    def condition(there: Spot, before: Any, after: Any) -> Iterator[Change]:
        yield from condition_changes(there, "condition", before, after)

    def inside(before: Gate, after: Gate) -> Iterator[Change]:
        handlers: Mapping[str, Handler] = {"when": condition, "why": WHY}
        yield from by_field(place(before.id), before, after, handlers, {"tier": ("gives", str)})

    def words(gate: Gate) -> str:
        return f"{gate.tier} if {in_words(gate.when)}"

    yield from named(spot, "gate", old, new, key="id", words=words, inside=inside)


def account_changes(spot: Spot, old: AccountScore | None, new: AccountScore | None) -> Iterator[Change]:
    """The changes in the score of accounts."""
    there = spot.inside("account score")
    if old is None or new is None:
        if old is not new:
            yield there.told("removed", old=old.roll_up) if old is not None else there.told("added", new=_roll_up(new))
        return

    def tiers(_: Spot, before: Sequence[Tier], after: Sequence[Tier]) -> Iterator[Change]:
        inside = spot.inside("account")
        yield from tier_lists(inside, before, after, lambda name: inside.inside(f"tier {name}"))

    yield from by_field(there, old, new, {"tiers": tiers}, {"above": ("above", _number)})


def _roll_up(account: AccountScore | None) -> str:
    return "" if account is None else account.roll_up


def silence_changes(spot: Spot, old: Sequence[Silence], new: Sequence[Silence]) -> Iterator[Change]:
    """The changes in which findings of the lint are accepted."""
    pairs, gone, come = paired(old, new, (fingerprint, lambda silence: (silence.code, silence.at)))
    for before, after in pairs:
        there = spot.inside(f"accepted finding {before.code} at {before.at}").touching("words")
        yield from by_field(there, before, after, {}, {})
    accepted = spot.inside("accepted findings").touching("words")
    sides = [[f"{silence.code} at {silence.at} ({silence.because})" for silence in side] for side in (gone, come)]
    if sides[0] or sides[1]:
        yield accepted.told("entries", what="", old="; ".join(sides[0]), new="; ".join(sides[1]))
    elif is_moved(pairs, new):
        yield accepted.told("reordered", what="order", old=shown_order(old), new=shown_order(new))


def shown_order(silences: Sequence[Silence]) -> str:
    """Accepted findings in their order."""
    return ", ".join(f"{silence.code} at {silence.at}" for silence in silences)
