"""Who is observed, when, and with what outcome; everyone left out is counted by reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lower import Lowering
from workbench.engine.lowered import DAY_US, Predicate
from workbench.engine.sql import integer, text
from workbench.errors import PlanError
from workbench.history import History
from workbench.history.loststages import LOST_STAGES
from workbench.observation.fields import catalog_of, member_lists, undated
from workbench.observation.gather import OBS, Gathering, cells_of
from workbench.parsing import did_you_mean
from workbench.plan import Age, Entered, Every, Plan

CANDIDATES, INSTANTS = "obs_candidates", "obs_instants"
ACCOUNTS, UNIT_LEADS, UNIT_STAGES = "obs_accounts", "unit_leads", "unit_stages"
COLUMNS = ("lead", "account", "as_of_us", "won", "won_us", "amount")

NO_ACCOUNT = "lead without an account"
NO_MEMBER = "no lead created before as_of"
NO_CREATION = "no time of creation"
LOST_OUTCOME = "its outcome has no usable time"
TOO_YOUNG = "immature: as_of is after the end of the data"
CONVERTED = "already converted before as_of"
CLOSED = "already closed before as_of"
IMMATURE = "immature: the horizon reaches past the end of the data"
OUTSIDE = "outside the plan's population"
NO_OUTCOME = "no outcome recorded"


def populate(history: History, plan: Plan) -> tuple[dict[str, int], tuple[str, ...]]:
    """Make the table `obs` (obs, lead, account, as_of_us, won, won_us, amount); return who was left out, and warnings.

    If the plan's unit is the account, these rows are the table `obs_accounts` instead, `lead` being the account again,
    and `obs` (obs, unit, lead, account, as_of_us) holds their leads that were created before as_of, sorted by unit,
    which is the number of the row of `obs_accounts`. See `leads_of`, `observed` and `forget`.

    Raises:
        PlanError: if the plan asks for fields that the history does not have; see also `fits`, which comes first.
    """
    engine = history.engine
    left_out = _accounts(history) if plan.unit == "account" else {}
    engine.write(CANDIDATES, _recorded(plan) if plan.at == "recorded" else _dated(history, plan))
    left_out |= {
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
    _store(history, plan, kept)
    warnings: tuple[str, ...] = ()
    if plan.population is not None:
        lowering = Lowering(catalog_of(history, plan), plan.document, PlanError)
        top = "population" if plan.document is not None else "plan population"
        when = lowering.predicate(plan.population.when, (top, "when"))
        lists = member_lists([plan.population.when])
        warnings = undated(cells_of([], [when]), history, plan, lists)
        outside = _restrict(history, plan, when)
        if outside:
            left_out[OUTSIDE] = outside
    engine.drop([CANDIDATES, INSTANTS])
    return left_out, warnings


def leads_of(plan: Plan) -> str:
    """The table of those whom the plan is about: of leads, or one like it of accounts."""
    return UNIT_LEADS if plan.unit == "account" else "leads"


def observed(plan: Plan) -> str:
    """The table of observations: `obs`, or that of accounts."""
    return ACCOUNTS if plan.unit == "account" else OBS


def forget(history: History) -> None:
    """Drop what `populate` made."""
    history.engine.drop([OBS, ACCOUNTS, UNIT_LEADS, UNIT_STAGES])


def fits(history: History, plan: Plan) -> None:
    """Raise a PlanError if the history does not have what the plan speaks of."""
    if plan.unit == "account" and not history.has_accounts:
        raise PlanError.at(
            plan.where("unit"),
            expected="lead, since these leads have no accounts",
            found="account",
            remedy="Map 'account', or leave 'unit' out.",
        )
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


# --- accounts ---------------------------------------------------------------------------------------------------------


def _accounts(history: History) -> dict[str, int]:
    """Make tables of accounts that look like those of leads and of their stages; count the leads without one."""
    engine = history.engine
    there = exp.Is(this=column("account", "l"), expression=exp.null()).not_()
    leads = exp.alias_(table("leads"), "l", table=True)
    query = (
        exp.select(
            exp.alias_(column("account", "l"), "lead", quoted=True),
            column("account", "l"),
            exp.alias_(column("account_id", "a"), "lead_id", quoted=True),
            exp.alias_(exp.Min(this=column("created_us", "l")), "created_us", quoted=True),
            exp.alias_(exp.Min(this=column("position", "l")), "position", quoted=True),
            exp.alias_(_if_one("part"), "part", quoted=True),
            exp.alias_(_any_outcome(), "outcome", quoted=True),
        )
        .from_(leads.copy())
        .join(exp.alias_(table("accounts"), "a", table=True), on=_equal("account", "a", "l"))
        .group_by(column("account", "l"), column("account_id", "a"))
    )
    engine.write(UNIT_LEADS, query)
    stages = exp.select(
        exp.alias_(column("account", "l"), "lead", quoted=True),
        *(column(name, "s") for name in ("at_us", "stage", "amount")),
    ).from_(exp.alias_(table("stages"), "s", table=True))
    engine.write(UNIT_STAGES, stages.join(leads.copy(), on=_equal("lead", "s", "l")).where(there))
    alone = exp.select(exp.Count(this=exp.Star())).from_(leads).where(exp.not_(there.copy()))
    [(n,)] = engine.rows(alone)
    return {NO_ACCOUNT: int(n)} if n else {}


def _if_one(name: str) -> exp.Expr:
    """The value that all leads of an account share; NULL if they differ."""
    low, high = exp.Min(this=column(name, "l")), exp.Max(this=column(name, "l"))
    every = exp.EQ(this=exp.Count(this=column(name, "l")), expression=exp.Count(this=exp.Star()))
    return exp.Case(ifs=[exp.If(this=exp.and_(exp.EQ(this=low, expression=high), every), true=low.copy())])


def _any_outcome() -> exp.Expr:
    """Whether a lead of the account converted; NULL if none did and one's outcome is not recorded."""
    outcome = column("outcome", "l")
    unknown = exp.If(this=exp.Is(this=outcome, expression=exp.null()), true=integer(1))
    most = exp.Max(this=exp.Case(ifs=[exp.If(this=outcome.copy(), true=integer(2)), unknown], default=integer(0)))
    ifs = [
        exp.If(this=exp.EQ(this=most.copy(), expression=integer(number)), true=value)
        for number, value in ((2, exp.true()), (0, exp.false()))
    ]
    return exp.Case(ifs=ifs, default=exp.null())


def _members(plan: Plan) -> exp.Select:
    """The leads of each observed account that were created before its as_of, numbered."""
    order = exp.Order(expressions=[exp.Ordered(this=column("obs", "u")), exp.Ordered(this=column("lead", "l"))])
    on = [_equal("account", "l", "u")]
    if plan.at != "recorded":
        on.append(exp.LT(this=column("created_us", "l"), expression=column("as_of_us", "u")))
    return (
        exp.select(
            exp.alias_(_row_number(order), "obs", quoted=True),
            exp.alias_(column("obs", "u"), "unit", quoted=True),
            column("lead", "l"),
            column("account", "u"),
            column("as_of_us", "u"),
        )
        .from_(exp.alias_(table(ACCOUNTS), "u", table=True))
        .join(exp.alias_(table("leads"), "l", table=True), on=exp.and_(*on))
        .order_by(exp.column("obs", quoted=True))
    )


# --- observations -----------------------------------------------------------------------------------------------------


def _store(history: History, plan: Plan, rows: exp.Select) -> None:
    """Number the observations and store them, with their leads if they are of accounts."""
    history.engine.write(observed(plan), _numbered(rows))
    if plan.unit == "account":
        history.engine.write(OBS, _members(plan))


def _numbered(rows: exp.Select) -> exp.Select:
    """Observations in a fixed order with their number from 0."""
    order = exp.Order(expressions=[exp.Ordered(this=column("lead")), exp.Ordered(this=column("as_of_us"))])
    return (
        exp.select(exp.alias_(_row_number(order), "obs", quoted=True), *(column(name) for name in COLUMNS))
        .from_(rows.subquery("kept"))
        .order_by(exp.column("obs", quoted=True))
    )


def _row_number(order: exp.Order) -> exp.Expr:
    """The number of a row, from 0."""
    return exp.Sub(this=exp.Window(this=exp.RowNumber(), order=order, over="OVER"), expression=integer(1))


def _restrict(history: History, plan: Plan, when: Predicate) -> int:
    """Keep only observations for which the predicate holds, or of which a lead passes it; return how many went."""
    gathering = Gathering(history)
    gathering.prepare(cells_of([], [when]), [], [when])
    if plan.unit == "account":
        passing = gathering.select([column("unit", OBS)]).where(gathering.printed(when)).distinct()
        among = exp.In(this=column("obs"), query=passing.subquery())
        kept = exp.select(*(column(name) for name in COLUMNS)).from_(table(ACCOUNTS)).where(among)
    else:
        kept = gathering.select([column(name, OBS) for name in COLUMNS]).where(gathering.printed(when))
    engine = history.engine
    before = _size(history, plan)
    engine.write("obs_kept", kept)
    gathering.forget()
    _store(history, plan, exp.select("*").from_(table("obs_kept")))
    engine.drop(["obs_kept"])
    return before - _size(history, plan)


def _size(history: History, plan: Plan) -> int:
    return int(history.engine.rows(exp.select(exp.Count(this=exp.Star())).from_(table(observed(plan))))[0][0])


def _recorded(plan: Plan) -> exp.Select:
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
        exp.alias_(nothing.copy(), "won_us", quoted=True),
        exp.alias_(exp.cast(exp.null(), exp.DataType.Type.DOUBLE), "amount", quoted=True),
        exp.alias_(reason, "reason", quoted=True),
    ).from_(table(leads_of(plan)))


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
        (_there("x"), LOST_OUTCOME),
        (exp.GT(this=as_of, expression=until), TOO_YOUNG),
        (exp.LT(this=first, expression=as_of), CONVERTED),
    ]
    if isinstance(plan.at, Every):
        reasons.append((exp.LT(this=closed, expression=as_of), CLOSED))
    reasons.append((exp.GT(this=end, expression=until), IMMATURE))
    if plan.unit == "account":
        earlier = exp.LT(this=column("created_us", "a"), expression=as_of)
        reasons.append((exp.not_(exp.Coalesce(this=earlier, expressions=[exp.false()])), NO_MEMBER))
    reason = exp.Case(
        ifs=[exp.If(this=condition.copy(), true=text(words)) for condition, words in reasons], default=exp.null()
    )
    won = exp.and_(
        exp.GTE(this=first.copy(), expression=as_of.copy()), exp.LT(this=first.copy(), expression=end.copy())
    )
    hit = exp.Case(ifs=[exp.If(this=won, true=exp.true())], default=exp.false())
    when = exp.Case(ifs=[exp.If(this=won.copy(), true=first.copy())], default=exp.null())
    amount = exp.Case(ifs=[exp.If(this=won.copy(), true=column("amount", "w"))], default=exp.null())
    query = exp.select(
        column("lead", "a"),
        column("account", "a"),
        as_of.copy(),
        exp.alias_(hit, "won", quoted=True),
        exp.alias_(when, "won_us", quoted=True),
        exp.alias_(amount, "amount", quoted=True),
        exp.alias_(reason, "reason", quoted=True),
    ).from_(_moments(history, plan).subquery("a"))
    reached = _reached([plan.outcome or ""], "first_us", _stages_of(plan))
    query = query.join(reached.subquery("w"), on=_equal("lead", "w", "a"), join_type="left")
    query = query.join(_lost(plan).subquery("x"), on=_equal("lead", "x", "a"), join_type="left")
    if isinstance(plan.at, Every):
        on = [_equal("lead", "c", "a")]
        on.extend([_equal("as_of_us", "c", "a")] if plan.unit == "account" else [])
        query = query.join(_closed(plan).subquery("c"), on=exp.and_(*on), join_type="left")
    return query


def _equal(name: str, left: str, right: str) -> exp.Expr:
    return exp.EQ(this=column(name, left), expression=column(name, right))


def _there(alias: str) -> exp.Expr:
    return exp.Is(this=column("lead", alias), expression=exp.null()).not_()


def _stages_of(plan: Plan) -> str:
    return UNIT_STAGES if plan.unit == "account" else "stages"


def _lost(plan: Plan) -> exp.Select:
    """The leads with a row of the outcome that was left out for a fault, and no other; or the accounts of these."""
    outcome = plan.outcome or ""
    of = exp.EQ(this=column("stage", "x"), expression=text(outcome))
    usable = _reached([outcome], "first_us", "stages").subquery("u")
    query = exp.select().from_(exp.alias_(table(LOST_STAGES), "x", table=True))
    query = query.join(usable, on=_equal("lead", "u", "x"), join_type="left")
    query = query.where(of).where(exp.not_(_there("u"))).distinct()
    if plan.unit == "lead":
        return query.select(column("lead", "x"))
    query = query.join(exp.alias_(table("leads"), "l", table=True), on=_equal("lead", "l", "x"))
    return query.select(exp.alias_(column("account", "l"), "lead", quoted=True))


def _closed(plan: Plan) -> exp.Select:
    """When each lead was closed; for each account and instant, when the last of its leads was, if all then are."""
    closing = [stage for stage in plan.closed if stage != plan.outcome]
    closed = _reached(closing, "closed_us", "stages")
    if plan.unit == "lead":
        return closed
    at = column("closed_us", "c")
    every = exp.EQ(this=exp.Count(this=exp.Star()), expression=exp.Count(this=at))
    last = exp.Case(ifs=[exp.If(this=every, true=exp.Max(this=at.copy()))])
    created = exp.LT(this=column("created_us", "l"), expression=column("as_of_us", "i"))
    return (
        exp.select(exp.alias_(column("account", "l"), "lead", quoted=True), column("as_of_us", "i"))
        .select(exp.alias_(last, "closed_us", quoted=True))
        .from_(exp.alias_(table("leads"), "l", table=True))
        .join(exp.alias_(table(INSTANTS), "i", table=True), on=created)
        .join(closed.subquery("c"), on=_equal("lead", "c", "l"), join_type="left")
        .group_by(column("account", "l"), column("as_of_us", "i"))
    )


def _reached(stages: Sequence[str], name: str, source: str) -> exp.Select:
    """For each lead the first time it reached one of the stages, and the amount recorded then."""
    of = exp.In(this=column("stage"), expressions=[text(stage) for stage in stages] or [exp.null()])
    first = (
        exp.select(column("lead"), exp.alias_(exp.Min(this=column("at_us")), "at_us", quoted=True))
        .from_(table(source))
        .where(of)
        .group_by(column("lead"))
    )
    amount = exp.Max(this=column("amount", "s"))
    return (
        exp.select(column("lead", "f"), exp.alias_(column("at_us", "f"), name, quoted=True))
        .select(exp.alias_(amount, "amount", quoted=True))
        .from_(first.subquery("f"))
        .join(
            exp.alias_(table(source), "s", table=True),
            on=exp.and_(
                exp.EQ(this=column("lead", "s"), expression=column("lead", "f")),
                exp.EQ(this=column("at_us", "s"), expression=column("at_us", "f")),
                exp.In(this=column("stage", "s"), expressions=[text(stage) for stage in stages] or [exp.null()]),
            ),
        )
        .group_by(column("lead", "f"), column("at_us", "f"))
    )


def _moments(history: History, plan: Plan) -> exp.Select:
    """Each lead (or account) with the moments it is observed at, and its creation."""
    created = column("created_us", "l")
    query = exp.select(column("lead", "l"), column("account", "l"), created)
    query = query.from_(exp.alias_(table(leads_of(plan)), "l", table=True))
    if isinstance(plan.at, Age):
        moment = exp.Add(this=created.copy(), expression=integer(plan.at.age * DAY_US))
        return query.select(exp.alias_(moment, "as_of_us", quoted=True))
    if isinstance(plan.at, Entered):
        entered = _reached([plan.at.stage], "as_of_us", _stages_of(plan)).subquery("e")
        return query.select(column("as_of_us", "e")).join(entered, on=_equal("lead", "e", "l"))
    assert isinstance(plan.at, Every)  # noqa: S101  (the four kinds of `at`)
    history.engine.take(INSTANTS, pd.DataFrame({"as_of_us": list(_instants(history, plan.at))}, dtype="int64"))
    instants = exp.alias_(table(INSTANTS), "i", table=True)
    open_then = exp.LT(this=created.copy(), expression=column("as_of_us", "i"))
    return query.select(column("as_of_us", "i")).join(instants, on=open_then)


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
