"""What an approval still needs: the conditions that `approve` refuses on, and advice beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.approval import objections as against
from workbench.approval import roles
from workbench.approval.bundle import HELD_BACK
from workbench.approval.evidence import Evidence, read_evidence
from workbench.approval.ledgers import Ledgers, read_ledgers
from workbench.backtesting.backtest import FEW_CONVERTED
from workbench.errors import InputError
from workbench.history import History
from workbench.linting import Finding, lint
from workbench.model import Model
from workbench.model.rules import AnyRule
from workbench.observation.split import TEST, TRAIN

CHANCE = 0.5
"""The AUC of a ranking by lot."""
MOST_NAMED = 5


@dataclass(frozen=True)
class Need:
    """One thing that an approval needs.

    Attributes:
        key: short and stable, such as `model`; unique among the needs of one approval.
        what: what is needed, as a statement that is true once it is met.
        met: whether it is met.
        remedy: why it is not met and what to do; empty where it is met.
        hard: whether `approve` refuses without it; the others are advice, for the approver to weigh.
    """

    key: str
    what: str
    met: bool
    remedy: str
    hard: bool = True


def needs(
    model: Model,
    *,
    evidence: Evidence | str | Path | None = None,
    history: History | None = None,
    champion: Model | None = None,
    author: str = "",
    approver: str = "",
    why: str = "",
    findings: Sequence[Finding] | None = None,
    ledger: Path | None = None,
) -> tuple[Need, ...]:
    """What an approval needs, and whether it has it; nothing is computed from the data and nothing is written.

    Where a hard need is not met `approve` refuses. Where all are met it still makes the evidence again from the data,
    and refuses if a figure differs: that cannot be said beforehand.

    Args:
        model: the model to approve.
        evidence: what `write_evidence` wrote (a folder) or returned; None if there is none yet.
        history: the data that the evidence is made again from.
        champion: the model in force; the needs that compare with it are left out without one.
        author: the role that answers for the model.
        approver: the role that says yes.
        why: the approver's reason.
        findings: of the model's lint; by default the model alone is looked at.
        ledger: where openings of the sealed test are written down, beside the ledger that lies with the data.

    Returns:
        the needs in the order to meet them: evidence, model, people.
    """
    shown, problem = _read(evidence)
    return (
        *_of_evidence(shown, problem, model, history, ledger),
        *_of_model(model, champion, lint(model).findings if findings is None else findings),
        *_of_people(author, approver, why, model.owner),
    )


def lacking(found: Sequence[Need]) -> tuple[Need, ...]:
    """The hard needs that are not met: what `approve` refuses on."""
    return tuple(need for need in found if need.hard and not need.met)


def _need(key: str, what: str, reason: str, *, hard: bool = True) -> Need:
    """A need that is met if no reason stands against it."""
    return Need(key, what, not reason, reason, hard)


def _advice(key: str, what: str, unmet: bool, reason: str) -> Need:
    return _need(key, what, reason if unmet else "", hard=False)


# --- evidence -------------------------------------------------------------------------------------------------------

_WHATS = {
    against.EVIDENCE: "The evidence is there and can be read",
    against.MODEL: "The evidence is about this very model",
    against.DATA: "The evidence is about this very data",
    against.PART: "The evidence is not from the train part",
    against.OPENING: "The opening of the sealed test is in its ledger",
}


def _read(evidence: Evidence | str | Path | None) -> tuple[Evidence | None, str]:
    """The evidence, or why there is none."""
    if evidence is None:
        return None, "There is none yet. Run the backtest and write its evidence."
    if isinstance(evidence, Evidence):
        return evidence, ""
    try:
        return read_evidence(evidence), ""
    except InputError as wrong:
        return None, " ".join(str(each) for each in wrong.problems)


def _of_evidence(
    evidence: Evidence | None, problem: str, model: Model, history: History | None, ledger: Path | None
) -> Iterator[Need]:
    if evidence is None:
        yield _need(against.EVIDENCE, _WHATS[against.EVIDENCE], problem)
        for matter in (against.MODEL, against.DATA, against.PART):
            yield _need(matter, _WHATS[matter], "There is no evidence to tell from.")
        return
    found = _objections(evidence, model, history, ledger)
    for matter, what in _WHATS.items():
        if matter != against.OPENING or matter in found or evidence.document["opening"] is not None:
            yield _need(matter, what, " ".join(found.get(matter, ())))
    yield from _strength(evidence)


def _objections(
    evidence: Evidence, model: Model, history: History | None, ledger: Path | None
) -> dict[str, tuple[str, ...]]:
    """What stands against the evidence; without a history nothing can be made again from the data."""
    if history is None:
        missing = ("No data is at hand. Hand in the history: the approval makes the evidence again from it.",)
        return {**against.objections(evidence, model, None, Ledgers((), ())), against.DATA: missing}
    try:
        ledgers = read_ledgers(history, ledger)
    except InputError as wrong:  # `approve` stops at a broken ledger whatever the evidence is about
        return {**against.objections(evidence, model, history, Ledgers((), ())), against.OPENING: (str(wrong),)}
    return against.objections(evidence, model, history, ledgers)


def _strength(evidence: Evidence) -> Iterator[Need]:
    """How far the evidence carries: advice."""
    part = evidence.part
    where = "the train part, on which the model was made" if part == TRAIN else f"the part '{part}'"
    held = f"It is about {where}: nothing was held back, and the approval will say so. Use a plan with a split."
    yield _advice("held", "The evidence is from a part that was held back", part not in HELD_BACK, held)
    chosen = (
        f"It is about {where}. Where candidates were compared on it the best looks better than it is. The sealed test "
        "says how well it does: open it once, when the choice is made, with open_test(because=…)."
    )
    yield _advice("sealed", "The evidence is from the sealed test part", part != TEST, chosen)
    observed, auc = evidence.document.get("observed", {}), evidence.document["metrics"].get("auc", {})
    n, converted = int(observed.get("n", 0)), int(observed.get("converted", 0))
    few = min(converted, n - converted)
    which = "converted" if few == converted else "did not convert"
    thin = (
        f"Only {few:,} of its {n:,} observations {which}: it cannot tell this model from one that is somewhat better "
        "or worse. Wait for more outcomes, or say in the reason why it is enough."
    )
    enough = f"At least {FEW_CONVERTED} in the evidence converted, and as many did not"
    yield _advice("converted", enough, few < FEW_CONVERTED, thin)
    lot = "The lower end of its AUC's interval is not above 0.5. Look at the model again before relying on it."
    low = auc.get("low")
    by_lot = low is None or low <= CHANCE
    yield _advice("chance", "The evidence shows that the model ranks better than chance", by_lot, lot)


# --- the model ------------------------------------------------------------------------------------------------------


def _of_model(model: Model, champion: Model | None, findings: Sequence[Finding]) -> Iterator[Need]:
    if champion is not None:
        taken = model.name == champion.name and model.version <= champion.version
        stale = f"Both are {model.name!r}, version {model.version} after {champion.version}. Raise the version."
        yield _advice("version", "Name and version tell the model from the champion", taken, stale)
        same = model.scoring_digest == champion.scoring_digest
        alike = "Every lead gets the score and tier that it has now: there is nothing new to approve."
        yield _advice("different", "The model scores differently from the champion", same, alike)
    errors = [found for found in findings if found.severity == "error"]
    wrong = [f"{found.code} {found.at}: {found.finding} {found.remedy}" for found in errors]
    yield _advice("lint", "The lint finds no error in the model", bool(wrong), " ".join(wrong))
    silent = _unexplained(model, champion)
    named = ", ".join(silent[:MOST_NAMED]) + (f" and {len(silent) - MOST_NAMED} more" * (len(silent) > MOST_NAMED))
    which = "rule" if champion is None else "changed rule"
    blank = f"There is no `why` at {named}. Write a sentence there: ledgers and reports show it."
    yield _advice("reasons", f"Every {which} says why", bool(silent), blank)


def _unexplained(model: Model, champion: Model | None) -> list[str]:
    """Rules that count, are not the champion's word for word, and do not say why; in the order of the file."""
    known = {} if champion is None else dict(_rules(champion))
    return [
        name for name, rule in _rules(model) if rule.enabled and rule != known.get(name) and not roles.role(rule.why)
    ]


def _rules(model: Model) -> Iterator[tuple[str, AnyRule]]:
    """The rules by name, those of variants too."""
    yield from ((rule.id, rule) for rule in model.rules)
    for variant in model.variants:
        yield from ((f"{rule.id} (variant {variant.name})", rule) for rule in (*variant.override, *variant.add))


# --- people ---------------------------------------------------------------------------------------------------------


def _of_people(author: str, approver: str, why: str, owner: str) -> Iterator[Need]:
    found = roles.objections(author, approver, why, owner=owner)
    nobody = "" if roles.role(approver) else "The approver is not named yet."
    other = found.get(roles.ROLES) or nobody or ("The author is not named yet." if roles.AUTHOR in found else "")
    for key, what, reason in (
        (roles.AUTHOR, "The author is named, as a role", found.get(roles.AUTHOR, "")),
        (roles.APPROVER, "The approver is named, as a role", found.get(roles.APPROVER, "")),
        (roles.ROLES, "Author and approver are different roles", other),
        (roles.OWNER, "The approver is not the model's owner", found.get(roles.OWNER) or nobody),
        (roles.WHY, "A reason is given", found.get(roles.WHY, "")),
    ):
        yield _need(key, what, reason)
