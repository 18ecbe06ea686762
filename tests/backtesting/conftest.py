from __future__ import annotations

import pytest
from crm import SCORECARD, crm, load

import workbench as wb

PLAN = """
at: {at}
outcome: won
horizon: 40d
segments: [region, industry]
value: {{contact_cost: 12.5, win: {win}}}
{more}
"""


@pytest.fixture(scope="session")
def frames():
    return crm(seed=4, leads=900)


@pytest.fixture(scope="session")
def scorecard():
    return wb.parse_model(SCORECARD)


@pytest.fixture(scope="session")
def observed(frames, scorecard):
    """Observations by the parts of the plan that differ; made once each."""
    made = {}
    with load(frames) as history:

        def observe(at="14d", win="900", more=""):
            key = (at, win, more)
            if key not in made:
                plan = wb.parse_plan(PLAN.format(at=at, win=win, more=more))
                made[key] = wb.observe(history, scorecard, plan)
            return made[key]

        yield observe
