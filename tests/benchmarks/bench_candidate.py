"""One candidate on many leads: the workbench against numpy, scikit-learn and pandas as an analyst writes it.

    python tests/benchmarks/bench_candidate.py [--leads 1000000] [--runs 7]

Both sides start from the same evidence (which rules hold for which lead), take new points for all 40 rules, and end
with the same figures: capped scores, AUC, average precision, lift by decile, and precision and recall at every
threshold. The figures are compared before anything is timed. Runs alternate; medians and their ratio are printed.

Two kinds of rules: as models have them (values of a field exclude each other, steps of a count imply each other), and
the hardest case for codebooks, 40 rules that hold independently of each other.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

import workbench as wb
from workbench.backtesting import Candidates, Counts
from workbench.observation import Weights

DIMENSIONS = {"fit": 16, "engagement": 16, "product": 8}
CAPS = {"fit": (0, 60), "engagement": (-20, 40), "product": (0, 40)}


Rules = list[tuple[str, str, str]]


def independent(n: int, seed: int = 7) -> tuple[pd.DataFrame, Rules]:
    """Leads with 40 flags that have nothing to do with each other."""
    random = np.random.default_rng(seed)
    homes = [name for name, size in DIMENSIONS.items() for _ in range(size)]
    flags = {f"flag_{i}": (random.random(n) < random.uniform(0.05, 0.5)).astype(np.int64) for i in range(len(homes))}
    pull = sum(flags.values()) - sum(values.mean() for values in flags.values())
    won = (random.random(n) < 1 / (1 + np.exp(3.5 - 0.4 * pull))).astype(np.int64)
    rules = [(home, f"rule_{i}", f"{{field: flag_{i}, at_least: 1}}") for i, home in enumerate(homes)]
    return pd.DataFrame({"lead_id": np.arange(n), **flags, "won": won}), rules


def as_models_have_them(n: int, seed: int = 7) -> tuple[pd.DataFrame, list[tuple[str, str, str]]]:
    """Leads with fields from which 40 rules follow: one-hot fit, nested counts of behaviour, some product use."""
    random = np.random.default_rng(seed)
    interest = random.normal(size=n)
    columns: dict[str, object] = {"lead_id": np.arange(n)}
    rules: list[tuple[str, str, str]] = []
    for field, values in (("role", 4), ("industry", 6), ("region", 5)):
        columns[field] = random.choice([f"{field}-{i}" for i in range(values)], size=n)
        rules += [("fit", f"{field}_{i}", f"{{field: {field}, equals: {field}-{i}}}") for i in range(values)]
    rules.append(("fit", "big", "{field: employees, at_least: 500}"))
    columns["employees"] = np.round(np.exp(random.normal(4.5, 1.6, size=n)))
    for field, steps in (
        ("visits", (1, 3, 6, 10)),
        ("opens", (1, 3, 6, 10)),
        ("pages", (2, 5, 9, 15)),
        ("days", (1, 2, 4, 8)),
    ):
        columns[field] = random.poisson(np.exp(0.7 * interest + random.normal(0.2, 0.8, size=n)))
        rules += [("engagement", f"{field}_{s}", f"{{field: {field}, at_least: {s}}}") for s in steps]
    for field, steps in (("invites", (1, 3, 6)), ("logins", (1, 5, 10)), ("exports", (1, 4))):
        columns[field] = random.poisson(np.exp(0.9 * interest - 1 + random.normal(0, 0.7, size=n)))
        rules += [("product", f"{field}_{s}", f"{{field: {field}, at_least: {s}}}") for s in steps]
    columns["won"] = (random.random(n) < 1 / (1 + np.exp(4.2 - interest - (columns["employees"] > 500) * 0.5))) * 1
    return pd.DataFrame(columns), rules


def model_of(rules: list[tuple[str, str, str]], points: np.ndarray) -> wb.Model:
    """A points model with the given points, caps on each dimension and on the total."""
    caps = "\n".join(f"  {name}: {{min: {low}, max: {high}}}" for name, (low, high) in CAPS.items())
    lines = "\n".join(
        f"  - {{id: {name}, in: {home}, when: {when}, points: {p}}}"
        for (home, name, when), p in zip(rules, points, strict=True)
    )
    return wb.parse_model(
        f"format: lead-scoring-model/1\nname: bench\ndimensions:\n{caps}\nrules:\n{lines}\n"
        "score: {min: 0, max: 100, round: half_up}\n"
    )


def paying(weights: Weights, rules: Rules, points: np.ndarray) -> Weights:
    """The same model with other points."""
    return weights.paying({name: (int(p) * 1000,) for (_, name, _), p in zip(rules, points, strict=True)})


def workbench_way(candidates: Candidates, weights: Weights) -> tuple[float, float, np.ndarray, np.ndarray]:
    """New points to figures, from the codebooks."""
    counts: Counts = candidates.counts(weights)
    found = counts.thresholds()
    return counts.auc, counts.average_precision, counts.lift().lift, np.stack([found.precision, found.recall])


def analyst_way(hits: dict[str, np.ndarray], won: np.ndarray, points: dict[str, np.ndarray]):
    """New points to figures, from a matrix of hits: what a careful notebook does."""
    score = sum(np.clip(hits[name] @ points[name], *CAPS[name]) for name in hits)
    score = np.clip(score, 0, 100)
    area = roc_auc_score(won, score)
    ap = average_precision_score(won, score)
    frame = pd.DataFrame({"score": score, "won": won})
    frame["decile"] = pd.qcut(frame["score"].rank(method="first", ascending=False), 10, labels=False)
    by_decile = frame.groupby("decile")["won"].agg(["sum", "size"]).cumsum()
    lift = (by_decile["sum"] / by_decile["size"] / won.mean()).to_numpy()
    precision, recall, _ = precision_recall_curve(won, score)
    return area, ap, lift, np.stack([precision[:-1], recall[:-1]])


def timed(run: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Both kinds of rules."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    for make in (as_models_have_them, independent):
        print(f"\n{make.__name__.replace('_', ' ')}: {asked.leads:,} leads x {sum(DIMENSIONS.values())} rules")
        compare(*make(asked.leads), runs=asked.runs)


def compare(frame: pd.DataFrame, rules: Rules, *, runs: int) -> None:
    """Load, observe once, compare the figures, then time both ways in turn."""
    random = np.random.default_rng(11)
    first = random.integers(-10, 20, size=len(rules))
    model = model_of(rules, first)
    start = time.perf_counter()
    with wb.read_history(frame, outcome="won=1") as history:
        loaded = time.perf_counter()
        seen = wb.observe(history, [model])
    observed = time.perf_counter()
    print(f"loaded in {loaded - start:.1f} s, observed in {observed - loaded:.1f} s")
    sizes = {name: len(book.entries) for name, book in seen.shelf.books.items()}
    print(f"codebooks: {sizes}, look-ups a lead: {len(seen.shelf.units)}")
    candidates = Candidates(model, seen)
    hits, won = matrix(frame, rules), frame["won"].to_numpy()
    for _ in range(3):
        points = random.integers(-10, 20, size=len(rules))
        ours = workbench_way(candidates, paying(candidates.weights, rules, points))
        theirs = analyst_way(hits, won, by_dimension(rules, points))
        assert abs(ours[0] - theirs[0]) < 1e-12, "AUC differs"
        assert abs(ours[1] - theirs[1]) < 1e-12, "average precision differs"
        assert np.allclose(ours[3], theirs[3], atol=1e-12), "precision or recall differs"
        assert np.allclose(ours[2], theirs[2], atol=0.2), "lift is far off (ties are shared here, broken by row there)"
    ratios, mine, other = [], [], []
    for _ in range(runs):
        points = random.integers(-10, 20, size=len(rules))
        mine.append(
            statistics.median(
                timed(lambda p=points: workbench_way(candidates, paying(candidates.weights, rules, p)))
                for _ in range(5)
            )
        )
        split = by_dimension(rules, points)
        other.append(timed(lambda s=split: analyst_way(hits, won, s)))
        ratios.append(other[-1] / mine[-1])
    for name, times in (("workbench", mine), ("notebook", other)):
        low, middle, high = (f"{figure * 1e3:.2f}" for figure in (min(times), statistics.median(times), max(times)))
        print(f"{name:9} {middle:>8} ms a candidate (min {low}, max {high})")
    print(f"ratio     {statistics.median(ratios):8.0f} x (min {min(ratios):.0f}, max {max(ratios):.0f}; goal 100)")


def matrix(frame: pd.DataFrame, rules: list[tuple[str, str, str]]) -> dict[str, np.ndarray]:
    """Which rules hold, as one float matrix a dimension (the fastest form for a matrix product)."""
    columns: dict[str, list[np.ndarray]] = {name: [] for name in DIMENSIONS}
    for home, name, when in rules:
        field, _, argument = when.removeprefix("{field: ").removesuffix("}").partition(", ")
        operator, value = argument.split(": ")
        column = frame[field]
        columns[home].append((column == value if operator == "equals" else column >= float(value)).to_numpy())
        del name
    return {home: np.column_stack(each).astype(np.float64) for home, each in columns.items()}


def by_dimension(rules: list[tuple[str, str, str]], points: np.ndarray) -> dict[str, np.ndarray]:
    """The points of each dimension's rules, in order."""
    homes = np.array([home for home, _, _ in rules])
    return {name: points[homes == name].astype(np.float64) for name in DIMENSIONS}


if __name__ == "__main__":
    main()
