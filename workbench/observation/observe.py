"""The one expensive step: from a history, models and a plan to observations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lower import Catalog, lower_model
from workbench.engine.lowered import DAY_US, Ages, Cell, Feature, Idle
from workbench.engine.sql import integer
from workbench.errors import PlanError
from workbench.history import History
from workbench.model import Model
from workbench.observation.books import DECIDERS, Wanted, gather_books
from workbench.observation.dormant import switched_on
from workbench.observation.fields import catalog_of, conditions_of, content_keys, member_lists, undated
from workbench.observation.gather import OBS, Gathering, cells_of, sets_of
from workbench.observation.material import Ingredients
from workbench.observation.observations import Observations, Sealed, Segment, Subjects
from workbench.observation.openings import LEDGER
from workbench.observation.population import OUTSIDE, fits, forget, leads_of, observed, populate
from workbench.observation.split import PARTS, Parted, ToPart, part_observations
from workbench.parsing import did_you_mean
from workbench.plan import RECORDED, Every, Plan

MOST_LABELS = 12
OTHER = "other"
UNKNOWN = "unknown"


def _quiet(_: str) -> None:
    return None


def observe(
    history: History,
    models: Model | Sequence[Model] = (),
    plan: Plan = RECORDED,
    *,
    tunable: bool = False,
    progress: Callable[[str], None] = _quiet,
) -> Observations:
    """Evaluate every rule on what was known before as_of, and the outcome after it.

    Args:
        history: the loaded past.
        models: one or several models; without any, only scores that the CRM recorded can be backtested.
        plan: when, whom, which outcome, which split.
        tunable: whether to keep the ages of the events behind rules too, so that windows, bounds and limits may be
            changed from memory, see `Observations.following`; rules that are off are evaluated as well.
        progress: called with one line for each step.

    Returns:
        Observations: they need neither the history nor its engine any more.

    Raises:
        ModelError: if a model asks for fields, properties or lists that the history does not have.
        PlanError: if the plan does not fit the history, or nothing is left to observe.
    """
    models = [models] if isinstance(models, Model) else list(models)
    fits(history, plan)
    catalog = catalog_of(history, plan)
    if tunable:
        models += switched_on(models, history, plan, catalog)
    wanted = wanted_features(models, catalog)
    if tunable:
        wanted = replace(wanted, kept=Ingredients.of([*wanted.coded, *wanted.ages]))
    progress("Finding who is observed, and when")
    left_out, warnings = populate(history, plan)
    cells = cells_of(wanted.coded)
    segment_cells = [_segment(history, plan, name) for name in plan.segments]
    lists = member_lists(condition for model in models for condition in conditions_of(model))
    loose = undated([*cells, *segment_cells], history, plan, lists)
    subjects, parted = _subjects(history, plan)
    if not len(parted.part):
        raise _nobody(history, plan, left_out)
    members = _members(history) if plan.unit == "account" else None
    size = len(parted.part) if members is None else int(members[-1])
    gathering = Gathering(history)
    progress(f"Evaluating {len(dict.fromkeys(wanted.features))} features on {size:,} observations")
    gathering.prepare(list(dict.fromkeys([*cells, *segment_cells])), wanted.features)
    shelf = gather_books(gathering, wanted, size)
    firsts = None if members is None else members[:-1]
    segments = _segments(gathering, dict(zip(plan.segments, segment_cells, strict=True)), firsts)
    gathering.forget()
    forget(history)
    return _sealed(
        Observations(
            data=_data(history),
            plan=plan,
            catalog=catalog,
            subjects=replace(subjects, segments=segments),
            shelf=shelf,
            left_out=_counted({**left_out, **parted.left_out}),
            warnings=(
                *parted.notes,
                *_warned(history, plan, (*loose, *warnings)),
                *_silent(history, wanted.features),
            ),
            ledger=None if history.home is None else history.home / LEDGER,
            members=members,
        )
    )


def wanted_features(models: Sequence[Model], catalog: Catalog) -> Wanted:
    """The distinct features that models need, by book; where a model has variants, each book tells them apart."""
    books: dict[str, list[Feature]] = {DECIDERS: []}
    ages: list[Ages] = []
    idle: list[Idle] = []
    for model in models:
        lowered = lower_model(model, catalog)
        deciders = [feature for feature in (lowered.gates, lowered.variants) if feature.cases]
        books[DECIDERS].extend(deciders)
        for number, each in enumerate(model.alternatives):
            for name in each.model.dimensions:
                books.setdefault(name, []).extend([lowered.variants] if lowered.variants.cases else [])
            for rule in each.model.active:
                feature = lowered.rules[number][rule.id]
                if isinstance(feature, Ages):
                    ages.append(feature)
                else:
                    books[each.model.dimension_of(rule)].append(feature)
            idle.extend(lowered.idle[number].values())
    distinct = {name: list(dict.fromkeys(features)) for name, features in books.items()}
    return Wanted(distinct, list(dict.fromkeys(ages)), list(dict.fromkeys(idle)))


def _subjects(history: History, plan: Plan) -> tuple[Subjects, Parted]:
    """Who is observed, in the engine's order, and their parts."""
    found = history.engine.arrays(
        exp.select(
            column("lead_id", "l"),
            column("account_id", "a"),
            column("as_of_us", "o"),
            column("won", "o"),
            column("won_us", "o"),
            column("amount", "o"),
            column("account", "o"),
            column("lead", "o"),
            column("created_us", "l"),
            column("position", "l"),
            column("part", "l"),
        )
        .from_(exp.alias_(table(observed(plan)), "o", table=True))
        .join(
            exp.alias_(table(leads_of(plan)), "l", table=True),
            on=exp.EQ(this=column("lead", "l"), expression=column("lead", "o")),
        )
        .join(
            exp.alias_(table("accounts"), "a", table=True),
            on=exp.EQ(this=column("account", "a"), expression=column("account", "o")),
            join_type="left",
        )
        .order_by(column("obs", "o"))
    )
    lead = np.asarray(found["lead"], dtype=np.int64)
    account = np.ma.filled(np.ma.asarray(found["account"]).astype(np.int64), -1)
    if plan.cluster == "account" and not history.has_accounts:
        raise PlanError.at(
            plan.where("cluster"),
            expected="lead, since these leads have no accounts",
            found="account",
            remedy="Map 'account', or leave 'cluster' out.",
        )
    _, side = np.unique(np.where(account >= 0, account, -1 - lead), return_inverse=True)
    cluster = np.unique(lead, return_inverse=True)[1] if plan.cluster == "lead" else side
    as_of = None if plan.at == "recorded" else np.asarray(found["as_of_us"], dtype=np.int64)
    moment, dated = _moment(history, found, as_of)
    lead_id, account_id = _texts(found["lead_id"]), _texts(found["account_id"])
    keys = _keys(history, plan, lead_id, account_id)
    parted = part_observations(ToPart(moment, dated, side.astype(np.int64), keys, list(_texts(found["part"]))), plan)
    recorded, has_recorded = _recorded(history, plan, len(lead))
    return (
        Subjects(
            lead_id=lead_id,
            account_id=account_id,
            as_of_us=as_of,
            part=parted.part,
            won=np.asarray(found["won"]).astype(np.int8),
            amount=np.ma.filled(np.ma.asarray(found["amount"]).astype(np.float64), np.nan),
            days=_days(found["won_us"], as_of),
            cluster=cluster.astype(np.int64),
            segments={},
            recorded=recorded,
            has_recorded=has_recorded,
        ),
        parted,
    )


def _days(won_us: NDArray[np.generic], as_of: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """Whole days from as_of to the outcome; NaN where there was none, or nothing is dated."""
    won = np.ma.asarray(won_us)
    if as_of is None:
        return np.full(len(won), np.nan)
    whole = (np.ma.filled(won.astype(np.int64), 0) - as_of) // DAY_US
    return np.where(np.ma.getmaskarray(won), np.nan, whole)


def _keys(history: History, plan: Plan, lead_id: NDArray[np.object_], account_id: NDArray[np.object_]) -> list[str]:
    """What a split by hash looks at: the account's or the lead's id, or what its row says where it has none."""
    if plan.split is None or plan.split.by not in {"account", "lead"}:
        return []
    own = lead_id
    if history.generated_ids and plan.unit == "lead":
        own = _texts(history.engine.arrays(content_keys(history, observations=OBS))["key"])
    if plan.split.by == "lead":
        return [str(key) for key in own]
    return [str(key) if account is None else str(account) for key, account in zip(own, account_id, strict=True)]


def _moment(
    history: History, found: dict[str, NDArray[np.generic]], as_of: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64] | None, bool]:
    """What time order goes by, and whether it is a time."""
    if as_of is not None:
        return as_of, True
    if history.order == "file":
        return np.asarray(found["position"], dtype=np.int64), False
    if history.dated:
        return np.ma.filled(np.ma.asarray(found["created_us"]).astype(np.int64), 0), True
    return None, False


def _texts(values: NDArray[np.generic]) -> NDArray[np.object_]:
    masked = np.ma.asarray(values)
    texts: NDArray[np.object_] = np.array(masked.data, dtype=object)
    texts[np.ma.getmaskarray(masked)] = None  # `filled(None)` would write numpy's own '?'
    return texts


def _recorded(history: History, plan: Plan, size: int) -> tuple[NDArray[np.int64] | None, NDArray[np.bool_]]:
    """The last score that the CRM recorded before as_of; of leads only."""
    if not history.has_scores or plan.unit == "account":
        return None, np.zeros(size, dtype=bool)
    on: list[exp.Expr] = [exp.EQ(this=column("lead", "s"), expression=column("lead", "o"))]
    if plan.at != "recorded":
        on.append(exp.LT(this=column("at_us", "s"), expression=column("as_of_us", "o")))
    order = [
        exp.Ordered(this=column("at_us", "s"), desc=True, nulls_first=False),
        exp.Ordered(this=column("milli", "s"), desc=True),
    ]
    rank = exp.Window(
        this=exp.RowNumber(), partition_by=[column("obs", "o")], order=exp.Order(expressions=order), over="OVER"
    )
    ranked = (
        exp.select(column("obs", "o"), column("milli", "s"), exp.alias_(rank, "nth", quoted=True))
        .from_(exp.alias_(table(OBS), "o", table=True))
        .join(exp.alias_(table("scores"), "s", table=True), on=exp.and_(*on))
    )
    found = history.engine.arrays(
        exp.select(column("obs", "r"), column("milli", "r"))
        .from_(ranked.subquery("r"))
        .where(exp.EQ(this=column("nth", "r"), expression=integer(1)))
    )
    milli, has = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    at = np.asarray(found["obs"], dtype=np.int64)
    milli[at], has[at] = np.asarray(found["milli"], dtype=np.int64), True
    return milli, has


def _members(history: History) -> NDArray[np.int64]:
    """Where each account's leads begin among those of all, and the end."""
    each = exp.select(column("unit")).from_(table(OBS)).order_by(column("obs"))
    unit = np.asarray(history.engine.arrays(each)["unit"], dtype=np.int64)
    return np.concatenate([[0], np.cumsum(np.bincount(unit))]).astype(np.int64)


def _segment(history: History, plan: Plan, name: str) -> Cell:
    own = {} if plan.unit == "account" else history.lead_fields
    if name in own:
        return Cell("lead", name, own[name].kind)
    if name in history.account_fields:
        return Cell("account", name, history.account_fields[name].kind)
    raise PlanError.at(
        plan.where("segments"),
        expected="a field of leads or accounts" if plan.unit == "lead" else "a field of accounts beside unit: account",
        found=f"'{name}', which each lead has for itself" if name in history.lead_fields else repr(name),
        remedy="Map it under 'accounts:', or leave it out."
        if name in history.lead_fields
        else did_you_mean(name, [*own, *history.account_fields]),
    )


def _segments(gathering: Gathering, wanted: dict[str, Cell], firsts: NDArray[np.int64] | None) -> dict[str, Segment]:
    """Each segment's values, only of the rows `firsts` if given; the rarest beyond a dozen become 'other'."""
    found: dict[str, Segment] = {}
    for name, cell in wanted.items():
        query = gathering.select([exp.alias_(gathering.cell(cell), "value", quoted=True)])
        values = gathering.engine.arrays(query.order_by(column("obs", gathering.observations)))["value"]
        texts = pd.Series(_texts(values if firsts is None else values[firsts]), dtype=object).map(_label)
        common = texts.value_counts(sort=True)
        ranked = sorted(common.index, key=lambda label: (-int(common[label]), label))
        labels = ranked if len(ranked) <= MOST_LABELS else [*ranked[: MOST_LABELS - 1], OTHER]
        place = {label: number for number, label in enumerate(labels)}
        rest = len(labels) - 1
        codes = texts.map(lambda label, place=place, rest=rest: place.get(label, rest)).to_numpy(dtype=np.int64)
        found[name] = Segment(codes, tuple(labels))
    return found


def _label(value: object) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _sealed(seen: Observations) -> Observations:
    """Seal the test part, leave out whoever is in no part, and put the rest in order."""
    subjects = seen.subjects
    test = (subjects.part == PARTS.index("test")) & seen.split
    hidden = replace(
        subjects,
        won=np.where(test, -1, subjects.won).astype(np.int8),
        amount=np.where(test, np.nan, subjects.amount),
        days=np.where(test, np.nan, subjects.days),
    )
    order = hidden.order()
    order = order[hidden.part[order] >= 0]
    sealed = Sealed(subjects.won[order], subjects.amount[order], subjects.days[order]) if seen.split else None
    return replace(replace(seen, subjects=hidden).arranged(order), _sealed=sealed)


def _counted(left_out: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame({"reason": list(left_out), "n": list(left_out.values())}).astype({"n": "int64"})


def _data(history: History) -> dict[str, object]:
    return {
        "name": history.name,
        "fingerprint": history.fingerprint,
        "leads": history.rows.get("leads", 0),
        "events": history.rows.get("events", 0),
    }


def _warned(history: History, plan: Plan, loose: Sequence[str]) -> list[str]:
    found = []
    if plan.at == "recorded":
        found.append("Leads are taken as recorded, without dates: that rules saw only the past could not be checked.")
    elif not history.until_given:
        found.append(_open_end(history))
    if isinstance(plan.at, Every) and plan.split is not None:
        found.append(
            "Leads that convert or close have no later observations: who is missing from later periods hints at the "
            "outcome, in the sealed test too."
        )
    if plan.split is None:
        found.append("The plan has no split: everything is judged and nothing was held back.")
    names = ", ".join(dict.fromkeys(loose))
    if names:
        found.append(f"In use although it is not known when their values were known: {names}.")
    return found


def _open_end(history: History) -> str:
    """That the data ends with its latest time, and whether that can be."""
    end = pd.Timestamp((history.until_us or 1) - 1, unit="us", tz="UTC")
    ahead = end > pd.Timestamp.now(tz="UTC") + pd.Timedelta(days=1)
    seen = f"{end.date()}, which lies in the future," if ahead else f"{end.date()},"
    return f"The mapping does not say where the data ends ('until'); the latest time seen, {seen} is taken for it."


def _silent(history: History, features: Sequence[Feature]) -> list[str]:
    """Event names that rules ask for and that never occur."""
    asked = sets_of(features)
    names = dict.fromkeys(name for events in asked for name in events.names or ())
    return [
        f"The event '{name}' never occurs in the data. {did_you_mean(name, history.events)}"
        for name in names
        if name not in history.events
    ]


def _nobody(history: History, plan: Plan, left_out: dict[str, int]) -> PlanError:
    reasons = "; ".join(f"{n:,} {reason}" for reason, n in left_out.items()) or "the history has no leads"
    return PlanError.at(
        plan.where(),
        expected=f"at least one {plan.unit} of {history.name} to observe",
        found=f"none: {reasons}",
        remedy="Widen 'population', or check how its values are written."
        if max(left_out, key=left_out.__getitem__, default="") == OUTSIDE
        else "Choose an earlier 'at' or a shorter 'horizon', or check where the data ends.",
    )
