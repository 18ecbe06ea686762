"""Rules that a model has switched off, so that they can be switched on from memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.engine.lower import Catalog, lower_model
from workbench.engine.lowered import Feature
from workbench.errors import ModelError, PlanError
from workbench.history import History
from workbench.model import Model, change_model
from workbench.observation.fields import conditions_of, member_lists, undated
from workbench.observation.following import asked
from workbench.observation.gather import cells_of
from workbench.plan import Plan


def switched_on(models: Sequence[Model], history: History, plan: Plan, catalog: Catalog) -> Iterator[Model]:
    """Each model with a rule of its own switched on that is off, for each of these that could be observed.

    Rules that ask what the history does not have, or what the plan does not allow, are left out: they are off.
    """
    for model in models:
        for number, rule in enumerate(model.rules):
            if not rule.enabled:
                try:
                    awake = change_model(model, {f"rules.[{number}].enabled": True})
                    undated(cells_of(_features(awake, catalog)), history, plan, member_lists(conditions_of(awake)))
                except (ModelError, PlanError):
                    continue
                yield awake


def _features(model: Model, catalog: Catalog) -> list[Feature]:
    return [each.feature for each in asked(model, lower_model(model, catalog))]
