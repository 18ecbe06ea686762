"""The approval panel without a page: what is open, what is written, and that nothing is written unasked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.approval import Evidence, evidence_of, read_bundle, read_evidence
from workbench.approval.needs import lacking
from workbench.errors import CallError, Refused
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations
from workbench.plan import Plan
from workbench.widgets import ApprovalPanel
from workbench.widgets import approval as panels

ROOT = Path(__file__).parents[2]
WHY = "It ranks better than the model in force."


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp("data") / "sample"
    with wb.read_history(shutil.copytree(ROOT / "data" / "sample", folder)) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def model() -> Model:
    return wb.read_model(ROOT / "notebooks" / "models" / "challenger.yaml")


@pytest.fixture(scope="module")
def champion() -> Model:
    return wb.read_model(ROOT / "notebooks" / "models" / "champion.yaml")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml")


@pytest.fixture(scope="module")
def seen(history: History, model: Model, champion: Model, plan: Plan) -> Observations:
    return wb.observe(history, [model, champion], plan)


@pytest.fixture(scope="module")
def evidence(model: Model, seen: Observations, plan: Plan) -> Evidence:
    return evidence_of(wb.backtest(model, seen), model, plan)


@pytest.fixture
def panel(model: Model, seen: Observations, history: History, champion: Model, tmp_path: Path) -> ApprovalPanel:
    return ApprovalPanel(model, seen, history=history, champion=champion, out=tmp_path / "out")


@pytest.fixture
def ready(
    model: Model, seen: Observations, history: History, champion: Model, evidence: Evidence, tmp_path: Path
) -> ApprovalPanel:
    """A panel with all that is needed, and nothing written."""
    made = ApprovalPanel(model, seen, history=history, evidence=evidence, champion=champion, out=tmp_path / "out")
    filled(made)
    return made


def filled(panel: ApprovalPanel) -> None:
    panel.approver.value = "head of sales"
    panel.why.value = WHY


def open_needs(panel: ApprovalPanel) -> list[str]:
    """What the page says is open and needed."""
    return re.findall(r'data-need="(\w+)" data-state="open"', panel.checklist.value)


def files(folder: Path) -> list[str]:
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())


# --- before anything is pressed -------------------------------------------------------------------------------------


def test_it_opens_with_the_owner_as_author_and_nothing_written(panel: ApprovalPanel, tmp_path: Path) -> None:
    assert panel.author.value == "revenue operations"
    assert open_needs(panel) == ["evidence", "model", "data", "part", "approver", "roles", "owner", "why"]
    assert panel.approve_button.disabled
    assert not panel.write_button.disabled
    assert panel.status.text == "8 of 9 things needed are open."
    assert list(tmp_path.iterdir()) == []
    assert {"wb", "wb-approval"} <= set(panel._dom_classes)


def test_the_checklist_follows_what_is_typed(ready: ApprovalPanel, tmp_path: Path) -> None:
    assert open_needs(ready) == []
    assert not ready.approve_button.disabled
    ready.approver.value = "Revenue-Operations"
    assert open_needs(ready) == ["roles", "owner"]
    assert ready.approve_button.disabled
    ready.author.value = "marketing operations"
    assert open_needs(ready) == ["owner"]
    ready.approver.value, ready.why.value = "head of sales", " "
    assert open_needs(ready) == ["why"]
    ready.why.value = WHY
    assert not ready.approve_button.disabled
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("field", ["approver", "author", "why"])
def test_the_button_is_open_exactly_when_nothing_needed_lacks(ready: ApprovalPanel, field: str) -> None:
    for value in ("", "head of sales", "revenue operations", "…", "finance"):
        getattr(ready, field).value = value
        assert ready.approve_button.disabled == bool(lacking(ready.needs))
        assert open_needs(ready) == [need.key for need in lacking(ready.needs)]


def test_every_field_and_button_has_a_name(panel: ApprovalPanel) -> None:
    named = (panel.author, panel.approver, panel.why, panel.write_button, panel.approve_button)
    names = [each.description for each in named]
    assert all(names)
    assert len(set(names)) == len(names)


def test_without_a_history_it_can_not_be_approved(model: Model, seen: Observations, evidence: Evidence) -> None:
    panel = ApprovalPanel(model, seen, evidence=evidence)
    filled(panel)
    assert open_needs(panel) == ["data"]
    assert panel.approve_button.disabled


def test_the_default_place_is_named_after_the_model(model: Model, seen: Observations) -> None:
    named = wb.change_model(model, {"name": "../Büro: Inbound", "version": 7})
    assert ApprovalPanel(named, seen).out == Path("approval/buro-inbound-v7")


def test_errors_of_the_lint_are_advice(model: Model, seen: Observations) -> None:
    unreachable = wb.change_model(model, {"tiers.SQL.from": 500})
    panel = ApprovalPanel(unreachable, seen)
    errors = [found for found in wb.lint(unreachable, observations=seen).findings if found.severity == "error"]
    assert errors
    assert 'data-need="lint" data-state="advice"' in panel.checklist.value
    assert errors[0].code in panel.checklist.value


# --- writing evidence -----------------------------------------------------------------------------------------------


def test_write_evidence(panel: ApprovalPanel, evidence: Evidence, tmp_path: Path) -> None:
    panel.write_button.click()
    assert panel.error is None
    assert files(tmp_path / "out") == ["evidence/evidence.json", "evidence/model.yaml", "evidence/plan.json"]
    assert read_evidence(tmp_path / "out" / "evidence").digest == evidence.digest
    assert open_needs(panel) == ["approver", "roles", "owner", "why"]
    assert panel.status.text.startswith(f"Evidence written to {tmp_path / 'out' / 'evidence'}. 4 of 9")


def test_what_lies_in_its_place_is_taken_up(
    model: Model, seen: Observations, history: History, evidence: Evidence, plan: Plan, tmp_path: Path
) -> None:
    wb.write_evidence(wb.backtest(model, seen), model, plan, tmp_path / "evidence")
    panel = ApprovalPanel(model, seen, history=history, out=tmp_path)
    assert isinstance(panel.evidence, Evidence)
    filled(panel)
    assert open_needs(panel) == []


@pytest.mark.parametrize("given", [True, False])
def test_evidence_that_cannot_be_read_is_said_to_be_so(
    model: Model, seen: Observations, history: History, tmp_path: Path, given: bool
) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "evidence.json").write_text("{")
    panel = ApprovalPanel(model, seen, history=history, evidence=folder if given else None, out=tmp_path)
    assert "evidence" in open_needs(panel)
    assert "plan.json: expected a file, found nothing" in panel.checklist.value


def test_evidence_of_another_model_is_said_to_be_so(
    champion: Model, seen: Observations, history: History, evidence: Evidence
) -> None:
    panel = ApprovalPanel(champion, seen, history=history, evidence=evidence)
    assert "model" in open_needs(panel)
    assert "The evidence is about another model. This one scores differently" in panel.checklist.value


# --- approving ------------------------------------------------------------------------------------------------------


def test_approve(ready: ApprovalPanel, model: Model, evidence: Evidence, tmp_path: Path) -> None:
    ready.approve_button.click()
    assert ready.error is None
    bundle = read_bundle(tmp_path / "out" / "bundle")
    assert ready.bundle == bundle
    terms = bundle.approval
    assert (terms.author, terms.approver, terms.why) == ("revenue operations", "head of sales", WHY)
    assert (terms.model.document_digest, terms.evidence_digest) == (model.document_digest, evidence.digest)
    fields = dict(re.findall(r'data-field="([\w ]+)">(?:<code>)?([^<]*)', ready.approved.value))
    assert fields["bundle"] == str(tmp_path / "out" / "bundle")
    assert fields["scoring digest"] == model.scoring_digest
    assert fields["document digest"] == model.document_digest
    assert fields["evidence digest"] == terms.evidence_digest
    assert fields["look at it again by"] == terms.review_by
    assert ready.status.text == f"Approved by head of sales; 5 files in {tmp_path / 'out' / 'bundle'}."
    assert not ready.approve_button.disabled


def test_each_step_is_told_while_the_buttons_rest(ready: ApprovalPanel) -> None:
    told: list[tuple[str, bool, bool]] = []
    ready.status.observe(
        lambda change: told.append((change["new"], ready.write_button.disabled, ready.approve_button.disabled)), "text"
    )
    ready.approve_button.click()
    steps = [each for each in told if each[0].endswith(" …")]
    assert len(steps) >= 2
    assert all(writing and approving for _, writing, approving in steps)
    assert not ready.write_button.disabled


def test_a_press_that_lacks_something_writes_nothing(panel: ApprovalPanel, tmp_path: Path) -> None:
    panel.approve_button.click()
    assert isinstance(panel.error, Refused)
    assert "The approver is not named." in panel.banner.value
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_shown_with_its_reason(
    model: Model, seen: Observations, history: History, evidence: Evidence, tmp_path: Path
) -> None:
    auc = evidence.document["metrics"]["auc"]
    document = {**evidence.document, "metrics": {**evidence.document["metrics"], "auc": {**auc, "value": 0.99}}}
    forged = Evidence(document, evidence.model, evidence.plan)
    panel = ApprovalPanel(model, seen, history=history, evidence=forged, out=tmp_path / "out")
    filled(panel)
    assert not panel.approve_button.disabled
    panel.approve_button.click()
    assert isinstance(panel.error, Refused)
    assert "metrics.auc.value is 0.99 in the evidence" in panel.banner.value
    assert panel.bundle is None
    assert panel.approved.value == ""
    assert not panel.approve_button.disabled
    assert list(tmp_path.iterdir()) == []
    panel.why.value = "Another reason."
    assert panel.error is None


# --- nothing of somebody else is replaced ---------------------------------------------------------------------------


@pytest.mark.parametrize(("press", "name"), [("write_button", "evidence"), ("approve_button", "bundle")])
def test_what_stood_there_stays(ready: ApprovalPanel, tmp_path: Path, press: str, name: str) -> None:
    folder = tmp_path / "out" / name
    folder.mkdir(parents=True)
    (folder / "model.yaml").write_text("mine")  # a name that evidence and bundles have too
    getattr(ready, press).click()
    assert isinstance(ready.error, CallError)
    assert "found what stood there before" in ready.banner.value
    assert files(tmp_path) == [f"out/{name}/model.yaml"]
    assert (folder / "model.yaml").read_text() == "mine"


@pytest.mark.parametrize(("press", "name"), [("write_button", "evidence"), ("approve_button", "bundle")])
def test_what_a_panel_wrote_may_be_written_again_unless_it_was_changed(
    ready: ApprovalPanel,
    model: Model,
    seen: Observations,
    history: History,
    evidence: Evidence,
    tmp_path: Path,
    press: str,
    name: str,
) -> None:
    getattr(ready, press).click()
    again = ApprovalPanel(model, seen, history=history, evidence=evidence, out=tmp_path / "out")
    filled(again)
    again.why.value = "A second look."
    getattr(again, press).click()
    assert again.error is None
    (tmp_path / "out" / name / "note.txt").write_text("mine")
    getattr(again, press).click()
    assert "found one that was changed since" in again.banner.value
    assert (tmp_path / "out" / name / "note.txt").read_text() == "mine"


def test_an_earlier_sittings_bundle_is_not_replaced(
    ready: ApprovalPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.approve_button.click()
    before = (tmp_path / "out" / "bundle" / "approval.json").read_bytes()
    monkeypatch.setattr(panels, "WRITTEN", type(panels.WRITTEN)())
    ready.why.value = "Another reason."
    ready.approve_button.click()
    assert isinstance(ready.error, CallError)
    assert (tmp_path / "out" / "bundle" / "approval.json").read_bytes() == before


# --- words ----------------------------------------------------------------------------------------------------------


def test_evidence_from_the_sealed_test_is_said_to_open_it_once_more(
    model: Model, seen: Observations, evidence: Evidence
) -> None:
    panel = ApprovalPanel(model, seen, evidence=evidence)
    assert "opens the sealed test" not in panel.places.value
    tested = Evidence({**evidence.document, "part": "test"}, evidence.model, evidence.plan)
    assert "opens the sealed test part once more" in ApprovalPanel(model, seen, evidence=tested).places.value


def test_without_a_front_end_there_are_plain_tables(ready: ApprovalPanel) -> None:
    before = ready.to_html()
    assert before.count("<table") == 1
    assert "All that is needed is there" in before
    ready.approve_button.click()
    after = ready.to_html()
    assert after.count("<table") == 2
    assert "head of sales" in after
    for stripped in ("<svg", "<style", "<script"):
        assert stripped not in after


def test_what_is_typed_is_text(ready: ApprovalPanel) -> None:
    ready.approver.value = "<b>sales</b>"
    ready.why.value = "<script>alert(1)</script>"
    ready.approve_button.click()
    assert ready.error is None
    for html in (ready.checklist.value, ready.approved.value, ready.to_html()):
        assert "<b>" not in html
        assert "<script" not in html
    assert "&lt;b&gt;sales&lt;/b&gt;" in ready.approved.value


def test_a_callback_that_fails_is_shown(ready: ApprovalPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> Any:
        raise ZeroDivisionError("out of reason")

    with monkeypatch.context() as patched:
        patched.setattr(panels, "needs", lambda *_, **__: broken())
        ready.why.value = "x"
    assert isinstance(ready.error, ZeroDivisionError)
    assert "out of reason" in ready.banner.value
