"""For each check that needs the model alone: a model that it finds something in, and a near twin that is clean.

An example is what differs from `BASE`; its twin is the same with one thing put right.
"""

from __future__ import annotations

import json
from typing import Any

from workbench.model import Model, parse_model

BASE: dict[str, Any] = {
    "format": "lead-scoring-model/1",
    "name": "small",
    "dimensions": {"fit": {}},
    "rules": [{"id": "eu", "in": "fit", "when": {"field": "region", "equals": "EU"}, "points": 5}],
}
Parts = dict[str, Any]


def made(parts: Parts) -> Model:
    """The model of an example; rules are added to those of the base unless it has its own."""
    data = {**BASE, **{key: value for key, value in parts.items() if key != "more"}}
    return parse_model(json.dumps({**data, "rules": [*data["rules"], *parts.get("more", [])]}))


def when(condition: Parts, points: float = 5, **rest: Any) -> Parts:
    return {"rules": [{"id": "one", "in": "fit", "when": condition, "points": points, **rest}]}


def cases(*asked: tuple[Parts, float], default: float = 0) -> Parts:
    found = [{"when": condition, "points": points} for condition, points in asked]
    return {"rules": [{"id": "one", "in": "fit", "cases": found, "default": default}]}


def each(points: float = 4, **rest: Any) -> Parts:
    events = {"event": "page_view", **rest.pop("events", {})}
    return {"rules": [{"id": "one", "in": "fit", "each": events, "points": points, **rest}]}


def seats(**test: Any) -> Parts:
    return {"field": "seats", **test}


def title(**test: Any) -> Parts:
    return {"field": "title", **test}


def visits(least: int, **rest: Any) -> Parts:
    return {"event": "page_view", **rest, "count": {"at_least": least}}


def more(condition: Parts, points: float = 3, **rest: Any) -> Parts:
    return {"more": [{"id": "two", "in": "fit", "when": condition, "points": points, **rest}]}


def tiers(*asked: tuple[str, float, Parts], **rest: Any) -> Parts:
    return {"tiers": [{"name": name, "from": low, "require": require} for name, low, require in asked], **rest}


def bands(*asked: tuple[float | None, float | None, float]) -> Parts:
    ends = [
        {key: value for key, value in zip(("from", "below", "points"), band, strict=True) if value is not None}
        for band in asked
    ]
    return {"rules": [{"id": "one", "in": "fit", "bands": {"of": {"field": "seats"}, "steps": ends}}]}


EU = {"field": "region", "equals": "EU"}
US = {"field": "region", "equals": "US"}
TWO = {
    "dimensions": {"fit": {}, "engagement": {}},
    "more": [{"id": "two", "in": "engagement", "when": US, "points": 2}],
}
MATRIX = {
    **TWO,
    "tiers": [{"name": "Cold"}, {"name": "Hot"}],
    "score": {"combine": "matrix"},
}


def matrix(rows: Parts, columns: Parts, given: Parts) -> Parts:
    sides = {"rows": {"dimension": "fit", "from": rows}, "columns": {"dimension": "engagement", "from": columns}}
    return {**MATRIX, "matrix": {**sides, "tiers": given}}


def variant(**rest: Any) -> Parts:
    return {"variants": [{"name": "big", "when": seats(at_least=1000), **rest}]}


def gates(*asked: Parts, **rest: Any) -> Parts:
    return {"gates": [{"id": f"gate{n}", "when": one, "tier": "Out"} for n, one in enumerate(asked)], **rest}


EXAMPLES: dict[str, list[tuple[str, Parts, Parts]]] = {
    "L101": [
        (
            "an interval and its complement",
            when({"all": [seats(at_least=50), seats(below=50)]}),
            when({"all": [seats(at_least=50), seats(at_most=50)]}),
        ),
        (
            "two values of one field",
            when({"all": [title(equals="VP"), title(one_of=["chief", "head"])]}),
            when({"all": [title(equals="VP "), title(one_of=["chief", "vp"])]}),
        ),
        (
            "a value without the word",
            when({"all": [title(one_of=["mvp", "head"]), title(has_word="vp")]}),
            when({"all": [title(one_of=["mvp", "vp"]), title(has_word="vp")]}),
        ),
        (
            "a beginning that is not in it",
            when({"all": [title(starts_with="vp s"), {"not": title(contains_any="vp")}]}),
            when({"all": [title(contains_any="vp"), {"not": title(starts_with="vp s")}, title(known=True)]}),
        ),
        (
            "young and old at once",
            when({"all": [{"field": "asked", "within": "30d"}, {"field": "asked", "older_than": "30d"}]}),
            when({"all": [{"field": "asked", "within": "30d"}, {"field": "asked", "older_than": "29d"}]}),
        ),
        (
            "more in ten days than ever",
            when({"all": [visits(2, within="10d"), {"event": "any", "count": {"at_most": 1}}]}),
            when({"all": [visits(2, within="10d"), {"event": "any", "count": {"at_most": 2}}]}),
        ),
        (
            "an age beyond the window",
            when({"event": "page_view", "within": "10d", "last_age": {"at_least": 10}}),
            when({"event": "page_view", "within": "10d", "last_age": {"at_least": 9}}),
        ),
        (
            "events that cannot be",
            each(events={"where": {"all": [{"field": "page", "equals": "/a"}, {"field": "page", "equals": "/b"}]}}),
            each(events={"where": {"any": [{"field": "page", "equals": "/a"}, {"field": "page", "equals": "/b"}]}}),
        ),
        (
            "a field above itself",
            when({"all": [seats(above={"field": "used"}), seats(below={"field": "used"})]}),
            when({"all": [seats(at_least={"field": "used"}), seats(at_most={"field": "used"})]}),
        ),
        (
            "a gate",
            gates({"all": [EU, US]}),
            gates({"any": [EU, US]}),
        ),
        (
            "a variant",
            {"variants": [{"name": "odd", "when": {"all": [EU, US]}, "multiply": {"rules": {"eu": 2}}}]},
            {"variants": [{"name": "odd", "when": US, "multiply": {"rules": {"eu": 2}}}]},
        ),
        (
            "skipped on both sides",
            when({"all": [title(equals="vp", missing="skip"), {"not": title(equals="vp", missing="skip")}]}),
            when({"all": [title(equals="vp", missing="skip"), {"not": title(equals="head", missing="skip")}]}),
        ),
    ],
    "L102": [
        ("a test and its opposite", when({"any": [EU, {"not": EU}]}, -5), when({"any": [EU, {"not": US}]}, -5)),
        ("no event at least", when(visits(0)), when(visits(1))),
        (
            "all values of a field",
            when({"any": [seats(at_least=50), seats(below=50)]}),
            when({"any": [seats(above=50), seats(below=50)]}),
        ),
        ("a gate", gates({"any": [EU, {"not": EU}]}), gates({"any": [EU, {"not": US}]})),
    ],
    "L103": [
        (
            "one of two",
            when({"any": [EU, {"all": [seats(at_least=9), seats(below=3)]}]}),
            when({"any": [EU, {"all": [seats(at_least=3), seats(below=9)]}]}),
        )
    ],
    "L104": [
        ("a blank before", when(title(starts_with=[" vp", "chief"])), when(title(starts_with=["vp ", "chief"]))),
        ("a blank behind", when(title(ends_with="sales ")), when(title(ends_with=" sales"))),
        ("a whole text", when(title(glob="* ")), when(title(glob="* *"))),
        ("a gate", gates(title(starts_with=["x", " vp"])), gates(title(starts_with=["x", "vp"]))),
        ("unless exact", when(title(starts_with=" vp")), when(title(starts_with=" vp", exact=True))),
    ],
    "L105": [
        ("case", when(title(one_of=["VP", "vp "])), when(title(one_of=["VP", "vp "], exact=True))),
        ("a part", when(title(contains_any=["svp", "vp"])), when(title(has_word=["svp", "vp"]))),
        ("words", when(title(has_word=["vp", "vp of sales"])), when(title(has_word=["vp", "svp of sales"]))),
    ],
    "L111": [
        (
            "a wider case first",
            cases((seats(at_least=50), 5), (seats(at_least=200), 9)),
            cases((seats(at_least=200), 9), (seats(at_least=50), 5)),
        ),
        (
            "two before it together",
            cases((seats(at_least=50), 5), (seats(below=50), 2), (seats(between=[40, 60]), 9)),
            cases((seats(at_least=60), 5), (seats(below=40), 2), (seats(between=[40, 60]), 9)),
        ),
        (
            "texts",
            cases((title(contains_any="vp"), 5), (title(equals="SVP"), 9)),
            cases((title(has_word="vp"), 5), (title(equals="SVP"), 9)),
        ),
        ("a contradiction", cases((EU, 5), ({"all": [US, EU]}, 9)), cases((EU, 5), ({"any": [US, EU]}, 9))),
        ("a band within another", bands((0, 100, 1), (50, 60, 5)), bands((50, 60, 5), (0, 100, 1))),
    ],
    "L112": [
        ("a gate", gates(seats(at_least=10), seats(at_least=50)), gates(seats(at_least=50), seats(at_least=10))),
        (
            "a variant",
            {
                "variants": [
                    {"name": "wide", "when": seats(at_least=10), "multiply": {"rules": {"eu": 2}}},
                    {"name": "narrow", "when": seats(at_least=50), "multiply": {"rules": {"eu": 3}}},
                ]
            },
            {
                "variants": [
                    {"name": "narrow", "when": seats(at_least=50), "multiply": {"rules": {"eu": 3}}},
                    {"name": "wide", "when": seats(at_least=10), "multiply": {"rules": {"eu": 2}}},
                ]
            },
        ),
    ],
    "L121": [
        ("bands", bands((0, 10, 1), (20, None, 5)), bands((0, 20, 1), (20, None, 5))),
        (
            "half-open ends",
            cases((seats(between=[1, 10]), 1), (seats(between=[11, 50]), 5)),
            cases((seats(between=[1, 11]), 1), (seats(between=[11, 50]), 5)),
        ),
        (
            "ends that only fractions lie between",
            cases((seats(between=[1, 10]), 1), (seats(above=11), 5)),
            cases((seats(at_most=10), 1), (seats(at_least=11), 5)),
        ),
        (
            "extremes on purpose",
            cases((seats(between=[1, 10]), 1), (seats(at_least=90), 5)),
            cases((seats(below=10), 1), (seats(at_least=90), 5)),
        ),
        (
            "counts",
            cases(({"event": "a", "count": {"between": [1, 3]}}, 1), ({"event": "a", "count": {"above": 3}}, 5)),
            cases(({"event": "a", "count": {"between": [1, 3]}}, 1), ({"event": "a", "count": {"above": 2}}, 5)),
        ),
    ],
    "L122": [
        ("bands", bands((0, 20, 1), (10, 30, 5)), bands((0, 10, 1), (10, 30, 5))),
        (
            "one step within another is meant",
            cases((seats(between=[0, 20]), 1), (seats(at_least=10), 5)),
            cases((seats(at_least=20), 1), (seats(at_least=10), 5)),
        ),
    ],
    "L131": [
        ("a rule", when(EU, 5, cap={"max": 8}), when(EU, 5, cap={"max": 5})),
        (
            "a group",
            {"groups": {"box": {"in": "fit", "max": 9}}, "rules": [{"id": "a", "in": "box", "when": EU, "points": 4}]},
            {"groups": {"box": {"in": "fit", "max": 4}}, "rules": [{"id": "a", "in": "box", "when": EU, "points": 4}]},
        ),
        ("a scale that nothing fills", {"dimensions": {"fit": {"max": 16}}}, {"dimensions": {"fit": {"max": 15}}}),
        ("a floor without a fall", {"dimensions": {"fit": {"min": -9}}}, {"dimensions": {"fit": {"min": 0}}}),
        ("the score", {"score": {"max": 100}}, {"score": {"max": 10}}),
        ("a limit of points", each(limit={"events": 3, "points": 13}), each(limit={"events": 3, "points": 11})),
    ],
    "L132": [
        ("a rule", when(EU, 9, cap={"max": 5}), when(EU, 5, cap={"max": 5})),
        (
            "a dimension that any rule fills",
            {**more(US, 7), "dimensions": {"fit": {"max": 4}}},
            {**more(US, 7), "dimensions": {"fit": {"max": 5}}},
        ),
        (
            "a floor above all",
            cases((EU, -5), default=-9) | {"dimensions": {"fit": {"min": -3}}},
            cases((EU, -5), default=-9) | {"dimensions": {"fit": {"min": -6}}},
        ),
        ("one event fills it", each(limit={"points": 3}), each(limit={"points": 4})),
    ],
    "L133": [
        (
            "as many in a day as in all",
            each(limit={"events": 3, "per_day": 3}),
            each(limit={"events": 3, "per_day": 2}),
        ),
        (
            "days times events",
            each(events={"within": "2d"}, limit={"events": 7, "per_day": 2}),
            each(events={"within": "2d"}, limit={"events": 6, "per_day": 2}),
        ),
    ],
    "L134": [
        (
            "expired after the window",
            each(events={"within": "30d"}, decay={"expiry": "30d"}),
            each(events={"within": "31d"}, decay={"expiry": "30d"}),
        ),
        (
            "grace",
            each(events={"within": "30d"}, decay={"half_life": "7d", "grace": "30d"}),
            each(events={"within": "30d"}, decay={"half_life": "7d", "grace": "28d"}),
        ),
        (
            "negatives are spared",
            each(-4, decay={"half_life": "7d", "negatives": False}),
            each(4, decay={"half_life": "7d", "negatives": False}),
        ),
    ],
    "L141": [
        ("not", when({"not": title(has_word="intern")}), when({"not": title(has_word="intern", missing="skip")})),
        (
            "a known value is asked for",
            when({"not": seats(below=10)}),
            when({"all": [{"not": seats(below=10)}, seats(known=True)]}),
        ),
        ("missing: true", when(seats(at_least=10, missing=True)), when(seats(at_least=10, missing=True), -5)),
        (
            "a case",
            cases((title(equals="vp"), 9), ({"not": seats(below=10)}, 5)),
            cases((seats(known=False), -1), ({"not": seats(below=10)}, 5)),
        ),
        (
            "a default",
            cases((seats(below=10), -5), default=5),
            cases((seats(below=10), -5), (seats(known=False), 0), default=5),
        ),
        (
            "an age without events",
            when({"not": {"event": "page_view", "last_age": {"at_most": 10}}}),
            when({"event": "page_view", "last_age": {"above": 10}}),
        ),
        (
            "a property",
            each(events={"where": {"not": {"field": "page", "equals": "/jobs"}}}),
            each(-4, events={"where": {"not": {"field": "page", "equals": "/jobs"}}}),
        ),
    ],
    "L151": [
        ("a score too high", tiers(("Low", 0, {}), ("High", 6, {})), tiers(("Low", 0, {}), ("High", 5, {}))),
        (
            "a minimum too high",
            tiers(("Low", 0, {}), ("High", 2, {"fit": 6})),
            tiers(("Low", 0, {}), ("High", 2, {"fit": 5})),
        ),
        (
            "a cap",
            tiers(("Low", 0, {}), ("High", 5, {}), dimensions={"fit": {"max": 4}}, more=more(US, 1)["more"]),
            tiers(("Low", 0, {}), ("High", 4, {}), dimensions={"fit": {"max": 4}}, more=more(US, 1)["more"]),
        ),
        (
            "no grade gives it",
            matrix({"B": 0, "A": 5}, {"2": 0, "1": 2}, {"A1": "Cold", "A2": "Cold", "B1": "Cold", "B2": "Cold"}),
            matrix({"B": 0, "A": 5}, {"2": 0, "1": 2}, {"A1": "Hot", "A2": "Cold", "B1": "Cold", "B2": "Cold"}),
        ),
    ],
    "L152": [
        (
            "a variant that pays less",
            {**tiers(("Low", 0, {}), ("High", 5, {})), **variant(multiply={"rules": {"eu": 0.5}})},
            {**tiers(("Low", 0, {}), ("High", 5, {})), **variant(multiply={"rules": {"eu": 0.5}}, tiers={"High": 2})},
        )
    ],
    "L153": [
        (
            "one from",
            tiers(("Low", 0, {}), ("Mid", 3, {}), ("High", 3, {})),
            tiers(("Low", 0, {}), ("Mid", 3, {}), ("High", 3, {"fit": 5})),
        ),
        (
            "a harder one first",
            tiers(("Low", 0, {}), ("High", 5, {}), ("Mid", 3, {})),
            tiers(("Low", 0, {}), ("Mid", 3, {}), ("High", 5, {})),
        ),
        (
            "everybody is above it",
            tiers(("Low", -10, {}), ("Mid", 0, {}), more=more(US, 1)["more"]),
            tiers(("Low", -10, {}), ("Mid", 0, {}), more=more(US, -1)["more"]),
        ),
    ],
    "L154": [
        (
            "a row beyond reach",
            matrix({"B": 0, "A": 6}, {"1": 0}, {"A1": "Hot", "B1": "Hot"}) | {"tiers": [{"name": "Hot"}]},
            matrix({"B": 0, "A": 5}, {"1": 0}, {"A1": "Hot", "B1": "Hot"}) | {"tiers": [{"name": "Hot"}]},
        )
    ],
    "L155": [
        (
            "a grade",
            matrix({"B": 0, "A": 5}, {"1": 0}, {"A1": "Hot"}) | {"tiers": [{"name": "Hot"}]},
            matrix({"B": 0, "A": 5}, {"1": 0}, {"A1": "Hot", "B1": "Hot"}) | {"tiers": [{"name": "Hot"}]},
        ),
        (
            "below the lowest part",
            matrix({"A": 5}, {"1": 0}, {"A1": "Hot"}) | {"tiers": [{"name": "Hot"}]},
            matrix({"A": 0}, {"1": 0}, {"A1": "Hot"}) | {"tiers": [{"name": "Hot"}]},
        ),
    ],
    "L156": [
        (
            "case",
            {**tiers(("Nurture", 0, {})), "gates": [{"id": "no", "when": US, "tier": "nurture"}]},
            {**tiers(("Nurture", 0, {})), "gates": [{"id": "no", "when": US, "tier": "Nurture"}]},
        ),
        (
            "a slip",
            {**tiers(("Qualified", 0, {})), "gates": [{"id": "no", "when": US, "tier": "Qualifeid"}]},
            {**tiers(("Qualified", 0, {})), "gates": [{"id": "no", "when": US, "tier": "Disqualified"}]},
        ),
    ],
    "L161": [
        ("one condition", more({"field": "region", "one_of": ["eu"]}), more(US)),
        (
            "said otherwise",
            when({"not": {"any": [EU, seats(below=10)]}}, -2)
            | more({"all": [{"not": EU}, {"not": seats(below=10)}]}, -1),
            when({"not": {"any": [EU, seats(below=10)]}}, -2) | more({"all": [EU, {"not": seats(below=10)}]}, -1),
        ),
        (
            "one set of events",
            each() | {"more": [{"id": "two", "in": "fit", "each": {"event": "page_view"}, "points": 1}]},
            each() | {"more": [{"id": "two", "in": "fit", "each": {"event": "form"}, "points": 1}]},
        ),
        ("each and any", each() | more(visits(1)), each() | more(visits(2))),
        (
            "at different times",
            more(EU),
            {
                "rules": [
                    {"id": "a", "in": "fit", "when": EU, "points": 5, "effective": {"to": "2026-01-01"}},
                    {"id": "b", "in": "fit", "when": EU, "points": 6, "effective": {"from": "2026-01-01"}},
                ]
            },
        ),
    ],
    "L162": [
        (
            "steps as rules",
            when(seats(at_least=50)) | more(seats(at_least=200)),
            when(seats(at_least=50)) | more(seats(at_least=200), -3),
        ),
        (
            "counts in windows",
            when(visits(1)) | more(visits(2, within="9d")),
            when(visits(1, within="9d")) | more(visits(2)),
        ),
        (
            "in another dimension",
            when(seats(at_least=50)) | more(seats(at_least=200)),
            when(seats(at_least=50))
            | {
                "dimensions": {"fit": {}, "other": {}},
                "more": [{"id": "two", "in": "other", "when": seats(at_least=200), "points": 3}],
            },
        ),
    ],
    "L171": [
        ("points", more(US, 0), more(US, 1)),
        ("a weight", more(US, 3, weight=0), more(US, 3, weight=0.1)),
        ("a cap", more(US, 3, cap={"min": 0, "max": 0}, weight=1), more(US, 3, cap={"min": 0, "max": 3})),
    ],
    "L172": [
        (
            "a dimension",
            {**TWO, "dimensions": {"fit": {}, "engagement": {"weight": 0}}},
            {**TWO, "dimensions": {"fit": {}, "engagement": {"weight": "10%"}}},
        ),
        (
            "in the score",
            {**TWO, "score": {"combine": "weighted", "weights": {"fit": 1, "engagement": 0}}},
            {**TWO, "score": {"combine": "weighted", "weights": {"fit": 1, "engagement": 0.5}}},
        ),
        ("a multiplier", variant(multiply={"rules": {"eu": 0}}), variant(multiply={"rules": {"eu": 2}})),
    ],
    "L173": [
        (
            "multiplied",
            {**more(US, 3, enabled=False), **variant(multiply={"rules": {"eu": 2, "two": 2}})},
            {**more(US, 3, enabled=True), **variant(multiply={"rules": {"eu": 2, "two": 2}})},
        ),
        (
            "an override enables it",
            {**more(US, 3, enabled=False), **variant(drop=["two"], multiply={"rules": {"eu": 2}})},
            {
                **more(US, 3, enabled=False),
                **variant(override=[{"id": "two", "in": "fit", "when": US, "points": 4}]),
            },
        ),
    ],
    "L174": [
        ("a dimension", {"dimensions": {"fit": {}, "product": {}}}, TWO),
        (
            "a group",
            {"groups": {"box": {"in": "fit"}}},
            {"groups": {"box": {"in": "fit"}}, "more": [{"id": "two", "in": "box", "when": US, "points": 1}]},
        ),
    ],
    "L175": [
        (
            "an open dimension",
            {
                **TWO,
                "score": {"combine": "product"},
                "more": [*TWO["more"], {**TWO["more"][0], "id": "x", "points": -2}],
            }
            | {"more": [{"id": "two", "in": "engagement", "when": US, "points": -2}]},
            {**TWO, "score": {"combine": "product"}},
        )
    ],
    "L176": [("nothing", variant(), variant(multiply={"rules": {"eu": 2}}))],
    "L177": [
        (
            "multiplied",
            {**more(US, 3), **variant(drop=["two"], multiply={"rules": {"two": 2}})},
            {**more(US, 3), **variant(drop=["two"], multiply={"rules": {"eu": 2}})},
        ),
        (
            "replaced",
            {**more(US, 3), **variant(drop=["two"], override=[{"id": "two", "in": "fit", "when": US, "points": 4}])},
            {**more(US, 3), **variant(drop=["two"], override=[{"id": "eu", "in": "fit", "when": EU, "points": 4}])},
        ),
    ],
    "L181": [
        ("a pattern", when(title(regex="^vp", portable=False)), when(title(glob="vp*"))),
    ],
    "L182": [
        ("an umlaut", when(title(equals="ÄRZTE")), when(title(one_of=["ÄRZTE", "ärzte"]))),
        ("signs without case", when(title(equals="Ärzte")), when(title(equals="日本"))),
        ("exact is said", when(title(equals="Ärzte")), when(title(equals="Ärzte", exact=True))),
    ],
    "L183": [
        ("values", when(title(one_of={"list": "seniors"})), when(title(one_of=["vp", "chief"]))),
        ("leads", when({"member_of": "callers"}), when(title(known=True))),
    ],
    "L184": [
        ("tiers", tiers(("Hot", 0, {}), ("HOT", 5, {})), tiers(("Hot", 0, {}), ("Hotter", 5, {}))),
        (
            "rules",
            {"more": [{"id": "EU", "in": "fit", "when": US, "points": 5}]},
            {"more": [{"id": "US", "in": "fit", "when": US, "points": 5}]},
        ),
    ],
    "L185": [
        (
            "blanks",
            {"dimensions": {"the fit": {}}, "rules": [{"id": "a", "in": "the fit", "when": EU, "points": 5}]},
            {"dimensions": {"the_fit": {}}, "rules": [{"id": "a", "in": "the_fit", "when": EU, "points": 5}]},
        )
    ],
    "L186": [("an accent", when(title(equals="cafe\u0301")), when(title(equals="cafe")))],
    "L191": [
        (
            "a place",
            more(US, 0)
            | {
                "silence": [{"code": "L171", "at": "two", "because": "x"}, {"code": "L171", "at": "eu", "because": "x"}]
            },
            more(US, 0) | {"silence": [{"code": "L171", "at": "two", "because": "x"}]},
        ),
        (
            "a code",
            {"silence": [{"code": "L999", "at": "eu", "because": "x"}]},
            {"silence": [{"code": "L201", "at": "eu", "because": "rare in tests"}]},
        ),
    ],
}
