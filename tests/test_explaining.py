"""One lead explained: variant, gate and grade, the events behind each rule, the way to the next tier; by hand."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import workbench as wb
from workbench.explaining import Explanation

NOW = pd.Timestamp("2026-06-01T12:00:00Z")
DAY = pd.Timedelta(days=1)
MAPPING = """
format: lead-history/1
until: "2027-01-01"
leads: {file: leads, id: lead_id, account: account_id, created_at: created_at, known: creation}
accounts: {file: accounts, id: account_id, known: creation}
events: {file: events, lead: lead_id, at: occurred_at, event: event, properties: [page]}
"""
HEAD = "format: lead-scoring-model/1\nname: small\n"
VISITS = [  # lead, days ago, page
    *(("lead-1", 0.5, "/pricing"), ("lead-1", 1.25, "/pricing"), ("lead-1", 1.5, "/docs"), ("lead-1", 9, "/blog")),
    *(("lead-2", 3, "/pricing"), ("lead-1", -1, "/pricing")),
]


def explained(model: str, *, lead_id: str = "lead-1", colleague: pd.Timedelta = -30 * DAY) -> Explanation:
    """The explanation of a lead of a small past: two leads of one account, five visits before now and one after."""
    created = [NOW - 30 * DAY, NOW + colleague]
    leads = pd.DataFrame({"lead_id": ["lead-1", "lead-2"], "account_id": "acme", "created_at": created})
    frames = {
        "leads": leads.assign(title=["VP Sales", "Clerk"], region=["EU", None]),
        "accounts": pd.DataFrame({"account_id": ["acme"], "employees": [1200.0]}),
        "events": pd.DataFrame(
            [(lead, NOW - days * DAY, "visit", page) for lead, days, page in VISITS],
            columns=["lead_id", "occurred_at", "event", "page"],
        ),
    }
    with wb.read_history(frames, mapping=MAPPING) as history:
        return wb.explain(wb.parse_model(HEAD + model), history, lead_id=lead_id, as_of=NOW.isoformat())


EACH = "dimensions: {web: {}}\nrules: [{id: visits, in: web, each: {event: visit%s}, points: 8%s}]"


def evidence(found: Explanation) -> list[tuple]:
    frame = found.evidence
    return list(zip(frame["rule"], frame["age_days"], frame["lead_id"], frame["points"], strict=True))


class TestEvidence:
    def test_events_before_the_moment_newest_first_with_what_each_earns(self):
        found = explained(EACH % ("", ", decay: {half_life: 1d}"))
        events = [(0, 8.0), (1, 4.0), (1, 4.0), (9, 0.016)]
        assert evidence(found) == [("visits", age, "lead-1", points) for age, points in events]
        assert found.evidence["points"].sum() == found.score
        assert found.evidence["occurred_at"].tolist() == [NOW - days * DAY for days in (0.5, 1.25, 1.5, 9)]

    def test_only_the_events_that_count(self):
        assert [row[1] for row in evidence(explained(EACH % (", within: 2d", ", limit: {per_day: 1}")))] == [0, 1]
        assert [row[1] for row in evidence(explained(EACH % ("", ", limit: {events: 3}")))] == [0, 1, 1]
        distinct = explained(EACH % ("", ", limit: {per_distinct: page}"))
        assert [row[1] for row in evidence(distinct)] == [0, 1, 9]
        assert distinct.evidence["points"].sum() == distinct.score == 24

    def test_colleagues_are_named(self):
        found = explained(EACH % (", scope: account", ""))
        assert [row[2] for row in evidence(found)] == ["lead-1", "lead-1", "lead-1", "lead-2", "lead-1"]

    def test_colleagues_who_do_not_exist_yet_do_nothing(self):
        when = "when: {event: visit, scope: account, leads: %s}"
        rule = "dimensions: {web: {}}\nrules: [{id: r, in: web, points: 5, " + when + "}]"
        assert explained(rule % "{at_least: 2}").score == 5
        assert explained(rule % "{at_least: 2}", colleague=10 * DAY).score == 0
        assert explained(rule % "{equals: 1}", colleague=0 * DAY).score == 5
        assert explained(rule % "{at_least: 2}", colleague=-DAY / 86_400_000_000).score == 5

    def test_a_condition_shows_what_it_counted_and_only_where_it_holds(self):
        rule = "dimensions: {web: {}}\nrules: [{id: r, in: web, points: 5, when: {event: visit, count: {%s: 2}}}]"
        assert [(row[1], row[3] == row[3]) for row in evidence(explained(rule % "at_least"))] == [
            (0, False),
            (1, False),
            (1, False),
            (9, False),
        ]
        assert evidence(explained(rule % "below")) == []

    def test_of_several_cases_the_one_that_holds(self):
        model = """
dimensions: {web: {}}
rules:
  - id: steps
    in: web
    effective: {from: 2026-01-01}
    cases:
      - {when: {event: visit, where: {field: page, equals: /pricing}, count: {at_least: 3}}, points: 9}
      - {when: {event: visit, where: {field: page, equals: /pricing}, count: {at_least: 2}}, points: 6}
"""
        found = explained(model)
        assert (found.score, [row[1] for row in evidence(found)]) == (6, [0, 1])
        assert found.lines["because"].tolist() == ["≥ 2 x visit with page is /pricing"]
        assert explained(model.replace("from: 2026-01-01", "to: 2026-01-01")).score == 0


DECIDED = """
dimensions: {fit: {}, web: {}}
rules:
  - {id: vp, in: fit, when: {field: title, has_word: vp}, points: 20}
  - {id: visits, in: web, each: {event: visit}, points: 4}
tiers: [{name: Cold}, {name: Warm}, {name: Hot}]
matrix:
  rows: {dimension: fit, from: {A: 30, B: 10}}
  columns: {dimension: web, from: {1: 20, 2: 10, 3: 0}}
  tiers: {A1: Hot, A2: Hot, B1: Hot, B2: Warm, A3: Warm, B3: Cold}
gates: [{id: nowhere, when: {field: region, known: false}, tier: Disqualified, why: We cannot sell there.}]
variants:
  - {name: large, when: {account_field: employees, at_least: 1000}, why: They buy more., multiply: {rules: {vp: 1.5}}}
"""


class TestDeciders:
    def test_variant_and_grade(self):
        found = explained(DECIDED)
        assert (found.variant, found.grade, found.tier, found.score) == ("large", "A2", "Hot", 46)
        assert found.lines.iloc[0].tolist() == [
            "variant",
            "large",
            "",
            "account's employees ≥ 1000",
            "They buy more.",
            0,
        ]
        weight = found.lines[found.lines["line"] == "rule weight"].iloc[0]
        assert (weight["points"], weight["because"]) == (10, "weighs 1.5 x")
        assert found.headline.endswith("scores 46, Hot (grade A2), by the variant 'large'.")
        assert found.next is None

    def test_a_gate_stands_last_and_there_is_no_way_up(self):
        found = explained(DECIDED, lead_id="lead-2")
        assert (found.score, found.tier, found.gate, found.grade) == (None, "Disqualified", "nowhere", None)
        assert found.lines.iloc[-1].tolist() == ["gate", "nowhere", "", "region is missing", "We cannot sell there.", 0]
        assert found.next is None

    def test_it_is_plain_data_and_html_that_trusts_nothing(self):
        found = explained(DECIDED.replace("They buy more.", "<script>"))
        assert json.loads(json.dumps(found.to_document()))["variant"] == "large"
        assert "<script>" not in found._repr_html_()
        assert "events behind it" in found._repr_html_()


WAYS = """
dimensions: {fit: {max: 30}, web: {max: 40}}
rules:
  - {id: vp, in: fit, when: {field: title, has_word: vp}, points: 10}
  - {id: asia, in: fit, when: {field: region, equals: ASIA}, points: 25}
  - {id: visits, in: web, each: {event: visit}, points: 3, limit: {points: 24}}
  - {id: silent, in: web, when: {event: call, count: {equals: 0}}, points: -9}
tiers: [{name: Cold, from: 0}, {name: Warm, from: %s}]
"""


class TestNextTier:
    """The lead has 10 + 12 - 9 = 13 points."""

    @pytest.mark.parametrize(
        ("least", "steps", "score"),
        [
            (15, [("1 more visit", "visits", 3)], 16),
            (17, [("1 more call", "silent", 9)], 22),
            (23, [("4 more visit", "visits", 12)], 25),
            (26, [("1 more call", "silent", 9), ("2 more visit", "visits", 6)], 28),
            (35, [("region is ASIA", "asia", 20), ("1 more visit", "visits", 3)], 36),
        ],
    )
    def test_what_it_can_do_before_what_it_is_and_as_little_as_possible(self, least, steps, score):
        found = explained(WAYS % least).next
        assert (found.tier, found.missing, found.score) == ("Warm", {"score": least - 13}, score)
        assert sorted((step.change, step.rule, step.points) for step in found.steps) == sorted(steps)

    def test_a_tier_that_no_such_change_reaches(self):
        found = explained(WAYS % 60).next
        assert (found.steps, found.score) == ((), None)
        assert found.sentence == "47 points of score short of Warm; no change of one or two rules' facts reaches it."

    def test_minima_are_told_apart(self):
        tiers = "tiers: [{name: Cold, from: 0}, {name: Warm, from: 10, require: {web: 5}}]"
        found = explained((WAYS % 0).replace("tiers: [{name: Cold, from: 0}, {name: Warm, from: 0}]", tiers)).next
        assert (found.missing, found.sentence) == (
            {"web": 2.0},
            "2 points of web short of Warm. Smallest change: 1 more visit (visits, score +3).",
        )

    def test_rules_that_share_evidence_move_together(self):
        more = "  - {id: also, in: web, each: {event: visit}, points: 1}\ntiers:"
        found = explained((WAYS % 21).replace("tiers:", more)).next
        assert [(step.change, step.points) for step in found.steps] == [("1 more visit", 4)]


ONE = """
dimensions: {web: {}}
rules: [{id: r, in: web, points: 30, %s}]
tiers: [{name: Cold, from: -99}, {name: Warm, from: 25}]
"""


@pytest.mark.parametrize(
    "model",
    [
        (ONE % "each: {event: visit}, limit: {events: 4}").replace("points: 30", "points: 6"),
        ONE % "when: {field: region, equals: XX}, effective: {to: 2020-01-01}",
        ONE % "when: {field: region, equals: XX}" + "gates: [{id: g, when: {field: region, equals: XX}, tier: Out}]",
        ONE % "when: {field: region, equals: XX}"
        + "variants: [{name: v, when: {field: region, equals: XX}, drop: [r]}]",
        ONE % "when: {event: call, before: 2025-01-01}",
        ONE % "when: {event: call, older_than: 7d}",
        ONE % "when: {all: [{field: region, equals: XX}, {field: region, equals: YY}]}",
        ONE % "when: {field: created_at, within: 7d}",
        ONE % "when: {event: call}, cap: {max: 10}",
        (ONE % "when: {field: region, equals: XX}").replace("web: {}", "web: {max: 20}"),
    ],
)
def test_nothing_is_offered_that_would_not_work(model):
    found = explained(model).next
    assert (found.tier, found.steps) == ("Warm", ())


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (ONE % "when: {event: call, count: {at_least: 3}}", "3 more call"),
        (ONE % "when: {event: call, where: {field: page, equals: /a}}", "1 more call with page is /a"),
        (ONE % "when: {any: [{field: region, equals: XX}, {event: call}]}", "1 more call"),
        (ONE % "when: {all: [{field: title, has_word: vp}, {event: call}]}", "1 more call"),
        (ONE % "when: {account_field: employees, at_least: 2000}", "account's employees ≥ 2000"),
        ((ONE % "when: {field: title, has_word: vp}").replace("points: 30", "points: -30").replace("25", "0"), "not "),
    ],
)
def test_conditions_are_made_to_hold(model, change):
    [step] = explained(model).next.steps
    assert step.change.startswith(change)
