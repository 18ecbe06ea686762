"""The bundle: an approved model with the evidence it was approved on, and who approved it when and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from workbench.approval.evidence import EVIDENCE, MODEL, PLAN, Evidence, evidence_from
from workbench.approval.files import json_document, read_bytes
from workbench.approval.roles import faults
from workbench.document import canonical, digest
from workbench.errors import InputError, Refused, listed
from workbench.model import Model, parse_model
from workbench.observation.split import TEST, TRAIN, VALIDATION
from workbench.parsing import Value, parse, plain_dict
from workbench.plan import Plan

FORMAT: Literal["lead-scoring-approval/1"] = "lead-scoring-approval/1"
FOLDING: Literal["ascii-lower, trimmed"] = "ascii-lower, trimmed"
APPROVAL, CANONICAL = "approval.json", "model.json"
BOUND = (MODEL, CANONICAL, PLAN, EVIDENCE)
FILES = (*BOUND, APPROVAL)
HELD_BACK = (VALIDATION, TEST)
ON_TRAIN = "The evidence is about the train part: a model may not be approved on the data it was tuned on."

_REMEDY = "Name the folder that 'workbench approve' wrote."

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Words = Annotated[str, Field(min_length=1)]


class ApprovedModel(Value):
    """Which model was approved: its name, version and both digests."""

    name: Words
    version: Annotated[int, Field(ge=1)]
    scoring_digest: Digest
    document_digest: Digest


class ApprovedData(Value):
    """The data that the evidence was recomputed from."""

    name: str
    fingerprint: Words


class Openings(Value):
    """How often the sealed test part had been opened by then.

    Attributes:
        count: the openings in the ledger beside the data and in the one that was named, if one was.
        heads: the head of each, which vouches for the whole of it; none if the test was never opened.
    """

    count: Annotated[int, Field(ge=0)]
    heads: tuple[Digest, ...]


class InputContract(Value):
    """What whoever scores leads must hold to.

    Attributes:
        blanks: texts that mean missing (compared after trimming, in exact case).
        folding: what is done to a text before it is compared.
        lists: the values of the history's lists that the model names.
    """

    blanks: tuple[str, ...]
    folding: Literal["ascii-lower, trimmed"]
    lists: Annotated[Mapping[str, tuple[str, ...]], AfterValidator(MappingProxyType), PlainSerializer(plain_dict)]


class Tool(Value):
    """The program that wrote the bundle."""

    name: Words
    version: Words


class Approval(Value):
    """The approval itself, as approval.json has it.

    Attributes:
        part: the part of the observations that the evidence is about.
        held_back: whether that part was held back from whoever made the model: true of validation and test, false of
            `all`, which a plan without a split judges.
        evidence_digest: of the figures; see `workbench.approval.evidence.evidence_digest`.
        plan_digest: of the plan, without its name and description.
        author, approver: roles, not the same one; the approver is not the model's owner either.
        approved_at: UTC, ISO 8601.
        review_by: the day by which the model is to be looked at again.
        input: the input contract.
        files: SHA-256 of the other files by name.
        digest: SHA-256 of the canonical JSON of all of this but the digest: it finds damage. That nobody rewrote the
            whole takes a signature over `statement`.
    """

    format: Literal["lead-scoring-approval/1"]
    model: ApprovedModel
    part: Words
    held_back: bool
    evidence_digest: Digest
    data: ApprovedData
    plan_digest: Digest
    author: Words
    approver: Words
    why: Words
    approved_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")]
    review_by: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    openings: Openings
    input: InputContract
    tool: Tool
    files: Annotated[Mapping[str, Digest], AfterValidator(MappingProxyType), PlainSerializer(plain_dict)]
    digest: Digest

    def plain(self) -> dict[str, Any]:
        """The approval as plain data."""
        data: dict[str, Any] = self.model_dump(mode="json")
        return data


@dataclass(frozen=True)
class Bundle:
    """An approved model, verified.

    Attributes:
        approval: who, when, why, and the digests of everything.
        model: the model.
        evidence: what it was approved on.
    """

    approval: Approval
    model: Model
    evidence: Evidence

    @property
    def plan(self) -> Plan:
        """The plan of the evidence."""
        return self.evidence.plan

    def __str__(self) -> str:
        approval = self.approval
        held_back = "was held back" if approval.held_back else "was NOT held back"
        return (
            f"{self.model.name} version {self.model.version} is approved by {approval.approver}\n"
            f"  evidence {approval.evidence_digest} (part: {approval.part}, which {held_back})\n"
            f"  test part opened {approval.openings.count} time(s) by then\n"
            f"  approved at {approval.approved_at}, to be looked at again by {approval.review_by}"
        )


def statement(bundle: Bundle) -> bytes:
    """The exact bytes that stand for the whole bundle: approval.json, canonical (RFC 8785).

    They name the digest of every other file, so whoever signs them signs everything.
    """
    return canonical(bundle.approval.plain())


def sealed(terms: dict[str, Any]) -> bytes:
    """The bytes of approval.json from its terms: canonical, with their digest."""
    return canonical({**terms, "digest": digest(terms)})


def sha256(content: bytes) -> str:
    """SHA-256 of a file's content, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read_bundle(folder: str | Path) -> Bundle:
    """Read a bundle and verify it: every file, every digest, who approved.

    Raises:
        CallError: if there is no such folder.
        Refused: if anything does not verify, with each reason.
    """
    folder = Path(folder)
    try:
        content = read_bytes(folder, (APPROVAL,), remedy=_REMEDY)
    except InputError as wrong:
        if not folder.is_dir():
            raise
        raise Refused(f"{folder} is not approved.", *map(str, wrong.problems)) from None
    try:
        content |= read_bytes(folder, BOUND, remedy="Restore the bundle from a copy, or approve the model again.")
    except InputError as wrong:
        raise Refused(*map(str, wrong.problems)) from None
    return verified(content)


def verified(content: Mapping[str, bytes]) -> Bundle:
    """The bundle that these files make up; raises Refused, with each reason, if they do not verify."""
    try:
        approval = parse(Approval, json_document(content[APPROVAL], APPROVAL), InputError)
    except InputError as wrong:
        raise Refused(*map(str, wrong.problems)) from None
    reasons = _changed(approval, content)
    if reasons:
        raise Refused(*reasons, *_people(approval, owner=""))
    try:
        evidence = evidence_from(content)
        canon = parse_model(json_document(content[CANONICAL], CANONICAL))
    except InputError as wrong:
        raise Refused(*map(str, wrong.problems), *_people(approval, owner="")) from None
    bundle = Bundle(approval, evidence.model, evidence)
    reasons = _people(approval, owner=bundle.model.owner)
    reasons += [*_other_model(bundle, canon, content[CANONICAL]), *_other_evidence(bundle)]
    if reasons:
        raise Refused(*reasons)
    return bundle


def _people(approval: Approval, owner: str) -> list[str]:
    """What stands against who approved."""
    return faults(approval.author, approval.approver, approval.why, owner=owner)


def _changed(approval: Approval, content: Mapping[str, bytes]) -> list[str]:
    """Files that are not what was approved."""
    terms = approval.plain()
    wrong = []
    if content[APPROVAL] != sealed({key: value for key, value in terms.items() if key != "digest"}):
        wrong.append(f"{APPROVAL} was changed after the approval: its digest does not hold.")
    if set(approval.files) != set(BOUND):
        wrong.append(f"{APPROVAL} does not bind the files {listed(BOUND)}, but {listed(sorted(approval.files))}.")
    wrong += [
        f"{name} was changed after the approval: its SHA-256 is {sha256(content[name])}, approved was {approved}."
        for name, approved in approval.files.items()
        if name in content and sha256(content[name]) != approved
    ]
    return wrong


def _other_model(bundle: Bundle, canon: Model, written: bytes) -> list[str]:
    """Where the two files of the model, and what was approved, are not one and the same."""
    approved, reasons = bundle.approval.model, []
    if canonical(canon.plain()) != written:
        reasons.append(f"{CANONICAL} is not the canonical JSON of its model.")
    for name, model in ((MODEL, bundle.model), (CANONICAL, canon)):
        for kind in ("scoring_digest", "document_digest"):
            found, meant = getattr(model, kind), getattr(approved, kind)
            if found != meant:
                reasons.append(f"{name} is not the approved model: its {kind} is {found}, approved was {meant}.")
    if (bundle.model.name, bundle.model.version) != (approved.name, approved.version):
        reasons.append(
            f"{MODEL} is {bundle.model.name!r} version {bundle.model.version}, approved was {approved.name!r} "
            f"version {approved.version}."
        )
    return reasons


def _other_evidence(bundle: Bundle) -> list[str]:
    """Where the evidence is not the one that was approved."""
    approval, evidence = bundle.approval, bundle.evidence
    pairs = (
        ("digest", evidence.digest, approval.evidence_digest),
        ("data fingerprint", evidence.fingerprint, approval.data.fingerprint),
        ("plan digest", evidence.plan.digest, approval.plan_digest),
        ("part", evidence.part, approval.part),
        ("part held back", evidence.part in HELD_BACK, approval.held_back),
    )
    reasons = list(evidence.contradictions())
    reasons += [
        f"The evidence is not the approved one: its {what} is {found}, approved was {meant}."
        for what, found, meant in pairs
        if found != meant
    ]
    opening = evidence.document["opening"]
    number = 0 if opening is None else opening["number"]
    if (evidence.part == TEST and number < 1) or number > approval.openings.count:
        reasons.append(
            f"The evidence comes from opening number {number} of the test part, the approval counts "
            f"{approval.openings.count} opening(s)."
        )
    return [*reasons, ON_TRAIN] if evidence.part == TRAIN else reasons
