"""One model that uses every form of the language, for tests that change each of its values in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.document import Document
from workbench.model import Model, parse_model

RICH = """\
format: lead-scoring-model/1
name: rich
version: 2
about: Everything
owner: revops
dimensions:
  fit: {min: -10, max: 60, weight: 1.5}
  engagement:
    max: 40
    inactivity: {since: {event: [visit, call], within: 90d}, decay: {geometric: {lose: 25%, every: 30d}, floor: 10%}}
  product: {}
groups:
  email: {in: engagement, max: 10}
rules:
  - id: seniority
    in: fit
    why: They sign.
    owner: sales
    tags: [title, old]
    cap: {min: 0, max: 12}
    weight: 0.5
    effective: {from: 2026-01-01, to: 2026-12-01}
    cases:
      - {when: {field: job_title, has_word: [chief, vp]}, points: 15}
      - {when: {field: job_title, has_word: [director]}, points: 10}
      - {when: {field: job_title, has_word: [head], exact: true}, points: 4}
    default: 1
  - id: mixed
    in: fit
    when:
      all:
        - {field: employees, at_least: 200, missing: skip}
        - any:
            - {account_field: industry, one_of: [Software, Media]}
            - {field: renewal, in_next: 60d}
            - {member_of: [targets, old], scope: account}
        - not: {field: country, equals: {account_field: country}}
        - {field: revenue, between: [10, 50.5]}
        - {field: phone, known: true}
    points: 7
  - id: invited
    in: product
    when: {event: [invite, add_user], where: {field: role, equals: admin}, within: 30d, count: {at_least: 3}}
    points: 12
  - id: spent
    in: product
    when: {event: order, property: amount, sum: {between: [10, 99.5]}, older_than: 3d, scope: account}
    points: 3
  - id: quiet
    in: engagement
    when: {event: any, last_age: {at_least: 21}, missing: true}
    points: -10
  - id: pricing
    in: email
    each: {event: visit, where: {field: page, glob: /pricing*}, within: 90d}
    points: 4
    limit: {per_distinct: page, per_day: 2, events: 5, points: 12}
    decay: {half_life: 14d, grace: 2d, floor: 5%, negatives: false}
  - id: stepped
    in: email
    each: {event: click, after: 2026-01-01, before: 2026-06-01}
    points: 2
    decay: {step: {lose: 10%, every: 7d}}
  - id: tabled
    in: email
    each: {event: open}
    points: 2
    decay: {table: [[0, 100%], [7, 50%], [30, 0%]]}
  - id: region
    in: fit
    map: {field: region, points: {EU: 5, US: 3}, exact: true}
    default: -1
  - id: size
    in: fit
    bands: {of: {account_field: employees}, steps: [{below: 10, points: -2}, {from: 10, below: 50, points: 5}]}
    default: 2
  - id: seats
    in: product
    per: {of: {field: seats}, unit: 2.5, most: 4}
    points: 1.5
  - id: active
    in: product
    up_to: {of: {event: login, measure: days, within: 30d}, least: 2, most: 5}
    points: 10
  - {id: off, in: fit, enabled: false, when: {field: region, equals: EU}, points: 1}
score:
  combine: weighted
  weights: {fit: 50%, engagement: 30%, product: 20%}
  transform: {logistic: {middle: 30, spread: 10, to: [0, 9]}}
  min: 0
  max: 100
  round: half_up
tiers:
  - {name: Nurture, from: 0, then: wait}
  - {name: MQL, from: 40, require: {fit: 5}, then: call}
  - {name: SQL, from: 70}
gates:
  - {id: competitor, when: {field: domain, one_of: [rival.com]}, tier: Disqualified, why: They read too.}
  - {id: student, when: {field: domain, ends_with: .edu}, tier: Nurture}
variants:
  - name: enterprise
    why: Larger deals
    when: {field: employees, at_least: 1000}
    multiply: {rules: {seniority: 1.5}, dimensions: {product: 50%}}
    override: [{id: region, in: fit, when: {field: region, equals: EU}, points: 6}]
    add: [{id: parent, in: fit, when: {field: parent, known: true}, points: 2}]
    drop: [quiet]
    tiers: {MQL: 35}
  - name: partners
    when: {field: source, equals: partner}
    model:
      format: lead-scoring-model/1
      name: partner
      dimensions: {fit: {}}
      rules: [{id: p, in: fit, when: {field: region, equals: EU}, points: 2}]
      tiers: [{name: Nurture, from: 0}, {name: MQL, from: 20}, {name: SQL, from: 30}]
account: {roll_up: top_mean, top: 3, tiers: [{name: Hot, from: 50, then: visit}]}
silence: [{code: L101, at: quiet, because: Known.}]
"""
MATRIX = """\
format: lead-scoring-model/1
name: graded
dimensions: {fit: {}, interest: {}}
rules:
  - {id: eu, in: fit, when: {field: region, equals: EU}, points: 5}
  - {id: seen, in: interest, each: {event: visit}, points: 1, decay: {expiry: 30d}}
score: {combine: matrix, transform: {table: [[0, 0], [10, 5]]}}
matrix:
  rows: {dimension: fit, from: {A: 5, B: 0}}
  columns: {dimension: interest, from: {"1": 10, "2": 0}}
  tiers: {A1: SQL, A2: MQL, B1: MQL}
tiers: [{name: MQL}, {name: SQL}]
account: {roll_up: count_above, above: 1000}
"""
MODELS = {"rich": parse_model(RICH), "matrix": parse_model(MATRIX)}
Data = dict[str, Any]


def parsed(data: Data) -> Model:
    return parse_model(Document("m", data, {}, ""))


def set_in(*way: Any, to: Any) -> Callable[[Data, dict[str, Data]], Any]:
    """An edit: way through the data, by key, index, or a rule's id after 'rules'."""

    def edit(data: Data, _: dict[str, Data]) -> None:
        here: Any = data
        for step in way[:-1]:
            by_name = isinstance(here, list) and isinstance(step, str)
            here = next(item for item in here if step in (item.get("id"), item.get("name"))) if by_name else here[step]
        if to is None:
            del here[way[-1]]
        else:
            here[way[-1]] = to

    return edit
