"""What outcomes say about each rule: counted by hand, against brute force, and as the lint decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crm import PLAN, SCORECARD, SPLIT, crm, load
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import CallError, NotObserved
from workbench.history import History
from workbench.linting.hits import hits
from workbench.linting.outcomes import against, difference
from workbench.linting.parts import Parts
from workbench.metrics.clustering import design_effect
from workbench.metrics.intervals import wilson
from workbench.model import Model, change_model, parse_model
from workbench.tuning import rule_evidence
from workbench.tuning.evidence import COLUMNS, difference_ends
from workbench.tuning.knobs import sections
from workbench.tuning.sides import design_effects
from workbench.tuning.spans import Spans

VARIANTS = """
variants:
  - name: us
    when: {field: region, equals: US}
    multiply: {rules: {industry: 2}}
    override: [{id: trial, in: fit, when: {field: plan_type, equals: trial}, points: -4}]
    add:
      - {id: seats, in: fit, per: {of: {field: seats}, unit: 100, most: 4}, points: 1.5}
      - {id: region, in: fit, map: {field: region, points: {US: 2, EU: -1}}}
    drop: [silent]
"""


@pytest.fixture(scope="module")
def history() -> Iterator[History]:
    with load(crm(seed=4, leads=900)) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def varied() -> Model:
    return parse_model(SCORECARD + VARIANTS)


@pytest.fixture(scope="module")
def seen(history: History, varied: Model) -> wb.Observations:
    return wb.observe(history, [varied, parse_model(SCORECARD)], wb.parse_plan(PLAN))


@pytest.fixture(scope="module")
def sample() -> Iterator[wb.Observations]:
    with wb.read_history(Path("data/sample")) as loaded:
        plan = wb.read_plan(Path("notebooks/plans/inbound.yaml"))
        yield wb.observe(loaded, wb.read_model(Path("notebooks/models/champion.yaml")), plan)


def small(rules: str, more: str = "") -> Model:
    return parse_model(f"format: lead-scoring-model/1\nname: small\ndimensions: {{fit: {{}}}}\nrules:\n{rules}\n{more}")


def observed(groups: dict[str, tuple[int, int]], model: Model) -> wb.Observations:
    """Leads by title: how many, and how many of them converted."""
    rows = [(title, number < won) for title, (n, won) in groups.items() for number in range(n)]
    frame = pd.DataFrame(rows, columns=["title", "won"])
    frame["won"] = frame["won"].astype(int)
    frame.insert(0, "lead_id", [f"lead-{number:05d}" for number in range(len(frame))])
    with wb.read_history(frame, outcome="won=1") as history:
        return wb.observe(history, model)


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_rule_is_held_against_all_others() -> None:
    model = small("  - {id: boss, in: fit, when: {field: title, equals: boss}, points: 5}")
    found = rule_evidence(model, observed({"boss": (100, 40), "clerk": (300, 30)}, model), "all")
    assert list(found.columns) == list(COLUMNS)
    [row] = found.to_dict("records")
    assert (row["rule"], row["case"], row["points"]) == ("boss", "title is boss", 5)
    assert (row["n"], row["converted"], row["rate"], row["share"]) == (100, 40, 0.4, 0.25)
    assert (row["n_without"], row["rate_without"]) == (300, 0.1)
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((0.3094, 0.4980), abs=1e-4)
    assert row["sign"] == "agrees"


def test_a_case_is_held_against_those_whom_the_rule_pays_less() -> None:
    """Managers convert less than all others together (directors among them), yet more than those without points."""
    model = small("""
  - id: title
    in: fit
    cases:
      - {when: {field: title, equals: director}, points: 10}
      - {when: {field: title, equals: manager}, points: 5}
      - {when: {field: title, equals: student}, points: -8}
      - {when: {field: title, equals: guest}, points: 0}
""")
    groups = {"director": (200, 120), "manager": (200, 40), "student": (200, 2), "guest": (50, 4), "clerk": (200, 16)}
    found = rule_evidence(model, observed(groups, model), "all")
    assert found["n"].tolist() == [200, 200, 200, 50]
    assert found["n_without"].tolist() == [650, 450, 650, 800]
    assert found["rate_without"].tolist() == pytest.approx([62 / 650, 22 / 450, 180 / 650, 178 / 800])
    assert found["sign"].tolist() == ["agrees", "agrees", "agrees", "pays nothing"]


@pytest.mark.parametrize(
    ("boss", "clerk", "points", "sign"),
    [
        ((100, 40), (300, 30), -5, "disagrees"),
        ((100, 5), (300, 90), 5, "disagrees"),
        ((100, 5), (300, 90), -5, "agrees"),
        ((100, 11), (300, 30), 5, "not enough evidence"),
        ((29, 29), (300, 0), 5, "not enough evidence"),
        ((300, 300), (29, 0), 5, "not enough evidence"),
        ((30, 30), (30, 0), 5, "agrees"),
        ((100, 40), (300, 30), 0, "pays nothing"),
        ((0, 0), (300, 30), 5, "never holds"),
        ((300, 30), (0, 0), 5, "not enough evidence"),
    ],
)
def test_the_sign(boss: tuple[int, int], clerk: tuple[int, int], points: int, sign: str) -> None:
    model = small(f"  - {{id: boss, in: fit, when: {{field: title, equals: boss}}, points: {points}}}")
    [row] = rule_evidence(model, observed({"boss": boss, "clerk": clerk}, model), "all").to_dict("records")
    assert row["sign"] == sign


def test_a_rule_whose_cap_takes_all_pays_nothing() -> None:
    model = small("  - {id: boss, in: fit, when: {field: title, equals: boss}, points: 5, cap: {max: 0}}")
    assert rule_evidence(model, observed({"boss": (40, 9)}, model), "all")["sign"].tolist() == ["pays nothing"]


def test_whom_a_gate_takes_out_is_not_counted() -> None:
    gate = "gates: [{id: out, when: {field: title, equals: rival}, tier: Out}]"
    model = small("  - {id: boss, in: fit, when: {not: {field: title, equals: clerk}}, points: 5}", gate)
    [row] = rule_evidence(
        model, observed({"boss": (50, 9), "clerk": (60, 3), "rival": (70, 70)}, model), "all"
    ).to_dict("records")
    assert (row["n"], row["converted"], row["n_without"]) == (50, 9, 60)


def test_a_rule_that_is_off_is_looked_at_where_it_was_observed() -> None:
    on = small("""
  - {id: boss, in: fit, when: {field: title, equals: boss}, points: 5}
  - {id: clerk, in: fit, when: {field: title, equals: clerk}, points: 1}
""")
    off = change_model(on, {"rules.boss.enabled": False})
    groups = {"boss": (50, 9), "clerk": (60, 3)}
    assert rule_evidence(off, observed(groups, on), "all").equals(rule_evidence(on, observed(groups, on), "all"))
    assert rule_evidence(off, observed(groups, off), "all")["rule"].tolist() == ["clerk"]
    none = change_model(off, {"rules.clerk.enabled": False})
    assert rule_evidence(none, observed(groups, none), "all")["rule"].tolist() == []


# --- second opinion ---------------------------------------------------------------------------------------------------


def brute(model: Model, seen: wb.Observations, rule: str, number: int | None, points: float) -> dict[str, object]:
    """One claim on observations without a split, lead by lead."""
    scorer = seen.scorer(model)
    scores = scorer.scores()
    has = [rule in {own.id for own in each.rules} for each in scorer.weights.alternatives]
    rows = ~scores.out & np.array(has)[scores.variant]
    cases, paid = scorer.cases(rule), scorer.rule_values(rule)
    held = (cases > 0 if number is None else cases == number) & rows
    less = ~held if number is None else (paid < points * 1000 if points > 0 else paid > points * 1000)
    against = rows & ~held & less
    won, cluster = seen.subjects.won == 1, seen.subjects.cluster
    both = held | against
    effect = design_effect(won[both], cluster[both], groups=(~held[both]).astype(int), n_groups=2)
    n, converted = [held.sum(), against.sum()], [(held & won).sum(), (against & won).sum()]
    low, high = wilson(converted, n, design_effect=effect)
    ends = difference(won[both], held[both], cluster[both], confidence=0.95)
    sign = "agrees" if (ends.low > 0 if points > 0 else ends.high < 0) else "not enough evidence"
    sign = "disagrees" if (ends.high < 0 if points > 0 else ends.low > 0) else sign
    return {
        "n": n[0],
        "share": n[0] / rows.sum(),
        "converted": converted[0],
        "rate_low": low[0],
        "rate_high": high[0],
        "n_without": n[1],
        "without_low": low[1],
        "without_high": high[1],
        "sign": sign if min(n) >= 30 else "not enough evidence",
    }


@pytest.mark.parametrize(
    ("rule", "case", "number"),
    [
        ("title", 0, 1),
        ("title", 1, 2),
        ("industry", 0, None),
        ("pricing", 0, None),
        ("pages", 0, None),
        ("opens", 0, None),
        ("silent", 0, None),
    ],
)
@pytest.mark.parametrize("clustered", [True, False])
@pytest.mark.parametrize("with_variants", [True, False])
def test_counts_and_intervals_equal_brute_force(
    seen: wb.Observations, varied: Model, rule: str, case: int, number: int | None, clustered: bool, with_variants: bool
) -> None:
    model = varied if with_variants else parse_model(SCORECARD)
    if not clustered:
        seen = replace(seen, subjects=replace(seen.subjects, cluster=np.arange(len(seen.subjects.won))))
    assert (len(np.unique(seen.subjects.cluster)) < len(seen.subjects.won)) == clustered
    found = rule_evidence(model, seen, "all")
    row = found[found["rule"] == rule].iloc[case]
    wanted = brute(model, seen, rule, number, float(row["points"]))
    assert row["sign"] == wanted.pop("sign")
    assert {key: row[key] for key in wanted} == pytest.approx(wanted, rel=1e-9)


def test_the_same_words_with_other_points_in_a_variant_are_a_claim_of_their_own(
    seen: wb.Observations, varied: Model
) -> None:
    found = rule_evidence(varied, seen, "all")
    trial = found[found["rule"] == "trial"]
    assert trial["points"].tolist() == [4, -4]
    scorer = seen.scorer(varied)
    scores, cases = scorer.scores(), scorer.cases("trial")
    own = [int(((cases > 0) & ~scores.out & (scores.variant == number)).sum()) for number in (0, 1)]
    assert trial["n"].tolist() == own
    assert found["rule"].tolist().count("seats") == 1
    assert found[found["rule"] == "region"]["case"].tolist() == ["region is US", "region is EU"]
    assert found[found["rule"] == "region"]["n"].tolist()[1] == 0


def test_every_row_of_the_knobs_finds_its_evidence(seen: wb.Observations, varied: Model) -> None:
    found = rule_evidence(varied, seen, "all")
    keys = set(zip(found["rule"], found["case"], strict=True))
    rows = [row for section in sections(varied, Spans()) for row in section.rules]
    assert {(row.id, case) for row in rows for case in row.evidence} == keys
    paths = [path for each in found["paths"] for path in each]
    assert len(set(paths)) == len(paths)
    points = {knob.path: knob.value for row in rows for knob in row.all_knobs if knob.kind == "points"}
    told = {path: line.points for line in found.itertuples() for path in line.paths}
    assert told == {path: value for path, value in points.items() if not path.endswith(".default")}
    assert {path for row in rows for path in row.points_paths} == set(told)


def test_a_moved_window_keeps_its_paths(history: History) -> None:
    model = parse_model(SCORECARD)
    seen = wb.observe(history, model, wb.parse_plan(PLAN), tunable=True)
    moved = rule_evidence(change_model(model, {"rules.opens.each.within": "3d"}), seen, "all")
    before = rule_evidence(model, seen, "all")
    assert moved["paths"].tolist() == before["paths"].tolist()
    assert moved["case"].tolist() != before["case"].tolist()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 25))
def test_design_effects_from_sums_equal_those_from_leads(seed: int, clusters: int, n: int) -> None:
    random = np.random.default_rng(seed)
    cluster, group = random.integers(0, clusters, n), random.integers(0, 2, n)
    won = random.random(n) < random.choice([0.0, 0.2, 0.5, 1.0])
    sums = np.zeros((2, 2, clusters))
    np.add.at(sums, (0, group, cluster), 1.0)
    np.add.at(sums, (1, group, cluster), won.astype(float))
    wanted = design_effect(won, cluster, groups=group, n_groups=2)
    assert design_effects(*sums) == pytest.approx(wanted, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ends_of_the_difference_equal_the_lints(seed: int) -> None:
    random = np.random.default_rng(seed)
    won, side = random.random(60) < 0.4, np.arange(60) < random.integers(1, 59)
    n = np.array([side.sum(), (~side).sum()])
    converted = np.array([won[side].sum(), won[~side].sum()])
    low, high = wilson(converted, n)
    wanted = difference(won, side, np.arange(60), confidence=0.95)
    assert difference_ends(converted / n, low, high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


# --- on the sample ----------------------------------------------------------------------------------------------------


def test_the_sample_disagrees_with_the_ebook(sample: wb.Observations) -> None:
    champion = wb.read_model(Path("notebooks/models/champion.yaml"))
    found = rule_evidence(champion, sample, "train").set_index("rule")
    assert found.index[found["sign"] == "disagrees"].tolist() == ["ebook"]
    assert found.loc[["demo_request", "signed_up", "free_email"], "sign"].tolist() == ["agrees"] * 3
    assert found.loc["any_page", "sign"] == "not enough evidence"


@pytest.mark.parametrize("turned", [False, True])
def test_a_rule_alone_disagrees_just_where_the_lint_finds_its_sign_wrong(sample: wb.Observations, turned: bool) -> None:
    champion = wb.read_model(Path("notebooks/models/champion.yaml"))
    single = [rule for rule in champion.plain()["rules"] if "points" in rule]
    told = []
    for rule in single:
        data = champion.plain() | {"rules": [rule | {"points": -rule["points"] if turned else rule["points"]}]}
        model = Model.model_validate_json(json.dumps(data))
        sign = rule_evidence(model, sample, "train")["sign"].tolist()
        found = [finding.code for finding in against(Parts.of(model), hits(model, sample))]
        assert (sign == ["disagrees"]) == (found == ["L209"]), rule["id"]
        told += found
    assert len(told) >= 1


def test_the_test_part_is_not_touched(history: History) -> None:
    model = parse_model(SCORECARD)
    seen = wb.observe(history, model, wb.parse_plan(SPLIT))
    with pytest.raises(CallError, match="which is sealed"):
        rule_evidence(model, seen, "test")
    before = rule_evidence(model, seen, "train")
    ends = seen.rows("train")
    subjects = seen.subjects
    outside = np.ones(len(subjects.won), dtype=bool)
    outside[ends] = False
    other = replace(seen, subjects=replace(subjects, won=np.where(outside, 1, subjects.won).astype(np.int8)))
    assert rule_evidence(model, other, "train").equals(before)
    assert not rule_evidence(model, seen, "validation").equals(before)


def test_accounts_have_no_rules(history: History) -> None:
    model = parse_model(SCORECARD + "account: {roll_up: max}\n")
    seen = wb.observe(
        history, model, wb.parse_plan(PLAN.replace("region, industry", "industry").replace("{at", "{unit: account, at"))
    )
    found = rule_evidence(model, seen, "all")
    assert (len(found), list(found.columns)) == (0, list(COLUMNS))


def test_what_was_not_gathered_is_not_guessed(history: History) -> None:
    model = parse_model(SCORECARD)
    moved = change_model(model, {"rules.opens.each.within": "3d"})
    plan = wb.parse_plan(PLAN)
    with pytest.raises(NotObserved, match="opens"):
        rule_evidence(moved, wb.observe(history, model, plan), "all")
    kept = rule_evidence(moved, wb.observe(history, model, plan, tunable=True), "all")
    again = rule_evidence(moved, wb.observe(history, moved, plan), "all")
    pd.testing.assert_frame_equal(kept, again)
