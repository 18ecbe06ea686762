from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.approval import Evidence, evidence_of
from workbench.approval.needs import Need, lacking, needs
from workbench.approval.roles import faults
from workbench.backtesting import backtest
from workbench.errors import DataError, Refused
from workbench.history import History, read_history
from workbench.linting import Finding
from workbench.model import Model, change_model, parse_model
from workbench.observation import Observations, observe
from workbench.observation.openings import LEDGER, write_opening
from workbench.plan import Plan, parse_plan

from .forging import Approve, forged

PEOPLE = {"author": "Marketing Ops", "approver": "RevOps", "why": "It ranks well."}
SMALL = parse_model(
    "{format: lead-scoring-model/1, name: small, owner: sales, dimensions: {fit: {}}, "
    "rules: [{id: eu, in: fit, when: {field: region, equals: EMEA}, points: 5}]}"
)


def keyed(found: tuple[Need, ...]) -> dict[str, Need]:
    by_key = {need.key: need for need in found}
    assert len(by_key) == len(found)
    return by_key


def unmet(found: tuple[Need, ...]) -> set[str]:
    return {need.key for need in lacking(found)}


@pytest.fixture
def told(model: Model, evidence: Evidence, history: History) -> Any:
    """The needs of an approval that lacks nothing, with something changed."""
    asked: dict[str, Any] = {"model": model, "evidence": evidence, "history": history, **PEOPLE}

    def call(**changes: Any) -> tuple[Need, ...]:
        given = {**asked, **changes}
        return needs(given.pop("model"), **given)

    return call


def test_before_anything_is_done_everything_hard_is_open(model: Model) -> None:
    found = needs(model)
    hard = {"evidence", "model", "data", "part", "author", "approver", "roles", "owner", "why"}
    assert {need.key for need in found if need.hard} == hard == unmet(found)


def test_a_need_that_is_met_has_no_remedy_and_every_other_has_one(told: Any, model: Model) -> None:
    for need in (*told(), *needs(model), *told(author="RevOps", why=" ")):
        assert need.what
        assert need.met == (not need.remedy)


def test_when_every_hard_need_is_met_it_is_approved(told: Any, ask: Approve) -> None:
    assert lacking(told()) == ()
    assert ask().approval.approver == "RevOps"


# --- each hard need: when it is not met the approval is refused -----------------------------------------------------


def opened(document: dict[str, Any]) -> None:
    document["opening"] = {"number": 1, "head": "f" * 64}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"author": " "}, "author"),
        ({"approver": "…"}, "approver"),
        ({"approver": "marketing_ops", "author": "Marketing  Ops", "owner": ""}, "roles"),
        ({"approver": "marketing-operations"}, "owner"),
        ({"why": "\n"}, "why"),
        ({"evidence": Path("nowhere")}, "evidence"),
        ({"version": 4}, "model"),
        ({"rules.email_opens.points": 5}, "model"),
        ({"opening": True}, "opening"),
        ({"train": True}, "part"),
    ],
)
def test_an_open_hard_need_is_a_refusal(
    told: Any,
    ask: Approve,
    model: Model,
    evidence: Evidence,
    seen: Observations,
    plan: Plan,
    changes: dict[str, Any],
    key: str,
) -> None:
    given = {name: value for name, value in changes.items() if name in {*PEOPLE, "evidence"}}
    edits = {name: value for name, value in changes.items() if name == "version" or "." in name}
    if edits:
        given["model"] = change_model(model, edits)
    if "opening" in changes:
        given["evidence"] = forged(evidence, opened)
    if "train" in changes:
        given["evidence"] = evidence_of(backtest(model, seen, part="train"), model, plan)
    found = told(**given)
    assert key in unmet(found)
    with pytest.raises(Refused, match=r"\S") as caught:
        ask(**given)
    if key != "evidence":  # it says so in front of the reason
        assert keyed(found)[key].remedy in caught.value.reasons


def test_data_of_which_one_cell_was_changed(told: Any, ask: Approve, sample: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sample, tmp_path / "sample"))
    text = (folder / "leads.csv").read_text()
    (folder / "leads.csv").write_text(text.replace("Engineering Manager", "Engineering Director", 1))
    with read_history(folder) as changed:
        found = told(history=changed)
        assert unmet(found) == {"data"}
        with pytest.raises(Refused, match="The data has changed") as caught:
            ask(history=changed)
        assert caught.value.reasons == (keyed(found)["data"].remedy,)


def test_a_history_that_is_closed(told: Any, ask: Approve, sample: Path, tmp_path: Path) -> None:
    with read_history(sample) as closed:
        assert lacking(told(history=closed)) == ()
    found = told(history=closed)
    assert unmet(found) == {"data"}
    assert keyed(found)["data"].remedy.startswith("The history is closed: ")
    assert "Open the history again" in keyed(found)["data"].remedy
    with pytest.raises(Refused, match="The history is closed") as caught:
        ask(history=closed)
    assert caught.value.reasons == (keyed(found)["data"].remedy,)
    assert not (tmp_path / "bundle").exists()


NAMES = st.sampled_from(["", " ", "…", "Sales", "s a-l e s", "s\u0430les", "RevOps", "rev ops", "finance"])


@given(author=NAMES, approver=NAMES, why=NAMES, owner=NAMES)
def test_the_needs_of_people_are_open_exactly_when_they_are_refused(
    author: str, approver: str, why: str, owner: str
) -> None:
    found = needs(change_model(SMALL, {"owner": owner}), author=author, approver=approver, why=why, findings=[])
    people = [need for need in lacking(found) if need.key in {"author", "approver", "roles", "owner", "why"}]
    refusals = faults(author, approver, why, owner=owner)
    assert bool(people) == bool(refusals)
    assert set(refusals) <= {need.remedy for need in people}


def test_evidence_that_contradicts_itself(told: Any, ask: Approve, evidence: Evidence) -> None:
    other = forged(evidence, lambda document: document["plan"].update(seed=8))
    found = told(evidence=other)
    assert unmet(found) == {"evidence"}
    with pytest.raises(Refused, match="another plan: seed is 8") as caught:
        ask(evidence=other)
    assert caught.value.reasons == (keyed(found)["evidence"].remedy,)


def test_without_the_data_nothing_can_be_approved(told: Any) -> None:
    found = told(history=None)
    assert unmet(found) == {"data"}
    assert "Hand in the history" in keyed(found)["data"].remedy


def test_a_broken_ledger_stops_both(told: Any, ask: Approve, tmp_path: Path) -> None:
    broken = tmp_path / "ledger.jsonl"
    broken.write_text("{}")
    assert unmet(told(ledger=broken)) == {"opening"}
    with pytest.raises(DataError, match="ledger"):
        ask(ledger=broken)


def test_an_opening_that_the_ledger_holds_is_met(told: Any, evidence: Evidence, tmp_path: Path) -> None:
    ledger = tmp_path / LEDGER
    entry = write_opening(ledger, "the choice is made", "data", "plan")

    def named(document: dict[str, Any]) -> None:
        document["opening"] = {"number": entry.number, "head": entry.head}

    found = told(evidence=forged(evidence, named), ledger=ledger)
    assert keyed(found)["opening"].met
    assert lacking(found) == ()


def test_an_opening_that_is_not_spoken_of_is_no_need(told: Any) -> None:
    assert "opening" not in keyed(told())


def test_an_author_who_owns_the_model_and_approves_has_both_open(told: Any, ask: Approve) -> None:
    people = {"author": "marketing operations", "approver": "Marketing Operations"}
    assert unmet(told(**people)) == {"roles", "owner"}
    with pytest.raises(Refused, match="same role") as caught:
        ask(**people)
    assert len(caught.value.reasons) == 1


def test_as_long_as_a_role_is_missing_it_is_not_said_to_differ(told: Any) -> None:
    assert unmet(told(approver="")) == {"approver", "roles", "owner"}
    assert unmet(told(author="")) == {"author", "roles"}


# --- advice ---------------------------------------------------------------------------------------------------------


def advice(found: tuple[Need, ...]) -> dict[str, bool]:
    return {need.key: need.met for need in found if not need.hard}


def test_advice_on_the_sample(told: Any, evidence: Evidence) -> None:
    observed = evidence.document["observed"]
    assert observed["converted"] >= 50
    assert advice(told()) == {
        "held": True,
        "sealed": False,
        "converted": True,
        "chance": True,
        "lint": True,
        "reasons": True,
    }
    assert "the part 'validation'" in keyed(told())["sealed"].remedy


@pytest.mark.parametrize(
    ("n", "converted", "met", "words"),
    [
        (1000, 50, True, ""),
        (1000, 49, False, "Only 49 of its 1,000 observations converted"),
        (100, 60, False, "Only 40 of its 100 observations did not convert"),
        (0, 0, False, "Only 0 of its 0 observations converted"),
    ],
)
def test_enough_converted(told: Any, evidence: Evidence, n: int, converted: int, met: bool, words: str) -> None:
    thin = forged(evidence, lambda document: document["observed"].update(n=n, converted=converted))
    need = keyed(told(evidence=thin))["converted"]
    assert (need.met, need.hard) == (met, False)
    assert need.remedy.startswith(words)


@pytest.mark.parametrize(("low", "met"), [(0.5001, True), (0.5, False), (None, False)])
def test_better_than_chance(told: Any, evidence: Evidence, low: float | None, met: bool) -> None:
    judged = forged(evidence, lambda document: document["metrics"]["auc"].update(low=low))
    assert keyed(told(evidence=judged))["chance"].met is met


def test_a_plan_without_a_split_is_advised_against_and_approved(told: Any, ask: Approve, history: History) -> None:
    whole = parse_plan("{at: 14d, outcome: won, horizon: 90d}")
    judged = evidence_of(backtest(SMALL, observe(history, [SMALL], whole)), SMALL, whole)
    found = told(model=SMALL, evidence=judged)
    assert lacking(found) == ()
    assert "nothing was held back" in keyed(found)["held"].remedy
    assert ask(model=SMALL, evidence=judged).approval.held_back is False


@pytest.mark.parametrize(
    ("edits", "version", "different"),
    [
        ({"version": 4, "rules.email_opens.points": 5}, True, True),
        ({"version": 4}, True, False),
        ({"rules.email_opens.points": 5}, False, True),
        ({"version": 2}, False, False),
        ({"name": "challenger", "version": 1, "tiers.MQL.from": 36}, True, True),
    ],
)
def test_beside_the_champion(model: Model, edits: dict[str, Any], version: bool, different: bool) -> None:
    found = keyed(needs(change_model(model, edits), champion=model))
    assert (found["version"].met, found["different"].met) == (version, different)
    assert not found["version"].hard
    assert not found["different"].hard


def test_without_a_champion_nothing_is_compared(model: Model) -> None:
    assert {"version", "different"}.isdisjoint(keyed(needs(model)))


def test_errors_of_the_lint_are_named_and_others_are_not(told: Any) -> None:
    error = Finding("L999", "never", "error", "email", "file:1", "It never holds.", "Why.", "Remove it.")
    warning = dataclasses.replace(error, code="L998", severity="warning")
    need = keyed(told(findings=[error, warning]))["lint"]
    assert need.remedy == "L999 email: It never holds. Remove it."
    assert keyed(told(findings=[warning]))["lint"].met
    assert lacking(told(findings=[error])) == ()


def test_by_default_the_model_alone_is_linted(model: Model) -> None:
    twice = {"all": [{"field": "region", "equals": "EMEA"}, {"field": "region", "equals": "APAC"}]}
    never = change_model(SMALL, {"rules.eu.when": twice})
    assert keyed(needs(SMALL))["lint"].met
    assert keyed(needs(never))["lint"].remedy.startswith("L101 eu: ")


def test_a_changed_rule_says_why(model: Model) -> None:
    assert keyed(needs(SMALL))["reasons"].remedy.startswith("There is no `why` at eu.")
    assert keyed(needs(SMALL, champion=SMALL))["reasons"].met
    paid = change_model(SMALL, {"rules.eu.points": 6})
    assert not keyed(needs(paid, champion=SMALL))["reasons"].met
    assert keyed(needs(change_model(paid, {"rules.eu.why": "They buy."}), champion=SMALL))["reasons"].met
    assert keyed(needs(change_model(paid, {"rules.eu.enabled": False}), champion=SMALL))["reasons"].met


def test_rules_of_variants_say_why_too_and_only_five_are_named() -> None:
    rules = ", ".join(f"{{id: r{n}, in: fit, when: {{field: region, equals: EMEA}}, points: 1}}" for n in range(7))
    many = parse_model(
        "{format: lead-scoring-model/1, name: many, dimensions: {fit: {}}, "
        "rules: [{id: own, in: fit, why: They buy., when: {field: region, equals: EMEA}, points: 1}], "
        f"variants: [{{name: eu, when: {{field: region, equals: EMEA}}, add: [{rules}]}}]}}"
    )
    need = keyed(needs(many))["reasons"]
    assert (
        "at r0 (variant eu), r1 (variant eu), r2 (variant eu), r3 (variant eu), r4 (variant eu) and 2 more."
        in need.remedy
    )
