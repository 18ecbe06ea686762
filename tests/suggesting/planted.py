"""Flat histories with planted points: who has which flag, and how much each is really worth."""

from __future__ import annotations

import numpy as np
import pandas as pd

import workbench as wb

TRUE = (10, 8, 6, 4, 0, 0, -5, 0)
STATED = (2, 8, 15, 4, 5, 0, -5, -3)
SLOPE = 0.16
PLAN = "{at: recorded, split: {by: lead, test: 20%, validation: 30%}, cluster: lead}"


def frame(seed, n, *, shuffled=False, accounts=0):
    """Leads with eight flags; the log-odds are what `TRUE` pays."""
    rng = np.random.default_rng(seed)
    flags = rng.random((n, len(TRUE))) < np.linspace(0.15, 0.5, len(TRUE))
    chance = 1 / (1 + np.exp(2.2 - SLOPE * (flags @ np.array(TRUE))))
    won = rng.random(n) < chance
    if shuffled:
        won = rng.permutation(won)
    columns = {f"f{at}": flags[:, at].astype(int) for at in range(len(TRUE))}
    found = pd.DataFrame({"lead_id": [f"lead-{at:05d}" for at in range(n)], **columns, "won": won.astype(int)})
    return found if not accounts else found.assign(account_id=[f"account-{at % accounts}" for at in range(n)])


def model(points=STATED, *, top="", more=""):
    rules = "\n".join(
        f"  - {{id: r{at}, in: fit, when: {{field: f{at}, at_least: 1}}, points: {worth}}}"
        for at, worth in enumerate(points)
    )
    return wb.parse_model(
        f"format: lead-scoring-model/1\nname: planted\ndimensions: {{fit: {{{top}}}}}\nrules:\n{rules}\n{more}"
    )


def observed(seed, n, *, of=None, plan=PLAN, **changes):
    """Observations of such leads."""
    with wb.read_history(frame(seed, n, **changes), outcome="won=1") as history:
        return wb.observe(history, [of or model()], wb.parse_plan(plan))
