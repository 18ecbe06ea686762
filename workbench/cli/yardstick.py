"""`workbench yardstick`: how much the points leave on the table, beside a predictive model."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any, Final

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.chance import chance
from workbench.cli.figures import NONE, count, percent
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled, width
from workbench.measuring import Yardstick, yardstick
from workbench.measuring.result import FIGURES, signed
from workbench.model import read_model
from workbench.observation import observe
from workbench.plan import read_plan

_ADJUSTED: Final = (
    "Of log loss less is better. Each 95 % interval is by itself; p, and what is said, allow for all {n} changes that "
    "are looked at (Holm), so an interval may leave out 0 where there is not enough evidence."
)
NAMED = 8
"""Values that are named for each reason; the rest is counted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--boost", action="store_true", help="also gradient boosting (needs scikit-learn)")
    parser.add_argument(
        "--without",
        metavar="FIELD",
        action="append",
        default=[],
        help="a field to do without, beside those that leak; may be given again",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, fit, judge, print."""
    model = read_model(args.model)
    plan = None if args.plan is None else read_plan(args.plan)
    progress = Progress()
    with loaded(args, progress) as history:
        seen = observe(history, [model], plan or default_plan(history, args.data), progress=progress)
        found = yardstick(model, history, seen, boosting=args.boost, exclude=args.without, progress=progress)
        told = unnamed(history)
    if args.json:
        say_json(found.to_document())
        return 0
    say(yardstick_text(found))
    for line in (*found.warnings, *([told] if told else [])):
        note(line)
    return 0


def yardstick_text(found: Yardstick) -> str:
    """The result for a terminal."""
    learned = f"learned from {found.fitted_on}, judged on {found.part}; {found.values:,} values known at as_of"
    head = "\n".join(styled(line, "bold") for line in textwrap.wrap(printed(found.headline), width()))
    parts = [f"{head}\n{_wrapped(learned)}", _figures(found)]
    if found.money is not None:
        parts.append(_money(found))
    parts.append(_wrapped(_ADJUSTED.format(n=found.compared)))
    if found.trap is not None and not found.trap.collapses:
        parts.append(_wrapped(found.trap.headline))
    if len(found.left_out):
        parts.append(_left_out(found))
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    return textwrap.fill(printed(text), width(), initial_indent="  ", subsequent_indent="  ")


def _figures(found: Yardstick) -> str:
    """A table for each contender."""
    columns = [
        Column("figure", "left", flows=True),
        Column("points"),
        Column("contender's"),
        Column("change"),
        Column("95 %"),
        Column("p"),
        Column("it is", "left", flows=True),
    ]
    parts = []
    for contender, frame in found.figures.groupby("contender", sort=False):
        rows = [
            [
                FIGURES[row.figure],
                f"{row.points:.3f}",
                f"{row.value:.3f}",
                signed(row.change),
                _ends(row, 3),
                chance(row.p),
                row.verdict,
            ]
            for row in each(frame)
        ]
        parts.append(f"{printed(str(contender).capitalize())}, against the points\n{table(columns, rows)}")
    return "\n\n".join(parts)


def _ends(row: Any, decimals: int) -> str:
    return NONE if row.low != row.low else f"{signed(row.low, decimals)} to {signed(row.high, decimals)}"


def _money(found: Yardstick) -> str:
    columns = [
        Column("ranked by", "left"),
        Column("leads"),
        Column("money"),
        Column("of all"),
        Column("change"),
        Column("95 %"),
        Column("p"),
        Column("it is", "left", flows=True),
    ]
    rows = []
    assert found.money is not None  # noqa: S101  (asked for where there is money)
    for row in each(found.money):
        change = ["", "", ""] if row.change != row.change else [signed(row.change, 0), _ends(row, 0), chance(row.p)]
        rows.append(
            [row.ranking, count(round(row.leads)), f"{row.money:,.0f}", percent(row.share), *change, row.verdict]
        )
    title = textwrap.fill(printed(f"Money from the leads that can be worked: {found.capacity}"), width())
    return f"{title}\n{table(columns, rows)}"


def _left_out(found: Yardstick) -> str:
    columns = [Column("left out", "left", flows=True), Column("values"), Column("which", "left", flows=True)]
    rows = [[row.reason, count(row.n), _named(row.values)] for row in each(found.left_out_by_reason)]
    return table(columns, rows)


def _named(values: tuple[str, ...]) -> str:
    rest = len(values) - NAMED
    return ", ".join(values[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
