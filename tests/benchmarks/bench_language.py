"""What the richer parts of the language cost: decay, variants and a matrix against the plain sum, on the same leads.

    python tests/benchmarks/bench_language.py [--leads 1000000] [--runs 7]

Both models have the same 40 rules. The rich one adds two rules whose events fade with age, a dimension that fades with
idleness, two variants that multiply, and a fit x engagement matrix that gives score and tier. Both answer new points
for all rules from their codebooks, with figures as in `bench_candidate.py`. Runs alternate; medians and their ratio
are printed. The goal is a ratio of at most 5.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import pandas as pd
from bench_candidate import as_models_have_them, timed

import workbench as wb
from workbench.backtesting import Candidates
from workbench.observation import Weights

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2026-01-01", tz="UTC")
PLAN = "{at: 90d, outcome: won, horizon: 30d}"
CAPS = "fit: {min: 0, max: 60}, product: {min: 0, max: 40}"
PLAIN = "engagement: {min: -20, max: 40}"
FADING = "engagement: {min: -20, max: 40, inactivity: {since: {event: any}, decay: {step: {lose: 5%, every: 7d}}}}"
EXTRA = """
  - {id: pricing, in: engagement, each: {event: pricing, within: 90d}, points: 4, limit: {events: 5},
     decay: {half_life: 14d}}
  - {id: docs, in: engagement, each: {event: docs, within: 90d}, points: 1.5, decay: {linear: 60d, floor: 10%}}
"""
RICH = """
score: {combine: matrix}
tiers: [{name: Nurture}, {name: MQL}, {name: SQL}]
matrix:
  rows: {dimension: fit, from: {A: 30, B: 15, C: 5, D: 0}}
  columns: {dimension: engagement, from: {1: 30, 2: 15, 3: 5, 4: -20}}
  tiers: {A1: SQL, A2: SQL, B1: SQL, A3: MQL, B2: MQL, B3: MQL, C1: MQL, C2: MQL, C3: Nurture, D1: Nurture, D2: Nurture}
variants:
  - {name: large, when: {field: employees, at_least: 1000}, multiply: {dimensions: {fit: 1.5}, rules: {role_1: 2}}}
  - {name: small, when: {field: employees, below: 20}, multiply: {dimensions: {fit: 0.5}}}
"""


def history_of(n: int, share: float) -> tuple[dict[str, pd.DataFrame], list[tuple[str, str, str]]]:
    """Leads with fields from which 40 rules follow; a share of them with one to six dated events."""
    frame, rules = as_models_have_them(n)
    random = np.random.default_rng(5)
    won = frame.pop("won").to_numpy() > 0
    frame["created_at"] = START
    frame["lead_id"] = frame["lead_id"].map("lead-{:07d}".format)
    busy = np.flatnonzero(random.random(n) < share)
    who = np.repeat(busy, random.integers(1, 7, size=len(busy)))
    at = START + pd.to_timedelta(random.integers(0, 90 * 86_400, size=len(who)), unit="s")
    names = random.choice(["pricing", "docs", "login"], size=len(who))
    ids = frame["lead_id"].to_numpy()
    events = pd.DataFrame({"lead_id": ids[who], "occurred_at": at, "event": names})
    stages = pd.DataFrame({"lead_id": ids[won], "stage": "won", "at": START + 100 * DAY})
    return {"leads": frame, "events": events, "stages": stages}, rules


MAPPING = """
format: lead-history/1
until: "2026-12-31"
leads: {file: leads, id: lead_id, created_at: created_at, known: creation}
events: {file: events, lead: lead_id, at: occurred_at, event: event}
stages: {file: stages, lead: lead_id, stage: stage, at: at}
"""


def model_of(rules: list[tuple[str, str, str]], points: np.ndarray, *, rich: bool) -> wb.Model:
    """The 40 rules with these points, plain or with everything."""
    lines = "\n".join(
        f"  - {{id: {name}, in: {home}, when: {when}, points: {p}}}"
        for (home, name, when), p in zip(rules, points, strict=True)
    )
    caps = f"{{{CAPS}, {FADING if rich else PLAIN}}}"
    rest = EXTRA + RICH if rich else "\nscore: {min: 0, max: 100, round: half_up}\n"
    return wb.parse_model(f"format: lead-scoring-model/1\nname: bench\ndimensions: {caps}\nrules:\n{lines}{rest}")


def figures(candidates: Candidates, weights: Weights) -> tuple[float, float, np.ndarray, np.ndarray]:
    """New points to figures, from the codebooks."""
    counts = candidates.counts(weights)
    found = counts.thresholds()
    return counts.auc, counts.average_precision, counts.lift().lift, np.stack([found.precision, found.recall])


def main() -> None:
    """Load, observe both models together, check the cells against scores row by row, then time them in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--share", type=float, default=0.3, help="share of leads with events")
    asked = parser.parse_args()
    frames, rules = history_of(asked.leads, asked.share)
    random = np.random.default_rng(11)
    first = random.integers(-10, 20, size=len(rules))
    models = {name: model_of(rules, first, rich=name == "rich") for name in ("plain", "rich")}
    start = time.perf_counter()
    with wb.read_history(frames, mapping=MAPPING) as history:
        loaded = time.perf_counter()
        seen = wb.observe(history, list(models.values()), wb.parse_plan(PLAN))
    print(f"loaded in {loaded - start:.1f} s, observed in {time.perf_counter() - loaded:.1f} s")
    print(f"{asked.leads:,} leads, {len(frames['events']):,} events, codebooks:")
    print({name: len(book.entries) for name, book in seen.shelf.books.items()}, "look-ups:", len(seen.shelf.units))
    ways = {name: Candidates(model, seen) for name, model in models.items()}
    for name, model in models.items():
        counts, scores = ways[name].counts(ways[name].weights), seen.scorer(model).scores()
        distinct, n = np.unique(scores.milli, return_counts=True)
        assert counts.scores.tolist() == distinct.tolist(), "scores differ"
        assert (counts.negatives + counts.positives).tolist() == n.tolist(), "counts differ"
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(asked.runs):
        points = random.integers(-10, 20, size=len(rules))
        paying = {name: (int(p) * 1000,) for (_, name, _), p in zip(rules, points, strict=True)}
        for name, candidates in ways.items():
            weights = candidates.weights.paying(paying)
            runs = [timed(lambda w=weights, c=candidates: figures(c, w)) for _ in range(5)]
            times[name].append(statistics.median(runs))
    for name, each in times.items():
        low, middle, high = (f"{figure * 1e3:.2f}" for figure in (min(each), statistics.median(each), max(each)))
        print(f"{name:6} {middle:>8} ms a candidate (min {low}, max {high})")
    ratios = [rich / plain for plain, rich in zip(times["plain"], times["rich"], strict=True)]
    print(f"ratio  {statistics.median(ratios):8.1f} x (min {min(ratios):.1f}, max {max(ratios):.1f}; goal 5 at most)")


if __name__ == "__main__":
    main()
