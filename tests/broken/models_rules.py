"""Rules in short forms, and what rules carry, that are wrong, each in one way."""

from __future__ import annotations

from broken.scene import Broken, model

SIZE = "    when: {field: employees, at_least: 50}\n    points: 5\n"


def rule(lines: str, says: str) -> Broken:
    """The third rule, but for its id and dimension, is other lines."""
    return Broken(model(SIZE, lines), says)


def form(line: str, says: str) -> Broken:
    """The third rule is a short form, written in one line."""
    return Broken(model(SIZE, f"    {line}\n"), "model.yaml:21 rules[2]." + says)


def beside(line: str, says: str) -> Broken:
    """The third rule carries something more."""
    return Broken(model(SIZE, f"{SIZE}    {line}\n"), "model.yaml:23 rules[2]." + says)


RULES = {
    "a map with values alike": form(
        "map: {field: region, points: {EU: 5, eu: 3}}",
        (
            "map.points: expected values that differ in more than case and outer blanks, found 'EU' "
            "and 'eu'. Keep one of them, or say 'exact: true'."
        ),
    ),
    "a map of a number": form(
        "map: {field: employees, points: {'50': 5}}",
        (
            "map: expected a field of texts for 'map', found 'employees', which holds numbers. Use "
            "'map' for texts, 'bands' or 'per' for numbers and 'cases' for the rest, or declare the "
            "column's type in the mapping."
        ),
    ),
    "a map of a time": form(
        "map: {field: created_at, points: {'2026': 5}}",
        (
            "map: expected a field of texts for 'map', found 'created_at', which holds times. Use "
            "'map' for texts, 'bands' or 'per' for numbers and 'cases' for the rest, or declare the "
            "column's type in the mapping."
        ),
    ),
    "a map without a field": form(
        "map: {points: {EU: 5}}",
        (
            "map: expected either 'field' or 'account_field', found {\"points\": {\"EU\": 5}}. Name the "
            "one field whose values earn points."
        ),
    ),
    "a map of two fields": form(
        "map: {field: region, account_field: industry, points: {EU: 5}}",
        (
            "map: expected either 'field' or 'account_field', found {\"field\": \"region\", "
            '"account_field": "industry", "points": {"EU": 5}}. Name the one field whose values earn '
            "points."
        ),
    ),
    "a map of an unknown field": form(
        "map: {field: regoin, points: {EU: 5}}",
        "map: expected a field of leads, found 'regoin'. Did you mean 'region'?",
    ),
    "a map of nothing": form(
        "map: {field: region, points: {}}",
        "map.points: expected at least one entry, found {}. Add one, or remove the key.",
    ),
    "a map to words": form(
        "map: {field: region, points: {EU: five}}",
        ('map.points.EU: expected points, a number, found "five". Write a plain number such as 15, -8 or 2.5.'),
    ),
    "a band upside down": form(
        "bands: {of: {field: employees}, steps: [{from: 50, below: 10, points: 5}]}",
        (
            "bands.steps[0]: expected a 'from' that is less than 'below', found from 50, below 10. "
            "Swap or correct the two."
        ),
    ),
    "a band without ends": form(
        "bands: {of: {field: employees}, steps: [{points: 5}]}",
        ("bands.steps[0]: expected 'from', 'below' or both, found {\"points\": 5}. Say where the band begins or ends."),
    ),
    "bands of half an event": form(
        "bands: {of: {event: page_view}, steps: [{from: 0.5, points: 5}]}",
        (
            "bands.steps[0].from: expected a whole number of 0 or more, since 'count' is one, found "
            "0.5. Round it, or measure the 'sum' of a property."
        ),
    ),
    "bands of fewer than no events": form(
        "bands: {of: {event: page_view}, steps: [{from: -3, points: 5}]}",
        (
            "bands.steps[0].from: expected a whole number of 0 or more, since 'count' is one, found "
            "-3. Round it, or measure the 'sum' of a property."
        ),
    ),
    "bands of a sum in five decimals": form(
        ("bands: {of: {event: page_view, measure: sum, property: page}, steps: [{from: 0.12345, points: 5}]}"),
        ("bands.steps[0].from: expected a number with at most three decimals for a sum, found 0.12345. Round it."),
    ),
    "bands of a sum beyond all measure": form(
        ("bands: {of: {event: page_view, measure: sum, property: page}, steps: [{from: 2e12, points: 5}]}"),
        (
            "bands.steps[0].from: expected a number of at most 1,000,000,000,000, found 2,000,000,000,000. "
            "Choose a smaller number."
        ),
    ),
    "bands of a count beyond all measure": form(
        "bands: {of: {event: page_view}, steps: [{from: 2000000000, points: 5}]}",
        (
            "bands.steps[0].from: expected a number of at most 1,000,000,000, found 2,000,000,000. "
            "Choose a smaller number."
        ),
    ),
    "bands of a text": form(
        "bands: {of: {field: region}, steps: [{from: 1, points: 5}]}",
        (
            "bands: expected a field of numbers for 'bands', found 'region', which holds texts. Use "
            "'map' for texts, 'bands' or 'per' for numbers and 'cases' for the rest, or declare the "
            "column's type in the mapping."
        ),
    ),
    "bands of a misspelt kind": form(
        "bands: {of: {feild: employees}, steps: [{from: 1, points: 5}]}",
        (
            "bands.of: expected exactly one of 'field', 'account_field' and 'event' for a quantity, "
            "found {\"feild\": \"employees\"}. Did you mean 'field' by 'feild'?"
        ),
    ),
    "a misspelt kind of rule": rule(
        "    whn: {field: region, equals: EU}\n    points: 5\n",
        (
            "model.yaml:19 rules[2]: expected exactly one of 'when', 'cases', 'each', 'map', 'bands', "
            "'per', 'up_to' in a rule, "
            'found {"id": "size", "in": "fit", "whn": {"field": "region", "equals": "EU"}, "poin…. '
            "Did you mean 'when' by 'whn'?"
        ),
    ),
    "bands of nothing": form(
        "bands: {of: {}, steps: [{from: 1, points: 5}]}",
        (
            "bands.of: expected exactly one of 'field', 'account_field' and 'event' for a quantity, "
            "found {}. Write for example {field: employees} or {event: page_view}."
        ),
    ),
    "bands of a sum without its property": form(
        "bands: {of: {event: page_view, measure: sum}, steps: [{from: 1, points: 5}]}",
        (
            "bands.of: expected 'property' beside distinct and sum, and only there, found 'sum' "
            "without it. Name the property."
        ),
    ),
    "bands of an unknown measure": form(
        "bands: {of: {event: page_view, measure: average}, steps: [{from: 1, points: 5}]}",
        (
            "bands.of.measure: expected 'count', 'days', 'leads', 'distinct', 'sum', 'first_age' or "
            "'last_age', found \"average\". Use one of these."
        ),
    ),
    "bands of a condition": form(
        "bands: {of: {field: employees, at_least: 5}, steps: [{from: 1, points: 5}]}",
        (
            "bands.of.at_least: expected a key that is known here, found 'at_least'. This key is "
            "known in other places, not here: move it or remove it."
        ),
    ),
    "units of no size": rule(
        "    per: {of: {field: employees}, unit: 0, most: 5}\n    points: 1\n",
        ("model.yaml:21 rules[2].per.unit: expected a number above 0, found 0. Correct this number."),
    ),
    "units without end": rule(
        "    per: {of: {field: employees}, unit: 10}\n    points: 1\n",
        ("model.yaml:21 rules[2].per.most: expected the key 'most', found nothing. Add 'most:' here."),
    ),
    "a thousand units": rule(
        "    per: {of: {field: employees}, unit: 10, most: 1000}\n    points: 1\n",
        ("model.yaml:21 rules[2].per.most: expected a number of at most 100, found 1000. Correct this number."),
    ),
    "units of half an event": rule(
        "    per: {of: {event: page_view}, unit: 0.5, most: 5}\n    points: 1\n",
        (
            "model.yaml:21 rules[2].per.unit: expected a whole number of 0 or more, since 'count' is "
            "one, found 0.5. Round it, or measure the 'sum' of a property."
        ),
    ),
    "units that sum to too many points": rule(
        "    per: {of: {field: employees}, most: 100}\n    points: 50000\n",
        (
            "model.yaml:19 rules[2]: expected points that sum to at most 1,000,000, found 50,000 for "
            "each of 100 units. Make 'points' or 'most' smaller."
        ),
    ),
    "units that sum to too much": rule(
        "    per: {of: {event: page_view, measure: sum, property: page}, unit: 100000, most: 100}\n    points: 1\n",
        (
            "model.yaml:21 rules[2].per: expected units that sum to at most 1,000,000, found 100 of "
            "100,000. Make 'unit' or 'most' smaller."
        ),
    ),
    "a share from more than its most": rule(
        "    up_to: {of: {event: page_view}, least: 6, most: 5}\n    points: 5\n",
        (
            "model.yaml:21 rules[2].up_to: expected 'least' no larger than 'most', found least 6, "
            "most 5. Swap or correct the two."
        ),
    ),
    "a share of no points": rule(
        "    up_to: {of: {event: page_view}, most: 5}\n",
        ("model.yaml:19 rules[2].points: expected the key 'points', found nothing. Add 'points:' here."),
    ),
    "a condition and a map": rule(
        "    when: {field: employees, at_least: 50}\n    map: {field: region, points: {EU: 5}}\n",
        (
            "model.yaml:19 rules[2]: expected exactly one of 'when', 'cases', 'each', 'map', 'bands',"
            ' \'per\', \'up_to\' in a rule, found {"id": "size", "in": "fit", "when": {"field": '
            '"employees", "at_least": 50}, "…. Keep or add the one that says what earns the points.'
        ),
    ),
    "points of a map beside it": rule(
        "    map: {field: region, points: {EU: 5}}\n    points: 3\n",
        (
            "model.yaml:22 rules[2].points: expected a key that is known here, found 'points'. This "
            "key is known in other places, not here: move it or remove it."
        ),
    ),
    "a default without cases": beside(
        "default: 2",
        (
            "default: expected a key that is known here, found 'default'. This key is known in other "
            "places, not here: move it or remove it."
        ),
    ),
    "a limit without events": beside(
        "limit: {events: 2}",
        (
            "limit: expected a key that is known here, found 'limit'. This key is known in other "
            "places, not here: move it or remove it."
        ),
    ),
    "a decay without events": beside(
        "decay: {half_life: 14d}",
        (
            "decay: expected a key that is known here, found 'decay'. This key is known in other "
            "places, not here: move it or remove it."
        ),
    ),
    "a rule's cap upside down": beside(
        "cap: {min: 5, max: 1}",
        ("cap: expected min of at most max, found min 5 above max 1. Swap or correct the two numbers."),
    ),
    "a rule's cap as a number": beside(
        "cap: 5", ("cap: expected keys with values, found 5. Write it as {key: value}; keys here are 'min', 'max'.")
    ),
    "a weight below zero": beside(
        "weight: -1",
        ("weight: expected a number from 0 to 1000, or a percentage, such as 1.5, found -1. Write for example 1.5."),
    ),
    "a weight with four decimals": beside(
        "weight: 1.2345", "weight: expected at most 3 decimals (1 in a percentage), found 1.2345. Round it."
    ),
    "a percentage with two decimals": beside(
        "weight: 33.33%", 'weight: expected at most 3 decimals (1 in a percentage), found "33.33%". Round it.'
    ),
    "a word for a weight": beside(
        "weight: double",
        (
            'weight: expected a number from 0 to 1000, or a percentage, such as 1.5, found "double". '
            "Write for example 1.5."
        ),
    ),
    "dates of force the wrong way round": beside(
        "effective: {from: 2026-06-01, to: 2026-01-01}",
        ("effective: expected from earlier than to, found from 2026-06-01, to 2026-01-01. Swap or correct the two."),
    ),
    "a month for a date of force": beside(
        "effective: {from: June}",
        (
            "effective.from: expected a date such as 2026-01-31, or a moment such as "
            '2026-01-31T09:00:00Z, found "June". Write it in ISO 8601; a date is its start, 00:00 '
            "UTC, and a time needs Z or an offset."
        ),
    ),
    "a single tag": beside(
        "tags: sales", "tags: expected a list, found \"sales\". Write it as [a, b] or with one '- ' line each."
    ),
    "cases of nothing": form("cases: []", "cases: expected at least one entry, found []. Add one, or remove the key."),
    "a case without points": rule(
        "    cases:\n      - {when: {field: employees, at_least: 50}}\n",
        ("model.yaml:22 rules[2].cases[0].points: expected the key 'points', found nothing. Add 'points:' here."),
    ),
}
