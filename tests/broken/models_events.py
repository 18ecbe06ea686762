"""Conditions on events and lists, and inactivity, that are wrong, each in one way."""

from __future__ import annotations

from broken.scene import Broken, model


def when(condition: str, says: str) -> Broken:
    """The third rule asks something else; the message names its condition."""
    return Broken(model("{field: employees, at_least: 50}", condition), "model.yaml:21 rules[2].when" + says)


def engagement(cap: str, says: str) -> Broken:
    """The second dimension says something else."""
    return Broken(model("engagement: {min: -20, max: 40}", cap), "model.yaml:6 dimensions.engagement" + says)


def decay(shape: str, says: str) -> Broken:
    """The fourth rule's points fade in another way."""
    return Broken(model("decay: {half_life: 14d}", "decay: " + shape), "model.yaml:28 rules[3].decay" + says)


def limit(bounds: str, says: str) -> Broken:
    """The fourth rule's events have another limit."""
    return Broken(model("limit: {events: 5}", "limit: " + bounds), "model.yaml:27 rules[3].limit" + says)


EVENTS = {
    "two measures": when(
        "{event: page_view, days: {at_least: 2}, count: {at_least: 3}}",
        (
            ": expected one of count, days, leads, distinct, sum, first_age, last_age, found count "
            "and days. Join two tests on events with 'all'."
        ),
    ),
    "a measure without its property": when(
        "{event: page_view, distinct: {at_least: 2}}",
        (
            ": expected 'property' beside distinct and sum, and only there, found 'distinct' without "
            "it. Name the property."
        ),
    ),
    "a property that is not measured": when(
        "{event: page_view, property: page, days: {at_least: 2}}",
        (
            ".property: expected 'property' beside distinct and sum, and only there, found it beside "
            "'days'. Remove 'property'."
        ),
    ),
    "a measured property that is not known": when(
        "{event: page_view, property: pag, distinct: {at_least: 2}}",
        ".property: expected a property of events, found 'pag'. Did you mean 'page'?",
    ),
    "a sum of texts": when(
        "{event: page_view, property: page, sum: {at_least: 2}}",
        (
            ".property: expected a measure of texts, which 'page' holds, found sum. Name a property "
            "that holds numbers, or declare the column's type in the mapping."
        ),
    ),
    "a count below zero": when(
        "{event: page_view, count: {at_least: -1}}",
        ".count.at_least: expected a number of at least 0, found -1. Correct this number.",
    ),
    "a count without its bound": when(
        "{event: page_view, count: 3}",
        (
            ".count: expected keys with values, found 3. Write it as {key: value}; keys here are "
            "'equals', 'at_least', 'above', 'at_most', 'below', 'between'."
        ),
    ),
    "a count of two bounds": when(
        "{event: page_view, count: {at_least: 1, below: 3}}",
        (
            ".count: expected exactly one of equals, at_least, above, at_most, below, between, found "
            "at_least and below. Keep the bound that is meant; a range is between: [low, high]."
        ),
    ),
    "a count of no bound": when(
        "{event: page_view, count: {}}",
        (
            ".count: expected exactly one of equals, at_least, above, at_most, below, between, found "
            "none of them. Add the one that is meant."
        ),
    ),
    "a count between the wrong way round": when(
        "{event: page_view, count: {between: [5, 2]}}",
        (".count.between: expected [low, high] with low below high, found [5, 2]. Swap or correct the two numbers."),
    ),
    "missing beside a count": when(
        "{event: page_view, count: {at_least: 1}, missing: true}",
        (
            ".missing: expected 'missing' beside first_age and last_age only, found it beside "
            "'count'. Remove 'missing': without events the others are 0."
        ),
    ),
    "a sum of five decimals": when(
        "{event: page_view, property: page, sum: {at_least: 2.00001}}",
        (".sum.at_least: expected at most three decimals, found 2.00001. Round it: sums are taken in thousandths."),
    ),
    "an age with its unit": when(
        "{event: page_view, last_age: {at_most: 30d}}",
        ('.last_age.at_most: expected a whole number, found "30d". Write the days as a plain number here: 30.'),
    ),
    "a misspelt measure": when(
        "{event: page_view, cuont: {at_least: 2}}",
        ".cuont: expected a key that is known here, found 'cuont'. Did you mean 'count'?",
    ),
    "a number for an event": when(
        "{event: 5}",
        (".event: expected a text, or a list of texts, found 5. Write it as a text in quotes, or as [a, b]."),
    ),
    "a window that closes before it opens": when(
        "{event: page_view, within: 7d, older_than: 30d}",
        (
            ": expected older_than below within, found older_than 30d, within 7d. No event is at once"
            " younger and older; swap or correct the two."
        ),
    ),
    "a window of moments the wrong way round": when(
        "{event: page_view, after: 2026-03-01, before: 2026-01-01}",
        (": expected after earlier than before, found after 2026-03-01, before 2026-01-01. Swap or correct the two."),
    ),
    "a scope that is not known": when(
        "{event: page_view, scope: company}",
        ".scope: expected 'lead' or 'account', found \"company\". Use one of these.",
    ),
    "events inside an event": when(
        "{event: page_view, where: {event: x}}",
        (
            ".where: expected tests on the event's own properties ('field: …') in 'where', found "
            "{\"event\": \"x\"}. For the event's age use 'within' or 'older_than' of the event; move "
            "other tests beside it."
        ),
    ),
    "the account's field inside an event": when(
        "{event: page_view, where: {account_field: industry, equals: software}}",
        (
            ".where: expected tests on the event's own properties ('field: …') in 'where', found "
            '{"account_field": "industry", "equals": "software"}. For the event\'s age use \'within\' or'
            " 'older_than' of the event; move other tests beside it."
        ),
    ),
    "an age inside an event": when(
        "{event: page_view, where: {field: page, within: 3d}}",
        (
            ".where: expected tests on the event's own properties ('field: …') in 'where', found "
            '{"field": "page", "within": "3d"}. For the event\'s age use \'within\' or \'older_than\' of '
            "the event; move other tests beside it."
        ),
    ),
    "a list of members inside an event": when(
        "{event: page_view, where: {member_of: x}}",
        (
            ".where: expected tests on the event's own properties ('field: …') in 'where', found "
            "{\"member_of\": \"x\"}. For the event's age use 'within' or 'older_than' of the event; move "
            "other tests beside it."
        ),
    ),
    "members of an unknown list": when(
        "{member_of: customers}",
        (
            ".member_of: expected a list of the history, found 'customers'. The mapping has no lists;"
            " declare it under 'lists', or write the values out."
        ),
    ),
    "members in an unknown scope": when(
        "{member_of: customers, scope: firm}", ".scope: expected 'lead' or 'account', found \"firm\". Use one of these."
    ),
    "members of no list": when(
        "{member_of: []}", ".member_of: expected at least one entry, found []. Add one, or remove the key."
    ),
    "no activity to be idle from": engagement(
        "engagement: {inactivity: {decay: {half_life: 14d}}}",
        ".inactivity.since: expected the key 'since', found nothing. Add 'since:' here.",
    ),
    "idleness without a decay": engagement(
        "engagement: {inactivity: {since: {event: any}}}",
        ".inactivity.decay: expected the key 'decay', found nothing. Add 'decay:' here.",
    ),
    "an event for activity": engagement(
        "engagement: {inactivity: {since: any, decay: {half_life: 14d}}}",
        (
            '.inactivity.since: expected keys with values, found "any". Write it as {key: value}; '
            "keys here are 'event', 'where', 'within', 'older_than', 'after', 'before', 'scope'."
        ),
    ),
    "a count of activity": engagement(
        ("engagement: {inactivity: {since: {event: any, count: {at_least: 1}}, decay: {half_life: 14d}}}"),
        (
            ".inactivity.since.count: expected a key that is known here, found 'count'. This key is "
            "known in other places, not here: move it or remove it."
        ),
    ),
    "activity of an unknown property": engagement(
        ("engagement: {inactivity: {since: {event: any, where: {field: pag, equals: x}}, decay: {half_life: 14d}}}"),
        (".inactivity.since.where.field: expected a property of events, found 'pag'. Did you mean 'page'?"),
    ),
    "a dimension's weight beyond all measure": engagement(
        "engagement: {min: -20, max: 40, weight: 2000}",
        (".weight: expected a number from 0 to 1000, or a percentage, such as 1.5, found 2000. Write for example 1.5."),
    ),
    "a dimension's weight below zero": engagement(
        "engagement: {weight: -0.5}",
        (".weight: expected a number from 0 to 1000, or a percentage, such as 1.5, found -0.5. Write for example 1.5."),
    ),
    "a misspelt cap": engagement(
        "engagement: {maximum: 40}", ".maximum: expected a key that is known here, found 'maximum'. Did you mean 'max'?"
    ),
    "two shapes of decay": decay(
        "{half_life: 14d, linear: 30d}",
        (
            ": expected exactly one of half_life, expiry, linear, step, geometric, table, found "
            "half_life and linear. Keep the shape that is meant."
        ),
    ),
    "no shape of decay": decay(
        "{grace: 3d}",
        (
            ": expected exactly one of half_life, expiry, linear, step, geometric, table, found none "
            "of them. Add the one that is meant."
        ),
    ),
    "a decay table that begins late": decay(
        "{table: [[5, 100%], [10, 50%]]}",
        (
            '.table: expected ages that rise from 0, found [[5, "100%"], [10, "50%"]]. Start with [0,'
            " 100%] and list the ages in order."
        ),
    ),
    "a decay table out of order": decay(
        "{table: [[0, 100%], [10, 50%], [10, 20%]]}",
        (
            '.table: expected ages that rise from 0, found [[0, "100%"], [10, "50%"], [10, "20%"]]. '
            "Start with [0, 100%] and list the ages in order."
        ),
    ),
    "a share above all": decay(
        "{table: [[0, 150%]]}",
        (
            '.table[0][1]: expected a number from 0 to 1, or a percentage, such as 25%, found "150%".'
            " Write for example 25%."
        ),
    ),
    "half a day of age": decay(
        "{table: [[0, 100%], [7.5, 50%]]}",
        ".table[1][0]: expected a whole number, found 7.5. Write it without quotes or decimals.",
    ),
    "three numbers for an age": decay(
        "{table: [[0, 100%, 3]]}",
        '.table[0]: expected a list of at most 2 entries, found [0, "100%", 3]. Correct the list.',
    ),
    "an empty decay table": decay(
        "{table: []}", ".table: expected at least one entry, found []. Add one, or remove the key."
    ),
    "steps of no length": decay(
        "{step: {lose: 10%}}", ".step.every: expected the key 'every', found nothing. Add 'every:' here."
    ),
    "a loss above all": decay(
        "{step: {lose: 120%, every: 7d}}",
        (
            '.step.lose: expected a number from 0 to 1, or a percentage, such as 25%, found "120%". '
            "Write for example 25%."
        ),
    ),
    "a word for a loss": decay(
        "{geometric: {lose: some, every: 7d}}",
        (
            ".geometric.lose: expected a number from 0 to 1, or a percentage, such as 25%, found "
            '"some". Write for example 25%.'
        ),
    ),
    "steps as days": decay(
        "{step: 7d}",
        (".step: expected keys with values, found \"7d\". Write it as {key: value}; keys here are 'lose', 'every'."),
    ),
    "a floor below nothing": decay(
        "{half_life: 14d, floor: -10%}",
        ('.floor: expected a number from 0 to 1, or a percentage, such as 25%, found "-10%". Write for example 25%.'),
    ),
    "a floor of five decimals": decay(
        "{half_life: 14d, floor: 33.33333%}",
        '.floor: expected at most 6 decimals (4 in a percentage), found "33.33333%". Round it.',
    ),
    "a lifespan without its unit": decay(
        "{linear: 90}",
        (".linear: expected whole days such as 30d, found 90. Write a number of days, at least 1, followed by 'd'."),
    ),
    "an expiry in hours": decay(
        "{expiry: 48h}",
        (
            '.expiry: expected whole days such as 30d, found "48h". Write a number of days, at least '
            "1, followed by 'd'."
        ),
    ),
    "no for a boolean": decay(
        "{half_life: 14d, negatives: no}",
        '.negatives: expected true or false, found "no". Write true or false without quotes.',
    ),
    "grace of no days": decay(
        "{half_life: 14d, grace: 0d}",
        (".grace: expected whole days such as 30d, found \"0d\". Write a number of days, at least 1, followed by 'd'."),
    ),
    "distinct values of an unknown property": limit(
        "{per_distinct: pag}", ".per_distinct: expected a property of events, found 'pag'. Did you mean 'page'?"
    ),
    "a limit of no points": limit("{points: 0}", ".points: expected a number above 0, found 0. Correct this number."),
    "a word for a limit": limit(
        "{per_day: two}", '.per_day: expected a whole number, found "two". Write it without quotes or decimals.'
    ),
}
