from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.approval import Evidence
from workbench.approval.ledgers import Ledgers
from workbench.approval.objections import CLOSED, objections
from workbench.history import History, read_history
from workbench.model import Model, change_model

from .forging import forged

NONE = Ledgers((), ())


def test_sound_evidence_has_nothing_against_it(evidence: Evidence, model: Model, history: History) -> None:
    assert objections(evidence, model, history, NONE) == {}
    assert objections(evidence, model, None, NONE) == {}


def test_each_matter_has_its_own_reasons_in_the_order_of_the_refusal(
    evidence: Evidence, model: Model, history: History
) -> None:
    def forge(document: dict[str, Any]) -> None:
        document["part"] = "train"
        document["plan"]["seed"] = 8
        document["data"]["fingerprint"] = "0" * 64
        document["opening"] = {"number": 1, "head": "f" * 64}

    found = objections(forged(evidence, forge), change_model(model, {"version": 4}), history, NONE)
    assert list(found) == ["evidence", "model", "data", "part", "opening"]
    assert [len(reasons) for reasons in found.values()] == [1] * 5
    heads = ("The evidence was made by another plan", "The evidence is about another model", "The data has changed")
    assert all(found[key][0].startswith(head) for key, head in zip(found, heads, strict=False))
    assert history.fingerprint in found["data"][0]


def test_without_a_history_nothing_is_said_of_the_data(evidence: Evidence, model: Model) -> None:
    other = forged(evidence, lambda document: document["data"].update(fingerprint="0" * 64))
    assert objections(other, model, None, NONE) == {}


def test_a_closed_history_is_an_objection_of_its_own(evidence: Evidence, model: Model, sample: Path) -> None:
    with read_history(sample) as closed:
        assert objections(evidence, model, closed, NONE) == {}
    assert objections(evidence, model, closed, NONE) == {"data": (CLOSED,)}
    other = forged(evidence, lambda document: document["data"].update(fingerprint="0" * 64))
    (first, second) = objections(other, model, closed, NONE)["data"]
    assert first == CLOSED
    assert second.startswith("The data has changed")
