"""Which observations are searched on and which are held out, with those who belong together on one side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def folds(won: Booleans, cluster: Integers, *, count: int, seed: int) -> Integers:
    """(n,) number of the fold, 0..count-1, of each observation; clusters stay whole, converts are spread evenly.

    Args:
        won: (n,) who converted.
        cluster: (n,) codes of what belongs together.
        count: how many folds.
        seed: of the order in which clusters are dealt.
    """
    _, of = np.unique(cluster, return_inverse=True)
    size = int(of.max(initial=-1)) + 1
    random = np.random.default_rng(seed)
    converting = np.bincount(of, weights=won, minlength=size)
    order = random.permutation(size)
    order = order[np.argsort(-converting[order], kind="stable")]
    fold = np.empty(size, dtype=np.int64)
    fold[order] = np.arange(size) % count
    found: Integers = fold[of]
    return found


def subset(won: Booleans, cluster: Integers, *, most: int, seed: int) -> Integers | None:
    """Positions of about `most` observations in whole clusters, converting ones as often as others.

    Returns:
        ascending positions; None where there are no more than `most`.
    """
    n = len(won)
    if n <= most:
        return None
    fold = folds(won, cluster, count=-(-n // most), seed=seed)
    return np.flatnonzero(fold == 0).astype(np.int64)
