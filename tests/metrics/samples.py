"""Random leads with many tied scores, and the histogram of them, for the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st


@dataclass(frozen=True)
class Leads:
    cells: np.ndarray
    outcomes: np.ndarray
    k: int

    @property
    def negatives(self):
        return np.array([int(np.sum((self.cells == c) & ~self.outcomes)) for c in range(self.k)])

    @property
    def positives(self):
        return np.array([int(np.sum((self.cells == c) & self.outcomes)) for c in range(self.k)])


def leads(seed: int, n: int = 200, k: int = 12, rate: float = 0.3) -> Leads:
    """Both outcomes present, higher scores convert more often, some cells empty."""
    random = np.random.default_rng(seed)
    cells = np.minimum(random.poisson(k / 3, n), k - 1)
    outcomes = random.random(n) < rate * (0.5 + cells / k)
    outcomes[:2] = [True, False]
    return Leads(cells, outcomes, k)


def clustered_leads(random: np.random.Generator, clusters: int, *, shift: float = 1.0, within: float = 0.7):
    """Scores and outcomes that share a part with the others of their account: (cells, outcomes, accounts, k)."""
    sizes = random.integers(1, 7, clusters)
    account = np.repeat(np.arange(clusters), sizes)
    shared = random.standard_normal(clusters)[account]
    leaning = random.standard_normal(clusters)[account]
    outcome = leaning * np.sqrt(within) + random.standard_normal(len(account)) * np.sqrt(1 - within) > 0.8
    score = shared * np.sqrt(within) + random.standard_normal(len(account)) * np.sqrt(1 - within) + shift * outcome
    cells = np.clip(np.round(score * 6 + 20), 0, 49).astype(int)
    return cells, outcome, account, 50


def histograms(most: int = 6):
    """Pairs of equally long lists of small counts, both classes present."""
    count = st.integers(0, 5)
    return st.lists(st.tuples(count, count), min_size=1, max_size=most).filter(
        lambda pairs: any(a for a, _ in pairs) and any(b for _, b in pairs)
    )
