"""The points model: frozen values and their file."""

from __future__ import annotations

from workbench.model.conditions import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    EventFilter,
    EventTest,
    FieldTest,
    NamedList,
    NotOf,
    leaves,
)
from workbench.model.file import change_model, model_text, parse_model, read_model, write_model
from workbench.model.model import Bounds, Dimension, Gate, Group, Model, Score, Tier
from workbench.model.rules import AnyRule, Case, CasesRule, Decay, EachRule, Limit, Rule, WhenRule

__all__ = [
    "AccountFieldTest",
    "AllOf",
    "AnyOf",
    "AnyRule",
    "Bounds",
    "Case",
    "CasesRule",
    "Comparison",
    "Condition",
    "Count",
    "Decay",
    "Dimension",
    "EachRule",
    "EventFilter",
    "EventTest",
    "FieldTest",
    "Gate",
    "Group",
    "Limit",
    "Model",
    "NamedList",
    "NotOf",
    "Rule",
    "Score",
    "Tier",
    "WhenRule",
    "change_model",
    "leaves",
    "model_text",
    "parse_model",
    "read_model",
    "write_model",
]
