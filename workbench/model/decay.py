"""How points fade with age, and how a dimension fades with idleness: a share d(age), age in whole days."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from workbench.parsing import Days, Portion, Value, fault, only_one


class Steps(Value):
    """A loss at every full period of age.

    Attributes:
        lose: share that is lost.
        every: length of the period.
    """

    lose: Portion
    every: Days


class Decay(Value):
    """Exactly one shape d(a) of the age a in whole days, then grace, floor and the negatives flag.

    Attributes:
        half_life: d = 2^(-a / half_life).
        expiry: d = 1 for a < expiry, else 0.
        linear: d = max(0, 1 - a / linear).
        step: d = max(0, 1 - lose x floor(a / every)).
        geometric: d = (1 - lose)^floor(a / every).
        table: pairs (age, share), ages rising from 0: d is the share of the last age that is not above a.
        grace: days during which nothing fades; the shape sees max(0, a - grace).
        floor: least share that is left; d = max(floor, shape).
        negatives: whether negative points fade too.

    Sources: linear lifespan, MadKudu; step, HubSpot; geometric, Zoho and Breadcrumbs.
    """

    half_life: Days | None = None
    expiry: Days | None = None
    linear: Days | None = None
    step: Steps | None = None
    geometric: Steps | None = None
    table: Annotated[tuple[tuple[Annotated[int, Field(ge=0, le=36_500)], Portion], ...], Field(min_length=1)] | None = (
        None
    )
    grace: Days | None = None
    floor: Portion = Decimal(0)
    negatives: bool = True

    @property
    def shape(self) -> str:
        """The name of the one shape that is set."""
        return next(name for name in SHAPES if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        only_one(self, SHAPES, remedy="Keep the shape that is meant.")
        ages = [age for age, _ in self.table or ()]
        if self.table is not None and (ages[0] != 0 or any(a >= b for a, b in pairwise(ages))):
            raise fault("ages that rise from 0", "Start with [0, 100%] and list the ages in order.", at=("table",))
        return self


SHAPES = ("half_life", "expiry", "linear", "step", "geometric", "table")
