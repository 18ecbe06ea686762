"""No label covers another, on plain and on awkward data."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from workbench import plots

from .samples import backtest, errors

NAN = float("nan")
LONG = tuple(
    (
        f"rule_{i}_with_a_rather_long_identifier",
        "a case, too" * (i % 2),
        "A $long$ reason. " * 9,
        i - 4.5,
        20 * i,
        9 * (15 - i),
    )
    for i in range(1, 15)
)
GATED = pd.DataFrame(
    {"band": ["gated"], "low": NAN, "high": NAN, "n": 50, "converted": 1, "rate": 0.02, "rate_low": 0.003}
    | {"rate_high": 0.1, "lift": 0.4, "share": 0.01, "enough": True}
)
CLOSE = (
    ("Nurture", 0.0),
    ("Warm, to be called soon", 20.0),
    ("PQL", 39.0),
    ("MQL", 40.0),
    ("SQL", 41.0),
    ("Hot", 99.0),
)


def all_gated():
    made = backtest(n=50)
    none = {
        name: getattr(made, name).iloc[:0] for name in ("distribution", "thresholds", "calibration", "months", "lift")
    }
    return replace(made, bands=GATED, metrics=made.metrics.assign(value=NAN, low=NAN, high=NAN), **none)


def no_rates():
    made = backtest(n=400)
    bands = made.bands.assign(rate=NAN, rate_low=NAN, rate_high=NAN, lift=NAN, n=0, enough=False)
    thresholds = made.thresholds.assign(precision=NAN, precision_low=NAN, precision_high=NAN, value=NAN)
    return replace(made, bands=bands, thresholds=thresholds, base_rate=NAN)


def with_gate():
    made = backtest()
    return replace(made, bands=pd.concat([GATED, made.bands], ignore_index=True))


def huge():
    made = backtest(months=24)
    return replace(
        made, months=made.months.assign(n=made.months["n"] * 10**6), bands=made.bands.assign(n=made.bands["n"] * 10**6)
    )


CASES = {
    "plain": lambda: with_gate(),
    "one_band": lambda: backtest(
        n=300, top=0, months=1, tier_cuts=(), main_tier=None, main_threshold=None, value=False
    ),
    "forty_bands": lambda: backtest(n=9000, top=119, width=3, slope=0.03, months=30),
    "no_value": lambda: backtest(value=False),
    "close_tiers": lambda: backtest(tier_cuts=CLOSE, model_name="a long name " * 20),
    "none_converted": lambda: backtest(n=400, base=-40, months=3),
    "all_converted": lambda: backtest(n=400, base=40, months=3),
    "tiny_rates": lambda: backtest(n=100_000, base=-10, months=6),
    "all_gated": all_gated,
    "no_rates": no_rates,
    "huge": huge,
    "no_months": lambda: backtest(months=0),
}
DRAWN = (
    "bands", "calibration", "distribution", "gains", "lift", "months", "thresholds", "value",
)  # fmt: skip
ERRORS = {
    "plain": errors,
    "long": lambda: errors(LONG, kind="false_negative", tier="A tier with a long name"),
    "one": lambda: errors(LONG[:1]),
    "none": lambda: errors(()),
}


def clashes(figure):
    """Pairs of visible texts whose boxes overlap by more than a hair."""
    figure.canvas.draw()
    boxes = [
        (text.get_text(), text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text.get_window_extent().width
    ]
    boxes = [(text, box.padded(-1.5)) for text, box in boxes if seen(figure, box)]
    return [(a, b) for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)]


def seen(figure, box):
    """Ticks beyond the ends of an axis keep their labels outside of everything."""
    return figure.bbox.overlaps(box)


def test_a_clash_is_seen():
    figure = Figure()
    figure.text(0.5, 0.5, "one")
    figure.text(0.51, 0.51, "other")
    figure.text(0.1, 0.1, "far")
    assert clashes(figure) == [("one", "other")]


@functools.cache
def made(case):
    return CASES[case]()


def visible_ticks(figure):
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not low <= tick.get_loc() <= high:
                    tick.label1.set_visible(False)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", DRAWN)
def test_no_label_covers_another(name, case):
    ax = getattr(plots, f"plot_{name}")(made(case), theme="dark")
    figure = ax.figure
    figure.canvas.draw()
    visible_ticks(figure)
    assert clashes(figure) == []
    for each in figure.axes:
        assert np.isfinite([*each.get_xlim(), *each.get_ylim()]).all()
        assert each.get_window_extent().height > 90


@pytest.mark.parametrize("case", ERRORS)
def test_no_label_covers_another_among_errors(case):
    figure = plots.plot_errors(ERRORS[case]()).figure
    figure.canvas.draw()
    visible_ticks(figure)
    assert clashes(figure) == []
