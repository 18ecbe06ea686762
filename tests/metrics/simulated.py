"""A market with a known truth, drawn again and again: leads of accounts, two models' scores, outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Market:
    """How leads, scores and outcomes come about.

    Attributes:
        base: log-odds of a lead whose signals are all 0.
        pull: what one standard deviation of the hidden interest adds to them.
        shared: part of the interest that the leads of an account share, 0..1; 0 for leads that stand alone.
        noise: standard deviation of what either score adds to the interest that it shows.
        step: width of a score's steps in points: wide steps tie many leads.
    """

    base: float = -2.6
    pull: float = 1.1
    shared: float = 0.0
    noise: tuple[float, float] = (0.8, 1.0)
    step: int = 1

    def leads(self, n: int, random: np.random.Generator) -> Leads:
        """About n leads (exactly n where they stand alone)."""
        if self.shared:
            sizes = 1 + random.poisson(2.0, size=n // 3)
            account = np.repeat(np.arange(len(sizes)), sizes)
        else:
            account = np.arange(n)
        common = random.normal(size=int(account[-1]) + 1)[account]
        own = random.normal(size=len(account))
        interest = np.sqrt(self.shared) * common + np.sqrt(1 - self.shared) * own
        won = random.random(len(account)) < 1 / (1 + np.exp(-(self.base + self.pull * interest)))
        scores = tuple(
            np.clip(np.round((50 + 14 * (interest + random.normal(0, noise, len(account)))) / self.step), 0, 100)
            * self.step
            for noise in self.noise
        )
        return Leads(account.astype(np.int64), won, *(each.astype(np.int64) for each in scores))


@dataclass(frozen=True)
class Leads:
    """Leads as they came: arrays of shape (n,)."""

    account: NDArray[np.int64]
    won: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


MARKETS = {
    "alone": Market(),
    "alone, few steps": Market(step=12),
    "alone, rare": Market(base=-3.4),
    "accounts": Market(shared=0.5),
    "accounts alike, few steps": Market(shared=0.9, step=12),
}
