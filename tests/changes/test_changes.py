"""Every difference is told, in the words of the part it is in, and none that is not there."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from changes.rich import MODELS, RICH, Data, parsed, set_in
from workbench.changes import Changes, diff
from workbench.model import Model, change_model, parse_model, read_model


def edited(change: Callable[[Data, dict[str, Data]], Any], base: str = "rich") -> Changes:
    """The changes after an edit of the plain data; the edit gets the data and its rules by id."""
    data = copy.deepcopy(MODELS[base].plain())
    change(data, {rule["id"]: rule for rule in data["rules"]})
    return diff(MODELS[base], parsed(data))


def told(change: Callable[[Data, dict[str, Data]], Any], base: str = "rich") -> list[str]:
    return [f"{line} [{line.touches}]" for line in edited(change, base).lines]


EU = {"field": "region", "equals": "EU"}
SEARCHED = ("rules", "mixed", "when", "all")
SINGLE = {
    "seniority: director +10 -> +6": ("rules", "seniority", "cases", 1, "points", 6),
    "seniority: job_title has the word: + cto, − vp": (
        *("rules", "seniority", "cases", 0, "when", "has_word"),
        ["chief", "cto"],
    ),
    "seniority: otherwise +1 -> +2": ("rules", "seniority", "default", 2),
    "seniority: cap 12 -> none": ("rules", "seniority", "cap", "max", None),
    "seniority: lower cap 0 -> −1": ("rules", "seniority", "cap", "min", -1),
    "seniority: weight ×0.5 -> ×2": ("rules", "seniority", "weight", 2),
    "seniority: in force from 2026-01-01 until before 2026-12-01 -> always in force": (
        *("rules", "seniority", "effective"),
        {},
    ),
    "rule seniority moved from fit to product": ("rules", "seniority", "in", "product"),
    "seniority: enabled -> disabled": ("rules", "seniority", "enabled", False),
    "mixed: +7 -> −7": ("rules", "mixed", "points", -7),
    "mixed: condition: employees ≥ 200, if known -> employees ≥ 500, if known": (*SEARCHED, 0, "at_least", 500),
    "mixed: account's industry is one of: + Games": (
        *(*SEARCHED, 1, "any", 0, "one_of"),
        ["Software", "Media", "Games"],
    ),
    "mixed: condition, negated: country is account's country -> country is FR": (*SEARCHED, 2, "not", "equals", "FR"),
    "mixed: condition: revenue from 10 to below 50.5 -> revenue from 1 to below 9": (*SEARCHED, 3, "between", [1, 9]),
    "invited: count: ≥ 3 -> > 3": ("rules", "invited", "when", "count", {"above": 3}),
    "invited: window 30d -> 31d": ("rules", "invited", "when", "within", "31d"),
    "invited: events: − add_user": ("rules", "invited", "when", "event", ["invite"]),
    "invited: events of lead -> account": ("rules", "invited", "when", "scope", "account"),
    "invited: events with: role is admin -> none": ("rules", "invited", "when", "where", None),
    "spent: sum: from 10 to below 99.5 -> from 1 to below 9": (*("rules", "spent", "when", "sum", "between"), [1, 9]),
    "spent: at least this old: 3d -> none": ("rules", "spent", "when", "older_than", None),
    "pricing: half-life 14d -> 30d": ("rules", "pricing", "decay", "half_life", "30d"),
    "pricing: grace 2d -> none": ("rules", "pricing", "decay", "grace", None),
    "pricing: decay floor 5% -> 10%": ("rules", "pricing", "decay", "floor", "10%"),
    "pricing: losses fade no -> yes": ("rules", "pricing", "decay", "negatives", True),
    "pricing: decay: half after 14 days -> gone after 9 days": ("rules", "pricing", "decay", {"expiry": "9d"}),
    "pricing: limit of points 12 -> none": ("rules", "pricing", "limit", "points", None),
    "pricing: limit of events 5 -> 4": ("rules", "pricing", "limit", "events", 4),
    "pricing: limit a day 2 -> 3": ("rules", "pricing", "limit", "per_day", 3),
    "stepped: decay step: 10% every 7d -> 20% every 7d": ("rules", "stepped", "decay", "step", "lose", "20%"),
    "stepped: decay step: 10% every 7d -> no decay": ("rules", "stepped", "decay", None),
    "region: EU +5 -> +4": ("rules", "region", "map", "points", "EU", 4),
    "region: UK none -> +2": ("rules", "region", "map", "points", "UK", 2),
    "region: letter for letter yes -> no": ("rules", "region", "map", "exact", False),
    "size: from 10 to below 50: +5 -> +6": ("rules", "size", "bands", "steps", 1, "points", 6),
    "size: band: from 10 to below 50 -> from 10 to below 60": ("rules", "size", "bands", "steps", 1, "below", 60),
    "seats: unit 2.5 -> 3": ("rules", "seats", "per", "unit", 3),
    "seats: of seats -> places": ("rules", "seats", "per", "of", "field", "places"),
    "active: measures days -> count": ("rules", "active", "up_to", "of", "measure", "count"),
    "fit: cap 60 -> 50": ("dimensions", "fit", "max", 50),
    "fit: weight ×1.5 -> ×1": ("dimensions", "fit", "weight", 1),
    "engagement: inactive since the last: visit or call in 90 days -> visit or call in 60 days": (
        *("dimensions", "engagement", "inactivity", "since", "within"),
        "60d",
    ),
    "email: cap 10 -> 20": ("groups", "email", "max", 20),
    "group email moved from engagement to fit": ("groups", "email", "in", "fit"),
    "score: weight of fit ×0.5 -> ×0.4": ("score", "weights", "fit", "40%"),
    "score: rounding half_up -> none": ("score", "round", "none"),
    "score: transform: logistic around 30 with spread 10 to 0–9 -> none": ("score", "transform", None),
    "MQL: from 40 -> 35": ("tiers", "MQL", "from", 35),
    "MQL: requires fit 5 -> none": ("tiers", "MQL", "require", {}),
    "competitor: gives Disqualified -> SQL": ("gates", "competitor", "tier", "SQL"),
    "competitor: domain is one of: + x.com": ("gates", "competitor", "when", "one_of", ["rival.com", "x.com"]),
    "variant enterprise: seniority ×1.5 -> ×2": ("variants", "enterprise", "multiply", "rules", "seniority", 2),
    "variant enterprise: region no longer counts": ("variants", "enterprise", "drop", ["quiet", "region"]),
    "variant enterprise: MQL from 35 -> 30": ("variants", "enterprise", "tiers", "MQL", 30),
    "variant enterprise: quiet counts again": ("variants", "enterprise", "drop", []),
    "variant enterprise, region: +6 -> +7": ("variants", "enterprise", "override", 0, "points", 7),
    "variant partners, p: +2 -> +3": ("variants", "partners", "model", "rules", 0, "points", 3),
    "account score: top 3 -> 4": ("account", "top", 4),
    "account, tier Hot: from 50 -> 60": ("account", "tiers", 0, "from", 60),
}  # fmt: skip


@pytest.mark.parametrize("line", SINGLE)
def test_a_single_change_is_one_line_of_its_own(line: str) -> None:
    *way, value = SINGLE[line]
    expected = line
    if "half after 14 days -> gone" in line:  # replaced with its grace and floor
        expected = line.replace("14 days ->", "14 days, from day 2 on, never below 5 %, losses do not fade ->")
    if line.endswith("no decay"):
        expected = "stepped: decay: −10 % of the start every 7 days -> no decay"
    assert told(set_in(*way, to=value)) == [f"{expected} [scores]"]


@pytest.mark.parametrize(
    ("way", "value", "line"),
    [
        (("matrix", "tiers", "A2"), "SQL", "A2: MQL -> SQL"),
        (("matrix", "tiers", "B2"), "MQL", "B2: none -> MQL"),
        (("matrix", "rows", "from", "A"), 6, "matrix rows: A 5 -> 6"),
        (("score", "transform", "table", 1, 1), 6, "score: transform from 10: 5 -> 6"),
        (("account", "above"), 2000, "account score: above 1000 -> 2000"),
        (("rules", "seen", "decay", "expiry"), "31d", "seen: expiry 30d -> 31d"),
    ],
)
def test_a_single_change_beside_a_matrix(way: tuple[Any, ...], value: Any, line: str) -> None:
    assert told(set_in(*way, to=value), "matrix") == [f"{line} [scores]"]


@pytest.mark.parametrize(
    ("way", "value", "line"),
    [
        (("rules", "seniority", "why"), "They pay.", "seniority: why 'They sign.' -> 'They pay.'"),
        (("rules", "seniority", "owner"), "", "seniority: owner 'sales' -> none"),
        (("rules", "seniority", "tags"), ["title"], "seniority: tags: − old"),
        (("tiers", "MQL", "then"), "write", "MQL: then 'call' -> 'write'"),
        (("rules", "off", "points"), 2, "off: +1 -> +2"),
        (("gates", "competitor", "why"), "", "competitor: why 'They read too.' -> none"),
        (("variants", "enterprise", "why"), "", "variant enterprise: why 'Larger deals' -> none"),
        (("version",), 3, "model: version 2 -> 3"),
        (("about",), "All", "model: about 'Everything' -> 'All'"),
        (("silence",), [], "accepted findings: − L101 at quiet (Known.)"),
        (("variants", "partners", "model", "name"), "pal", "variant partners, model: name partner -> pal"),
    ],
)
def test_texts_touch_no_score(way: tuple[Any, ...], value: Any, line: str) -> None:
    found = edited(set_in(*way, to=value))
    assert [f"{each} [{each.touches}]" for each in found.lines] == [f"{line} [words]"]
    assert not found.scores_can_change
    assert found.headline.endswith("only texts changed, no score can change.")


# --- coming, leaving, names, order, form ------------------------------------------------------------------------------


def test_what_comes_and_leaves_is_said_whole() -> None:
    def edit(data: Data, rules: dict[str, Data]) -> None:
        new = {"id": "trial_expired", "in": "fit", "when": {"field": "trial", "equals": "over"}, "points": -5}
        data["rules"] = [rule for rule in data["rules"] if rule["id"] != "invited"] + [new]
        rules["seniority"]["cases"].append({"when": {"field": "job_title", "has_word": ["cto"]}, "points": 9})
        rules["mixed"]["when"]["all"].pop()
        data["tiers"].append({"name": "PQL", "from": 90, "require": {"product": 20}})
        data["variants"].pop()
        del data["account"]

    assert told(edit) == [
        "seniority: case cto added (+9) [scores]",
        "mixed: condition: − phone is known [scores]",
        "rule invited removed (+12 if ≥ 3 x invite or add_user with role is admin in 30 days) [scores]",
        "rule trial_expired added (−5 if trial is over) [scores]",
        "tier PQL added (from 90, product ≥ 20) [scores]",
        "variant partners removed (if source is partner: the model partner) [scores]",
        "account score removed (top_mean) [scores]",
    ]


def test_a_renamed_rule_is_renamed_everywhere_at_once() -> None:
    def edit(data: Data, rules: dict[str, Data]) -> None:
        rules["quiet"]["id"] = "silent"
        data["variants"][0]["drop"] = ["silent"]
        data["silence"][0]["at"] = "silent"

    found = edited(edit)
    assert [str(line) for line in found.lines] == ["rule quiet renamed to silent"]
    assert not found.scores_can_change
    assert found.headline.endswith("written differently, scores the same.")


def test_a_renamed_gate_and_variant() -> None:
    def edit(data: Data, _: dict[str, Data]) -> None:
        data["gates"][0]["id"] = "rival"
        data["variants"][0]["name"] = "large"

    assert told(edit) == [
        "gate competitor renamed to rival [scores]",
        "variant enterprise renamed to large [scores]",
    ]


@pytest.mark.parametrize(
    ("key", "base", "line"),
    [
        ("tiers", "matrix", "tiers: order: MQL, SQL -> SQL, MQL"),
        ("gates", "rich", "gates: order: competitor, student -> student, competitor"),
        ("variants", "rich", "variants: order: enterprise, partners -> partners, enterprise"),
    ],
)
def test_an_order_that_matters(key: str, base: str, line: str) -> None:
    assert told(lambda data, _: data[key].reverse(), base) == [f"{line} [scores]"]


def test_the_order_of_cases_matters_and_that_of_rules_does_not() -> None:
    cases = told(lambda _, rules: rules["seniority"]["cases"].reverse())
    assert cases == ["seniority: order of cases: chief, vp; director; head -> head; director; chief, vp [scores]"]
    [rules] = told(lambda data, _: data["rules"].reverse())
    assert rules.startswith("rules: order: seniority, mixed, ")
    assert rules.endswith("[words]")


def test_cases_of_one_field_are_named_without_it() -> None:
    def edit(_: Data, rules: dict[str, Data]) -> None:
        rules["seniority"]["cases"] = [
            {"when": {"field": "job_title", "has_word": ["chief", "vp"]}, "points": 14},
            {"when": {"field": "job_title", "known": False}, "points": -2},
        ]

    assert told(edit) == [
        "seniority: has the word chief, vp: +15 -> +14 [scores]",
        "seniority: case has the word director removed (+10) [scores]",
        "seniority: case has the word head, letter for letter removed (+4) [scores]",
        "seniority: case is missing added (−2) [scores]",
    ]


def test_the_condition_of_a_case_is_told_with_the_case_named_once() -> None:
    def edit(_: Data, rules: dict[str, Data]) -> None:
        rules["seniority"]["cases"][1]["when"] = {"field": "job_title", "contains_any": ["director"]}
        rules["seniority"]["cases"][2]["when"] = {"any": [EU, {"field": "job_title", "has_word": ["head"]}]}

    was = "job_title has the word"
    assert told(edit) == [
        f"seniority: condition of case director: {was} director -> job_title contains director [scores]",
        f"seniority: condition of case head: {was} head, letter for letter -> region is EU or {was} head [scores]",
    ]


def test_events_of_a_case_are_told_with_the_case() -> None:
    head = {"format": "lead-scoring-model/1", "name": "m", "dimensions": {"fit": {}}}

    def model(least: int, within: str) -> Model:
        asked = [{"event": "visit", "count": {"at_least": least}}, {"event": "call", "within": within}]
        cases = [{"when": when, "points": 2} for when in asked]
        return parsed({**head, "rules": [{"id": "seen", "in": "fit", "cases": cases}]})

    lines = [str(line) for line in diff(model(3, "9d"), model(4, "7d")).lines]
    assert lines == ["seen: case 1, count: ≥ 3 -> ≥ 4", "seen: case 2, window 9d -> 7d"]


@pytest.mark.parametrize(
    ("other", "which"),
    [({"field": "title", "has_word": "head"}, "case director"), (EU, "case 1")],
)
def test_a_case_is_named_shortly_or_numbered(other: Data, which: str) -> None:
    head = {"format": "lead-scoring-model/1", "name": "m", "dimensions": {"fit": {}}}

    def model(when: Data) -> Model:
        cases = [{"when": when, "points": 2}, {"when": other, "points": 1}]
        return parsed({**head, "rules": [{"id": "seniority", "in": "fit", "cases": cases}]})

    before = model({"field": "title", "has_word": "director"})
    [line] = diff(before, model({"field": "title", "contains_any": "director"})).lines
    assert str(line) == (f"seniority: condition of {which}: title has the word director -> title contains director")


def test_the_order_of_tests_is_only_a_form() -> None:
    [line] = told(lambda _, rules: rules["mixed"]["when"]["all"].reverse())
    assert line.startswith("mixed: condition written otherwise, with the same meaning (employees ≥ 200")
    assert line.endswith("[form]")


def test_the_order_of_values_says_nothing() -> None:
    rule = {"id": "r", "in": "fit", "map": {"field": "x", "points": {"EU": 1, "US": 2}}}
    other = {**rule, "map": {"field": "x", "points": {"US": 2, "EU": 1}}}
    head = {"format": "lead-scoring-model/1", "name": "m", "dimensions": {"fit": {}}}
    assert diff(parsed({**head, "rules": [rule]}), parsed({**head, "rules": [other]})).lines == ()


def test_a_short_form_written_out_scores_the_same() -> None:
    def edit(_: Data, rules: dict[str, Data]) -> None:
        rule = rules["region"]
        points = rule.pop("map")["points"]
        rule["cases"] = [
            {"when": {"field": "region", "equals": name, "exact": True}, "points": earned}
            for name, earned in points.items()
        ]

    found = edited(edit)
    assert found.old.scoring_digest == found.new.scoring_digest
    assert found.headline == "rich version 2 -> rich version 2: written differently, scores the same."
    assert [str(line) for line in found.lines] == ["region written otherwise, with the same meaning (map -> cases)"]


def test_another_kind_of_rule_is_told_in_its_words() -> None:
    def edit(_: Data, rules: dict[str, Data]) -> None:
        del rules["region"]["map"], rules["region"]["default"]
        rules["region"] |= {"when": {"field": "region", "equals": "EU"}, "points": 9, "in": "product"}

    assert told(edit) == [
        "region: pays: by region, letter for letter: +5 for EU; +3 for US; else −1 -> +9 if region is EU [scores]",
        "rule region moved from fit to product [scores]",
    ]


def test_a_curve_written_out_is_only_a_form() -> None:
    written = MODELS["rich"].score.transform
    assert written is not None
    table = written.written_out.model_dump(mode="json")["table"]
    found = edited(set_in("score", "transform", to={"table": table}))
    assert [(line.kind, line.touches) for line in found.lines] == [("rewritten", "form")]
    assert "written differently, scores the same" in found.headline


def test_true_is_not_one() -> None:
    def edit(value: Any) -> Model:
        data = copy.deepcopy(MODELS["matrix"].plain())
        data["rules"][0]["when"] = {"field": "x", "equals": value}
        return parsed(data)

    assert [str(line) for line in diff(edit(1), edit(True)).lines] == ["eu: condition: x is 1 -> x is true"]
    assert diff(edit(1), edit(1.0)).lines == ()
    [line] = diff(edit("true"), edit(True)).lines
    assert '"equals": "true"' in line.old
    assert '"equals": true' in line.new


def test_a_name_of_two_parts_is_told_with_what_it_is() -> None:
    def edit(data: Data, rules: dict[str, Data]) -> None:
        rules["seats"]["id"] = "fit"
        rules["fit"] = rules["seats"]

    before = copy.deepcopy(MODELS["rich"].plain())
    edit(before, {rule["id"]: rule for rule in before["rules"]})
    after = copy.deepcopy(before)
    after["dimensions"]["fit"]["max"] = 50
    next(rule for rule in after["rules"] if rule["id"] == "fit")["points"] = 2
    found = diff(parsed(before), parsed(after))
    assert [str(line) for line in found.lines] == ["dimension fit: cap 60 -> 50", "rule fit: +1.5 -> +2"]


def test_models_that_are_used_are_looked_into(tmp_path: Path) -> None:
    head = "format: lead-scoring-model/1\nname: inner\ndimensions: {fit: {}}\n"
    inner = head + "rules: [{id: p, in: fit, when: {field: x, equals: y}, points: %s}]\n"
    outer = inner.replace("inner", "outer") % 1 + "variants: [{name: v, when: {field: a, known: true}, use: %s}]\n"
    for name, points in (("one", 2), ("two", 2), ("three", 3)):
        (tmp_path / f"{name}.yaml").write_text(inner % points)
        (tmp_path / f"with_{name}.yaml").write_text(outer % f"{name}.yaml")
    one, two, three = (read_model(tmp_path / f"with_{name}.yaml") for name in ("one", "two", "three"))
    assert [f"{line} [{line.touches}]" for line in diff(one, two).lines] == [
        "variant v: uses one.yaml -> two.yaml [form]"
    ]
    assert [str(line) for line in diff(two, three).lines] == [
        "variant v, p: +2 -> +3",
        "variant v: uses two.yaml -> three.yaml",
    ]


# --- the whole --------------------------------------------------------------------------------------------------------


def test_the_changes_as_a_frame_a_document_and_a_page() -> None:
    found = diff(MODELS["rich"], change_model(MODELS["rich"], {"tiers.MQL.from": 35, "tiers.MQL.then": "<b>"}))
    assert found.frame.to_dict("records") == [
        {"where": "MQL", "kind": "changed", "what": "from", "old": "40", "new": "35", "touches": "scores"},
        {"where": "MQL", "kind": "changed", "what": "then", "old": "'call'", "new": "'<b>'", "touches": "words"},
    ]
    document = json.loads(json.dumps(found.to_document()))
    assert set(document) == {"old", "new", "scores_can_change", "headline", "changes"}
    assert document["old"]["scoring_digest"] == MODELS["rich"].scoring_digest
    assert document["changes"] == found.frame.to_dict("records")
    assert str(found).splitlines() == [
        "rich version 2 -> rich version 2: scores can change (2 changes, 1 of them touching scores).",
        "  MQL: from 40 -> 35",
        "  Without effect on any score:",
        "  MQL: then 'call' -> '<b>'",
    ]
    assert "<b>" not in found._repr_html_()
    assert list(diff(MODELS["rich"], MODELS["rich"]).frame.columns) == list(found.frame.columns)


def test_a_rule_of_a_variant_moves_in_its_place() -> None:
    way = ("variants", "enterprise", "override", 0, "in")
    assert told(set_in(*way, to="product")) == ["variant enterprise, rule region moved from fit to product [scores]"]


def test_nothing_differs() -> None:
    found = diff(MODELS["rich"], parse_model(RICH))
    assert found.lines == ()
    assert found.headline == "rich version 2 -> rich version 2: nothing differs."
