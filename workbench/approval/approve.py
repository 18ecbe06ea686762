"""Approving a model: its evidence is made again from the data, and a second role says yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.approval.bundle import APPROVAL, CANONICAL, FILES, FOLDING, FORMAT, ON_TRAIN, Bundle, sealed, sha256
from workbench.approval.bundle import verified as verified_bundle
from workbench.approval.difference import first_difference
from workbench.approval.evidence import Evidence, evidence_files, figures, read_evidence
from workbench.approval.files import must_be_free, write_folder
from workbench.approval.roles import faults
from workbench.backtesting import backtest, to_document
from workbench.document import canonical
from workbench.errors import InputError, NotObserved, Refused
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations, observe, read_openings
from workbench.observation.openings import NOTHING_BEFORE
from workbench.observation.split import TEST, TRAIN

REVIEW_DAYS = 180
TOOL = "lead-scoring-workbench"

_OPENED = "This is the test part, opened"


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

    Args:
        model: the model.
        evidence: what `write_evidence` wrote (a folder) or returned.
        history: the data that the evidence is about.
        author: the role that answers for the model.
        approver: the role that says yes; not the author's.
        why: the approver's reason, in a sentence.
        out: the bundle's folder: a new one, or an earlier bundle, which is replaced. Whole or not at all.
        ledger: where openings of the sealed test are written down; by default beside the data. Approving on the test
            part opens it once more, which counts.
        progress: called with one line for each step.

    Raises:
        Refused: with each reason: no evidence, or of another model, plan or data; the recomputed figures differ (the
            first is named, with both values); it is about the train part; author and approver are the same role or
            not named; no reason.
        CallError: if something else stands at `out`.
        DataError: if the ledger of openings is broken.
    """
    out = Path(out)
    must_be_free(out, FILES)
    people = faults(author, approver, why)
    shown = _evidence(evidence, people)
    reasons = _against(shown, model, history)
    if reasons or (people and shown.part == TEST):
        raise Refused(*reasons, *people)  # nothing is computed, and no sealed test opened, for a lost case
    openings = ledger or (None if history.home is None else history.home / "test-openings.jsonl")
    del openings
    seen = _observed(model, shown, history, progress)
    place = ledger or seen.ledger
    unknown = _unknown_opening(shown, place)
    if unknown:
        raise Refused(*unknown, *people)
    if shown.part == TEST:
        progress("Opening the sealed test part")
        seen = seen.open_test(because=f"approval of {model.name} v{model.version}", ledger=ledger)
    progress("Comparing the evidence with what the data says")
    people = [*_differing(shown, model, seen), *people]
    if people:
        raise Refused(*people)
    content = _content(model, shown, history, place, {"author": author, "approver": approver, "why": why})
    bundle = verified_bundle(content)
    write_folder(out, content)
    return bundle
