"""Approving a model: its evidence is made again from the data, and a second role says yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.approval.bundle import (
    APPROVAL,
    CANONICAL,
    FILES,
    FOLDING,
    FORMAT,
    HELD_BACK,
    Bundle,
    sealed,
    sha256,
    verified,
)
from workbench.approval.difference import first_difference
from workbench.approval.evidence import Evidence, evidence_files, figures, read_evidence
from workbench.approval.files import must_be_free, write_folder
from workbench.approval.ledgers import Ledgers, read_ledgers
from workbench.approval.objections import objections
from workbench.approval.roles import faults
from workbench.backtesting import backtest, to_document
from workbench.document import canonical
from workbench.errors import InputError, NotObserved, Refused
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations, Opening, observe
from workbench.observation.split import TEST

REVIEW_DAYS = 180
TOOL = "lead-scoring-workbench"


def _quiet(_: str) -> None:
    return None


def approve(
    model: Model,
    evidence: Evidence | str | Path,
    history: History,
    *,
    author: str,
    approver: str,
    why: str,
    out: str | Path,
    ledger: Path | None = None,
    progress: Callable[[str], None] = _quiet,
) -> Bundle:
    """Approve a model on its evidence, which is made again from the data first, and write the bundle.

    The bundle holds the evidence as it was made again; of the one handed in, only the plan is taken over.

    Args:
        model: the model.
        evidence: what `write_evidence` wrote (a folder) or returned.
        history: the data that the evidence is about.
        author: the role that answers for the model.
        approver: the role that says yes; neither the author's nor the model's owner.
        why: the approver's reason, in a sentence.
        out: the bundle's folder: a new one, or an earlier bundle, which is replaced. Whole or not at all.
        ledger: where openings of the sealed test are written down; by default beside the data. The ledger beside the
            data counts in any case. Approving on the test part opens it once more, which counts.
        progress: called with one line for each step.

    Raises:
        Refused: with each reason: no evidence, or of another model, plan or data; the recomputed figures differ (the
            first is named, with both values); the history is closed; it is about the train part; it names an opening
            of the test that no ledger holds; author and approver are the same role or not named; the approver owns the
            model; no reason.
        CallError: if something else stands at `out`.
        DataError: if the ledger of openings is broken.
    """
    out = Path(out)
    must_be_free(out, FILES)
    people = faults(author, approver, why, owner=model.owner)
    shown = _evidence(evidence, people)
    ledgers = read_ledgers(history, ledger)
    reasons = [line for lines in objections(shown, model, history, ledgers).values() for line in lines]
    if reasons or (people and shown.part == TEST):
        raise Refused(*reasons, *people)  # no sealed test is opened, and nothing computed, for a lost case
    seen = _observed(model, shown, history, progress)
    if shown.part == TEST:
        progress("Opening the sealed test part")
        seen = seen.open_test(because=f"approval of {model.name} v{model.version}", ledger=ledger)
    progress("Comparing the evidence with what the data says")
    again, reasons = _made_again(shown, model, seen, ledgers.held(shown))
    if reasons or people:
        raise Refused(*reasons, *people)
    who = {"author": author.strip(), "approver": approver.strip(), "why": why.strip()}
    content = _content(again, history, read_ledgers(history, ledger), who)
    bundle = verified(content)
    write_folder(out, content)
    return bundle


def _evidence(evidence: Evidence | str | Path, people: list[str]) -> Evidence:
    """The evidence; a folder that is missing or damaged is a reason to refuse."""
    if isinstance(evidence, Evidence):
        return evidence
    try:
        return read_evidence(evidence)
    except InputError as wrong:
        raise Refused(*(f"There is no usable evidence: {problem}" for problem in wrong.problems), *people) from None


def _observed(model: Model, evidence: Evidence, history: History, progress: Callable[[str], None]) -> Observations:
    """The model's observations by the plan of its evidence."""
    try:
        seen = observe(history, [model], evidence.plan, progress=progress)
        if not (evidence.part == TEST and seen.split):
            seen.rows(evidence.part)
    except (InputError, NotObserved) as wrong:
        raise Refused(*(f"The evidence cannot be made again: {line}" for line in str(wrong).splitlines())) from None
    return seen


def _made_again(
    evidence: Evidence, model: Model, seen: Observations, opening: Opening | None
) -> tuple[Evidence, list[str]]:
    """The evidence made again, and the first figure, or else warning, of the one shown that is not what it says."""
    try:
        document = to_document(backtest(model, seen, part=evidence.part))
    except NotObserved as wrong:
        return evidence, [f"The evidence cannot be made again: {wrong}"]
    found = first_difference(_told(evidence.document, opening), _told(document, seen.opening))
    reasons = []
    if found is not None:
        words = found.words("in the evidence", "recomputed")
        reasons = [f"The evidence is not what the data says: {words}. Run the backtest again."]
    return Evidence(document, model, evidence.plan), reasons


def _told(document: Mapping[str, Any], opening: Opening | None) -> dict[str, Any]:
    """Figures and warnings, but for which opening of the test it was: approving on the test part is one more.

    Only the very sentence that the backtest makes of this opening is taken for it; anything else is compared.
    """
    counted = None
    if document["part"] == TEST and opening is not None:
        counted = f"This is the test part, opened {opening.number} time(s) so far: {opening.because}"
    return {**figures(document), "warnings": [None if line == counted else line for line in document["warnings"]]}


def _lists(data: Any) -> set[str]:
    """The history's lists that a model, as plain data, names."""
    if isinstance(data, list):
        return {name for item in data for name in _lists(item)}
    if not isinstance(data, dict):
        return set()
    found = {name for item in data.values() for name in _lists(item)}
    named = data.get("one_of")
    return found | {named["list"]} if isinstance(named, dict) and "list" in named else found


def _content(evidence: Evidence, history: History, ledgers: Ledgers, who: Mapping[str, str]) -> dict[str, bytes]:
    """The files of the bundle."""
    model = evidence.model
    content = evidence_files(evidence)
    content[CANONICAL] = canonical(model.plain())
    now = dt.datetime.now(dt.UTC)
    terms = {
        "format": FORMAT,
        "model": {
            "name": model.name,
            "version": model.version,
            "scoring_digest": model.scoring_digest,
            "document_digest": model.document_digest,
        },
        "part": evidence.part,
        "held_back": evidence.part in HELD_BACK,
        "evidence_digest": evidence.digest,
        "data": {"name": history.name, "fingerprint": history.fingerprint},
        "plan_digest": evidence.plan.digest,
        **who,
        "approved_at": now.isoformat(timespec="seconds"),
        "review_by": (now.date() + dt.timedelta(days=REVIEW_DAYS)).isoformat(),
        "openings": ledgers.plain(),
        "input": {
            "blanks": list(history.blanks),
            "folding": FOLDING,
            "lists": {name: list(history.lists[name]) for name in sorted(_lists(model.plain()))},
        },
        "tool": {"name": TOOL, "version": __version__},
        "files": {name: sha256(data) for name, data in content.items()},
    }
    return {**content, APPROVAL: sealed(terms)}
