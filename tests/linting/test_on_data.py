"""Every check on data: it finds its example in a small regular past, and its twin is clean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import workbench as wb
from linting.examples import EU, US, Parts, each, gates, made, more, seats, tiers, when
from linting.past import SPLIT, history, plan
from workbench.history import History
from workbench.linting import CHECKS, lint
from workbench.observation import Observations, observe

EMEA = {"field": "region", "equals": "EMEA"}
BY_REGION = {"rules": [{"id": "one", "in": "fit", "cases": [{"when": US, "points": 5}, {"when": EU, "points": -1}]}]}
MISSPELT = {"rules": [{"id": "one", "in": "fit", "cases": [{"when": US, "points": 5}, {"when": EMEA, "points": -1}]}]}
ASKED = {"event": "pricing", "count": {"at_least": 1}}
FORM = {"event": "form", "count": {"at_least": 1}}
VISITED = {"event": "page_view", "count": {"at_least": 1}}


def variant(condition: Parts) -> Parts:
    return {**when(US), "variants": [{"name": "some", "when": condition, "multiply": {"rules": {"one": 2}}}]}


EXAMPLES: dict[str, list[tuple[str, Parts, Parts]]] = {
    "L201": [
        ("a rule", when(EMEA), when(US)),
        ("a gate", when(US) | gates(EMEA), when(US) | gates(EU)),
        ("a variant", variant(EMEA), variant(EU)),
        ("a count", when({**ASKED, "count": {"at_least": 2}}), when(ASKED)),
    ],
    "L202": [
        ("a rule", when({"field": "region", "known": True}), when(US)),
        ("a gate", when(US) | gates({"field": "region", "one_of": ["EU", "US"]}, tiers=[]), when(US) | gates(EU)),
        ("a variant", variant({"field": "region", "one_of": ["EU", "US"]}), variant(EU)),
    ],
    "L203": [("another spelling", MISSPELT, BY_REGION)],
    "L204": [("two visits fill it", each(4, cap={"max": 7}), each(4, cap={"max": 8}))],
    "L205": [("more than anybody had", each(4, cap={"max": 13}), each(4, cap={"max": 11}))],
    "L206": [
        (
            "a score nobody had",
            each(4) | tiers(("Low", 0, {}), ("High", 13, {})),
            each(4) | tiers(("Low", 0, {}), ("High", 12, {})),
        )
    ],
    "L207": [("two signs of one thing", when(VISITED) | more(ASKED), when(VISITED) | more(FORM))],
    "L208": [("not", when({"not": seats(below=60)}), when({"not": seats(below=60, missing="skip")}))],
    "L209": [("raised", when(EU), when(EU, -5)), ("lowered", when(US, -5), when(US))],
    "L210": [("long past", when(US, effective={"to": "2020-01-01"}), when(US, effective={"from": "2020-01-01"}))],
}
ALSO = {"L208": {"L141"}}
"""What the model alone tells of an example besides."""
ALL = [
    pytest.param(code, bad, good, id=f"{code} {title}")
    for code, examples in EXAMPLES.items()
    for title, bad, good in examples
]


@pytest.fixture(scope="module")
def past() -> Iterator[History]:
    with history() as loaded:
        yield loaded


@pytest.mark.parametrize(("code", "bad", "good"), ALL)
def test_each_example_is_found_and_its_twin_is_not(past: History, code: str, bad: Parts, good: Parts) -> None:
    found = lint(made(bad), past, plan()).findings
    assert {each.code for each in found} == {code, *ALSO.get(code, ())}, [str(each) for each in found]
    twin = lint(made(good), past, plan()).findings
    assert twin == (), [str(each) for each in twin]


def test_every_check_on_data_has_an_example() -> None:
    assert set(EXAMPLES) == {check.code for check in CHECKS if check.code > "L2"}


# --- the numbers in the sentences, by hand ----------------------------------------------------------------------------


def said(past: History, code: str, parts: Parts) -> str:
    [found] = [each for each in lint(made(parts), past, plan()).findings if each.code == code]
    return found.finding


def test_those_paid_for_a_missing_value_are_counted(past: History) -> None:
    sentence = said(past, "L208", when({"not": seats(below=60)}))
    assert sentence == "24 of the 120 observed leads whom 'one' pays get 5 points only because 'seats' is missing."


OLD = {"event": "page_view", "last_age": {"at_least": 10}}
SILENCE = "If leads who never had such an event are meant, silence this; else"


@pytest.mark.parametrize(
    ("condition", "remedy"),
    [
        ({**OLD, "missing": True}, f"{SILENCE} drop 'missing: true'."),
        ({"not": {"event": "page_view", "last_age": {"below": 10}}}, f"{SILENCE} say 'missing: skip'."),
    ],
)
def test_those_paid_without_any_event_are_counted_and_told_as_such(
    past: History, condition: Parts, remedy: str
) -> None:
    found = {each.code: each for each in lint(made(when(condition)), past, plan()).findings}
    paid = "160 of the 200 observed leads whom 'one' pays get 5 points"  # 160 without a visit, 40 of 11 days ago
    assert found["L208"].finding == f"{paid} only because they have no page_view."
    assert found["L141"].finding == "Leads who have no page_view get the 5 points of 'one'."
    assert {found[code].remedy for code in ("L141", "L208")} == {remedy}
    assert all("not done" in found[code].why and "field" not in found[code].remedy for code in ("L141", "L208"))


def test_a_field_and_an_event_that_are_missing_are_told_apart(past: History) -> None:
    either = {"any": [{**OLD, "missing": True}, seats(at_least=60, missing=True)]}
    found = {each.code: each for each in lint(made(when(either)), past, plan()).findings}
    assert found["L208"].finding.endswith(" only because 'seats' is missing or they have no page_view.")
    assert found["L141"].finding.startswith("Leads whose 'seats' is missing or who have no page_view get ")
    assert found["L141"].remedy.startswith(f"{SILENCE} drop 'missing: true'. Add a test 'known: true' on the field")
    assert "nobody asked them" in found["L141"].why


def test_a_default_for_leads_without_an_event_asks_for_a_case_of_none(past: History) -> None:
    recent = {"id": "one", "in": "fit", "cases": [{"when": {**OLD, "last_age": {"below": 10}}, "points": -5}]}
    found = lint(made({"rules": [{**recent, "default": 5}]}), past, plan()).findings
    told = [each for each in found if each.code in {"L141", "L208"}]
    assert len(told) == 2
    assert all(each.remedy.startswith("Add a case with 'count: {equals: 0}' for leads without") for each in told)
    none = {"when": {"event": "page_view", "count": {"equals": 0}}, "points": 0}
    mended = lint(made({"rules": [{**recent, "cases": [*recent["cases"], none], "default": 5}]}), past, plan()).findings
    assert {each.code for each in mended}.isdisjoint({"L141", "L208"})


def test_the_difference_is_told_with_its_interval(past: History) -> None:
    sentence = said(past, "L209", when(EU))
    assert sentence.startswith("'one' raises 120 leads who converted less than the others: 0.0% against 50.0%, ")
    assert "a difference of -50.0 percentage points (interval -58.8 to -40.7 at 95.00%, for 1 test " in sentence
    assert "nothing else is adjusted for" in sentence


def test_two_rules_of_the_same_leads(past: History) -> None:
    sentence = said(past, "L207", when(VISITED) | more(ASKED))
    assert sentence == "'one' fired for 80 observed leads and 'two' for 80, 80 of them the same (phi 1.000)."


def test_without_a_history_the_paid_for_missing_are_not_counted(past: History) -> None:
    model = made(when({"not": seats(below=60)}))
    seen = observe(past, [model], plan())
    assert [each.code for each in lint(model, observations=seen).findings] == ["L141"]


# --- sealed outcomes --------------------------------------------------------------------------------------------------


def leads_of(part: str, seen: Observations) -> set[str]:
    frame = seen.frame()
    return set(frame.loc[frame["part"] == part, "lead_id"])


def test_sealed_outcomes_change_nothing_and_those_of_train_do() -> None:
    model = made(when(EU) | more(VISITED))
    with history() as loaded:
        seen = observe(loaded, [model], plan(SPLIT))
        before = lint(model, loaded, plan(SPLIT))
    assert [each.code for each in before.findings] == ["L209"]
    assert before.part == "train"
    sealed, train = leads_of("test", seen), leads_of("train", seen)
    assert min(len(sealed), len(train)) > 30
    with history(turned=sealed) as loaded:
        assert lint(model, loaded, plan(SPLIT)).findings == before.findings
    with history(turned=train) as loaded:
        assert lint(model, loaded, plan(SPLIT)).findings == ()


def test_a_validation_outcome_changes_nothing_either() -> None:
    model = made(when(EU))
    with history() as loaded:
        before = lint(model, loaded, plan(SPLIT))
        turned = leads_of("validation", observe(loaded, [model], plan(SPLIT)))
    with history(turned=turned) as loaded:
        assert lint(model, loaded, plan(SPLIT)).findings == before.findings


# --- calls ------------------------------------------------------------------------------------------------------------


def test_a_history_needs_a_plan(past: History) -> None:
    model = made(when(US))
    with pytest.raises(wb.InputError, match="expected a model alone, a history with its plan, or observations"):
        lint(model, past)
    with pytest.raises(wb.InputError, match="found a plan alone"):
        lint(model, plan=plan())
    seen = observe(past, [model], plan())
    with pytest.raises(wb.InputError, match="more than one of them"):
        lint(model, past, plan(), observations=seen)


def test_few_leads_say_nothing(past: History) -> None:
    few = wb.parse_plan("{at: 14d, outcome: won, horizon: 30d, population: {when: {field: seats, equals: 90}}}")
    assert lint(made(when(EMEA)), past, few).findings == ()


def test_where_accounts_are_observed_their_leads_are_looked_at(past: History) -> None:
    model = made(when(EU) | {"account": {"roll_up": "max"}})
    found = lint(model, past, wb.parse_plan("{at: 14d, outcome: won, horizon: 30d, unit: account}"))
    [finding] = found.findings
    assert finding.code == "L209"
    assert "raises 120 leads who converted less" in finding.finding
