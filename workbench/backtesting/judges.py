"""What a backtest asks of whatever scores observations: a model, a model of accounts, the CRM's recorded scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.errors import RULE_COLUMNS, ErrorKind, Errors, Judging
from workbench.backtesting.judged import Judged
from workbench.backtesting.tiers import cuts_of, main_tier, names_of, tier_cuts, tier_ranks, tiers_frame
from workbench.errors import CallError
from workbench.model import Model, Tier
from workbench.observation import Observations, Scores
from workbench.observation.accounts import Rolled, account_ranks, account_score, rolled
from workbench.observation.alternative import Rows

RECORDED = "scores recorded by the CRM"
MOST_LISTED = 12
"""The columns of `Errors.rules`."""

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class Judge(Protocol):
    """Scores observations; arrays of a part are in the order of `positions`."""

    def names(self) -> dict[str, Any]:
        """What the result says of the model and its tiers."""

    def positions(self, part: str) -> Integers:
        """The observations of a part that have a score or are taken out."""

    def judged(self, part: str) -> Judged:
        """A part's observations with score and outcome."""

    def of(self, rows: Integers) -> Judged:
        """The same for some positions."""

    def reached(self, part: str) -> Booleans:
        """Whether the main tier is reached."""

    def tiers(self, part: str, judged: Judged) -> pd.DataFrame:
        """The frame of tiers."""

    def missing(self, part: str | None) -> int:
        """How many observations of a part, or of all, have no score."""

    def judging(self, part: str, judged: Judged) -> Judging | AccountJudging | None:
        """What a report of errors needs."""


def judge_of(model: Model | None, seen: Observations) -> Judge:
    """The judge for a model, or for the recorded scores.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
        CallError: if there are no recorded scores for what was observed.
    """
    if model is None:
        return _Recorded(seen)
    return _Scored(model, seen) if seen.members is None else _OfAccounts(model, seen)


def _judged(seen: Observations, rows: Rows, milli: Integers, out: Booleans) -> Judged:
    subjects = seen.subjects
    return Judged.of(milli, out, subjects.won[rows] == 1, subjects.amount[rows], subjects.cluster[rows])


def _model_names(model: Model) -> dict[str, Any]:
    return {
        "model_name": model.name,
        "model_version": model.version,
        "model": {"scoring_digest": model.scoring_digest, "document_digest": model.document_digest},
    }


class _Scored:
    """A model's scores on observations."""

    def __init__(self, model: Model, seen: Observations) -> None:
        self.model, self.seen = model, seen
        self.scorer = seen.scorer(model)
        self.main = main_tier(model.name, model.tiers, seen.plan)
        self._scores: dict[str, Scores] = {}

    def names(self) -> dict[str, Any]:
        cuts = tier_cuts(self.model)
        threshold = dict(cuts).get(self.main or "")
        return {
            **_model_names(self.model),
            "main_tier": self.main,
            "main_threshold": threshold,
            "tier_cuts": cuts,
        }

    def scores(self, part: str) -> Scores:
        if part not in self._scores:
            self._scores[part] = self.scorer.scores(self.seen.rows(part))
        return self._scores[part]

    def positions(self, part: str) -> Integers:
        rows = self.seen.rows(part)
        return np.arange(rows.start, rows.stop)

    def judged(self, part: str) -> Judged:
        scores = self.scores(part)
        return _judged(self.seen, self.seen.rows(part), scores.milli, scores.out)

    def of(self, rows: Integers) -> Judged:
        scores = self.scorer.scores(rows)
        return _judged(self.seen, rows, scores.milli, scores.out)

    def ranks(self, part: str) -> Integers:
        return tier_ranks(self.model, self.scores(part))

    def reached(self, part: str) -> Booleans:
        if self.main is None:
            return np.zeros(len(self.scores(part).milli), dtype=bool)
        return self.ranks(part) >= self.model.tier(self.main)

    def tiers(self, part: str, judged: Judged) -> pd.DataFrame:
        model = self.model
        return tiers_frame(judged, self.ranks(part), model.tiers, model.gates, cuts=dict(tier_cuts(model)))

    def missing(self, part: str | None) -> int:
        del part
        return 0

    def judging(self, part: str, judged: Judged) -> Judging:
        return Judging(
            self.model, self.seen, self.scorer, self.seen.rows(part), self.scores(part), self.ranks(part), judged
        )


class _OfAccounts:
    """A model's scores of accounts, from those of their leads."""

    def __init__(self, model: Model, seen: Observations) -> None:
        self.account = account_score(model)
        self.model, self.seen = model, seen
        self.scorer = seen.scorer(model)
        self.main = main_tier(f"accounts of {model.name}", self.account.tiers, seen.plan)
        self._scores: dict[str, Rolled] = {}

    def names(self) -> dict[str, Any]:
        cuts = cuts_of(self.account.tiers)
        threshold = dict(cuts).get(self.main or "")
        return {
            **_model_names(self.model),
            "main_tier": self.main,
            "main_threshold": threshold,
            "tier_cuts": cuts,
        }

    def scores(self, part: str) -> Rolled:
        if part not in self._scores:
            self._scores[part] = self._rolled(self.seen.rows(part))
        return self._scores[part]

    def _rolled(self, rows: Rows) -> Rolled:
        leads, starts = self.seen.members_of(rows)
        scores = self.scorer.scores(leads)
        return rolled(scores.milli, scores.out, starts, self.account)

    def positions(self, part: str) -> Integers:
        rows = self.seen.rows(part)
        return np.arange(rows.start, rows.stop)

    def judged(self, part: str) -> Judged:
        return _judged(self.seen, self.seen.rows(part), *self.scores(part))

    def of(self, rows: Integers) -> Judged:
        return _judged(self.seen, rows, *self._rolled(rows))

    def ranks(self, part: str) -> Integers:
        return account_ranks(self.scores(part), self.account)

    def reached(self, part: str) -> Booleans:
        ranks = self.ranks(part)
        if self.main is None:
            return np.zeros(len(ranks), dtype=bool)
        return ranks >= [tier.name for tier in self.account.tiers].index(self.main)

    def tiers(self, part: str, judged: Judged) -> pd.DataFrame:
        tiers = self.account.tiers
        return tiers_frame(judged, self.ranks(part), tiers, cuts=dict(cuts_of(tiers)))

    def missing(self, part: str | None) -> int:
        del part
        return 0

    def judging(self, part: str, judged: Judged) -> AccountJudging:
        rows, scores, ranks = self.seen.rows(part), self.scores(part), self.ranks(part)
        return AccountJudging(self.model, self.seen, rows, scores, ranks, judged)


class _Recorded:
    """The scores that the CRM recorded, last before as_of."""

    def __init__(self, seen: Observations) -> None:
        if seen.members is not None:
            raise CallError.at(
                "model",
                expected="a model that scores accounts, since accounts were observed",
                found="none: the scores that the CRM recorded are of leads",
                remedy="Name a model with 'account', or use unit: lead in the plan.",
            )
        if seen.subjects.recorded is None:
            raise CallError.at(
                "model",
                expected="a model, or a history with recorded scores",
                found="neither",
                remedy="Map the CRM's score history under 'scores:', or name a model file.",
            )
        self.seen, self.recorded = seen, seen.subjects.recorded

    def names(self) -> dict[str, Any]:
        return {
            "model_name": RECORDED,
            "model_version": None,
            "model": {"scoring_digest": None, "document_digest": None},
            "main_tier": None,
            "main_threshold": None,
            "tier_cuts": (),
        }

    def positions(self, part: str) -> Integers:
        rows = self.seen.rows(part)
        recorded: Integers = np.flatnonzero(self.seen.subjects.has_recorded[rows])
        return recorded + int(rows.start)

    def judged(self, part: str) -> Judged:
        return self.of(self.positions(part))

    def of(self, rows: Integers) -> Judged:
        return _judged(self.seen, rows, self.recorded[rows], np.zeros(len(rows), dtype=bool))

    def reached(self, part: str) -> Booleans:
        return np.zeros(len(self.positions(part)), dtype=bool)

    def tiers(self, part: str, judged: Judged) -> pd.DataFrame:
        del part, judged
        columns = ["tier", "from", "then", "n", "share", "converted", "rate", "rate_low", "rate_high", "lift"]
        return pd.DataFrame(columns=columns)

    def missing(self, part: str | None) -> int:
        names = self.seen.parts if part is None else (part,)
        return sum(int((~self.seen.subjects.has_recorded[self.seen.rows(name)]).sum()) for name in names)

    def judging(self, part: str, judged: Judged) -> None:
        del part, judged


# --- accounts that were judged wrongly --------------------------------------------------------------------------------


@dataclass(frozen=True)
class AccountJudging:
    """Everything a report of wrongly judged accounts needs, for the rows of one part."""

    model: Model
    seen: Observations
    rows: slice
    scores: Rolled
    ranks: Integers
    judged: Judged


def tiers_behind(judging: Judging | AccountJudging) -> Sequence[Tier]:
    """The tiers, of leads or of accounts, that were to be reached."""
    return account_score(judging.model).tiers if isinstance(judging, AccountJudging) else judging.model.tiers


def account_errors(judging: AccountJudging, kind: ErrorKind, reached: Booleans, tier: str) -> Errors:
    """The accounts that were judged wrongly; in place of a ledger the scores of their leads, highest first.

    Rules pay to leads, so none is set against another here: `rules` is empty.
    """
    out, won = judging.scores.out, judging.judged.won
    same = reached & ~out if kind == "false_positive" else ~reached & ~out
    wrong = same & (~won if kind == "false_positive" else won)
    at = np.flatnonzero(wrong)
    positions = at + (judging.rows.start or 0)
    frame = judging.seen.frame().iloc[positions][["lead_id", "account_id", "as_of"]].reset_index(drop=True)
    frame["score"] = judging.scores.milli[at] / 1000
    frame["tier"] = names_of(judging.ranks[at], tiers_behind(judging))
    frame["ledger"] = _of_leads(judging, positions)
    by = ["score", "lead_id", "as_of"]
    return Errors(
        kind=kind,
        tier=tier,
        n=int(wrong.sum()),
        of=int(same.sum()),
        apart=int((out & won).sum()),
        leads=frame.sort_values(by, ascending=[False, True, True], ignore_index=True),
        rules=pd.DataFrame(columns=RULE_COLUMNS),
        unit="account",
    )


def _of_leads(judging: AccountJudging, positions: Integers) -> list[str]:
    """How each account's score was made, such as `max of 3 leads: 40, 25, taken out`."""
    leads, starts = judging.seen.members_of(positions)
    scores = judging.seen.scorer(judging.model).scores(leads)
    account = account_score(judging.model)
    words = {"top_mean": f"mean of the top {account.top}", "count_above": f"count from {account.above}"}
    name = words.get(account.roll_up, account.roll_up)
    texts = []
    for begin, end in pairwise(starts):
        out = scores.out[begin:end]
        shown = [f"{points / 1000:g}" for points in sorted(scores.milli[begin:end][~out].tolist(), reverse=True)]
        shown += ["taken out"] * int(out.sum())
        more = f" and {len(shown) - MOST_LISTED} more" if len(shown) > MOST_LISTED else ""
        noun = "lead" if len(shown) == 1 else "leads"
        texts.append(f"{name} of {len(shown)} {noun}: {', '.join(shown[:MOST_LISTED])}{more}")
    return texts
