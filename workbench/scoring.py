"""Scores of leads, or of their accounts, at a moment."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.tiers import names_of, tier_names, tier_ranks
from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model, Tier
from workbench.observation import Moment, at_moment
from workbench.observation.accounts import account_ranks, account_score, rolled
from workbench.parsing import did_you_mean

Unit = Literal["lead", "account"]
Booleans = NDArray[np.bool_]
SALT = "exploration"


@dataclass(frozen=True)
class Explore:
    """A slice of those below the cut, drawn by hash, to be worked like those above it.

    Whoever works only what a model puts on top never learns what the rest would have done. A small random slice of
    the rest, worked all the same, tells; weigh each of its rows by 1 / chance. The draw depends on nothing but the
    identifier and the salt (HMAC-SHA256, the first 64 bits as a number in 0..1 below the share), so it is the same
    for every order of rows and on every machine, the same leads stay in it from list to list, and a slice of 5 % is
    part of one of 10 % with the same salt. Name a new salt, such as a quarter, to draw anew. Scores are never changed.

    Attributes:
        share: of those below the cut, above 0 and at most 1.
        cut: the tier that counts as worked anyhow; by default the first one above the lowest.
        salt: what the draw depends on besides the identifier.
    """

    share: float
    cut: str | None = None
    salt: str = SALT

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise CallError.at(
                "explore", expected="a share above 0 and at most 1", found=str(self.share), remedy="Write 5 % as 0.05."
            )

    def columns(
        self, ids: Sequence[str], ranks: NDArray[np.int64], shut: Booleans, tiers: Sequence[Tier]
    ) -> dict[str, NDArray[np.generic]]:
        """Columns explore (whether a row is in the slice) and explore_chance (with what probability it got there).

        Args:
            ids: (n,) identifiers.
            ranks: (n,) ranks among the tiers.
            shut: (n,) those whom a gate decides on: they are never drawn.
            tiers: of leads or accounts, lowest first.

        Raises:
            CallError: if there are no tiers, or none of that name.
        """
        names = [tier.name for tier in tiers]
        cut = names[min(1, len(names) - 1)] if self.cut is None and names else self.cut
        if cut not in names:
            known = ", ".join(names) or "none: this model has no tiers"
            remedy = did_you_mean(cut, names) if cut is not None else "Give the model tiers: the slice is below one."
            raise CallError.at("explore cut", expected=f"one of {known}", found=repr(cut), remedy=remedy)
        below = (ranks < names.index(cut)) & ~shut
        drawn = np.array([_place(each, self.salt) for each in ids], dtype=np.float64) < self.share
        return {"explore": below & drawn, "explore_chance": np.where(below, self.share, 0.0)}


def _place(identifier: str, salt: str) -> float:
    """A number in 0..1 that only depends on the identifier and the salt."""
    digest = hmac.digest(salt.encode(), identifier.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") / 2**64


def score(
    model: Model,
    history: History,
    as_of: str | dt.datetime | None = None,
    *,
    unit: Unit = "lead",
    explore: Explore | float | None = None,
) -> pd.DataFrame:
    """Every lead's or account's score on what was known before a moment.

    Args:
        model: the model.
        history: the loaded past.
        as_of: ISO 8601 with a zone, or a datetime with one; by default the end of the data.
        unit: lead, or account: leads without one are then left out.
        explore: mark a random slice of those below the cut, to be worked all the same: see `Explore`; a number is its
            share, such as 0.05.

    Returns:
        of leads: frame, one row a lead in order of lead_id: lead_id, account_id, score (points; missing for those
        whom a gate takes out), tier, then, gate, and one column of points for each dimension.

        of accounts: frame, one row an account in order of account_id: account_id, leads (how many existed), score
        (points; missing where a gate takes all of them out), tier, then, best_lead_id (that of the highest score, among
        equals the first by id; missing without a score).

        With `explore` two more: explore (true for the slice) and explore_chance (the probability of being drawn: the
        share below the cut, 0 from it on and for those whom a gate decides on).

    Raises:
        CallError: if the moment has no zone, no lead existed before it, or for accounts none that has one; if there is
            no such share or cut to explore.
        ModelError: if the model asks for what the history does not have, or does not say how accounts are scored.
    """
    if unit not in get_args(Unit):
        raise CallError.at("unit", expected="lead or account", found=repr(unit), remedy="Use one of these.")
    wanted = Explore(explore) if isinstance(explore, int | float) else explore
    if unit == "account":
        account_score(model)
        return _of_accounts(model, at_moment(history, [model], as_of), wanted)
    return _of_leads(model, at_moment(history, [model], as_of), wanted)


def _of_leads(model: Model, moment: Moment, explore: Explore | None) -> pd.DataFrame:
    scores = moment.scorer(model).scores()
    ranks = tier_ranks(model, scores)
    then = np.array([*("" for _ in model.gates), "", *(tier.then for tier in model.tiers)], dtype=object)
    gates = np.array(["", *(gate.id for gate in model.gates)], dtype=object)
    frame = moment.leads.copy()
    frame["score"] = np.where(scores.out, np.nan, scores.milli / 1000)
    frame["tier"] = tier_names(model, ranks)
    frame["then"] = then[ranks + len(model.gates) + 1]
    frame["gate"] = gates[scores.gate]
    for name, values in scores.dimensions.items():
        frame[name] = values / 1000
    if explore is None:
        return frame
    return frame.assign(**explore.columns(frame["lead_id"].tolist(), ranks, scores.gate > 0, model.tiers))


def _of_accounts(model: Model, moment: Moment, explore: Explore | None) -> pd.DataFrame:
    account = account_score(model)
    codes, ids = pd.factorize(moment.leads["account_id"], sort=True)
    if not len(ids):
        raise CallError.at(
            "unit",
            expected="lead, since no lead has an account" + ("" if moment.as_of is None else " then"),
            found="account",
            remedy="Map 'account', or score leads.",
        )
    order = np.argsort(codes, kind="stable")[(codes < 0).sum() :]
    leads = np.bincount(codes[order], minlength=len(ids))
    own = moment.scorer(model).scores(order)
    scores = rolled(own.milli, own.out, np.concatenate([[0], np.cumsum(leads)]), account)
    ranks = account_ranks(scores, account)
    ranked = np.lexsort((-own.milli, codes[order]))  # stable, and leads are in order of their ids
    ranked = order[ranked[~own.out[ranked]]]
    best = pd.Series(moment.leads["lead_id"].to_numpy()[ranked], index=codes[ranked], dtype=object)
    frame = pd.DataFrame(
        {
            "account_id": ids.to_numpy(),
            "leads": leads,
            "score": np.where(scores.out, np.nan, scores.milli / 1000),
            "tier": names_of(ranks, account.tiers),
            "then": np.array(["", *(tier.then for tier in account.tiers)], dtype=object)[ranks + 1],
            "best_lead_id": best[~best.index.duplicated()].reindex(range(len(ids))).to_numpy(),
        }
    )
    if explore is None:
        return frame
    return frame.assign(**explore.columns(frame["account_id"].tolist(), ranks, scores.out, account.tiers))
