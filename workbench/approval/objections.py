"""What stands against evidence before anything is computed: the one definition for `approve` and for `needs`."""

from __future__ import annotations

from workbench.approval.bundle import ON_TRAIN
from workbench.approval.difference import first_difference
from workbench.approval.evidence import Evidence
from workbench.approval.ledgers import Ledgers
from workbench.history import History
from workbench.model import Model
from workbench.observation.split import TRAIN

EVIDENCE, MODEL, DATA, PART, OPENING = "evidence", "model", "data", "part", "opening"
CLOSED = (
    "The history is closed: the approval makes the evidence again from it. Open the history again, and hand that in."
)


def objections(
    evidence: Evidence, model: Model, history: History | None, ledgers: Ledgers
) -> dict[str, tuple[str, ...]]:
    """What stands against the evidence, by what it is about; a matter with nothing against it is left out.

    Args:
        evidence: as it was read.
        model: the model to approve.
        history: the data to make the evidence again from; without it nothing is said of the data.
        ledgers: of the openings of the sealed test.

    Returns:
        the reasons in words: `evidence` (it contradicts itself), `model` and `data` (it is about others, or the
        history is closed), `part` (it is about the train part), `opening` (it names an opening of the test that no
        ledger holds).
    """
    found = {
        EVIDENCE: evidence.contradictions(),
        MODEL: _other_model(evidence.model, model),
        DATA: _other_data(evidence, history),
        PART: (ON_TRAIN,) if evidence.part == TRAIN else (),
        OPENING: tuple(ledgers.faults(evidence)),
    }
    return {matter: reasons for matter, reasons in found.items() if reasons}


def _other_model(judged: Model, model: Model) -> tuple[str, ...]:
    """How the model differs from the one that was judged."""
    if judged.document_digest == model.document_digest:
        return ()
    same = judged.scoring_digest == model.scoring_digest
    what = "scores the same, but its document differs" if same else "scores differently"
    difference = first_difference(judged.plain(), model.plain())
    where = "" if difference is None else f": {difference.words('in the evidence', 'in the model')}"
    return (f"The evidence is about another model. This one {what}{where}. Run the backtest again.",)


def _other_data(evidence: Evidence, history: History | None) -> tuple[str, ...]:
    if history is None:
        return ()
    closed = (CLOSED,) if _closed(history) else ()
    if evidence.fingerprint == history.fingerprint:
        return closed
    changed = (
        f"The data has changed: the evidence is about {evidence.document['data']['name']!r} with fingerprint "
        f"{evidence.fingerprint}, {history.name!r} has {history.fingerprint}. Run the backtest again."
    )
    return (*closed, changed)


def _closed(history: History) -> bool:
    """Whether a history cannot be asked any more."""
    try:
        history.engine.rows("SELECT 1")
    except Exception:  # noqa: BLE001  (what a closed engine raises is its own affair; no answer is none)
        return True
    return False
