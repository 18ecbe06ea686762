"""A small past observed by models in several forms, and the sample; each once."""

from __future__ import annotations

from pathlib import Path

import pytest
from crm import SCORECARD, crm, load

import workbench as wb

ROOT = Path(__file__).parents[2]
PLAN = """{{at: 14d, outcome: won, horizon: 40d, seed: 3, split: {{by: {by}}},
  value: {{contact_cost: 40, win: {win}}}, capacity: {{per: week, leads: 2}}{more}}}"""
VARIANTS = f"""{SCORECARD}
variants:
  - name: europe
    when: {{field: region, equals: EU}}
    multiply: {{dimensions: {{fit: 1.5}}}}
    tiers: {{Warm: 14, Hot: 21}}
  - name: apac
    when: {{field: region, equals: APAC}}
    drop: [silent]
"""
LOWER_LATER = SCORECARD.replace("name: Hot, from: 18, require: {fit: 6}", "name: Hot, from: 6")
ACCOUNTS = f"""{SCORECARD}
account:
  roll_up: max
  tiers: [{{name: Quiet, from: 0}}, {{name: Busy, from: 12}}]
"""
MODELS = {"scorecard": SCORECARD, "variants": VARIANTS, "lower_later": LOWER_LATER, "accounts": ACCOUNTS}


@pytest.fixture(scope="package")
def models():
    return {name: wb.parse_model(text) for name, text in MODELS.items()}


@pytest.fixture(scope="package")
def observe():
    """Observations of the small past: `observe(model, by=…, win=…, more=…)`."""
    made = {}
    with load(crm(seed=4, leads=1_200)) as history:

        def observe(model, by="lead", win="500", more=""):
            key = (model.document_digest, by, win, more)
            if key not in made:
                made[key] = wb.observe(history, [model], wb.parse_plan(PLAN.format(by=by, win=win, more=more)))
            return made[key]

        yield observe


@pytest.fixture(scope="package")
def sample():
    """The champion and its observations by the inbound plan."""
    model = wb.read_model(ROOT / "notebooks" / "models" / "champion.yaml")
    with wb.read_history(ROOT / "data" / "sample") as history:
        return model, wb.observe(history, [model], wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml"))


@pytest.fixture(scope="package")
def sample_history():
    """The sample, open."""
    with wb.read_history(ROOT / "data" / "sample") as history:
        yield history
