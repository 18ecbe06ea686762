"""Observations with what sales did: worked before as_of, within the horizon, or not; and the score that led to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.figures import band_edges, band_labels, band_of
from workbench.backtesting.tiers import names_of, tier_ranks
from workbench.engine.lowered import DAY_US
from workbench.errors import CallError, PlanError
from workbench.history import History
from workbench.metrics.clustering import design_effect
from workbench.metrics.intervals import wilson
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.given import numbers_of
from workbench.observation.reading import NEVER, first_times, rows_of

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

UNWORKED, BEFORE, WITHIN = 0, 1, 2
GATED = "taken out by a gate"


@dataclass(frozen=True)
class Touched:
    """Observations whose outcomes may be looked at; arrays of shape (n,).

    Attributes:
        lead, account, created_us: numbers of the lead and of its account (-1 without one) in the engine, and creation.
        as_of_us, end_us: the observation's moment; the end of its horizon, or its outcome if that came first.
        won, cluster: outcome within the horizon; what is not independent.
        score: points by the model; NaN where a gate takes the lead out.
        tier, tiers: rank of the tier as `tier_ranks` has it; names of the tiers, lowest first.
        names: name of each observation's tier.
        band, bands: number of the score band (-1 for those taken out), and the bands' labels.
        status: UNWORKED, BEFORE (first worked before as_of) or WITHIN (first worked from as_of on, before end_us).
        old: the score that the CRM had recorded when work usually began, NaN without one; see `old_scores`.
        begins_days: the age in days at which work usually began; NaN if nobody was worked.
    """

    lead: Integers
    account: Integers
    created_us: Integers
    as_of_us: Integers
    end_us: Integers
    won: Booleans
    cluster: Integers
    score: Floats
    tier: Integers
    tiers: tuple[str, ...]
    names: NDArray[np.object_]
    band: Integers
    bands: tuple[str, ...]
    status: Integers
    old: Floats
    begins_days: float

    @property
    def worked(self) -> Booleans:
        """Whether sales worked the lead before its outcome and the end of the horizon."""
        return np.asarray(self.status != UNWORKED, dtype=bool)

    def rate(self, rows: Booleans) -> tuple[int, int, float, float, float]:
        """Leads, converted, rate with its 95 % interval of some observations."""
        return rate_of(self.won[rows], self.cluster[rows])


def rate_of(hits: Booleans, cluster: Integers) -> tuple[int, int, float, float, float]:
    """How many there are, how many hit, and the rate with its Wilson interval, robust to clusters."""
    n, hit = len(hits), int(hits.sum())
    if not n:
        return 0, 0, float("nan"), float("nan"), float("nan")
    effect = design_effect(hits, np.unique(cluster, return_inverse=True)[1])
    low, high = wilson(hit, n, design_effect=float(effect[0]))
    return n, hit, hit / n, float(low), float(high)


def touched(model: Model, history: History, seen: Observations) -> Touched:
    """The observations of all parts that are not sealed, with what sales did.

    Raises:
        CallError: if they were made from another history.
        PlanError: if they are of accounts, or have no dates.
        NotObserved: if the model asks for evidence that was not gathered.
    """
    _fits(history, seen)
    subjects = seen.subjects
    rows = np.flatnonzero(subjects.won >= 0)
    scores = seen.scorer(model).scores(rows)
    score = np.where(scores.out, np.nan, scores.milli / 1000)
    ranks = tier_ranks(model, scores)
    edges = band_edges(score, seen.plan)
    assert subjects.as_of_us is not None  # noqa: S101  (see `_fits`)
    as_of, won = subjects.as_of_us[rows], subjects.won[rows] == 1
    lead, account, created = numbers_of(history, [str(each) for each in subjects.lead_id[rows]])
    outcome = first_times(history, "stages", lead, [seen.plan.outcome or ""])
    end = np.minimum(as_of + (seen.plan.horizon or 0) * DAY_US, np.where(won, outcome, NEVER))
    first = first_times(history, "worked", lead)
    status = np.where(first < as_of, BEFORE, np.where(first < end, WITHIN, UNWORKED))
    ages = (first - created)[status != UNWORKED] / DAY_US
    begins = float(np.median(ages)) if len(ages) else float("nan")
    return Touched(
        lead=lead,
        account=account,
        created_us=created,
        as_of_us=as_of,
        end_us=end,
        won=won,
        cluster=subjects.cluster[rows],
        score=score,
        tier=ranks,
        tiers=tuple(tier.name for tier in model.tiers),
        names=names_of(ranks, model.tiers, model.gates),
        band=band_of(score, edges),
        bands=tuple(band_labels(edges)),
        status=status,
        old=old_scores(history, lead, np.minimum(as_of, created + _micros(begins))),
        begins_days=begins,
    )


def _micros(days: float) -> int:
    return NEVER // 2 if np.isnan(days) else int(days * DAY_US)


def _fits(history: History, seen: Observations) -> None:
    if seen.data["fingerprint"] != history.fingerprint:
        raise CallError.at(
            "seen",
            expected="observations of this history",
            found="those of another",
            remedy="Observe the same, open history.",
        )
    if seen.members is not None:
        raise PlanError.at(
            seen.plan.where("unit"), expected="lead, since sales work leads", found="account", remedy="Leave it out."
        )
    if seen.subjects.as_of_us is None:
        raise PlanError.at(
            seen.plan.where("at"),
            expected="leads with dates, to tell what was done before from what was done after",
            found="recorded",
            remedy="Use a history with dates and a plan such as at: 14d.",
        )


def old_scores(history: History, lead: Integers, before_us: Integers) -> Floats:
    """The last score that the CRM recorded for each lead before a moment, in points; NaN without one."""
    if not history.has_scores:
        return np.full(len(lead), np.nan)
    found = rows_of(history, "scores", ["lead", "at_us", "milli"])
    found = found.dropna().astype("int64").sort_values(["at_us", "milli"])
    asked = pd.DataFrame({"lead": lead, "at_us": before_us, "row": np.arange(len(lead))}).sort_values("at_us")
    both = pd.merge_asof(asked, found, on="at_us", by="lead", allow_exact_matches=False)
    return both.sort_values("row")["milli"].to_numpy(dtype=np.float64, na_value=np.nan) / 1000
