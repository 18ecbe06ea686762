from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from workbench.errors import CallError
from workbench.suggesting import binned_points, few_points
from workbench.suggesting.few import _Table, area_lines

from .planted import TRUE, frame


def data(seed=2, n=700):
    found = frame(seed, n)
    return found[[f"f{at}" for at in range(len(TRUE))]].to_numpy(dtype=bool), found["won"].to_numpy(dtype=bool)


def test_lines_are_exact_for_the_auc():
    hits, won = data()
    table = _Table(hits, won, -3, 3)
    points = np.array([2, 0, -1, 0, 3, 0, 0, 0])
    areas = area_lines(table, points)
    for at, value in itertools.product(range(8), range(-3, 4)):
        other = points.copy()
        other[at] = value
        assert areas[at, value + 3] == pytest.approx(roc_auc_score(won, hits @ other), abs=1e-12)


def test_the_loss_is_that_of_a_logistic_regression():
    hits, won = data()
    found = few_points(hits, won, most=4)
    scores = found.scores(hits)[:, None]
    theirs = log_loss(won, LogisticRegression(C=np.inf, tol=1e-9).fit(scores, won).predict_proba(scores)[:, 1])
    assert found.log_loss == pytest.approx(theirs, abs=1e-4)
    eta = found.intercept + found.slope * scores[:, 0]
    assert log_loss(won, 1 / (1 + np.exp(-eta))) == pytest.approx(theirs, abs=1e-4)


def test_few_points_are_near_the_best_there_are():
    hits, won = data()
    table = _Table(hits[:, :5], won, -2, 2)
    best = min(
        table.loss(np.array(points))[0]
        for points in itertools.product(range(-2, 3), repeat=5)
        if 0 < np.count_nonzero(points) <= 3
    )
    found = few_points(hits[:, :5], won, most=3, low=-2, high=2)
    assert np.count_nonzero(found.points) <= 3
    assert found.log_loss == pytest.approx(best, abs=5e-4)


def test_the_auc_objective_has_the_higher_auc():
    hits, won = data()
    areas = [
        roc_auc_score(won, few_points(hits, won, most=4, objective=name).scores(hits)) for name in ("auc", "log_loss")
    ]
    assert areas[0] >= areas[1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"won": np.ones(700, dtype=bool)}, "outcomes of both kinds"), ({"low": 1}, "a range that holds 0")],
)
def test_what_cannot_be_is_refused(changes, message):
    hits, won = data()
    with pytest.raises(CallError, match=message):
        few_points(**{"hits": hits, "won": won, **changes})


def test_bins_earn_points_for_what_converts():
    rng = np.random.default_rng(1)
    n = 3000
    number, text = rng.normal(size=n), rng.choice(["a", "b", "c"], size=n)
    won = rng.random(n) < 1 / (1 + np.exp(1 - 1.5 * (number > 0.5) - 1.0 * (text == "b")))
    table = pd.DataFrame({"number": np.where(rng.random(n) < 0.1, np.nan, number), "text": text, "noise": 1.0})
    found = binned_points(table, won)
    assert list(found.columns) == ["number", "text"]
    assert found.rules >= 4
    best = (number > 0.5) * 1.5 + (text == "b")
    assert roc_auc_score(won, found.scores(table)) > roc_auc_score(won, best) - 0.02
    unseen = pd.DataFrame({"number": [0.9, np.nan], "text": ["z", None]})
    assert found.scores(unseen).shape == (2,)
