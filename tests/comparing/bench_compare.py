"""Two models on many leads: how long a comparison takes, against resampling rows as an analyst writes it.

    PYTHONPATH=.:tests/benchmarks python tests/comparing/bench_compare.py [--leads 1000000]

Leads are those of `bench_candidate.py`. Loading and observing come first and are not counted. The rows' way is timed on
a few replicates with the same figures (AUC, and converts among the best fifth, of both models) and scaled up.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np
from bench_candidate import as_models_have_them, model_of
from scipy.stats import rankdata

import workbench as wb
from workbench.backtesting import Candidates
from workbench.comparing import compare
from workbench.observation import Weights

DRAWS = 2000


def main() -> None:
    """Compare, alone and by account, then draw rows again a few times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=1_000_000)
    leads = parser.parse_args().leads
    frame, rules = as_models_have_them(leads)
    random = np.random.default_rng(5)
    points = random.integers(0, 20, size=len(rules))
    champion = model_of(rules, points)
    challenger = model_of(rules, np.maximum(points + random.integers(-4, 5, size=len(rules)), 0))
    frame["account"] = random.integers(0, leads // 3, size=leads)
    with wb.read_history(frame.drop(columns="account"), outcome="won=1") as history:
        seen = wb.observe(history, [champion, challenger])
    start = time.perf_counter()
    found = compare(champion, challenger, seen, draws=DRAWS)
    alone = time.perf_counter() - start
    print(f"{leads:,} leads, 2 models, {DRAWS:,} replicates: {alone:.2f} s ({found.figures['method'].iloc[1]})")
    clustered = _by_account(seen, frame["account"].to_numpy())
    start = time.perf_counter()
    found = compare(champion, challenger, clustered, draws=DRAWS)
    print(f"the same by account: {time.perf_counter() - start:.2f} s ({found.figures['method'].iloc[1]})")
    by_row = _rows(champion, challenger, seen, 3)
    whole = by_row * DRAWS
    print(f"rows drawn again: {by_row:.2f} s a replicate, {whole:,.0f} s for all: {whole / alone:,.0f} x")


def _by_account(seen: wb.Observations, account: np.ndarray) -> wb.Observations:
    return replace(seen, subjects=replace(seen.subjects, cluster=account.astype(np.int64)))


def _rows(champion: wb.Model, challenger: wb.Model, seen: wb.Observations, runs: int) -> float:
    """Seconds for one replicate of rows."""
    scores = [Candidates(model, seen).placed(Weights.of(model)).cells.astype(float) for model in (champion, challenger)]
    won = seen.subjects.won == 1
    random = np.random.default_rng(1)
    start = time.perf_counter()
    for _ in range(runs):
        at = random.integers(0, len(won), len(won))
        for each in scores:
            score, hit = each[at], won[at]
            ranks = rankdata(score)
            n = hit.sum()
            _ = (ranks[hit].sum() - n * (n + 1) / 2) / (n * (len(hit) - n))
            _ = hit[np.argpartition(-score, len(hit) // 5)[: len(hit) // 5]].sum()
    return (time.perf_counter() - start) / runs


if __name__ == "__main__":
    main()
