"""Random models and random pasts for tests: seeded, small, and full of what breaks engines.

`random_model(seed)` speaks the whole model language over a small vocabulary, `random_past(seed)` makes frames under
our own column names from the same vocabulary, so rules really fire. `models()` and `pasts()` are the same for
hypothesis. `to_oracle` hands a past to the oracle; `oracle_verdicts` and `engine_verdicts` judge all its leads.

Left out on purpose, because the language or the loader refuses it or says nothing about it: NaN and -0.0 in data,
tests of one kind on fields of another, `has_word` texts without a word, outer blanks in ids, the sign NUL.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from hypothesis import strategies as st
from vocabulary import (
    ACCOUNT_FIELDS,
    AGES,
    DTYPES,
    EVENTS,
    FIELDS,
    HALF_LIVES,
    LISTS,
    LOADER_BLANKS,
    MAPPING,
    NUMBERS,
    OUTCOME,
    POINTS,
    POOLS,
    PROPERTIES,
    START_US,
    TEXTS,
    WITHIN,
)

from workbench.backtesting.tiers import NO_TIER, tier_names, tier_ranks
from workbench.document import Document
from workbench.errors import PlanError
from workbench.history import read_history
from workbench.model import Model, parse_model
from workbench.observation import observe
from workbench.oracle import DAY_US, Event, Fact, Lead, judge
from workbench.plan import Age, Plan

Data = dict[str, Any]
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Past:
    """A random history, and the age at which its leads are judged.

    Attributes:
        frames: leads (lead_id, account_id, created_at, fields), accounts (account_id, fields),
            events (lead_id, occurred_at, event, properties), stages (lead_id, stage, at, amount).
        age_days: `as_of` is this many days after creation. Event times lie close around the borders it makes.
    """

    frames: Frames
    age_days: int


# --- models -----------------------------------------------------------------------------------------------------------


def random_model(seed: int) -> Model:
    """A valid model over the whole current language."""
    return parse_model(Document("random", random_model_data(seed), {}, ""))


def random_model_data(seed: int) -> Data:
    """The same as plain data under the file's keys."""
    rng = random.Random(seed)
    dimensions = rng.sample(["fit", "Fit", "engagement", 'prod\'uct "x" %'], rng.randint(1, 3))
    groups = rng.sample(["email", "E-mail", "größe"], rng.choice([0, 0, 1, 2]))
    tiers = rng.sample(["Nurture", "MQL", "mql", "SQL ünd 'x'"], rng.randint(0, 4))
    ids = [f"{rng.choice('rR')}{number}" for number in range(rng.randint(1, 8))] + rng.choice([[], ["x", "X"]])
    gates = range(rng.choice([0, 0, 1, 2]))
    return {
        "format": "lead-scoring-model/1",
        "name": f"random {seed}",
        "dimensions": {name: _bounds(rng, 0.6) for name in dimensions},
        "groups": {name: {"in": rng.choice(dimensions), **_bounds(rng, 0.9)} for name in groups},
        "rules": [_rule(rng, rule_id, dimensions + groups) for rule_id in ids],
        "score": {**_bounds(rng, 0.4), "round": rng.choice(["half_up", "none"])},
        "tiers": [_tier(rng, name, dimensions) for name in tiers],
        "gates": [_gate(rng, number, tiers) for number in gates],
    }


def models() -> st.SearchStrategy[Model]:
    """Random models for hypothesis."""
    return st.integers(0, 2**32 - 1).map(random_model)


def random_condition(rng: random.Random, depth: int = 2) -> Data:
    """A condition of any form, nested at most `depth` times."""
    kind = rng.choice(["field", "field", "account_field", "event"] + ["all", "any", "not"] * (depth > 0))
    if kind in {"all", "any"}:
        return {kind: [random_condition(rng, depth - 1) for _ in range(rng.randint(1, 3))]}
    if kind == "not":
        return {"not": random_condition(rng, depth - 1)}
    if kind == "event":
        return {**_event_filter(rng), **rng.choice([{}, {"count": _count(rng)}])}
    return _field_test(rng, kind, ACCOUNT_FIELDS if kind == "account_field" else FIELDS)


def _rule(rng: random.Random, rule_id: str, homes: list[str]) -> Data:
    rule: Data = {"id": rule_id, "in": rng.choice(homes), "enabled": rng.random() < 0.9}
    kind = rng.choice(["when", "cases", "each"])
    if kind == "when":
        return {**rule, "when": random_condition(rng), "points": rng.choice(POINTS)}
    if kind == "cases":
        cases = [{"when": random_condition(rng, 1), "points": rng.choice(POINTS)} for _ in range(rng.randint(1, 4))]
        return {**rule, "cases": cases, **rng.choice([{}, {"default": rng.choice(POINTS)}])}
    limit = {"events": rng.randint(1, 4), "per_day": rng.randint(1, 2), "points": rng.choice([0.001, 4, 12.5, 40])}
    kept = {key: value for key, value in limit.items() if rng.random() < 0.35}
    rule |= {"each": _event_filter(rng), "points": rng.choice(POINTS)} | ({"limit": kept} if kept else {})
    return rule | rng.choice([{}, {"decay": {"half_life": f"{rng.choice(HALF_LIVES)}d"}}])


def _bounds(rng: random.Random, often: float) -> Data:
    low, high = sorted(rng.sample([-30, -20, -5.5, -0.001, 0, 0.5, 7, 10, 20.001, 40], 2))
    return {key: value for key, value in {"min": low, "max": high}.items() if rng.random() < often}


def _tier(rng: random.Random, name: str, dimensions: list[str]) -> Data:
    require = {dimension: rng.choice([-5, 0, 0.5, 5, 10]) for dimension in dimensions if rng.random() < 0.3}
    return {"name": name, "from": rng.choice([-10, -0.5, 0, 0.001, 1, 5, 10, 15, 20]), "require": require}


def _gate(rng: random.Random, number: int, tiers: list[str]) -> Data:
    condition = {"all": [random_condition(rng, 1), random_condition(rng, 0)]}
    return {"id": f"g{number}", "when": condition, "tier": rng.choice([*tiers, "Out", "öut 'x'"])}


def _event_filter(rng: random.Random) -> Data:
    names = rng.choice(["any", rng.choice(EVENTS), rng.choice(EVENTS), rng.sample(EVENTS, 2), ["no such event", "any"]])
    found: Data = {"event": names}
    if rng.random() < 0.6:
        found["within"] = f"{rng.choice(WITHIN)}d"
    if rng.random() < 0.4:
        found["where"] = _property_condition(rng, 1)
    return found


def _property_condition(rng: random.Random, depth: int) -> Data:
    kind = rng.choice(["field", "field", "all", "any", "not"]) if depth else "field"
    if kind == "field":
        return _field_test(rng, "field", PROPERTIES)
    if kind == "not":
        return {"not": _property_condition(rng, depth - 1)}
    return {kind: [_property_condition(rng, depth - 1) for _ in range(2)]}


def _count(rng: random.Random) -> Data:
    operator = rng.choice(["equals", "at_least", "above", "at_most", "below", "between"])
    low = rng.randint(0, 3)
    return {operator: [low, low + rng.randint(1, 3)] if operator == "between" else low}


def _field_test(rng: random.Random, key: str, fields: Mapping[str, str]) -> Data:
    name = rng.choice(list(fields))
    if rng.random() < 0.1:
        return {key: name, "known": rng.random() < 0.5}
    if fields[name] == "text":
        return {key: name, **_text_test(rng)}
    if fields[name] == "boolean":
        return {key: name, **rng.choice([{"equals": True}, {"equals": False}, {"one_of": [True]}])}
    return {key: name, **_number_test(rng)}


def _number_test(rng: random.Random) -> Data:
    operator = rng.choice(["equals", "one_of", "at_least", "above", "at_most", "below", "between"])
    low, high = sorted(rng.sample(NUMBERS, 2))
    several = rng.sample(NUMBERS, 3)
    whole = int(low) if low == int(low) else low
    return {operator: {"between": [low, high], "one_of": several}.get(operator, rng.choice([low, whole]))}


def _text_test(rng: random.Random) -> Data:
    operator = rng.choice(["equals", "one_of", "list", "has_word", "contains_any", "starts_with", "ends_with"])
    exact = rng.choice([{}, {}, {"exact": True}, {"exact": False}])
    if operator == "list":
        return {"one_of": {"list": rng.choice(list(LISTS))}, **exact}
    if operator == "equals":
        return {"equals": _varied(rng), **exact}
    texts = [_varied(rng) if operator == "one_of" else _part(rng) for _ in range(rng.randint(1, 4))]
    if operator == "has_word":
        texts = [text if any(sign.isalnum() for sign in text) else "vp" for text in texts]
    one = operator != "one_of" and len(texts) == 1 and rng.random() < 0.5
    return {operator: texts[0] if one else texts, **exact}


def _varied(rng: random.Random) -> str:
    """A text of the vocabulary, perhaps in another case or with blanks around it."""
    text = rng.choice(TEXTS)
    return rng.choice([text, text, text.upper(), text.lower(), f" {text}\t", text.strip()])


def _part(rng: random.Random) -> str:
    """A piece of such a text: what it starts with, ends with or holds."""
    text = _varied(rng)
    start, stop = sorted(rng.choices(range(len(text) + 1), k=2))
    return rng.choice([text, text[:stop], text[start:], text[start:stop], *text.split(" ")]) or "vp"


# --- pasts ------------------------------------------------------------------------------------------------------------


def random_past(seed: int, leads: int = 30) -> Past:
    """Random frames of about `leads` leads."""
    rng = random.Random(seed)
    age_days = rng.choice(AGES)
    ids = [rng.choice(["L-{}", "l-{}", "ü{}", "o'{}", '"{}', "%_{}", "日{}", "0{}"]).format(n) for n in range(leads)]
    accounts = [f"{rng.choice(['A', 'a', 'ö', 'x y'])}{number}" for number in range(leads // 3)]
    created = {lead: _creation_us(rng) for lead in ids}
    listed = rng.choice([accounts, accounts, accounts[::2], []])
    rows = [] if rng.random() < 0.1 else _event_rows(rng, created, age_days)
    stages = [] if rng.random() < 0.1 else _stage_rows(rng, created, age_days)
    frames = {
        "leads": _frame(
            {
                "lead_id": ("str", ids),
                "account_id": ("str", [rng.choice([None, *accounts]) for _ in ids]),
                "created_at": ("time", list(created.values())),
                **_columns(rng, FIELDS, leads),
            }
        ),
        "accounts": _frame({"account_id": ("str", listed), **_columns(rng, ACCOUNT_FIELDS, len(listed))}),
        "events": _frame(
            {
                "lead_id": ("str", [lead for lead, _ in rows]),
                "occurred_at": ("time", [at for _, at in rows]),
                "event": ("str", [rng.choice(EVENTS) for _ in rows]),
                **_columns(rng, PROPERTIES, len(rows)),
                "ref": ("float64", [float(number) for number in range(len(rows))]),
            }
        ),
        "stages": _frame(
            {
                "lead_id": ("str", [lead for lead, _ in stages]),
                "stage": ("str", [rng.choice(["mql", OUTCOME]) for _ in stages]),
                "at": ("time", [at for _, at in stages]),
                "amount": ("float64", [rng.choice([None, 100.0, 2500.5]) for _ in stages]),
            }
        ),
    }
    return Past({name: _shuffled(rng, frame) for name, frame in frames.items()}, age_days)


def pasts() -> st.SearchStrategy[Past]:
    """Random pasts for hypothesis, of few leads."""
    return st.builds(random_past, st.integers(0, 2**32 - 1), st.integers(1, 12))


def _creation_us(rng: random.Random) -> int:
    day = START_US + rng.randrange(60) * DAY_US
    return day + rng.choice([0, -1, 1, rng.randrange(DAY_US), rng.randrange(DAY_US)])


def _event_rows(rng: random.Random, created: Mapping[str, int], age_days: int) -> list[tuple[str, int]]:
    rows = []
    for lead, at in created.items():
        as_of = at + age_days * DAY_US
        for _ in range(rng.choice([0, 0, 1, 3, 8, 20])):
            rows += [(lead, _event_us(rng, as_of))] * rng.choice([1, 1, 1, 1, 3])
    return rows


def _event_us(rng: random.Random, as_of: int) -> int:
    """A time near a border: of `as_of`, of a window, of a UTC day; or anywhere; or in the future; or before 1970."""
    step = rng.choice([-1, 0, 1])
    midnight = as_of // DAY_US * DAY_US
    return rng.choice(
        [
            as_of + step,
            as_of - rng.choice([*WITHIN, *HALF_LIVES]) * DAY_US + step,
            as_of - rng.choice([*WITHIN, *HALF_LIVES]) * DAY_US + step,
            midnight - rng.randrange(4) * DAY_US + step,
            as_of - rng.randrange(3 * DAY_US),
            as_of - rng.randrange(100 * DAY_US),
            as_of - rng.randrange(100 * DAY_US),
            as_of + rng.randrange(30 * DAY_US),
            rng.choice([-1, 0, as_of - 1, as_of - 400 * DAY_US]),
        ]
    )


def _stage_rows(rng: random.Random, created: Mapping[str, int], age_days: int) -> list[tuple[str, int]]:
    """At most one stage a lead, not before creation; a few lie before `as_of` or exactly at it."""
    rows = []
    for lead, at in created.items():
        as_of = at + age_days * DAY_US
        entered = rng.choice([as_of - 1, as_of, as_of + 1, as_of + rng.randrange(90 * DAY_US), as_of + 30 * DAY_US])
        if rng.random() < 0.4:
            rows.append((lead, entered))
    return rows


def _columns(rng: random.Random, fields: Mapping[str, str], rows: int) -> dict[str, tuple[str, list[Fact]]]:
    columns = {}
    for name, kind in fields.items():
        pool: list[Fact] = [*POOLS[kind], *[None] * (len(POOLS[kind]) // 6 + 1)]
        if kind == "text":
            pool += ["", " ", *rng.choices(("vp", "EU", "gmail.com", "VP of Sales"), k=20)]
        columns[name] = (DTYPES[kind], [rng.choice(pool) for _ in range(rows)])
    return columns


def _frame(columns: Mapping[str, tuple[str, list[Any]]]) -> pd.DataFrame:
    series = {}
    for name, (dtype, values) in columns.items():
        if dtype == "time":
            series[name] = pd.Series(pd.to_datetime(pd.Series(values, dtype="int64"), unit="us", utc=True))
        else:
            series[name] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(series)


def _shuffled(rng: random.Random, frame: pd.DataFrame) -> pd.DataFrame:
    order = list(range(len(frame)))
    rng.shuffle(order)
    return frame.iloc[order].reset_index(drop=True)


# --- judging ----------------------------------------------------------------------------------------------------------


def to_oracle(frames: Frames) -> dict[str, Lead]:
    """The leads of a past as the oracle takes them, by lead_id. Blank texts are missing, as the loader reads them."""
    accounts = {row.pop("account_id"): row for row in _rows(frames["accounts"])}
    events: dict[Any, list[Event]] = {}
    for row in _rows(frames["events"]):
        lead, at, name = row.pop("lead_id"), row.pop("occurred_at"), row.pop("event")
        events.setdefault(lead, []).append(Event(_us(at), name, row))
    leads = {}
    for row in _rows(frames["leads"]):
        lead, account, _ = row.pop("lead_id"), row.pop("account_id"), row.pop("created_at")
        leads[lead] = Lead(row, accounts.get(account, {}), tuple(events.get(lead, ())))
    return leads


def as_of_us(past: Past) -> dict[str, int]:
    """The moment at which each lead is judged, by lead_id."""
    leads = past.frames["leads"]
    created = zip(leads["lead_id"], leads["created_at"], strict=True)
    return {str(lead): _us(at) + past.age_days * DAY_US for lead, at in created}


def observable(past: Past) -> set[str]:
    """The leads that a plan with this age observes: those that had not reached the outcome before `as_of`."""
    stages = past.frames["stages"]
    reached = stages[stages["stage"] == OUTCOME]
    moments = as_of_us(past)
    entered = zip(reached["lead_id"], reached["at"], strict=True)
    return set(moments) - {lead for lead, at in entered if _us(at) < moments[lead]}


def oracle_verdicts(model: Model, past: Past) -> pd.DataFrame:
    """The oracle's word on every lead.

    Returns:
        Indexed by lead_id, sorted; columns `rule:<id>` for each enabled rule, `dimension:<name>`, `score` (Int64,
        missing for a lead that is taken out), `tier` (missing where none holds); all amounts in thousandths.
    """
    moments, rows = as_of_us(past), {}
    for lead_id, lead in to_oracle(past.frames).items():
        verdict = judge(model, lead, moments[lead_id], LISTS)
        rules = {f"rule:{name}": milli for name, milli in verdict.rules.items()}
        dimensions = {f"dimension:{name}": milli for name, milli in verdict.dimensions.items()}
        rows[lead_id] = {**rules, **dimensions, "score": verdict.score, "tier": verdict.tier}
    return as_verdicts(pd.DataFrame.from_dict(rows, orient="index"))


def judged_by(model: Model, past: Past) -> dict[str, int]:
    """How much happens when the oracle judges a past: counts of rules and leads."""
    moments = as_of_us(past)
    found = [judge(model, lead, moments[lead_id], LISTS) for lead_id, lead in to_oracle(past.frames).items()]
    rules = [rule.id for rule in model.active]
    caps = {**model.dimensions, **model.groups}
    ends = {name: {end * 1000 for end in (cap.min, cap.max) if end} for name, cap in caps.items()}
    return {
        "rules": len(rules),
        "rules_that_vary": sum(len({verdict.rules[rule] for verdict in found}) > 1 for rule in rules),
        "leads": len(found),
        "leads_taken_out": sum(verdict.score is None for verdict in found),
        "leads_forced": sum(verdict.gate is not None and verdict.score is not None for verdict in found),
        "leads_with_tier": sum(verdict.tier is not None and verdict.gate is None for verdict in found),
        "leads_at_a_cap": sum(
            any(milli in ends[name] for name, milli in {**verdict.dimensions, **verdict.groups}.items())
            for verdict in found
        ),
    }


def as_verdicts(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of verdicts in the types that both sides share: Int64, `tier` text, sorted by lead_id and column."""
    types = {name: "str" if name == "tier" else "Int64" for name in frame.columns}
    return frame.astype(types).sort_index().sort_index(axis=1).rename_axis("lead_id")


def engine_verdicts(model: Model, past: Past) -> pd.DataFrame:
    """The workbench's word on the leads it observes: load, observe at `past.age_days`, score.

    Returns:
        The same frame as `oracle_verdicts`, with exactly the leads of `observable(past)`.
    """
    plan = Plan(at=Age(age=past.age_days), outcome=OUTCOME, horizon=1)
    with read_history(_with_an_outcome(past.frames), mapping=MAPPING) as history:
        try:
            seen = observe(history, [model], plan)
        except PlanError as nobody:
            if "at least one lead to observe" not in str(nobody):
                raise
            return as_verdicts(pd.DataFrame(index=pd.Index([], dtype="object"), columns=["score", "tier"]))
    scorer = seen.scorer(model)
    scores = scorer.scores()
    tiers = tier_names(model, tier_ranks(model, scores))
    columns: Data = {f"rule:{rule.id}": scorer.rule_values(rule) for rule in scorer.weights.rules}
    columns |= {f"dimension:{name}": values for name, values in scores.dimensions.items()}
    columns["score"] = pd.Series(scores.milli, dtype="Int64").mask(scores.out)
    columns["tier"] = [None if tier == NO_TIER else tier for tier in tiers]
    return as_verdicts(pd.DataFrame(columns).set_index(pd.Index(seen.subjects.lead_id)))


def _with_an_outcome(frames: Frames) -> Frames:
    """The frames with one win in the far future: a plan may only name a stage that occurs."""
    if not len(frames["leads"]):
        return frames
    won = {"lead_id": frames["leads"]["lead_id"].iloc[0], "stage": OUTCOME, "at": pd.Timestamp("2028-12-01", tz="UTC")}
    stages = frames["stages"]
    return {**frames, "stages": pd.concat([stages, pd.DataFrame([won]).astype(stages[list(won)].dtypes)])}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype("object").where(frame.notna(), None)
    return [{str(name): _fact(value) for name, value in row.items()} for row in plain.to_dict("records")]


def _fact(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip(LOADER_BLANKS) else value


def _us(at: pd.Timestamp) -> int:
    return (at - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(1, unit="us")
