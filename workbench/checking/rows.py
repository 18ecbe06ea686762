"""Ids that know too much, and leads that are there more than once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.checking.catalogue import kind
from workbench.checking.coding import Told, coded, numbers_of, out_of_fold, told, told_within
from workbench.checking.finding import Finding
from workbench.checking.material import Material
from workbench.checking.wording import percent
from workbench.metrics.histogram import compact
from workbench.metrics.intervals import wilson
from workbench.observation.split import PARTS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TELLS = 0.6
"""Lower end of an id's AUC from which it knows the outcome; ids in order of time drift with the base rate a little."""
KNOWS = 0.9
"""From which the file was sorted by the outcome."""
OWN = 0.98
"""Share of filled cells with a value of their own from which a field is an id."""
LEAST_IDS = 100
LIKELY_BITS = 1.0
"""Bits beyond 2 log2(n) that equal rows must hold: by chance one pair in four tables would then be equal at most, since
a value that only twins share counts as if it were twice as common."""
RARE = 0.05
"""Share of the leads up to which a value is rare."""
TWINS = 0.01
"""Share of a part's leads with a twin in another part from which it is a warning."""
KEY_SHARE = 0.05
"""Share of validation's leads that share a key with train, from which it matters."""
KEY_TELLS = 0.52
"""Lower end of the AUC of what the other leads of a value did, from which they convert alike."""


def ids(material: Material) -> Iterator[Finding]:
    """Ids of leads and accounts, and the order of the file where it means nothing, that rank the outcome."""
    subjects = material.seen.subjects
    asked: list[tuple[str, Floats]] = []
    if not material.history.generated_ids:
        asked.append(("the lead's id", _digits(subjects.lead_id[material.rows])))
    if material.history.has_accounts:
        asked.append(("the account's id", _digits(subjects.account_id[material.rows])))
    if material.history.order == "none":
        asked.append(("the order of the file", _positions(material)))
    for name, numbers in asked:
        area = _either_way(numbers, material)
        if area is not None and area.low >= TELLS:
            yield kind("id-tells").at(
                name,
                f"By {name} alone leads are ranked by outcome with {area}.",
                area.plain(),
                severity="error" if area.low >= KNOWS else None,
            )


def _digits(values: NDArray[np.object_]) -> Floats:
    """The last run of digits of each id."""
    texts = pd.Series(values, dtype="str").str.extract(r"(\d{1,15})\D*$")[0]
    return pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)


def _positions(material: Material) -> Floats:
    frame = material.history.engine.frame("SELECT lead_id, position FROM leads")
    place = dict(zip(frame["lead_id"].astype(str), frame["position"].astype(np.float64), strict=True))
    return np.array([place[str(lead)] for lead in material.seen.subjects.lead_id[material.rows]], dtype=np.float64)


def _either_way(numbers: Floats, material: Material) -> Told | None:
    there = ~np.isnan(numbers)
    if there.mean() < 0.9 or len(np.unique(numbers[there])) < LEAST_IDS:
        return None
    filled = np.where(there, numbers, np.median(numbers[there]))
    up = told_within(filled, material)
    return up if up.auc >= 0.5 else told_within(-filled, material)


def id_fields(material: Material) -> Iterator[Finding]:
    """Fields with a value of their own for nearly every lead."""
    for asked in material.fields:
        if "field" not in asked.operand or asked.kind not in {"text", "number"}:
            continue
        column = material.column(asked).dropna()
        whole = asked.kind == "text" or bool((numbers_of(column) % 1 == 0).all())
        if len(column) < max(LEAST_IDS, material.n / 2) or not whole:
            continue
        distinct = int(column.nunique())
        if distinct >= OWN * len(column):
            yield kind("id-field").at(
                asked.name,
                f"'{asked.name}' has {distinct:,} values in {len(column):,} leads.",
                {"distinct": distinct, "n": len(column)},
            )


def twins(material: Material) -> Iterator[Finding]:
    """Leads that say the same in every field, of all parts; no outcome is looked at.

    Rows of few or common values agree by chance. A row counts only if its rare values together are so rare that no
    pair of n leads would agree on them by chance: the sum of -log2 of their shares is above 2 log2(n) + `LIKELY_BITS`.
    Values that more than `RARE` of the leads have count nothing: blanks and zeros go together.
    """
    frame, seen = material.everybody, material.seen
    names = [asked.name for asked in material.fields if "field" in asked.operand]
    if len(names) < 2 or not len(frame):
        return
    codes = np.column_stack([pd.factorize(frame[name].astype(object), use_na_sentinel=False)[0] for name in names])
    bits = np.zeros(len(frame))
    for column in codes.T:
        share = np.bincount(column)[column] / len(column)
        bits += np.where(share <= RARE, -np.log2(share), 0.0)
    rows = np.flatnonzero(bits >= 2 * np.log2(len(frame)) + LIKELY_BITS).astype(np.int64)
    numbered = pd.DataFrame(codes[rows]).groupby(list(range(len(names))), sort=False).ngroup()
    group = np.asarray(numbered, dtype=np.int64)
    cluster = seen.subjects.cluster[rows]
    several = _several(group, cluster)
    if not several.any():
        return
    yield kind("duplicates").at(
        "leads",
        f"{int(several.sum()):,} of {len(frame):,} leads say the same as another one in all {len(names)} fields, "
        "more than chance explains.",
        {"n": len(frame), "twins": int(several.sum()), "fields": len(names)},
    )
    if seen.split:
        yield from _across(group[several], rows[several], seen.subjects.part)


def _several(group: Integers, cluster: Integers) -> NDArray[np.bool_]:
    """Whose group holds more than one cluster."""
    pairs = pd.DataFrame({"group": group, "cluster": cluster}).drop_duplicates()
    many = np.bincount(pairs["group"], minlength=int(group.max(initial=-1)) + 1) > 1
    return np.asarray(many[group], dtype=np.bool_)


def _across(group: Integers, rows: Integers, part: NDArray[np.int8]) -> Iterator[Finding]:
    """Twins of leads of train in the other parts."""
    trained = np.isin(group, group[part[rows] == 0])
    for number in (1, 2):
        mine = part[rows] == number
        n, size = int((mine & trained).sum()), int((part == number).sum())
        if n and n >= TWINS * size:
            low, high = wilson(n, size)
            yield kind("twins-across-split").at(
                PARTS[number],
                f"{n:,} of {size:,} leads of {PARTS[number]} ({percent(n / size)}) have a twin in train.",
                {"n": size, "twins": n, "share": n / size, "share_low": float(low), "share_high": float(high)},
            )


def keys(material: Material) -> Iterator[Finding]:
    """Fields of few leads a value that lie on both sides of the split, and whose leads convert alike."""
    seen = material.seen
    if not seen.split or not material.enough:
        return
    part = seen.subjects.part
    for asked in material.fields:
        if asked.kind != "text" or "field" not in asked.operand:
            continue
        codes = pd.factorize(material.everybody[asked.name])[0]
        n = np.bincount(codes[codes >= 0]) if (codes >= 0).any() else np.zeros(0, dtype=np.int64)
        rare = (codes >= 0) & (np.append(n, 0)[codes] <= max(20, len(codes) // 500))
        if rare.mean() < 0.3 or len(np.unique(codes[rare])) > OWN * rare.sum():
            continue
        shared = rare & (part == 1) & np.isin(codes, codes[rare & (part == 0)])
        shared &= ~np.isin(seen.subjects.cluster, seen.subjects.cluster[part == 0])
        size = int((part == 1).sum())
        if not size or shared.sum() < KEY_SHARE * size:
            continue
        column = coded(asked, material.column(asked).where(pd.Series(rare[material.rows])))
        area = told(out_of_fold(column, material), material)
        if area.low >= KEY_TELLS:
            yield kind("key-across-split").at(
                asked.name,
                f"{int(shared.sum()):,} of {size:,} leads of validation share their '{asked.name}' with leads of train,"
                f" and leads of one value convert alike ({area}).",
                {"n": size, "shared": int(shared.sum()), **area.plain(), "values": len(compact(codes[rare])[0])},
            )
