from __future__ import annotations

import numpy as np
import pytest

from workbench.drawing import draw_bands, highest_rate
from workbench.errors import CallError

from .reading import boxes, named, path, points, posts, said, texts
from .samples import NAN, bands

TOP, BOTTOM = 80, 190


def drawn(rate, low, high, n, converted, enough, **more):
    labels = [f"{10 * each}–{10 * each + 9}" for each in range(len(rate))]
    return draw_bands(labels, rate, low, high, n, converted, enough, **{"average": 0.1, **more})


SAMPLE = ([0.05, 0.1, 0.4], [0.02, 0.05, 0.2], [0.09, 0.2, 0.55], [500, 300, 40], [25, 30, 16], [1, 1, 1])


def rate_at(y, top):
    return (BOTTOM - y) / (BOTTOM - TOP) * top


def test_bars_are_the_rates():
    found = boxes(path(drawn(*SAMPLE), "wb-bars"))
    assert [rate_at(high, 0.6) for _, high, _, _ in found] == pytest.approx(SAMPLE[0], abs=0.05 / 124 * 0.6 + 1e-9)
    assert {low for *_, low in found} == {BOTTOM}
    wide = 400 / 3
    middles = [(left + right) / 2 for left, _, right, _ in found]
    assert middles == pytest.approx([46 + wide / 2, 46 + wide * 1.5, 46 + wide * 2.5], abs=0.1)


def test_uprights_are_the_intervals():
    found = posts(path(drawn(*SAMPLE), "wb-interval"))
    assert [rate_at(foot, 0.6) for _, foot, _ in found] == pytest.approx(SAMPLE[1], abs=3e-4)
    assert [rate_at(head, 0.6) for _, _, head in found] == pytest.approx(SAMPLE[2], abs=3e-4)


def test_the_average_is_a_dotted_line_and_named():
    drawing = drawn(*SAMPLE)
    ((_, y),) = points(path(drawing, "wb-average"))
    assert rate_at(y, 0.6) == pytest.approx(0.1, abs=3e-4)
    assert "average 10 %" in said(drawing)


def test_the_champion_is_a_hollow_diamond():
    drawing = drawn(*SAMPLE, champion=([0.3, NAN, 0.1],))
    mark = named(drawing, "wb-champion")[-1]
    tips = [y for _, y in points(mark.get("d"))[::4]]
    assert mark.get("fill").startswith("var(--wb-paper")
    assert [rate_at(y + 4, 0.6) for y in tips] == pytest.approx([0.3, 0.1], abs=5e-4)


def test_the_table_has_n_and_converted_of_every_band():
    drawing = drawn(*SAMPLE)
    rows = {}
    for each in texts(drawing):
        rows.setdefault(each.bottom, []).append(each.text)
    assert ["500", "300", "40", "n"] in rows.values()
    assert ["25", "30", "16", "conv."] in rows.values()


def test_thin_bands_are_hatched_not_filled():
    drawing = drawn(*SAMPLE[:5], [1, 0, 1])
    assert len(boxes(path(drawing, "wb-bars"))) == 2
    assert len(boxes(path(drawing, "wb-thin"))) == 1
    assert "few" in said(drawing)
    assert "10–19: 10 % of 300 (5.0 % to 20 %), few" in drawing.alt


def test_a_thin_band_runs_out_at_the_top_with_its_number():
    drawing = drawn([0.05, 0.1, 1.0], [0.02, 0.05, 0.2], [0.09, 0.2, 1.0], [500, 300, 1], [25, 30, 1], [1, 1, 0])
    assert boxes(path(drawing, "wb-thin"))[0][1] == TOP
    shown = [each for each in texts(drawing) if each.text == "100 %"]
    assert len(shown) == 1
    assert shown[0].left > 300


def test_empty_bands_and_missing_intervals_are_not_drawn():
    drawing = drawn([NAN, 0.1], [NAN, NAN], [NAN, NAN], [0, 300], [0, 30], [0, 1])
    assert len(boxes(path(drawing, "wb-bars"))) == 1
    assert named(drawing, "wb-interval") == []
    assert "0–9: nobody" in drawing.alt
    assert "10–19: 10 % of 300" in drawing.alt


def test_the_finding_is_the_highest_band_that_can_be_judged():
    assert "Scores 20–29 convert 40 % (20 % to 55 %), 4.0x the average" in said(drawn(*SAMPLE))
    assert "Scores 10–19 convert 10 % (5.0 % to 20 %): not clearly off the average" in said(
        drawn(*SAMPLE[:5], [1, 1, 0])
    )
    assert "No band has enough leads to judge" in said(drawn(*SAMPLE[:5], [0, 0, 0]))


def test_hovering_tells_all_numbers_of_a_band():
    assert "20–29: 40 % of 40 (20 % to 55 %)" in said(drawn(*SAMPLE))


def test_with_many_bands_only_some_are_named_all_are_drawn():
    drawing = bands(60)
    assert len(boxes(path(drawing, "wb-bars"))) == 60
    assert 3 <= sum(each.text == "500" for each in texts(drawing)) <= 20


def counts(drawing, n):
    """The row of n: every text that is one of the numbers."""
    return [each.text for each in texts(drawing) if each.text in {str(size) for size in n}]


def test_where_names_are_thinned_small_counts_stay_for_every_band():
    n = [100 + each for each in range(20)]
    drawing = drawn([0.1] * 20, [0.05] * 20, [0.2] * 20, n, [10] * 20, [1] * 20)
    assert counts(drawing, n) == [str(size) for size in n]
    assert sum("0–" in each.text and "convert" not in each.text for each in texts(drawing)) < 20


@pytest.mark.parametrize("fullest", [0, 1, 7, 40, 58])
def test_the_fullest_band_and_the_last_with_leads_keep_their_counts(fullest):
    n = [101 + each for each in range(59)] + [0]
    n[fullest] = 999
    found = counts(drawn([0.1] * 60, [0.05] * 60, [0.2] * 60, n, [10] * 60, [1] * 60), n)
    assert str(n[58]) in found
    assert "999" in found or fullest in (57, 58)


def test_a_number_at_the_upper_end_stands_above_the_plot():
    drawing = drawn([0.05, 0.1, 1.0], [0.02, 0.05, 0.2], [0.09, 0.2, 1.0], [500, 300, 1], [25, 30, 1], [1, 1, 0])
    (shown,) = [each for each in texts(drawing) if each.text == "100 %"]
    assert shown.bottom < TOP - 4  # the arrow head lies between


@pytest.mark.parametrize(("average", "champion"), [(0.05, None), (0.9, None), (0.05, [0.1, 0.2, 0.95])])
def test_parts_drawn_to_one_reach_have_one_axis(average, champion):
    rate, low, high, n, won, enough = SAMPLE
    more = {"champion": None if champion is None else (champion,)}
    reach = max(highest_rate(rate, high, enough, average=average, champion=champion), 0.3)
    first = drawn(rate, low, high, n, won, enough, average=average, reach=reach, **more)
    second = drawn([0.01] * 3, [0.01] * 3, [0.02] * 3, n, won, enough, average=0.01, reach=reach)
    tops = [
        [each.text for each in texts(drawing) if each.right < 46 and each.text.endswith("%")]
        for drawing in (first, second)
    ]
    assert tops[0] == tops[1]
    alone = drawn(rate, low, high, n, won, enough, average=average, **more)
    assert (
        alone.svg
        == drawn(rate, low, high, n, won, enough, average=average, reach=reach if reach > 0.3 else 0.0, **more).svg
    )


@pytest.mark.parametrize("reach", [0.0, 0.33, 1.0])
def test_the_axis_can_be_made_to_reach(reach):
    drawing = drawn(*SAMPLE, reach=reach)
    high = max(float(each.text[:-2]) for each in texts(drawing) if each.text.endswith(" %") and each.right < 46)
    assert high == (100 if reach == 1 else 60)


def test_small_changes_leave_the_axis():
    ticks = []
    for change in np.linspace(0, 0.04, 5):
        drawing = drawn([0.05, 0.1, 0.4 + change], *SAMPLE[1:])
        ticks.append([each.text for each in texts(drawing) if each.right < 46])
    assert all(each == ticks[0] for each in ticks)


def test_labels_must_fit_the_values():
    with pytest.raises(CallError, match="expected a value for each of 1 labels, found 2"):
        draw_bands(["a"], [1, 0], [0, 0], [1, 1], [1, 1], [1, 0], [1, 1], average=0.5)
    with pytest.raises(CallError, match="flat arrays of one length"):
        draw_bands(["a"], [1], [0], [1], [1], [1], [1], average=0.5, champion=([1, 1],))
