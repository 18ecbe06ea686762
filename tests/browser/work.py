"""The sample's champion and what it is judged on, in this process and as the first cell of a notebook."""

from __future__ import annotations

from functools import cache
from typing import Final

import workbench as wb
from tests.browser.lab import ROOT
from workbench.model import Model
from workbench.observation import Observations

# The folder of the notebook is `notebooks`, as `workbench lab` lays it out.
BEGIN: Final = """import workbench as wb
champion, challenger = wb.read_model("models/champion.yaml"), wb.read_model("models/challenger.yaml")
plan = wb.read_plan("plans/inbound.yaml")
history = wb.read_history("../data/sample")
seen = wb.observe(history, [champion, challenger], plan, tunable=True)"""


@cache
def champion() -> Model:
    """The model in force."""
    return wb.read_model(ROOT / "notebooks/models/champion.yaml")


@cache
def challenger() -> Model:
    """The candidate that comes along."""
    return wb.read_model(ROOT / "notebooks/models/challenger.yaml")


@cache
def seen() -> Observations:
    """What the notebook observes, observed here."""
    plan = wb.read_plan(ROOT / "notebooks/plans/inbound.yaml")
    with wb.read_history(ROOT / "data/sample") as history:
        return wb.observe(history, [champion(), challenger()], plan, tunable=True)
