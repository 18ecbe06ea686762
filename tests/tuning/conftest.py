"""The sample data with the notebooks' models and plans, and models in every form of the language on a small past."""

from __future__ import annotations

from pathlib import Path

import pytest
from crm import SCORECARD, crm, load

import workbench as wb

ROOT = Path(__file__).parents[2]
HOME = ROOT / "notebooks"
PLAN = "{{at: 14d, outcome: won, horizon: 40d, split: {{by: {by}}}, segments: [industry]{more}}}"

MATRIX = f"""{SCORECARD.split("score: {min")[0]}
score: {{combine: sum, min: -10, max: 45}}
tiers: [{{name: Cold}}, {{name: Warm}}, {{name: Hot}}]
matrix:
  rows: {{dimension: fit, from: {{C: -5, B: 5, A: 12}}}}
  columns: {{dimension: engagement, from: {{"2": -100, "1": 4}}}}
  tiers: {{A1: Hot, A2: Warm, B1: Warm, B2: Cold, C1: Cold, C2: Cold}}
gates:
  - {{id: rival, when: {{field: region, equals: nowhere}}, tier: Disqualified}}
  - {{id: friend, when: {{field: title, contains_any: friend}}, tier: Hot}}
"""
VARIANTS = f"""{SCORECARD}
variants:
  - name: europe
    when: {{field: region, equals: EU}}
    multiply: {{dimensions: {{fit: 1.5}}}}
    tiers: {{Warm: 14, Hot: 21}}
  - name: apac
    when: {{field: region, equals: APAC}}
    drop: [silent]
    override: [{{id: title, in: fit, when: {{field: title, has_word: chief}}, points: 11}}]
"""
PLAIN = SCORECARD.replace(", require: {fit: 6}", "").split("gates:")[0]
UNGATED = VARIANTS.replace(", require: {fit: 6}", "").replace("tier: Disqualified", "tier: Cold")
MODELS = {"scorecard": SCORECARD, "matrix": MATRIX, "variants": VARIANTS, "plain": PLAIN, "ungated": UNGATED}


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    """The bootstrap of a backtest is not looked at here, and is most of its work."""
    monkeypatch.setattr("workbench.backtesting.figures.DRAWS", 20)


@pytest.fixture(scope="package")
def sample_models():
    """The champion and the challenger."""
    return tuple(wb.read_model(HOME / "models" / f"{name}.yaml") for name in ("champion", "challenger"))


@pytest.fixture(scope="package")
def sample_seen(sample_models):
    """The observations of the sample by plan; the engine is closed."""
    made = {}
    for name in ("inbound", "monthly"):
        with wb.read_history(ROOT / "data" / "sample") as history:
            made[name] = wb.observe(history, sample_models, wb.read_plan(HOME / "plans" / f"{name}.yaml"))
    return made


@pytest.fixture(scope="package")
def models():
    """Models by form."""
    return {name: wb.parse_model(text) for name, text in MODELS.items()}


@pytest.fixture(scope="package")
def observe():
    """Observations of the small past by models and what is special about the plan; made once each."""
    made = {}
    with load(crm(seed=4, leads=1_200)) as history:

        def observe(*models, by="lead", more=""):
            key = (tuple(model.document_digest for model in models), by, more)
            if key not in made:
                made[key] = wb.observe(history, models, wb.parse_plan(PLAN.format(by=by, more=more)))
            return made[key]

        yield observe
