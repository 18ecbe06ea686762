"""Models whose sums move along with points, on a small past; and what counting every candidate afresh gives."""

from __future__ import annotations

import random

import numpy as np
import pytest
from crm import crm, load

import workbench as wb
from workbench.backtesting import Candidates

PLAN = "{{at: 14d, outcome: won, horizon: 40d{more}}}"
GATES = """
gates:
  - {id: rival, when: {field: region, equals: APAC}, tier: Disqualified}
"""
VARIANTS = """
variants:
  - name: europe
    when: {field: region, equals: EU}
    multiply: {dimensions: {fit: 1.5}}
  - name: states
    when: {field: region, equals: US}
    drop: [seats]
    override: [{id: title, in: fit, when: {field: title, has_word: chief}, points: 11}]
"""
RULES = """
  - id: title
    in: fit
    cases:
      - {when: {field: title, has_word: [vp, chief]}, points: %s}
      - {when: {field: title, has_word: director}, points: %s}
    default: %s
  - {id: industry, in: %s, when: {account_field: industry, one_of: [software, media]}, points: %s}
  - {id: region, in: %s, when: {field: region, equals: EU}, points: %s}
  - {id: seats, in: %s, when: {field: seats, at_least: 200}, points: %s}
  - {id: pages, in: engagement, each: {event: page_view}, points: %s, limit: {events: 4, points: 9}}
  - {id: opens, in: mail, each: {event: open, within: 20d}, points: %s, weight: %s}
  - {id: calls, in: mail, each: {event: call}, points: %s, cap: {max: 6}}
  - {id: silent, in: engagement, when: {event: any, within: 10d, count: {equals: 0}}, points: %s}
"""


def bounds(rng: random.Random) -> str:
    """A cap with ends that sums reach; either may be open."""
    low, high = rng.randint(-6, 2), rng.randint(3, 15)
    ends = [f"min: {low}"] * (rng.random() < 0.6) + [f"max: {high}"] * (rng.random() < 0.7)
    return f"{{{', '.join(ends)}}}"


def model(seed: int) -> wb.Model:
    """A model with round points."""
    rng = random.Random(seed)

    def points() -> float:
        return rng.choice([-7, -3, -0.5, 0, 1, 2.5, 4, 5, 8, 12])

    home = rng.choice
    given = (
        *(points() for _ in range(3)),
        *(part for _ in range(3) for part in (home(["fit", "mix", "engagement"]), points())),
        points(),
        points(),
        rng.choice([1, 2, 0.5]),
        points(),
        points(),
    )
    combine = rng.choice(["sum", "sum", "weighted, weights: {fit: 0.75, engagement: 0.5}", "max", "product"])
    transform = rng.choice(["", "", ", transform: {rescale: {from: [-10, 30], to: [0, 100]}}"])
    score = bounds(rng).strip("{}")
    text = (
        "format: lead-scoring-model/1\nname: round\ndimensions:\n"
        f"  fit: {bounds(rng)}\n  engagement: {bounds(rng)}\n"
        f"groups:\n  mail: {{in: engagement{_more(bounds(rng))}}}\n  mix: {{in: fit{_more(bounds(rng))}}}\n"
        f"rules:{RULES % given}"
        f"score: {{combine: {combine}{transform}, round: {rng.choice(['none', 'half_up'])}{_more(score)}}}\n"
    )
    return wb.parse_model(text + rng.choice(["", GATES]) + rng.choice(["", "", VARIANTS]))


def _more(ends: str) -> str:
    inside = ends.strip("{}")
    return f", {inside}" if inside else ""


@pytest.fixture(scope="package")
def observe():
    """Observations of a small past by models and what is special about the plan; made once each."""
    made = {}
    with load(crm(seed=4, leads=900)) as history:

        def observe(*models, more=""):
            key = (tuple(each.document_digest for each in models), more)
            if key not in made:
                made[key] = wb.observe(history, models, wb.parse_plan(PLAN.format(more=more)))
            return made[key]

        yield observe


@pytest.fixture(scope="package")
def round_models():
    """Models by seed."""
    return [model(seed) for seed in range(16)]


@pytest.fixture(scope="package")
def the_same():
    """Compares a line with candidates that are counted one after another."""

    def compare(known, lines, seen, weights, place, values, part="all"):
        candidates = Candidates(known, seen, part=part)
        found = lines.along(weights, place, np.asarray(values))
        assert np.all(found.scores[1:] > found.scores[:-1])
        for row, value in enumerate(values):
            placed = candidates.placed(lines.paying(weights, place, int(value)))
            counts, expected = found.counts(row), placed.counts
            told = f"{known.name} {place} {value}"
            assert counts.gated == expected.gated, told
            for name in ("scores", "negatives", "positives"):
                np.testing.assert_array_equal(getattr(counts, name), getattr(expected, name), err_msg=told)
            if found.amounts is not None:
                at = np.searchsorted(found.scores, expected.scores)
                np.testing.assert_allclose(found.amounts[row, at], placed.amounts, atol=1e-6, err_msg=told)
        return found

    return compare
