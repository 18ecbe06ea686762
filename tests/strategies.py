"""Random models and random pasts for tests: seeded, small, and full of what breaks engines.

`random_model(seed)` speaks the whole model language over a small vocabulary, `random_past(seed)` makes frames under
our own column names from the same vocabulary, so rules really fire; with a model it is drawn from that model's own
boundaries. `models()` and `pasts()` are the same for hypothesis. `to_oracle` hands a past to the oracle;
`oracle_verdicts` and `engine_verdicts` judge all its leads.

Left out on purpose, because the language or the loader refuses it or says nothing about it: NaN and -0.0 in data,
tests of one kind on fields of another, `has_word` texts without a word, outer blanks in ids, the sign NUL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
from strategies_conditions import Data, random_condition
from strategies_models import models, random_model, random_model_data
from strategies_pasts import Frames, Past, pasts, random_past, read_as, rows_of
from vocabulary import FIELDS, LISTS, LOADER_BLANKS, MAPPING, OUTCOME

from workbench.backtesting.tiers import NO_TIER, tier_names, tier_ranks
from workbench.errors import PlanError
from workbench.history import History, read_history
from workbench.model import Model
from workbench.observation import Observations, observe
from workbench.observation.accounts import account_ranks, rolled
from workbench.oracle import DAY_US, Event, Lead, Verdict, judge, judge_account
from workbench.plan import Age, Plan

Unit = Literal["lead", "account"]

# --- for the oracle ---------------------------------------------------------------------------------------------------


def to_oracle(frames: Frames, moments: Mapping[str, int] | None = None) -> dict[str, Lead]:
    """The leads of a past as the oracle takes them, by lead_id: fields as known at as_of, blank texts missing.

    Args:
        frames: those of a past.
        moments: as_of by lead_id; by default that age after creation at which the past is judged.
    """
    age_us = frames["leads"].attrs["age_days"] * DAY_US
    accounts = {row.pop("account_id"): row for row in rows_of(frames["accounts"])}
    tables = {name: _by_lead(frames[name]) for name in ("events", "stages", "changes", "scores")}
    people = list(rows_of(frames["leads"]))
    members: dict[Any, list[str]] = defaultdict(list)
    for row in people:
        members[row["account_id"]].append(row["lead_id"])
    known = {row["lead_id"]: row["created_at"] for row in people}
    leads = {}
    for row in people:
        lead, account, created = row.pop("lead_id"), row.pop("account_id"), row.pop("created_at")
        changes = tables["changes"][lead]
        mates = [one for one in members[account] if one != lead and account is not None]
        leads[lead] = Lead(
            fields=row | _dated(row, changes, created + age_us if moments is None else moments.get(lead, created)),
            account=accounts.get(account, {}),
            events=tuple(_event(each) for each in tables["events"][lead]),
            lead_id=lead,
            account_id=account,
            created_us=created,
            stages=tuple((each["stage"].strip(LOADER_BLANKS), each["at"]) for each in tables["stages"][lead]),
            changes=tuple((each["field"], each["at"]) for each in changes),
            recorded_scores=tuple((each["at"], round(each["score"] * 1000)) for each in tables["scores"][lead]),
            colleagues=tuple(_event(each, mate, known[mate]) for mate in mates for each in tables["events"][mate]),
        )
    return leads


def _by_lead(frame: pd.DataFrame) -> Mapping[str, list[Data]]:
    found: dict[str, list[Data]] = defaultdict(list)
    for row in rows_of(frame):
        found[row["lead_id"]].append(row)
    return found


def _event(row: Data, lead: str = "", known: int | None = None) -> Event:
    properties = {name: value for name, value in row.items() if name not in {"lead_id", "occurred_at", "event"}}
    return Event(row["occurred_at"], row["event"], properties, lead, known)


def _dated(row: Data, changes: Sequence[Data], as_of: int) -> Data:
    """Fields that have changes: the last value before as_of, else what the first change replaced.

    Of changes at one instant the greatest text is the last, the least the first; a missing one is neither.
    """
    found = {}
    for name in {each["field"] for each in changes}:
        own = [each for each in changes if each["field"] == name]
        before = [each for each in own if each["at"] < as_of]
        if before:
            last = max(before, key=lambda each: (each["at"], each["value"] is not None, _bytes(each["value"])))
            found[name] = read_as(last["value"], FIELDS[name])
        else:
            first = min(own, key=lambda each: (each["at"], *(_rank(each[key]) for key in ("value", "old"))))
            found[name] = read_as(first["old"], FIELDS[name])
    return found


def _bytes(text: str | None) -> bytes:
    return (text or "").encode()


def _rank(text: str | None) -> tuple[bool, bytes]:
    return text is None, _bytes(text)


def as_of_us(past: Past) -> dict[str, int]:
    """The moment at which each lead is judged, by lead_id."""
    return {row["lead_id"]: row["created_at"] + past.age_days * DAY_US for row in rows_of(past.frames["leads"])}


def observable(past: Past) -> set[str]:
    """The leads that a plan with this age observes: those that had not reached the outcome before `as_of`."""
    moments = as_of_us(past)
    return set(moments) - {row["lead_id"] for row in _wins(past) if row["at"] < moments[row["lead_id"]]}


def verdicts(model: Model, past: Past) -> dict[str, Verdict]:
    """The oracle's word on every lead, by lead_id."""
    moments = as_of_us(past)
    return {name: judge(model, lead, moments[name], LISTS) for name, lead in to_oracle(past.frames).items()}


def oracle_verdicts(model: Model, past: Past) -> pd.DataFrame:
    """The oracle's word on every lead.

    Returns:
        Indexed by lead_id, sorted; columns `rule:<id>` for each rule that some variant enables, `dimension:<name>`,
        `score` (Int64, missing for a lead that is taken out), `tier` (missing where none holds), `variant`, `gate`,
        `grade`; all amounts in thousandths.
    """
    rows, ids = {}, rule_ids(model)
    for lead_id, verdict in verdicts(model, past).items():
        rules = {f"rule:{name}": verdict.rules.get(name, 0) for name in ids}
        dimensions = {f"dimension:{name}": milli for name, milli in verdict.dimensions.items()}
        said = {"score": verdict.score, "tier": verdict.tier, "variant": verdict.variant or None, "gate": verdict.gate}
        rows[lead_id] = {**rules, **dimensions, **said, "grade": verdict.grade}
    return as_verdicts(pd.DataFrame.from_dict(rows, orient="index"))


def accounts_by_oracle(model: Model, past: Past) -> pd.DataFrame:
    """The oracle's word on every account that no lead of which had converted when it was judged.

    An account is judged at `past.age_days` after its first lead was created, by its leads created before then.

    Returns:
        Indexed by account_id, sorted; `score` in thousandths and `tier`; both missing where no lead counts.
    """
    people = [row for row in rows_of(past.frames["leads"]) if row["account_id"] is not None]
    first = {name: min(row["created_at"] for row in people if row["account_id"] == name) for name in _accounts(people)}
    moments = {row["lead_id"]: first[row["account_id"]] + past.age_days * DAY_US for row in people}
    leads = to_oracle(past.frames, moments)
    won = {row["lead_id"] for row in _wins(past) if row["at"] < moments.get(row["lead_id"], 0)}
    rows = {}
    for name in _accounts(people):
        members = [row["lead_id"] for row in people if row["account_id"] == name]
        if not won & set(members):
            there = [one for one in members if (leads[one].created_us or 0) < moments[one]]
            found = judge_account(model, [judge(model, leads[one], moments[one], LISTS) for one in there])
            rows[name] = {"score": found.score, "tier": found.tier}
    return as_verdicts(pd.DataFrame.from_dict(rows, orient="index", columns=["score", "tier"]))


def _accounts(people: Sequence[Data]) -> list[str]:
    return sorted({row["account_id"] for row in people})


def _wins(past: Past) -> list[Data]:
    return [row for row in rows_of(past.frames["stages"]) if row["stage"].strip(LOADER_BLANKS) == OUTCOME]


def rule_ids(model: Model) -> list[str]:
    """The ids of the rules that the model or one of its variants enables."""
    return list(dict.fromkeys(rule.id for each in model.alternatives for rule in each.model.active))


TEXTUAL = ("tier", "variant", "gate", "grade")


def as_verdicts(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of verdicts in the types that both sides share: texts and Int64, sorted by lead_id and column."""
    types = {name: "str" if name in TEXTUAL else "Int64" for name in frame.columns}
    return frame.astype(types).sort_index().sort_index(axis=1).rename_axis("lead_id")


# --- for the engine ---------------------------------------------------------------------------------------------------


def engine_verdicts(model: Model, past: Past) -> pd.DataFrame:
    """The workbench's word on the leads it observes: load, observe at `past.age_days`, score.

    Returns:
        The same frame as `oracle_verdicts`, with exactly the leads of `observable(past)`.
    """
    seen = observed([model], past)
    if seen is None:
        return as_verdicts(pd.DataFrame(index=pd.Index([], dtype="object"), columns=["score", "tier"]))
    return scored(model, seen)


def observed(models: Sequence[Model], past: Past, unit: Unit = "lead") -> Observations | None:
    """A past as it is observed by the workbench for some models; None without anybody to observe. History is closed."""
    with read_history(past.frames, mapping=MAPPING) as history:
        return observe_loaded(models, history, past.age_days, unit)


def observe_loaded(
    models: Sequence[Model], history: History, age_days: int, unit: Unit = "lead"
) -> Observations | None:
    """A loaded past as it is observed at an age; None without anybody to observe."""
    if unit == "account" and not history.has_accounts:
        return None
    plan = Plan(at=Age(age=age_days), outcome=OUTCOME, horizon=1, allow_undated=True, unit=unit)
    try:
        return observe(history, list(models), plan)
    except PlanError as nobody:
        if "at least one lead to observe" not in str(nobody):
            raise
        return None


def accounts_by_engine(model: Model, past: Past) -> pd.DataFrame:
    """The workbench's word on accounts, like `accounts_by_oracle`."""
    seen = observed([model], past, "account")
    if seen is None:
        return as_verdicts(pd.DataFrame(index=pd.Index([], dtype="object"), columns=["score", "tier"]))
    return accounts_scored(model, seen)


def accounts_scored(model: Model, seen: Observations) -> pd.DataFrame:
    """What a model says of observed accounts."""
    assert model.account is not None
    assert seen.members is not None
    scores = seen.scorer(model).scores()
    found = rolled(scores.milli, scores.out, seen.members, model.account)
    names = [*(tier.name for tier in model.account.tiers), None]
    ranks = account_ranks(found, model.account)
    columns = {"score": pd.Series(found.milli, dtype="Int64").mask(found.out), "tier": [names[rank] for rank in ranks]}
    return as_verdicts(pd.DataFrame(columns).set_index(pd.Index(seen.subjects.lead_id)))


def scored(model: Model, seen: Observations) -> pd.DataFrame:
    """What a model says of observations, like `oracle_verdicts`."""
    scorer = seen.scorer(model)
    scores = scorer.scores()
    tiers = tier_names(model, tier_ranks(model, scores))
    columns: Data = {f"rule:{name}": scorer.rule_values(name) for name in rule_ids(model)}
    columns |= {f"dimension:{name}": values for name, values in scores.dimensions.items()}
    columns["score"] = pd.Series(scores.milli, dtype="Int64").mask(scores.out)
    columns["tier"] = [None if tier == NO_TIER else tier for tier in tiers]
    names = [each.name or None for each in model.alternatives]
    columns["variant"] = [names[number] for number in scores.variant]
    columns["gate"] = [([None, *(gate.id for gate in model.gates)])[number] for number in scores.gate]
    columns["grade"] = _grades(model, columns["variant"], scores.dimensions)
    return as_verdicts(pd.DataFrame(columns).set_index(pd.Index(seen.subjects.lead_id)))


def _grades(model: Model, variants: Sequence[str | None], dimensions: Mapping[str, Any]) -> list[str | None]:
    """The grade of each lead, by the dimensions that the engine found: it keeps none of its own."""
    of = {each.name or None: each.model.matrix for each in model.alternatives}
    found: list[str | None] = []
    for row, variant in enumerate(variants):
        matrix, parts = of[variant], []
        for side in (matrix.rows, matrix.columns) if matrix is not None else ():
            reached = [
                (end, name) for name, end in side.from_.items() if int(dimensions[side.dimension][row]) >= 1000 * end
            ]
            parts += [max(reached)[1]] if reached else []
        found.append("".join(parts) if len(parts) == 2 else None)
    return found


__all__ = [
    "Frames",
    "Past",
    "accounts_by_engine",
    "accounts_by_oracle",
    "accounts_scored",
    "as_of_us",
    "as_verdicts",
    "engine_verdicts",
    "models",
    "observable",
    "observe_loaded",
    "observed",
    "oracle_verdicts",
    "pasts",
    "random_condition",
    "random_model",
    "random_model_data",
    "random_past",
    "rows_of",
    "rule_ids",
    "scored",
    "to_oracle",
    "verdicts",
]
