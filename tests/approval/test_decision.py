from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from workbench import __version__
from workbench.approval import Evidence, evidence_of, export, read_bundle, statement
from workbench.approval.bundle import FILES
from workbench.approval.decision import REVIEW_DAYS
from workbench.backtesting import backtest, to_document
from workbench.document import canonical
from workbench.errors import CallError
from workbench.history import History, read_history
from workbench.model import Model, change_model, parse_model
from workbench.observation import Observations, observe
from workbench.plan import Plan, parse_plan

from .forging import Approve, crash_on, forged, refused, rewrite


def test_the_whole_way(ask: Approve, shown: Path, evidence: Evidence, history: History, tmp_path: Path) -> None:
    steps: list[str] = []
    made = ask(evidence=shown, progress=steps.append)
    assert steps[-1] == "Comparing the evidence with what the data says"
    assert sorted(each.name for each in (tmp_path / "bundle").iterdir()) == sorted(FILES)
    assert read_bundle(tmp_path / "bundle") == made
    assert statement(made) == (tmp_path / "bundle" / "approval.json").read_bytes()
    assert (made.model, made.plan, made.evidence.digest) == (evidence.model, evidence.plan, evidence.digest)
    terms = made.approval
    assert (terms.author, terms.approver, terms.why) == ("Marketing Ops", "RevOps", "It ranks well.")
    assert (terms.data.name, terms.data.fingerprint) == ("sample", history.fingerprint)
    assert (terms.openings.count, terms.openings.heads, terms.held_back) == (0, (), True)
    assert terms.input.blanks == ("", "Select")
    assert (terms.tool.name, terms.tool.version) == ("lead-scoring-workbench", __version__)
    when = dt.datetime.fromisoformat(terms.approved_at)
    assert abs(dt.datetime.now(dt.UTC) - when) < dt.timedelta(minutes=5)
    assert dt.date.fromisoformat(terms.review_by) - when.date() == dt.timedelta(days=REVIEW_DAYS)


def test_the_bundle_holds_the_authors_text_and_the_canonical_bytes(ask: Approve, model: Model, tmp_path: Path) -> None:
    ask()
    assert "# The model in force." in (tmp_path / "bundle" / "model.yaml").read_text()
    assert (tmp_path / "bundle" / "model.json").read_bytes() == canonical(model.plain())


def test_the_last_digits_of_another_machine_are_no_difference(ask: Approve, evidence: Evidence) -> None:
    def elsewhere(document: dict[str, Any]) -> None:
        document["metrics"]["auc"]["value"] *= 1 + 1e-13
        document["data"]["name"] = "leads-2026"

    made = ask(evidence=forged(evidence, elsewhere))
    assert made.approval.data.name == "sample"
    assert made.evidence.document == evidence.document
    assert made.approval.evidence_digest == evidence.digest


def test_lists_that_the_model_names_travel(
    ask: Approve, model: Model, plan: Plan, history: History, tmp_path: Path
) -> None:
    listing = change_model(
        model, {"gates.competitor.when": {"field": "email_domain", "one_of": {"list": "competitors"}}}
    )
    judged = evidence_of(backtest(listing, observe(history, [listing], plan)), listing, plan)
    made = ask(model=listing, evidence=judged)
    assert dict(made.approval.input.lists) == {"competitors": history.lists["competitors"]}
    assert len(history.lists["competitors"]) > 1
    assert read_bundle(tmp_path / "bundle") == made


# --- refusals -------------------------------------------------------------------------------------------------------


def test_without_evidence(ask: Approve, tmp_path: Path) -> None:
    (reason,) = refused(ask, evidence=tmp_path / "nowhere")
    assert reason.startswith("There is no usable evidence: ")
    assert "Make it with 'workbench backtest" in reason


def test_with_evidence_that_is_broken(ask: Approve, shown: Path) -> None:
    (shown / "evidence.json").write_text("{")
    (reason,) = refused(ask, evidence=shown)
    assert "evidence.json: expected a JSON object" in reason


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("rules.email_opens.points", 5, "scores differently: rules[6].points is 4 in the evidence and 5 in the model"),
        ("tiers.MQL.from", 36, "scores differently: tiers[1].from is 35 in the evidence and 36 in the model"),
        ("rules.email_opens.why", "?", "scores the same, but its document differs: rules[6].why is"),
        ("version", 4, "scores the same, but its document differs: version is 3 in the evidence and 4 in the model"),
    ],
)
def test_with_evidence_for_another_model(ask: Approve, model: Model, path: str, value: object, words: str) -> None:
    (reason,) = refused(ask, model=change_model(model, {path: value}))
    assert reason.startswith(f"The evidence is about another model. This one {words}")


def test_with_another_plan_beside_the_evidence(ask: Approve, shown: Path) -> None:
    rewrite(shown / "plan.json", lambda data: data.update(seed=8))
    (reason,) = refused(ask, evidence=shown)
    assert "another plan: seed is 7 in the evidence and 8 in plan.json" in reason


def test_with_another_plan_in_both_files(ask: Approve, evidence: Evidence, plan: Plan) -> None:
    other = parse_plan(json.dumps({**plan.plain(), "horizon": "60d"}))
    document = {**evidence.document, "plan": other.plain()}
    (reason,) = refused(ask, evidence=Evidence(document, evidence.model, other))
    assert reason.startswith("The evidence is not what the data says: observed.n is ")


def test_with_a_plan_that_the_data_cannot_carry(ask: Approve, evidence: Evidence, plan: Plan) -> None:
    other = parse_plan(json.dumps({**plan.plain(), "horizon": "9000d"}))
    (reason,) = refused(ask, evidence=Evidence({**evidence.document, "plan": other.plain()}, evidence.model, other))
    assert reason.startswith("The evidence cannot be made again: ")


def test_with_data_of_which_one_cell_was_changed(ask: Approve, sample: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sample, tmp_path / "sample"))
    text = (folder / "leads.csv").read_text()
    assert text.count("Engineering Manager") > 1
    (folder / "leads.csv").write_text(text.replace("Engineering Manager", "Engineering Director", 1))
    with read_history(folder) as changed:
        (reason,) = refused(ask, history=changed)
        assert reason.startswith("The data has changed: the evidence is about 'sample' with fingerprint ")
        assert changed.fingerprint in reason


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("metrics", "auc", "value"), 0.99),
        (("metrics", "auc", "low"), None),
        (("observed", "converted"), 1000),
        (("bands", 0, "rate"), 0.5),
        (("thresholds", 3, "tp"), 12345),
        (("months", 2, "auc"), 0.5),
        (("segments", 1, "value"), "Atlantis"),
        (("parts", 0, "n"), 1),
    ],
)
def test_with_a_figure_that_the_data_does_not_give(
    ask: Approve, evidence: Evidence, place: tuple[str | int, ...], value: object
) -> None:
    real: Any = evidence.document
    for step in place:
        real = real[step]

    def forge(document: Any) -> None:
        *way, last = place
        for step in way:
            document = document[step]
        document[last] = value

    (reason,) = refused(ask, evidence=forged(evidence, forge))
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)[1:]
    claimed = "without a value" if value is None else repr(value)
    assert reason == (
        f"The evidence is not what the data says: {path} is {claimed} in the evidence and {real!r} recomputed. "
        "Run the backtest again."
    )


def test_with_a_warning_taken_out(ask: Approve, evidence: Evidence) -> None:
    assert evidence.document["warnings"]
    (reason,) = refused(ask, evidence=forged(evidence, lambda document: document.update(warnings=[])))
    assert "warnings[0] is nothing in the evidence and 'Split by time" in reason


def test_on_the_data_it_was_tuned_on(ask: Approve, model: Model, seen: Observations, plan: Plan) -> None:
    judged = evidence_of(backtest(model, seen, part="train"), model, plan)
    (reason,) = refused(ask, evidence=judged)
    assert "train part: a model may not be approved on the data it was tuned on" in reason


def test_on_a_part_that_there_is_not(ask: Approve, evidence: Evidence) -> None:
    (reason,) = refused(ask, evidence=forged(evidence, lambda document: document.update(part="all")))
    assert "cannot be made again: part: expected one of train, validation, found 'all'" in reason


def test_on_scores_that_the_crm_recorded(ask: Approve, evidence: Evidence, seen: Observations) -> None:
    recorded = Evidence(to_document(backtest(None, seen)), evidence.model, evidence.plan)
    (reason,) = refused(ask, evidence=recorded)
    assert reason == "The evidence is about scores that the CRM recorded, not about a model."


@pytest.mark.parametrize("approver", ["Marketing Ops", " marketing  ops ", "ＭARKETING OPS"])
def test_by_the_author(ask: Approve, approver: str) -> None:
    (reason,) = refused(ask, approver=approver)
    assert reason.startswith("Author and approver are the same role ('Marketing Ops' and ")


def test_by_the_models_owner(ask: Approve) -> None:
    (reason,) = refused(ask, approver="marketing_operations")
    assert reason.startswith("The approver is the model's owner ('marketing operations' and 'marketing_operations').")


@pytest.mark.parametrize("author", ["revenue operations", "marketing operations"])
def test_the_owner_may_author_what_another_role_approves(ask: Approve, author: str) -> None:
    assert ask(author=author, approver="head of sales").approval.author == author


def test_by_nobody_for_no_reason(ask: Approve) -> None:
    assert [reason.split(".")[0] for reason in refused(ask, author=" ", approver="", why="\n")] == [
        "The author is not named",
        "The approver is not named",
        "No reason is given",
    ]


def test_every_reason_is_listed(ask: Approve, evidence: Evidence, model: Model, tmp_path: Path) -> None:
    def forge(document: dict[str, Any]) -> None:
        document["part"] = "train"
        document["data"]["fingerprint"] = "0" * 64
        document["plan"]["seed"] = 8

    reasons = refused(
        ask,
        evidence=forged(evidence, forge),
        model=change_model(model, {"tiers.MQL.from": 36}),
        approver="marketing ops",
        why="",
    )
    heads = ("The evidence was made by another plan", "The evidence is about another model", "The data has changed")
    tails = ("The evidence is about the train part", "Author and approver are", "No reason is given")
    assert len(reasons) == len(heads + tails)
    assert all(reason.startswith(head) for reason, head in zip(reasons, heads + tails, strict=True))
    assert list(tmp_path.iterdir()) == []


def test_a_forged_figure_and_a_wrong_approver_are_both_named(ask: Approve, evidence: Evidence) -> None:
    judged = forged(evidence, lambda document: document["metrics"]["auc"].update(value=0.99))
    first, second = refused(ask, evidence=judged, approver="marketing ops")
    assert "metrics.auc.value is 0.99 in the evidence" in first
    assert second.startswith("Author and approver are the same role")


# --- writing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(1, len(FILES) + 1))
def test_a_crash_leaves_nothing(ask: Approve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(Path, "write_bytes", crash_on(number))
    with pytest.raises(OSError, match="No space left"):
        ask()
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_somebody_else_is_replaced(ask: Approve, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    steps: list[str] = []
    with pytest.raises(CallError, match=r"found 'thesis\.doc'"):
        ask(out=tmp_path, progress=steps.append)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.doc"]
    assert steps == []


def test_an_earlier_bundle_is_replaced(ask: Approve, approved: Path) -> None:
    ask(out=approved, why="A second look.")
    assert read_bundle(approved).approval.why == "A second look."


def test_words_of_every_script_survive(ask: Approve, tmp_path: Path) -> None:
    made = ask(author="  Élan 営業 ", approver="R&D <script>", why="Weil's\nbesser ist 😀")
    read = read_bundle(tmp_path / "bundle")
    assert read == made
    assert (read.approval.author, read.approval.why) == ("Élan 営業", "Weil's\nbesser ist 😀")


def test_a_plan_without_a_split_can_be_approved_and_says_so(ask: Approve, history: History, tmp_path: Path) -> None:
    small = parse_model(
        "{format: lead-scoring-model/1, name: small, dimensions: {fit: {}}, "
        "rules: [{id: eu, in: fit, when: {field: region, equals: EMEA}, points: 5}]}"
    )
    whole = parse_plan("{at: 14d, outcome: won, horizon: 90d}")
    judged = evidence_of(backtest(small, observe(history, [small], whole)), small, whole)
    made = ask(model=small, evidence=judged)
    assert (made.approval.part, made.approval.held_back) == ("all", False)
    assert "(part: all, which was NOT held back)" in str(made)
    assert (
        "The plan has no split: everything is judged and nothing was held back." in made.evidence.document["warnings"]
    )
    told = json.loads(export(tmp_path / "bundle", out=tmp_path).read_text(encoding="utf-8"))["approval"]
    assert (told["part"], told["held_back"]) == ("all", False)
