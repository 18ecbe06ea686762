from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from workbench.errors import CallError
from workbench.metrics.clustering import clustered_rate_ratio, design_effect
from workbench.metrics.intervals import normal_quantile, rate_ratio, wilson

from .samples import clustered_leads


def sample(seed: int, clusters: int = 80):
    _, outcomes, accounts, _ = clustered_leads(np.random.default_rng(seed), clusters)
    return outcomes, accounts


@pytest.mark.parametrize("seed", range(8))
def test_design_effect_is_the_cluster_variance_of_the_mean_in_statsmodels(seed):
    outcomes, accounts = sample(seed)
    n, p = len(outcomes), outcomes.mean()
    # use_correction multiplies by K / (K - 1) * (n - 1) / (n - 1 parameter), that is K / (K - 1) as ours.
    fit = sm.OLS(outcomes.astype(float), np.ones(n)).fit(
        cov_type="cluster", cov_kwds={"groups": accounts, "use_correction": True}
    )
    wanted = float(fit.bse[0]) ** 2 / (p * (1 - p) / (n - 1))
    assert wanted > 1.2
    assert design_effect(outcomes, accounts)[0] == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_each_group_is_judged_alone(seed):
    outcomes, accounts = sample(seed)
    bands = np.random.default_rng(seed).integers(0, 3, len(outcomes))
    found = design_effect(outcomes, accounts, groups=bands, n_groups=4)
    for band in range(3):
        inside = bands == band
        assert found[band] == pytest.approx(design_effect(outcomes[inside], accounts[inside])[0], rel=1e-12)
    assert found[3] == 1


def test_leads_without_clusters_have_exactly_one():
    outcomes, _ = sample(1)
    assert design_effect(outcomes, np.arange(len(outcomes)) * 3)[0] == pytest.approx(1, abs=1e-12)
    assert design_effect([], []).tolist() == [1]


def test_opposite_leads_in_each_cluster_do_not_narrow_the_interval():
    assert design_effect([1, 0, 1, 0, 1, 0], [0, 0, 1, 1, 2, 2])[0] == 1


def test_a_band_where_nobody_converted_borrows_the_correlation_of_all():
    accounts = np.repeat(np.arange(40), 4)
    outcomes = accounts < 10
    bands = (accounts >= 20).astype(int)
    found = design_effect(outcomes, accounts, groups=bands, n_groups=2)
    # Whole accounts are alike, so rho is 1 and four leads count as one.
    assert found[1] == 4
    assert wilson(0, 80, design_effect=found[1]).high == pytest.approx(wilson(0, 20).high)


def test_a_single_cluster_tells_as_much_as_one_lead():
    assert design_effect([1, 0, 1, 1, 1], [7] * 5)[0] == 5
    assert design_effect([1, 1, 1], [7] * 3)[0] == 3


@pytest.mark.parametrize(
    ("outcomes", "clusters", "groups", "where"),
    [([1, 0], [0], None, "clusters"), ([1, 0], [0, -1], None, "clusters"), ([1, 0], [0, 1], [0, 2], "groups")],
)
def test_design_effect_refuses_what_does_not_fit(outcomes, clusters, groups, where):
    with pytest.raises(CallError, match=f"^{where}: expected"):
        design_effect(outcomes, clusters, groups=groups, n_groups=2)


def random_table(seed: int):
    random = np.random.default_rng(seed)
    accounts = np.repeat(np.arange(60), random.integers(1, 6, 60))
    chosen = random.random(len(accounts)) < 0.4
    hits = (random.standard_normal(60)[accounts] + random.standard_normal(len(accounts)) + chosen) > 0.7
    return hits, chosen, accounts


def counts(hits, chosen):
    return int((hits & chosen).sum()), int(chosen.sum()), int((hits & ~chosen).sum()), int((~chosen).sum())


@pytest.mark.parametrize("seed", range(5))
def test_rate_ratio_of_single_leads_is_the_plain_one_times_k_over_k_minus_one(seed):
    hits, chosen, _ = random_table(seed)
    k = len(hits)
    plain, ours = rate_ratio(*counts(hits, chosen)), clustered_rate_ratio(hits, chosen, np.arange(k))
    assert ours.ratio == pytest.approx(plain.ratio, rel=1e-12)
    assert np.log(ours.high / ours.ratio) == pytest.approx(
        np.log(plain.high / plain.ratio) * np.sqrt(k / (k - 1)), rel=1e-10
    )


@pytest.mark.parametrize("seed", range(5))
def test_clustered_rate_ratio_equals_a_poisson_regression_with_cluster_errors(seed):
    hits, chosen, accounts = random_table(seed)
    design = sm.add_constant(chosen.astype(float))
    fit = sm.GLM(hits.astype(float), design, family=sm.families.Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": accounts, "use_correction": False}
    )
    k = len(np.unique(accounts))
    half = normal_quantile(0.95) * float(fit.bse[1]) * np.sqrt(k / (k - 1))
    ours = clustered_rate_ratio(hits, chosen, accounts)
    assert np.log(ours.ratio) == pytest.approx(float(fit.params[1]), abs=1e-8)
    assert np.log(ours.high / ours.ratio) == pytest.approx(half, rel=1e-6)
    assert np.log(ours.ratio / ours.low) == pytest.approx(half, rel=1e-6)


def test_an_empty_cell_takes_one_half_and_the_most_that_clusters_can_do():
    hits = np.array([0, 0, 0, 0, 1, 0, 1, 0], dtype=bool)
    chosen = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
    plain = rate_ratio(0, 4, 2, 4)
    ours = clustered_rate_ratio(hits, chosen, [0, 0, 1, 1, 2, 2, 3, 3])
    assert ours.ratio == plain.ratio
    assert np.log(ours.high / ours.ratio) == pytest.approx(np.log(plain.high / plain.ratio) * np.sqrt(2), rel=1e-12)


def test_an_empty_side_is_nan():
    assert np.isnan(np.array(clustered_rate_ratio([1, 0], [1, 1], [0, 1]))).all()


@pytest.mark.parametrize(("chosen", "clusters"), [([1], [0, 1]), ([1, 0], [0])])
def test_rate_ratio_refuses_lengths_that_differ(chosen, clusters):
    with pytest.raises(CallError, match="for each"):
        clustered_rate_ratio([1, 0], chosen, clusters)


@pytest.mark.slow
def test_wilson_with_the_design_effect_covers_and_without_it_does_not():
    random = np.random.default_rng(3)
    truth = clustered_leads(random, 200_000, within=0.9)[1].mean()
    covered = np.zeros(2)
    for _ in range(800):
        _, outcomes, accounts, _ = clustered_leads(random, 100, within=0.9)
        for at, effect in enumerate((design_effect(outcomes, accounts)[0], 1.0)):
            low, high = wilson(outcomes.sum(), len(outcomes), design_effect=effect)
            covered[at] += low <= truth <= high
    assert 0.92 <= covered[0] / 800 <= 0.975
    assert covered[1] / 800 < 0.85
