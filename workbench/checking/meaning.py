"""Fields whose meaning changes: other values, other gaps, another relation to the outcome from some month on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from workbench.checking.catalogue import kind
from workbench.checking.coding import PRIOR, Coded, Told, coded, told
from workbench.checking.finding import Finding
from workbench.checking.material import Material
from workbench.checking.wording import MISSING, RARER, percent, quoted

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SHIFTED = 0.25
"""Population stability index from which a distribution is called another one: the customary bound of scorecards."""
SURE = 0.01
"""Chance, for all fields and cuts that were tried, below which a change is believed."""
JUMP = 0.2
"""Change of the filled share from which a field is recorded otherwise."""
LEAST_SIDE = 0.1
"""Share of the leads on either side of a cut."""
MOST_VALUES = 10
"""Values that are told apart; the rarer ones are one."""
NEW_SHARE = 0.05
"""Share of the leads on one side that a value needs to be called new, or gone."""
TURNED = 0.48
"""Upper end of the AUC that one half's rates have in the other half, below which the relation has turned round."""


@dataclass(frozen=True)
class _Cut:
    """The cut at which two sides differ most: its period, the index, and the chance of it."""

    at: int
    index: float
    chance: float


def changes(material: Material, told_already: Sequence[str]) -> Iterator[Finding]:
    """Findings on all fields but those that were found to leak or to tell the date."""
    _, names = material.period
    if len(names) < 2:
        return
    for asked in material.fields:
        if asked.name in told_already:
            continue
        column = coded(asked, material.column(asked))
        if column.size > material.n / 5:
            continue
        found = [*_filled(asked.name, column, material), *_values(asked.name, column, material)]
        yield from found
        if not found:
            yield from _shifted(asked.name, column, material)
        if material.enough:
            yield from _turned(asked.name, column, material)


def _table(codes: Integers, size: int, material: Material) -> Integers:
    """(periods, codes) how many leads."""
    period, names = material.period
    return np.bincount(period * size + codes, minlength=len(names) * size).reshape(len(names), size)


def _best_cut(table: Integers, material: Material) -> _Cut | None:
    """Of the cuts with enough leads on either side the one with the largest stability index."""
    total = table.sum()
    before = np.cumsum(table, axis=0)[:-1]
    after = table.sum(axis=0) - before
    sizes = before.sum(axis=1)
    cuts = np.flatnonzero((sizes >= LEAST_SIDE * total) & (sizes <= (1 - LEAST_SIDE) * total))
    if not len(cuts):
        return None
    found = []
    for cut in cuts:
        a, b = before[cut], after[cut]
        some = a + b > 0
        p, q = ((side[some] + 0.5) / (side.sum() + 0.5 * some.sum()) for side in (a, b))
        found.append(float(np.sum((p - q) * np.log(p / q))))
    best = int(np.argmax(found))
    a, b = before[cuts[best]], after[cuts[best]]
    chance = _chance(a, b, material) * len(cuts) * len(material.fields)
    return _Cut(int(cuts[best]) + 1, found[best], min(1.0, chance))


def _chance(a: Integers, b: Integers, material: Material) -> float:
    """Pearson's chi-square of two samples, its statistic over the mean leads a lead shares its cluster with."""
    some = a + b > 0
    expected = np.outer([a.sum(), b.sum()], (a + b)[some]) / (a.sum() + b.sum())
    statistic = float(np.sum((np.array([a[some], b[some]]) - expected) ** 2 / expected))
    sizes = np.bincount(material.cluster)
    sharing = float(np.sum(sizes**2) / max(material.n, 1))
    return float(chi2.sf(statistic / max(sharing, 1.0), max(int(some.sum()) - 1, 1)))


def _few(column: Coded) -> tuple[Integers, list[str]]:
    """At most `MOST_VALUES` values and the rest; bins of numbers are joined in order."""
    if column.ordered and column.size > MOST_VALUES + 1:
        step = -(-(column.size - 1) // MOST_VALUES)
        codes = np.where(column.codes > 0, (column.codes - 1) // step + 1, 0)
        joined = [column.labels[1 + at : 1 + at + step] for at in range(0, column.size - 1, step)]
        return codes.astype(np.int64), [MISSING, *(_range(labels) for labels in joined)]
    counts = np.bincount(column.codes, minlength=column.size)
    counts[0] = 0
    kept = [int(code) for code in np.argsort(-counts, kind="stable")[:MOST_VALUES] if counts[code]]
    place = np.full(column.size, len(kept) + 1)
    place[0] = 0
    place[kept] = np.arange(len(kept)) + 1
    return place[column.codes], [MISSING, *(column.labels[code] for code in kept), RARER]


def _range(labels: Sequence[str]) -> str:
    """Neighbouring bins as one.

    >>> _range(["1 to below 3", "3 to below 9"]), _range(["4"])
    ('1 to below 9', '4')
    """
    if len(labels) == 1:
        return labels[0]
    if labels[-1].endswith(" and more"):
        return f"{labels[0].split(' to below ')[0]} and more"
    if " to below " in labels[-1]:
        return f"{labels[0].split(' to below ')[0]} to below {labels[-1].split(' to below ')[1]}"
    return f"{labels[0]} to {labels[-1]}"


def _shifted(name: str, column: Coded, material: Material) -> Iterator[Finding]:
    codes, labels = _few(column)
    table = _table(codes, len(labels), material)
    cut = _best_cut(table, material)
    if cut is None or cut.index < SHIFTED or cut.chance >= SURE:
        return
    before, after = (side.sum(axis=0) / side.sum() for side in (table[: cut.at], table[cut.at :]))
    most = int(np.argmax(np.abs(after - before)))
    when = material.period[1][cut.at]
    yield kind("field-shift").at(
        name,
        f"From {when} on '{name}' has other values: most of all {quoted(labels[most])}, "
        f"{percent(before[most])} of leads before and {percent(after[most])} after.",
        {
            "from": when,
            "stability_index": cut.index,
            "chance": cut.chance,
            "values": [
                {"value": label, "before": float(a), "after": float(b)}
                for label, a, b in zip(labels, before, after, strict=True)
            ],
        },
    )


def _filled(name: str, column: Coded, material: Material) -> Iterator[Finding]:
    table = _table(column.filled.astype(np.int64), 2, material)
    cut = _best_cut(table, material)
    if cut is None or cut.chance >= SURE:
        return
    before, after = (float(side[:, 1].sum() / side.sum()) for side in (table[: cut.at], table[cut.at :]))
    if abs(after - before) < JUMP:
        return
    when = material.period[1][cut.at]
    yield kind("fill-jump").at(
        name,
        f"'{name}' is filled for {percent(before)} of leads before {when} and for {percent(after)} from then on.",
        {"from": when, "before": before, "after": after, "chance": cut.chance},
    )


def _values(name: str, column: Coded, material: Material) -> Iterator[Finding]:
    """Values of texts that are only there before, or only after, some period."""
    if column.ordered:
        return
    codes, labels = _few(column)
    period, names = material.period
    size = np.bincount(period, minlength=len(names))
    found = []
    for code in range(1, len(labels) - 1):
        has = np.bincount(period[codes == code], minlength=len(names))
        there = np.flatnonzero(has)
        for word, first, without in (
            ("new", there[0], slice(None, there[0])),
            ("gone", there[-1] + 1, slice(there[-1] + 1, None)),
        ):
            missed = int(size[without].sum())
            share = float(has.sum() / max(material.n - missed, 1))
            enough = LEAST_SIDE * material.n <= missed <= (1 - LEAST_SIDE) * material.n
            if enough and share >= NEW_SHARE and missed * share >= 10:
                found.append({"value": labels[code], "is": word, "period": names[int(first)], "share": share})
    if found:
        told_ = [
            f"'{each['value']}' {'first' if each['is'] == 'new' else 'no more'} from {each['period']}" for each in found
        ]
        yield kind("new-value").at(name, f"'{name}': {', '.join(told_)}.", {"values": found})


def _turned(name: str, column: Coded, material: Material) -> Iterator[Finding]:
    """Whether the rates of either half rank the other half's leads the wrong way round."""
    assert material.moment is not None  # noqa: S101  (there are periods)
    late = material.block >= (int(material.block.max()) + 1) // 2
    halves = [np.flatnonzero(~late), np.flatnonzero(late)]
    areas: list[Told] = []
    for learned, judged in (halves, halves[::-1]):
        won = material.won[learned].astype(np.float64)
        hits = np.bincount(column.codes[learned], won, column.size)
        n = np.bincount(column.codes[learned], minlength=column.size)
        rates = (hits + PRIOR * won.mean()) / (n + PRIOR)
        areas.append(told(rates[column.codes], material, judged))
    if not all(area.high < TURNED for area in areas):
        return
    yield kind("relation-flips").at(
        name,
        f"What '{name}' says of the outcome in the first half of the time is wrong in the second: by the first half's "
        f"rates the second has {areas[0]}, the other way round {areas[1]}; 0.50 would be no relation.",
        {"second_by_first": areas[0].plain(), "first_by_second": areas[1].plain()},
    )
