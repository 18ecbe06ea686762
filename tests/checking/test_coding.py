"""Columns as codes, and their strength: against scikit-learn, and without learning by heart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from workbench.checking.coding import coded, numbers_of, out_of_fold, told, told_within
from workbench.observation import Asked

from .flat import leads, load, material, trait


def asked(name, kind):
    return Asked(name, {"field": name}, kind, "undated", "")


def test_texts_are_codes_and_missing_is_none():
    found = coded(asked("x", "text"), pd.Series(["a", None, "b", "a"], dtype=object))
    assert found.codes.tolist() == [1, 0, 2, 1]
    assert found.labels == ("", "a", "b")
    assert found.filled.tolist() == [True, False, True, True]


def test_few_numbers_are_values_and_many_are_bins_of_equal_size():
    few = coded(asked("x", "number"), pd.Series([3.0, np.nan, 1.0, 3.0]))
    assert few.codes.tolist() == [2, 0, 1, 2]
    assert few.labels == ("", "1", "3")
    many = coded(asked("x", "number"), pd.Series(np.arange(1_000.0)))
    assert np.bincount(many.codes)[1:].tolist() == pytest.approx([50] * 20, abs=1)
    assert many.labels[-1].endswith(" and more")
    assert (np.diff(many.codes) >= 0).all()


def test_times_are_days():
    at = pd.Series(pd.to_datetime(["1970-01-03", None], utc=True))
    assert numbers_of(at)[0] == 2.0
    assert np.isnan(numbers_of(at)[1])


def test_a_column_with_no_value_is_all_missing():
    found = coded(asked("x", "number"), pd.Series([np.nan, np.nan]))
    assert found.codes.tolist() == [0, 0]


@pytest.fixture(scope="module")
def flat():
    frame = leads(1_500, seed=3)
    with load(frame, more={"order": "file"}) as history:
        yield material(history)


def test_the_auc_is_that_of_scikit_learn(flat):
    scores = trait(pd.DataFrame({"won": flat.won}), 0.7)
    found = told(scores, flat)
    assert found.auc == pytest.approx(roc_auc_score(flat.won, scores), abs=1e-12)
    assert found.low < found.auc < found.high
    assert found.p < 1e-6


def test_within_blocks_it_is_the_mean_of_the_blocks_by_pairs(flat):
    scores = trait(pd.DataFrame({"won": flat.won}), 0.7)
    areas, pairs = [], []
    for block in range(10):
        mine = flat.block == block
        areas.append(roc_auc_score(flat.won[mine], scores[mine]))
        pairs.append(flat.won[mine].sum() * (~flat.won[mine]).sum())
    assert told_within(scores, flat).auc == pytest.approx(np.average(areas, weights=pairs), abs=1e-12)


def test_what_only_tells_the_date_says_nothing_within(flat):
    late = flat.block.astype(float) + 100 * (flat.block == 3)
    assert told_within(late, flat).auc == pytest.approx(0.5, abs=1e-12)


def test_a_value_of_its_own_for_each_lead_is_worth_nothing(flat):
    """In-sample it would be perfect."""
    own = coded(asked("x", "text"), pd.Series([f"v{number}" for number in range(flat.n)], dtype=object))
    in_sample = np.bincount(own.codes, flat.won, own.size)[own.codes]
    assert roc_auc_score(flat.won, in_sample) == 1.0
    assert told(out_of_fold(own, flat), flat).auc < 0.55


def test_one_outcome_alone_tells_nothing(flat):
    few = np.flatnonzero(~flat.won)[:50]
    assert np.isnan(told(np.arange(flat.n), flat, few).low)
