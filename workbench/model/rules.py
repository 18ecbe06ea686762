"""What earns points: a condition, the first of several cases, or every single event."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from workbench.model.conditions import Condition, EventFilter
from workbench.parsing import Days, Points, Value

Name = Annotated[str, Field(min_length=1, max_length=80)]


class Rule(Value):
    """What all rules carry.

    Attributes:
        id: stable name, unique in the model.
        in_: the dimension, or the group inside one, that the points go to (`in` in the file).
        why: the reason in a person's words; it is shown in ledgers and pictures.
        enabled: a disabled rule earns nothing.
        owner: the role that answers for the rule.
        tags: free labels.
    """

    id: Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_-]{0,59}$")]
    in_: Name = Field(alias="in")
    why: str = ""
    enabled: bool = True
    owner: str = ""
    tags: tuple[str, ...] = ()


class WhenRule(Rule):
    """Points once, if the condition holds."""

    when: Condition
    points: Points


class Case(Value):
    """One case of a `cases` rule."""

    when: Condition
    points: Points


class CasesRule(Rule):
    """The points of the first case that holds, else `default`."""

    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
    default: Points = Decimal(0)


class Limit(Value):
    """Bounds on what repeated events earn.

    Attributes:
        events: most events that count, the newest kept.
        per_day: most events that count in one UTC day, the newest kept.
        points: most that the rule's points may sum to, in size (so -20 with `points: 15` gives -15).
    """

    events: Annotated[int, Field(ge=1)] | None = None
    per_day: Annotated[int, Field(ge=1)] | None = None
    points: Annotated[Points, Field(gt=0)] | None = None


class Decay(Value):
    """How an event's points fade with its age in whole days a.

    Attributes:
        half_life: points are multiplied by 2^(-a / half_life).
    """

    half_life: Days


class EachRule(Rule):
    """Points for every event that passes the filter, within limits, fading with age.

    Order: filter, window, limit per day, limit of events, decay, sum, limit of points.
    """

    each: EventFilter
    points: Points
    limit: Limit = Limit()
    decay: Decay | None = None


_TAGS: dict[type, str] = {WhenRule: "<when rule>", CasesRule: "<cases rule>", EachRule: "<each rule>"}


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        kinds = [key for key in ("when", "cases", "each") if key in value]
        return f"<{kinds[0]} rule>" if len(kinds) == 1 else None
    return _TAGS.get(type(value))


AnyRule = Annotated[
    Annotated[WhenRule, Tag("<when rule>")]
    | Annotated[CasesRule, Tag("<cases rule>")]
    | Annotated[EachRule, Tag("<each rule>")],
    Discriminator(
        _kind,
        custom_error_type="kind_of_rule",
        custom_error_message="exactly one of 'when', 'cases' and 'each' in a rule",
    ),
]

__all__ = ["AnyRule", "Case", "CasesRule", "Decay", "EachRule", "Limit", "Rule", "WhenRule"]
