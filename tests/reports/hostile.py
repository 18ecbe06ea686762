"""A flat table, a model and a plan whose every text tries to become HTML."""

from __future__ import annotations

import csv
from pathlib import Path

CANARY = "<img src=x onerror=alert(1)>"
SCRIPT = "</title></style><script>alert(2)</script>"

MODEL = f"""
format: lead-scoring-model/1
name: "m {CANARY}"
version: 1
about: "{SCRIPT}"
owner: nobody
dimensions: {{fit: {{min: 0, max: 50}}}}
rules:
  - id: size
    in: fit
    why: "because {CANARY} $x^2$"
    when: {{field: size, at_least: 50}}
    points: 20
  - id: origin
    in: fit
    why: "{SCRIPT}"
    when: {{field: origin, equals: "{CANARY}"}}
    points: 10
score: {{combine: sum, min: 0, max: 50, round: half_up}}
tiers:
  - {{name: "low {CANARY}", from: 0, then: "{SCRIPT}"}}
  - {{name: "high {CANARY}", from: 15, then: call}}
gates:
  - {{id: out, when: {{field: origin, equals: rival}}, tier: "gone {CANARY}"}}
"""

PLAN = f"""
format: lead-scoring-plan/1
name: "{CANARY}"
at: recorded
allow_undated: true
segments: [origin]
"""

MAPPING = """
format: lead-history/1
leads: {file: leads.csv, id: Id}
outcome: {column: Converted, positive: "1"}
"""


def write(folder: Path) -> dict[str, Path]:
    """The files, by name of the argument of `report`."""
    data = folder / "private-place" / "leads.csv"
    data.parent.mkdir()
    with data.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "origin", "size", "Converted"])
        for number in range(400):
            origin = (CANARY, SCRIPT, "../../web & mail", "rare", "rival")[number % 50 and min(number % 4, 2)]
            if number % 50 == 0:
                origin = "rare" if number < 250 else "rival"
            size = number % 100
            won = (number * 7919) % 100 < (30 if size >= 50 else 10)
            rows.writerow([f"secret-{number:04d} {CANARY}", origin, size, int(won)])
    model, plan = folder / "private-place" / "model.yaml", folder / "private-place" / "plan.yaml"
    model.write_text(MODEL)
    plan.write_text(PLAN)
    return {"model": model, "data": data, "plan": plan}
