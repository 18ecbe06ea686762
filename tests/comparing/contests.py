"""Contests from arrays, without a history: what the statistics of a comparison stand on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from workbench.backtesting.candidate import Counts, Placed
from workbench.comparing.capacity import Capacity
from workbench.comparing.contest import Contest
from workbench.comparing.entrant import Entrant
from workbench.metrics.paired import Sample


def entrant(label, scores, won, amount):
    """A model that gives these whole points."""
    known, cells = np.unique(scores, return_inverse=True)
    counts = Counts(
        known * 1000,
        False,
        np.bincount(cells[~won], minlength=len(known)),
        np.bincount(cells[won], minlength=len(known)),
    )
    return Entrant(label, None, None, Placed(counts, cells, np.bincount(cells, amount, len(known))), ())


def contest(scores, won, clusters=None, *, amount=None, worth=None, share=0.2, confidence=0.95):
    """The first scores against the others; `share` of the list is worked."""
    won = np.asarray(won, dtype=bool)
    n = len(won)
    paid = np.zeros(n) if amount is None else np.asarray(amount, dtype=float) * won
    cluster = np.arange(n) if clusters is None else np.asarray(clusters)
    first, *others = [entrant(f"model {number}", np.asarray(each), won, paid) for number, each in enumerate(scores)]
    plan = SimpleNamespace(value=worth, seed=7)
    seen = SimpleNamespace(plan=plan, subjects=SimpleNamespace(as_of_us=None, segments={}), members=None)
    capacity = Capacity("plan", share * n, share, f"{share * n:g} leads")
    sample = Sample.of(won, cluster)
    rows = slice(0, n)
    return Contest(seen, "all", rows, first, tuple(others), None, capacity, won, sample, cluster, paid, confidence)


def world(random, n, *, clustered=False, better=0.0, base=-2.2, models=2):
    """Scores of models that all know the quality as well, but for what the last one knows better; and who converts.

    With clusters both quality and outcomes have a part in common in each account of one to six leads.
    """
    account = np.repeat(np.arange(n), random.integers(1, 7, n))[:n] if clustered else np.arange(n)
    quality = 0.5 * random.normal(size=n)[account] + 0.85 * random.normal(size=n)
    leaning = random.normal(size=n)[account] if clustered else 0.0
    won = random.random(n) < 1 / (1 + np.exp(-(base + 1.2 * quality + leaning)))
    noise = [1.0] * (models - 1) + [1.0 - better]
    return [np.round(4 * (quality + each * random.normal(size=n))).astype(int) for each in noise], won, account
