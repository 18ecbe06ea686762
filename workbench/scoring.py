"""Scores of leads, or of their accounts, at a moment."""

from __future__ import annotations

import datetime as dt
from typing import Literal, get_args

import numpy as np
import pandas as pd

from workbench.backtesting.tiers import names_of, tier_names, tier_ranks
from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation import Moment, at_moment
from workbench.observation.accounts import account_ranks, account_score, rolled

Unit = Literal["lead", "account"]


def score(
    model: Model, history: History, as_of: str | dt.datetime | None = None, *, unit: Unit = "lead"
) -> pd.DataFrame:
    """Every lead's or account's score on what was known before a moment.

    Args:
        model: the model.
        history: the loaded past.
        as_of: ISO 8601 with a zone, or a datetime with one; by default the end of the data.
        unit: lead, or account: leads without one are then left out.

    Returns:
        of leads: frame, one row a lead in order of lead_id: lead_id, account_id, score (points; missing for those
        whom a gate takes out), tier, then, gate, and one column of points for each dimension.

        of accounts: frame, one row an account in order of account_id: account_id, leads (how many existed), score
        (points; missing where a gate takes all of them out), tier, then, best_lead_id (that of the highest score, among
        equals the first by id; missing without a score).

    Raises:
        CallError: if the moment has no zone, no lead existed before it, or for accounts none that has one.
        ModelError: if the model asks for what the history does not have, or does not say how accounts are scored.
    """
    if unit not in get_args(Unit):
        raise CallError.at("unit", expected="lead or account", found=repr(unit), remedy="Use one of these.")
    if unit == "account":
        account_score(model)
        return _of_accounts(model, at_moment(history, [model], as_of))
    return _of_leads(model, at_moment(history, [model], as_of))


def _of_leads(model: Model, moment: Moment) -> pd.DataFrame:
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
    return frame


def _of_accounts(model: Model, moment: Moment) -> pd.DataFrame:
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
    return pd.DataFrame(
        {
            "account_id": ids.to_numpy(),
            "leads": leads,
            "score": np.where(scores.out, np.nan, scores.milli / 1000),
            "tier": names_of(ranks, account.tiers),
            "then": np.array(["", *(tier.then for tier in account.tiers)], dtype=object)[ranks + 1],
            "best_lead_id": best[~best.index.duplicated()].reindex(range(len(ids))).to_numpy(),
        }
    )
