"""A small past in which seniority sells, a free address does not, and the big companies' bonus is earned by nobody."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import workbench as wb

TEXT = """\
# Written at a whiteboard.
format: lead-scoring-model/1
name: small
version: 2
about: For tests & <b>nothing</b> else
dimensions:
  fit: {min: -20, max: 60}  # seniority counts most
  interest: {max: 30}
rules:
  - id: seniority
    in: fit
    why: Economic buyers sign.
    cases:
      - {when: {field: title, has_word: [chief]}, points: 30}
      - {when: {field: title, has_word: [director]}, points: 20}
  - {id: free_email, in: fit, when: {field: domain, one_of: [gmail.com]}, points: 8}  # the sign is wrong
  - {id: big, in: interest, when: {field: employees, at_least: 500}, points: 5}
score: {combine: sum, min: 0, max: 100}
tiers:
  - {name: Nurture, from: 0}
  - {name: MQL, from: 20}
  - {name: PQL, from: 25, require: {interest: 5}}
  - {name: SQL, from: 35}
"""
PLAN = """\
format: lead-scoring-plan/1
at: recorded
allow_undated: true
split: {by: lead, test: 10%, validation: 40%}
value: {contact_cost: 10, win: 200}
"""
N = 3_000


def past(seed: int = 5) -> pd.DataFrame:
    """Leads with their outcome: a chief converts four times as often, a free address a third as often."""
    random = np.random.default_rng(seed)
    title = random.choice(["chief", "director", "clerk"], N, p=[0.2, 0.3, 0.5])
    domain = random.choice(["gmail.com", "acme.example"], N, p=[0.4, 0.6])
    chance = (
        0.08
        * np.where(title == "chief", 4, np.where(title == "director", 2, 1))
        * np.where(domain == "gmail.com", 0.33, 1)
    )
    return pd.DataFrame(
        {
            "lead_id": [f"lead-{number:05d}" for number in range(N)],
            "title": title,
            "domain": domain,
            "employees": random.integers(1, 1_000, N),
            "won": (random.random(N) < chance).astype(int),
        }
    )


def observed(folder: Path) -> tuple[wb.Model, wb.Observations]:
    """The champion, read from a file, and what it is tuned on."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "small.yaml"
    path.write_text(TEXT)
    champion = wb.read_model(path)
    with wb.read_history(past(), outcome="won=1") as history:
        return champion, wb.observe(history, [champion], wb.parse_plan(PLAN))
