"""`workbench replay`: day by day through the past."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import Any

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.figures import count, number, percent, percents, points, span
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled
from workbench.model import read_model
from workbench.plan import read_plan
from workbench.replaying import Replay, capacity_of, replay
from workbench.replaying.replay import MOST_DAYS
from workbench.replaying.told import load

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
    capacity = None if args.capacity is None else capacity_of(args.capacity)
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
    for each_ in found.warnings:
        note(each_)
    return 0


def replay_text(found: Replay) -> str:
    """The result for a terminal."""
    title = printed(f"{found.model_name} version {found.model_version}, {found.since.date()} to {found.until.date()}")
    sections = [f"{styled(printed(found.headline), 'bold')}\n{title}; {count(found.n)} leads, every {found.every}"]
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


def _section(title: str, text: str) -> str:
    return f"{styled(printed(title), 'bold')}\n{text}"


def _tiers(found: Replay) -> str:
    names = ["leads", "a week", "busiest week", "fell", "came again", "95 %", "median days in it"]
    rows = [
        [
            row.tier,
            count(row.reached),
            number(load(row.tier, found.weeks), 1),
            count(found.weeks.loc[found.weeks["tier"] == row.tier, "reached"].max()),
            count(row.fell),
            percent(row.share_again),
            percents(row.low, row.high),
            points(stay.median_days),
        ]
        for row, stay in zip(each(found.bounces), each(found.stays), strict=True)
    ]
    return table([Column("tier", "left"), *(Column(name) for name in names)], rows)


def _queue(found: Replay) -> str:
    names = ["month", "arrived", "worked", "fell below", "gone", "waiting at the end", "longest wait"]
    rows = []
    months = groupby(each(found.queue), key=lambda row: row.week.strftime("%Y-%m"))
    for month, group in months:
        weeks: list[Any] = list(group)
        sums = [count(sum(getattr(row, name) for row in weeks)) for name in ("arrived", "worked", "fell", "gone")]
        rows.append([month, *sums, count(weeks[-1].waiting), f"{weeks[-1].longest_days} d"])
    return table([Column(names[0], "left"), *(Column(name) for name in names[1:])], rows)


def _warning(found: Replay) -> str:
    names = ["leads", "before", "95 %", "after", "never", "median days", "95 %", "others"]
    rows = [
        [
            row.stage,
            row.tier,
            count(row.n),
            percent(row.share_before),
            percents(row.low, row.high),
            count(row.after),
            count(row.never),
            points(row.median_days),
            span(row.median_low, row.median_high, 0),
            percent(row.share_others),
        ]
        for row in each(found.warning)
    ]
    columns = [Column("stage", "left"), Column("tier", "left"), *(Column(name) for name in names)]
    return table(columns, rows) + "\n  others: the share of leads without the stage that ever reached the tier"


def _causes(found: Replay) -> str:
    columns = [
        Column("tier", "left"),
        Column("rule", "left", flows=True),
        Column("falls"),
        Column("share"),
        Column("points lost"),
    ]
    top = found.causes.groupby("tier", sort=False).head(MOST_CAUSES)
    rows = [
        [row.tier, row.rule, f"{row.falls} of {row.of}", percent(row.share), number(row.mean_points, 1)]
        for row in each(top)
    ]
    return table(columns, rows)


def _left_out(found: Replay) -> str:
    columns = [Column("about", "left"), Column("reason", "left", flows=True), Column("leads")]
    return table(columns, [[row.about, row.reason, count(row.n)] for row in each(found.left_out)])
