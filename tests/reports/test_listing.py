from __future__ import annotations

import pandas as pd

from workbench.reports import listing


def test_numbers_are_rounded_and_shares_are_percentages():
    frame = pd.DataFrame(
        {
            "field": ["a", None],
            "filled": [0.123456, 1.0],
            "leads": [1234, 1],
            "points": [2.123456, 10.0],
            "on": [True, False],
        }
    )
    table = listing(frame, "Fields")
    assert table.columns == ("Field", ">Filled", ">Leads", ">Points", ">On")
    assert table.rows == (("a", "12.3 %", "1,234", "2.12", "yes"), ("–", "100.0 %", "1", "10", "no"))
