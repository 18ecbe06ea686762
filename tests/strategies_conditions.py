"""Random conditions, event filters and quantities over the vocabulary, as plain data under the file's keys."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vocabulary import (
    ACCOUNT_FIELDS,
    BUILT_IN,
    CHANGED,
    EVENTS,
    FIELDS,
    GLOBS,
    LISTS,
    MOMENTS,
    NUMBERS,
    PROPERTIES,
    REGEXES,
    STAGES,
    TEXTS,
    WITHIN,
)

Data = dict[str, Any]

COUNTED = ("count", "days", "leads", "distinct")
AGED = ("first_age", "last_age")


@dataclass(frozen=True)
class Scene:
    """What a test on a field may look at.

    Attributes:
        key: `field` or `account_field`.
        fields: kind by name.
        others: what a field may be compared with, by kind.
        relative: whether there is an as_of to be relative to, and a past of changes.
    """

    key: str
    fields: Mapping[str, str]
    others: Mapping[str, list[Data]]
    relative: bool


def _others(**sources: Mapping[str, str]) -> dict[str, list[Data]]:
    pairs = [({key: name}, kind) for key, fields in sources.items() for name, kind in fields.items()]
    return {wanted: [one for one, kind in pairs if kind == wanted] for wanted in ("text", "number", "boolean", "time")}


_LEAD_FIELDS = FIELDS | BUILT_IN
_BESIDE = _others(field=_LEAD_FIELDS, account_field=ACCOUNT_FIELDS)
LEAD = Scene("field", _LEAD_FIELDS, _BESIDE, relative=True)
ACCOUNT = Scene("account_field", ACCOUNT_FIELDS, _BESIDE, relative=True)
EVENT = Scene("field", PROPERTIES, _others(field=PROPERTIES), relative=False)


def random_condition(rng: random.Random, depth: int = 2) -> Data:
    """A condition of any form, nested at most `depth` times."""
    leaves = ["field", "field", "field", "account_field", "event", "event", "member_of"]
    kind = rng.choice([*leaves, *["all", "any", "not"] * (depth > 0)])
    if kind in {"all", "any"}:
        return {kind: [random_condition(rng, depth - 1) for _ in range(rng.randint(1, 3))]}
    if kind == "not":
        return {"not": random_condition(rng, depth - 1)}
    if kind == "event":
        return event_test(rng)
    if kind == "member_of":
        return _member_test(rng)
    return field_test(rng, ACCOUNT if kind == "account_field" else LEAD)


def _member_test(rng: random.Random) -> Data:
    own, account = {"member_of": "lead ids"}, {"member_of": ["accounts", "regions"], "scope": "account"}
    return rng.choice([own, own | {"scope": "lead"}, account, {"member_of": "accounts", "scope": "account"}])


# --- tests on fields --------------------------------------------------------------------------------------------------


def field_test(rng: random.Random, scene: Scene) -> Data:
    """A test on a field of the scene, by any operator that fits its kind."""
    name = rng.choice([*scene.fields, *(each for each, kind in scene.fields.items() if kind == "time")])
    base, kind = {scene.key: name}, scene.fields[name]
    if rng.random() < 0.08:
        return base | {"known": rng.random() < 0.5}
    if scene is LEAD and rng.random() < (0.3 if name in CHANGED else 0.02) and name not in BUILT_IN:
        return base | {"changed_within": f"{rng.choice(WITHIN)}d"}
    tests = {"text": _text_test, "boolean": _boolean_test, "number": _number_test, "time": _time_test}
    missing = rng.choice([{}, {}, {}, {"missing": True}, {"missing": "skip"}, {"missing": False}])
    return base | tests[kind](rng, scene, name) | missing


def _boolean_test(rng: random.Random, scene: Scene, _: str) -> Data:
    plain = [{"equals": True}, {"equals": False}, {"one_of": [True]}, {"one_of": [False, True]}]
    return rng.choice([*plain, {"equals": rng.choice(scene.others["boolean"])}])


def _number_test(rng: random.Random, scene: Scene, _: str) -> Data:
    operator = rng.choice(["equals", "one_of", "at_least", "above", "at_most", "below", "between"])
    if operator not in {"one_of", "between"} and rng.random() < 0.2:
        return {operator: rng.choice(scene.others["number"])}
    low, high = sorted(rng.sample(NUMBERS, 2))
    several = rng.sample(NUMBERS, 3)
    whole = int(low) if low == int(low) else low
    return {operator: {"between": [low, high], "one_of": several}.get(operator, rng.choice([low, whole]))}


def _time_test(rng: random.Random, scene: Scene, _: str) -> Data:
    operator = rng.choice(["before", "after", *["within", "older_than", "in_next"] * scene.relative])
    if operator not in {"before", "after"}:
        return {operator: f"{rng.choice(WITHIN)}d"}
    return {operator: rng.choice(scene.others["time"]) if rng.random() < 0.4 else rng.choice(MOMENTS)}


def _text_test(rng: random.Random, scene: Scene, name: str) -> Data:
    texts = (*STAGES, *STAGES, "EU", "vp") if name == "stage" else TEXTS
    parts = ["has_word", "contains_any", "starts_with", "ends_with"]
    operator = rng.choice(["equals", "one_of", "list", "other", "glob", "regex", *parts])
    if operator == "regex":
        return {"regex": rng.choice(REGEXES), "portable": False}
    exact = rng.choice([{}, {}, {"exact": True}, {"exact": False}])
    if operator == "list":
        return {"one_of": {"list": rng.choice(list(LISTS))}, **exact}
    if operator == "other":
        return {"equals": rng.choice(scene.others["text"]), **exact}
    if operator == "equals":
        return {"equals": _varied(rng, texts), **exact}
    return {operator: _several(rng, operator, texts), **exact}


def _several(rng: random.Random, operator: str, texts: tuple[str, ...]) -> list[str] | str:
    """The texts that an operator looks for; or one of them, as authors may write it."""
    found = [_varied(rng, texts) if operator == "one_of" else _part(rng, texts) for _ in range(rng.randint(1, 4))]
    if operator == "has_word":
        found = [text if any(sign.isalnum() for sign in text) else "vp" for text in found]
    if operator == "glob":
        found = [_pattern(rng, text) for text in found]
    one = operator != "one_of" and len(found) == 1 and rng.random() < 0.5
    return found[0] if one else found


def _pattern(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    holed = text[:place] + rng.choice("*?") + text[place + 1 :]
    return rng.choice([rng.choice(GLOBS), holed, f"*{text}", f"{text}*"])


def _varied(rng: random.Random, texts: tuple[str, ...]) -> str:
    """A text of the vocabulary, perhaps in another case or with blanks around it."""
    text = rng.choice(texts)
    return rng.choice([text, text, text.upper(), text.lower(), f" {text}\t", text.strip()])


def _part(rng: random.Random, texts: tuple[str, ...]) -> str:
    """A piece of such a text: what it starts with, ends with or holds."""
    text = _varied(rng, texts)
    start, stop = sorted(rng.choices(range(len(text) + 1), k=2))
    return rng.choice([text, text[:stop], text[start:], text[start:stop], *text.split(" ")]) or "vp"


# --- events -----------------------------------------------------------------------------------------------------------


def event_filter(rng: random.Random) -> Data:
    """Which events: names, properties, window, scope."""
    names = rng.choice(["any", rng.choice(EVENTS), rng.choice(EVENTS), rng.sample(EVENTS, 2), ["no such event", "any"]])
    found: Data = {"event": names}
    if rng.random() < 0.55:
        found["within"] = f"{rng.choice(WITHIN)}d"
    if rng.random() < 0.2:
        older = [days for days in (1, 2, 3, 7, 13, 30) if days < int(found.get("within", "99d")[:-1])]
        if older:
            found["older_than"] = f"{rng.choice(older)}d"
    if rng.random() < 0.15:
        ends = dict(zip(("after", "before"), sorted(rng.sample(_ORDERED, 2)), strict=True))
        found |= {key: _ORDERED[place] for key, place in _placed(ends).items() if rng.random() < 0.7}
    if rng.random() < 0.35:
        found["where"] = _property_condition(rng, 1)
    if rng.random() < 0.25:
        found["scope"] = rng.choice(["account", "account", "account", "lead"])
    return found


_ORDERED = (
    "2025-01-15",
    "2025-03-09T06:59:59.999999Z",
    "2025-03-20T00:00:00+05:45",
    "2025-03-30T02:30:00+01:00",
    "2025-04-01T00:00:00.000001Z",
    "2025-04-15T12:00Z",
    "2025-05-01",
)


def _placed(ends: Mapping[str, str]) -> dict[str, int]:
    low, high = sorted(_ORDERED.index(end) for end in ends.values())
    return {"after": low, "before": high}


def _property_condition(rng: random.Random, depth: int) -> Data:
    kind = rng.choice(["field", "field", "all", "any", "not"]) if depth else "field"
    if kind == "field":
        return field_test(rng, EVENT)
    if kind == "not":
        return {"not": _property_condition(rng, depth - 1)}
    return {kind: [_property_condition(rng, depth - 1) for _ in range(2)]}


def event_test(rng: random.Random) -> Data:
    """A test on any measure of events."""
    measure = rng.choice(["none", "count", "count", "count", "days", "leads", "distinct", "sum", *AGED])
    found = event_filter(rng)
    if measure == "none":
        return found
    if measure == "leads" and rng.random() < 0.8:
        found["scope"] = "account"
    found[measure] = _bound(rng, measure)
    if measure in AGED:
        return found | rng.choice([{}, {"missing": True}, {"missing": "skip"}])
    return found | of_property(rng, measure)


def of_property(rng: random.Random, measure: str) -> Data:
    """The property that a measure is taken of, if it needs one."""
    if measure == "sum":
        return {"property": rng.choice(['amo"unt', "seats"])}
    return (
        {"property": rng.choice(["page", "stage", "seats", 'amo"unt', "at_us", "due at"])}
        if measure == "distinct"
        else {}
    )


def _bound(rng: random.Random, measure: str) -> Data:
    operator = rng.choice(["equals", "at_least", "above", "at_most", "below", "between"])
    if measure == "sum":
        low, high = sorted(rng.sample([-1, -0.001, 0, 0.3, 1, 2.5, 3.5, 999.999, 1000.001, 1_000_000], 2))
    elif measure in AGED:
        low, high = sorted(rng.sample([0, 1, 2, 6, 7, 13, 14, 30, 89], 2))
    else:
        low = rng.randint(0, 3)
        high = low + rng.randint(1, 3)
    return {operator: [low, high] if operator == "between" else low}


# --- quantities -------------------------------------------------------------------------------------------------------


def quantity(rng: random.Random, *, whole: bool = False) -> Data:
    """A number to take bands, units or a share of; with `whole`, a count of events."""
    kind = rng.choice(["event"] if whole else ["field", "account_field", "event", "event", "event"])
    if kind == "field":
        return {"field": rng.choice(["größe", "employees", "recorded_score"])}
    if kind == "account_field":
        return {"account_field": "lead"}
    measure = rng.choice(["count", "count", "days", "leads", "distinct", *AGED, *["sum", "sum"] * (not whole)])
    return event_filter(rng) | {"measure": measure} | of_property(rng, measure)


def whole_numbers(of: Data) -> bool:
    """Whether a quantity is a whole number."""
    return "event" in of and of["measure"] != "sum"
