"""`workbench sales`: what sales said of leads, and what became of those it left alone."""

from __future__ import annotations

import argparse

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.figures import count, number, percent, percents, points
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled
from workbench.model import read_model
from workbench.observation import observe
from workbench.plan import read_plan
from workbench.selling import Sales, sales_view

MOST_REASONS = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument(
        "--accepted", action="append", metavar="VERDICT", help="what sales says of leads it takes; by default accepted"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, compare, print."""
    model = read_model(args.model)
    plan = None if args.plan is None else read_plan(args.plan)
    progress = Progress()
    with loaded(args, progress) as history:
        seen = observe(history, [model], plan or default_plan(history, args.data), progress=progress)
        accepted = tuple(args.accepted or ("accepted",))
        found = sales_view(model, history, seen, accepted=accepted, progress=progress)
    if args.json:
        say_json(found.to_document())
        return 0
    say(sales_text(found))
    for each_ in found.warnings:
        note(each_)
    return 0


def sales_text(found: Sales) -> str:
    """The result for a terminal."""
    title = printed(f"{found.model_name} version {found.model_version}, {count(found.n)} observations")
    sections = [f"{styled(printed(found.headline), 'bold')}\n{title}"]
    for name, frame, text in (
        ("What sales accepted, by tier when it began", found.agreement, _agreement),
        ("Rules that go with a rejection", found.reasons, _reasons),
        ("What became of what sales said", found.outcomes, _outcomes),
        ("Worked and unworked leads", found.conversion, _conversion),
        ("What unworked leads would have done if worked", found.bounds, _bounds),
        ("Left out", found.left_out, _left_out),
    ):
        if len(frame):
            sections.append(f"{styled(name, 'bold')}\n{text(found)}")
    return "\n\n".join(sections)


def _columns(left: int, *names: str) -> list[Column]:
    return [Column(name, "left" if place < left else "right", flows=place < left) for place, name in enumerate(names)]


def _agreement(found: Sales) -> str:
    names = ("tier", "leads", "accepted", "95 %", "tier or above", "accepted", "95 %", "kappa")
    rows = [
        [
            row.tier,
            count(row.n),
            percent(row.rate),
            percents(row.low, row.high),
            count(row.reached),
            percent(row.precision),
            percents(row.precision_low, row.precision_high),
            number(row.kappa, 2),
        ]
        for row in each(found.agreement)
    ]
    return table(_columns(1, *names), rows)


def _reasons(found: Sales) -> str:
    shown = found.reasons[found.reasons["found"].astype(bool)].head(MOST_REASONS)
    if shown.empty:
        return f"  Not enough evidence: none of {len(found.reasons)} pairs of rule and reason stands out."
    names = ("reason", "rule", "rejected", "accepted", "ratio", "95 %", "q")
    rows = [
        [
            row.reason,
            row.rule,
            f"{row.hit_reason} of {row.n_reason}",
            f"{row.hit_accepted} of {row.n_accepted}",
            number(row.ratio, 1),
            f"{number(row.low, 1)}–{number(row.high, 1)}",
            number(row.q),
        ]
        for row in each(shown)
    ]
    return table(_columns(2, *names), rows)


def _outcomes(found: Sales) -> str:
    names = ("verdict", "reason", "leads", "won", "95 %", "lost", "95 %")
    rows = [
        [
            row.verdict,
            row.reason,
            count(row.n),
            percent(row.rate),
            percents(row.low, row.high),
            percent(row.lost_rate),
            percents(row.lost_low, row.lost_high),
        ]
        for row in each(found.outcomes)
    ]
    return table(_columns(2, *names), rows)


def _conversion(found: Sales) -> str:
    names = ("by", "value", "who", "n", "converted", "rate", "95 %")
    rows = [
        [row.by, row.value, row.who, count(row.n), count(row.converted), percent(row.rate), percents(row.low, row.high)]
        for row in each(found.conversion)
        if row.n
    ]
    return table(_columns(3, *names), rows)


def _bounds(found: Sales) -> str:
    names = (
        "band",
        "unworked",
        "rate",
        "worked",
        "all, at worst–best",
        "never harms",
        "weighted",
        "95 %",
        "carried by",
    )
    rows = [
        [
            row.band,
            count(row.unworked),
            percent(row.converted / row.unworked if row.unworked else float("nan")),
            percent(row.worked_share),
            percents(row.worst, row.best),
            percents(row.least, row.most),
            percent(row.weighted) if row.verdict != "not identifiable" else row.verdict,
            percents(row.low, row.high),
            points(round(row.effective, 1)),
        ]
        for row in each(found.bounds)
    ]
    told = (
        "\n  all, at worst–best: the whole band if every lead were worked, without any assumption"
        "\n  never harms: the unworked, if work never harms and sales picks no worse leads; carried by: effective leads"
    )
    return table(_columns(1, *names), rows) + told


def _left_out(found: Sales) -> str:
    rows = [[row.about, row.reason, count(row.n)] for row in each(found.left_out)]
    return table(_columns(2, "about", "reason", "n"), rows)
