"""What a change says, and for whom it is told."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.metrics.paired import Difference
from workbench.tuning.changes import COLUMNS, changes_frame, verdict

NAN = float("nan")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Difference(0.02, 0.001, 0.039, 0.01), "better"),
        (Difference(-0.02, -0.039, -0.001, 0.01), "worse"),
        (Difference(0.02, -0.001, 0.041, 0.01), "not enough evidence"),
        (Difference(0.02, 0.0, 0.04, 0.01), "not enough evidence"),
        (Difference(-0.02, -0.04, 0.0, 0.01), "not enough evidence"),
        (Difference(0.0, -0.02, 0.02, 0.01), "not enough evidence"),
        (Difference(0.0, 0.0, 0.0, 0.0), "same"),
        (Difference(1.0, NAN, NAN, NAN), "not enough evidence"),
        (Difference(NAN, NAN, NAN, NAN), "not enough evidence"),
    ],
)
def test_only_an_interval_without_zero_is_better_or_worse(change, said):
    assert verdict(change) == said
    assert verdict(change, enough=False) == ("same" if said == "same" else "not enough evidence")
    assert verdict(change, judged=False) == ("same" if said == "same" else "")


def test_a_frame_without_rows_has_its_columns():
    frame = changes_frame(iter(()))
    assert list(frame.columns) == COLUMNS
    assert frame.empty


def test_no_better_or_worse_is_none_and_not_nan():
    row = dict.fromkeys(COLUMNS, 0.0)
    frame = changes_frame(iter([row | {"higher_is_better": None}, row | {"higher_is_better": True}]))
    assert frame["higher_is_better"].tolist() == [None, True]
    assert frame["low"].dtype == np.float64
