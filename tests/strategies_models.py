"""Random models over the whole language, valid by construction; caps and thresholds lie where sums really come."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from strategies_conditions import Data, event_filter, quantity, random_condition, whole_numbers
from vocabulary import HALF_LIVES, MOMENTS, POINTS, PROPERTIES, SHARES, TEXTS, WEIGHTS

from workbench.document import Document
from workbench.model import Model, parse_model
from workbench.parsing import moment_us

_BY_TIME = sorted(MOMENTS, key=moment_us)
_SMALL = {ord(letter): letter.lower() for letter in string.ascii_uppercase}
_EACH_POINTS = (*(points for points in POINTS if abs(points) <= 100), 99_999.999, 12.345, 1.005, 0.125, 0.001)


def random_model(seed: int) -> Model:
    """A valid model over the whole language."""
    return parse_model(Document("random", random_model_data(seed), {}, ""))


def random_model_data(seed: int) -> Data:
    """The same as plain data under the file's keys."""
    rng = random.Random(seed)
    names = rng.sample(["Nurture", "MQL", "mql", "SQL ünd 'x'"], rng.randint(0, 4))
    ids = [f"{rng.choice('rR')}{number}" for number in range(rng.randint(1, 6))] + rng.choice([[], ["x", "X"]])
    model = {"format": "lead-scoring-model/1", "name": f"random {seed}", **_body(rng, ids, names)}
    gates = range(rng.choice([0, 0, 1, 2]))
    model["gates"] = [_gate(rng, number, names) for number in gates]
    model["variants"] = [_variant(rng, number, last, model) for number, last in _marked(rng.choice([0, 0, 0, 1, 2, 3]))]
    if rng.random() < 0.2:
        model["account"] = _account(rng, _amounts(model["rules"]))
    return model


def models() -> st.SearchStrategy[Model]:
    """Random models for hypothesis."""
    return st.integers(0, 2**32 - 1).map(random_model)


def _marked(size: int) -> Iterator[tuple[int, bool]]:
    return ((number, number == size - 1) for number in range(size))


def _body(rng: random.Random, ids: list[str], names: list[str]) -> Data:
    """Dimensions, groups, rules, score, tiers and matrix."""
    dimensions = rng.sample(["fit", "Fit", "engagement", 'prod\'uct "x" %'], rng.choice([1, 2, 2, 3, 3]))
    groups = rng.sample(["email", "E-mail", "größe"], rng.choice([0, 0, 1, 2]))
    rules = [_rule(rng, rule_id, dimensions + groups) for rule_id in ids]
    amounts = _amounts(rules)
    score = _score(rng, dimensions, amounts, matrix=bool(names))
    two_sided = score["combine"] == "matrix" or (len(dimensions) > 1 and names and rng.random() < 0.3)
    caps, weights = 0.6, 0.3
    if score["combine"] == "product":  # of three dimensions, in thousandths: it has to fit into 64 bits
        amounts, caps, weights = [amount for amount in amounts if abs(amount) <= 100] or [1.5], 1.0, 0.8
        if len(dimensions) > 2:  # nothing after it hides how it is rounded
            score = {"combine": "product", "round": "none"}
    body: Data = {
        "dimensions": {name: _dimension(rng, amounts, caps, weights) for name in dimensions},
        "groups": {name: {"in": rng.choice(dimensions), **random_bounds(rng, amounts, 0.9)} for name in groups},
        "rules": rules,
        "score": score,
        "tiers": [{"name": name} if two_sided else _tier(rng, name, dimensions, amounts) for name in names],
    }
    return body | ({"matrix": _matrix(rng, body["dimensions"], amounts, names)} if two_sided else {})


# --- amounts ----------------------------------------------------------------------------------------------------------


def _amounts(node: Any) -> list[float]:
    """The points that are paid anywhere below."""
    if isinstance(node, dict):
        paid = [value for key, value in node.items() if key in {"points", "default"}]
        own = [one for value in paid for one in (value.values() if isinstance(value, dict) else [value])]
        below = [value for key, value in node.items() if key != "limit"]
        return [one for one in own if isinstance(one, int | float)] + [
            one for value in below for one in _amounts(value)
        ]
    return [amount for part in node for amount in _amounts(part)] if isinstance(node, list) else []


def _border(rng: random.Random, amounts: list[float]) -> float:
    """A sum of a few amounts that are paid, or a thousandth off; or any round number."""
    if rng.random() < 0.3:
        return rng.choice([-30, -20, -5.5, -0.001, 0, 0.5, 1, 7, 10, 15, 20.001, 40])
    parts = [rng.choice([1, 1, 1, 2, 3]) * rng.choice(amounts) for _ in range(rng.choice([1, 1, 2, 3]))]
    return min(max(round(sum(parts) + rng.choice([0, 0, 0, 0.001, -0.001]), 3), -1_000_000), 1_000_000)


def _borders(rng: random.Random, amounts: list[float], count: int) -> list[float]:
    """Different borders, ascending."""
    found: set[float] = set()
    while len(found) < count:
        found.add(_border(rng, amounts) if rng.random() < 0.8 else round(rng.uniform(-50, 50), 3))
    return sorted(found)


def random_bounds(rng: random.Random, amounts: list[float], often: float) -> Data:
    """A cap near sums of the amounts; each side of it is there so often."""
    low, high = _borders(rng, amounts, 2)
    return {key: value for key, value in {"min": low, "max": high}.items() if rng.random() < often}


# --- rules ------------------------------------------------------------------------------------------------------------


def _rule(rng: random.Random, rule_id: str, homes: list[str]) -> Data:
    kinds = ["when", "when", "cases", "each", "each", "map", "bands", "per", "up_to"]
    makers = {"when": _when, "cases": _cases, "each": _each, "map": _map, "bands": _bands, "per": _per, "up_to": _up_to}
    rule: Data = {"id": rule_id, "in": rng.choice(homes), "enabled": rng.random() < 0.93} | makers[rng.choice(kinds)](
        rng
    )
    if rng.random() < 0.2:
        rule["cap"] = random_bounds(rng, _amounts(rule), 0.8)
    if rng.random() < 0.25:
        rule["weight"] = rng.choice(WEIGHTS)
    if rng.random() < 0.15:
        rule["effective"] = _effective(rng)
    return rule


def _effective(rng: random.Random) -> Data:
    start, end = sorted(rng.sample(range(len(_BY_TIME)), 2))
    ends = {"from": _BY_TIME[start], "to": _BY_TIME[end]}
    return {key: end for key, end in ends.items() if rng.random() < 0.7}


def _when(rng: random.Random) -> Data:
    return {"when": random_condition(rng), "points": rng.choice(POINTS)}


def _cases(rng: random.Random) -> Data:
    cases = [{"when": random_condition(rng, 1), "points": rng.choice(POINTS)} for _ in range(rng.randint(1, 4))]
    return {"cases": cases, **_default(rng)}


def _default(rng: random.Random) -> Data:
    return rng.choice([{}, {"default": rng.choice(POINTS)}])


def _each(rng: random.Random) -> Data:
    limit = {
        "per_distinct": rng.choice(list(PROPERTIES)),
        "per_day": rng.randint(1, 2),
        "events": rng.randint(1, 4),
        "points": rng.choice([0.001, 4, 12.5, 40]),
    }
    kept = {key: value for key, value in limit.items() if rng.random() < 0.3}
    rule: Data = {"each": event_filter(rng), "points": rng.choice(_EACH_POINTS)} | ({"limit": kept} if kept else {})
    return rule | ({"decay": random_decay(rng)} if rng.random() < 0.6 else {})


def random_decay(rng: random.Random) -> Data:
    """A decay of any shape."""
    shape = rng.choice(["half_life", "half_life", "expiry", "linear", "step", "geometric", "table"])
    steps = {"lose": rng.choice(SHARES), "every": f"{rng.choice(HALF_LIVES)}d"}
    ages = [0, *sorted(rng.sample([1, 2, 7, 13, 30, 90, 200], rng.randint(0, 3)))]
    table = [[age, rng.choice(SHARES)] for age in ages]
    argument = {"step": steps, "geometric": steps, "table": table}.get(shape, f"{rng.choice(HALF_LIVES)}d")
    decay: Data = {shape: argument}
    if rng.random() < 0.3:
        decay["grace"] = f"{rng.choice(HALF_LIVES)}d"
    if rng.random() < 0.3:
        decay["floor"] = rng.choice(SHARES)
    return decay | rng.choice([{}, {}, {"negatives": False}, {"negatives": True}])


def _map(rng: random.Random) -> Data:
    field = rng.choice([{"field": "region"}, {"field": "stage"}, {"field": "lead"}, {"account_field": "industry"}])
    texts = ("mql", "sql", "vp of sales", "EU") if field == {"field": "stage"} else TEXTS
    exact = rng.choice([{}, {"exact": True}])
    told_apart = {text if exact else text.strip(" \t\r\n").translate(_SMALL): text for text in texts}
    chosen = rng.sample(sorted(told_apart.values()), rng.randint(1, 4))
    return {"map": field | {"points": {text: rng.choice(POINTS) for text in chosen}} | exact, **_default(rng)}


def _bands(rng: random.Random) -> Data:
    of = quantity(rng)
    pool: list[float] = [0, 1, 2, 3, 7, 14] if whole_numbers(of) else [-1, -0.001, 0, 0.3, 1, 2.5, 1000, 1000.001]
    steps = []
    for _ in range(rng.randint(1, 3)):
        low, high = sorted(rng.sample(pool, 2))
        ends = rng.choice([{"from": low, "below": high}, {"from": low, "below": high}, {"from": low}, {"below": high}])
        steps.append(ends | {"points": rng.choice(POINTS)})
    return {"bands": {"of": of, "steps": steps}, **_default(rng)}


def _per(rng: random.Random) -> Data:
    of = quantity(rng)
    unit = rng.choice([1, 2, 3]) if whole_numbers(of) else rng.choice([0.001, 0.5, 1, 2.5, 333.333])
    given = rng.choice([{"unit": unit}, {"unit": unit}, {}])
    return {"per": {"of": of, "most": rng.randint(1, 4), **given}, "points": rng.choice(_EACH_POINTS)}


def _up_to(rng: random.Random) -> Data:
    least, most = sorted([rng.randint(1, 4), rng.randint(1, 7)])
    given = rng.choice([{}, {"least": least}])
    return {"up_to": {"of": quantity(rng, whole=True), "most": most, **given}, "points": rng.choice(_EACH_POINTS)}


# --- the other parts --------------------------------------------------------------------------------------------------


def _dimension(rng: random.Random, amounts: list[float], caps: float, weights: float) -> Data:
    found = random_bounds(rng, amounts, caps)
    if rng.random() < weights:
        found["weight"] = rng.choice(WEIGHTS)
    if rng.random() < 0.25:
        found["inactivity"] = {"since": event_filter(rng), "decay": random_decay(rng)}
    return found


def _score(rng: random.Random, dimensions: list[str], amounts: list[float], *, matrix: bool) -> Data:
    several = ["product", "weighted", *["product"] * (len(dimensions) - 2), *["matrix"] * matrix]
    combine = rng.choice(["sum", "sum", "max", *several] if len(dimensions) > 1 else ["sum", "weighted", "max"])
    score: Data = {"combine": combine, **random_bounds(rng, amounts, 0.4), "round": rng.choice(["half_up", "none"])}
    if combine == "weighted":
        score["weights"] = {name: rng.choice(WEIGHTS) for name in dimensions}
        score["weights"][rng.choice(dimensions)] = 1.5
    if rng.random() < 0.25:
        score["transform"] = random_transform(rng, amounts)
    return score


def random_transform(rng: random.Random, amounts: list[float]) -> Data:
    """A transform of any way."""
    way = rng.choice(["table", "table", "rescale", "sqrt", "logistic"])
    if way == "table":
        cuts = _borders(rng, amounts, rng.randint(1, 5))
        values = sorted(rng.choice([-10, -0.5, 0, 0.001, 1, 7.5, 50, 100]) for _ in cuts)
        return {"table": [list(pair) for pair in zip(cuts, values, strict=True)]}
    to = rng.choice([[0, 10], [0, 100], [-5, 5], [0.5, 7], [-0.5, 2.5]])
    if way == "logistic":
        middle = min(max(_border(rng, amounts), -1000), 1000)
        return {way: {"middle": middle, "spread": rng.choice([0.001, 1, 7.5, 40]), "to": to}}
    return {way: {"from": _borders(rng, amounts, 2), "to": to}}


def _matrix(rng: random.Random, dimensions: dict[str, Data], amounts: list[float], names: list[str]) -> Data:
    """A matrix whose parts often begin where a dimension often is: at 0, at an end of its cap."""
    rows, columns = rng.sample(list(dimensions), 2)
    sides = [(rows, rng.sample("ABCD", rng.randint(1, 3))), (columns, rng.sample("1234", rng.randint(1, 3)))]
    grades = [row + column for row in sides[0][1] for column in sides[1][1]]
    axes = []
    for dimension, parts in sides:
        caps = [dimensions[dimension][end] for end in ("min", "max") if end in dimensions[dimension]]
        ends = rng.sample(sorted({0, *caps, *_borders(rng, amounts, 3)}), len(parts))
        axes.append({"dimension": dimension, "from": dict(zip(parts, ends, strict=True))})
    listed = rng.sample(grades, rng.randint(1, len(grades)))
    return {"rows": axes[0], "columns": axes[1], "tiers": {grade: rng.choice(names) for grade in listed}}


def _tier(rng: random.Random, name: str, dimensions: list[str], amounts: list[float]) -> Data:
    require = {dimension: _border(rng, amounts) for dimension in dimensions if rng.random() < 0.3}
    return {"name": name, "from": _border(rng, amounts), "require": require}


def _gate(rng: random.Random, number: int, tiers: list[str]) -> Data:
    several = {"all": [random_condition(rng, 1), random_condition(rng, 0)]}
    return {
        "id": f"g{number}",
        "when": rng.choice([several, several, random_condition(rng, 0)]),
        "tier": rng.choice([*tiers, *tiers, "Out", "öut 'x'"]),
    }


def _account(rng: random.Random, amounts: list[float]) -> Data:
    roll_up = rng.choice(["sum", "mean", "max", "min", "top_mean", "top_mean", "count_above"])
    own = {"top_mean": {"top": rng.randint(1, 3)}, "count_above": {"above": _border(rng, amounts)}}
    names = rng.sample(["Account cold", "Account hot", "MQL"], rng.randint(0, 3))
    tiers = [{"name": name, "from": _border(rng, amounts)} for name in names]
    return {"roll_up": roll_up, "tiers": tiers, **own.get(roll_up, {})}


# --- variants ---------------------------------------------------------------------------------------------------------


def _variant(rng: random.Random, number: int, last: bool, model: Data) -> Data:
    variant: Data = {"name": f"variant {number}"}
    if not last or rng.random() < 0.6:
        variant["when"] = random_condition(rng, 1)
    ids = [rule["id"] for rule in model["rules"]]
    names = [tier["name"] for tier in model["tiers"]]
    if rng.random() < 0.3:
        own = [f"u{position}" for position in range(rng.randint(1, 3))]
        body = _body(rng, [*own, *rng.sample(ids, rng.randint(0, 1))], names)
        return variant | {"model": {"format": "lead-scoring-model/1", "name": f"other {number}", **body}}
    return variant | _changes(rng, number, model, ids)


def _changes(rng: random.Random, number: int, model: Data, ids: list[str]) -> Data:
    homes = [*model["dimensions"], *model["groups"]]
    added = [f"a{number}"] if rng.random() < 0.4 else []
    weighted = rng.sample([*ids, *added], rng.randint(0, 2) if len(ids) > 1 else 1)
    found: Data = {
        "multiply": {
            "rules": {name: rng.choice(WEIGHTS) for name in weighted},
            "dimensions": {name: rng.choice(WEIGHTS) for name in model["dimensions"] if rng.random() < 0.4},
        },
        "override": [
            _rule(rng, name, homes) for name in rng.sample(ids, rng.choice([0, 1, 1, 2]) if len(ids) > 1 else 0)
        ],
        "add": [_rule(rng, name, homes) for name in added],
        "drop": rng.sample(ids, rng.choice([0, 0, 1])),
    }
    if "matrix" not in model:
        amounts = _amounts(model["rules"])
        found["tiers"] = {tier["name"]: _border(rng, amounts) for tier in model["tiers"] if rng.random() < 0.5}
    return found


__all__ = ["models", "random_decay", "random_model", "random_model_data"]
