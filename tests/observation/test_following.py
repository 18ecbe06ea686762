"""Windows, bounds and limits changed from memory: always what a fresh observation of the changed model says."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from crm import PLAN, SPLIT, crm, load
from strategies import accounts_scored, random_model, random_past, scored
from vocabulary import MAPPING, OUTCOME

import workbench as wb
from observation.asking import AS_OF, DAY, HOUR, MICRO, event, model_of, past
from workbench.document import Document
from workbench.errors import NotObserved, PlanError
from workbench.history import read_history
from workbench.model import Model, change_model, parse_model
from workbench.observation import Observations
from workbench.plan import Age, Plan

Data = dict[str, Any]
AT = Plan(at=Age(age=400), outcome="won", horizon=1, allow_undated=True)
BY_AGE = ("count", "first_age", "last_age")
FIXED = ("days", "leads", "distinct", "sum")
QUICK = range(3000, 3006)
SLOW = range(4000, 4060)


# --- by hand ----------------------------------------------------------------------------------------------------------

ROWS = [
    event("L0", 2 * DAY, "visit", page="a"),
    event("L0", 2 * DAY + HOUR, "visit", page="b"),
    event("L0", 9 * DAY, "visit", page="a"),
    event("L0", 10 * DAY - MICRO, "visit"),
    event("L0", 10 * DAY, "visit", page="c"),
    event("L1", 40 * DAY, "visit", page="a"),
    event("L1", HOUR, "mail"),
]


def scores(rule: Data, change: Data, **more: Any) -> list[int]:
    """Points of the leads L0, L1 and L2 for a rule that was changed from memory."""
    whole = model_of(rule, **more)
    later = [("L2", AS_OF + 300 * DAY, "won")]
    with past({"seats": [1, 2, 3]}, events=ROWS, stages=later) as history:
        seen = wb.observe(history, whole, AT, tunable=True)
    changed = change_model(whole, {f"rules.r0.{path}": value for path, value in change.items()})
    assert seen.follows(changed)
    following = seen.following(changed)
    order = np.argsort(following.subjects.lead_id)
    return (following.scorer(changed).scores().milli[order] // 1000).tolist()


VISITS = {"each": {"event": "visit", "within": "5d"}, "points": 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"each.within": "6d"}, [2, 0, 0]),
        ({"each.within": "10d"}, [4, 0, 0]),
        ({"each.within": "11d"}, [5, 0, 0]),
        ({"each.within": None}, [5, 1, 0]),
        ({"each.within": "41d", "each.older_than": "9d"}, [3, 1, 0]),
        ({"each.within": "41d", "each.older_than": "10d"}, [1, 1, 0]),
        ({"each.within": "41d", "limit.events": 2}, [2, 1, 0]),
    ],
)
def test_a_window_and_a_limit_of_events_are_moved_to_the_microsecond(change, expected):
    assert scores(VISITS, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"each.within": "11d", "limit.events": 3}, [2, 0, 0]),  # 1 + 1 of days 2, and nothing from day 9
        ({"each.within": "11d", "limit.events": None}, [2, 0, 0]),
        ({"decay.expiry": "10d", "each.within": "11d", "limit.events": 3}, [3, 0, 0]),
        ({"decay.expiry": "10d", "each.within": "11d", "limit.events": 9}, [4, 0, 0]),
        ({"decay.expiry": "99d", "each.within": "11d", "limit.events": 9}, [5, 0, 0]),
        ({"decay.expiry": "99d", "each.within": "99d"}, [5, 1, 0]),
    ],
)
def test_events_that_fade_are_those_of_the_new_window_and_limit(change, expected):
    assert scores({**VISITS, "decay": {"expiry": "9d"}}, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"when.within": "1d"}, [1, 1, 1]),
        ({"when.within": "41d"}, [0, 0, 1]),
        ({"when.within": "41d", "when.older_than": "11d"}, [1, 0, 1]),
        ({"when.count.equals": 5, "when.within": "41d"}, [1, 0, 0]),
    ],
)
def test_silence_is_broken_by_a_longer_window(change, expected):
    assert scores({"when": {"event": "visit", "within": "5d", "count": {"equals": 0}}}, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"when.first_age.at_least": 10}, [1, 1, 0]),
        ({"when.first_age.at_least": 11}, [0, 1, 0]),
        ({"when.within": "10d", "when.first_age.at_least": 9}, [1, 0, 0]),
        ({"when.within": "10d", "when.first_age.at_least": 10}, [0, 0, 0]),
        ({"when.missing": True}, [0, 1, 1]),
    ],
)
def test_ages_of_the_oldest_event_are_whole_days(change, expected):
    assert scores({"when": {"event": "visit", "first_age": {"at_least": 30}}}, change) == expected


def test_of_equal_values_the_newest_is_in_the_window_or_none():
    rule = {**VISITS, "limit": {"per_distinct": "page"}}
    assert scores(rule, {"each.within": "10d"}) == [2, 0, 0]  # a and b; a visit without a page does not count
    assert scores(rule, {"each.within": None}) == [3, 1, 0]
    assert scores(rule, {"each.within": None, "limit.events": 1}) == [1, 1, 0]


def test_of_equal_values_the_newest_of_those_that_are_old_enough_counts():
    rule = {"each": {"event": "visit", "older_than": "3d", "within": "10d"}, "points": 1}
    limited = {**rule, "limit": {"per_distinct": "page"}}
    assert scores(limited, {"each.within": "9d"}) == [0, 0, 0]
    assert scores(limited, {"each.within": "11d"}) == [2, 0, 0]  # the page a of day 9, though a newer one is on day 2
    with pytest.raises(AssertionError, match="follows"):
        scores(limited, {"each.older_than": "1d"})


def test_a_limit_by_day_stays_under_a_new_window():
    rule = {**VISITS, "limit": {"per_day": 1}}
    assert scores(rule, {"each.within": "10d"}) == [3, 0, 0]
    assert scores(rule, {"each.within": "41d"}) == [3, 1, 0]  # the oldest two of L0 are of one day in UTC
    assert scores(rule, {"each.within": "41d", "limit.events": 2}) == [2, 1, 0]


def test_a_field_beside_an_event_and_dates_in_force_keep_their_word():
    rule = {"when": {"all": [{"field": "seats", "at_most": 2}, {"event": "visit", "within": "5d"}]}}
    assert scores(rule, {"when.all.[1].within": "41d"}) == [1, 1, 0]
    assert scores(rule, {"when.all.[1].within": "41d", "effective": {"to": "2026-01-01"}}) == [0, 0, 0]
    assert scores(rule, {"when.all.[1].count": {"at_least": 3}}) == [0, 0, 0]


def test_bounds_of_days_and_sums_move_though_their_windows_cannot():
    days = {"when": {"event": "visit", "days": {"at_least": 9}}}
    assert scores(days, {"when.days.at_least": 3}) == [1, 0, 0]
    with pytest.raises(AssertionError, match="follows"):
        scores(days, {"when.within": "3d"})


# --- random models ----------------------------------------------------------------------------------------------------


BOUNDS = ("at_least", "above", "at_most", "below", "equals")
LIMITED = ("per_day", "per_distinct")


def moved(model: Model, rng: random.Random) -> Model:
    """A model with other windows, bounds and limits of events in rules, gates and variants: no other evidence."""
    data = copy.deepcopy(model.plain())
    for node in _nodes(data):
        if "each" in node:
            limit = {key: value for key, value in node.get("limit", {}).items() if key != "events"}
            _move(node["each"], rng, limited=any(key in limit for key in LIMITED))
            node["limit"] = limit | ({"events": rng.choice([1, 2, 3, 50])} if rng.random() < 0.5 else {})
        elif "up_to" in node:
            node["up_to"]["most"] = node["up_to"].get("least", 1) + rng.randint(0, 3)
        if "event" in node and node.get("measure", "count") in BY_AGE and not any(key in node for key in FIXED):
            _move(node, rng, limited=False)
        if "event" in node and "measure" not in node and "count" in node:
            node["count"] = {rng.choice(BOUNDS): rng.choice([0, 1, 1, 2, 3])}
        for measure in (*FIXED, "first_age", "last_age"):
            if "event" in node and isinstance(node.get(measure), dict):
                node[measure] = {rng.choice(BOUNDS): rng.choice([0, 1, 2, 7, 30])}
    return parse_model(Document("moved", data, {}, ""))


def _nodes(node: Any) -> Iterator[Data]:
    """Every mapping inside of a model that may speak of events, but for `each`, which stands with its limit."""
    if isinstance(node, dict):
        yield node
        for key, part in node.items():
            if key not in {"where", "inactivity", "each"}:
                yield from _nodes(part)
    elif isinstance(node, list):
        for part in node:
            yield from _nodes(part)


def _move(found: Data, rng: random.Random, *, limited: bool) -> None:
    if not limited:
        found.pop("older_than", None)
        if rng.random() < 0.4:
            found["older_than"] = f"{rng.choice([1, 2, 7])}d"
    older = int(str(found.get("older_than", "0d"))[:-1])
    found.pop("within", None)
    within = rng.choice([None, 1, 2, 3, 5, 14, 40, 400])
    if within is not None and within > older:
        found["within"] = f"{within}d"


def said(model: Model, seen: Observations) -> Any:
    return accounts_scored(model, seen) if seen.members is not None else scored(model, seen)


def compare(seed: int) -> bool:
    """Compare three moves of a random model with fresh runs; whether scores changed at all."""
    rng, model = random.Random(seed), random_model(seed)
    made = random_past(seed, 24, model)
    unit = "lead" if model.account is None or rng.random() < 0.3 else "account"
    plan = Plan(at=Age(age=made.age_days), outcome=OUTCOME, horizon=1, allow_undated=True, unit=unit)
    changed = [moved(model, rng) for _ in range(3)]
    with read_history(made.frames, mapping=MAPPING) as history:
        try:
            seen = wb.observe(history, model, plan, tunable=True)
        except PlanError:
            return False
        fresh = [said(each, wb.observe(history, each, plan)) for each in changed]
    before, other = said(model, seen), False
    assert seen.following(model) is seen
    for each, expected in zip(changed, fresh, strict=True):
        assert seen.follows(each)
        following = seen.following(each)
        assert said(each, following).equals(expected), seed
        assert said(model, following).equals(before), seed
        assert following.following(each) is following
        other = other or not expected.equals(before)
    return other


@pytest.mark.parametrize("seed", QUICK)
def test_moved_windows_need_no_engine(seed):
    assert compare(seed)


@pytest.mark.parametrize("seed", QUICK[:2])
def test_many_combinations_are_followed_too(seed, monkeypatch):
    """Where tests are put to each observation, codes are told apart by a search, and every book has its own."""
    monkeypatch.setattr("workbench.observation.derivation.MOST_COMBINATIONS", 0)
    monkeypatch.setattr("workbench.observation.recoding.MOST_JOINT", 1)
    monkeypatch.setattr("workbench.observation.recoding.EASY", 0)
    assert compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", SLOW[::10])
def test_moved_windows_need_no_engine_at_length(first):
    assert sum(compare(seed) for seed in range(first, first + 10)) >= 5


# --- a believable past ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(history, scorecard):
    return wb.observe(history, scorecard, wb.parse_plan(SPLIT), tunable=True)


MOVES = [
    {"rules.silent.when.within": "25d"},
    {"rules.silent.when.older_than": "4d"},
    {"rules.pricing.each.within": "12d", "rules.pricing.limit.events": 2},
    {"rules.pages.limit.events": 3},
    {"rules.opens.each.within": "5d", "rules.silent.when.count.equals": 2},
    {"rules.trial.in": "engagement"},
]


@pytest.mark.parametrize("move", MOVES)
def test_one_move_after_another_is_as_good_as_all_at_once(history, scorecard, kept, move):
    changed, last = change_model(scorecard, move), change_model(scorecard, move | MOVES[0])
    for each, seen in ((changed, kept.following(changed)), (last, kept.following(changed).following(last))):
        fresh = wb.observe(history, each, wb.parse_plan(SPLIT)).scorer(each).scores()
        found = seen.scorer(each).scores()
        np.testing.assert_array_equal(found.milli, fresh.milli)
        np.testing.assert_array_equal(found.out, fresh.out)
        assert (found.milli != kept.scorer(scorecard).scores().milli).any()


def test_codes_stay_the_distinct_combinations_that_occur(scorecard, kept):
    shelf = kept.following(change_model(scorecard, {**MOVES[0], **MOVES[3]})).shelf
    for book in shelf.books.values():
        assert len(np.unique(book.entries, axis=0)) == len(book.entries)
        assert set(book.codes.tolist()) == set(range(len(book.entries)))
    for unit in shelf.units:
        assert set(unit.codes.tolist()) == set(range(len(unit.rows[0])))
        for name, rows in zip(unit.books, unit.rows, strict=True):
            np.testing.assert_array_equal(rows[unit.codes], shelf.books[name].codes)


def test_what_is_sealed_stays_sealed_and_opens_alike(scorecard, kept, tmp_path):
    changed = change_model(scorecard, MOVES[0])
    following = kept.following(changed)
    assert following.subjects is kept.subjects
    assert (following.subjects.won < 0).any()
    first = following.open_test(because="look", ledger=tmp_path / "one.jsonl")
    then = kept.open_test(because="look", ledger=tmp_path / "two.jsonl").following(changed)
    assert first.subjects.lead_id.tolist() == then.subjects.lead_id.tolist()
    np.testing.assert_array_equal(first.scorer(changed).scores().milli, then.scorer(changed).scores().milli)


def test_fewer_observations_follow_alike(scorecard, kept):
    changed = change_model(scorecard, MOVES[0] | MOVES[2])
    some = np.arange(1, len(kept.subjects.part), 3)
    whole = kept.following(changed).scorer(changed).scores().milli
    np.testing.assert_array_equal(kept.taken(some).following(changed).scorer(changed).scores().milli, whole[some])


@pytest.mark.parametrize(
    ("move", "what"),
    [
        ({"rules.silent.when.event": "click"}, "silent"),
        ({"rules.pricing.each.where.equals": "/home"}, "pricing"),
        ({"rules.pages.limit.per_day": 1}, "pages"),
        ({"rules.pricing.each.older_than": "3d"}, "pricing"),
        ({"rules.pages.each.scope": "account"}, "pages"),
        ({"rules.trial.when.equals": "now"}, "trial"),
        ({"gates.rival.when.equals": "EU"}, "gates"),
    ],
)
def test_other_evidence_is_refused_by_name(scorecard, kept, move, what):
    changed = change_model(scorecard, move)
    assert not kept.follows(changed)
    with pytest.raises(NotObserved, match=rf"'{what}' asks for evidence that cannot be worked out .* Observe again"):
        kept.following(changed)


def test_a_rule_may_turn_to_events_that_another_one_asks_about(history, scorecard, kept):
    changed = change_model(scorecard, {"rules.silent.when.event": "open"})
    fresh = wb.observe(history, changed, wb.parse_plan(SPLIT)).scorer(changed).scores().milli
    np.testing.assert_array_equal(kept.following(changed).scorer(changed).scores().milli, fresh)


def test_a_rule_that_was_off_is_switched_on_where_it_can_be_observed(history, scorecard):
    off = {"rules.silent.enabled": False, "rules.title.enabled": False, "rules.industry.enabled": False}
    off |= {"rules.industry.when.account_field": "colour"}  # there is no such field: that is why it is off
    less = change_model(scorecard, off)
    seen = wb.observe(history, less, wb.parse_plan(SPLIT), tunable=True)
    more = change_model(less, {"rules.silent.enabled": True, "rules.title.enabled": True})
    longer = change_model(more, {"rules.silent.when.within": "25d"})
    for each in (less, more, longer):
        fresh = wb.observe(history, each, wb.parse_plan(SPLIT)).scorer(each).scores().milli
        np.testing.assert_array_equal(seen.following(each).scorer(each).scores().milli, fresh)
    assert seen.following(more) is seen
    with pytest.raises(wb.InputError, match="colour"):
        seen.following(change_model(less, {"rules.industry.enabled": True}))


def test_without_material_the_remedy_is_to_keep_it(history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    changed = change_model(scorecard, MOVES[0])
    assert seen.following(change_model(scorecard, {"rules.silent.points": -2, "rules.pages.enabled": False})) is seen
    assert not seen.follows(changed)
    with pytest.raises(NotObserved, match=r"'silent' asks for evidence .* observe with tunable=True"):
        seen.following(changed)


def test_a_model_that_does_not_fit_the_history_is_refused_as_ever(scorecard, kept):
    with pytest.raises(wb.InputError, match="colour"):
        kept.following(change_model(scorecard, {"rules.trial.when.field": "colour"}))


def test_keeping_material_changes_no_score_and_needs_no_engine(scorecard):
    with load(crm(seed=4, leads=90)) as history:
        plain = wb.observe(history, scorecard, wb.parse_plan(PLAN))
        seen = wb.observe(history, scorecard, wb.parse_plan(PLAN), tunable=True)
    assert plain.shelf.material is None
    np.testing.assert_array_equal(seen.scorer(scorecard).scores().milli, plain.scorer(scorecard).scores().milli)
    changed = change_model(scorecard, MOVES[1])
    assert (seen.following(changed).scorer(changed).scores().milli != plain.scorer(scorecard).scores().milli).any()
