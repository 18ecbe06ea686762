"""Stand-ins for a backtest and its errors: the frames of the contract, filled from one made-up history."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

Z = 1.959963984540054


@dataclass(frozen=True)
class FakeBacktest:
    metrics: pd.DataFrame
    bands: pd.DataFrame
    lift: pd.DataFrame
    thresholds: pd.DataFrame
    tiers: pd.DataFrame
    distribution: pd.DataFrame
    calibration: pd.DataFrame
    months: pd.DataFrame
    parts: pd.DataFrame
    model_name: str = "inbound"
    model_version: int | None = 4
    part: str = "validation"
    n: int = 0
    leads: int = 0
    converted: int = 0
    base_rate: float = float("nan")
    main_tier: str | None = "MQL"
    main_threshold: float | None = 40.0
    tier_cuts: tuple[tuple[str, float], ...] = (("Nurture", 0.0), ("PQL", 30.0), ("MQL", 40.0), ("SQL", 70.0))
    has_value: bool = True
    warnings: tuple[str, ...] = ()
    calibrated_on: str = "train"


@dataclass(frozen=True)
class FakeErrors:
    kind: str
    tier: str | None
    n: int
    rules: pd.DataFrame
    leads: pd.DataFrame = field(default_factory=pd.DataFrame)


def wilson(hits, n):
    hits, n = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = hits / n
        middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return p, middle - half, middle + half


def backtest(n=6000, slope=0.045, base=-4.6, top=100, seed=7, width=10, months=12, value=True, **changes):
    rng = np.random.default_rng(seed)
    score = np.clip(np.rint(rng.gamma(4.0, 8.0, n)), 0, top)
    won = rng.random(n) < 1 / (1 + np.exp(-(base + slope * score)))
    k, hits = n, int(won.sum())
    rate = hits / k if k else float("nan")
    made = FakeBacktest(
        metrics=metrics(score, won),
        bands=bands(score, won, rate, width, top),
        lift=lift(score, won, rate),
        thresholds=thresholds(score, won, rate, value),
        tiers=pd.DataFrame(),
        distribution=distribution(score, won),
        calibration=calibration(score, won, width, top, rng),
        months=by_month(score, won, months),
        parts=pd.DataFrame({"part": ["train", "validation"], "n": [2 * k, k]}),
        n=k,
        leads=k,
        converted=hits,
        base_rate=rate,
        has_value=value,
    )
    return replace(made, **changes)


def auc_of(score, won):
    ranks = pd.Series(score).rank().to_numpy()
    p, q = int(won.sum()), int((~won).sum())
    if not p or not q:
        return np.nan, np.nan, np.nan
    auc = (ranks[won].sum() - p * (p + 1) / 2) / (p * q)
    half = Z * np.sqrt(max(auc * (1 - auc), 1e-4) / min(p, q) / 1.5)
    return auc, max(auc - half, 0.0), min(auc + half, 1.0)


def metrics(score, won):
    rows = [("auc", *auc_of(score, won), "DeLong"), ("base_rate", *wilson(won.sum(), len(won)), "Wilson")]
    return pd.DataFrame(rows, columns=["metric", "value", "low", "high", "method"])


def bands(score, won, rate, width, top):
    lows = np.arange(0, top + 1, width, dtype=float)
    rows = []
    for low in lows:
        inside = (score >= low) & (score < low + width)
        rows.append(
            (
                f"{low:g}–{low + width - 1:g}" if width > 1 else f"{low:g}",
                low,
                low + width,
                inside.sum(),
                won[inside].sum(),
            )
        )
    frame = pd.DataFrame(rows, columns=["band", "low", "high", "n", "converted"])
    frame["rate"], frame["rate_low"], frame["rate_high"] = wilson(frame["converted"], frame["n"])
    frame["lift"], frame["share"] = frame["rate"] / rate, frame["n"] / max(len(score), 1)
    frame["enough"] = frame["n"] >= 30
    return frame


def lift(score, won, rate):
    order = np.argsort(-score, kind="stable")
    found = np.cumsum(won[order])
    depth = np.round(np.arange(0.01, 1.005, 0.01), 2)
    n = depth * len(score)
    converted = np.interp(n, np.arange(1, len(score) + 1), found)
    p, low, high = wilson(converted, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        captured = converted / won.sum()
        frame = {"depth": depth, "n": n, "converted": converted, "rate": p, "lift": p / rate}
        frame |= {"lift_low": low / rate, "lift_high": high / rate, "captured": captured}
        frame |= {"captured_low": captured * low / p, "captured_high": np.minimum(captured * high / p, 1)}
    return pd.DataFrame(frame)


def thresholds(score, won, rate, value):
    rows = []
    for threshold in np.unique(score):
        called = score >= threshold
        rows.append((threshold, called.sum(), (won & called).sum(), (~won & called).sum(), (won & ~called).sum()))
    frame = pd.DataFrame(rows, columns=["threshold", "flagged", "tp", "fp", "fn"])
    frame["tn"] = len(score) - frame["flagged"] - frame["fn"]
    frame["share"] = frame["flagged"] / max(len(score), 1)
    frame["precision"], frame["precision_low"], frame["precision_high"] = wilson(frame["tp"], frame["flagged"])
    frame["recall"], frame["recall_low"], frame["recall_high"] = wilson(frame["tp"], max(won.sum(), 0))
    frame["lift"] = frame["precision"] / rate
    frame["value"] = 600.0 * frame["tp"] - 40.0 * frame["flagged"] if value else np.nan
    spread = 600.0 * np.sqrt(frame["tp"].astype(float)) * 2
    frame["value_low"], frame["value_high"] = frame["value"] - spread, frame["value"] + spread
    return frame


def distribution(score, won):
    frame = pd.DataFrame({"score": score, "converted": won.astype(int), "not_converted": (~won).astype(int)})
    return frame.groupby("score", as_index=False).sum()


def calibration(score, won, width, top, rng):
    frame = bands(score, won, 1.0, width, top)[["band", "n", "converted", "rate", "rate_low", "rate_high", "enough"]]
    frame.insert(1, "predicted", frame["rate"] * rng.uniform(0.93, 1.07, len(frame)))
    return frame


def by_month(score, won, months):
    rows = []
    for number, part in enumerate(np.array_split(np.arange(len(score)), months)) if months else ():
        auc = auc_of(score[part], won[part])
        rate = wilson(won[part].sum(), len(part))
        month = f"{2025 + (number + 6) // 12}-{(number + 6) % 12 + 1:02d}"
        rows.append((month, len(part), won[part].sum(), *rate, *auc, 2.0, 0.2))
    names = [
        "month",
        "n",
        "converted",
        "rate",
        "rate_low",
        "rate_high",
        "auc",
        "auc_low",
        "auc_high",
        "lift_20",
        "reached",
    ]
    frame = pd.DataFrame(rows, columns=names)
    frame["enough"] = (frame["n"] >= 30) & frame["auc"].notna()
    return frame


RULES = (
    ("blog_reader", "read the blog within 30 days", "Reads the blog in the last month.", 8.0, 310, 60),
    ("seniority", "chief, vp", "Economic buyers sign.", 15.0, 130, 82),
    ("free_email", "", "Private addresses rarely buy.", -8.0, 90, 21),
    ("pricing_views", "", "Looked at prices lately.", 4.0, 200, 190),
    ("invited_team", "invited a colleague", "", 12.0, 25, 70),
    ("webinar", "", "Sat through a webinar, which our reps believe in more than anybody can explain.", 5.0, 3, 1),
)


def errors(rules=RULES, n=700, right=320, kind="false_positive", tier="MQL"):
    rows = []
    for rule, case, why, worth, wrong_hits, right_hits in rules:
        a, b = wrong_hits / n, right_hits / right
        ratio = a / b if b else (np.inf if a else np.nan)
        half = Z * np.sqrt(1 / max(wrong_hits, 0.5) - 1 / n + 1 / max(right_hits, 0.5) - 1 / right)
        enough = wrong_hits + right_hits >= 20
        ends = (ratio * np.exp(-half), ratio * np.exp(half)) if np.isfinite(ratio) else (ratio, ratio)
        rows.append((rule, case, why, worth, n, wrong_hits, a, right, right_hits, b, ratio, *ends, enough))
    names = [
        "rule",
        "case",
        "why",
        "points",
        "n_wrong",
        "hit_wrong",
        "rate_wrong",
        "n_right",
        "hit_right",
        "rate_right",
    ]
    frame = pd.DataFrame(rows, columns=[*names, "ratio", "ratio_low", "ratio_high", "enough"])
    return FakeErrors(kind=kind, tier=tier, n=n, rules=frame)
