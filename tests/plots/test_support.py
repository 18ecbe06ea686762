from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from workbench.plots import plot_support, theme_named
from workbench.supporting import Support

from .reading import texts, title

LIGHT = theme_named("light")
ROWS = (
    # name, points, n, best, low, high, open_low, open_high, whole, inside, adjusted, sign, good
    ("title [chief]", 15.0, 300, 12.0, 4.0, 22.0, False, False, False, True, 1.0, "agrees", "4 to 22"),
    ("opens", 4.0, 500, -2.0, -30.0, 1.0, True, False, False, False, 0.01, "not enough evidence", "1 or less"),
    ("webinar", 6.0, 90, 8.0, -30.0, 30.0, True, True, True, True, 1.0, "not enough evidence", "anything"),
    ("nobody", 5.0, 0, 5.0, -30.0, 30.0, True, True, True, True, 1.0, "never holds", "anything"),
)
COLUMNS = [
    "name",
    "points",
    "n",
    "best",
    "low",
    "high",
    "open_low",
    "open_high",
    "whole",
    "inside",
    "inside_adjusted",
    "sign",
    "good",
]
GAPPED = ("visits", 9.0, 400, 5.0, -30.0, 14.0, True, False, False, False, 1.0, "agrees", "−25 or less, 0, or 7 to 14")
PIECES = [[-30.0, -25.0], [0.0, 0.0], [7.0, 14.0]]


def made(rows=ROWS) -> Support:
    empty = pd.DataFrame()
    rules = pd.DataFrame(list(rows), columns=COLUMNS)
    rules["pieces"] = [PIECES if row is GAPPED else [[row[4], row[5]]] for row in rows]
    lines = pd.DataFrame({"points": [-30.0, 0.0, 30.0]})
    about = ("champion", 1, {}, {}, {}, "train and validation", 2373, 191, "auc", "MQL", 56.0, 0.06)
    return Support(*about, rules, lines, empty, empty, empty, empty, ())


def marks(ax, marker):
    return [
        (float(each.get_xdata()[0]), float(each.get_ydata()[0])) for each in ax.lines if each.get_marker() == marker
    ]


def test_bars_dots_and_marks_are_the_frame():
    ax = plot_support(made())
    bars = [each.get_segments()[0] for each in ax.collections if each.get_linewidth()[0] > 1.5]
    assert [(bar[0][0], bar[1][0]) for bar in bars] == [(row[4], row[5]) for row in ROWS]
    assert marks(ax, "|") == [(row[1], at) for at, row in enumerate(ROWS)]
    assert marks(ax, "o") == [(12.0, 0.0)]
    assert marks(ax, "D") == [(-2.0, 1.0)]


def test_a_bar_breaks_where_points_in_between_are_not_as_good():
    ax = plot_support(made((GAPPED,)))
    bars = [each.get_segments()[0] for each in ax.collections if each.get_linewidth()[0] > 1.5]
    assert [[bar[0][0], bar[1][0]] for bar in bars] == PIECES
    assert marks(ax, "s") == [(0.0, 0.0)]  # a piece of one number has no length of its own


def test_the_key_names_every_colour_that_is_there():
    words = [each.get_text() for each in plot_support(made()).get_legend().get_texts()]
    said = ["as good as the best (dot: best)", "the same, but today's are wrong", "data says nothing", "today"]
    assert words == said
    alone = plot_support(made(ROWS[:1])).get_legend()
    assert [each.get_text() for each in alone.get_texts()] == [said[0], said[3]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_title_and_key_stay_inside_the_picture(theme):
    ax = plot_support(made(), theme=theme)
    ax.figure.canvas.draw()
    for each in (ax.get_legend(), ax.title, *ax.texts):
        box = each.get_window_extent()
        assert 0 <= box.x0 <= box.x1 <= ax.figure.bbox.width


def test_open_ends_are_arrows():
    ax = plot_support(made())
    assert [y for _, y in marks(ax, "<")] == [1, 2, 3]
    assert [y for _, y in marks(ax, ">")] == [2, 3]


def test_rows_that_say_nothing_are_grey_and_those_told_apart_in_the_second_colour():
    ax = plot_support(made())
    bars = [each for each in ax.collections if each.get_linewidth()[0] > 1.5]
    colours = [to_hex(each.get_color()[0]) for each in bars]
    assert colours == [LIGHT.first, LIGHT.second, LIGHT.faint, LIGHT.faint]


def test_the_title_says_what_is_told_apart_and_the_alternative_every_row():
    ax = plot_support(made())
    assert title(ax) == "champion: the points of opens are not among the best; of 2 it says nothing"
    assert "title [chief] 15: 4 to 22, best 12" in ax.get_label()
    assert "nobody 5: holds for nobody" in ax.get_label()
    assert {"4 to 22", "1 or less", "anything", "holds for nobody"} <= set(texts(ax))


def test_a_title_without_a_finding_claims_none():
    shuffled = [(*row[:10], 1.0, "not enough evidence", row[12]) for row in ROWS]
    assert title(plot_support(made(shuffled))).startswith(
        "champion: none of 4 rules and cases has points that the data tells from the best"
    )


def test_no_rules():
    assert "no rules to look at" in title(plot_support(made(())))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_many_rows_with_long_names_do_not_overlap(theme):
    name = "seniority [job_title has the word chief, vice president, head of or managing director]"
    many = [(f"{at} {name}", *ROWS[0][1:]) for at in range(30)]
    ax = plot_support(made(many), theme=theme)
    figure = ax.figure
    figure.canvas.draw()
    names = [each for each in ax.texts if "seniority" in each.get_text()]
    boxes = sorted((each.get_window_extent() for each in names), key=lambda box: -box.y0)
    assert len(boxes) == 24
    assert all(above.y0 >= below.y1 - 1 for above, below in pairwise(boxes))
    assert min(box.x0 for box in boxes) >= 0
    assert "the first 24 of 30 drawn" in figure.get_supxlabel()


def test_nothing_is_computed_from_the_other_frames():
    first, second = made(), replace(made(), worth=pd.DataFrame({"x": [1]}))
    assert plot_support(first).get_label() == plot_support(second).get_label()
