from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from workbench.suggesting.steps import adjusted, holm


def steps(p, verdicts, recommended):
    sizes = np.arange(len(p) + 1)
    return pd.DataFrame(
        {"changes": sizes, "p": [np.nan, *p], "verdict": ["same", *verdicts], "recommended": sizes == recommended}
    )


def test_adjusted_p_is_that_of_statsmodels():
    rng = np.random.default_rng(1)
    p = rng.random(40) ** 4
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    with_gap = holm(np.r_[np.nan, p])
    assert np.isnan(with_gap[0])
    assert with_gap[1:] == pytest.approx(holm(p))


def test_one_of_many_steps_is_not_called_better():
    found = adjusted(steps([0.03, 0.2, 0.5], ["better", "not enough evidence", "not enough evidence"], 2), apart=True)
    assert found["verdict"].tolist() == ["same", *["not enough evidence"] * 3]
    sure = adjusted(steps([0.001, 0.02, 0.5], ["better", "worse", "not enough evidence"], 3), apart=True)
    assert sure["verdict"].tolist() == ["same", "better", "worse", "not enough evidence"]


@pytest.mark.parametrize(("apart", "verdict"), [(True, "better"), (False, "not enough evidence")])
def test_a_step_named_before_keeps_its_own_verdict(apart, verdict):
    frame = steps([0.03, 0.2, 0.5], ["better", "not enough evidence", "not enough evidence"], 1)
    assert adjusted(frame, apart=apart)["verdict"].iloc[1] == verdict


def test_where_folds_choose_nothing_they_find_nothing_better():
    frame = steps([0.001, 0.002], ["better", "better"], 0)
    assert "better" not in set(adjusted(frame, apart=False)["verdict"])
    assert adjusted(frame, apart=True)["verdict"].tolist() == ["same", "better", "better"]
