from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.cutoffs import Cutoff
from workbench.plots import plot_backlog, plot_cutoff

from .reading import flats, line, texts, title

NAN = float("nan")


def cutoff(by="value", **changes):
    """A suggestion made up by hand."""
    x = np.arange(0.0, 50, 5)
    y = 1000 - (x - 25) ** 2 if by == "value" else np.linspace(0.1, 0.9, 10)
    curve = pd.DataFrame({"threshold": x, "objective": y, "low": y - 0.05 * abs(y), "high": y + 0.05 * abs(y)})
    service = pd.DataFrame(
        [["current", 20.0, 22.0, 0.4, 31, 9, 9, 0.0], ["suggested", 11.5, 12.0, 0.98, 10, 3, 2, 0.25]],
        columns=[
            "which", "leads_a_week", "lately_a_week", "in_time",
            "longest_wait_days", "most_waiting", "waiting_at_end", "idle",
        ],
    )  # fmt: skip
    monday = pd.Timestamp("2025-01-06", tz="UTC")
    weeks = pd.DataFrame(
        [
            [which, stretch, monday + pd.Timedelta(weeks=week + 9 * stretch), 4 + week, 4, week * wait, 0, 2]
            for which, wait in (("current", 3), ("suggested", 1))
            for stretch in (1, 2)
            for week in range(3)
        ],
        columns=["which", "stretch", "week", "arrivals", "worked", "waiting", "idle", "longest_wait_days"],
    )
    made = Cutoff(
        by=by, tier="MQL", target=NAN if by == "value" else 0.5, current=15.0, threshold=25.0, low=20.0, high=30.0,
        region_low=20.0, region_high=35.0, surely=NAN, recent=NAN, counted="",
        objective=float(np.interp(25, x, y)), objective_low=0.0,
        objective_high=1.0, optimism=0.1, gain=NAN, gain_low=NAN, gain_high=NAN, verdict="", method="by hand",
        finding="MQL at 25 is what was found.", notes=("One note.",), curve=curve, figures=pd.DataFrame(),
        service=service, weeks=weeks, model=None,
    )  # fmt: skip
    return replace(made, **changes)


@pytest.mark.parametrize(("by", "label"), [("value", "net value"), ("capacity", "worked in time")])
def test_the_curve_is_the_frame(by, label):
    made = cutoff(by)
    ax = plot_cutoff(made)
    x, y = line(ax, label)
    assert x.tolist() == made.curve["threshold"].tolist()
    assert y.tolist() == made.curve["objective"].tolist()
    (band,) = [each for each in ax.collections if each.get_label() == "95 % interval"]
    assert band.get_paths()[0].vertices[:, 1].max() == made.curve["high"].max()
    assert "MQL at 25 is what was found" in ax.get_label()


@pytest.mark.parametrize("by", ["capacity", "value", "precision", "recall"])
def test_the_title_has_two_lines_at_most(by):
    made = cutoff(by, recent=35.0 if by == "capacity" else NAN)
    drawn = plot_cutoff(made).get_title(loc="left")
    assert drawn.count("\n") <= 1
    assert "25" in drawn
    assert ("at the pace of the last 8 weeks from 35" in " ".join(drawn.split())) == (by == "capacity")


def test_names_of_cuts_stand_above_the_region():
    ax = plot_cutoff(cutoff())
    (region,) = [each for each in ax.patches if each.get_label() == "as good"]
    top = region.get_y() + region.get_height()  # share of the axes
    figure = ax.get_figure()
    figure.canvas.draw()
    for text in ax.texts:
        if text.get_text().strip() in {"today 15", "suggested 25"}:
            box = text.get_window_extent().transformed(ax.transAxes.inverted())
            assert box.y0 >= top


def test_region_and_both_cuts_are_marked():
    ax = plot_cutoff(cutoff())
    (region,) = [each for each in ax.patches if each.get_label() == "as good"]
    assert (region.get_x(), region.get_x() + region.get_width()) == (20, 35)
    (mark,) = [each for each in ax.lines if each.get_marker() == "D"]
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (25, 1000)
    assert [text.strip() for text in texts(ax)] == ["today 15", "suggested 25"]
    assert "as good from 20 to 35" in ax.get_label()
    assert "One note" in ax.get_label()


def test_a_target_is_a_line():
    ax = plot_cutoff(cutoff("precision"))
    assert flats(ax) == [0.5]
    assert "target\n50 %" in texts(ax)


def test_without_a_suggestion_nothing_is_marked():
    made = cutoff("precision", threshold=NAN, region_low=NAN, region_high=NAN, objective=NAN)
    ax = plot_cutoff(made)
    assert not [each for each in ax.lines if each.get_marker() == "D"]
    assert not [each for each in ax.patches if each.get_label() == "cannot be told apart"]
    empty = plot_cutoff(cutoff(curve=made.curve.iloc[:0]))
    assert title(empty) == "No threshold to choose"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_queue_is_the_frame(theme):
    made = cutoff("capacity", target=15.0)
    ax = plot_backlog(made, theme=theme)
    mine = made.weeks[made.weeks["which"] == "suggested"]
    x, come = line(ax, "come")
    assert come.tolist() == mine["arrivals"].tolist()[:3]
    assert line(ax, "are worked")[1].tolist() == mine["worked"].tolist()[:3]
    last = ax.get_figure().axes[1]
    assert line(last, "wait (suggested)")[1].tolist() == [0, 1, 2]
    assert line(last, "wait (today)")[1].tolist() == [0, 3, 6]
    assert title(ax) == "MQL at 25: 11.5 leads a week for 15 that can be worked, at most 3 wait"
    assert "99 waiting" not in ax.get_label()
    assert "98 % worked in time" in ax.get_label()
    assert x.tolist() == [0, 1, 2]


def test_no_queue_says_why():
    made = cutoff()
    ax = plot_backlog(replace(made, weeks=made.weeks.iloc[:0]))
    assert title(ax) == "No queue to show"
    assert "Only a threshold by capacity has a queue" in texts(ax)[0]
