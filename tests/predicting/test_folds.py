from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from workbench.predicting import moments_of, random_folds, time_folds

from .conftest import flat, mapping


@pytest.mark.parametrize("seed", range(3))
def test_a_cluster_is_in_one_fold_and_folds_are_of_a_size(seed: int) -> None:
    random = np.random.default_rng(seed)
    cluster = np.concatenate([random.integers(0, 60, 500), 1000 + np.arange(400)])
    for fold in (random_folds(cluster, seed=seed), time_folds(random.integers(0, 10**9, 900), cluster)):
        assert all(len(set(fold[cluster == each])) == 1 for each in np.unique(cluster))
        assert set(fold) == set(range(5))
    sizes = np.bincount(random_folds(cluster, seed=seed))
    assert sizes.max() - sizes.min() <= 3


def test_blocks_follow_time() -> None:
    moment = np.random.default_rng(1).permutation(100)
    fold = time_folds(moment, np.arange(100))
    np.testing.assert_array_equal(fold, moment // 20)


def test_moments_are_as_of_or_the_place_in_the_file() -> None:
    frame = flat(50)
    plan = wb.parse_plan("{at: recorded}")
    with wb.read_history({"leads": frame}, mapping=mapping("file")) as history:
        seen = wb.observe(history, (), plan)
        moments = moments_of(history, seen)
        expected = [frame.index[frame["lead_id"] == lead][0] for lead in seen.subjects.lead_id]
        np.testing.assert_array_equal(moments - moments.min(), expected)
    with wb.read_history({"leads": frame}, mapping=mapping()) as history:
        assert moments_of(history, wb.observe(history, (), plan)) is None
