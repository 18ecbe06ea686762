"""`workbench sales`: what sales said of leads, and what became of those it left alone."""

from __future__ import annotations

import argparse
import textwrap

import pandas as pd

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.figures import NONE, count, number, percent, percents
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled, width
from workbench.model import read_model
from workbench.observation import observe
from workbench.plan import read_plan
from workbench.selling import Sales, sales_view
from workbench.selling.conversions import LEAST_EFFECTIVE, UNKNOWN
from workbench.selling.touched import GATED

MOST_REASONS = 8
_LEAST_TOLD = 0.001
"""A chance below which it is only said to be below."""


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
    for line in [line for told in found.warnings for line in _wrapped(told).splitlines()]:
        note(line)
    return 0


def sales_text(found: Sales) -> str:
    """The result for a terminal."""
    version = "" if found.model_version is None else f" version {found.model_version}"
    observed = "observation" if found.n == 1 else "observations"
    about = f"{found.model_name}{version}, {count(found.n)} {observed}; intervals are 95 %"
    sections = ["\n".join([styled(_wrapped(found.headline), "bold"), _wrapped(about)])]
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


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(printed(text), width(), initial_indent=indent, subsequent_indent=indent)


def _below(*texts: tuple[str, bool]) -> str:
    """What stands below a table: the texts that hold, each on its own lines."""
    return "".join(f"\n{_wrapped(text, '  ')}" for text, holds in texts if holds)


def _columns(left: int, *names: str) -> list[Column]:
    return [Column(name, "left" if place < left else "right", flows=place < left) for place, name in enumerate(names)]


def _share(rate: float) -> str:
    """A percentage under a heading that has the unit."""
    return percent(rate).removesuffix(" %").replace("100.0", "100")


def _shares(low: float, high: float) -> str:
    return percents(low, high).replace("100.0", "100")


def chance(q: float) -> str:
    """A p or q, to three decimals.

    >>> chance(0.0444), chance(0.0002)
    ('0.044', '< 0.001')
    """
    return f"< {_LEAST_TOLD}" if q < _LEAST_TOLD else number(q)


def _missing(frame: pd.DataFrame, *names: str) -> bool:
    return bool(frame[list(names)].isna().any(axis=None))


def _agreement(found: Sales) -> str:
    names = ("tier", "leads", "accepted (%)", "interval (%)", "or above", "accepted (%)", "interval (%)", "kappa")
    rows = [
        [
            row.tier,
            count(row.n),
            _share(row.rate),
            _shares(row.low, row.high),
            count(row.reached),
            _share(row.precision),
            _shares(row.precision_low, row.precision_high),
            number(row.kappa, 2),
        ]
        for row in each(found.agreement)
    ]
    frame = found.agreement
    return table(_columns(1, *names), rows) + _below(
        ("or above: leads in the tier or a higher one; kappa: agreement of being there with being accepted", True),
        ("– as accepted: no leads", _missing(frame, "rate") or _missing(frame, "precision")),
        ("– as kappa: all leads or none are in the tier or above, or were accepted", _missing(frame, "kappa")),
    )


def _reasons(found: Sales) -> str:
    shown = found.reasons[found.reasons["found"].astype(bool)].head(MOST_REASONS)
    if shown.empty:
        pairs = "the one pair" if len(found.reasons) == 1 else f"none of {count(len(found.reasons))} pairs"
        stands = "does not stand out" if len(found.reasons) == 1 else "stands out"
        return _wrapped(f"Not enough evidence: {pairs} of rule and reason {stands}.", "  ")
    names = ("reason", "rule", "rejected", "accepted", "ratio", "interval", "q")
    rows = [
        [
            row.reason,
            row.rule,
            f"{row.hit_reason} of {row.n_reason}",
            f"{row.hit_accepted} of {row.n_accepted}",
            f"{number(row.ratio, 1)}x",
            f"{number(row.low, 1)}–{number(row.high, 1)}",
            chance(row.q),
        ]
        for row in each(shown)
    ]
    return table(_columns(2, *names), rows) + _below(
        (
            (
                "rejected, accepted: of how many the rule paid; q: share of false finds to be expected among those "
                f"with such a q or less, over all {count(len(found.reasons))} pairs of rule and reason"
            ),
            True,
        ),
    )


def _outcomes(found: Sales) -> str:
    names = ("verdict", "reason", "leads", "won (%)", "interval (%)", "lost (%)", "interval (%)")
    rows = [
        [
            row.verdict,
            row.reason,
            count(row.n),
            _share(row.rate),
            _shares(row.low, row.high),
            _share(row.lost_rate),
            _shares(row.lost_low, row.lost_high),
        ]
        for row in each(found.outcomes)
    ]
    return table(_columns(2, *names), rows) + _below(
        ("won, lost: within the plan's horizon; the others are open, or closed otherwise", True)
    )


def _conversion(found: Sales) -> str:
    names = ("of", "who", "leads", "converted", "rate (%)", "interval (%)")
    rows = [
        [
            _group(row.by, row.value),
            row.who,
            count(row.n),
            count(row.converted),
            _share(row.rate),
            _shares(row.low, row.high),
        ]
        for row in each(found.conversion)
        if row.n
    ]
    return table(_columns(2, *names), rows)


def _group(by: str, value: str) -> str:
    return f"band {value}" if by == "band" and value != GATED else value


def _bounds(found: Sales) -> str:
    names = (
        "band",
        "unworked",
        "rate (%)",
        "worked (%)",
        "all (%)",
        "no harm (%)",
        "alike (%)",
        "carried by",
    )
    rows = [
        [
            row.band,
            count(row.unworked),
            _share(row.converted / row.unworked if row.unworked else float("nan")),
            _share(row.worked_share),
            _shares(row.worst, row.best),
            _shares(row.least, row.most),
            NONE if row.verdict == UNKNOWN else f"{_share(row.weighted)} ({_shares(row.low, row.high)})",
            number(row.effective, 1),
        ]
        for row in each(found.bounds)
    ]
    some = found.bounds[found.bounds["unworked"] > 0]
    worse = bool((some["least"].isna() & (some["worked_share"] > 0)).any())
    return table(_columns(1, *names), rows) + _below(
        ("rate: what the unworked converted at; worked: share of the band that was worked", True),
        ("all: the whole band if every lead were worked, at worst and at best, without any assumption", True),
        ("no harm: the unworked if worked, when work never harms and sales picks no worse leads", True),
        (
            (
                "alike: the unworked if worked (in brackets: interval), from worked leads alike, when among leads with "
                "the same old score chance decided who was worked; carried by: effective number of worked leads in it"
            ),
            True,
        ),
        ("– as rate or no harm: no unworked leads", len(some) < len(found.bounds)),
        ("– as no harm: the worked converted no better than the unworked, so the assumption fails", worse),
        ("– as no harm: no worked leads", bool((found.bounds["worked_share"] == 0).any())),
        (
            (
                f"– as alike: not identifiable, since no unworked leads are there, fewer than {LEAST_EFFECTIVE} "
                "effective leads carry it, or most of the unworked have nobody to be compared with"
            ),
            bool((found.bounds["verdict"] == UNKNOWN).any()),
        ),
    )


def _left_out(found: Sales) -> str:
    rows = [[row.about, row.reason, count(row.n)] for row in each(found.left_out)]
    return table(_columns(2, "about", "reason", "leads"), rows)
