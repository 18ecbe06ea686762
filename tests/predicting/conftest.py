"""A small past with an effect that the points miss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.observation import Observations

MODEL = """
format: lead-scoring-model/1
name: small
dimensions: {fit: {}}
rules:
  - {id: red, in: fit, why: They like it., when: {field: colour, equals: red}, points: 5}
  - {id: large, in: fit, why: They have money., when: {field: size, at_least: 50}, points: 2}
"""


def flat(n: int, seed: int = 1, *, drift: bool = False) -> pd.DataFrame:
    """Leads whose outcome hangs on size and shape, and not on colour; with `drift` the shape's effect turns round."""
    random = np.random.default_rng(seed)
    size, shape = random.uniform(0, 100, n), random.choice(["round", "square", "long"], n)
    colour = random.choice(["red", "blue"], n)
    turn = np.where(np.arange(n) < 0.55 * n, 1, -1) if drift else 1
    odds = -2.0 + 0.015 * size + turn * 1.6 * (shape == "round")
    won = random.random(n) < 1 / (1 + np.exp(-odds))
    ids = [f"lead-{number:05d}" for number in range(n)]
    return pd.DataFrame({"lead_id": ids, "colour": colour, "shape": shape, "size": size, "won": won.astype(int)})


def mapping(order: str = "") -> str:
    """The mapping of `flat`."""
    more = f", order: {order}" if order else ""
    outcome = "outcome: {field: won, equals: 1}"
    return f"{{format: lead-history/1, leads: {{file: leads, id: lead_id, {outcome}{more}}}}}"


def shuffled(seen: Observations, seed: int) -> Observations:
    """The same leads with the outcomes of each open part dealt anew."""
    random = np.random.default_rng(seed)
    won, amount = seen.subjects.won.copy(), seen.subjects.amount.copy()
    for part in seen.parts:
        rows = seen.rows(part)
        order = random.permutation(rows.stop - rows.start)
        won[rows], amount[rows] = won[rows][order], amount[rows][order]
    return replace(seen, subjects=replace(seen.subjects, won=won, amount=amount))
