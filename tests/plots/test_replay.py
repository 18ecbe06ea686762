from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from workbench.plan import Capacity
from workbench.plots import plot_queue, plot_warning

from .reading import line, texts, title

WEEKS = pd.date_range("2025-06-02", periods=6, freq="7D", tz="UTC")


@dataclass(frozen=True)
class FakeReplay:
    queue: pd.DataFrame
    weeks: pd.DataFrame
    warning: pd.DataFrame
    tier: str | None = "MQL"
    capacity: Capacity | None = Capacity(per="week", leads=15)  # noqa: RUF009  (frozen)
    model_name: str = "inbound"
    model_version: int | None = 4
    since: pd.Timestamp = WEEKS[0]
    until: pd.Timestamp = WEEKS[-1]
    last_created: pd.Timestamp = WEEKS[-1]
    n: int = 1234

    def fed(self, frame):
        return frame[frame["week"] <= self.last_created]


def made(**changes):
    queue = pd.DataFrame(
        {"week": WEEKS, "capacity": 15, "joined": [10, 20, 30, 25, 8, 2], "worked": [10, 15, 15, 15, 15, 10]}
    ).assign(fell=[0, 0, 1, 2, 0, 0], gone=[0, 0, 0, 1, 0, 0], waiting=[0, 5, 19, 26, 19, 11], longest_days=0)
    weeks = pd.DataFrame({"week": WEEKS, "days": 7, "tier": "MQL", "reached": [9, 18, 28, 22, 6, 1]})
    rows = [("opportunity", "MQL", 100, 0.6, 0.5, 0.7, 21.0, 400, 0.3), ("won", "$QL$", 40, 0.5, 0.35, 0.65, np.nan, 0)]
    names = ["stage", "tier", "n", "share_before", "low", "high", "median_days", "others", "share_others"]
    warning = pd.DataFrame([(*row, np.nan)[:9] for row in rows], columns=names)
    return FakeReplay(**{"queue": queue, "weeks": weeks, "warning": warning, **changes})


def test_the_queue_is_the_frame():
    ax = plot_queue(made())
    assert [bar.get_height() for bar in ax.patches[:6]] == [10, 20, 30, 25, 8, 2]
    stairs = [patch for patch in ax.patches if patch.get_label() == "can be worked"]
    assert list(stairs[0].get_data()[0]) == [15] * 6
    below = ax.figure.axes[1].lines[0]
    assert list(below.get_ydata()) == [0, 5, 19, 26, 19, 11]
    assert title(ax) == "With 15 worked a week the queue of MQL grows to 26 leads in Jun 2025"
    assert "95 leads joined the queue" in ax.get_label()


def test_without_a_queue_those_who_reach_the_tier():
    result = made()
    ax = plot_queue(made(queue=result.queue.iloc[:0], capacity=None))
    assert [bar.get_height() for bar in ax.patches] == [9, 18, 28, 22, 6, 1]
    assert title(ax) == "In the busiest week 28 leads reach MQL for the first time"


def test_what_comes_after_the_last_creation_is_shaded_and_no_finding():
    """The most wait in the fourth week; without new leads after the second one, nothing later is told."""
    plain = plot_queue(made())
    assert not [patch for patch in plain.patches if patch.get_label() == "_dry"]
    result = made(last_created=WEEKS[1] + pd.Timedelta(days=2, hours=5))
    ax = plot_queue(result)
    assert title(ax) == "With 15 worked a week the queue of MQL grows to 5 leads in Jun 2025"
    assert "30 leads joined the queue" in ax.get_label()
    assert "5 leads waiting when the last lead is created, 2025-06-11" in ax.get_label()
    for panel in ax.figure.axes:
        [shade] = [patch for patch in panel.patches if patch.get_label() == "_dry"]
        assert shade.get_x() == (pd.Timestamp("2025-06-12") - pd.Timestamp(0)) / pd.Timedelta(days=1)
    assert ax.figure.axes[1].get_xlabel() == "shaded: no new leads in the data after 2025-06-11"
    alone = plot_queue(result, ax=plot_queue(made()))
    assert alone.get_xlabel() == "shaded: no new leads in the data after 2025-06-11"


def test_nobody_waits():
    result = made()
    ax = plot_queue(made(queue=result.queue.assign(waiting=0)))
    assert title(ax) == "With 15 worked a week nobody waits in MQL at the end of a week"


def test_warning_is_the_frame():
    ax = plot_warning(made())
    x, _ = line(ax, "had reached the tier before")
    assert x.tolist() == [0.5, 0.6]  # the first row stands on top
    assert line(ax, "leads without the stage")[0][1] == 0.3
    assert "21 d" in texts(ax)
    assert title(ax) == (
        "60 % of the leads that reached opportunity had reached MQL before (30 % of the others ever did), "
        "in the median 21 days ahead"
    )


def test_few_leads_carry_no_finding():
    result = made()
    ax = plot_warning(made(warning=result.warning.assign(n=3)))
    assert title(ax) == "Not enough evidence for days of warning: 3 leads reached opportunity"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_empty_ones_say_why(theme):
    result = made()
    assert title(plot_queue(made(tier=None), theme=theme)) == "No queue to show"
    ax = plot_warning(made(warning=result.warning.assign(n=0)), theme=theme)
    assert title(ax) == "No days of warning to show"


def test_given_axes_are_drawn_on():
    first = plot_queue(made())
    ax = plot_queue(made(), ax=first.figure.axes[1])
    assert ax is first.figure.axes[1]
