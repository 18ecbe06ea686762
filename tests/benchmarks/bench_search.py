"""A search for points and a bootstrap on many leads: the workbench against numpy and scikit-learn.

    python tests/benchmarks/bench_search.py [--leads 1000000] [--runs 5] [--sweeps 5]

1. Lines: for one rule after another 101 values of its points, each with capped scores, AUC and average precision.
   The other side does for each value what an analyst does: a float64 matrix product with the caps of each dimension
   and of the total, then `roc_auc_score` and `average_precision_score`. Figures are compared before anything is timed.
2. A coordinate search over all 40 rules, 101 values a line, for so many sweeps, by AUC.
3. 2,000 ordinary bootstrap replicates of AUC, average precision and the lift of the top tenth. The other side resamples
   leads with replacement and calls scikit-learn; a few replicates are timed, and their median is taken times 2,000.

Both kinds of rules of bench_candidate.py. Runs alternate; medians are printed, of wall time and of the process's CPU
time; ratios are of wall times and of CPU times.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable

import numpy as np
from bench_candidate import CAPS, Rules, as_models_have_them, by_dimension, independent, matrix, model_of
from sklearn.metrics import average_precision_score, roc_auc_score

import workbench as wb
from workbench.metrics.depth import at_depth
from workbench.metrics.ranking import auc, average_precision
from workbench.metrics.resample import bootstrap, rows
from workbench.observation import Weights
from workbench.searching import Along, Lines, Place, objective_named

POINTS = np.arange(-50, 51)
DRAWS = 2_000
Times = tuple[float, float]


def line(lines: Lines, weights: Weights, place: Place) -> tuple[Along, np.ndarray, np.ndarray]:
    """All values of one number of points, to AUC and average precision of each."""
    found = lines.along(weights, place, POINTS * 1000)
    return found, auc(found.negatives, found.positives), average_precision(found.negatives, found.positives)


def naive(hits: dict[str, np.ndarray], won: np.ndarray, points: dict[str, np.ndarray]) -> tuple[float, float]:
    """One candidate as a notebook has it."""
    score = sum(np.clip(hits[name] @ points[name], *CAPS[name]) for name in hits)
    score = np.clip(score, 0, 100)
    return roc_auc_score(won, score), average_precision_score(won, score)


def search(lines: Lines, sweeps: int) -> tuple[int, float, float]:
    """A coordinate search: candidates looked at, and AUC before and after."""
    objective, weights, looked = objective_named("auc"), lines.weights, 0
    before = best = lines.counts(weights).auc
    for _ in range(sweeps):
        for place in lines.places:
            found = lines.along(weights, place, POINTS * 1000)
            values = objective(found.scores, found.negatives, found.positives, found.amounts)
            looked += len(values)
            at = int(np.argmax(values))
            if values[at] > best:
                best, weights = float(values[at]), lines.paying(weights, place, int(found.values[at]))
    assert lines.counts(weights).auc == best, "what a line said is not what the candidate has"
    return looked, before, best


def replicates(negatives: np.ndarray, positives: np.ndarray) -> dict[str, np.ndarray]:
    """All replicates of three figures, from counts by score."""
    figures = {
        "auc": lambda d: auc(d.negatives, d.positives),
        "ap": lambda d: average_precision(d.negatives, d.positives),
        "lift": lambda d: at_depth(d.negatives, d.positives, [0.1]).lift[..., 0],
    }
    return bootstrap(rows(negatives, positives), figures, seed=7, draws=DRAWS)


def resampled(score: np.ndarray, won: np.ndarray, random: np.random.Generator) -> tuple[float, float, float]:
    """One replicate on leads."""
    at = random.integers(0, len(won), size=len(won))
    score, won = score[at], won[at]
    top = np.argpartition(-score, len(score) // 10)[: len(score) // 10]
    return roc_auc_score(won, score), average_precision_score(won, score), won[top].mean() / won.mean()


def timed(run: Callable[[], object]) -> Times:
    """Wall and CPU seconds that a call takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def median(times: list[Times]) -> Times:
    """The medians of wall and CPU."""
    return statistics.median(wall for wall, _ in times), statistics.median(cpu for _, cpu in times)


def main() -> None:
    """Both kinds of rules."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sweeps", type=int, default=5)
    asked = parser.parse_args()
    for make in (as_models_have_them, independent):
        frame, rules = make(asked.leads)
        print(f"\n{make.__name__.replace('_', ' ')}: {asked.leads:,} leads x {len(rules)} rules", flush=True)
        random = np.random.default_rng(11)
        first = random.integers(-10, 20, size=len(rules))
        model = model_of(rules, first)
        with wb.read_history(frame, outcome="won=1") as history:
            seen = wb.observe(history, [model])
        hits, won = matrix(frame, rules), frame["won"].to_numpy()
        before = peak()
        lines = Lines(model, seen)
        score = of_lines(lines, hits, won, rules, first, asked.runs)
        of_searches(lines, asked.sweeps, asked.runs)
        of_bootstraps(lines, score, won, asked.runs)
        print(f"peak memory of the process: {peak():,} MiB ({before:,} before the lines)")


def of_lines(
    lines: Lines, hits: dict[str, np.ndarray], won: np.ndarray, rules: Rules, first: np.ndarray, runs: int
) -> np.ndarray:
    """Compare figures, then time lines in turn with single candidates of the notebook; the model's own scores."""
    random = np.random.default_rng(3)
    for at in random.choice(len(rules), size=3, replace=False):
        found, areas, precisions = line(lines, lines.weights, lines.places[at])
        for row in random.choice(len(POINTS), size=2, replace=False):
            points = first.copy()
            points[at] = POINTS[row]
            area, precision = naive(hits, won, by_dimension(rules, points))
            assert abs(areas[row] - area) < 1e-12, "AUC differs"
            assert abs(precisions[row] - precision) < 1e-12, "average precision differs"
        assert found.counts(0).auc == areas[0]
    ours: list[Times] = []
    theirs: list[Times] = []
    for run in range(runs):

        def sweep() -> None:
            for place in lines.places:
                line(lines, lines.weights, place)

        sweep_times = timed(sweep)
        ours.append(tuple(each / len(lines.places) / len(POINTS) for each in sweep_times))
        points = first.copy()
        points[run] += 1
        split = by_dimension(rules, points)
        theirs.append(timed(lambda s=split: naive(hits, won, s)))
    told("lines", "a candidate", ours, theirs, 1e6, "us", 5_000)
    return np.clip(sum(np.clip(hits[n] @ p, *CAPS[n]) for n, p in by_dimension(rules, first).items()), 0, 100)


def of_searches(lines: Lines, sweeps: int, runs: int) -> None:
    """Time whole searches."""
    times: list[Times] = []
    for _ in range(min(3, runs)):
        found: list[tuple[int, float, float]] = []
        times.append(timed(lambda kept=found: kept.append(search(lines, sweeps))))
    looked, before, after = found[0]
    wall, cpu = median(times)
    print(
        f"search    {looked:,} candidates in {cpu:.2f} s of CPU ({wall:.2f} s wall): AUC {before:.5f} -> {after:.5f} "
        "(goal: 20,000 in about 2 s of CPU)"
    )


def of_bootstraps(lines: Lines, score: np.ndarray, won: np.ndarray, runs: int) -> None:
    """Compare the figures that are resampled, then time both ways in turn."""
    counts = lines.counts(lines.weights)
    assert abs(counts.auc - roc_auc_score(won, score)) < 1e-12, "AUC differs"
    assert abs(counts.average_precision - average_precision_score(won, score)) < 1e-12, "average precision differs"
    random = np.random.default_rng(5)
    ours: list[Times] = []
    theirs: list[Times] = []
    areas: list[float] = []
    for _ in range(runs):
        ours.append(timed(lambda: replicates(counts.negatives, counts.positives)))
        theirs.append(tuple(each * DRAWS for each in timed(lambda: areas.append(resampled(score, won, random)[0]))))
    drawn = replicates(counts.negatives, counts.positives)["auc"]
    assert all(abs(area - drawn.mean()) < 6 * drawn.std() for area in areas), "replicates are not alike"
    told("bootstrap", f"{DRAWS:,} replicates (theirs: {runs} timed)", ours, theirs, 1e3, "ms", 10_000)


def told(name: str, what: str, ours: list[Times], theirs: list[Times], unit: float, word: str, goal: int) -> None:
    """Print medians and ratios."""
    mine, other = median(ours), median(theirs)
    print(
        f"{name:9} {mine[0] * unit:,.1f} {word} {what} ({mine[1] * unit:,.1f} CPU), notebook {other[0] * unit:,.0f} "
        f"({other[1] * unit:,.0f} CPU)"
    )
    walls = [other / mine for (mine, _), (other, _) in zip(ours, theirs, strict=True)]
    print(
        f"ratio     {other[0] / mine[0]:,.0f} x (min {min(walls):,.0f}, max {max(walls):,.0f}), "
        f"of CPU {other[1] / mine[1]:,.0f} x; goal {goal:,}",
        flush=True,
    )


def peak() -> int:
    """The most memory that the process has had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
