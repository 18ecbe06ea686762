"""Whether a candidate is better than the champion, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from workbench.observation.split import ALL, TRAIN
from workbench.widgets.wording import change, figure, shortened, within

AREA: Final = "auc"
"""The figure that the verdict is about: how well leads are ranked."""

PRECISION: Final = "precision"

_HEADS: Final = {
    "better": "Better: the candidate ranks the {leads} better than the champion ({auc}).",
    "worse": "Worse: the candidate ranks the {leads} worse than the champion ({auc}).",
    "same": "The same: both rank the {leads} alike ({auc}).",
    "not enough evidence": "Not enough evidence: on the {leads} the difference may be chance ({auc}).",
}
_MADE_ON: Final = "Models are made on this part: look at validation before you choose."


def ranking_sentence(changes: pd.DataFrame, part: str, *, unit: str = "leads") -> str:
    """Better, worse or not enough evidence, by the AUC, with its interval.

    Args:
        changes: what `Bench.changes` says.
        part: the part to speak of.
        unit: what was observed: leads or accounts.
    """
    line = _line(changes, part, AREA)
    if line is None or line.verdict not in _HEADS:
        return f"Nothing can be said of the ranking of the {part} {unit}."
    leads = unit if part == ALL else f"{part} {unit}"
    said = _HEADS[line.verdict].format(leads=leads, auc=_area(line))
    return f"{said} {_MADE_ON}" if part == TRAIN else said


def verdict(changes: pd.DataFrame, part: str) -> str:
    """The verdict by the AUC in a word: better, worse, same or not enough evidence."""
    line = _line(changes, part, AREA)
    return "not enough evidence" if line is None else str(line.verdict)


def _area(line: Any) -> str:
    now, before = figure(line.candidate, line.unit), figure(line.champion, line.unit)
    if line.verdict == "same":
        return f"AUC {now}"
    return f"AUC {now} in place of {before}: {_changed(line)}"


def _line(changes: pd.DataFrame, part: str, figure: str) -> Any:
    found = changes[(changes["part"] == part) & (changes["figure"] == figure)]
    return next(found.itertuples(index=False), None)


def _changed(line: Any) -> str:
    return f"{change(line.change, line.unit)}, 95 % interval {within(line.low, line.high, line.unit)}"


def tier_sentence(
    changes: pd.DataFrame, part: str, found: pd.DataFrame, upper: Sequence[Sequence[str]], *, unit: str = "leads"
) -> str:
    """What the candidate means for the main tier and those above it.

    Args:
        changes: what `Bench.changes` says.
        part: the part to speak of.
        found: what `workbench.tuning.moves.moves` says of that part.
        upper: the names of the champion's tiers from its main tier up, and the candidate's; empty without tiers.
        unit: what was observed: leads or accounts.
    """
    line = _line(changes, part, PRECISION)
    if not all(upper) or line is None:
        return ""
    sides = [found[found[f"{side}_tier"].isin(list(names))] for side, names in zip(_SIDES, upper, strict=True)]
    (before, bought), (now, buying) = ((int(side["n"].sum()), int(side["converted"].sum())) for side in sides)
    said = (
        f"In {_together(upper)}, sales would see {_more(now, before, unit)} and {_more(buying, bought, 'conversions')}."
    )
    if line.verdict == "same":
        return f"{said} {_rate(buying, now)} of them convert, as now."
    if not now or not before:
        side, of = ("candidate", _rate(bought, before)) if not now else ("champion", _rate(buying, now))
        other = "champion" if not now else "candidate"
        return f"{said} With nobody there, the {side} has no share that converts; the {other}'s is {of}."
    return (
        f"{said} {_rate(buying, now)} of them convert in place of {_rate(bought, before)} "
        f"({line.verdict}: {_changed(line)})."
    )


def _together(upper: Sequence[Sequence[str]]) -> str:
    """The tiers in words; both models' where they begin with another name."""
    said = [shortened(names[0]) if len(names) == 1 else f"{shortened(names[0])} and above" for names in upper]
    return said[0] if said[0] == said[1] else f"{said[1]} (the champion's {said[0]})"


_SIDES: Final = ("champion", "candidate")


def _more(now: int, before: int, noun: str) -> str:
    if now == before:
        return f"as many {noun} ({now:,})"
    by = abs(now - before)
    said = noun.removesuffix("s") if by == 1 else noun
    return f"{by:,} {'more' if now > before else 'fewer'} {said} ({now:,} in place of {before:,})"


def _rate(converted: int, n: int) -> str:
    return figure(converted / n if n else float("nan"), "share")


def moving_sentence(found: pd.DataFrame, tiers: Sequence[Sequence[str]], *, unit: str = "leads") -> str:
    """How many move up, move down and stay, and how they converted; only where both models have the same tiers.

    Args:
        found: what `workbench.tuning.moves.moves` says of a part.
        tiers: the names of the champion's tiers, lowest first, and the candidate's.
        unit: what was observed: leads or accounts.
    """
    old, new = (list(names) for names in tiers)
    if old != new or not new:
        return ""
    rank = {name: number for number, name in enumerate(new)}
    rise = found["candidate_tier"].map(rank).fillna(-1) - found["champion_tier"].map(rank).fillna(-1)
    if not rise.where(found["n"] > 0, 0).any():
        return "Nobody changes tier."
    said = []
    for words, chosen in (("up", rise > 0), ("down", rise < 0)):
        n, converted = int(found.loc[chosen, "n"].sum()), int(found.loc[chosen, "converted"].sum())
        bought = f" ({converted:,} converted, {_rate(converted, n)})" if n else ""
        said.append(f"{n:,} {unit} move {words}{bought}")
    return f"{', '.join(said)}; {int(found.loc[rise == 0, 'n'].sum()):,} stay."
