from __future__ import annotations

import workbench as wb
from workbench.model import Decay
from workbench.observation import Weights
from workbench.observation.weights import DimensionWeights


def test_weights_are_thousandths_and_enabled_rules_only(scorecard):
    whole = Weights.of(wb.change_model(scorecard, {"rules.silent.enabled": False}))
    [weights] = whole.alternatives
    by_id = {rule.id: rule for rule in weights.rules}
    assert list(by_id) == ["title", "industry", "trial", "pricing", "pages", "opens"]
    assert by_id["title"].points == (-1000, 15_000, 8000)
    assert (by_id["pricing"].most, by_id["pricing"].decay) == (9000, Decay(half_life=7))
    assert (by_id["opens"].book, by_id["opens"].group) == ("engagement", "mail")
    assert weights.groups == {"mail": (0, 4500)}
    fit, engagement = DimensionWeights((-5000, 20_000)), DimensionWeights((None, 30_000))
    assert weights.dimensions == {"fit": fit, "engagement": engagement}
    combining = weights.combining
    assert (combining.kind, combining.total, combining.whole, whole.out) == ("sum", (0, 40_000), True, (True, False))
