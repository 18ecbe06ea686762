"""Variants, models they use, and what leads without dates cannot answer: wrong, each in one way."""

from __future__ import annotations

from broken.scene import FLAT, FLAT_MODEL, MAPPING, MODEL, SCORE, Broken, changed

EU = "when: {field: region, equals: EU}"
ACCOUNTS = "accounts: {file: accounts.csv, id: account_id, known: creation}\n"
LISTS = "lists: {customers: [A1]}\n"
OTHER = """\
format: lead-scoring-model/1
name: eu
dimensions: {fit: {}}
rules:
  - {id: size, in: fit, when: {field: employees, at_least: 50}, points: 5}
tiers: [{name: Nurture, from: 0}, {name: MQL, from: 5}]
"""


def variant(said: str, says: str) -> Broken:
    """The model has a variant for leads in the EU."""
    lines = f"variants:\n  - {{name: eu, {EU}, {said}}}\n"
    return Broken({"model.yaml": MODEL + lines}, "model.yaml:39 variants[0]" + says)


def uses(other: str, says: str) -> Broken:
    """The model uses another in its only variant."""
    return Broken({"model.yaml": f"{MODEL}variants:\n  - {{name: eu, {EU}, use: eu.yaml}}\n", "eu.yaml": other}, says)


def flat(old: str, new: str, says: str) -> Broken:
    """A model of leads that are taken as recorded."""
    return Broken({"flat/model.yaml": changed(FLAT_MODEL, old, new)}, says, FLAT)


VARIANTS = {
    "a variant of an unknown rule": variant(
        "multiply: {rules: {industri: 2}}",
        (".multiply.rules.industri: expected a rule of this model, found 'industri'. Did you mean 'industry'?"),
    ),
    "a variant of an unknown dimension": variant(
        "multiply: {dimensions: {fitt: 2}}",
        (".multiply.dimensions.fitt: expected a dimension of this model, found 'fitt'. Did you mean 'fit'?"),
    ),
    "a variant of a group": variant(
        "multiply: {dimensions: {email: 2}}",
        (
            ".multiply.dimensions.email: expected a dimension of this model, found 'email'. Known "
            "are: 'engagement', 'fit'."
        ),
    ),
    "a multiplier below zero": variant(
        "multiply: {rules: {industry: -2}}",
        (
            ".multiply.rules.industry: expected a number from 0 to 1000, or a percentage, such as "
            "1.5, found -2. Write for example 1.5."
        ),
    ),
    "a multiplier out of place": variant(
        "multiply: {industry: 2}",
        (".multiply.industry: expected a key that is known here, found 'industry'. Remove it, or correct its name."),
    ),
    "an unknown rule dropped": variant(
        "drop: [industri]", ".drop[0]: expected a rule of this model, found 'industri'. Did you mean 'industry'?"
    ),
    "a rule dropped without a list": variant(
        "drop: industry", ".drop: expected a list, found \"industry\". Write it as [a, b] or with one '- ' line each."
    ),
    "an unknown rule overridden": variant(
        "override: [{id: industri, in: fit, when: {field: region, known: true}, points: 1}]",
        (".override[0].id: expected a rule of this model, found 'industri'. Did you mean 'industry'?"),
    ),
    "half a rule overridden": variant(
        "override: [{id: industry, points: 1}]",
        (
            ".override[0]: expected exactly one of 'when', 'cases', 'each', 'map', 'bands', 'per', "
            '\'up_to\' in a rule, found {"id": "industry", "points": 1}. Keep or add the one that says '
            "what earns the points."
        ),
    ),
    "a rule added that is there": variant(
        "add: [{id: industry, in: fit, when: {field: region, known: true}, points: 1}]",
        (
            ".add[0].id: expected an id that the model does not have, found 'industry'. Rename it, or"
            " move it to 'override'."
        ),
    ),
    "a rule added on an unknown field": variant(
        "add: [{id: new, in: fit, when: {field: regoin, known: true}, points: 1}]",
        ".add[0].when.field: expected a field of leads, found 'regoin'. Did you mean 'region'?",
    ),
    "a rule added to an unknown dimension": variant(
        "add: [{id: new, in: fti, when: {field: region, known: true}, points: 1}]",
        (".add[0].in: expected a dimension or group of this model, found 'fti'. Did you mean 'fit'?"),
    ),
    "a variant of an unknown tier": variant(
        "tiers: {MLQ: 20}", ".tiers.MLQ: expected a tier of this model, found 'MLQ'. Did you mean 'MQL'?"
    ),
    "a word for a variant's lowest score": variant(
        "tiers: {MQL: high}",
        ('.tiers.MQL: expected points, a number, found "high". Write a plain number such as 15, -8 or 2.5.'),
    ),
    "a model used that is not there": variant(
        "use: eu.yaml",
        (
            ".use: expected the path of a model file from this one, found 'eu.yaml', and there is no "
            "such file. Check the path, or put the file there."
        ),
    ),
    "a folder for a model used": variant(
        "use: crm",
        (
            ".use: expected the path of a model file from this one, found 'crm', and there is no such "
            "file. Check the path, or put the file there."
        ),
    ),
    "a model used by a name that no file can have": variant(
        f"use: {'x' * 300}",
        (
            f".use: expected the path of a model file from this one, found '{'x' * 57}...', and there is "
            "no such file. Check the path, or put the file there."
        ),
    ),
    "a model used from above": variant(
        "use: ../eu.yaml",
        (".use: expected a file beside this one, or in a folder below it, found '../eu.yaml'. Move the file there."),
    ),
    "a model used from anywhere": variant(
        "use: /etc/eu.yaml",
        (".use: expected a file beside this one, or in a folder below it, found '/etc/eu.yaml'. Move the file there."),
    ),
    "a model that uses itself": variant(
        "use: model.yaml",
        (
            ".use: expected a model without 'variants' of its own, found 'variants' in model.yaml. "
            "Move them to this model, or use another."
        ),
    ),
    "changes beside a model used": variant(
        "use: eu.yaml, drop: [industry]",
        (
            ": expected either changes to this model, or 'use' of another, found 'use' and 'drop'. "
            "Make the changes in the other model, or remove 'use'."
        ),
    ),
    "a variant that hides the next": Broken(
        {
            "model.yaml": MODEL
            + "variants:\n  - {name: all, drop: [industry]}\n  - {name: us, when: {field: region, equals: US}}\n"
        },
        (
            "model.yaml:39 variants[0]: expected 'when' in every variant but the last, found none: no"
            " later variant would be used. Give it a 'when', or move it to the end."
        ),
    ),
    "a variant twice": Broken(
        {
            "model.yaml": MODEL
            + "variants:\n  - {name: eu, when: {field: region, equals: EU}}\n"
            + "  - {name: eu, when: {field: region, equals: US}}\n"
        },
        ("model.yaml:40 variants[1].name: expected each name once, found 'eu' a second time. Rename one of the two."),
    ),
    "a model used with other tiers": uses(
        changed(OTHER, "Nurture", "Cold"),
        (
            "model.yaml:39 variants[0].use: expected the same tiers in the same order, found Cold, "
            "MQL, not Nurture, MQL. Give both models the same tiers by name."
        ),
    ),
    "a model used with gates": uses(
        OTHER + "gates: [{id: x, when: {field: region, equals: EU}, tier: Out}]\n",
        (
            "model.yaml:39 variants[0].use: expected a model without 'gates' of its own, found "
            "'gates' in eu.yaml. Move 'gates' to this model, which decides for all."
        ),
    ),
    "a model used with variants": uses(
        OTHER + "variants: [{name: x, when: {field: region, equals: EU}}]\n",
        (
            "model.yaml:39 variants[0].use: expected a model without 'variants' of its own, found "
            "'variants' in eu.yaml. Move them to this model, or use another."
        ),
    ),
    "a model used with accounts": uses(
        OTHER + "account: {roll_up: max}\n",
        (
            "model.yaml:39 variants[0].use: expected a model without 'account' of its own, found "
            "'account' in eu.yaml. Move 'account' to this model, which decides for all."
        ),
    ),
    "an unknown field in a model used": uses(
        changed(OTHER, "employees", "employes"),
        ("eu.yaml:5 rules[0].when.field: expected a field of leads, found 'employes'. Did you mean 'employees'?"),
    ),
    "a misspelt key in a model used": uses(
        changed(OTHER, "points: 5", "point: 5"),
        ("eu.yaml:5 rules[0].point: expected a key that is known here, found 'point'. Did you mean 'points'?"),
    ),
    "a plan used as a model": uses(
        "format: lead-scoring-plan/1\noutcome: won\n",
        (
            "eu.yaml:1 format: expected 'lead-scoring-model/1', found \"lead-scoring-plan/1\". Name a "
            "file of that kind: its first line says which it is."
        ),
    ),
    "a rule in force for a while, without dates": flat(
        "points: 10}",
        "points: 10, effective: {from: 2026-01-01}}",
        (
            "model.yaml:5 rules[0].effective: expected a rule that is always in force, found "
            "'effective'. These leads are taken as recorded, without dates; a plan with 'at: 14d' can"
            " tell."
        ),
    ),
    "idleness without dates": flat(
        "{fit: {}}",
        "{fit: {inactivity: {since: {event: any}, decay: {half_life: 14d}}}}",
        (
            "model.yaml:3 dimensions.fit.inactivity.since.event: expected a condition on fields, "
            "found one on events. These leads are taken as recorded, without dates; a plan with 'at: "
            "14d' can use events."
        ),
    ),
    "an age without dates": flat(
        "{field: visits, at_least: 5}",
        "{field: visits, within: 30d}",
        (
            "model.yaml:5 rules[0].when.within: expected an operator that needs no as_of, found "
            "within. These leads are taken as recorded, without dates; a plan with 'at: 14d' can use "
            "ages."
        ),
    ),
    "changes without dates": flat(
        "{field: visits, at_least: 5}",
        "{field: visits, changed_within: 30d}",
        (
            "model.yaml:5 rules[0].when.changed_within: expected an operator that needs no as_of, "
            "found changed_within. These leads are taken as recorded, without dates; a plan with 'at:"
            " 14d' can use ages."
        ),
    ),
    "bands of events without dates": flat(
        "when: {field: visits, at_least: 5}, points: 10",
        "bands: {of: {event: visit}, steps: [{from: 1, points: 2}]}",
        (
            "model.yaml:5 rules[0].bands: expected a condition on fields, found one on events. These "
            "leads are taken as recorded, without dates; a plan with 'at: 14d' can use events."
        ),
    ),
    "each event without dates": flat(
        "when: {field: visits, at_least: 5}, points: 10",
        "each: {event: visit}, points: 10",
        (
            "model.yaml:5 rules[0].each.event: expected a condition on fields, found one on events. "
            "These leads are taken as recorded, without dates; a plan with 'at: 14d' can use events."
        ),
    ),
    "stages without dates": flat(
        "{field: visits, at_least: 5}",
        "{field: stage, equals: mql}",
        (
            "model.yaml:5 rules[0].when.field: expected a field of leads, found 'stage'. It is built "
            "in where the history has stages with dates; map those, or leave this test out."
        ),
    ),
    "bands in force for a while, without dates": flat(
        "when: {field: visits, at_least: 5}, points: 10",
        "bands: {of: {field: visits}, steps: [{from: 1, points: 2}]}, effective: {to: 2026-01-01}",
        (
            "model.yaml:5 rules[0].effective: expected a rule that is always in force, found "
            "'effective'. These leads are taken as recorded, without dates; a plan with 'at: 14d' can"
            " tell."
        ),
    ),
    "members by account, without accounts": Broken(
        {
            "model.yaml": changed(FLAT_MODEL, "{field: visits, at_least: 5}", "{member_of: customers, scope: account}"),
            "crm/history.yaml": changed(changed(MAPPING, "  account: account_id\n", ""), ACCOUNTS, LISTS),
        },
        (
            "model.yaml:5 rules[0].when.scope: expected a history whose leads have accounts, found "
            "'scope: account'. Map 'account', or leave 'scope' out."
        ),
        SCORE,
    ),
}
