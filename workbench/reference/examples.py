"""The one table of examples: by class of the definition, and key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel

from workbench.reference.example import Entry
from workbench.reference.of_conditions import CONDITIONS
from workbench.reference.of_parts import PARTS
from workbench.reference.of_rules import RULES

EXAMPLES: Mapping[type[BaseModel], tuple[Entry, ...]] = MappingProxyType({**PARTS, **RULES, **CONDITIONS})
