"""Made-up data for every drawing, plain and extreme."""

from __future__ import annotations

import numpy as np

from workbench.drawing import (
    draw_bands,
    draw_distribution,
    draw_gains,
    draw_ratios,
    draw_thresholds,
    draw_timeline,
    draw_waterfall,
)

HOSTILE = '<script>alert("x")</script>\'"> & \x00\u202e]]> name of a rule that is much too long for any picture'
CUTS = (("MQL", 40.0), ("PQL", 42.0), ("SQL", 60.0))
NAN = float("nan")


def cumulated(counts):
    return np.cumsum(counts[::-1])[::-1]


def standing(k=101, low=0.0, high=100.0, leads=1000.0):
    """scores, negatives, positives, precision, recall, value, all (k,)."""
    scores = np.linspace(low, high, k)
    place = np.linspace(0, 1, k)
    negatives = np.rint(np.exp(-4 * place) * leads) + 1
    positives = np.rint(np.exp(-((place - 0.6) ** 2) * 8) * leads / 20) + 1
    called = cumulated(positives) + cumulated(negatives)
    return (
        scores,
        negatives,
        positives,
        cumulated(positives) / called,
        cumulated(positives) / positives.sum(),
        cumulated(positives) * 900.0 - called * 45.0,
    )


def distribution(k=101, *, axis=(0.0, 100.0), cuts=CUTS, leads=1000.0, **more):
    s = standing(k, *axis, leads)
    return draw_distribution(*s[:3], axis=axis, cuts=cuts, champion=(s[0], s[1][::-1], s[2][::-1]), **more)


def bands(b=10, *, n=500.0, enough=True, label="{} to <{}", **more):
    rate = np.linspace(0.01, 0.3, b)
    sizes = np.full(b, n)
    labels = [label.format(10 * each, 10 * each + 10) for each in range(b)]
    given = {"average": 0.08, "champion": (rate[::-1],), **more}
    return draw_bands(labels, rate, rate * 0.7, rate * 1.4, sizes, np.rint(rate * n), np.full(b, enough), **given)


def gains(d=51, **more):
    depth = np.linspace(0, 1, d)
    return draw_gains(depth, depth**0.5, **{"champion": (depth, depth**0.7), **more})


def thresholds(k=101, *, axis=(0.0, 100.0), cuts=CUTS, leads=1000.0, valued=True, **more):
    s = standing(k, *axis, leads)
    value = s[5] if valued else None
    champion = (s[0], s[3] * 0.8, s[4] * 0.9, s[5] * 0.5)
    return draw_thresholds(s[0], s[3], s[4], value=value, axis=axis, cuts=cuts, **{"champion": champion, **more})


def ratios(r=6, *, label="rule {} about something", **more):
    ratio = np.geomspace(0.3, 6, max(r, 1))[:r]
    labels = [label.format(each) for each in range(r)]
    return draw_ratios(labels, ratio, ratio * 0.7, ratio * 1.5, np.full(r, 80.0), **more)


def waterfall(lines=8, *, label="rule {}", **more):
    steps = np.array([(-1) ** each * (5.0 + each) for each in range(lines)])
    flags = [each % 3 == 2 for each in range(lines)]
    labels = [label.format(each) for each in range(lines)]
    return draw_waterfall(labels, steps, **{"total": float(steps.sum()), "adjustments": flags, **more})


def timeline(events=40, *, label="event {}", kinds=5, cuts=CUTS, outcome_day=9.0, **more):
    days = np.linspace(-60, 5, max(events, 1))[:events]
    names = [label.format(each % kinds) for each in range(events)]
    score_days = np.arange(-60.0, 1.0)
    return draw_timeline(days, names, score_days, score_days + 70, cuts=cuts, outcome_day=outcome_day, **more)


CROWDED = tuple((f"Qualified Lead of kind {each}", 40.0 + 0.7 * each) for each in range(9))

ALL = {
    "distribution": distribution,
    "distribution, no leads": lambda: draw_distribution([], [], [], axis=(0, 100), cuts=CUTS),
    "distribution, one score": lambda: draw_distribution([5], [0], [3], axis=(5, 5), cuts=[("MQL", 5)]),
    "distribution, unknown axis": lambda: draw_distribution([5], [2], [3], axis=(NAN, NAN)),
    "distribution, 10 M leads": lambda: distribution(leads=1e7, gated=(1_234_567, 987_654)),
    "distribution, below zero": lambda: distribution(axis=(-250.0, -10.0), cuts=[("low", -240), ("high", -20)]),
    "distribution, 10,000 scores": lambda: distribution(10_000),
    "distribution, crowded": lambda: distribution(cuts=CROWDED),
    "distribution, hostile": lambda: distribution(cuts=[(HOSTILE, 0), (HOSTILE, 1), ("", 99)], title=HOSTILE),
    "bands": bands,
    "bands, none": lambda: bands(0, average=NAN),
    "bands, one": lambda: bands(1),
    "bands, forty": lambda: bands(40, n=1e7),
    "bands, two hundred": lambda: bands(200),
    "bands, thin": lambda: bands(enough=False),
    "bands, empty": lambda: draw_bands(
        ["a", "b"], [NAN] * 2, [NAN] * 2, [NAN] * 2, [0] * 2, [0] * 2, [0] * 2, average=0
    ),
    "bands, hostile": lambda: bands(label=HOSTILE + "{} {}", title=HOSTILE),
    "gains": gains,
    "gains, none": lambda: draw_gains([], []),
    "gains, unknown": lambda: draw_gains([0, 1], [NAN, NAN], lift=[NAN, NAN]),
    "gains, backwards": lambda: draw_gains([0, 0.5, 1], [0, 0.1, 1]),
    "gains, 10,000 scores": lambda: gains(10_000),
    "gains, hostile": lambda: gains(title=HOSTILE),
    "thresholds": thresholds,
    "thresholds, no value": lambda: thresholds(valued=False),
    "thresholds, empty value": lambda: thresholds(valued=False, champion=None),
    "thresholds, none": lambda: draw_thresholds([], [], [], value=[], axis=(0, 100), cuts=CUTS),
    "thresholds, unknown": lambda: draw_thresholds(
        [1, 2], [NAN] * 2, [NAN] * 2, value=[NAN] * 2, axis=(0, 9), cuts=CUTS
    ),
    "thresholds, 10,000 scores": lambda: thresholds(10_000),
    "thresholds, 10 M leads": lambda: thresholds(leads=1e7),
    "thresholds, below zero": lambda: thresholds(axis=(-250.0, -10.0), cuts=[("low", -240), ("high", -20)]),
    "thresholds, crowded": lambda: thresholds(cuts=CROWDED),
    "thresholds, hostile": lambda: thresholds(cuts=[(HOSTILE, 0), (HOSTILE, 1)], title=HOSTILE),
    "ratios": ratios,
    "ratios, none": lambda: ratios(0),
    "ratios, many": lambda: ratios(60),
    "ratios, beyond all": lambda: draw_ratios(
        list("abcd"), [0, np.inf, NAN, 5000], [0, 2, NAN, 20], [0.3, np.inf, NAN, 9000], [50, 50, 0, 1e7]
    ),
    "ratios, hostile": lambda: ratios(label=HOSTILE + "{}", title=HOSTILE),
    "waterfall": waterfall,
    "waterfall, none": lambda: waterfall(0),
    "waterfall, many": lambda: waterfall(60),
    "waterfall, no score": lambda: waterfall(total=NAN),
    "waterfall, does not add up": lambda: waterfall(total=1234567.125),
    "waterfall, hostile": lambda: waterfall(label=HOSTILE + "{}", title=HOSTILE),
    "timeline": timeline,
    "timeline, none": lambda: draw_timeline([], [], [], []),
    "timeline, many kinds": lambda: timeline(400, kinds=50),
    "timeline, crowded": lambda: timeline(2000, cuts=CROWDED, outcome_day=0.1),
    "timeline, outcome before": lambda: timeline(outcome_day=-30),
    "timeline, hostile": lambda: timeline(label=HOSTILE + "{}", cuts=[(HOSTILE, 50)], title=HOSTILE),
}
