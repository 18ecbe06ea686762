"""`workbench replay`: day by day through the past."""

from __future__ import annotations

import argparse
import textwrap
from itertools import groupby
from typing import Any

import pandas as pd

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.capacity import capacity as parsed_capacity
from workbench.cli.figures import count, number, percent, percents, points, span
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled, width
from workbench.model import read_model
from workbench.plan import read_plan
from workbench.replaying import Replay, replay
from workbench.replaying.replay import MOST_DAYS

MOST_CAUSES = 3
"""Rules that are told for each tier."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--since", metavar="T", help="figures of leads created from then on, and of the load since")
    parser.add_argument("--until", metavar="T", help="nothing from then on is read; by default the end of the data")
    parser.add_argument("--tier", help="the tier whose queue is drawn; by default the plan's")
    parser.add_argument("--capacity", metavar="N/PERIOD", help="such as 15/week; by default the plan's")
    parser.add_argument(
        "--stage", action="append", help="days of warning before this stage; may be given several times"
    )
    parser.add_argument("--every", choices=["day", "week"], default="day", help="how often leads are scored")
    parser.add_argument(
        "--max-days", metavar="DAYS", type=int, default=MOST_DAYS, help=f"follow a lead so long; by default {MOST_DAYS}"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Walk through the past, and print."""
    model = read_model(args.model)
    plan = None if args.plan is None else read_plan(args.plan)
    capacity = None if args.capacity is None else parsed_capacity(args.capacity)
    progress = Progress()
    with loaded(args, progress) as history:
        found = replay(
            model,
            history,
            plan or default_plan(history, args.data),
            since=args.since,
            until=args.until,
            every=args.every,
            tier=args.tier,
            capacity=capacity,
            stages=args.stage,
            max_days=args.max_days,
            progress=progress,
        )
    if args.json:
        say_json(found.to_document())
        return 0
    say(replay_text(found))
    for line in [line for told in found.warnings for line in _wrapped(told).splitlines()]:
        note(line)
    return 0


def replay_text(found: Replay) -> str:
    """The result for a terminal."""
    version = "" if found.model_version is None else f" version {found.model_version}"
    about = (
        f"{found.model_name}{version}, {found.since.date()} to {found.until.date()}; {_leads(found.n)}, scored every "
        f"{found.every}; intervals are 95 %"
    )
    sections = ["\n".join([styled(_wrapped(found.headline), "bold"), _wrapped(about)])]
    sections.append(_section("What each tier takes", _tiers(found)))
    if len(found.queue):
        sections.append(_section(f"The queue of {found.tier}, by month", _queue(found)))
    if len(found.warning):
        sections.append(_section("Days of warning", _warning(found)))
    if len(found.causes):
        sections.append(_section("What takes leads below for a while", _causes(found)))
    if len(found.left_out):
        sections.append(_section("Left out", _left_out(found)))
    return "\n\n".join(sections)


def _leads(n: int) -> str:
    return f"{count(n)} {'lead' if n == 1 else 'leads'}"


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(printed(text), width(), initial_indent=indent, subsequent_indent=indent)


def _below(*texts: str) -> str:
    return "".join(f"\n{_wrapped(text, '  ')}" for text in texts if text)


def _section(title: str, text: str) -> str:
    return f"{styled(printed(title), 'bold')}\n{text}"


def _tiers(found: Replay) -> str:
    names = ["reach it", "a week", "busiest week", "fall", "come again", "share (%)", "interval (%)", "stay (d)"]
    rows = [
        [
            row.tier,
            count(row.reached),
            number(row.a_week, 1),
            count(found.weeks.loc[found.weeks["tier"] == row.tier, "reached"].max()),
            count(row.fell),
            count(row.again),
            _share(row.share_again),
            _shares(row.low, row.high),
            points(stay.median_days),
        ]
        for row, stay in zip(each(found.bounces), each(found.stays), strict=True)
    ]
    span_ = f"{found.since.date()} to {found.last_created.date()}, in which leads are created"
    return table([Column("tier", "left"), *(Column(name) for name in names)], rows) + _below(
        "reach it: leads that reach the tier, or a higher one, for the first time; a week: these by the "
        f"{found.load_weeks:.1f} weeks from {span_}; come again: leads that fall and reach it again, and their share "
        "of those that reach it; stay: in the median",
        "–: nobody reaches it" if (found.bounces["reached"] == 0).any() else "",
        "– as stay: more than half of the stays are not over when the lead is last seen"
        if (found.stays["median_days"].isna() & (found.stays["stays"] > 0)).any()
        else "",
    )


def _share(rate: float) -> str:
    """A percentage under a heading that has the unit."""
    return percent(rate).removesuffix(" %").replace("100.0", "100")


def _shares(low: float, high: float) -> str:
    return percents(low, high).replace("100.0", "100")


def _queue(found: Replay) -> str:
    names = ["month", "join it", "worked", "fall unworked", "gone unworked", "waiting at the end", "longest (d)"]
    rows = []
    fed = found.fed(found.queue)
    months = groupby(each(fed), key=lambda row: max(row.week, found.since).strftime("%Y-%m"))
    for month, group in months:
        weeks: list[Any] = list(group)
        sums = [count(sum(getattr(row, name) for row in weeks)) for name in ("joined", "worked", "fell", "gone")]
        rows.append([month, *sums, count(weeks[-1].waiting), count(weeks[-1].longest_days)])
    ends = (
        f"No lead is created in the data after {found.last_created.date()}: what comes after the week of that day says "
        "nothing of the load, and is left out here."
        if len(fed) < len(found.queue)
        else ""
    )
    return table([Column(names[0], "left"), *(Column(name) for name in names[1:])], rows) + _below(
        "join it: leads that come into the tier, for the first time or again, and were not worked yet; gone: closed, "
        "or followed no longer; longest: how long the first of those waiting at the end has waited; each week counts "
        "in the month of its Monday",
        ends,
    )


def _warning(found: Replay) -> str:
    names = ["leads", "before (%)", "interval (%)", "after", "never", "days", "95 % (d)", "others (%)"]
    rows = [
        [
            row.stage,
            row.tier,
            count(row.n),
            _share(row.share_before),
            _shares(row.low, row.high),
            count(row.after),
            count(row.never),
            points(row.median_days),
            span(row.median_low, row.median_high, 0),
            _share(row.share_others),
        ]
        for row in each(found.warning)
    ]
    columns = [Column("stage", "left"), Column("tier", "left"), *(Column(name) for name in names)]
    return table(columns, rows) + _below(
        "before, after, never: when the leads that reached the stage reached the tier for the first time; days: in the "
        "median from there to the stage, of those before; others: share of the leads without the stage that ever "
        "reached the tier",
        "–: no lead to tell it of, or too few for an interval" if _unknown(found.warning) else "",
    )


def _unknown(frame: pd.DataFrame) -> bool:
    return bool(frame[["share_before", "median_days", "median_low", "share_others"]].isna().any(axis=None))


def _causes(found: Replay) -> str:
    columns = [
        Column("tier", "left"),
        Column("rule", "left", flows=True),
        Column("falls"),
        Column("share (%)"),
        Column("mean points lost"),
    ]
    top = found.causes.groupby("tier", sort=False).head(MOST_CAUSES)
    rows = [
        [row.tier, row.rule, f"{row.falls} of {row.of}", _share(row.share), number(row.mean_points, 1)]
        for row in each(top)
    ]
    return table(columns, rows) + _below(
        "falls: of those that were made up for later, how many came with fewer points of this rule",
        "–: a gate, another variant, fading or the population took the lead out, no rule"
        if top["mean_points"].isna().any()
        else "",
    )


def _left_out(found: Replay) -> str:
    columns = [Column("about", "left"), Column("reason", "left", flows=True), Column("leads")]
    return table(columns, [[row.about, row.reason, count(row.n)] for row in each(found.left_out)])
