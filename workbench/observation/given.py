"""Leads at moments that the caller gives, each on what was known before its own moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lower import Lowering
from workbench.engine.lowered import Hit
from workbench.engine.sql import integer
from workbench.errors import PlanError
from workbench.history import History
from workbench.model import Model
from workbench.observation.books import DECIDERS, Shelf, gather_books
from workbench.observation.fields import catalog_of, conditions_of, member_lists, undated
from workbench.observation.gather import OBS, Gathering, cells_of
from workbench.observation.observe import wanted_features
from workbench.observation.scorer import Scorer
from workbench.plan import Plan

Integers = NDArray[np.int64]
_GIVEN = "given_moments"


class Given:
    """Evaluates a model's rules for any leads at any moments.

    Args:
        model: the model.
        history: the loaded past; its leads have dates.
        plan: its population, and which undated fields it allows.

    Attributes:
        loose: fields and lists in use although it is not known when their values were known.

    Raises:
        ModelError: if the model asks for what the history does not have.
        PlanError: if it asks for fields of unknown date that the plan does not allow.
    """

    def __init__(self, model: Model, history: History, plan: Plan) -> None:
        self.model, self.history = model, history
        self.catalog = catalog_of(history, plan)
        wanted = wanted_features([model], self.catalog)
        conditions = list(conditions_of(model))
        self._inside: Hit | None = None
        if plan.population is not None:
            lowering = Lowering(self.catalog, plan.document, PlanError)
            top = "population" if plan.document is not None else "plan population"
            self._inside = Hit(lowering.predicate(plan.population.when, (top, "when")))
            deciders = [*wanted.books[DECIDERS], self._inside]
            wanted = replace(wanted, books={**wanted.books, DECIDERS: list(dict.fromkeys(deciders))})
            conditions.append(plan.population.when)
        self._wanted = wanted
        self._cells = cells_of(wanted.coded)
        self.loose = undated(self._cells, history, plan, member_lists(conditions))

    def at(self, lead: Integers, account: Integers, as_of_us: Integers) -> Scorer:
        """A scorer whose rows are these leads at these moments.

        Args:
            lead: the leads' numbers in the engine, in any order and as often as wanted.
            account: the numbers of their accounts, -1 without one.
            as_of_us: UTC epoch microseconds, each after its lead's creation.
        """
        self._observe(lead, account, as_of_us)
        gathering = Gathering(self.history)
        try:
            gathering.prepare(self._cells, self._wanted.features)
            shelf = gather_books(gathering, self._wanted, len(lead))
        finally:
            gathering.forget()
            self.history.engine.drop([OBS])
        return Scorer(self.model, self.catalog, shelf)

    def inside(self, shelf: Shelf) -> NDArray[np.bool_]:
        """Which rows are in the plan's population at their moment."""
        if self._inside is None:
            return np.ones(shelf.size, dtype=bool)
        book = shelf.books[DECIDERS]
        return np.asarray(book.entries[:, book.features.index(self._inside)][book.codes] == 1, dtype=bool)

    def _observe(self, lead: Integers, account: Integers, as_of_us: Integers) -> None:
        """Make the table of observations."""
        frame = pd.DataFrame({"obs": np.arange(len(lead)), "lead": lead, "account": account, "as_of_us": as_of_us})
        engine = self.history.engine
        engine.take(_GIVEN, frame)
        own = exp.Nullif(this=column("account"), expression=integer(-1))
        query = exp.select(column("obs"), column("lead"), exp.alias_(own, "account", quoted=True))
        engine.write(OBS, query.select(column("as_of_us")).from_(table(_GIVEN)).order_by(column("obs")))
        engine.drop([_GIVEN])


def numbers_of(history: History, lead_id: Sequence[str]) -> tuple[Integers, Integers, Integers]:
    """The engine's numbers of leads and of their accounts (-1 without one), and their creation (UTC microseconds)."""
    names = ("lead_id", "lead", "account", "created_us")
    found = history.engine.frame(exp.select(*(column(name) for name in names)).from_(table("leads")))
    own = found.set_index("lead_id").reindex(list(lead_id))
    account = own["account"].fillna(-1).to_numpy(dtype=np.int64)
    return own["lead"].to_numpy(dtype=np.int64), account, own["created_us"].fillna(0).to_numpy(dtype=np.int64)
