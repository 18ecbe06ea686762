"""Who is chosen by one model only, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judges import judge_of, tiers_behind
from workbench.backtesting.pseudonyms import ACCOUNT, LEAD, Pseudonyms
from workbench.backtesting.tiers import names_of
from workbench.comparing.contest import Contest
from workbench.comparing.entrant import Entrant
from workbench.metrics.clustering import design_effect
from workbench.metrics.intervals import wilson

Floats = NDArray[np.float64]
Kind = Literal["in", "out"]
At = Literal["capacity", "tier"]
COLUMNS = ("model", "at", "swap", "n", "converted", "rate", "rate_low", "rate_high", "amount")
LEAST_SHARE = 1e-9


def swaps_frame(contest: Contest) -> pd.DataFrame:
    """One row for each challenger, at (capacity, tier) and swap (in, out, both), with `COLUMNS`.

    At equal capacity a tied score at the boundary is chosen in part, so numbers may be fractions; `both` are those
    whom either model chooses. The rate has its 95 % interval, widened for clusters.
    """
    rows = [row for challenger in contest.challengers for row in _rows(contest, challenger)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def shares(contest: Contest, challenger: Entrant, at: At) -> tuple[Floats, Floats] | None:
    """(n,) what share of each observation champion and challenger choose; None where there is no tier to reach."""
    if at == "capacity":
        return contest.worked[contest.champion.label], contest.worked[challenger.label]
    tier = contest.rank_of(challenger)
    if contest.tier is None or tier is None:
        return None
    return contest.champion.reached(contest.tier).astype(float), challenger.reached(tier).astype(float)


def _rows(contest: Contest, challenger: Entrant) -> Iterator[dict[str, Any]]:
    places: tuple[At, ...] = ("capacity", "tier")
    for at in places:
        chosen = shares(contest, challenger, at)
        if chosen is None:
            continue
        first, second = chosen
        sides = {
            "in": np.maximum(second - first, 0.0),
            "out": np.maximum(first - second, 0.0),
            "both": np.minimum(first, second),
        }
        for swap, share in sides.items():
            yield {"model": challenger.label, "at": at, "swap": swap, **_counted(contest, share)}


def _counted(contest: Contest, share: Floats) -> dict[str, float]:
    """How many, how many of them converted, and for what amount."""
    n = float(share.sum())
    converted = float(share[contest.won].sum())
    some = share > LEAST_SHARE
    effect = 1.0
    if contest.sample.clustered and some.any():
        effect = float(design_effect(contest.won[some], contest.cluster[some])[0])
    low, high = wilson(min(converted, n), n, confidence=contest.confidence, design_effect=effect)
    return {
        "n": n,
        "converted": converted,
        "rate": converted / n if n else float("nan"),
        "rate_low": float(low),
        "rate_high": float(high),
        "amount": float(share @ contest.amount),
    }


def swapped_frame(contest: Contest, challenger: Entrant, kind: Kind, at: At, *, pseudonyms: bool) -> pd.DataFrame:
    """The observations that one model alone chooses: whom the challenger takes in, or leaves out.

    Columns lead_id, account_id (pseudonyms or as in the data), as_of (UTC; missing without dates), champion_score,
    challenger_score (points; missing where a gate takes it out), champion_tier, challenger_tier, share (what part of it
    is swapped, for scores tied at the boundary), converted, amount. Highest score under the model that chooses it
    first.
    """
    chosen = shares(contest, challenger, at)
    nothing = np.zeros(contest.n)
    first, second = chosen if chosen is not None else (nothing, nothing)
    moved = second - first if kind == "in" else first - second
    rows = np.flatnonzero(moved > LEAST_SHARE)
    frame = _names(contest, rows, pseudonyms=pseudonyms)
    for side, entrant in (("champion", contest.champion), ("challenger", challenger)):
        frame[f"{side}_score"] = entrant.points[entrant.placed.cells[rows]]
    for side, entrant in (("champion", contest.champion), ("challenger", challenger)):
        frame[f"{side}_tier"] = _tiers(contest, entrant)[rows]
    frame["share"] = moved[rows]
    frame["converted"] = contest.won[rows]
    frame["amount"] = contest.amount[rows]
    by = "challenger_score" if kind == "in" else "champion_score"
    return frame.sort_values([by, "lead_id", "as_of"], ascending=[False, True, True], ignore_index=True)


def _names(contest: Contest, rows: NDArray[np.int64], *, pseudonyms: bool) -> pd.DataFrame:
    subjects, key = contest.seen.subjects, str(contest.seen.data["fingerprint"])
    # numbered over all observations, of sealed parts too: one lead has one name wherever it is looked at
    accounts = Pseudonyms.of(subjects.account_id, prefix=ACCOUNT if pseudonyms else "", key=key)
    leads = accounts
    if contest.unit == "lead":
        leads = Pseudonyms.of(subjects.lead_id, prefix=LEAD if pseudonyms else "", key=key)
    at = rows + contest.rows.start
    moments = subjects.as_of_us
    when = pd.Series(pd.NaT, index=range(len(at)), dtype="datetime64[us, UTC]")
    if moments is not None:
        when = pd.Series(pd.to_datetime(moments[at], unit="us", utc=True))
    return pd.DataFrame({"lead_id": leads.names(at), "account_id": accounts.names(at), "as_of": when}).astype(
        {"lead_id": object, "account_id": object}
    )


def _tiers(contest: Contest, entrant: Entrant) -> NDArray[np.object_]:
    """(n,) the tier that a model gives each."""
    judge = judge_of(entrant.model, contest.seen.following(entrant.model))
    judging = judge.judging(contest.part, judge.judged(contest.part))
    assert judging is not None  # noqa: S101  (only the CRM's recorded scores have none)
    gates = entrant.model.gates if contest.unit == "lead" else ()
    return names_of(judging.ranks, tiers_behind(judging), gates)
