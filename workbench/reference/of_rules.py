"""Examples and meanings of rules, their short forms, limits and decay."""

from __future__ import annotations

from pydantic import BaseModel

from workbench.model import Bounds, Case, CasesRule, Decay, EachRule, Effective, Limit, Rule, Steps, WhenRule
from workbench.model.rules import (
    AccountFieldQuantity,
    Band,
    Bands,
    BandsRule,
    FieldQuantity,
    MapRule,
    PerRule,
    Share,
    Units,
    UpToRule,
    ValueMap,
)
from workbench.reference.example import Entry, entry, rule, score

VISITS = "each: {event: visit}, points: 8"
TITLES = """\
cases:
  - {when: {field: job_title, has_word: vp}, points: 15}
  - {when: {field: seats, above: 1}, points: 2}"""

RULES: dict[type[BaseModel], tuple[Entry, ...]] = {
    Rule: (
        entry("id", rule("{id: invited, when: {event: invite}, points: 12}", 12, 0)),
        entry("in", rule("{in: fit, when: {event: invite}, points: 12}", 12, 0)),
        entry("why", rule("{why: Teams stay., when: {event: invite}, points: 12}", 12, 0)),
        entry("enabled", rule("{enabled: false, when: {event: invite}, points: 12}", 0, 0)),
        entry("cap", rule("{each: {event: visit}, points: 8, cap: {max: 20}}", 20, 8)),
        entry("weight", rule("{each: {event: visit}, points: 8, weight: 150%}", 48, 12)),
        entry(
            "effective",
            rule("{when: {field: seats, above: 1}, points: 5, effective: {from: 2026-01-01}}", 5, 5),
            rule("{when: {field: seats, above: 1}, points: 5, effective: {to: 2026-07-01}}", 0, 0),
        ),
        entry("owner tags", rule("{when: {event: invite}, points: 12, owner: revops, tags: [trial]}", 12, 0)),
    ),
    Effective: (
        entry(
            "from to",
            rule("{when: {field: seats, above: 1}, points: 5, effective: {from: 2026-07-01, to: 2026-08-01}}", 5, 5),
            says="The first moment in force, and the first no longer; left out, it is open.",
        ),
    ),
    Bounds: (
        entry(
            "min max",
            rule("{each: {event: visit}, points: -8, cap: {min: -20, max: 0}}", -20, -8),
            score("dimensions: {fit: {max: 15}, engagement: {min: 5}}", 31, 5),
            says="The least and the most.",
        ),
    ),
    WhenRule: (
        entry(
            "when points",
            rule("{when: {event: invite, within: 30d, count: {at_least: 3}}, points: 12}", 12, 0),
            says="The condition, and what it pays, in points with at most three decimals.",
        ),
    ),
    CasesRule: (
        entry("cases", rule(TITLES, 15, 2), says="The cases, in order."),
        entry(
            "default",
            rule("{cases: [{when: {field: job_title, has_word: vp}, points: 15}], default: -1}", 15, -1),
            says="What it pays if no case holds.",
        ),
    ),
    Case: (
        entry(
            "when points",
            rule("{cases: [{when: {field: job_title, has_word: vp}, points: 15}]}", 15, 0),
            says="The condition, and what the rule pays if this is the first case that holds.",
        ),
    ),
    EachRule: (
        entry(
            "each points",
            rule("{each: {event: visit, within: 30d}, points: 8}", 24, 0),
            says="The events, and what each of them pays.",
        ),
        entry("limit", rule(f"{{{VISITS}, limit: {{events: 2}}}}", 16, 8), says="Bounds on what repeated events earn."),
        entry("decay", rule(f"{{{VISITS}, decay: {{half_life: 7d}}}}", 16.093, 0.41), says="How points fade with age."),
    ),
    Limit: (
        entry("per_distinct", rule(f"{{{VISITS}, limit: {{per_distinct: page}}}}", 24, 8)),
        entry("per_day", rule(f"{{{VISITS}, limit: {{per_day: 1}}}}", 24, 8)),
        entry("events", rule(f"{{{VISITS}, limit: {{events: 2}}}}", 16, 8)),
        entry("points", rule(f"{{{VISITS}, limit: {{points: 12.5}}}}", 12.5, 8)),
    ),
    MapRule: (
        entry(
            "map",
            rule("{map: {field: country, points: {DE: 5, FR: 3}}}", 5, 0),
            says="The field, and the points of its values.",
        ),
        entry(
            "default",
            rule("{map: {field: country, points: {FR: 3}}, default: 1}", 1, 1),
            says="What it pays for any other value, and for none.",
        ),
    ),
    ValueMap: (
        entry(
            "field account_field",
            rule("{map: {field: country, points: {DE: 5}}}", 5, 0),
            rule("{map: {account_field: industry, points: {Software: 4}}}", 4, 4),
        ),
        entry("points", rule("{map: {field: country, points: {de: 5, FR: 7}}}", 5, 0)),
        entry(
            "exact",
            rule("{map: {field: country, points: {de: 5, DE: 7}, exact: true}}", 7, 0),
            says="Case and outer blanks matter.",
        ),
    ),
    BandsRule: (
        entry(
            "bands",
            rule("{bands: {of: {field: seats}, steps: [{below: 10, points: 1}, {from: 10, points: 6}]}}", 6, 1),
            says="The quantity and its bands.",
        ),
        entry(
            "default",
            rule("{bands: {of: {field: employees}, steps: [{from: 200, points: 6}]}, default: -2}", 6, -2),
            says="What it pays outside of all bands, and for a missing quantity.",
        ),
    ),
    Bands: (
        entry(
            "of steps",
            rule("{bands: {of: {event: visit}, steps: [{from: 1, below: 3, points: 2}, {from: 3, points: 5}]}}", 5, 2),
            says="What is measured, and the bands.",
        ),
    ),
    Band: (
        entry(
            "from below points",
            rule("{bands: {of: {field: seats}, steps: [{from: 3, below: 12, points: 4}]}}", 0, 4),
            says="The first number of the band, the first beyond it, and what it pays.",
        ),
    ),
    PerRule: (
        entry(
            "per points",
            rule("{per: {of: {field: seats}, unit: 5, most: 10}, points: 1.5}", 3, 0),
            says="The units, and what each full one pays.",
        ),
    ),
    Units: (
        entry("of", rule("{per: {of: {event: invite}, most: 10}, points: 2}", 6, 0), says="What is measured."),
        entry(
            "unit",
            rule("{per: {of: {event: order, measure: sum, property: amount}, unit: 100, most: 5}, points: 3}", 3, 0),
        ),
        entry("most", rule("{per: {of: {event: visit}, most: 3}, points: 2}", 6, 2)),
    ),
    UpToRule: (
        entry(
            "up_to points",
            rule("{up_to: {of: {event: visit}, most: 6}, points: 10}", 6.667, 1.667),
            says="The count as a share of its ceiling, and what the whole pays.",
        ),
    ),
    Share: (
        entry(
            "of most",
            rule("{up_to: {of: {event: visit, measure: days}, most: 4}, points: 10}", 7.5, 2.5),
            says="What is counted, and the count at which all points are paid.",
        ),
        entry(
            "least",
            rule("{up_to: {of: {event: visit}, least: 2, most: 4}, points: 10}", 10, 0),
            says="The count from which anything is paid.",
        ),
    ),
    FieldQuantity: (
        entry("field", rule("{per: {of: {field: seats}, most: 5}, points: 1}", 5, 3), says="The field's name."),
    ),
    AccountFieldQuantity: (
        entry(
            "account_field",
            rule("{per: {of: {account_field: seats}, unit: 10, most: 9}, points: 1}", 4, 4),
            says="The field's name, in the table of accounts.",
        ),
    ),
    Decay: (
        entry("half_life", rule(f"{{{VISITS}, decay: {{half_life: 7d}}}}", 16.093, 0.41)),
        entry("expiry", rule(f"{{{VISITS}, decay: {{expiry: 30d}}}}", 24, 0)),
        entry("linear", rule(f"{{{VISITS}, decay: {{linear: 90d}}}}", 26.756, 5.333)),
        entry("step", rule(f"{{{VISITS}, decay: {{step: {{lose: 25%, every: 7d}}}}}}", 20, 0)),
        entry("geometric", rule(f"{{{VISITS}, decay: {{geometric: {{lose: 25%, every: 7d}}}}}}", 21.424, 2.531)),
        entry("table", rule(f"{{{VISITS}, decay: {{table: [[0, 100%], [7, 50%], [30, 10%]]}}}}", 16.8, 0.8)),
        entry("grace", rule(f"{{{VISITS}, decay: {{half_life: 7d, grace: 7d}}}}", 24.186, 0.82)),
        entry("floor", rule(f"{{{VISITS}, decay: {{expiry: 30d, floor: 20%}}}}", 25.6, 1.6)),
        entry("negatives", rule("{each: {event: visit}, points: -8, decay: {expiry: 30d, negatives: false}}", -32, -8)),
    ),
    Steps: (entry("lose every", rule(f"{{{VISITS}, decay: {{step: {{lose: 10%, every: 30d}}}}}}", 31.2, 7.2)),),
}
