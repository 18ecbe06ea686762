"""Scores of accounts from the scores of their leads, in exact integers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ModelError
from workbench.model import AccountScore, Model
from workbench.parsing import milli

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class Rolled(NamedTuple):
    """Scores of accounts, arrays of shape (accounts,).

    Attributes:
        milli: thousandths; 0 where `out`.
        out: no lead is left that counts: the account has no score and ranks below every score.
    """

    milli: Integers
    out: Booleans


def account_score(model: Model) -> AccountScore:
    """How the model scores accounts.

    Raises:
        ModelError: if it does not say so.
    """
    if model.account is None:
        document = model.document
        raise ModelError.at(
            "account" if document is None else document.where(("account",)),
            expected="how the scores of an account's leads become its own, since accounts are asked for",
            found=f"no 'account' in {model.name}",
            remedy="Add for example 'account: {roll_up: max}', or use unit: lead.",
        )
    return model.account


def rolled(milli_points: Integers, out: Booleans, starts: Integers, account: AccountScore) -> Rolled:
    """The scores of accounts.

    Args:
        milli_points: (leads,) scores in thousandths, the leads of one account side by side.
        out: (leads,) whom a gate takes out; they do not count.
        starts: (accounts + 1,) where each account's leads begin, and the end.
        account: how they are rolled up; see `AccountScore`. Means are floor((2 sum + n) / 2n).
    """
    kept = milli_points[~out] if out.any() else milli_points
    n = np.diff(np.concatenate([[0], np.cumsum(~out)])[starts])
    empty = n == 0
    found = np.zeros(len(n), dtype=np.int64)
    if len(kept):
        n = n[~empty]
        found[~empty] = _ROLL_UPS[account.roll_up](kept, np.cumsum(n) - n, n, account)
    return Rolled(found, empty)


def account_ranks(scores: Rolled, account: AccountScore) -> Integers:
    """(accounts,) rank of the last of the account's tiers whose `from` is reached; -1 without one, or where out."""
    rank = np.full(len(scores.milli), -1, dtype=np.int64)
    for number, tier in enumerate(account.tiers):
        assert tier.from_ is not None  # noqa: S101  (the model's own check)
        rank[scores.milli >= milli(tier.from_)] = number
    return np.where(scores.out, -1, rank)


def lead_rows(starts: Integers, order: Integers) -> tuple[Integers, Integers]:
    """The rows of the leads of some accounts in their order, and where each account's then begin, and the end."""
    counts = np.diff(starts)[order]
    ends = np.cumsum(counts)
    shift = np.repeat(starts[:-1][order] - (ends - counts), counts)
    return np.arange(len(shift), dtype=np.int64) + shift, np.concatenate([[0], ends]).astype(np.int64)


# Each takes the scores that count, where each account's begin, how many each has (at least one), and the roll-up.


def _sum(kept: Integers, begins: Integers, n: Integers, account: AccountScore) -> Integers:
    del n, account
    return np.add.reduceat(kept, begins)


def _mean(kept: Integers, begins: Integers, n: Integers, account: AccountScore) -> Integers:
    del account
    return _divided(np.add.reduceat(kept, begins), n)


def _max(kept: Integers, begins: Integers, n: Integers, account: AccountScore) -> Integers:
    del n, account
    return np.maximum.reduceat(kept, begins)


def _min(kept: Integers, begins: Integers, n: Integers, account: AccountScore) -> Integers:
    del n, account
    return np.minimum.reduceat(kept, begins)


def _top_mean(kept: Integers, begins: Integers, n: Integers, account: AccountScore) -> Integers:
    assert account.top is not None  # noqa: S101  (the model's own check)
    owner = np.repeat(np.arange(len(n)), n)
    highest_first = kept[np.lexsort((-kept, owner))]
    place = np.arange(len(kept)) - begins[owner]
    total = np.add.reduceat(np.where(place < account.top, highest_first, 0), begins)
    return _divided(total, np.minimum(n, account.top))


def _count_above(kept: Integers, begins: Integers, n: Integers, account: AccountScore) -> Integers:
    del n
    assert account.above is not None  # noqa: S101  (the model's own check)
    return np.add.reduceat((kept >= milli(account.above)).astype(np.int64), begins) * 1000


def _divided(total: Integers, n: Integers) -> Integers:
    """The quotient, rounded half up."""
    return (2 * total + n) // (2 * n)


_ROLL_UPS: dict[str, Callable[[Integers, Integers, Integers, AccountScore], Integers]] = {
    "sum": _sum,
    "mean": _mean,
    "max": _max,
    "min": _min,
    "top_mean": _top_mean,
    "count_above": _count_above,
}
