"""Points beside FasterRisk and optbinning's Scorecard: test AUC, number of rules and CPU seconds, on the same folds.

    python tests/benchmarks/bench_points.py [--folds 5] [--tables adult mammo …] [--data ../shared/data] [--tune]

FasterRisk 0.1.10 and optbinning run in virtual environments of their own, which this makes in a temporary folder. Each
gets the very rows of each fold; CPU seconds are those of its fit alone. All parties compute with a single BLAS and
OpenMP thread: the environment says so before any of them starts.

Two comparisons. On the same yes-or-no features (columns that are such; thresholds of numbers at train quantiles; the
commoner texts), at most 10 of them with points of -5 to 5: FasterRisk against `few_points`, the bare search of the
workbench, and with --tune against the whole `tune()` on a model of these rules at 0 points. On the tables as they are:
optbinning's own bins and its Scorecard against `binned_points`, points on the workbench's own bins.

X Education goes without its identifiers and without what was written after the outcome or near it: Tags, Lead Quality,
Lead Profile, Asymmetrique*, Last Activity and Last Notable Activity. The sample has what was known 14 days after a
lead was created; its sealed test part is left alone.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import json  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.metrics import roc_auc_score  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

import workbench as wb  # noqa: E402
from workbench.suggesting import Constraints, binned_points, few_points, tune  # noqa: E402

ROOT = Path(__file__).parents[2]
MOST, LOW, HIGH = 10, -5, 5
CUTS = 5
RISKSLIM = ("adult", "breastcancer", "mammo", "mushroom", "spambase")
TABLES = [*RISKSLIM, "x-education", "sample"]
AFTER = ("Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity")

FASTERRISK = """
import json, sys, time
import numpy as np
from fasterrisk.fasterrisk import RiskScoreOptimizer
found = []
for path in sys.argv[1:]:
    data = np.load(path)
    x, y = data["train"].astype(float), np.where(data["won"], 1.0, -1.0)
    start = time.process_time()
    optimizer = RiskScoreOptimizer(X=x, y=y, k=10, lb=-5, ub=5)
    optimizer.optimize()
    seconds = time.process_time() - start
    _, _, betas = optimizer.get_models(model_index=0)
    betas = np.ravel(betas)
    found.append({"seconds": seconds, "rules": int((betas != 0).sum()), "scores": (data["test"] @ betas).tolist()})
print("RESULT" + json.dumps(found))
"""
OPTBINNING = """
import json, sys, time, warnings
import pandas as pd
warnings.filterwarnings("ignore")
from optbinning import BinningProcess, Scorecard
from sklearn.linear_model import LogisticRegression
found = []
for path in sys.argv[1:]:
    train, test = (pd.read_parquet(f"{path}-{part}.parquet") for part in ("train", "test"))
    y = train.pop("_won").astype(int)
    names = list(train)
    texts = [name for name in names if train[name].dtype == object or str(train[name].dtype) in ("str", "string")]
    start = time.process_time()
    process = BinningProcess(names, categorical_variables=texts)
    card = Scorecard(process, LogisticRegression(max_iter=1000), scaling_method="min_max",
                     scaling_method_params={"min": 0, "max": 100},
                     reverse_scorecard=True)
    card.fit(train, y)
    seconds = time.process_time() - start
    rules = int((card.table(style="summary")["Points"].abs() > 1e-9).sum())
    found.append({"seconds": seconds, "rules": rules, "scores": card.score(test).tolist()})
print("RESULT" + json.dumps(found))
"""
PACKAGES = {"fasterrisk": ("fasterrisk==0.1.10",), "optbinning": ("optbinning", "pyarrow")}


# --- the tables -------------------------------------------------------------------------------------------------------


def tables(data: Path, names: list[str]) -> Iterator[tuple[str, pd.DataFrame, np.ndarray]]:
    """Name, columns and outcome of each table."""
    for name in names:
        if name in RISKSLIM:
            frame = pd.read_csv(data / "riskslim" / f"{name}_data.csv")
            yield name, frame.iloc[:, 1:], (frame.iloc[:, 0] > 0).to_numpy()
        elif name == "x-education":
            frame = pd.read_csv(data / "x-education" / "Leads.csv").replace("Select", None)
            drop = [each for each in frame if each in AFTER or each.startswith("Asymmetrique")]
            won = frame["Converted"].to_numpy() == 1
            yield name, frame.drop(columns=["Prospect ID", "Lead Number", "Converted", *drop]), won
        else:
            yield name, *sample()


def sample() -> tuple[pd.DataFrame, np.ndarray]:
    """What was known of the sample's leads 14 days after they came: form, account, counts of events."""
    home = ROOT / "data" / "sample"
    model = wb.read_model(ROOT / "notebooks" / "models" / "champion.yaml")
    with wb.read_history(home) as history:
        seen = wb.observe(history, [model], wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml")).frame()
    seen = seen[seen["converted"].notna()]
    leads = (
        pd.read_csv(home / "leads.csv")
        .drop_duplicates("lead_id")
        .merge(pd.read_csv(home / "accounts.csv").drop_duplicates("account_id"), on="account_id", how="left")
    )
    leads = leads.set_index("lead_id").loc[seen["lead_id"]]
    events = pd.read_parquet(home / "events.parquet")
    as_of = events["lead_id"].map(seen.set_index("lead_id")["as_of"])
    at = pd.to_datetime(events["at"], utc=True)
    name = events["event"] + events["page"].fillna("").astype(str) + events["form"].fillna("").astype(str)
    early = at < as_of
    counts = pd.crosstab(events["lead_id"][early], name[early]).reindex(leads.index).fillna(0)
    known = ["job_title", "department", "email_domain", "lead_source", "region", "country", "plan_interest", "consent"]
    of_account = ["industry", "employees", "annual_revenue_m", "hq_country", "founded"]
    frame = pd.concat([leads[known + of_account], counts.loc[:, counts.gt(0).sum() >= 30]], axis=1)
    frame["consent"] = frame["consent"].astype(str)
    return frame.reset_index(drop=True), seen["converted"].astype(bool).to_numpy()


def is_number(column: pd.Series) -> bool:
    """Whether a column holds numbers."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def yes_or_no(train: pd.DataFrame, test: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The same yes-or-no features of both, made on train alone."""
    pairs = []
    for name in train:
        one, other = train[name], test[name]
        if is_number(one):
            values = np.unique(one.dropna())
            few = len(values) <= CUTS + 1
            cuts = values[1:] if few else np.unique(one.dropna().quantile(np.arange(1, CUTS + 1) / (CUTS + 1)))
            pairs += [(one >= cut, other >= cut) for cut in cuts]
        else:
            common = one.fillna("(none)").value_counts()
            pairs += [
                (one.fillna("(none)") == text, other.fillna("(none)") == text)
                for text in common.index[common >= 0.01 * len(one)]
            ]
    first, second = (np.column_stack([pair[side].to_numpy(dtype=bool) for pair in pairs]) for side in (0, 1))
    _, unique = np.unique(first, axis=1, return_index=True)
    keep = np.sort([at for at in unique if 0 < first[:, at].mean() < 1])
    return first[:, keep], second[:, keep]


# --- the others -------------------------------------------------------------------------------------------------------


def environment(name: str, folder: Path) -> Path:
    """The Python of a virtual environment with a package, made where there is none."""
    home = folder / name
    python = home / "bin" / "python"
    if not (home / "made").exists():
        print(f"making an environment for {name} in {home}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES[name]], check=True)
        (home / "made").write_text("yes", encoding="utf-8")
    return python


def run(python: Path, script: str, paths: list[str]) -> list[dict]:
    """What a script prints about some folds, in an environment of its own."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", script, *paths], capture_output=True, text=True, check=False, env=plain
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        raise RuntimeError(f"{python} failed:\n{done.stderr[-2000:]}")
    return json.loads(lines[-1].removeprefix("RESULT"))


# --- ours -------------------------------------------------------------------------------------------------------------


def bare(train: np.ndarray, won: np.ndarray, test: np.ndarray) -> dict:
    """The bare search on ready data: what FasterRisk's fit gets."""
    start = time.process_time()
    found = few_points(train, won, most=MOST, low=LOW, high=HIGH)
    seconds = time.process_time() - start
    return {"seconds": seconds, "rules": int((found.points != 0).sum()), "scores": found.scores(test)}


def whole(train: np.ndarray, won: np.ndarray, test: np.ndarray) -> dict:
    """`tune()` on a model of these rules at 0 points, folds, path and intervals included."""
    names = [f"f{at}" for at in range(train.shape[1])]
    frame = pd.DataFrame(train.astype(int), columns=names)
    rules = "\n".join(f"  - {{id: {n}, in: fit, when: {{field: {n}, at_least: 1}}, points: 0}}" for n in names)
    model = wb.parse_model(f"format: lead-scoring-model/1\nname: bench\ndimensions: {{fit: {{}}}}\nrules:\n{rules}\n")
    with wb.read_history(frame.assign(lead_id=np.arange(len(frame)), won=won.astype(int)), outcome="won=1") as history:
        seen = wb.observe(history, [model])
    start = time.process_time()
    rules_of = Constraints(range=(LOW, HIGH), sign="free", max_changes=MOST)
    found = tune(model, seen, constraints=rules_of, seconds=None)
    seconds = time.process_time() - start
    points = np.array([float(rule.points) for rule in found.model.rules])
    return {"seconds": seconds, "rules": int((points != 0).sum()), "scores": test @ points}


def own_bins(train: pd.DataFrame, won: np.ndarray, test: pd.DataFrame) -> dict:
    """Points on our own bins of the table as it is."""
    start = time.process_time()
    found = binned_points(train, won)
    seconds = time.process_time() - start
    return {"seconds": seconds, "rules": found.rules, "scores": found.scores(test)}


# --- side by side -----------------------------------------------------------------------------------------------------


def main() -> None:
    """Every table, every fold, both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=5, help="how many of the five folds are judged")
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES, metavar="NAME")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--envs", type=Path, default=Path(tempfile.gettempdir()) / "workbench-bench-points")
    parser.add_argument("--tune", action="store_true", help="the whole tune() too, on the first fold")
    parser.add_argument("--ours", action="store_true", help="without the others")
    asked = parser.parse_args()
    asked.envs.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in asked.tables:
        try:
            ((_, frame, won),) = tables(asked.data, [name])
            found = table(name, frame, won, asked)
        except Exception as error:  # noqa: BLE001  (what one table lacks does not lose the others)
            print(f"{name} is left out: {error}", file=sys.stderr, flush=True)
            continue
        rows += found
        print(pd.DataFrame(found).to_string(index=False, float_format="%.4f"), flush=True)
    if not rows:
        raise SystemExit("no table came to anything")
    print(f"\nBoth sides on the same folds, {asked.folds} of 5\n")
    result = pd.DataFrame(rows)
    print(result.to_string(index=False, float_format="%.4f"))
    means = result.groupby("side")[["test_auc", "rules", "cpu_s"]].mean().assign(tables=result.groupby("side").size())
    print(f"\nMeans over the {result['table'].nunique()} tables\n")
    print(means.to_string(float_format="%.4f"))
    for text in verdicts(result):
        print(text)


def table(name: str, frame: pd.DataFrame, won: np.ndarray, asked: argparse.Namespace) -> list[dict]:
    """The mean figures of each side on one table."""
    frame = frame.copy()  # columns that were put together one by one are slow to take from
    with tempfile.TemporaryDirectory() as folder:
        parts = list(StratifiedKFold(5, shuffle=True, random_state=0).split(frame, won))[: asked.folds]
        found: dict[str, list[dict]] = {}
        paths = []
        for number, (train, test) in enumerate(parts):
            path = str(Path(folder) / f"fold{number}")
            one, other = frame.iloc[train], frame.iloc[test]
            made, held = yes_or_no(one, other)
            np.savez(f"{path}.npz", train=made, won=won[train], test=held)
            one.assign(_won=won[train]).to_parquet(f"{path}-train.parquet")
            other.to_parquet(f"{path}-test.parquet")
            paths.append(path)
            found.setdefault("same features: workbench, bare search", []).append(bare(made, won[train], held))
            if asked.tune and number == 0:
                found.setdefault("same features: workbench, whole tune()", []).append(whole(made, won[train], held))
            found.setdefault("own bins: workbench", []).append(own_bins(one, won[train], other))
        if not asked.ours:
            ready = [f"{path}.npz" for path in paths]
            others = {"same features: FasterRisk": ("fasterrisk", FASTERRISK, ready)}
            others["own bins: optbinning"] = ("optbinning", OPTBINNING, paths)
            for side, (package, script, files) in others.items():
                try:
                    found[side] = run(environment(package, asked.envs), script, files)
                except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                    print(f"{name}, {side}, is left out: {error}", file=sys.stderr, flush=True)
        return [row(name, side, each, won, parts) for side, each in sorted(found.items())]


def row(name: str, side: str, each: list[dict], won: np.ndarray, parts: list) -> dict:
    """The mean over folds."""
    areas = [roc_auc_score(won[test], one["scores"]) for one, (_, test) in zip(each, parts, strict=False)]
    return {
        "table": name,
        "side": side,
        "folds": len(each),
        "test_auc": float(np.mean(areas)),
        "rules": float(np.mean([one["rules"] for one in each])),
        "cpu_s": float(np.mean([one["seconds"] for one in each])),
    }


def verdicts(rows: pd.DataFrame) -> Iterator[str]:
    """The goals, and whether they are met, over the tables that both sides have."""
    areas, seconds = (rows.pivot_table(index="table", columns="side", values=what) for what in ("test_auc", "cpu_s"))
    ours, theirs = "same features: workbench, bare search", "same features: FasterRisk"
    if theirs in areas:
        auc, cpu = areas.dropna(subset=[ours, theirs]), seconds.dropna(subset=[ours, theirs])
        change, times = (auc[ours] - auc[theirs]), cpu[theirs] / cpu[ours]
        better = f"better on {(change > 0).sum()} of {len(change)}"
        yield f"mean AUC less FasterRisk's: {change.mean():+.4f} (goal -0.001); {better}"
        yield (
            f"CPU: {cpu[theirs].sum() / cpu[ours].sum():.0f}x less in all, median {times.median():.0f}x, "
            f"least {times.min():.0f}x (goal 50x)"
        )
    ours, theirs = "own bins: workbench", "own bins: optbinning"
    if theirs in areas:
        auc, cpu = areas.dropna(subset=[ours, theirs]), seconds.dropna(subset=[ours, theirs])
        change = auc[ours] - auc[theirs]
        level = f"not below it (by 0.0005) on {(change > -0.0005).sum()} of {len(change)}"
        yield f"own bins: mean AUC less optbinning's {change.mean():+.4f}; {level}"
        yield f"own bins: {cpu[theirs].sum() / cpu[ours].sum():.0f}x less CPU in all"


if __name__ == "__main__":
    main()
