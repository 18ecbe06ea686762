from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from workbench.plots import plot_path

from .reading import flats, line, title


@dataclass(frozen=True)
class FakeSuggestion:
    path: pd.DataFrame
    recommended: int = 2
    objective: str = "auc"
    parts: tuple[str, str] = ("train", "validation")
    headline: str = "2 changes of inbound v4 make it better: AUC +0.0200 (+0.0050 to +0.0350) on validation."
    gain_shown: bool = True
    chosen: str = "chosen on train"


def path(steps=4):
    changes = np.arange(steps)
    gain = np.array([0.0, 0.012, 0.02, 0.018])[:steps]
    frame = pd.DataFrame({"changes": changes, "train_gain": 0.015 * changes})
    for name, shift in (("validation", 0.0), ("cross", 0.001)):
        frame[f"{name}_gain"] = gain + shift
        frame[f"{name}_low"] = gain + shift - 0.015 * (changes > 0)
        frame[f"{name}_high"] = gain + shift + 0.015 * (changes > 0)
    return frame.assign(recommended=changes == 2)


@pytest.mark.parametrize(("parts", "column"), [(("train", "validation"), "validation"), (("all", ""), "cross")])
def test_gains_are_those_of_the_path(parts, column):
    frame = path()
    ax = plot_path(FakeSuggestion(frame, parts=parts))
    x, y = line(ax, "validation" if parts[1] else "held-out folds")
    assert x.tolist() == frame["changes"].tolist()
    assert y.tolist() == frame[f"{column}_gain"].tolist()
    assert line(ax, f"{parts[0]}, where it was searched")[1].tolist() == frame["train_gain"].tolist()
    (area,) = [each for each in ax.collections if each.get_label() == "95 % interval"]
    assert area.get_paths()[0].vertices[:, 1].max() == frame[f"{column}_high"].max()
    assert [values.tolist() for values in line(ax, "suggested")] == [[2.0], [frame[f"{column}_gain"].iloc[2]]]
    assert flats(ax) == [0.0]


def test_the_title_is_the_headline_and_details_are_read_out():
    ax = plot_path(FakeSuggestion(path()), theme="dark")
    assert title(ax) == FakeSuggestion.headline.rstrip(".")
    assert "2: validation +0.0200 (+0.0050 to +0.0350), train +0.0300" in ax.get_label()


def test_what_validation_does_not_confirm_is_not_called_suggested():
    ax = plot_path(FakeSuggestion(path(), gain_shown=False))
    assert [values.tolist() for values in line(ax, "chosen on train")] == [[2.0], [0.02]]
    assert "suggested" not in [each.get_label() for each in ax.lines]


def test_nothing_is_ringed_without_a_suggestion():
    ax = plot_path(FakeSuggestion(path(), recommended=0, headline="Keep the points of inbound v4"))
    assert not {"suggested", "chosen on train"} & {each.get_label() for each in ax.lines}


def test_no_path():
    assert "No path to show" in title(plot_path(FakeSuggestion(path(1), recommended=0)))
