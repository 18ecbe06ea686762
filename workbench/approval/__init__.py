"""Approval: evidence, the decision of a second role, the bundle that binds both, and exports from it."""

from __future__ import annotations

from workbench.approval.bundle import Approval, Bundle, read_bundle, statement
from workbench.approval.decision import approve
from workbench.approval.evidence import Evidence, evidence_digest, evidence_of, read_evidence, write_evidence
from workbench.approval.exports import export

__all__ = [
    "Approval",
    "Bundle",
    "Evidence",
    "approve",
    "evidence_digest",
    "evidence_of",
    "export",
    "read_bundle",
    "read_evidence",
    "statement",
    "write_evidence",
]
