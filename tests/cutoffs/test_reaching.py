from __future__ import annotations

import numpy as np
import pytest

from workbench.cutoffs.reaching import cuts, moved, reaching, tier_named
from workbench.cutoffs.scene import reached_now
from workbench.errors import CallError


@pytest.mark.parametrize("name", ["scorecard", "variants", "lower_later"])
@pytest.mark.parametrize("tier", ["Cold", "Warm", "Hot"])
def test_a_key_says_what_the_changed_model_would(models, observe, name, tier):
    """Minima, gates, variants and later tiers: reaching the tier at a threshold is the whole changed model's word."""
    model, seen = models[name], observe(models[name])
    keys, _ = reaching(model, seen, tier)
    for points in (-7, 0, 3, 6, 9.5, 10, 12, 15, 18, 21, 30):
        changed, _ = moved(model, seen, tier, points)
        assert np.array_equal(keys >= points * 1000, reached_now(changed, seen, tier)), points


def test_a_key_of_accounts_too(models, observe):
    model = models["accounts"]
    seen = observe(model, by="account", more=", unit: account")
    keys, _ = reaching(model, seen, "Busy")
    for points in (0, 5, 12, 20):
        changed, _ = moved(model, seen, "Busy", points)
        assert np.array_equal(keys >= points * 1000, reached_now(changed, seen, "Busy")), points


def test_tiers_keep_their_order(models, observe):
    model, seen = models["lower_later"], observe(models["lower_later"])
    changed, others = moved(model, seen, "Warm", 25)
    assert [float(tier.from_) for tier in changed.tiers] == [0, 25, 25]
    assert others == ("Hot",)
    changed, others = moved(model, seen, "Warm", -3)
    assert [float(tier.from_) for tier in changed.tiers] == [-3, -3, 6]
    assert others == ("Cold",)


def test_cuts_are_whole_points_that_tell_leads_apart():
    keys = np.array([-(2**62), -500, 1_250, 1_900, 4_000, 4_000, 2**62])
    assert cuts(keys, 1000, 400).tolist() == [-1000, 1000, 4000]
    assert len(cuts(np.arange(5000) * 1000, 1000, 400)) == 400


def test_tiers_that_are_not_there(models, observe):
    model, seen = models["scorecard"], observe(models["scorecard"])
    assert tier_named(model, seen, None) == "Warm"
    with pytest.raises(CallError, match=r"expected a tier of scorecard, found 'Warn'. Did you mean 'Warm'"):
        tier_named(model, seen, "Warn")
