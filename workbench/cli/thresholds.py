"""`workbench thresholds`: cut-offs from capacity, money, or a target, and where the choice hardly matters."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.draft import must_be_new
from workbench.cli.figures import NONE, count, percent, percents
from workbench.cli.observing import observed
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled
from workbench.cutoffs import Cutoff, Cutoffs, Service, parse_wanted, suggest_thresholds
from workbench.cutoffs.wanted import WAYS, parse_capacity, parse_share
from workbench.errors import CallError, Refused
from workbench.model import read_model, write_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--by", choices=(*WAYS, "all"), help="the way; by default all that plan and arguments allow")
    parser.add_argument("--target", metavar="SHARE", help="the precision or recall to be met, such as 20%%")
    parser.add_argument(
        "--tier",
        metavar="TIER[:WAY[=TARGET]]",
        action="append",
        help="whose cut; several together as MQL:capacity=40/week, SQL:precision=20%%, SQL:value",
    )
    parser.add_argument("--capacity", metavar="LEADS/PERIOD", help="what sales can work, such as 15/week")
    parser.add_argument("--in-time", metavar="SHARE", help="least share of leads worked in time; by default 90%%")
    parser.add_argument("--weeks", type=int, help="in time: by the end of this many weeks after the week of arrival")
    parser.add_argument("--best-first", action="store_true", help="the highest scores are worked first")
    parser.add_argument("--part", help="where thresholds are chosen; by default train")
    parser.add_argument("--out", metavar="CANDIDATE", type=Path, help="write the model with the chosen cuts here")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, choose, print; 1 if nothing meets what was asked."""
    wishes = _wishes(args)
    if args.out is not None:
        must_be_new(args.out)
    progress = Progress()
    model = read_model(args.model)
    seen, _ = observed(args, [model], progress)
    progress("Choosing thresholds")
    found = suggest_thresholds(model, seen, part=args.part, service=_service(args), **wishes)
    if args.out is not None:
        _write(args.out, found)
    if args.json:
        say_json(found.to_document())
    else:
        say(thresholds_text(found))
    return 0 if any(not math.isnan(one.threshold) for one in found.cutoffs) else 1


def _wishes(args: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `suggest_thresholds` that say what is asked for."""
    capacity = None if args.capacity is None else parse_capacity(args.capacity, "--capacity")
    named = args.tier or []
    joint = [text for text in named if ":" in text]
    if joint:
        if len(joint) < len(named) or args.by is not None or args.target is not None:
            raise CallError.at(
                "--tier",
                expected="a way for every tier, and neither --by nor --target beside it",
                found=", ".join(named),
                remedy="Write for example --tier MQL:capacity=40/week --tier SQL:precision=20%.",
            )
        pairs = [parse_wanted(text) for text in joint]
        if len({tier for tier, _ in pairs}) < len(pairs):
            remedy = "Leave one of them out."
            raise CallError.at("--tier", expected="each tier once", found=", ".join(named), remedy=remedy)
        return {"tiers": dict(pairs), "capacity": capacity}
    if len(named) > 1:
        remedy = "Write for example --tier MQL:capacity=40/week --tier SQL:precision=20%."
        raise CallError.at("--tier", expected="a way for every tier", found=", ".join(named), remedy=remedy)
    by = args.by or "all"
    if args.out is not None and by == "all":
        remedy = "Add for example --by capacity."
        raise CallError.at("--out", expected="one way to choose by, in --by", found="all of them", remedy=remedy)
    target = None if args.target is None else parse_share(args.target, "--target")
    if by in {"precision", "recall"} and target is None:
        raise CallError.at("--by", expected=f"the {by} to be met", found="no --target", remedy="Add --target 20%.")
    return {"by": by, "target": target, "tier": named[0] if named else None, "capacity": capacity}


def _service(args: argparse.Namespace) -> Service:
    share = 0.9 if args.in_time is None else parse_share(args.in_time, "--in-time")
    return Service(share=share, weeks=args.weeks, order="best_first" if args.best_first else "first_in")


def _write(out: Path, found: Cutoffs) -> None:
    if not any(one.model is not None for one in found.cutoffs):
        raise Refused(f"No candidate was written: {found.cutoffs[0].finding}")
    write_model(found.model, out)
    note(f"Candidate written to {out}")


def thresholds_text(found: Cutoffs) -> str:
    """The result for a terminal."""
    beside = f", shown on {found.judged_on} beside it" if found.judged_on else ""
    version = f"{found.model_name} v{found.model_version}"
    parts = [
        f"{styled(printed(found.headline), 'bold')}\n  "
        + printed(f"{version} on {found.data['name']}; chosen on {found.chosen_on}{beside}")
    ]
    parts.append(_overview(found))
    parts.extend(_one(cutoff) for cutoff in found.cutoffs)
    if found.skipped:
        parts.append("Left out\n" + "\n".join(printed(f"  {way}: {why}") for way, why in found.skipped.items()))
    parts.append(f"{printed(found.bands_finding)}\n{_bands(found.bands)}")
    if found.warnings:
        parts.append("Warnings\n" + "\n".join(printed(f"  - {text}") for text in found.warnings))
    return "\n\n".join(parts)


def _overview(found: Cutoffs) -> str:
    columns = [Column("by", "left"), Column("tier", "left"), Column("today"), Column("suggested")]
    columns += [Column("interval"), Column("as good"), Column("surely")]
    rows = [
        [
            one.by,
            one.tier or NONE,
            _points(one.current),
            _points(one.threshold),
            _span(one.low, one.high),
            _span(one.region_low, one.region_high),
            _points(one.surely),
        ]
        for one in found.cutoffs
    ]
    return f"Thresholds\n{table(columns, rows)}"


def _one(cutoff: Cutoff) -> str:
    title = f"By {cutoff.by}" + (f", {cutoff.tier}" if cutoff.tier else "")
    parts = [f"{styled(printed(title), 'bold')}\n  {printed(cutoff.finding)}"]
    parts.extend(f"  {printed(text)}" for text in cutoff.notes)
    parts.append(f"  {printed(cutoff.method)}")
    if not math.isnan(cutoff.optimism):
        shown = _money(cutoff.optimism) if cutoff.by == "value" else f"{100 * cutoff.optimism:.1f} points of a percent"
        parts.append(f"  choosing flatters by about {shown} where it was chosen")
    if len(cutoff.figures):
        parts.append(_figures(cutoff.figures))
    if len(cutoff.service):
        parts.append(_queues(cutoff.service))
    return "\n".join(parts)


def _figures(frame: pd.DataFrame) -> str:
    valued = bool(frame["value"].notna().any())
    columns = [Column("", "left"), Column("part", "left"), Column("from"), Column("n"), Column("share")]
    columns += [Column("precision"), Column("95 %"), Column("recall"), Column("95 %")]
    columns += [Column("net value"), Column("95 %")] if valued else []
    rows = []
    for row in each(frame):
        cells = [row.which, row.part, _points(row.threshold), count(row.n), percent(row.share)]
        cells += [percent(row.precision), percents(row.precision_low, row.precision_high)]
        cells += [percent(row.recall), percents(row.recall_low, row.recall_high)]
        cells += [_money(row.value), f"{_money(row.value_low)}–{_money(row.value_high)}"] if valued else []
        rows.append(cells)
    return table(columns, rows)


def _queues(frame: pd.DataFrame) -> str:
    columns = [
        Column("queue", "left"),
        Column("a week"),
        Column("lately"),
        Column("in time"),
        Column("longest wait, days"),
    ]
    columns += [Column("most waiting"), Column("waiting at the end"), Column("idle")]
    rows = [
        [
            row.which,
            f"{row.leads_a_week:.1f}",
            f"{row.lately_a_week:.1f}",
            percent(row.in_time),
            count(row.longest_wait_days),
            count(row.most_waiting),
            count(row.waiting_at_end),
            percent(row.idle),
        ]
        for row in each(frame)
    ]
    return table(columns, rows)


def _bands(frame: pd.DataFrame) -> str:
    columns = [Column("band", "left"), Column("n"), Column("converted"), Column("rate"), Column("95 %")]
    columns += [Column("p beside the one below"), Column("", "left")]
    rows = [
        [
            row.band,
            count(row.n),
            count(row.converted),
            percent(row.rate),
            percents(row.rate_low, row.rate_high),
            NONE if math.isnan(row.p) else f"{row.p:.2g}",
            "falls" if row.falls else "",
        ]
        for row in each(frame)
    ]
    return table(columns, rows)


def _points(score: float) -> str:
    return NONE if math.isnan(score) else f"{score:g}"


def _money(value: float) -> str:
    return NONE if math.isnan(value) else f"{value:,.0f}"


def _span(low: float, high: float) -> str:
    return NONE if math.isnan(low) else _points(low) if low == high else f"{_points(low)} to {_points(high)}"
