"""Evidence: the stored result of one backtest, with the model and the plan it was made by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from workbench.approval.difference import first_difference
from workbench.approval.files import json_bytes, json_document, read_bytes, write_folder
from workbench.backtesting import Backtest, to_document
from workbench.document import Document, digest, read_document
from workbench.errors import CallError, InputError, ModelError, Problem
from workbench.model import Model, model_text, parse_model
from workbench.parsing import parse
from workbench.plan import Plan, parse_plan

FORMAT = "lead-scoring-evidence/1"
EVIDENCE, MODEL, PLAN = "evidence.json", "model.yaml", "plan.json"
FILES = (EVIDENCE, MODEL, PLAN)
DIGITS = 10

_REMEDY = "Make it with 'workbench backtest MODEL --data DATA --plan PLAN --out DIR'."


@dataclass(frozen=True)
class Evidence:
    """What a backtest found, and what it was made by.

    Attributes:
        document: the backtest as plain data, as `workbench.backtesting.to_document` makes it.
        model: the model that was judged.
        plan: the plan it was judged by.
    """

    document: Mapping[str, Any]
    model: Model
    plan: Plan

    @property
    def digest(self) -> str:
        """SHA-256 of the figures; see `evidence_digest`."""
        return evidence_digest(self.document)

    @property
    def part(self) -> str:
        """The part of the observations that was judged."""
        return str(self.document["part"])

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data behind it."""
        return str(self.document["data"]["fingerprint"])

    def contradictions(self) -> tuple[str, ...]:
        """Where the document says something else than the model and the plan beside it; one line each."""
        found: list[str] = []
        judged = self.document["model"]
        if judged["scoring_digest"] is None:
            found.append("The evidence is about scores that the CRM recorded, not about a model.")
        elif (judged["scoring_digest"], judged["document_digest"]) != _digests(self.model):
            found.append(
                f"The evidence is about another model than its {MODEL}: it names scoring digest "
                f"{judged['scoring_digest']}, the file has {self.model.scoring_digest}."
            )
        other = first_difference(self.document["plan"], self.plan.plain())
        if other is not None:
            found.append(f"The evidence was made by another plan: {other.words('in the evidence', f'in {PLAN}')}.")
        return tuple(found)


def _digests(model: Model) -> tuple[str, str]:
    return model.scoring_digest, model.document_digest


def evidence_of(result: Backtest, model: Model, plan: Plan) -> Evidence:
    """A backtest as evidence.

    Raises:
        CallError: if the result is of another model or plan, or of the CRM's recorded scores.
    """
    found = Evidence(to_document(result), model, plan)
    wrong = found.contradictions()
    if wrong:
        raise CallError.at(
            "evidence",
            expected="a backtest of this model by this plan",
            found=" ".join(wrong),
            remedy="Hand in the model and the plan that the backtest was made with.",
        )
    return found


def evidence_files(evidence: Evidence) -> dict[str, bytes]:
    """The files of an evidence folder: evidence.json, model.yaml (with its author's comments), plan.json."""
    return {
        EVIDENCE: json_bytes({"format": FORMAT, "backtest": dict(evidence.document)}),
        MODEL: model_text(evidence.model, whole=True).encode(),
        PLAN: json_bytes(evidence.plan.plain()),
    }


def write_evidence(result: Backtest, model: Model, plan: Plan, folder: str | Path) -> Evidence:
    """Write the evidence of a backtest into a folder, whole or not at all, and return it.

    Args:
        result: the backtest.
        model: the model it judged.
        plan: the plan it was made by.
        folder: a new folder, or one that holds earlier evidence, which is replaced.

    Raises:
        CallError: if the result is of another model or plan, or something else stands in the folder.
    """
    evidence = evidence_of(result, model, plan)
    write_folder(Path(folder), evidence_files(evidence))
    return evidence


def read_evidence(folder: str | Path) -> Evidence:
    """Read an evidence folder.

    Raises:
        CallError: if there is no such folder.
        InputError: if a file is missing, cannot be read as what it should be, or contradicts another one.
    """
    evidence = evidence_from(read_bytes(Path(folder), FILES, remedy=_REMEDY))
    wrong = evidence.contradictions()
    if wrong:
        raise InputError(
            *(Problem(str(folder), "evidence, model and plan of one backtest", line, _REMEDY) for line in wrong)
        )
    return evidence


def evidence_from(content: Mapping[str, bytes]) -> Evidence:
    """Evidence from the content of its three files; raises InputError where one is not what it should be."""
    outer = parse(_Outer, json_document(content[EVIDENCE], EVIDENCE), InputError)
    parse(_Head, Document(f"{EVIDENCE} backtest", outer.backtest, {}, ""), InputError)
    try:
        text = content[MODEL].decode("utf-8")
    except UnicodeDecodeError as problem:
        raise ModelError.at(
            MODEL, expected="UTF-8 text", found=f"byte {problem.start} is not", remedy="Restore the file."
        ) from None
    model = parse_model(read_document(text, ModelError, name=MODEL))
    return Evidence(outer.backtest, model, parse_plan(json_document(content[PLAN], PLAN)))


class _Outer(BaseModel):
    """The file evidence.json."""

    model_config = ConfigDict(frozen=True, strict=True)
    format: Literal["lead-scoring-evidence/1"]
    backtest: dict[str, Any]


class _Judged(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)
    name: str
    version: int | None
    scoring_digest: str | None
    document_digest: str | None


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)
    name: str
    fingerprint: str


class _Opening(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)
    number: int
    head: str


class _Head(BaseModel):
    """What must be there in a backtest's document for its evidence to be checked; the rest is compared as it is."""

    model_config = ConfigDict(frozen=True, strict=True)
    format: Literal["lead-scoring-backtest/1"]
    model: _Judged
    data: _Data
    plan: dict[str, Any]
    part: str
    opening: _Opening | None
    metrics: dict[str, Any]
    warnings: list[str]


def figures(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a backtest found, without what differs from one run to the next.

    Left out are `opening` and `warnings` (they say how often the test was opened) and the name of the data's folder.
    """
    kept = {key: value for key, value in document.items() if key not in {"opening", "warnings"}}
    return {**kept, "data": {key: value for key, value in document["data"].items() if key != "name"}}


def evidence_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the `figures`, numbers with a fraction rounded to 10 significant digits.

    The last digits of such a number depend on the machine's order of adding; the digest should not.
    """
    return digest(_rounded(figures(document)))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
