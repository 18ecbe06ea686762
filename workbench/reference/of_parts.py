"""Examples and meanings of what stands around the rules."""

from __future__ import annotations

from pydantic import BaseModel

from workbench.model import (
    AccountScore,
    Axis,
    Dimension,
    Gate,
    Group,
    Inactivity,
    Matrix,
    Model,
    Score,
    Silence,
    Tier,
    Transform,
    Variant,
)
from workbench.model.transform import Line, Logistic
from workbench.model.variant import Multiply
from workbench.reference.example import Entry, Example, account, entry, score, tier

TIERS = "tiers: [{name: Nurture, from: 0}, {name: MQL, from: 30}]"
MATRIX = """\
matrix:
  rows: {dimension: fit, from: {A: 20, B: 0}}
  columns: {dimension: engagement, from: {"1": 10, "2": 0}}
  tiers: {A1: SQL, A2: MQL, B1: MQL}
tiers: [{name: MQL}, {name: SQL}]"""
INNER = """\
use: partners.yaml
model:
  format: lead-scoring-model/1
  name: partners
  dimensions: {fit: {}}
  rules: [{id: seats, in: fit, per: {of: {field: seats}, most: 20}, points: 1}]"""


def variant(text: str, one: float, two: float) -> Example:
    """A variant, and the score of the two leads."""
    return Example(text, f"{one:.12g}", f"{two:.12g}", "variant")


PARTS: dict[type[BaseModel], tuple[Entry, ...]] = {
    Model: (
        entry("format", score("format: lead-scoring-model/1", 36, 4), says="The first line of every model file."),
        entry(
            "name version about owner", score("{name: inbound, version: 4, about: All trials, owner: revops}", 36, 4)
        ),
        entry("dimensions", score("dimensions: {fit: {max: 10}, engagement: {}}", 26, 4)),
        entry("groups", score("groups: {web: {in: engagement, max: 10}}", 36, 4)),
        entry("rules", score("rules: [{id: vp, in: fit, when: {field: job_title, has_word: vp}, points: 15}]", 15, 0)),
        entry("score", score("score: {max: 30, round: half_up}", 30, 4)),
        entry("tiers", tier(TIERS, "MQL", "Nurture")),
        entry("matrix", tier(MATRIX, "SQL", "no tier")),
        entry(
            "gates",
            tier("gates: [{id: mail, when: {field: domain, equals: gmail.com}, tier: Private}]", "no tier", "Private"),
        ),
        entry("variants", score("variants: [{name: small, when: {field: seats, below: 5}, drop: [visits]}]", 36, 0)),
        entry("account", account("account: {roll_up: max}", 36)),
        entry("silence", score("silence: [{code: L101, at: large, because: New field.}]", 36, 4)),
    ),
    Dimension: (
        entry("weight", score("dimensions: {fit: {weight: 50%}, engagement: {}}", 26, 4)),
        entry(
            "inactivity",
            score(
                "dimensions:\n  fit: {inactivity: {since: {event: order}, decay: {linear: 40d}}}\n  engagement: {}",
                26,
                4,
            ),
        ),
    ),
    Inactivity: (
        entry(
            "since decay",
            score(
                "dimensions:\n  fit: {}\n  engagement: {inactivity: {since: {event: visit}, decay: {half_life: 30d}}}",
                36,
                2,
            ),
        ),
    ),
    Group: (
        entry(
            "in",
            score(
                """\
groups: {web: {in: engagement, max: 10}}
rules: [{id: visits, in: web, each: {event: visit}, points: 4}]""",
                10,
                4,
            ),
            says="The dimension that the group stands in.",
        ),
    ),
    Score: (
        entry(
            "combine",
            score("score: {combine: sum}", 36, 4),
            score("score: {combine: max}", 20, 4),
            score("score: {combine: product}", 320, 0),
            score("score: {combine: weighted, weights: {fit: 30%, engagement: 70%}}", 17.2, 2.8),
            score(f"score: {{combine: matrix}}\n{MATRIX}", 2, 0),
        ),
        entry("weights", score("score: {combine: weighted, weights: {fit: 0.5, engagement: 2}}", 42, 8)),
        entry("transform", score("score: {transform: {rescale: {from: [0, 72], to: [0, 100]}}}", 50, 6)),
        entry(
            "round",
            score("score: {combine: weighted, weights: {fit: 12.5%, engagement: 0}, round: half_up}", 3, 0),
            score("score: {combine: weighted, weights: {fit: 12.5%, engagement: 0}, round: none}", 2.5, 0),
        ),
    ),
    Transform: (
        entry("table", score("score: {transform: {table: [[0, 1], [10, 2], [36, 5]]}}", 5, 1)),
        entry(
            "rescale sqrt logistic",
            score("score: {transform: {rescale: {from: [0, 40], to: [0, 10]}}}", 9, 1),
            score("score: {transform: {sqrt: {from: [0, 64], to: [0, 100]}}}", 75, 25),
            score("score: {transform: {logistic: {middle: 36, spread: 8, to: [0, 100]}}}", 50, 2),
        ),
    ),
    Line: (
        entry(
            "from to",
            score("score: {transform: {rescale: {from: [0, 36], to: [0, 100]}}}", 100, 11),
            says="The range of points that goes in, and the one that comes out; for `rescale` and `sqrt`.",
        ),
    ),
    Logistic: (
        entry(
            "middle spread to",
            score("score: {transform: {logistic: {middle: 20, spread: 16, to: [0, 10]}}}", 7, 3),
            says="The points that give the middle of the range, how fast it changes around them, and the range.",
        ),
    ),
    Tier: (
        entry("name", tier("tiers: [{name: Everyone, from: 0}]", "Everyone", "Everyone"), says="The tier's name."),
        entry("from", tier(TIERS, "MQL", "Nurture")),
        entry("require", tier("tiers: [{name: All, from: 0}, {name: PQL, from: 0, require: {fit: 20}}]", "PQL", "All")),
        entry("then", tier("tiers: [{name: MQL, from: 30, then: SDR calls within a day}]", "MQL", "no tier")),
    ),
    Matrix: (entry("rows columns tiers", tier(MATRIX, "SQL", "no tier")),),
    Axis: (entry("dimension from", tier(MATRIX.replace("B1: MQL", "B2: MQL"), "SQL", "MQL")),),
    Gate: (
        entry(
            "id when",
            tier("gates: [{id: mail, when: {field: domain, equals: gmail.com}, tier: Private}]", "no tier", "Private"),
            says="The gate's name, and for whom it decides.",
        ),
        entry(
            "tier",
            tier(f"{TIERS}\ngates: [{{id: vip, when: {{member_of: targets}}, tier: Nurture}}]", "Nurture", "Nurture"),
            says="The tier that the lead gets, or the name under which it is taken out.",
        ),
        entry(
            "why",
            tier(
                "gates: [{id: own, when: {field: country, known: true}, tier: Ours, why: We sell at home.}]",
                "Ours",
                "no tier",
            ),
            says="The reason in a person's words.",
        ),
    ),
    Variant: (
        entry(
            "name why when",
            variant("{name: small, why: Small teams, when: {field: seats, below: 5}, drop: [visits]}", 36, 0),
            says="Its name, the reason, and which leads; only the last variant may leave `when` out.",
        ),
        entry("multiply", variant("multiply: {rules: {visits: 50%}}", 28, 2)),
        entry(
            "override", variant("override: [{id: large, in: fit, when: {field: seats, above: 1}, points: 7}]", 23, 11)
        ),
        entry("add", variant("add: [{id: vp, in: fit, when: {field: job_title, has_word: vp}, points: 15}]", 51, 4)),
        entry("drop", variant("drop: [large]", 16, 4)),
        entry(
            "tiers",
            tier(
                f"{TIERS}\nvariants: [{{name: small, when: {{field: seats, below: 5}}, tiers: {{MQL: 4}}}}]",
                "MQL",
                "MQL",
            ),
        ),
        entry("use model", variant(INNER, 12, 3)),
    ),
    Multiply: (
        entry(
            "rules dimensions",
            variant("multiply: {rules: {visits: 2}, dimensions: {fit: 10%}}", 34, 8),
            says="Factors by id of the rule, or by name of the dimension.",
        ),
    ),
    AccountScore: (
        entry(
            "roll_up",
            account("account: {roll_up: sum}", 40),
            account("account: {roll_up: mean}", 20),
            account("account: {roll_up: max}", 36),
            account("account: {roll_up: min}", 4),
            account("account: {roll_up: top_mean, top: 1}", 36),
            account("account: {roll_up: count_above, above: 4}", 2),
        ),
        entry(
            "top above",
            account("account: {roll_up: top_mean, top: 2}", 20),
            account("account: {roll_up: count_above, above: 5}", 1),
        ),
        entry(
            "tiers",
            Example(
                "account: {roll_up: sum, tiers: [{name: Warm, from: 0}, {name: Hot, from: 40}]}",
                "Hot",
                "",
                "model",
                "account tier",
            ),
        ),
    ),
    Silence: (entry("code at because", score("silence: [{code: L101, at: large, because: A new field}]", 36, 4)),),
}
