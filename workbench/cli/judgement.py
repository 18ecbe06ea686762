"""A backtest as text for a terminal."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from workbench.backtesting import Backtest
from workbench.cli.figures import NONE, bar, count, legend, number, percent, percents, points, span
from workbench.cli.table import Column, each, table, taken
from workbench.cli.terminal import printed, styled, width
from workbench.metrics.intervals import wilson

FEW: Final = "few"
ROOMY: Final = 100
_METRICS: Final = {
    "auc": "AUC",
    "average_precision": "average precision",
    "ks": "KS",
    "brier": "Brier score",
    "lift_10": "lift of the top 10 %",
    "lift_20": "lift of the top 20 %",
    "capture_10": "conversions in the top 10 %",
    "capture_20": "conversions in the top 20 %",
}


def judgement(result: Backtest, *, dropped: int = 0) -> str:
    """The whole report: headline, parts, metrics, bands, tiers, lift, months, segments, who was left out, warnings.

    Args:
        result: a backtest.
        dropped: rows that were left out while the data was loaded.
    """
    sections = [_opening(result, dropped)]
    if len(result.parts) > 1:
        sections.append(_parts(result.parts))
    sections += [_metrics(result.metrics), _bands(result)]
    if result.main_tier is not None:
        sections.append(_tiers(result.tiers))
    sections.append(_lift(result.lift))
    if len(result.months) > 1:
        sections.append(_apart("Month by month", "month", result.months))
    for field, frame in result.segments.groupby("segment", sort=False):
        sections.append(_apart(f"By {field}", "value", frame))
    if len(result.left_out):
        sections.append(_left_out(result.left_out))
    if result.warnings:
        sections.append("\n".join(["Bear in mind", *(_item(warning) for warning in result.warnings)]))
    return "\n\n".join(sections)


def headline(result: Backtest) -> str:
    """The finding in a sentence or two; a lift is claimed only where the interval says that it is one."""
    scored = result.distribution["score"].notna()
    if scored.sum() <= 1:
        if scored.all():
            return f"All {result.n:,} observations have the same score: nothing is ranked."
        apart = "All observations that no gate takes out have the same score: nothing is ranked among them. "
        return apart + _found(result)
    return _found(result)


def _found(result: Backtest) -> str:
    if not result.converted or result.converted == result.n:
        which = "All" if result.converted else "None"
        return f"{which} of the {result.n:,} leads converted: nothing can be told apart."
    if result.main_tier is None:
        return _top(_row(result.lift, "depth", 0.2))
    names = list(result.tiers["tier"])  # lowest first, those that only a gate gives before all others
    above = result.tiers.iloc[names.index(result.main_tier) :]
    n, converted = int(above["n"].sum()), int(above["converted"].sum())
    if not n:
        return f"No lead reached {result.main_tier}."
    low, high = _precision(result, n, converted)
    rate, reach = converted / n, f"leads that reach {result.main_tier} convert"
    if low > result.base_rate:
        told = f"L{reach[1:]} {rate / result.base_rate:.1f}x as often as average"
    elif high < result.base_rate:
        told = f"L{reach[1:]} less often than average"
    else:
        told = f"There is not enough evidence that {reach} more often than average"
    return (
        f"{told}: {percent(rate)} [{percents(low, high)}] against {percent(result.base_rate)}. They are "
        f"{percent(n / result.n)} of the leads and hold {percent(converted / result.converted)} of the conversions."
    )


def _top(top: Mapping[str, Any]) -> str:
    """What the best-scored fifth holds, where there are no tiers."""
    hold = f"best-scored 20 % hold {percent(top['captured'])} of all conversions"
    between = f"[{percents(top['captured_low'], top['captured_high'])}]; by chance they would hold 20 %."
    if top["captured_low"] > top["depth"]:
        return f"The {hold} {between}"
    if top["captured_high"] < top["depth"]:
        return f"The {hold}, fewer than by chance {between}"
    return f"There is not enough evidence that the score ranks better than chance: the {hold} {between}"


def _precision(result: Backtest, n: int, converted: int) -> tuple[float, float]:
    """The interval of the rate at the main tier: as of its lowest score, where that alone decides who reaches it."""
    lowest = float("inf") if result.main_threshold is None else result.main_threshold
    cuts = result.thresholds[(result.thresholds["threshold"] >= lowest) & (result.thresholds["flagged"] == n)]
    if len(cuts):
        return float(cuts["precision_low"].iloc[0]), float(cuts["precision_high"].iloc[0])
    found = wilson(converted, n)
    return float(found.low), float(found.high)


def _opening(result: Backtest, dropped: int) -> str:
    version = "" if result.model_version is None else f" version {result.model_version}"
    title = printed(f"{result.model_name}{version} on {result.data['name']}, part: {result.part}")
    counts = f"{result.n:,} observations, {result.converted:,} converted ({percent(result.base_rate)})"
    if dropped:
        rows = "1 row was" if dropped == 1 else f"{dropped:,} rows were"
        counts += f"\n{rows} left out while loading; `workbench check` names them"
    found = textwrap.wrap(printed(headline(result)), width())
    return "\n".join([f"{title}\n{counts}\n", *(styled(line, "bold") for line in found)])


def _parts(parts: pd.DataFrame) -> str:
    columns = [
        Column("part", "left"),
        Column("n"),
        Column("converted"),
        Column("rate"),
        Column("AUC"),
        Column("95 %"),
        Column("top 10 %"),
    ]
    rows = [
        [
            row.part,
            count(row.n),
            count(row.converted),
            percent(row.rate),
            number(row.auc),
            span(row.auc_low, row.auc_high),
            _times(row.lift_10),
        ]
        for row in each(parts)
    ]
    return f"Parts\n{table(columns, rows)}"


def _apart(title: str, key: str, frame: pd.DataFrame) -> str:
    """Months or the values of a segment: size, rate and ranking of each."""
    columns = [
        Column(key, "left", flows=True),
        Column("n"),
        Column("converted"),
        Column("rate"),
        Column("95 %"),
        Column("AUC"),
        Column("95 %"),
        Column("", "left"),
    ]
    rows = [
        [
            str(getattr(row, key)),
            count(row.n),
            count(row.converted),
            percent(row.rate),
            percents(row.rate_low, row.rate_high),
            number(row.auc),
            span(row.auc_low, row.auc_high),
            "" if row.enough else FEW,
        ]
        for row in each(frame)
    ]
    return f"{title}\n{table(columns, rows)}"


def _metrics(metrics: pd.DataFrame) -> str:
    rows = []
    for row in each(metrics):
        if row.metric not in _METRICS:
            continue
        if row.metric.startswith("capture"):
            shown = [percent(row.value), percents(row.low, row.high)]
        elif row.metric.startswith("lift"):
            shown = [_times(row.value), span(row.low, row.high, 2)]
        else:
            shown = [number(row.value), span(row.low, row.high)]
        rows.append([_METRICS[row.metric], *shown, row.method])
    columns = [Column("metric", "left"), Column("value"), Column("95 %"), Column("method", "left", flows=True)]
    return f"Metrics\n{table(columns, rows)}"


def _bands(result: Backtest) -> str:
    bands = result.bands
    full = _full([*bands.loc[bands["enough"], "rate_high"], *bands["rate"], result.base_rate])
    columns = [
        Column("score", "left"),
        Column("n"),
        Column("converted"),
        Column("rate"),
        Column("95 %"),
        Column("lift"),
        Column("", "left"),
    ]
    rows = [
        [
            row.band,
            count(row.n),
            count(row.converted),
            percent(row.rate),
            percents(row.rate_low, row.rate_high),
            _times(row.lift),
            "" if row.enough else FEW,
        ]
        for row in each(bands)
    ]
    cells = max(10, min(48, width() - taken(columns, rows)))
    for row, cell in zip(each(bands), rows, strict=True):
        cell.append(bar(row.rate, row.rate_low, row.rate_high, full=full, cells=cells))
    columns.append(Column(f"0 to {percent(full)}", "left"))
    notes = [f"  {legend()}"]
    if not bands["enough"].all():
        notes.append(f"  {FEW}: too few leads to tell; do not read a trend into it")
    return "\n".join(["Conversion by score band", table(columns, rows), *(styled(line, "dim") for line in notes)])


def _full(rates: list[float]) -> float:
    return max((rate for rate in rates if not math.isnan(rate)), default=1.0) or 1.0


def _tiers(tiers: pd.DataFrame) -> str:
    narrow = width() < ROOMY
    columns = [
        Column("tier", "left"),
        Column("from"),
        Column("n"),
        Column("share"),
        Column("converted"),
        Column("rate"),
        Column("95 %"),
        Column("lift"),
        *([] if narrow else [Column("what follows", "left", flows=True)]),
    ]
    rows = [
        [
            row["tier"],
            points(row["from"]),
            count(row["n"]),
            percent(row["share"]),
            count(row["converted"]),
            percent(row["rate"]),
            percents(row["rate_low"], row["rate_high"]),
            _times(row["lift"]),
            *([] if narrow else [row["then"]]),
        ]
        for row in tiers.to_dict("records")
    ]
    then = [_item(f"{row['tier']}: {row['then']}") for row in tiers.to_dict("records") if narrow and row["then"]]
    return "\n".join(["Tiers", table(columns, rows), *then])


def _lift(lift: pd.DataFrame) -> str:
    columns = [
        Column("top"),
        Column("n"),
        Column("converted"),
        Column("rate"),
        Column("lift"),
        Column("95 %"),
        Column("captured"),
        Column("95 %"),
    ]
    rows = [
        [
            f"{100 * row.depth:g} %",
            count(row.n),
            count(row.converted),
            percent(row.rate),
            _times(row.lift),
            span(row.lift_low, row.lift_high, 2),
            percent(row.captured),
            percents(row.captured_low, row.captured_high),
        ]
        for row in each(lift)
        if row.depth <= 0.5
    ]
    note = styled("  captured: share of all conversions that lie in the top", "dim")
    return f"The best-scored\n{table(columns, rows)}\n{note}"


def _left_out(left_out: pd.DataFrame) -> str:
    rows = [[count(row.n), row.reason] for row in each(left_out)]
    return f"Left out\n{table([Column('n'), Column('reason', 'left', flows=True)], rows)}"


def _item(text: str) -> str:
    return textwrap.fill(printed(text), width(), initial_indent="  - ", subsequent_indent="    ")


def _times(ratio: float) -> str:
    return NONE if math.isnan(ratio) else f"{ratio:.2f}x"


def _row(frame: pd.DataFrame, column: str, value: float) -> dict[str, Any]:
    """The row nearest to a value."""
    place = int((frame[column] - value).abs().to_numpy().argmin())
    return {str(name): cell for name, cell in frame.iloc[place].items()}
