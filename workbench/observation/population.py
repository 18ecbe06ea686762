"""Who is observed, when, and with what outcome; everyone left out is counted by reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lower import Lowering
from workbench.engine.lowered import DAY_US, Predicate
from workbench.engine.sql import integer, text
from workbench.errors import PlanError
from workbench.history import History
from workbench.history.loststages import LOST_STAGES
from workbench.observation.fields import catalog_of, undated
from workbench.observation.gather import OBS, Gathering, cells_of
from workbench.parsing import did_you_mean
from workbench.plan import Age, Entered, Every, Plan

CANDIDATES = "obs_candidates"

NO_CREATION = "no time of creation"
LOST_OUTCOME = "its outcome has no usable time"
TOO_YOUNG = "immature: as_of is after the end of the data"
CONVERTED = "already converted before as_of"
CLOSED = "already closed before as_of"
IMMATURE = "immature: the horizon reaches past the end of the data"
OUTSIDE = "outside the plan's population"
NO_OUTCOME = "no outcome recorded"


def populate(history: History, plan: Plan) -> tuple[dict[str, int], tuple[str, ...]]:
    """Make the table `obs` (obs, lead, account, as_of_us, won, amount); return who was left out, and warnings.

    Raises:
        PlanError: if the plan asks for fields that the history does not have; see also `fits`, which comes first.
    """
    engine = history.engine
    engine.write(CANDIDATES, _recorded() if plan.at == "recorded" else _dated(history, plan))
    left_out = {
        str(reason): int(n)
        for reason, n in engine.rows(
            exp.select(column("reason"), exp.Count(this=exp.Star()))
            .from_(table(CANDIDATES))
            .where(exp.Is(this=column("reason"), expression=exp.null()).not_())
            .group_by(column("reason"))
            .order_by(column("reason"))
        )
    }
    kept = exp.select("*").from_(table(CANDIDATES)).where(exp.Is(this=column("reason"), expression=exp.null()))
    engine.write(OBS, _numbered(kept))
    warnings: tuple[str, ...] = ()
    if plan.population is not None:
        lowering = Lowering(catalog_of(history, plan), plan.document, PlanError)
        top = "population" if plan.document is not None else "plan population"
        when = lowering.predicate(plan.population.when, (top, "when"))
        warnings = undated(cells_of([], [when]), history, plan)
        outside = _restrict(history, when)
        if outside:
            left_out[OUTSIDE] = outside
    engine.drop([CANDIDATES])
    return left_out, warnings


def fits(history: History, plan: Plan) -> None:
    """Raise a PlanError if the history does not have what the plan speaks of."""
    if plan.at == "recorded":
        if not history.flat_outcome:
            raise PlanError.at(
                plan.where("at"),
                expected="an age such as 14d, since this history has dated stages",
                found="recorded",
                remedy="Use for example at: 14d with an outcome and a horizon.",
            )
        return
    if not history.dated:
        raise PlanError.at(
            plan.where("at"),
            expected="recorded, since these leads have no time of creation",
            found=str(plan.plain()["at"]),
            remedy="Use at: recorded, or map 'created_at'.",
        )
    stages: list[tuple[tuple[str, ...], str]] = [(("outcome",), plan.outcome or "")]
    if isinstance(plan.at, Entered):
        stages.append((("at", "stage"), plan.at.stage))
        if plan.at.stage == plan.outcome:
            raise PlanError.at(
                plan.where("at", "stage"),
                expected="a stage before the outcome",
                found=f"the outcome '{plan.outcome}' itself",
                remedy="Every lead observed there has reached it already; name an earlier stage.",
            )
    if isinstance(plan.at, Every) and "closed" in plan.model_fields_set:
        stages.extend((("closed",), stage) for stage in plan.closed)
    for place, stage in stages:
        if stage not in history.stages:
            raise PlanError.at(
                plan.where(*place),
                expected="a stage of the history",
                found=repr(stage),
                remedy=did_you_mean(stage, history.stages)
                if history.stages
                else "The history has no stages; map them, or use at: recorded with the outcome in the row.",
            )


def _numbered(rows: exp.Select) -> exp.Select:
    """Observations in a fixed order with their number from 0."""
    order = exp.Order(expressions=[exp.Ordered(this=column("lead")), exp.Ordered(this=column("as_of_us"))])
    number = exp.Sub(this=exp.Window(this=exp.RowNumber(), order=order, over="OVER"), expression=integer(1))
    names = ["lead", "account", "as_of_us", "won", "amount"]
    return (
        exp.select(exp.alias_(number, "obs", quoted=True), *(column(name) for name in names))
        .from_(rows.subquery("kept"))
        .order_by(exp.column("obs", quoted=True))
    )


def _restrict(history: History, when: Predicate) -> int:
    """Keep only observations for which the predicate holds; return how many went."""
    gathering = Gathering(history)
    gathering.prepare(cells_of([], [when]), [], [when])
    kept = gathering.select([column(name, OBS) for name in ("lead", "account", "as_of_us", "won", "amount")])
    kept = kept.where(gathering.printed(when))
    engine = history.engine
    before = _size(history)
    engine.write("obs_kept", _numbered(kept))
    gathering.forget()
    engine.write(OBS, exp.select("*").from_(table("obs_kept")))
    engine.drop(["obs_kept"])
    return before - _size(history)


def _size(history: History) -> int:
    return int(history.engine.rows(exp.select(exp.Count(this=exp.Star())).from_(table(OBS)))[0][0])


def _recorded() -> exp.Select:
    reason = exp.Case(
        ifs=[exp.If(this=exp.Is(this=column("outcome"), expression=exp.null()), true=text(NO_OUTCOME))],
        default=exp.null(),
    )
    nothing = exp.cast(exp.null(), exp.DataType.Type.BIGINT)
    return exp.select(
        column("lead"),
        column("account"),
        exp.alias_(nothing, "as_of_us", quoted=True),
        exp.alias_(column("outcome"), "won", quoted=True),
        exp.alias_(exp.cast(exp.null(), exp.DataType.Type.DOUBLE), "amount", quoted=True),
        exp.alias_(reason, "reason", quoted=True),
    ).from_(table("leads"))


def _dated(history: History, plan: Plan) -> exp.Select:
    assert history.until_us is not None  # noqa: S101  (dated histories end somewhere)
    assert plan.horizon is not None  # noqa: S101  (the plan's own check)
    horizon = integer(plan.horizon * DAY_US)
    until = integer(history.until_us)
    as_of = column("as_of_us", "a")
    first, closed = column("first_us", "w"), column("closed_us", "c")
    end = exp.Add(this=as_of, expression=horizon)
    reasons: list[tuple[exp.Expr, str]] = [
        (exp.Is(this=as_of, expression=exp.null()), NO_CREATION),
        (exp.and_(_there("x"), exp.Is(this=first, expression=exp.null())), LOST_OUTCOME),
        (exp.GT(this=as_of, expression=until), TOO_YOUNG),
        (exp.LT(this=first, expression=as_of), CONVERTED),
    ]
    if isinstance(plan.at, Every):
        reasons.append((exp.LT(this=closed, expression=as_of), CLOSED))
    reasons.append((exp.GT(this=end, expression=until), IMMATURE))
    reason = exp.Case(
        ifs=[exp.If(this=condition.copy(), true=text(words)) for condition, words in reasons], default=exp.null()
    )
    won = exp.and_(
        exp.GTE(this=first.copy(), expression=as_of.copy()), exp.LT(this=first.copy(), expression=end.copy())
    )
    hit = exp.Case(ifs=[exp.If(this=won, true=exp.true())], default=exp.false())
    amount = exp.Case(ifs=[exp.If(this=won.copy(), true=column("amount", "w"))], default=exp.null())
    query = exp.select(
        column("lead", "a"),
        column("account", "a"),
        as_of.copy(),
        exp.alias_(hit, "won", quoted=True),
        exp.alias_(amount, "amount", quoted=True),
        exp.alias_(reason, "reason", quoted=True),
    ).from_(_moments(history, plan).subquery("a"))
    query = query.join(_reached([plan.outcome or ""], "first_us").subquery("w"), on=_same("w"), join_type="left")
    query = query.join(_lost(plan.outcome or "").subquery("x"), on=_same("x"), join_type="left")
    if isinstance(plan.at, Every):
        closing = [stage for stage in plan.closed if stage != plan.outcome]
        query = query.join(_reached(closing, "closed_us").subquery("c"), on=_same("c"), join_type="left")
    return query


def _same(alias: str) -> exp.Expr:
    return exp.EQ(this=column("lead", alias), expression=column("lead", "a"))


def _there(alias: str) -> exp.Expr:
    return exp.Is(this=column("lead", alias), expression=exp.null()).not_()


def _lost(stage: str) -> exp.Select:
    """The leads with a row of the stage that was left out for a fault."""
    of = exp.EQ(this=column("stage"), expression=text(stage))
    return exp.Select(expressions=[column("lead")], distinct=exp.Distinct()).from_(table(LOST_STAGES)).where(of)


def _reached(stages: list[str], name: str) -> exp.Select:
    """For each lead the first time it reached one of the stages, and the amount recorded then."""
    of = exp.In(this=column("stage"), expressions=[text(stage) for stage in stages] or [exp.null()])
    first = (
        exp.select(column("lead"), exp.alias_(exp.Min(this=column("at_us")), "at_us", quoted=True))
        .from_(table("stages"))
        .where(of)
        .group_by(column("lead"))
    )
    amount = exp.Max(this=column("amount", "s"))
    return (
        exp.select(column("lead", "f"), exp.alias_(column("at_us", "f"), name, quoted=True))
        .select(exp.alias_(amount, "amount", quoted=True))
        .from_(first.subquery("f"))
        .join(
            exp.alias_(table("stages"), "s", table=True),
            on=exp.and_(
                exp.EQ(this=column("lead", "s"), expression=column("lead", "f")),
                exp.EQ(this=column("at_us", "s"), expression=column("at_us", "f")),
                exp.In(this=column("stage", "s"), expressions=[text(stage) for stage in stages] or [exp.null()]),
            ),
        )
        .group_by(column("lead", "f"), column("at_us", "f"))
    )


def _moments(history: History, plan: Plan) -> exp.Select:
    """Each lead with the moments it is observed at."""
    lead, account = column("lead", "l"), column("account", "l")
    leads = exp.alias_(table("leads"), "l", table=True)
    created = column("created_us", "l")
    if isinstance(plan.at, Age):
        moment = exp.Add(this=created, expression=integer(plan.at.age * DAY_US))
        return exp.select(lead, account, exp.alias_(moment, "as_of_us", quoted=True)).from_(leads)
    if isinstance(plan.at, Entered):
        entered = _reached([plan.at.stage], "as_of_us").subquery("e")
        on = exp.EQ(this=column("lead", "e"), expression=lead)
        return exp.select(lead, account, column("as_of_us", "e")).from_(leads).join(entered, on=on)
    assert isinstance(plan.at, Every)  # noqa: S101  (the four kinds of `at`)
    history.engine.take("obs_instants", pd.DataFrame({"as_of_us": list(_instants(history, plan.at))}, dtype="int64"))
    instants = exp.alias_(table("obs_instants"), "i", table=True)
    open_then = exp.LT(this=created, expression=column("as_of_us", "i"))
    return exp.select(lead, account, column("as_of_us", "i")).from_(leads).join(instants, on=open_then)


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _instants(history: History, at: Every) -> Iterator[int]:
    """The first instant of every period between the first lead's creation and the end of the data."""
    [(first,)] = history.engine.rows(exp.select(exp.Min(this=column("created_us"))).from_(table("leads")))
    if first is None or history.until_us is None:
        return
    day = (_EPOCH + dt.timedelta(microseconds=first)).date()
    start = day - dt.timedelta(days=day.weekday()) if at.every == "week" else day.replace(day=1)
    while (instant := micros(dt.datetime(start.year, start.month, start.day, tzinfo=dt.UTC))) <= history.until_us:
        yield instant
        start = _following(start, at.every)


def _following(start: dt.date, every: str) -> dt.date:
    if every == "week":
        return start + dt.timedelta(days=7)
    month = start.month + 1 if every == "month" else start.month + 4 - (start.month - 1) % 3 - 1
    return dt.date(start.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def micros(moment: dt.datetime) -> int:
    """A moment with a zone as UTC epoch microseconds."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)
