"""What a report tells of: one backtest, fit to be shown outside."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.backtesting import Backtest, Errors, backtest
from workbench.backtesting.errors import ErrorKind
from workbench.errors import CallError, listed
from workbench.history import read_history
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.plan import RECORDED, Plan, read_plan
from workbench.reports.wording import FEWEST

TOGETHER = " + "
"""Between the names of rows that were merged for being small."""
READ_OFF = (
    "Small groups are merged or left out so that nobody is read off a table. They are no secret: subtracting one "
    "figure of this report from another can still tell some of them."
)


@dataclass(frozen=True)
class Judgement:
    """One backtest as it may leave the house.

    Attributes:
        model: what was judged.
        plan: how.
        result: the backtest; bands hold at least ten leads each, months, segments and the gated with fewer are left
            out, tiers and reasons for leaving out with fewer are merged with the next larger, and where a part has
            fewer, its figures are missing. This keeps groups from being read off; it does not keep them secret.
        segment, value: the field and value that the leads were narrowed to; empty for all.
        hidden: what was left out of the frames for being small, one sentence each.
    """

    model: Model
    plan: Plan
    result: Backtest
    segment: str = ""
    value: str = ""
    hidden: tuple[str, ...] = ()
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def errors(self, kind: ErrorKind) -> Errors | None:
        """The wrongly judged leads of that kind; None for a model without tiers."""
        return self.result.errors(kind) if self.result.main_tier is not None else None

    def pseudonym(self, lead_id: str) -> str:
        """A name for a lead that holds within this report only: a hash under a key that nobody keeps."""
        return hmac.new(self._key, lead_id.encode(), hashlib.sha256).hexdigest()[:8]


def judge(
    model: str | Path,
    data: str | Path,
    plan: str | Path = "",
    *,
    mapping: str | Path = "",
    outcome: str = "",
    part: str = "",
    segment: str = "",
    segment_value: str = "",
) -> Judgement:
    """Read everything, observe, backtest, and make the result fit to be shown; empty texts stand for "not given".

    Args:
        model: a model file.
        data: a folder or file that `read_history` takes.
        plan: a plan file; without it the data is judged as it was recorded.
        mapping, outcome: as `read_history` takes them.
        part: the part to judge; by default validation, or all without a split.
        segment: judge only leads with `segment_value` in this field. The split is made before, on everybody, so that
            no lead that is sealed for the whole comes to light in a segment.
        segment_value: one of that field's values.

    Raises:
        InputError: if any of these is wrong.
    """
    card = read_model(model)
    setup = with_segment(read_plan(plan) if plan else RECORDED, segment)
    with read_history(data, mapping=Path(mapping) if mapping else None, outcome=outcome or None) as history:
        seen = observe(history, [card], setup)
    if segment:
        seen = narrowed(seen, segment, segment_value)
    return shareable(card, seen, part=part or None, segment=segment, value=segment_value)


def with_segment(plan: Plan, segment: str) -> Plan:
    """The plan with one more field to report apart, if it is not among them yet."""
    if not segment or segment in plan.segments:
        return plan
    return plan.model_copy(update={"segments": (*plan.segments, segment)})


def narrowed(seen: Observations, segment: str, value: str) -> Observations:
    """Only the observations with that value; parts and seals stay as they are.

    Raises:
        CallError: if no observation has it.
    """
    found = seen.subjects.segments[segment]
    codes = [code for code, label in enumerate(found.labels) if label == value]
    order = np.flatnonzero(np.isin(found.codes, codes)).astype(np.int64)
    if not len(order):
        raise CallError.at(
            "segment_value",
            expected=f"a value of '{segment}': {listed(found.labels)}",
            found=repr(value),
            remedy="Use one of these.",
        )
    return seen.taken(order)


def shareable(
    model: Model, seen: Observations, *, part: str | None = None, segment: str = "", value: str = ""
) -> Judgement:
    """The backtest with small cells merged or left out."""
    result = backtest(model, seen, part=part)
    hidden = []
    edges = _wide_edges(result)
    if edges is not None:
        wide = seen.plan.model_copy(update={"bands": edges})
        again = backtest(model, replace(seen, plan=wide), part=part)
        result = replace(result, bands=again.bands, calibration=again.calibration)
        hidden.append(f"Score bands of fewer than {FEWEST} leads are merged with their neighbours.")
    gated = result.bands["low"].isna() & (result.bands["n"] < FEWEST)
    if gated.any():
        hidden.append(f"Fewer than {FEWEST} leads were taken out by a gate; they are not shown as a band.")
    months = result.months[result.months["n"] >= FEWEST].reset_index(drop=True)
    if len(months) < len(result.months):
        hidden.append(f"Months of fewer than {FEWEST} leads are left out: {len(result.months) - len(months)}.")
    segments = result.segments[result.segments["n"] >= FEWEST].reset_index(drop=True)
    segments = segments[segments["segment"] != segment].reset_index(drop=True)
    small = int((result.segments["n"] < FEWEST).sum())
    if small:
        hidden.append(f"Segment values of fewer than {FEWEST} leads are left out: {small}.")
    tiers = _tiers_merged(result)
    if len(tiers) < len(result.tiers):
        hidden.append(f"Tiers of fewer than {FEWEST} leads are merged with the next larger.")
    left_out = merged(result.left_out, "reason")
    if len(left_out) < len(result.left_out):
        hidden.append(f"Reasons for leaving out fewer than {FEWEST} leads are counted together with others.")
    result = replace(
        result,
        bands=result.bands[~gated].reset_index(drop=True),
        calibration=result.calibration[~gated].reset_index(drop=True),
        lift=result.lift[result.lift["n"] >= FEWEST].reset_index(drop=True),
        thresholds=result.thresholds[result.thresholds["flagged"] >= FEWEST].reset_index(drop=True),
        months=months,
        tiers=_kept_quiet(tiers),
        parts=_kept_quiet(result.parts),
        left_out=_kept_quiet(left_out),
        segments=segments,
        distribution=result.distribution.dropna(subset=["score"]).reset_index(drop=True)
        if gated.any()
        else result.distribution,
    )
    if hidden or (result.left_out["n"].isna().any() or result.tiers["n"].isna().any()):
        hidden.append(READ_OFF)
    return Judgement(model, seen.plan, result, segment=segment, value=value, hidden=tuple(hidden))


def _tiers_merged(result: Backtest) -> pd.DataFrame:
    """The tiers with small ones merged; never across the main tier, whose total is told, if both sides are large."""
    frame = result.tiers
    if result.main_tier is None or frame.empty:
        return frame
    names = list(frame["tier"])  # lowest first, those that only a gate gives before all others
    reached = pd.Series(range(len(names)), index=frame.index) >= names.index(result.main_tier)
    sides = [frame[~reached], frame[reached]]
    if any(0 < side["n"].sum() < FEWEST for side in sides):
        sides = [frame]
    done: pd.DataFrame = pd.concat([merged(side, "tier") for side in sides], ignore_index=True)
    done["lift"] = done["rate"] / result.base_rate if result.base_rate else float("nan")
    return done


def merged(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows of one to nine leads joined with the smallest other row that is not empty, until none is left or one row.

    Counts and shares add up; the row is known by both names, and by the larger one's other columns. Intervals of a
    joined row are missing.

    Args:
        frame: with the columns `n` and `name`; with `converted`, a `rate` is made anew.
        name: the column with the rows' names.
    """
    rows: list[dict[str, Any]] = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    while True:
        filled = sorted((row for row in rows if row["n"] > 0), key=lambda row: row["n"])
        if len(filled) < 2 or filled[0]["n"] >= FEWEST:
            return pd.DataFrame(rows, columns=frame.columns)
        small, large = filled[0], filled[1]
        joined = {**large, name: f"{large[name]}{TOGETHER}{small[name]}"}
        for key in ("n", "converted", "share"):
            if key in joined:
                joined[key] = large[key] + small[key]
        if "rate" in joined:
            joined.update(rate=joined["converted"] / joined["n"], rate_low=float("nan"), rate_high=float("nan"))
        rows = [joined if row is large else row for row in rows if row is not small]


def _kept_quiet(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the figures of rows that hold one to nine leads; what a row is stays."""
    small = frame["n"].between(1, FEWEST - 1)
    found = frame.copy()
    for name in found.columns:
        if name != "from" and pd.api.types.is_numeric_dtype(found[name]):
            found[name] = found[name].astype(float).mask(small)
    return found


def _wide_edges(result: Backtest) -> tuple[float, ...] | None:
    """Lower edges of bands of ten leads or more, joined from the top down; None where they already are."""
    ranked = result.bands[result.bands["low"].notna()]
    if len(ranked) < 2 or ranked["n"].min() >= FEWEST:
        return None
    kept: list[float] = []
    held = 0
    for low, n in zip(ranked["low"].tolist()[::-1], ranked["n"].tolist()[::-1], strict=True):
        held += int(n)
        if held >= FEWEST:
            kept.append(float(low))
            held = 0
    lowest = float(ranked["low"].iloc[0])
    if not kept or kept[-1] != lowest:
        kept = [*kept[:-1], lowest]
    return tuple(reversed(kept))
