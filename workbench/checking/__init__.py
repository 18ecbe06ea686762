"""The check of the data: what it holds, what leaks the answer, what is too young, what changed its meaning."""

from __future__ import annotations

from workbench.checking.check import check
from workbench.checking.finding import SEVERITIES, Finding, Severity
from workbench.checking.grouping import Group, grouped, said_once, sentence
from workbench.checking.result import Check

__all__ = ["SEVERITIES", "Check", "Finding", "Group", "Severity", "check", "grouped", "said_once", "sentence"]
