"""Knobs: every number of a model that can be turned has one, and each leads to a model and back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

import pytest
from changes.rich import MODELS
from crm import PLAN, SCORECARD, crm, load
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import models

import workbench as wb
from workbench.errors import ModelError
from workbench.history import History
from workbench.model import Model, change_model, parse_model
from workbench.tuning import Knob, Section, Session, knobs
from workbench.tuning.edit import edited
from workbench.tuning.knob import every_knob
from workbench.tuning.knobs import sections
from workbench.tuning.movable import NOT_ASKED, NOT_DERIVED, NOT_KEPT
from workbench.tuning.spans import Spans, longest_days, spans

RICH = sections(MODELS["rich"], Spans(days=90))


@pytest.fixture(scope="module")
def history() -> Iterator[History]:
    with load(crm(seed=3, leads=400)) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def scorecard() -> Model:
    return parse_model(SCORECARD)


@pytest.fixture(scope="module")
def seen(history: History, scorecard: Model) -> wb.Observations:
    return wb.observe(history, scorecard, wb.parse_plan(PLAN))


def by_path(found: tuple[Section, ...]) -> dict[str, Knob]:
    return {knob.path: knob for knob in every_knob(found)}


# --- what there is ----------------------------------------------------------------------------------------------------


def test_sections_stand_in_the_models_order() -> None:
    assert [section.name for section in RICH] == [
        "fit",
        "engagement",
        "product",
        "variant enterprise",
        "variant partners, fit",
        "variant partners, tiers",
        "tiers",
    ]
    assert [row.id for row in RICH[0].rules] == ["seniority", "mixed", "region", "size", "off"]
    assert [row.id for row in RICH[1].rules] == ["quiet", "pricing", "stepped", "tabled"]
    assert [row.id for row in RICH[3].rules] == ["region", "parent"]


def test_every_number_of_the_rich_model_that_can_be_turned() -> None:
    found = {knob.path: (knob.kind, knob.value, knob.unit) for knob in every_knob(RICH) if knob.kind != "on"}
    assert found == {
        "dimensions.fit.min": ("cap", -10, "points"),
        "dimensions.fit.max": ("cap", 60, "points"),
        "dimensions.fit.weight": ("weight", 1.5, ""),
        "score.weights.fit": ("weight", 0.5, ""),
        "rules.seniority.default": ("points", 1, "points"),
        "rules.seniority.cases[0].points": ("points", 15, "points"),
        "rules.seniority.cases[1].points": ("points", 10, "points"),
        "rules.seniority.cases[2].points": ("points", 4, "points"),
        "rules.seniority.cap.min": ("cap", 0, "points"),
        "rules.seniority.cap.max": ("cap", 12, "points"),
        "rules.seniority.weight": ("weight", 0.5, ""),
        "rules.mixed.points": ("points", 7, "points"),
        "rules.region.map.points.EU": ("points", 5, "points"),
        "rules.region.map.points.US": ("points", 3, "points"),
        "rules.region.default": ("points", -1, "points"),
        "rules.size.bands.steps[0].points": ("points", -2, "points"),
        "rules.size.bands.steps[1].points": ("points", 5, "points"),
        "rules.size.default": ("points", 2, "points"),
        "rules.off.points": ("points", 1, "points"),
        "dimensions.engagement.min": ("cap", None, "points"),
        "dimensions.engagement.max": ("cap", 40, "points"),
        "dimensions.engagement.weight": ("weight", 1, ""),
        "score.weights.engagement": ("weight", 0.3, ""),
        "dimensions.engagement.inactivity.decay.geometric.every": ("half_life", 30, "days"),
        "dimensions.engagement.inactivity.since.within": ("window", 90, "days"),
        "groups.email.min": ("cap", None, "points"),
        "groups.email.max": ("cap", 10, "points"),
        "rules.quiet.points": ("points", -10, "points"),
        "rules.quiet.when.last_age.at_least": ("count", 21, "days"),
        "rules.pricing.points": ("points", 4, "points"),
        "rules.pricing.each.within": ("window", 90, "days"),
        "rules.pricing.limit.per_day": ("limit", 2, "events"),
        "rules.pricing.limit.events": ("limit", 5, "events"),
        "rules.pricing.limit.points": ("limit", 12, "points"),
        "rules.pricing.decay.half_life": ("half_life", 14, "days"),
        "rules.pricing.decay.grace": ("half_life", 2, "days"),
        "rules.stepped.points": ("points", 2, "points"),
        "rules.stepped.decay.step.every": ("half_life", 7, "days"),
        "rules.tabled.points": ("points", 2, "points"),
        "dimensions.product.min": ("cap", None, "points"),
        "dimensions.product.max": ("cap", None, "points"),
        "dimensions.product.weight": ("weight", 1, ""),
        "score.weights.product": ("weight", 0.2, ""),
        "rules.invited.points": ("points", 12, "points"),
        "rules.invited.when.within": ("window", 30, "days"),
        "rules.invited.when.count.at_least": ("count", 3, "events"),
        "rules.spent.points": ("points", 3, "points"),
        "rules.spent.when.older_than": ("window", 3, "days"),
        "rules.spent.when.sum.between[0]": ("count", 10, ""),
        "rules.spent.when.sum.between[1]": ("count", 99.5, ""),
        "rules.seats.points": ("points", 1.5, "points"),
        "rules.seats.per.unit": ("count", 2.5, ""),
        "rules.seats.per.most": ("limit", 4, ""),
        "rules.active.points": ("points", 10, "points"),
        "rules.active.up_to.least": ("count", 2, ""),
        "rules.active.up_to.most": ("limit", 5, ""),
        "rules.active.up_to.of.within": ("window", 30, "days"),
        "variants[0].multiply.rules.seniority": ("weight", 1.5, ""),
        "variants[0].multiply.dimensions.product": ("weight", 0.5, ""),
        "variants[0].tiers.MQL": ("threshold", 35, "points"),
        "variants[0].override.region.points": ("points", 6, "points"),
        "variants[0].add.parent.points": ("points", 2, "points"),
        "variants[1].model.dimensions.fit.min": ("cap", None, "points"),
        "variants[1].model.dimensions.fit.max": ("cap", None, "points"),
        "variants[1].model.dimensions.fit.weight": ("weight", 1, ""),
        "variants[1].model.rules.p.points": ("points", 2, "points"),
        "variants[1].model.tiers.Nurture.from": ("threshold", 0, "points"),
        "variants[1].model.tiers.MQL.from": ("threshold", 20, "points"),
        "variants[1].model.tiers.SQL.from": ("threshold", 30, "points"),
        "variants[1].model.score.min": ("cap", None, "points"),
        "variants[1].model.score.max": ("cap", None, "points"),
        "tiers.Nurture.from": ("threshold", 0, "points"),
        "tiers.MQL.from": ("threshold", 40, "points"),
        "tiers.MQL.require.fit": ("threshold", 5, "points"),
        "tiers.SQL.from": ("threshold", 70, "points"),
        "score.min": ("cap", 0, "points"),
        "score.max": ("cap", 100, "points"),
        "account.tiers.Hot.from": ("threshold", 50, "points"),
    }


def test_the_sides_of_a_matrix_are_thresholds() -> None:
    found = sections(MODELS["matrix"], Spans())
    assert {knob.path: knob.label for knob in found[-1].caps if knob.kind == "threshold"} == {
        "matrix.rows.from.A": "fit A",
        "matrix.rows.from.B": "fit B",
        "matrix.columns.from.1": "interest 1",
        "matrix.columns.from.2": "interest 2",
        "account.above": "leads that count for their account",
    }
    assert "rules.seen.decay.expiry" in by_path(found)


def test_windows_and_counts_are_found_inside_all_any_and_not() -> None:
    model = parse_model("""
format: lead-scoring-model/1
name: nested
dimensions: {fit: {}}
rules:
  - id: nested
    in: fit
    cases:
      - when:
          all:
            - {field: region, equals: EU}
            - any:
                - {event: visit, within: 30d, count: {at_least: 2}}
                - not: {event: call, older_than: 5d, days: {between: [1, 4]}}
        points: 2
""")
    found = by_path(sections(model, Spans()))
    nested = "rules.nested.cases[0].when.all[1].any"
    assert {path: found[path].value for path in found if path.startswith(nested)} == {
        f"{nested}[0].within": 30,
        f"{nested}[0].count.at_least": 2,
        f"{nested}[1].not.older_than": 5,
        f"{nested}[1].not.days.between[0]": 1,
        f"{nested}[1].not.days.between[1]": 4,
    }
    assert "visit in 30 days" in found[f"{nested}[0].within"].label
    assert change_model(model, {f"{nested}[1].not.days.between[1]": 9}).plain() != model.plain()


def test_a_row_names_its_rule_in_words_and_its_cases_one_by_one() -> None:
    rows = {row.id: row for section in RICH[:3] for row in section.rules}
    region = rows["region"]
    assert region.title == "region, letter for letter"
    assert [knob.label for knob in region.cases] == list(region.evidence)
    assert "EU" in region.evidence[0]
    assert "US" in region.evidence[1]
    assert rows["seniority"].title == "job_title"
    assert rows["seniority"].why == "They sign."
    assert rows["mixed"].evidence == (rows["mixed"].title,)
    assert rows["mixed"].cases == ()
    assert rows["active"].title == "days with login in 30 days"
    assert rows["off"].on.value is False


def test_values_of_a_map_keep_the_files_order_and_their_own_words() -> None:
    model = parse_model("""
format: lead-scoring-model/1
name: ordered
dimensions: {fit: {}}
rules: [{id: mail, in: fit, map: {field: domain, points: {zoo.com: 1, gmail.com: -5}}}]
""")
    [row] = sections(model, Spans())[0].rules
    assert [(knob.path, knob.label, knob.value) for knob in row.cases] == [
        ('rules.mail.map.points["zoo.com"]', "domain is zoo.com", 1),
        ('rules.mail.map.points["gmail.com"]', "domain is gmail.com", -5),
    ]


# --- where they lead --------------------------------------------------------------------------------------------------


def turned(model: Model, knob: Knob) -> int:
    """Turn a knob to its ends and a step on, and back each time; how many of these made a valid model."""
    made = 0
    session = Session(model)
    ends: list[float | bool] = [knob.low, knob.high, (knob.value or 0) + knob.step]
    for value in [not knob.value] if isinstance(knob.value, bool) else ends:
        try:
            session.set({knob.path: value})
        except ModelError:
            assert session.edits == {}
            continue
        made += 1
        assert session.value(knob.path) == pytest.approx(value)
        candidate = session.candidate
        session.set({knob.path: knob.value})
        assert session.edits == {}
        assert session.candidate is model
    if made:
        back = edited(candidate, {knob.path: knob.value})
        assert back.document_digest == model.document_digest
        assert back.scoring_digest == model.scoring_digest
    return made


def fits(knob: Knob) -> None:
    """What is true of every knob."""
    assert knob.low < knob.high
    assert knob.step > 0
    assert knob.label
    if knob.value is not None:
        assert knob.low <= knob.value <= knob.high
        steps = float(knob.value) / knob.step
        assert math.isclose(steps, round(steps), rel_tol=1e-9, abs_tol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_every_knob_of_a_rich_model_leads_to_a_model_and_back(name: str) -> None:
    found = list(every_knob(sections(MODELS[name], Spans(days=90))))
    assert len({knob.path for knob in found}) == len(found)
    for knob in found:
        fits(knob)
        assert turned(MODELS[name], knob) >= 1, knob


@settings(max_examples=25, deadline=None)
@given(models(), st.randoms(use_true_random=False))
def test_the_knobs_of_any_model_lead_to_a_model_and_back(model: Model, random: Random) -> None:
    found = list(every_knob(sections(model, Spans(days=longest_days(model)))))
    assert len({knob.path for knob in found}) == len(found)
    for knob in found:
        fits(knob)
    for knob in random.sample(found, min(5, len(found))):
        turned(model, knob)


# --- what leads have --------------------------------------------------------------------------------------------------


def test_thresholds_span_the_scores_that_leads_have(scorecard: Model, seen: wb.Observations) -> None:
    found = by_path(knobs(scorecard, seen))
    assert (found["tiers.Hot.from"].low, found["tiers.Hot.from"].high) == (0, 40)
    assert (found["tiers.Hot.require.fit"].low, found["tiers.Hot.require.fit"].high) == (-5, 20)
    open_ended = change_model(scorecard, {"score.min": None, "score.max": None, "tiers.Hot.from": 90})
    scores = seen.scorer(open_ended).scores()
    reached = scores.milli[~scores.out] / 1000
    found = by_path(knobs(open_ended, seen))
    assert found["tiers.Warm.from"].low == math.floor(reached.min()) < 0
    assert found["tiers.Warm.from"].high == math.ceil(reached.max())
    assert found["tiers.Hot.from"].high == 90


def test_days_reach_the_longest_span_in_the_model(scorecard: Model, seen: wb.Observations) -> None:
    assert longest_days(scorecard) == 30
    assert spans(scorecard, seen).days == 30
    assert by_path(sections(scorecard, Spans(days=500)))["rules.pricing.decay.half_life"].high == 500
    assert by_path(knobs(scorecard, seen))["rules.pricing.decay.half_life"].high == 365


def test_what_was_not_kept_is_fixed_and_the_rest_moves(scorecard: Model, seen: wb.Observations) -> None:
    found = by_path(knobs(scorecard, seen))
    fixed = {path for path, knob in found.items() if knob.fixed}
    assert fixed == {
        "rules.pricing.each.within",
        "rules.pricing.limit.events",
        "rules.pricing.limit.per_day",
        "rules.pages.limit.per_day",
        "rules.pages.limit.events",
        "rules.opens.each.within",
        "rules.silent.when.within",
        "rules.silent.when.count.equals",
    }
    assert {found[path].fixed for path in fixed} == {NOT_KEPT}
    session = Session(scorecard)
    for path in set(found) - fixed:
        knob = found[path]
        session.set({path: not knob.value if isinstance(knob.value, bool) else (knob.value or 0) + knob.step})
        seen.scorer(session.candidate)
        session.reset()


def test_what_was_observed_too_can_be_moved(history: History, scorecard: Model) -> None:
    other = change_model(scorecard, {"rules.opens.each.within": "21d"})
    both = wb.observe(history, [scorecard, other], wb.parse_plan(PLAN))
    found = by_path(knobs(scorecard, both))
    assert not found["rules.opens.each.within"].fixed
    assert found["rules.silent.when.within"].fixed == NOT_KEPT


def test_observed_as_tunable_windows_and_counts_move(history: History, scorecard: Model) -> None:
    kept = wb.observe(history, scorecard, wb.parse_plan(PLAN), tunable=True)
    found = by_path(knobs(scorecard, kept))
    daily = {"rules.pricing.limit.per_day", "rules.pages.limit.per_day"}
    assert {path: knob.fixed for path, knob in found.items() if knob.fixed} == dict.fromkeys(daily, NOT_DERIVED)
    for path, knob in found.items():
        if not knob.fixed and knob.kind in {"window", "count", "limit"}:
            moved = edited(scorecard, {path: (knob.value or 0) + knob.step})
            kept.following(moved).scorer(moved)
    moved = edited(scorecard, {"rules.opens.each.within": 3})
    assert by_path(knobs(moved, kept))["rules.opens.each.within"].value == 3


def test_a_rule_that_was_off_when_observed_cannot_be_switched_on(history: History, scorecard: Model) -> None:
    off = change_model(scorecard, {"rules.trial.enabled": False})
    alone = wb.observe(history, off, wb.parse_plan(PLAN))
    assert by_path(knobs(off, alone))["rules.trial.enabled"].fixed == NOT_ASKED
    both = wb.observe(history, [off, scorecard], wb.parse_plan(PLAN))
    assert not by_path(knobs(off, both))["rules.trial.enabled"].fixed


def test_thresholds_of_accounts_can_be_turned(history: History) -> None:
    model = parse_model(SCORECARD + "account: {roll_up: sum, tiers: [{name: Key, from: 70}]}\n")
    plan = wb.parse_plan(PLAN.replace("region, industry", "industry").replace("{at", "{unit: account, at"))
    found = by_path(knobs(model, wb.observe(history, model, plan)))
    knob = found["account.tiers.Key.from"]
    assert (knob.value, knob.low, knob.high, knob.label) == (70, -140, 140, "account Key")
    assert found["tiers.Warm.from"].high == 40
