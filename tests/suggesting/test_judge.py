from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from workbench.observation import Weights
from workbench.searching import Lines, objective_named
from workbench.suggesting.folds import folds, subset
from workbench.suggesting.judge import Judge
from workbench.suggesting.ridge import ridge
from workbench.tuning import Bench
from workbench.tuning.edit import edited

from .planted import TRUE, frame, model, observed

OTHER = edited(model(), {"rules.r2.points": 6, "rules.r0.points": 10})


def test_the_difference_in_auc_is_that_of_the_bench(seen):
    judge = Judge(model(), seen, "validation", objective_named("auc"))
    found = judge.difference(judge.placed(Weights.of(model())), judge.placed(Weights.of(OTHER)))
    row = Bench(model(), seen).changes(OTHER).set_index(["part", "figure"]).loc[("validation", "auc")]
    assert (found.value, found.low, found.high) == pytest.approx((row["change"], row["low"], row["high"]))


@pytest.mark.parametrize("name", ["auc", "log_loss", "lift_10"])
def test_what_is_judged_is_what_was_searched(seen, name):
    objective = objective_named(name, seen=seen)
    judge = Judge(model(), seen, "train", objective)
    lines = Lines(model(), seen)
    counts = lines.counts(Weights.of(OTHER))
    by_search = float(objective(counts.scores, counts.negatives, counts.positives))
    assert judge.value(judge.placed(Weights.of(OTHER))) == pytest.approx(by_search, abs=1e-5)


def test_log_loss_is_that_of_a_logistic_regression(seen):
    judge = Judge(model(), seen, "train", objective_named("log_loss"))
    scores = seen.scorer(model()).scores(seen.rows("train")).milli[:, None] / 1000
    fit = LogisticRegression(C=np.inf, tol=1e-9).fit(scores, judge.won)
    theirs = log_loss(judge.won, fit.predict_proba(scores)[:, 1])
    assert judge.value(judge.placed(Weights.of(model()))) == pytest.approx(-theirs, abs=1e-6)


def test_the_interval_of_log_loss_is_that_of_paired_losses(seen):
    judge = Judge(model(), seen, "train", objective_named("log_loss"))
    found = judge.difference(judge.placed(Weights.of(model())), judge.placed(Weights.of(OTHER)))
    each = []
    for one in (model(), OTHER):
        scores = seen.scorer(one).scores(seen.rows("train")).milli[:, None] / 1000
        p = LogisticRegression(C=np.inf, tol=1e-9).fit(scores, judge.won).predict_proba(scores)[:, 1]
        each.append(np.log(np.where(judge.won, p, 1 - p)))
    moved = each[1] - each[0]
    assert found.error == pytest.approx(moved.std(ddof=1) / np.sqrt(len(moved)), rel=0.01)


def test_folds_keep_clusters_whole_and_converts_even():
    rng = np.random.default_rng(1)
    cluster, won = rng.integers(0, 200, 1000), rng.random(1000) < 0.1
    found = folds(won, cluster, count=5, seed=3)
    assert all(len(np.unique(found[cluster == each])) == 1 for each in np.unique(cluster))
    assert np.bincount(found, weights=won).min() >= 0.7 * won.sum() / 5
    assert (found != folds(won, cluster, count=5, seed=4)).any()


def test_a_subset_is_of_whole_clusters():
    rng = np.random.default_rng(1)
    cluster, won = rng.integers(0, 200, 1000), rng.random(1000) < 0.1
    few = subset(won, cluster, most=300, seed=3)
    assert 150 < len(few) < 350
    assert not set(cluster[few]) & set(np.delete(cluster, few))
    assert subset(won, cluster, most=1000, seed=3) is None


def test_ridge_is_that_of_scikit_learn():
    data = frame(1, 600)
    hits = data[[f"f{at}" for at in range(len(TRUE))]].to_numpy(dtype=float)
    ours = ridge(hits, data["won"].to_numpy(dtype=float), np.ones(600), penalty=2.0)
    spread = hits.std(axis=0)
    theirs = LogisticRegression(C=0.5, tol=1e-10).fit(hits / spread, data["won"]).coef_[0] / spread
    assert ours == pytest.approx(theirs, abs=1e-5)


def test_value_is_judged_as_it_is_searched():
    plan = "{at: recorded, value: {contact_cost: 100, win: 450}}"
    seen = observed(4, 800, plan=plan)
    objective = objective_named("value", seen=seen)
    judge = Judge(model(), seen, "all", objective)
    counts = Lines(model(), seen).counts(Weights.of(OTHER))
    found = judge.value(judge.placed(Weights.of(OTHER)))
    assert found == pytest.approx(float(objective(counts.scores, counts.negatives, counts.positives)))
