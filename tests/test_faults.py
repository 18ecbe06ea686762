"""Faults that engines really have, planted one at a time: the parity check sees each of them.

A fault is planted in the lowering, the printer, the gathering, the weights or the scorer; then the models of
`SEEDS` that speak of what it concerns are compared with the oracle until one differs. Without faults none differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pandas as pd
import planted_evidence
import planted_points
import pytest
from planting import Fault
from strategies import observable, observe_loaded, oracle_verdicts, random_model, random_model_data, random_past, scored
from test_parity import differences
from vocabulary import MAPPING

from workbench.history import History, read_history
from workbench.observation import arithmetic

FAULTS = [*planted_evidence.FAULTS, *planted_points.FAULTS]
LEADS = 24
SEEDS = range(100)
"""Each fault is caught within these hundred models."""


@dataclass(frozen=True)
class Known:
    """A loaded past, the age at which it is judged, and what the oracle says of it."""

    history: History
    age_days: int
    expected: pd.DataFrame


@pytest.fixture(scope="module")
def known() -> Iterator[Callable[[int], Known]]:
    opened: list[History] = []

    @cache
    def at(seed: int) -> Known:
        model = random_model(seed)
        past = random_past(seed, LEADS, model)
        opened.append(read_history(past.frames, mapping=MAPPING))
        expected = oracle_verdicts(model, past).loc[sorted(observable(past))]
        return Known(opened[-1], past.age_days, expected)

    yield at
    for history in opened:
        history.close()


@pytest.fixture(autouse=True)
def _fresh_tables() -> Iterator[None]:
    """Tables of decay that were made with a fault, or without it, are forgotten."""
    tables = (arithmetic.shares, arithmetic.decay_table, arithmetic.share_table)
    for table in tables:
        table.cache_clear()
    yield
    for table in tables:
        table.cache_clear()


def differs(seed: int, known: Callable[[int], Known]) -> list[str]:
    """The differences between the engine, as it now is, and the oracle on one model."""
    at, model = known(seed), random_model(seed)
    seen = observe_loaded([model], at.history, at.age_days)
    if seen is None:
        return []
    found = scored(model, seen)
    return differences(found, at.expected[found.columns])


@cache
def spoken(seed: int) -> str:
    """What a model says, as text."""
    return json.dumps(random_model_data(seed), ensure_ascii=False)


def concerned(fault: Fault) -> list[int]:
    """The models that speak of what a fault is about."""
    return [seed for seed in SEEDS if all(re.search(words, spoken(seed)) for words in fault.concerns)]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_caught(fault, known, monkeypatch):
    fault.plant(monkeypatch)
    assert any(differs(seed, known) for seed in concerned(fault))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_without_a_fault_none_differs(seed, known):
    assert differs(seed, known) == []
