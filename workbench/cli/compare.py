"""`workbench compare`: champion and challengers on the same leads: who moves, and is the difference real."""

from __future__ import annotations

import argparse
import math
import textwrap
from pathlib import Path
from typing import Any, Final

import pandas as pd

from workbench.approval.files import must_be_free, write_folder
from workbench.cli.arguments import add_data, add_json, add_plan
from workbench.cli.chance import chance
from workbench.cli.figures import NONE, count, percent, percents, points
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.spreadsheet import delimited
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled, width
from workbench.comparing import BlastRadius, Comparison, blast_radius, compare, owner_known
from workbench.comparing.comparison import KINDS
from workbench.comparing.swaps import At
from workbench.comparing.wording import NAMES, amount
from workbench.model import read_model
from workbench.observation import observe
from workbench.plan import read_plan

WORSE: Final = "worse"
_SWAPS: Final = {"in": "challenger only", "out": "champion only", "both": "both"}
SWAPPED: Final = "swapped.csv"
LISTED: Final = 5
"""Swapped leads that are printed for each challenger and side."""
_CHOSEN: Final = {"in": "Only {challenger} chooses", "out": "Only {champion} chooses"}
_AT: Final[dict[At, str]] = {"capacity": "equal capacity", "tier": "main tier"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("champion", metavar="CHAMPION", type=Path, help="model file (YAML) of the model in force")
    parser.add_argument(
        "challengers", metavar="CHALLENGER", type=Path, nargs="+", help="model files that may take its place"
    )
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--part", help="train or validation; by default validation")
    parser.add_argument("--owner", metavar="FIELD", help="report who changes tier by this field, such as the owner")
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        help=f"write who is chosen by one model only into this folder, as {SWAPPED}, with the ids that the data has",
    )
    parser.add_argument(
        "--fail-on",
        choices=[WORSE],
        help="exit with 1 if a challenger ranks worse, or brings fewer conversions, for sure; "
        "without it the exit code is 0 whenever the comparison was made",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, compare, print; 0 when that was done, 1 with `--fail-on worse` if a challenger is worse."""
    progress = Progress()
    champion, *challengers = (read_model(path) for path in (args.champion, *args.challengers))
    plan = None if args.plan is None else read_plan(args.plan)
    if args.out is not None:
        must_be_free(args.out, {SWAPPED})
    with loaded(args, progress) as history:
        plan = plan or default_plan(history, args.data)
        if args.owner is not None:
            owner_known(history, args.owner, plan)
        seen = observe(history, [champion, *challengers], plan, progress=progress)
        progress("Comparing")
        found = compare(champion, challengers, seen, part=args.part)
        progress("Scoring whoever is open")
        blasts = [blast_radius(champion, each, history, plan, owner=args.owner) for each in challengers]
        told = unnamed(history)
    if args.out is not None:
        write_folder(args.out, {SWAPPED: delimited(swapped_rows(found))})
    if args.json:
        radius = [
            blast.to_document() | {"challenger": name} for name, blast in zip(found.challengers, blasts, strict=True)
        ]
        say_json(found.to_document() | {"blast_radius": radius})
    else:
        say(comparison_text(found, blasts))
    if told:
        note(told)
    if args.out is not None:
        note(f"Who is chosen by one model only: written to {args.out / SWAPPED}")
    return 1 if args.fail_on == WORSE and found.worse else 0


def swapped_rows(found: Comparison) -> pd.DataFrame:
    """Everybody whom only one of two models chooses, one row each, under the ids of the data.

    Columns challenger, at (capacity, tier), swap (in: only the challenger chooses; out: only the champion), then those
    of `Comparison.swapped`.
    """
    parts = [
        found.swapped(kind, challenger=name, at=at, pseudonyms=False).assign(challenger=name, at=at, swap=kind)
        for name in found.challengers
        for at in _AT
        for kind in KINDS
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    first = ["challenger", "at", "swap"]
    return frame[[*first, *(name for name in frame.columns if name not in first)]]


def comparison_text(found: Comparison, blasts: list[BlastRadius]) -> str:
    """The comparison for a terminal: verdicts, figures, tiers, swaps, segments, months, blast radius, warnings.

    Args:
        found: the comparison.
        blasts: one for each challenger, in order.
    """
    sections = [_opening(found), _figures(found)]
    if len(found.choice):
        sections.append(_choice(found))
    if len(found.tiers):
        sections.append(_tiers(found))
    sections.append(_swaps(found))
    sections += [_swapped(found, name) for name in found.challengers]
    for field, frame in found.segments.groupby("segment", sort=False):
        sections.append(_apart(found, f"By {field}", "value", frame))
    if len(set(found.months["month"])) > 1:
        sections.append(_apart(found, "Month by month", "month", found.months))
    for name, blast in zip(found.challengers, blasts, strict=True):
        sections.append(_blast(blast, name))
    if found.warnings:
        sections.append("\n".join(["Bear in mind", *(_item(each_one) for each_one in found.warnings)]))
    return "\n\n".join(sections)


def _opening(found: Comparison) -> str:
    title = printed(
        f"{', '.join(found.challengers)} against {found.champion} on {found.data['name']}, part: {found.part}"
    )
    counts = f"{found.n:,} observations, {found.converted:,} converted ({percent(found.converted / found.n)})"
    names = found.challengers
    said = [found.sentence()] if len(names) == 1 else [f"* {name}: {found.sentence(name)}" for name in names]
    if len(names) > 1:
        counts += "\nverdicts and intervals marked * hold for all challengers at once"
    lines = [line for text in said for line in textwrap.wrap(printed(text), width())]
    return "\n".join([title, counts, "", *(styled(line, "bold") for line in lines)])


def _model(found: Comparison) -> list[Column]:
    return [Column("challenger", "left", flows=True)] if found.several else []


def _first(found: Comparison, name: str) -> list[str]:
    return [name] if found.several else []


def _figures(found: Comparison) -> str:
    level = f"{100 * found.confidence:g} %"
    columns = [
        *_model(found),
        Column("figure", "left", flows=True),
        Column("champion"),
        Column("challenger"),
        Column("change"),
        Column(level),
        *([Column(f"{level}, all at once *")] if found.several else []),
        Column("verdict *" if found.several else "verdict", "left"),
        Column("more leads"),
    ]
    rows = []
    for row in each(found.figures):
        ends = [_ends(row.low, row.high, row.unit)]
        if found.several:
            ends.append(_ends(row.adjusted_low, row.adjusted_high, row.unit))
        rows.append(
            [
                *_first(found, row.model),
                NAMES[row.figure],
                amount(row.champion, row.unit, signed=False),
                amount(row.challenger, row.unit, signed=False),
                amount(row.change, row.unit),
                *ends,
                row.adjusted_verdict if found.several else row.verdict,
                _more(row.leads_needed, row.verdict),
            ]
        )
    notes = [
        f"equal capacity: {found.capacity}",
        "more leads: how many it would take to tell a difference as large as found (80 % power)",
    ]
    return f"Figures\n{table(columns, rows)}{''.join(_dim(printed(text)) for text in notes)}"


def _ends(low: float, high: float, unit: str) -> str:
    return NONE if math.isnan(low) or math.isnan(high) else f"{amount(low, unit)} to {amount(high, unit)}"


def _more(leads: float, verdict: str) -> str:
    if verdict != "not enough evidence" or math.isnan(leads):
        return ""
    return "out of reach" if math.isinf(leads) else count(leads)


def _choice(found: Comparison) -> str:
    columns = [
        Column("figure", "left"),
        Column("best", "left", flows=True),
        Column("change"),
        Column("all at once *"),
        Column("optimism"),
        Column("left of it"),
        Column("verdict *", "left"),
    ]
    rows = [
        [
            NAMES[row.figure],
            row.best,
            amount(row.change, row.unit),
            _ends(row.low, row.high, row.unit),
            amount(row.optimism, row.unit, signed=False),
            amount(row.shrunk, row.unit),
            row.verdict,
        ]
        for row in each(found.choice)
    ]
    said = "optimism: what choosing the best of several adds on these leads alone (bootstrap)"
    return f"The best of several\n{table(columns, rows)}{_dim(said)}"


def _tiers(found: Comparison) -> str:
    columns = [
        *_model(found),
        Column("tier", "left", flows=True),
        Column("reached"),
        Column("only champion"),
        Column("only challenger"),
        Column("precision"),
        Column("p, converts"),
        Column("p, others"),
        Column("verdict", "left"),
    ]
    rows = [
        [
            *_first(found, row.model),
            row.tier,
            f"{count(row.champion)} to {count(row.challenger)}",
            f"{row.only_champion_converted} of {row.only_champion_converted + row.only_champion_others}",
            f"{row.only_challenger_converted} of {row.only_challenger_converted + row.only_challenger_others}",
            f"{percent(row.precision_champion)} to {percent(row.precision_challenger)}",
            chance(row.p_converted),
            chance(row.p_others),
            row.verdict or "a trade",
        ]
        for row in each(found.tiers)
    ]
    said = "only …: converts of those whom one model alone brings there; p: McNemar, whether one brings more"
    return f"Tiers\n{table(columns, rows)}{_dim(said)}"


def _swaps(found: Comparison) -> str:
    columns = [
        *_model(found),
        Column("chosen at", "left"),
        Column("by", "left"),
        Column("n"),
        Column("converted"),
        Column("rate"),
        Column(f"{100 * found.confidence:g} %"),
        Column("amount"),
    ]
    rows = [
        [
            *_first(found, row.model),
            _AT[row.at],
            _SWAPS[row.swap],
            count(row.n),
            amount(row.converted, "conversions", signed=False),
            percent(row.rate),
            percents(row.rate_low, row.rate_high),
            count(row.amount),
        ]
        for row in each(found.swaps)
    ]
    said = _dim("ties at the cut are shared, so counts may be fractions") if _fractions(found) else ""
    return f"Who is chosen by one model only, and what became of them\n{table(columns, rows)}{said}"


def _fractions(found: Comparison) -> bool:
    counts = found.swaps[["n", "converted"]].to_numpy(dtype=float)
    return bool((abs(counts - counts.round()) > 1e-6).any())


def _swapped(found: Comparison, challenger: str) -> str:
    """The first few of those whom one model alone chooses at equal capacity, under pseudonyms."""
    columns = [
        Column("lead", "left"),
        Column("on", "left"),
        Column("champion"),
        Column("tier", "left", flows=True),
        Column("challenger"),
        Column("tier", "left", flows=True),
        Column("converted", "left"),
        Column("amount"),
    ]
    parts = []
    for kind in KINDS:
        frame = found.swapped(kind, challenger=challenger)
        rows = [
            [
                str(row.lead_id),
                NONE if pd.isna(row.as_of) else f"{row.as_of:%Y-%m-%d}",
                points(row.champion_score),
                row.champion_tier,
                points(row.challenger_score),
                row.challenger_tier,
                "yes" if row.converted else "no",
                count(row.amount) if row.amount else "",
            ]
            for row in each(frame.head(LISTED))
        ]
        who = _CHOSEN[kind].format(challenger=challenger, champion=found.champion)
        if not rows:
            parts.append(f"{printed(who)} at equal capacity: nobody.")
            continue
        some = f"the first {len(rows)} of {len(frame):,}" if len(frame) > len(rows) else f"all {len(rows)}"
        parts.append(f"{printed(who)} at equal capacity: {some}, highest score first\n{table(columns, rows)}")
    parts[-1] += _dim("pseudonyms, as in error lists; --out FOLDER writes everybody with the ids of the data")
    return "\n\n".join(parts)


def _dim(text: str) -> str:
    lines = textwrap.wrap(text, width(), initial_indent="  ", subsequent_indent="  ")
    return "".join(f"\n{styled(line, 'dim')}" for line in lines)


def _apart(found: Comparison, title: str, key: str, frame: pd.DataFrame) -> str:
    columns = [
        *_model(found),
        Column(key, "left", flows=True),
        Column("n"),
        Column("conv."),
        Column("AUC"),
        Column("95 %" if found.confidence == 0.95 else "interval"),
        Column("q"),
        Column("", "left"),
        Column("found"),
        Column("q"),
        Column("", "left"),
    ]
    rows = []
    for (model, value), pair in frame.groupby(["model", key], sort=False):
        area, held = (_row(pair, figure) for figure in ("auc", "captured"))
        rows.append(
            [
                *_first(found, str(model)),
                str(value),
                count(area["n"]),
                count(area["converted"]),
                amount(area["change"], "score"),
                _ends(area["low"], area["high"], "score"),
                chance(area["p_adjusted"]),
                _short(area["verdict"]),
                amount(held["change"], "conversions"),
                chance(held["p_adjusted"]),
                _short(held["verdict"]),
            ]
        )
    said = (
        "changes of the AUC, and of conversions found at equal capacity; each interval is of its row alone, q allows "
        "for all rows of a column (false-discovery rate), and better and worse go by q; "
        f"{NONE}: too few converted to tell"
    )
    return f"{title}\n{table(columns, rows)}{_dim(said)}"


def _row(frame: pd.DataFrame, figure: str) -> dict[str, Any]:
    return {str(name): value for name, value in frame[frame["figure"] == figure].iloc[0].items()}


def _short(verdict: str) -> str:
    return "not enough" if verdict == "not enough evidence" else verdict


def _blast(blast: BlastRadius, name: str) -> str:
    new = list(dict.fromkeys(blast.moves["challenger_tier"]))
    columns = [Column("from \\ to", "left", flows=True), *(Column(tier) for tier in new)]
    rows = [
        [str(old), *(count(n) for n in frame["n"])] for old, frame in blast.moves.groupby("champion_tier", sort=False)
    ]
    title = "\n".join(textwrap.wrap(printed(blast.headline), width()))
    parts = [f"Blast radius of {printed(name)}\n{title}\n{table(columns, rows)}"]
    for field, frame in blast.groups.groupby("field", sort=False):
        headings = [Column(str(field), "left", flows=True), Column("n"), Column("change tier"), Column("share")]
        cells = [
            [
                str(row.value),
                count(row.n),
                count(row.changed),
                percent(row.changed_share),
                count(row.up),
                count(row.down),
            ]
            for row in each(frame)
        ]
        parts.append(table([*headings, Column("up"), Column("down")], cells))
    if blast.as_of is not None:
        open_ = "open: neither won nor closed by then, those of the sealed part too; what became of them is not told"
        parts.append(textwrap.fill(open_, width(), initial_indent="  ", subsequent_indent="  "))
    return "\n\n".join(parts)


def _item(text: str) -> str:
    return textwrap.fill(printed(text), width(), initial_indent="  - ", subsequent_indent="    ")
