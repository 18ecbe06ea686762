"""The picture of a comparison, read back as data."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from workbench.plots import picture, plot_comparison, theme_named

from .reading import texts, title

LIGHT = theme_named("light")
UNITS = {"auc": "score", "lift_10": "ratio", "captured": "conversions", "value": "money"}


def comparison(*models, several=None, clear=True):
    """A comparison's shape: each model is a name with its verdict; changes are made up."""
    rows = []
    for at, (name, verdict) in enumerate(models):
        for number, figure in enumerate(UNITS):
            change = (0.01 if verdict != "worse" else -0.01) * (number + 1) ** 6 * (1 - at / 10)
            wide = abs(change) * (0.5 if verdict in ("better", "worse") else 2.0)
            rows.append(
                {
                    "model": name,
                    "figure": figure,
                    "unit": UNITS[figure],
                    "champion": 0.7,
                    "challenger": 0.7 + change,
                    "change": change,
                    "low": change - wide,
                    "high": change + wide,
                    "verdict": verdict,
                    "adjusted_low": change - 1.5 * wide,
                    "adjusted_high": change + 1.5 * wide,
                    "adjusted_verdict": verdict,
                    "leads_needed": {"better": 0.0, "worse": 0.0}.get(verdict, [3500.0, np.inf][number % 2]),
                }
            )
    frame = pd.DataFrame(rows)
    if not clear:
        frame[["change", "low", "high", "adjusted_low", "adjusted_high"]] = np.nan
    names = tuple(name for name, _ in models)
    return SimpleNamespace(
        figures=frame,
        champion="the champion",
        challengers=names,
        several=len(names) > 1 if several is None else several,
        best=names[0],
        verdict=lambda name=None: dict(models)[name or names[0]],
        part="validation",
        n=1200,
        leads=1200,
        converted=80,
        capacity="120 of 1,200 leads (15 a week over 56 days)",
        capacity_leads=120.0,
        confidence=0.95,
    )


def marks(ax):
    return [each for each in ax.lines if each.get_marker() not in ("None", "", None)]


def test_marks_and_intervals_are_the_frame_each_figure_on_its_own_scale():
    result = comparison(("new", "better"))
    ax = plot_comparison(result)
    frame = result.figures
    scale = frame["high"].to_numpy()
    assert [mark.get_xdata()[0] for mark in marks(ax)] == pytest.approx(frame["change"] / scale)
    ends = np.array([each.get_segments()[0] for each in ax.collections])
    assert ends[:, 0, 0] == pytest.approx(frame["low"] / scale)
    assert ends[:, 1, 0] == pytest.approx(1.0)
    assert [mark.get_ydata()[0] for mark in marks(ax)] == [0, 1, 2, 3]
    (line,) = [each for each in ax.lines if list(each.get_ydata()) == [0, 1]]
    assert list(line.get_xdata()) == [0, 0]


def test_only_what_is_sure_is_filled():
    for verdict, marker, colour in (
        ("better", "D", LIGHT.second),
        ("worse", "D", LIGHT.second),
        ("same", "o", LIGHT.faint),
    ):
        first = marks(plot_comparison(comparison(("new", verdict))))[0]
        assert (first.get_marker(), to_hex(first.get_color())) == (marker, colour)
    unsure = marks(plot_comparison(comparison(("new", "not enough evidence"))))[0]
    assert to_hex(unsure.get_markerfacecolor()) == LIGHT.paper


def test_numbers_and_verdicts_stand_beside():
    shown = texts(plot_comparison(comparison(("new", "not enough evidence"))))
    assert "AUC" in shown
    assert "+0.010  [−0.010 to +0.030]" in shown
    assert "not enough evidence, 3,500 more needed" in shown
    assert "not enough evidence, more leads would not tell" in shown


def test_the_title_claims_no_more_than_the_verdict():
    assert (
        title(plot_comparison(comparison(("new", "better"))))
        == "new ranks better than the champion: AUC 0.700 to 0.710"
    )
    assert title(plot_comparison(comparison(("new", "worse")))).startswith("new ranks worse than the champion")
    assert title(plot_comparison(comparison(("new", "same")))) == "new ranks every lead as the champion does"
    unsure = title(plot_comparison(comparison(("new", "not enough evidence"))))
    assert unsure.startswith("There is not enough evidence that new ranks better or worse than the champion")
    two = comparison(("new", "not enough evidence"), ("old", "not enough evidence"))
    assert title(plot_comparison(two)).startswith("There is not enough evidence that any challenger")


def test_several_challengers_stand_side_by_side_with_the_wider_ends():
    result = comparison(("new", "better"), ("older", "not enough evidence"), ("oldest", "worse"))
    ax = plot_comparison(result)
    assert title(ax).startswith("Of 3 challengers, new has the highest AUC and ranks better than the champion")
    assert len(marks(ax)) == 12
    area = result.figures[result.figures["figure"] == "auc"]
    scale = float(np.abs(area[["adjusted_low", "adjusted_high"]]).to_numpy().max())
    ends = np.array([each.get_segments()[0] for each in ax.collections])[:3, :, 0]
    assert ends == pytest.approx(area[["adjusted_low", "adjusted_high"]].to_numpy() / scale)
    assert texts(ax).count("older") == 4


def test_of_many_challengers_the_best_are_drawn_and_that_is_said():
    result = comparison(*((f"model {number}", "not enough evidence") for number in range(8)))
    ax = plot_comparison(result)
    assert len(marks(ax)) == 20
    assert "model 6" not in texts(ax)
    assert "5 of 8 challengers drawn" in ax.figure.get_supxlabel()


def test_without_outcomes_there_is_nothing_to_draw():
    ax = plot_comparison(comparison(("new", "not enough evidence"), clear=False))
    assert title(ax) == "Nothing to compare"


def test_it_draws_on_axes_that_are_given_and_in_the_dark():
    ax = Figure().subplots()
    assert plot_comparison(comparison(("new", "better")), ax=ax, theme="dark") is ax
    assert to_hex(ax.get_facecolor()) == theme_named("dark").paper
    drawn = picture(plot_comparison, comparison(("a $ name", "better"), ("b", "same")))
    assert "a $ name, AUC: +0.010" in drawn.alt
