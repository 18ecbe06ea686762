"""How long leads stay in a tier, who bounces across its threshold, and which rules take them below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.replaying.days import Days
from workbench.replaying.following import CLOSED, Followed
from workbench.replaying.journal import FELL, NOT_YET, Journal
from workbench.replaying.warning import share_with_interval

Integers = NDArray[np.int64]
STAYS = ["tier", "stays", "fell", "closed", "still", "median_days"]
BOUNCES = ["tier", "reached", "fell", "again", "share_again", "low", "high", "bounces", "most", "median_days_below"]
CAUSES = ["tier", "rule", "falls", "of", "share", "mean_points"]
NO_RULE = "no rule (gate, variant, fading, population)"


def stays_frame(stays: pd.DataFrame, leads: Followed, tiers: Sequence[str]) -> pd.DataFrame:
    """The frame `Replay.stays`, of leads whose outcomes may be looked at."""
    stays = stays[~leads.sealed[stays["lead"].to_numpy()]]
    rows = []
    for rank, name in enumerate(tiers):
        own = stays[stays["tier"] == rank]
        how = own["how"].to_numpy()
        days = (own["until"] - own["since"]).to_numpy() * leads.grid.days
        over = (how == FELL) | (how == CLOSED)
        counts = (len(own), int((how == FELL).sum()), int((how == CLOSED).sum()), int((~over).sum()))
        rows.append((name, *counts, median_until(days, over)))
    return pd.DataFrame(rows, columns=STAYS)


def median_until(days: Integers, over: NDArray[np.bool_]) -> float:
    """The median of durations of which some are not over yet: the first time at which half or fewer are left.

    E. L. Kaplan and P. Meier, JASA 53 (1958) 457-481; NaN where more than half are left at the end.

    >>> import numpy as np
    >>> median_until(np.array([2, 4, 6, 8]), np.array([True, True, True, False]))
    4.0
    """
    times, place = np.unique(days, return_inverse=True)
    ended = np.bincount(place, weights=over, minlength=len(times))
    risk = len(days) - np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(times)))])[: len(times)]
    left = np.cumprod(1 - ended / np.maximum(risk, 1))
    half = np.flatnonzero(left <= 0.5 + 1e-12)
    return float(times[half[0]]) if len(half) else float("nan")


def bounces_frame(stays: pd.DataFrame, journal: Journal, shown: Integers, tiers: Sequence[str]) -> pd.DataFrame:
    """The frame `Replay.bounces`, of the leads at the positions `shown`."""
    leads = journal.leads
    cluster = leads.cluster[shown]
    rows = []
    for rank, name in enumerate(tiers):
        reached = journal.first[shown, rank] != NOT_YET
        times = journal.times[shown, rank]
        own = stays[(stays["tier"] == rank) & stays["lead"].isin(shown)]
        fell = own.loc[own["how"] == FELL, "lead"].nunique()
        again = times[reached] > 1
        below = _days_below(own) * leads.grid.days
        rows.append(
            (
                name,
                int(reached.sum()),
                int(fell),
                int(again.sum()),
                *share_with_interval(again, cluster[reached]),
                int((times[reached] - 1).sum()),
                int(times.max(initial=1) - 1) if reached.any() else 0,
                float(np.median(below)) if len(below) else float("nan"),
            )
        )
    return pd.DataFrame(rows, columns=BOUNCES)


def _days_below(stays: pd.DataFrame) -> Integers:
    """How many moments lie between a stay of a lead in a tier and its next one; sorted by lead and time."""
    lead, since, until = (stays[name].to_numpy() for name in ("lead", "since", "until"))
    same = lead[1:] == lead[:-1]
    return np.asarray((since[1:] - until[:-1])[same], dtype=np.int64)


def causes_frame(stays: pd.DataFrame, days: Days, shown: Integers, tiers: Sequence[str]) -> pd.DataFrame:
    """The frame `Replay.causes`: what fell at each fall that was made up for later."""
    frame = stays[stays["lead"].isin(shown)]
    next_ = frame.groupby(["tier", "lead"], sort=False)["since"].shift(-1)
    falls = frame[next_.notna().to_numpy() & (frame["how"] == FELL).to_numpy()]
    if falls.empty:
        return pd.DataFrame(columns=CAUSES)
    lead, at, rank = (falls[name].to_numpy(dtype=np.int64) for name in ("lead", "until", "tier"))
    scorer = days.at(np.concatenate([lead, lead]), np.concatenate([at - 1, at])).scorer
    ids = dict.fromkeys(rule.id for each in scorer.weights.alternatives for rule in each.rules)
    both = {rule: scorer.rule_values(rule) for rule in ids}
    lost = {rule: values[: len(at)] - values[len(at) :] for rule, values in both.items()}
    lost[NO_RULE] = np.asarray(np.max([*lost.values(), np.zeros_like(lead)], axis=0) <= 0, dtype=np.int64)
    rows = []
    for number, tier in enumerate(tiers):
        own = rank == number
        for rule, values in lost.items():
            paid = values[own & (values > 0)]
            if len(paid):
                points = float("nan") if rule == NO_RULE else float(paid.mean() / 1000)
                rows.append((tier, rule, len(paid), int(own.sum()), len(paid) / int(own.sum()), points))
    frame = pd.DataFrame(rows, columns=CAUSES)
    order = {tier: number for number, tier in enumerate(tiers)}
    return frame.sort_values(
        ["tier", "falls", "rule"],
        ascending=[True, False, True],
        key=lambda column: column.map(order) if column.name == "tier" else column,
        ignore_index=True,
    )
