"""`workbench thresholds`: cut-offs from capacity, money, or a target, and where the choice hardly matters."""

from __future__ import annotations

import argparse
import math
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.capacity import capacity as parsed_capacity
from workbench.cli.chance import chance
from workbench.cli.draft import must_be_new
from workbench.cli.figures import NONE, count, number, percent, percents, points, span
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled, width
from workbench.cutoffs import Cutoff, Cutoffs, Service, parse_wanted, suggest_thresholds
from workbench.cutoffs.wanted import WAYS, parse_share, weekly
from workbench.errors import CallError, Refused
from workbench.model import read_model, write_model
from workbench.observation import observe
from workbench.plan import read_plan

_WHICH = {"current": "today", "suggested": "suggested"}


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
    plan = None if args.plan is None else read_plan(args.plan)
    with loaded(args, progress) as history:
        seen = observe(history, [model], plan or default_plan(history, args.data), progress=progress)
        told = unnamed(history)
        progress("Choosing thresholds")
        found = suggest_thresholds(model, seen, part=args.part, service=_service(args), history=history, **wishes)
    if told:
        note(told)
    if args.out is not None:
        _write(args.out, found)
    if args.json:
        say_json(found.to_document())
    else:
        say(thresholds_text(found))
    return 0 if any(not math.isnan(one.threshold) for one in found.cutoffs) else 1


def _wishes(args: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `suggest_thresholds` that say what is asked for."""
    capacity = None if args.capacity is None else weekly(parsed_capacity(args.capacity))
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
        f"{styled(_prose(found.headline, ''), 'bold')}\n"
        + _prose(f"{version} on {found.data['name']}; chosen on {found.chosen_on}{beside}.")
    ]
    parts.append(_overview(found))
    parts.extend(_one(cutoff, headed=place == 0 and found.ranks) for place, cutoff in enumerate(found.cutoffs))
    if found.skipped:
        parts.append("Left out\n" + "\n".join(_prose(f"{way}: {why}") for way, why in found.skipped.items()))
    parts.append(f"{_prose(found.bands_finding, '')}\n{_bands(found.bands)}")
    if found.warnings:
        parts.append("Warnings\n" + "\n".join(_prose(text, "  - ", "    ") for text in found.warnings))
    return "\n\n".join(parts)


def _prose(text: str, indent: str = "  ", later: str | None = None) -> str:
    """A paragraph in the width of the terminal."""
    following = indent if later is None else later
    return textwrap.fill(
        printed(text),
        width(),
        initial_indent=indent,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _overview(found: Cutoffs) -> str:
    columns = [Column("by", "left"), Column("tier", "left"), Column("today"), Column("suggested")]
    columns += [Column("interval"), Column("as good"), Column("surely")]
    rows = [
        [
            one.by,
            one.tier or NONE,
            points(one.current),
            points(one.threshold),
            _span(one.low, one.high),
            _span(one.region_low, one.region_high),
            points(one.surely),
        ]
        for one in found.cutoffs
    ]
    return f"Thresholds\n{table(columns, rows)}"


def _one(cutoff: Cutoff, *, headed: bool) -> str:
    """One suggestion; its finding is not told again where it is the headline."""
    title = f"By {cutoff.by}" + (f", {cutoff.tier}" if cutoff.tier else "")
    parts = [styled(printed(title), "bold")]
    told = [*([] if headed else [cutoff.finding]), *cutoff.notes, f"{cutoff.method[0].upper()}{cutoff.method[1:]}."]
    if not math.isnan(cutoff.optimism):
        shown = _money(cutoff.optimism) if cutoff.by == "value" else f"{100 * cutoff.optimism:.1f} points of a percent"
        told.append(f"Choosing flatters by about {shown} where it was chosen.")
    parts.extend(_prose(text) for text in told)
    if len(cutoff.figures):
        parts.append(_figures(cutoff.figures))
    if len(cutoff.service):
        parts.append(_queues(cutoff.service))
        parts.append(_prose(_counting(cutoff)))
    return "\n".join(parts)


def _counting(cutoff: Cutoff) -> str:
    """What the load counts, so that it is not taken for that of a replay."""
    return (
        f"A week: {cutoff.counted}, each once; lately: in the last 8 whole weeks; `workbench replay` counts who "
        "first reaches a tier on any day, so its load is another."
    )


def _figures(frame: pd.DataFrame) -> str:
    valued = bool(frame["value"].notna().any())
    columns = [Column("from", "left"), Column("part", "left"), Column("n")]
    columns += [Column("precision"), Column("95 %"), Column("recall"), Column("95 %")]
    # An interval from below 0 is written with a word and may be broken there.
    columns += [Column("net value"), Column("95 %", flows=bool((frame["value_low"] < 0).any()))] if valued else []
    rows = []
    for row in each(frame):
        cells = [f"{_WHICH[row.which]} {points(row.threshold)}", row.part, count(row.n)]
        cells += [percent(row.precision), percents(row.precision_low, row.precision_high)]
        cells += [percent(row.recall), percents(row.recall_low, row.recall_high)]
        cells += [_money(row.value), span(row.value_low, row.value_high, 0)] if valued else []
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
            _WHICH[row.which],
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
            chance(row.p),
            "falls" if row.falls else "",
        ]
        for row in each(frame)
    ]
    return table(columns, rows)


def _money(value: float) -> str:
    return number(value, 0)


def _span(low: float, high: float) -> str:
    return NONE if math.isnan(low) else points(low) if low == high else f"{points(low)} to {points(high)}"
