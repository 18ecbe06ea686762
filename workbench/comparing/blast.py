"""What would change on the day that a challenger goes live: who changes tier, by owner and by segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.document import records
from workbench.backtesting.tiers import names_of, tier_names, tier_ranks
from workbench.comparing.entrant import labels
from workbench.engine.duck import column, table
from workbench.engine.lowered import Cell
from workbench.errors import CallError, listed
from workbench.history import History
from workbench.model import Model
from workbench.observation import Moment, at_moment
from workbench.observation.accounts import account_ranks, account_score, rolled
from workbench.observation.gather import OBS, Gathering
from workbench.observation.moment import present
from workbench.parsing import did_you_mean
from workbench.plan import Plan

SMALL = 10
"""Leads below which a group's leads are counted and nothing else is said of them."""
FEWEST = 5
"""Leads of a group that move below which it is not said which way."""
UNKNOWN = "(none)"
GROUPS = ("field", "value", "n", "changed", "changed_share", "up", "down")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class BlastRadius:
    """Open leads (or accounts) at one moment, under the champion and under a challenger.

        moves   champion_tier, challenger_tier, n, share: every pair of tiers, lowest first, those that nobody has too
        groups  field, value, n, changed, changed_share, up, down: by owner and by segment, most leads first; of groups
                of fewer than 10 leads n alone, and where fewer than 5 move not which way

    Attributes:
        champion, challenger: names of the models.
        as_of: the moment, ISO 8601; None for leads that are taken as recorded.
        unit: lead or account.
        n: open leads.
        changed, up, down: how many of them change tier, to a higher and to a lower one; gates are below all tiers.
        left_out: columns reason, n: who is not open.
        owner: the field that names the owner, if one was asked for.
    """

    champion: str
    challenger: str
    as_of: str | None
    unit: str
    n: int
    changed: int
    up: int
    down: int
    owner: str | None
    moves: pd.DataFrame
    groups: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def headline(self) -> str:
        """How many change tier, in a sentence."""
        when = "" if self.as_of is None else f" on {self.as_of[:10]}"
        who = f"{self.n:,} open {self.unit}{'' if self.n == 1 else 's'}"
        if not self.n:
            return f"No {self.unit} is open{when}: nobody would change tier."
        if not self.changed:
            return f"If {self.challenger} went live{when}, none of {who} would change tier."
        return (
            f"If {self.challenger} went live{when}, {self.changed:,} of {who} ({100 * self.changed / self.n:.1f} %) "
            f"would change tier: {self.up:,} up, {self.down:,} down."
        )

    def to_document(self) -> dict[str, Any]:
        """The whole result as plain data."""
        return {
            **{name: getattr(self, name) for name in ("champion", "challenger", "as_of", "unit", "owner")},
            **{name: getattr(self, name) for name in ("n", "changed", "up", "down", "headline")},
            **{name: records(getattr(self, name)) for name in ("moves", "groups", "left_out")},
        }


def blast_radius(
    champion: Model,
    challenger: Model,
    history: History,
    plan: Plan,
    *,
    as_of: str | dt.datetime | None = None,
    owner: str | None = None,
) -> BlastRadius:
    """Score every open lead at a moment under both models.

    A lead is open until it reaches the plan's outcome or one of its closed stages; an account is open while one of its
    leads is, and is scored from all its leads. Leads without dates are all taken, as recorded.

    Args:
        champion: the model in force.
        challenger: the one that would go live.
        history: the open history.
        plan: its outcome and closed stages, unit and segments.
        as_of: the moment, ISO 8601 with a zone; by default the end of the data.
        owner: a field of leads or accounts whose values are reported apart, such as the owner in the CRM.

    Raises:
        CallError: if the moment has no zone, nobody was there then, or there is no such field.
        ModelError: if a model asks for what the history does not have, or does not say how accounts are scored.
    """
    if owner is not None:
        owner_known(history, owner, plan)
    asked = [*([] if owner is None else [owner]), *plan.segments]
    cells = {name: _cell(history, name, plan) for name in dict.fromkeys(asked)}
    moment = at_moment(history, [champion, challenger], as_of)
    until = None if moment.as_of is None else (moment.as_of - _EPOCH) // dt.timedelta(microseconds=1)
    values = _values(history, until, cells)
    group, closed = _units(moment, plan), _closed(history, plan, moment, until)
    kept, left_out = _open(group, closed)
    ranks = [_ranks(model, moment, group, plan) for model in (champion, challenger)]
    return _made(
        (champion, challenger),
        [(codes[kept], names) for codes, names in ranks],
        {name: each[group.first[kept]] for name, each in values.items()},
        as_of=None if moment.as_of is None else moment.as_of.isoformat(),
        unit=plan.unit,
        owner=owner,
        left_out=left_out,
    )


# --- who is there -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Units:
    """The leads of each unit: `order[starts[i]:starts[i + 1]]` are those of unit i; first is one of them."""

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    first: NDArray[np.int64]
    without: int


def _units(moment: Moment, plan: Plan) -> _Units:
    """Each lead for itself, or together with the others of its account."""
    if plan.unit == "lead":
        each = np.arange(len(moment.leads), dtype=np.int64)
        return _Units(each, np.arange(len(each) + 1, dtype=np.int64), each, 0)
    codes, ids = pd.factorize(moment.leads["account_id"], sort=True)
    without = int((codes < 0).sum())
    order = np.argsort(codes, kind="stable")[without:].astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes[order], minlength=len(ids)))]).astype(np.int64)
    return _Units(order, starts, order[starts[:-1]], without)


def _closed(history: History, plan: Plan, moment: Moment, until: int | None) -> NDArray[np.bool_]:
    """(leads,) whether each reached an end before the moment."""
    ends = {stage for stage in (plan.outcome, *plan.closed) if stage is not None}
    if until is None or not ends & set(history.stages):
        return np.zeros(len(moment.leads), dtype=bool)
    found = history.engine.frame(
        present(until, None)
        .select(column("lead_id", "leads"), column("stage", "s"), append=False)
        .join(table("stages").as_("s"), on=column("lead", "s").eq(column("lead", "leads")))
        .where(column("at_us", "s") < until)
    )
    over = found.loc[found["stage"].isin(sorted(ends)), "lead_id"]
    closed: NDArray[np.bool_] = moment.leads["lead_id"].isin(over.unique()).to_numpy(dtype=bool)
    return closed


def _open(group: _Units, closed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """The units of which a lead is open, and who is left out by reason."""
    over = np.logical_and.reduceat(closed[group.order], group.starts[:-1]) if len(group.order) else closed[:0]
    reasons = [("already closed", int(over.sum())), ("lead without an account", group.without)]
    left_out = pd.DataFrame([row for row in reasons if row[1]], columns=["reason", "n"])
    return np.flatnonzero(~over), left_out


def owner_known(history: History, owner: str, plan: Plan) -> None:
    """Check the field that leads are to be reported by, before anything takes long.

    Args:
        history: the open history.
        owner: a field of leads or of accounts.
        plan: its unit; beside accounts only their fields count.

    Raises:
        CallError: if there is no such field; it names all that there are.
    """
    _cell(history, owner, plan)


def _cell(history: History, name: str, plan: Plan) -> Cell:
    own = {} if plan.unit == "account" else history.lead_fields
    if name in own:
        return Cell("lead", name, own[name].kind)
    if name in history.account_fields:
        return Cell("account", name, history.account_fields[name].kind)
    known = sorted({*own, *history.account_fields})
    close = did_you_mean(name, known)
    every = f"Known are: {listed(known, most=len(known))}." if known else ""
    raise CallError.at(
        "owner",
        expected="a field of leads or accounts" if plan.unit == "lead" else "a field of accounts beside unit: account",
        found=repr(name),
        remedy=f"{close} {every}".strip() if close.startswith("Did") else every or close,
    )


def _values(history: History, until: int | None, cells: dict[str, Cell]) -> dict[str, NDArray[np.object_]]:
    """By field, (leads,) what it held at the moment, as text, in the order of `Moment.leads`."""
    if not cells:
        return {}
    history.engine.write(OBS, present(until, None))
    gathering = Gathering(history)
    gathering.prepare(list(cells.values()), [])
    found = {}
    for name, cell in cells.items():
        query = gathering.select([gathering.cell(cell).as_("value", quoted=True)])
        values = history.engine.frame(query.order_by(column("obs", gathering.observations)))["value"]
        texts = [UNKNOWN if value is None or value != value else _text(value) for value in values.astype(object)]
        found[name] = np.array(texts, dtype=object)
    gathering.forget()
    history.engine.drop([OBS])
    return found


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


# --- who moves --------------------------------------------------------------------------------------------------------


def _ranks(model: Model, moment: Moment, group: _Units, plan: Plan) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """(units,) number of the tier of each among the names, which are lowest first, gates before all tiers."""
    gates = model.gates if plan.unit == "lead" else ()
    if plan.unit == "account":
        account = account_score(model)
        own = moment.scorer(model).scores(group.order)
        ranks = account_ranks(rolled(own.milli, own.out, group.starts, account), account)
        names = names_of(np.arange(-1, len(account.tiers)), account.tiers)
    else:
        ranks = tier_ranks(model, moment.scorer(model).scores())
        names = tier_names(model, np.arange(-1 - len(gates), len(model.tiers)))
    codes = ranks + len(gates) + 1
    seen = np.unique(codes)
    listed = [at for at in range(len(names)) if at in seen or at > len(gates)]
    known = tuple(dict.fromkeys(str(names[at]) for at in listed))
    place = np.array([known.index(str(names[at])) if at in listed else -1 for at in range(len(names))])
    return place[codes].astype(np.int64), known


def _made(
    models: tuple[Model, Model],
    ranks: Sequence[tuple[NDArray[np.int64], tuple[str, ...]]],
    values: dict[str, NDArray[np.object_]],
    **known: Any,
) -> BlastRadius:
    (first, old), (second, new) = ranks
    step = _steps(first, old, second, new)
    n = np.bincount(first * len(new) + second, minlength=len(old) * len(new))
    moves = pd.DataFrame(
        {
            "champion_tier": [name for name in old for _ in new],
            "challenger_tier": [name for _ in old for name in new],
            "n": n.astype(np.int64),
            "share": n / max(len(first), 1),
        }
    )
    groups = pd.DataFrame([row for name, each in values.items() for row in _groups(name, each, step)], columns=GROUPS)
    names = labels(models)
    return BlastRadius(
        champion=names[0],
        challenger=names[1],
        n=len(first),
        changed=int((step != 0).sum()),
        up=int((step > 0).sum()),
        down=int((step < 0).sum()),
        moves=moves,
        groups=groups,
        **known,
    )


def _steps(
    first: NDArray[np.int64], old: tuple[str, ...], second: NDArray[np.int64], new: tuple[str, ...]
) -> NDArray[np.int64]:
    """(units,) 1 for a higher tier, -1 for a lower one, 0 for the same name.

    Tiers of both models are put in one order: the challenger's, with the champion's others after the one they follow.
    """
    order = list(new)
    for at, name in enumerate(old):
        if name not in order:
            order.insert(order.index(old[at - 1]) + 1 if at else 0, name)
    place = [np.array([order.index(name) for name in names], dtype=np.int64) for names in (old, new)]
    step: NDArray[np.int64] = np.sign(place[1][second] - place[0][first]).astype(np.int64)
    return step


def _groups(name: str, values: NDArray[np.object_], step: NDArray[np.int64]) -> Iterator[tuple[object, ...]]:
    codes, labels_ = pd.factorize(values)
    sizes = np.bincount(codes)
    for code in np.lexsort((np.array(labels_, dtype=str), -sizes)):
        own = step[codes == code]
        moved, up = int((own != 0).sum()), int((own > 0).sum())
        if len(own) < SMALL:
            yield (name, labels_[code], len(own), np.nan, np.nan, np.nan, np.nan)
        elif moved < FEWEST:
            yield (name, labels_[code], len(own), moved, moved / len(own), np.nan, np.nan)
        else:
            yield (name, labels_[code], len(own), moved, moved / len(own), up, moved - up)
