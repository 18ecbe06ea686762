"""Examples and meanings of conditions: tests on fields, on events, on lists, and what joins them."""

from __future__ import annotations

from pydantic import BaseModel

from workbench.model import (
    AccountFieldTest,
    AllOf,
    Amount,
    AnyOf,
    Comparison,
    Count,
    EventFilter,
    EventQuantity,
    EventTest,
    FieldTest,
    MemberTest,
    NamedList,
    NotOf,
    OtherField,
)
from workbench.reference.example import Entry, each, entry, holds, rule

CONDITIONS: dict[type[BaseModel], tuple[Entry, ...]] = {
    FieldTest: (
        entry(
            "field",
            holds("{field: country, equals: DE}", True, False),
            holds("{field: stage, equals: evaluation}", True, False),
            holds("{field: created_at, older_than: 90d}", False, True),
            holds("{field: recorded_score, at_least: 50}", True, False),
            says="The field's name.",
        ),
    ),
    AccountFieldTest: (
        entry(
            "account_field",
            holds("{account_field: industry, equals: software}", True, True),
            says="The field's name, in the table of accounts.",
        ),
    ),
    Comparison: (
        entry(
            "equals",
            holds("{field: consent, equals: true}", True, False),
            holds("{field: country, equals: {account_field: country}}", True, False),
            says="The value is this one; for texts, numbers and true or false.",
        ),
        entry(
            "one_of",
            holds("{field: country, one_of: [DE, FR]}", True, False),
            holds("{field: domain, one_of: {list: free_mail}}", False, True),
            says="The value is one of these, or stands in a named list of the history.",
        ),
        entry(
            "has_word",
            holds("{field: job_title, has_word: [chief, vp]}", True, False),
            says="One of the texts stands in it as whole words: vp is in 'VP, Sales', not in 'MVP'.",
        ),
        entry(
            "contains_any",
            holds("{field: job_title, contains_any: [vp, chief]}", True, True),
            says="One of the texts stands anywhere in it.",
        ),
        entry("starts_with", holds("{field: job_title, starts_with: vp}", True, False), says="It begins so."),
        entry("ends_with", holds("{field: domain, ends_with: [.com, .org]}", False, True), says="It ends so."),
        entry(
            "glob",
            holds('{field: domain, glob: "*.exampl?"}', True, False),
            says="The whole text has this shape: `*` is any run of signs, `?` one sign.",
        ),
        entry(
            "regex",
            holds('{field: job_title, regex: "[MV]+P", portable: false}', True, True),
            says="A pattern is found anywhere in it; needs `portable: false`.",
        ),
        entry("at_least", holds("{field: employees, at_least: 250}", True, False), says="The number is this or more."),
        entry("above", holds("{field: employees, above: 249.5}", True, False), says="The number is more than this."),
        entry("at_most", holds("{field: seats, at_most: 3}", False, True), says="The number is this or less."),
        entry(
            "below",
            holds("{field: seats, below: {account_field: seats}}", True, True),
            says="The number is less than this.",
        ),
        entry(
            "between",
            holds("{field: seats, between: [3, 12]}", False, True),
            says="From the first number up to, not including, the second.",
        ),
        entry(
            "before", holds("{field: signed, before: 2026-06-11}", False, True), says="The time is before this moment."
        ),
        entry(
            "after",
            holds("{field: signed, after: 2026-06-11}", True, False),
            holds("{field: renewal, after: {field: signed}}", True, False),
            says="The time is this moment or after it.",
        ),
        entry(
            "within", holds("{field: signed, within: 30d}", True, False), says="Fewer days than this have passed since."
        ),
        entry(
            "older_than",
            holds("{field: signed, older_than: 21d}", False, True),
            says="This many days or more have passed.",
        ),
        entry(
            "in_next", holds("{field: renewal, in_next: 60d}", True, False), says="It comes in fewer days than this."
        ),
        entry(
            "changed_within",
            holds("{field: job_title, changed_within: 7d}", True, False),
            says="The field, of the lead, changed fewer days ago than this.",
        ),
        entry(
            "known",
            holds("{field: country, known: true}", True, False),
            holds("{field: country, known: false}", False, True),
            says="Whether there is a value.",
        ),
        entry(
            "exact",
            holds("{field: job_title, has_word: vp, exact: true}", False, False),
            holds("{field: domain, equals: Gmail.com, exact: true}", False, True),
            says="Case and outer blanks of texts matter.",
        ),
        entry(
            "missing",
            holds("{field: country, equals: FR, missing: true}", False, True),
            holds("{all: [{field: country, equals: DE, missing: skip}, {field: seats, above: 1}]}", True, True),
            says="What a missing value makes of the test: false, true, or left out of the `all` or `any` around it.",
        ),
        entry(
            "portable",
            holds("{field: domain, regex: 'mail', portable: false}", False, True),
            says="Must be false beside `regex`: engines read patterns differently, so such a model may not travel.",
        ),
    ),
    OtherField: (
        entry(
            "field account_field",
            holds("{field: seats, below: {account_field: seats}}", True, True),
            holds("{field: signed, before: {field: renewal}}", True, False),
            says="The other field, of the lead or of its account.",
        ),
    ),
    NamedList: (
        entry("list", holds("{field: domain, one_of: {list: free_mail}}", False, True), says="The list's name."),
    ),
    MemberTest: (
        entry("member_of", holds("{member_of: targets}", True, False), says="The name of a list, or several."),
        entry(
            "scope",
            holds("{member_of: key_accounts, scope: account}", True, True),
            holds("{member_of: targets, scope: lead}", True, False),
            says="Whether the lead's own id is looked for, or that of its account.",
        ),
    ),
    AllOf: (
        entry(
            "all",
            holds("{all: [{field: seats, above: 1}, {field: consent, equals: true}]}", True, False),
            says="The tests, of any kind.",
        ),
    ),
    AnyOf: (
        entry(
            "any",
            holds("{any: [{field: seats, above: 9}, {field: seats, below: 5}]}", True, True),
            says="The tests, of any kind.",
        ),
    ),
    NotOf: (entry("not", holds("{not: {field: country, equals: DE}}", False, True), says="The test, of any kind."),),
    EventFilter: (
        entry(
            "event", each("{event: visit}", 4, 1), each("{event: [invite, order]}", 5, 0), each("{event: any}", 9, 1)
        ),
        entry("where", each("{event: visit, where: {field: page, starts_with: /pr}}", 2, 0)),
        entry("within", each("{event: visit, within: 30d}", 3, 0)),
        entry("older_than", each("{event: visit, older_than: 7d}", 3, 1)),
        entry("after before", each("{event: visit, after: 2026-06-01, before: 2026-06-30}", 2, 0)),
        entry("scope", each("{event: visit, scope: account}", 5, 5), each("{event: visit, scope: lead}", 4, 1)),
    ),
    EventTest: (
        entry(
            "count",
            holds("{event: invite, within: 30d, count: {at_least: 3}}", True, False),
            holds("{event: invite}", True, False),
            says="How many events; at least one, if no measure is given.",
        ),
        entry("days", holds("{event: visit, days: {at_least: 3}}", True, False), says="On how many UTC days."),
        entry(
            "leads",
            holds("{event: visit, scope: account, leads: {at_least: 2}}", True, True),
            says="By how many leads.",
        ),
        entry(
            "distinct",
            holds("{event: visit, distinct: {equals: 3}, property: page}", True, False),
            says="How many different values of `property`, case and outer blanks aside; a missing one is none.",
        ),
        entry(
            "sum",
            holds("{event: order, sum: {at_least: 150.5}, property: amount}", True, False),
            says="The sum of the number `property`.",
        ),
        entry(
            "first_age",
            holds("{event: visit, first_age: {at_least: 30}}", True, True),
            says="Age in days of the oldest.",
        ),
        entry(
            "last_age", holds("{event: visit, last_age: {below: 7}}", True, False), says="Age in days of the newest."
        ),
        entry("property", holds("{event: order, sum: {above: 150}, property: amount}", True, False)),
        entry(
            "missing",
            holds("{event: order, last_age: {at_least: 21}, missing: true}", False, True),
            holds(
                "{all: [{event: order, last_age: {below: 30}, missing: skip}, {field: seats, above: 1}]}", True, True
            ),
        ),
    ),
    EventQuantity: (
        entry(
            "measure",
            rule("{per: {of: {event: visit, measure: count}, most: 9}, points: 1}", 4, 1),
            rule("{per: {of: {event: visit, measure: days}, most: 9}, points: 1}", 3, 1),
            rule("{per: {of: {event: visit, measure: leads, scope: account}, most: 9}, points: 1}", 2, 2),
            rule("{per: {of: {event: visit, measure: first_age}, most: 100}, points: 1}", 45, 30),
            rule("{per: {of: {event: order, measure: last_age}, most: 100}, points: 1}", 20, 0),
        ),
        entry(
            "property",
            rule("{per: {of: {event: visit, measure: distinct, property: page}, most: 9}, points: 1}", 3, 1),
            rule("{per: {of: {event: order, measure: sum, property: amount}, unit: 50, most: 9}, points: 1}", 3, 0),
        ),
    ),
    Count: (
        entry("equals", holds("{event: visit, count: {equals: 1}}", False, True), says="Exactly this many."),
        entry("at_least", holds("{event: visit, count: {at_least: 4}}", True, False), says="This many or more."),
        entry("above", holds("{event: visit, count: {above: 3}}", True, False), says="More than this."),
        entry("at_most", holds("{event: visit, count: {at_most: 1}}", False, True), says="This many or fewer."),
        entry("below", holds("{event: visit, count: {below: 4}}", False, True), says="Fewer than this."),
        entry(
            "between",
            holds("{event: visit, count: {between: [1, 4]}}", False, True),
            says="From the first up to, not including, the second.",
        ),
    ),
    Amount: (
        entry(
            "equals", holds("{event: order, sum: {equals: 150.5}, property: amount}", True, False), says="Exactly this."
        ),
        entry(
            "at_least above",
            holds("{event: order, sum: {above: 150.499}, property: amount}", True, False),
            holds("{event: order, sum: {at_least: 150.5}, property: amount}", True, False),
            says="This or more; more than this.",
        ),
        entry(
            "at_most below",
            holds("{event: order, sum: {at_most: 99.999}, property: amount}", False, True),
            holds("{event: order, sum: {below: 150.5}, property: amount}", False, True),
            says="This or less; less than this. Without events the sum is 0.",
        ),
        entry(
            "between",
            holds("{event: order, sum: {between: [100, 200]}, property: amount}", True, False),
            says="From the first up to, not including, the second.",
        ),
    ),
}
