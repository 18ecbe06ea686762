"""Leads as they stand at one moment, without an outcome: to score them, or to explain one of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lower import Catalog
from workbench.engine.lowered import Cell
from workbench.engine.sql import integer, text
from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation.books import Shelf, gather_books
from workbench.observation.fields import catalog_of, conditions_of, member_lists, undated
from workbench.observation.gather import OBS, Gathering, cells_of
from workbench.observation.observe import wanted_features
from workbench.observation.population import micros
from workbench.observation.scorer import Scorer
from workbench.parsing import did_you_mean
from workbench.plan import RECORDED, Age, Plan


@dataclass(frozen=True)
class Moment:
    """Leads at one moment.

    Attributes:
        leads: frame of lead_id, account_id; one row for each lead that existed before the moment.
        as_of: the moment; None for leads that are taken as recorded.
        loose: fields in use although it is not known when their values were known.
        catalog: what models may ask.
        cells: the fields that the models read.
        shelf: codes and codebooks.
    """

    leads: pd.DataFrame
    as_of: dt.datetime | None
    loose: tuple[str, ...]
    catalog: Catalog
    cells: tuple[Cell, ...]
    shelf: Shelf

    def scorer(self, model: Model) -> Scorer:
        """A scorer of this model on these leads."""
        return Scorer(model, self.catalog, self.shelf)


def at_moment(
    history: History,
    models: Sequence[Model],
    as_of: str | dt.datetime | None = None,
    *,
    lead_id: str | None = None,
) -> Moment:
    """Evaluate every rule on what was known before a moment.

    Args:
        history: the loaded past.
        models: whose rules to evaluate.
        as_of: the moment, ISO 8601 with a zone (a date is its start in UTC), or a datetime with one; by default the end
            of the data.
        lead_id: only this lead.

    Raises:
        CallError: if the moment has no zone, or the lead does not exist or did not exist yet.
        ModelError: if a model asks for what the history does not have.
    """
    moment = _moment(history, as_of)
    plan = RECORDED if moment is None else _PRESENT
    catalog = catalog_of(history, plan)
    wanted = wanted_features(models, catalog)
    cells = cells_of(wanted.coded)
    lists = member_lists(condition for model in models for condition in conditions_of(model))
    loose = undated(cells, history, plan, lists)
    history.engine.write(OBS, present(moment, lead_id))
    leads = history.engine.frame(
        exp.select(column("lead_id", "l"), column("account_id", "a"))
        .from_(exp.alias_(table(OBS), "o", table=True))
        .join(exp.alias_(table("leads"), "l", table=True), on=_same("lead", "l"))
        .join(exp.alias_(table("accounts"), "a", table=True), on=_same("account", "a"), join_type="left")
        .order_by(column("obs", "o"))
    )
    if not len(leads):
        raise _nobody(history, moment, lead_id)
    gathering = Gathering(history)
    gathering.prepare(cells, wanted.features)
    shelf = gather_books(gathering, wanted, len(leads))
    gathering.forget()
    history.engine.drop([OBS])
    as_datetime = None if moment is None else _EPOCH + dt.timedelta(microseconds=moment)
    return Moment(leads, as_datetime, loose, catalog, tuple(cells), shelf)


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_PRESENT = Plan(at=Age(age=1), outcome="any", horizon=1, allow_undated=True)


def _moment(history: History, as_of: str | dt.datetime | None) -> int | None:
    if not history.dated:
        if as_of is None:
            return None
        raise CallError.at(
            "as_of", expected="nothing, since these leads have no dates", found=str(as_of), remedy="Leave it out."
        )
    if as_of is None:
        return history.until_us
    if isinstance(as_of, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", as_of):
        as_of = f"{as_of}T00:00:00Z"
    try:
        parsed = dt.datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise CallError.at(
            "as_of",
            expected="a date, or a moment with its zone, such as 2026-06-30T00:00:00Z",
            found=repr(str(as_of)),
            remedy="Write it in ISO 8601 and end it with Z or an offset.",
        )
    return micros(parsed)


def after_the_end(history: History, as_of: str | None) -> str:
    """A note if a moment lies after the end of the data: what happened since is not in it."""
    moment = None if as_of is None else _moment(history, as_of)
    if moment is None or history.until_us is None or moment <= history.until_us:
        return ""
    end = (_EPOCH + dt.timedelta(microseconds=history.until_us)).isoformat()
    return f"{as_of} lies after the end of the data ({end}): whatever happened since counts as not having happened."


def present(moment: int | None, lead_id: str | None) -> exp.Select:
    """The leads that existed before the moment, numbered in a fixed order."""
    order = exp.Order(expressions=[exp.Ordered(this=column("lead"))])
    number = exp.Sub(this=exp.Window(this=exp.RowNumber(), order=order, over="OVER"), expression=integer(1))
    at: exp.Expr = exp.cast(exp.null() if moment is None else integer(moment), exp.DataType.Type.BIGINT)
    query = exp.select(
        exp.alias_(number, "obs", quoted=True),
        column("lead"),
        column("account"),
        exp.alias_(at, "as_of_us", quoted=True),
    ).from_(table("leads"))
    if moment is not None:
        query = query.where(exp.LT(this=column("created_us"), expression=integer(moment)))
    if lead_id is not None:
        query = query.where(exp.EQ(this=column("lead_id"), expression=text(lead_id)))
    return query


def _same(key: str, alias: str) -> exp.Expr:
    return exp.EQ(this=column(key, alias), expression=column(key, "o"))


def _nobody(history: History, moment: int | None, lead_id: str | None) -> CallError:
    at = "" if moment is None else f" before {(_EPOCH + dt.timedelta(microseconds=moment)).isoformat()}"
    if lead_id is None:
        return CallError.at("as_of", expected=f"leads created{at}", found="none", remedy="Choose a later moment.")
    ids = exp.select(column("lead_id")).from_(table("leads"))
    known = [str(row[0]) for row in history.engine.rows(ids.limit(100_000))]
    if lead_id in known:
        return CallError.at(
            "as_of",
            expected=f"a lead that existed{at}",
            found=f"'{lead_id}', created later",
            remedy="Choose a later one.",
        )
    remedy = did_you_mean(lead_id, known[:5000])
    return CallError.at("lead_id", expected="a lead of the history", found=repr(lead_id), remedy=remedy)
