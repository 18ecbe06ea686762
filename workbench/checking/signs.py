"""What speaks for a field having been written because of the outcome: signs, each with its numbers.

No single sign makes a leak: an honest field may be strong, an honest form may be left blank by those who do not care.
Every threshold stands here with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.checking.coding import Coded, Told, coded, numbers_of, told, told_within
from workbench.checking.material import Material
from workbench.checking.wording import MISSING
from workbench.engine.lowered import DAY_US
from workbench.metrics.intervals import wilson
from workbench.observation import Asked

Booleans = NDArray[np.bool_]

TOO_GOOD = 0.8
"""Lower end of a single field's AUC from which it is too good: whole models of a lead's traits seldom reach that."""
PURE_ODDS = 20.0
"""A value decides for the outcome where its odds are this many times those of all, at the lower end of the interval.
A normally distributed trait of AUC 0.85 has odds of at most 19 times over its best fifth of the converts."""
PURE_SHARE = 0.15
"""Of all converts, that such values must hold."""
NEVER = 0.03
"""A value decides against it where its rate is at most this share of all leads', at the upper end of the interval.
A normally distributed trait of AUC 0.80 has 0.08 times the rate in its lowest fifth."""
NEVER_SHARE = 0.15
"""Of all leads, that such values must hold."""
MISSING_AUC = 0.58
"""Lower end of the AUC of being filled, from which missing cells tell the outcome."""
FILLED_FOR_CONVERTS = 5.0
"""Times as often filled for converts as for others, lower end, from which a field is filled almost only for them."""
IN_STEP = 0.995
"""Share of leads on which two fields agree to be filled, from which they are filled by one process."""
LEAST_IN_STEP = 3
"""Fields filled in step that make one process likely; two often stand in one question of a form."""
PART_FILLED = (0.05, 0.95)
"""Filled shares between which filling in step means something: what nearly all or none have agrees by itself."""
FROZEN = 0.8
"""Share of converts whose number counts the days to the outcome, up to one and a constant."""
CONSTANT_SPREAD = 3.0
"""Days that a clock must vary by, at least, so that counting along is no chance."""
AFTER = 0.05
"""Share of filled times that lie after as_of, from which a field cannot have been known then."""

_HINTS = (
    "activity closed closing contract converted customer deal disposition duration grade index invoice "
    "lifecycle lost notable note notes onboarding opportunity outcome profile quality rating reason remark remarks "
    "renewal result score stage status tag tags verdict won"
)
HINTS = frozenset(_HINTS.split())
"""Words in the names of fields that people or other systems write while a lead is worked. They only support other
signs: a name alone flags nothing."""


@dataclass(frozen=True, eq=False)
class Signs:
    """What was found of one field.

    Attributes:
        asked: the field.
        coded: its values.
        whole: how well it tells the outcome over all leads, each judged from other folds.
        told: the same within blocks of time, where something orders the leads.
        filled: how well it tells the outcome whether it is filled.
        found: the signs by name, each with its numbers.
    """

    asked: Asked
    coded: Coded
    whole: Told
    told: Told
    filled: Told
    found: Mapping[str, Mapping[str, Any]]

    @property
    def name(self) -> str:
        """Of the column."""
        return self.asked.name

    @property
    def undated(self) -> bool:
        """Whether nobody knows when its value was known."""
        return self.asked.known == "undated"

    @property
    def proven(self) -> bool:
        """Whether a clock or a date says that it was written later."""
        return bool({"clock", "after as_of"} & set(self.found))


def signs_of(asked: Asked, material: Material, scores: NDArray[np.float64]) -> Signs:
    """The signs of one field, but for those that need the other fields; `scores` is its `out_of_fold`."""
    column = material.column(asked)
    values = coded(asked, column)
    filled = told(values.filled.astype(np.int64), material)
    within = told_within(scores, material)
    found: dict[str, Mapping[str, Any]] = {}
    if within.low >= TOO_GOOD:
        found["too good"] = within.plain()
    decided = _deciding(values, material)
    if decided:
        found["values decide"] = decided
    gap = _missing(values.filled, material, filled)
    if gap:
        found["missing tells"] = gap
    words = hints(asked.name)
    if words:
        found["name"] = {"words": words}
    if asked.kind == "number":
        found.update(_clock(numbers_of(column), material))
    if asked.kind == "time":
        found.update(_after(numbers_of(column), material))
    return Signs(asked, values, told(scores, material), within, filled, found)


def hints(name: str) -> list[str]:
    """The words of a name that hint at a field that is written while a lead is worked.

    >>> hints("lastActivityType"), hints("job_title")
    (['activity'], [])
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.findall(r"[a-z]+", spaced.lower()) if word in HINTS]


def _deciding(values: Coded, material: Material) -> dict[str, Any]:
    """Values that nearly all, or none, of the leads with them convert by, if these hold many leads."""
    n, won = material.counts_by(values.codes, values.size)
    low, high = wilson(won, n)
    odds = material.base / max(1 - material.base, 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        pure = (n > 0) & (low / (1 - low) >= PURE_ODDS * odds)
    never = (n > 0) & (high <= NEVER * material.base)
    if not never.any():  # many values of few leads each: together they may be many
        never = (n > 0) & (won == 0)
        never &= float(wilson(0, max(int(n[never].sum()), 1)).high) <= NEVER * material.base
    found: dict[str, Any] = {}
    captured = float(won[pure].sum() / max(material.converted, 1))
    if captured >= PURE_SHARE:
        found["for"] = _listed(values, pure, n, won) | {"share_of_converts": captured}
    share = float(n[never].sum() / max(material.n, 1))
    if share >= NEVER_SHARE and values.filled.any() and not never[0]:
        found["against"] = _listed(values, never, n, won) | {"share_of_leads": share}
    return found


def _listed(values: Coded, which: Booleans, n: NDArray[np.int64], won: NDArray[np.int64]) -> dict[str, Any]:
    at = sorted(np.flatnonzero(which), key=lambda code: -int(n[code]))
    rate = wilson(int(won[which].sum()), int(n[which].sum()))
    return {
        "values": [values.labels[code] or MISSING for code in at[:5]],
        "n": int(n[which].sum()),
        "converted": int(won[which].sum()),
        "rate": float(won[which].sum() / max(int(n[which].sum()), 1)),
        "rate_low": float(rate.low),
        "rate_high": float(rate.high),
    }


def _missing(filled: Booleans, material: Material, area: Told) -> dict[str, Any]:
    """How often converts, and others, have a value, if that tells them apart."""
    share = float(filled.mean()) if len(filled) else 0.0
    if share in {0.0, 1.0}:
        return {}
    lost = ~material.won
    of_won, of_lost = int(filled[material.won].sum()), int(filled[lost].sum())
    low, high = wilson([of_won, of_lost], [material.converted, int(lost.sum())])
    away = max(area.low, 1 - area.high)
    if not away >= MISSING_AUC:
        return {}
    return {
        **area.plain(),
        "filled": share,
        "filled_of_converts": of_won / material.converted,
        "filled_of_converts_low": float(low[0]),
        "filled_of_converts_high": float(high[0]),
        "filled_of_others": of_lost / int(lost.sum()),
        "filled_of_others_low": float(low[1]),
        "filled_of_others_high": float(high[1]),
        "almost_only_converts": bool(low[0] >= FILLED_FOR_CONVERTS * max(float(high[1]), 1e-9)),
    }


def _clock(numbers: NDArray[np.float64], material: Material) -> dict[str, Mapping[str, Any]]:
    """Whether the number counts the days to the outcome: it stops when the deal is done."""
    days = material.seen.subjects.days[material.rows]
    known = material.won & ~np.isnan(days) & ~np.isnan(numbers)
    if int(known.sum()) < 10 or float(np.std(days[known])) < CONSTANT_SPREAD:
        return {}
    apart = numbers[known] - days[known]
    constant = float(np.median(apart))
    share = float(np.mean(np.abs(apart - constant) <= 1.5))
    if share < FROZEN:
        return {}
    return {"clock": {"share_of_converts": share, "converts": int(known.sum()), "days_more": constant}}


def _after(days: NDArray[np.float64], material: Material) -> dict[str, Mapping[str, Any]]:
    """Whether times lie after the moment at which the lead is observed."""
    as_of = material.seen.subjects.as_of_us
    there = ~np.isnan(days)
    if as_of is None or not there.any():
        return {}
    later = days[there] >= as_of[material.rows][there] / DAY_US
    share = float(later.mean())
    return {"after as_of": {"share_of_filled": share, "n": int(later.sum())}} if share >= AFTER else {}


def filled_in_step(signs: list[Signs]) -> dict[str, list[str]]:
    """Fields of leads that are filled for (nearly) the same leads, by name, where there are `LEAST_IN_STEP` of them."""
    low, high = PART_FILLED
    some = [each for each in signs if "field" in each.asked.operand and low <= float(each.coded.filled.mean()) <= high]
    found: dict[str, list[str]] = {}
    for each in some:
        together = [other.name for other in some if float(np.mean(each.coded.filled == other.coded.filled)) >= IN_STEP]
        if len(together) >= LEAST_IN_STEP:
            found[each.name] = [name for name in together if name != each.name]
    return found
