from __future__ import annotations

import pytest

from workbench.plots.wording import compact, count, depth_name, month_name, percent, percent_tick, points, span, times

NAN = float("nan")


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0, "0 %"), (-1e-17, "0 %"), (1, "100 %"), (0.5, "50 %"), (0.0997, "10 %"), (0.099, "9.9 %"), (0.00018, "0.018 %"),
     (1e-7, "0.00001 %"), (0.9999, "99.9 %"), (0.995, "99.5 %"), (NAN, "unknown")],
)  # fmt: skip
def test_percent(rate, text):
    assert percent(rate) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [(0, "0x"), (0.123, "0.12x"), (1, "1.0x"), (9.96, "10x"), (12345, "12,345x"), (NAN, "unknown"),
                        (float("inf"), "infinitely")],
)  # fmt: skip
def test_times(ratio, text):
    assert times(ratio) == text


def test_the_others():
    assert [points(score) for score in (-0.0, 70, 12.345, -8)] == ["0", "70", "12.345", "-8"]
    assert [month_name(month) for month in ("2025-12", "2025-13", "all", "")] == ["Dec 2025", "2025-13", "all", ""]
    assert [compact(value) for value in (999.6, 1234, -2.5e6, 3e9, 12, NAN)] == [
        "1k",
        "1.23k",
        "-2.5M",
        "3B",
        "12",
        "unknown",
    ]
    assert count(NAN) == "unknown"
    assert depth_name(0.1) == "10 %"
    assert percent_tick(3e-9) == "0.0000003 %"
    assert span("unknown", "3 %") == "no interval"
