"""What a criterion was read as."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from workbench.drafts.vocabulary import Dimension
from workbench.model import Condition, EventFilter

Asked = tuple[tuple[str, str], ...]
"""Pairs of what was assumed and what to decide."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Reading:
    """A criterion as a condition, or as events that each earn points.

    Attributes:
        dimension: where its points usually go.
        name: what the rule may be called.
        when: the condition as a model file has it; empty where `each` is given.
        each: the events, each of which earns points.
        limit: on what they earn.
        alike: criteria of the same subject have the same text here; empty if it stands alone.
        asked: what was assumed, and what to decide.
    """

    dimension: Dimension
    name: str
    when: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    each: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    limit: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    alike: str = ""
    asked: Asked = ()


@dataclass(frozen=True)
class NotRead:
    """Why a criterion could not be read, and what to do."""

    reason: str
    remedy: str


_CONDITION: TypeAdapter[Any] = TypeAdapter(Condition)


def flaw(condition: Mapping[str, Any], *, each: bool = False) -> str:
    """What the model language finds wrong with a condition, or with the events of an `each`; empty if nothing."""
    try:
        if each:
            EventFilter.model_validate_json(json.dumps(dict(condition)))
        else:
            _CONDITION.validate_json(json.dumps(dict(condition)))
    except ValidationError as wrong:
        [detail, *_] = wrong.errors()
        return str(detail.get("ctx", {}).get("expected") or detail["msg"])
    return ""


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})


def slug(text: str, most: int = 40) -> str:
    """A name for a rule: letters, digits and `_`, beginning with a letter.

    >>> slug("Visited /pricing page!"), slug("3+ visits"), slug("größe")
    ('visited_pricing_page', 'n3_visits', 'groesse')
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text.lower()).translate(_UMLAUTS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:most].strip("_")
    return name if name[:1].isalpha() else f"n{name}" if name else "rule"
