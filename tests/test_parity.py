"""The workbench and the oracle say the same of every lead, in thousandths, on random models and random pasts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
from sqlglot import exp
from strategies import (
    Past,
    engine_verdicts,
    judged_by,
    observable,
    oracle_verdicts,
    random_model,
    random_past,
    to_oracle,
)
from vocabulary import MAPPING

from workbench.history import History, read_history
from workbench.model import Model
from workbench.oracle import Event, Fact, Lead

SEEDS = range(24)


def disagreements(model: Model, past: Past) -> list[str]:
    """One line for each cell in which the engine and the oracle differ."""
    found = engine_verdicts(model, past)
    expected = oracle_verdicts(model, past).loc[sorted(observable(past))]
    assert sorted(found.index) == sorted(expected.index)
    assert {"score", "tier"} <= set(found.columns) <= set(expected.columns)
    return differences(found, expected[found.columns])


def differences(found: pd.DataFrame, expected: pd.DataFrame) -> list[str]:
    """One line for each cell in which two frames of verdicts differ; missing equals missing."""
    found, expected = (frame.astype("object").where(frame.notna(), "missing") for frame in (found, expected))
    return [
        f"{lead!r} {column}: engine {found.loc[lead, column]}, oracle {expected.loc[lead, column]}"
        for lead in expected.index
        for column in expected.columns
        if found.loc[lead, column] != expected.loc[lead, column]
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_is_the_same(seed):
    assert disagreements(random_model(seed), random_past(seed)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_every_number_is_the_same_at_length(seed):
    assert disagreements(random_model(seed), random_past(seed)) == []


def loaded(history: History) -> dict[str, Lead]:
    """The leads of a loaded history, read back from its tables."""

    def rows(table: str, key: str) -> dict[int, dict[str, Fact]]:
        found = history.engine.frame(f"SELECT * FROM {table}")
        plain = found.astype("object").where(found.notna(), None).to_dict("records")
        return {row.pop(key): {str(name)[2:]: value for name, value in row.items()} for row in plain}

    fields, account_fields = rows("lead_fields", "lead"), rows("account_fields", "account")
    properties = list(history.properties)
    columns = ["lead", "at_us", "event", *(f"p_{name}" for name in properties)]
    events: dict[int, list[Event]] = {}
    query = exp.select(*(exp.column(name, quoted=True) for name in columns)).from_("events")
    for lead, at_us, name, *values in history.engine.rows(query):
        events.setdefault(lead, []).append(Event(at_us, name, dict(zip(properties, values, strict=True))))
    return {
        lead_id: Lead(fields[lead], account_fields.get(account, {}), tuple(events.get(lead, ())))
        for lead, lead_id, account in history.engine.rows("SELECT lead, lead_id, account FROM leads")
    }


def comparable(lead: Lead) -> tuple[Mapping[str, Fact], Mapping[str, Fact], list[Event]]:
    """Without the order of events, and with an unknown account's fields as missing as no account's."""
    account = {name: value for name, value in lead.account.items() if value is not None}
    return lead.fields, account, sorted(lead.events, key=lambda event: event.properties["ref"])


@pytest.mark.parametrize("seed", range(20))
def test_the_loader_reads_what_the_oracle_reads(seed):
    past = random_past(seed)
    with read_history(past.frames, mapping=MAPPING) as history:
        found = {lead_id: comparable(lead) for lead_id, lead in loaded(history).items()}
    assert found == {lead_id: comparable(lead) for lead_id, lead in to_oracle(past.frames).items()}


def test_a_difference_of_a_thousandth_is_seen():
    verdicts = oracle_verdicts(random_model(3), random_past(3))
    assert differences(verdicts, verdicts) == []
    lead = verdicts.index[0]
    changed = verdicts.copy()
    changed.loc[lead, "score"] = 987_654_321
    changed.loc[lead, "tier"] = "another"
    assert [line.split(":")[0] for line in differences(changed, verdicts)] == [f"{lead!r} score", f"{lead!r} tier"]


def test_random_models_are_alive():
    """Rules fire, caps bind, gates and tiers decide: parity on models in which nothing happens would show nothing."""
    counts = pd.DataFrame([judged_by(random_model(seed), random_past(seed)) for seed in range(60)]).sum()
    assert counts["rules_that_vary"] > 0.6 * counts["rules"]
    assert counts["leads_taken_out"] > 30
    assert counts["leads_forced"] > 10
    assert counts["leads_with_tier"] > 0.2 * counts["leads"]
    assert counts["leads_at_a_cap"] > 0.3 * counts["leads"]
