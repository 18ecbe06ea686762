"""The ledger adds up, in thousandths, whatever the model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import crm, load
from strategies import random_model, random_past
from vocabulary import MAPPING

import workbench as wb
from workbench.ledger import ledger_columns, ledger_frame, ledger_texts, signed
from workbench.observation import at_moment

AS_OF = "2025-06-01T00:00:00Z"
SEEDS = range(200, 240)


@pytest.fixture(scope="module")
def random_moment():
    known = [random_model(seed) for seed in SEEDS]
    with wb.read_history(random_past(12, 40).frames, mapping=MAPPING) as history:
        return known, at_moment(history, known, AS_OF)


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_the_lines_add_up_to_the_score_in_thousandths(random_moment, number):
    model, moment = random_moment[0][number], random_moment[1]
    scorer = moment.scorer(model)
    columns, scores = ledger_columns(scorer, slice(None)), scorer.scores()
    np.testing.assert_array_equal(sum(column.milli for column in columns), scores.milli)
    for name, values in scores.dimensions.items():
        mine = [column.milli for column in columns if column.dimension == name]
        np.testing.assert_array_equal(sum(mine), values)
    for row in range(0, len(moment.leads), 7):
        frame = ledger_frame(model, scorer, row)
        assert round(frame["points"].sum() * 1000) == scores.milli[row]
        deciders = frame["line"].isin(["variant", "gate"])
        assert ((frame["points"] == 0) == deciders).all()
        assert deciders.sum() == int(scores.variant[row] > 0) + int(scores.gate[row] > 0)


def test_random_models_have_every_kind_of_line(random_moment):
    known, moment = random_moment
    columns = [column for model in known for column in ledger_columns(moment.scorer(model), slice(None))]
    kinds = {column.kind for column in columns if column.milli.any()}
    of_rule = {"rule", "decay", "limit", "rule cap", "rule weight"}
    of_dimension = {"group cap", "inactivity", "dimension weight", "dimension cap"}
    assert kinds == of_rule | of_dimension | {"combination", "transform", "total cap", "rounding"}


def test_a_few_rows_have_the_ledger_of_all(random_moment):
    model, moment = random_moment[0][1], random_moment[1]
    scorer = moment.scorer(model)
    every = ledger_texts(ledger_columns(scorer, slice(None)))
    rows = np.array([5, 0, 17])
    assert ledger_texts(ledger_columns(scorer, rows)) == [every[row] for row in rows]


BUSY = """
format: lead-scoring-model/1
name: busy
dimensions: {fit: {max: 20}, web: {}}
groups: {mail: {in: web, max: 4.5}}
rules:
  - {id: title, in: fit, why: Seniors sign., cases: [{when: {field: title, has_word: vp}, points: 15}], default: -1}
  - {id: region, in: fit, why: Home., when: {field: region, one_of: [EU, US]}, points: 8.25}
  - {id: pricing, in: web, each: {event: page_view, where: {field: page, equals: /pricing}}, points: 10,
     decay: {half_life: 7d}, limit: {points: 12}}
  - {id: opens, in: mail, each: {event: open, within: 30d}, points: 2}
score: {max: 36, round: half_up}
"""


def one_lead():
    made = pd.Timestamp("2025-05-01", tz="UTC")
    frames = crm(seed=1, leads=2)
    lead = pd.DataFrame(
        {"lead_id": ["x"], "account_id": [None], "created_at": [made], "title": "VP", "region": "EU", "plan_type": "a"}
    )
    days = [("page_view", "/pricing", age) for age in (14, 0)] + [("open", None, age) for age in (1, 2, 3)]
    events = pd.DataFrame(
        [("x", made + pd.Timedelta(days=30 - age, hours=12), event, page) for event, page, age in days],
        columns=["lead_id", "at", "event", "page"],
    )
    none = {name: frames[name].iloc[:0] for name in ("stages", "changes", "scores")}
    return {**frames, **none, "leads": lead.assign(seats=1.0), "events": events}


def test_a_ledger_by_hand():
    with load(one_lead()) as history:
        found = wb.explain(wb.parse_model(BUSY), history, lead_id="x", as_of="2025-06-01T00:00:00Z")
    assert found.lines.to_dict("split")["data"] == [
        ["rule", "title", "fit", "title has the word vp", "Seniors sign.", 15.0],
        ["rule", "region", "fit", "region is one of EU, US", "Home.", 8.25],
        ["dimension cap", "fit", "fit", "kept at 20 or below", "", -3.25],
        ["rule", "pricing", "web", "2 x page_view with page is /pricing", "", 20.0],
        ["decay", "pricing", "web", "half after 7 days", "", -7.5],
        ["limit", "pricing", "web", "at most 12 points", "", -0.5],
        ["rule", "opens", "web", "3 x open in 30 days", "", 6.0],
        ["group cap", "mail", "web", "kept at 4.5 or below", "", -1.5],
        ["total cap", "score", "", "kept at 36 or below", "", -0.5],
    ]
    assert (found.score, found.dimensions) == (36.0, {"fit": 20.0, "web": 16.5})


def test_rounding_is_a_line_of_its_own():
    model = wb.parse_model(BUSY.replace("max: 36, ", ""))
    with load(one_lead()) as history:
        lines = wb.explain(model, history, lead_id="x", as_of="2025-06-01T00:00:00Z").lines
    assert lines.iloc[-1].tolist() == ["rounding", "score", "", "halves go up", "", 0.5]


def test_texts_name_rules_and_adjustments():
    model = wb.parse_model(BUSY)
    with load(one_lead()) as history:
        scorer = at_moment(history, [model], "2025-06-01T00:00:00Z").scorer(model)
    [text] = ledger_texts(ledger_columns(scorer, slice(None)))
    assert text.split(", ")[:5] == ["title +15", "region +8.25", "fit cap −3.25", "pricing +20", "pricing decay −7.5"]
    assert text.split(", ")[5:] == ["pricing limit −0.5", "opens +6", "mail cap −1.5", "score cap −0.5"]


@pytest.mark.parametrize(
    ("milli", "text"), [(15_000, "+15"), (-8000, "−8"), (8706, "+8.706"), (0, "+0"), (-1, "−0.001")]
)
def test_signed_points(milli, text):
    assert signed(milli) == text
