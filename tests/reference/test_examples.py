"""Every example on the page gives the number that is printed with it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

import workbench as wb
from reference.pasts import AS_OF_US, as_history, oracle_leads
from workbench.history import History
from workbench.oracle import Verdict, judge, judge_account
from workbench.reference.example import AROUND, Example, rule
from workbench.reference.examples import EXAMPLES
from workbench.reference.past import AS_OF, LISTS

SHOWN = {
    f"{cls.__name__}.{'+'.join(entry.keys)}[{number}]": example
    for cls, entries in EXAMPLES.items()
    for entry in entries
    for number, example in enumerate(entry.examples)
}


def by_oracle(example: Example) -> tuple[str, ...]:
    """What the oracle says of the two leads, or of their account."""
    verdicts = [judge(example.model, lead, AS_OF_US, LISTS) for lead in oracle_leads()]
    if example.shows in {"account", "account tier"}:
        account = judge_account(example.model, verdicts)
        return (_number(account.score) if example.shows == "account" else str(account.tier), "")
    return tuple(_told(example, verdict) for verdict in verdicts)


def _told(example: Example, verdict: Verdict) -> str:
    if example.shows == "tier":
        return verdict.tier or "no tier"
    return str(verdict.score == 1000).lower() if example.shows == "test" else _number(verdict.score)


def _number(milli: int | None) -> str:
    assert milli is not None
    return f"{milli / 1000:.12g}"


@pytest.mark.parametrize("name", SHOWN)
def test_the_oracle_agrees_with_the_page(name: str) -> None:
    example = SHOWN[name]
    assert by_oracle(example) == (example.one, example.two)


def test_a_wrong_number_would_be_seen() -> None:
    assert by_oracle(rule("{when: {event: invite}, points: 12}", 13, 0)) == ("12", "0")


@pytest.fixture(scope="module")
def history() -> Iterator[History]:
    with as_history() as loaded:
        yield loaded


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_the_engine_agrees_with_the_page(name: str, history: History) -> None:
    example = SHOWN[name]
    unit = "account" if example.shows in {"account", "account tier"} else "lead"
    scored = wb.score(example.model, history, AS_OF, unit=unit)
    found = [_row(example, row) for row in scored.to_dict("records")]
    assert found == ([example.one] if unit == "account" else [example.one, example.two])


def _row(example: Example, row: dict[str, object]) -> str:
    if example.shows in {"tier", "account tier"}:
        return str(row["tier"])
    assert not pd.isna(row["score"])
    points = float(str(row["score"]))
    return str(points == 1).lower() if example.shows == "test" else f"{points:.12g}"


def test_the_model_around_scores_what_its_description_says() -> None:
    verdicts = [judge(wb.parse_model(AROUND), lead, AS_OF_US, LISTS) for lead in oracle_leads()]
    assert [dict(verdict.dimensions) for verdict in verdicts] == [
        {"fit": 20_000, "engagement": 16_000},
        {"fit": 0, "engagement": 4_000},
    ]
