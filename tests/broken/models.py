"""Models that are wrong, each in one way."""

from __future__ import annotations

from broken.scene import FLAT, FLAT_MODEL, MODEL, Broken, changed, model

MODELS = {
    "a bracket that is not closed": Broken(
        model("{min: 0, max: 60}", "{min: 0, max: 60"),
        (
            "model.yaml:6: expected ',' or '}', found ':', in what begins on line 5. Check "
            "indentation, quotes and brackets near this line."
        ),
    ),
    "a line out of place": Broken(
        model("    in: fit\n    cases:", "   in: fit\n    cases:"),
        (
            "model.yaml:11: expected the end of this block, found keys with another indentation, in "
            "what begins on line 10. Check indentation, quotes and brackets near this line."
        ),
    ),
    "indentation by tabs": Broken(
        model("  fit:", "\tfit:"), "model.yaml:5: expected spaces before the text, found a tab. Indent with spaces."
    ),
    "a key twice": Broken(
        model("name: inbound\n", "name: inbound\nname: outbound\n"),
        ("model.yaml:3 name: expected each key once, found 'name' a second time. Remove one of the two."),
    ),
    "an anchor": Broken(
        model("fit: {min: 0, max: 60}", "fit: &cap {min: 0, max: 60}"),
        (
            "model.yaml:5 dimensions.fit: expected values written out, found the anchor or alias "
            "'cap'. Write the value out."
        ),
    ),
    "an alias": Broken(
        model("fit: {min: 0, max: 60}", "fit: *cap"),
        "model.yaml:5: expected values written out, found the alias 'cap'. Write the value out.",
    ),
    "a tag": Broken(
        model("name: inbound", "name: !!python/object/apply:os.system [id]"),
        ("model.yaml:2 name: expected plain values, found the tag !!python/object/apply:os.system. Remove the tag."),
    ),
    "two documents": Broken(
        {"model.yaml": MODEL + "---\n" + MODEL},
        ("model.yaml:38: expected one YAML document, found a second one. Remove the line '---' and all below it."),
    ),
    "a list at the top": Broken(
        {"model.yaml": "- format: lead-scoring-model/1\n"},
        (
            "model.yaml:1: expected keys with values at the top level, found a list or a single "
            "value. Start the file with its 'format:' line."
        ),
    ),
    "a misspelt key": Broken(
        model("half_life: 14d", "halflife: 14d"),
        (
            "model.yaml:28 rules[3].decay.halflife: expected a key that is known here, found "
            "'halflife'. Did you mean 'half_life'?"
        ),
    ),
    "a key that nobody knows": Broken(
        model("version: 2", "zebra: 2"),
        ("model.yaml:3 zebra: expected a key that is known here, found 'zebra'. Remove it, or correct its name."),
    ),
    "two kinds of rule": Broken(
        model("    when: {account_field", "    each: {event: page_view}\n    when: {account_field"),
        (
            "model.yaml:15 rules[1]: expected exactly one of 'when', 'cases', 'each', 'map', 'bands', "
            "'per', 'up_to' in a rule, "
            'found {"id": "industry", "in": "fit", "each": {"event": "page_view"}, "when": {"acc…. '
            "Keep or add the one that says what earns the points."
        ),
    ),
    "no kind of rule": Broken(
        model("    when: {field: employees, at_least: 50}\n", ""),
        (
            "model.yaml:19 rules[2]: expected exactly one of 'when', 'cases', 'each', 'map', 'bands', "
            "'per', 'up_to' in a rule, "
            'found {"id": "size", "in": "fit", "points": 5}. '
            "Keep or add the one that says what earns the points."
        ),
    ),
    "an unknown dimension": Broken(
        model("  - id: industry\n    in: fit", "  - id: industry\n    in: fti"),
        ("model.yaml:16 rules[1].in: expected a dimension or group of this model, found 'fti'. Did you mean 'fit'?"),
    ),
    "an unknown field": Broken(
        model("field: employees", "field: employes"),
        ("model.yaml:21 rules[2].when.field: expected a field of leads, found 'employes'. Did you mean 'employees'?"),
    ),
    "an unknown account field": Broken(
        model("account_field: industry", "account_field: industri"),
        (
            "model.yaml:17 rules[1].when.account_field: expected a field of accounts, found "
            "'industri'. Did you mean 'industry'?"
        ),
    ),
    "an account's field asked of the lead": Broken(
        model("account_field: industry", "field: industry"),
        (
            "model.yaml:17 rules[1].when.field: expected a field of leads, found 'industry'. Write "
            "'account_field: industry'."
        ),
    ),
    "a lead's field asked of the account": Broken(
        model("{field: employees", "{account_field: employees"),
        (
            "model.yaml:21 rules[2].when.account_field: expected a field of accounts, found "
            "'employees'. Write 'field: employees'."
        ),
    ),
    "an unknown property": Broken(
        model("{field: page,", "{field: pag,"),
        ("model.yaml:25 rules[3].each.where.field: expected a property of events, found 'pag'. Did you mean 'page'?"),
    ),
    "an unknown list": Broken(
        model("equals: software", "one_of: {list: branches}"),
        (
            "model.yaml:17 rules[1].when.one_of.list: expected a list of the history, found "
            "'branches'. The mapping has no lists; declare it under 'lists', or write the values out."
        ),
    ),
    "an operator on texts asked of a number": Broken(
        model("at_least: 50", "has_word: fifty"),
        (
            "model.yaml:21 rules[2].when.has_word: expected an operator on numbers, which "
            "'employees' holds, found has_word. Use equals, at_least, below or between, or declare "
            "the column's type in the mapping."
        ),
    ),
    "a text asked of a number": Broken(
        model("at_least: 50", "equals: fifty"),
        (
            "model.yaml:21 rules[2].when.equals: expected values among numbers, which 'employees' "
            "holds, found 'fifty'. Write a number, or declare the column's type in the mapping."
        ),
    ),
    "an operator on numbers asked of a text": Broken(
        model("equals: software", "at_least: 3"),
        (
            "model.yaml:17 rules[1].when.at_least: expected an operator on texts, which 'industry' "
            "holds, found at_least. Use equals, one_of, has_word or contains_any, or declare the "
            "column's type in the mapping."
        ),
    ),
    "has_word without a word": Broken(
        model("[chief, vp]", '[chief, " - "]'),
        (
            "model.yaml:13 rules[0].cases[0].when.has_word: expected has_word with at least one word "
            "in each text, found ' - '. Words are what stands between blanks and punctuation; look "
            "for signs with contains_any."
        ),
    ),
    "has_word with a blank": Broken(
        model("[chief, vp]", '""'),
        (
            'model.yaml:13 rules[0].cases[0].when.has_word: expected at least one entry, found "". '
            "Add one, or remove the key."
        ),
    ),
    "has_word with an empty list": Broken(
        model("[chief, vp]", "[]"),
        (
            "model.yaml:13 rules[0].cases[0].when.has_word: expected at least one entry, found []. "
            "Add one, or remove the key."
        ),
    ),
    "two operators": Broken(
        model("at_least: 50", "at_least: 50, below: 90"),
        (
            "model.yaml:21 rules[2].when: expected exactly one operator of equals, one_of, has_word, "
            "contains_any, starts_with, ends_with, glob, regex, at_least, above, at_most, below, between, "
            "before, after, within, older_than, in_next, changed_within, known, "
            "found at_least and below. Use 'all' to join several tests."
        ),
    ),
    "no operator": Broken(
        model(", at_least: 50", ""),
        (
            "model.yaml:21 rules[2].when: expected exactly one operator of equals, one_of, has_word, "
            "contains_any, starts_with, ends_with, glob, regex, at_least, above, at_most, below, between, "
            "before, after, within, older_than, in_next, changed_within, known, "
            "found none of them. Add the one that is meant."
        ),
    ),
    "a condition of no kind": Broken(
        model("{field: employees, at_least: 50}", "{at_least: 50}"),
        (
            "model.yaml:21 rules[2].when: expected exactly one of 'all', 'any', 'not', 'event', "
            "'member_of', 'account_field', 'field' in a condition, found {\"at_least\": 50}. Write for "
            "example {field: region, equals: EU}; join several tests with 'all'."
        ),
    ),
    "points with four decimals": Broken(
        model("points: 15", "points: 15.0001"),
        (
            "model.yaml:13 rules[0].cases[0].points: expected points with at most three decimals, "
            "found 15.0001. Round it: scores are kept in thousandths of a point."
        ),
    ),
    "points as a text": Broken(
        model("points: 15", 'points: "15"'),
        (
            'model.yaml:13 rules[0].cases[0].points: expected points, a number, found "15". Write a '
            "plain number such as 15, -8 or 2.5."
        ),
    ),
    "points beyond all measure": Broken(
        model("points: 15", "points: 1e300"),
        (
            "model.yaml:13 rules[0].cases[0].points: expected points between -1,000,000 and "
            "1,000,000, found 1e+300. Write a plain number such as 15, -8 or 2.5."
        ),
    ),
    "points that are no number": Broken(
        model("points: 15", "points: .nan"),
        (
            "model.yaml:13 rules[0].cases[0].points: expected a finite number, found .nan. Write a "
            "plain number, or leave the key out."
        ),
    ),
    "a number too large for JSON": Broken(
        model("version: 2", "version: 99999999999999999999"),
        (
            "model.yaml:3 version: expected a whole number up to 9,007,199,254,740,991, found "
            "99999999999999999999. Put it in quotes if it is a name or an id."
        ),
    ),
    "a number of five thousand digits": Broken(
        model("version: 2", "version: " + "9" * 5000),
        (
            "model.yaml:3 version: expected a whole number up to 9,007,199,254,740,991, found "
            "9999999999999999999999999999999999999999. Put it in quotes if it is a name or an id."
        ),
    ),
    "a bound beyond all floats": Broken(
        model("at_least: 50", "at_least: 1e999"),
        (
            "model.yaml:21 rules[2].when.at_least: expected a finite number, found 1e999. Write a "
            "plain number, or leave the key out."
        ),
    ),
    "a tag on a number": Broken(
        model("version: 2", "version: !!int two"),
        "model.yaml:3 version: expected a number, found 'two'. Write digits, or remove the tag.",
    ),
    "a list for a key": Broken(
        model("version: 2", "? [a, b]\n: 2"),
        "model.yaml:3: expected a text as key, found a list or a mapping. Use a simple key.",
    ),
    "no points": Broken(
        model(
            "    when: {field: employees, at_least: 50}\n    points: 5\n",
            "    when: {field: employees, at_least: 50}\n",
        ),
        ("model.yaml:19 rules[2].points: expected the key 'points', found nothing. Add 'points:' here."),
    ),
    "a half-life without its unit": Broken(
        model("half_life: 14d", "half_life: 14"),
        (
            "model.yaml:28 rules[3].decay.half_life: expected whole days such as 30d, found 14. "
            "Write a number of days, at least 1, followed by 'd'."
        ),
    ),
    "a window of no days": Broken(
        model("within: 90d", "within: 0d"),
        (
            'model.yaml:25 rules[3].each.within: expected whole days such as 30d, found "0d". Write '
            "a number of days, at least 1, followed by 'd'."
        ),
    ),
    "between the wrong way round": Broken(
        model("at_least: 50", "between: [90, 50]"),
        (
            "model.yaml:21 rules[2].when.between: expected [low, high] with low below high, found "
            "[90, 50]. Swap or correct the two numbers."
        ),
    ),
    "a cap upside down": Broken(
        model("{min: 0, max: 60}", "{min: 60, max: 0}"),
        (
            "model.yaml:5 dimensions.fit: expected min of at most max, found min 60 above max 0. "
            "Swap or correct the two numbers."
        ),
    ),
    "a tier that asks for an unknown dimension": Broken(
        model("require: {fit: 5}", "require: {fitt: 5}"),
        ("model.yaml:35 tiers[1].require.fitt: expected a dimension of this model, found 'fitt'. Did you mean 'fit'?"),
    ),
    "a rule twice": Broken(
        model("id: size", "id: industry"),
        ("model.yaml:19 rules[2].id: expected each id once, found 'industry' a second time. Rename one of the two."),
    ),
    "a tier twice": Broken(
        model("name: MQL", "name: Nurture"),
        ("model.yaml:35 tiers[1].name: expected each name once, found 'Nurture' a second time. Rename one of the two."),
    ),
    "an id with a blank": Broken(
        model("id: size", "id: company size"),
        (
            "model.yaml:19 rules[2].id: expected a letter, then letters, digits, '_' or '-', 60 at "
            'most, found "company size". Rename it, for example company_size.'
        ),
    ),
    "a limit of none": Broken(
        model("limit: {events: 5}", "limit: {events: 0}"),
        ("model.yaml:27 rules[3].limit.events: expected a number of at least 1, found 0. Correct this number."),
    ),
    "a count of a half": Broken(
        model("count: {at_least: 1}", "count: {at_least: 0.5}"),
        (
            "model.yaml:31 rules[4].when.count.at_least: expected a whole number, found 0.5. Write "
            "it without quotes or decimals."
        ),
    ),
    "a word for a version": Broken(
        model("version: 2", "version: two"),
        ('model.yaml:3 version: expected a whole number, found "two". Write it without quotes or decimals.'),
    ),
    "yes for a boolean": Broken(
        model("  - id: size\n", "  - id: size\n    enabled: yes\n"),
        ('model.yaml:20 rules[2].enabled: expected true or false, found "yes". Write true or false without quotes.'),
    ),
    "no rules": Broken(
        {"model.yaml": MODEL[: MODEL.index("rules:")] + "rules: []\n"},
        "model.yaml:9 rules: expected at least one entry, found []. Add one, or remove the key.",
    ),
    "rules that were never written": Broken(
        {"model.yaml": MODEL[: MODEL.index("rules:")] + "rules:\n"},
        ("model.yaml:9 rules: expected a list, found nothing. Write it as [a, b] or with one '- ' line each."),
    ),
    "no format": Broken(
        model("format: lead-scoring-model/1\n", ""),
        "model.yaml:1 format: expected the key 'format', found nothing. Add 'format:' here.",
    ),
    "another format": Broken(
        model("lead-scoring-model/1", "lead-scoring-model/2"),
        (
            "model.yaml:1 format: expected 'lead-scoring-model/1', found \"lead-scoring-model/2\". "
            "Name a file of that kind: its first line says which it is."
        ),
    ),
    "a plan for a model": Broken(
        {},
        (
            "plan.yaml:1 format: expected 'lead-scoring-model/1', found \"lead-scoring-plan/1\". Name "
            "a file of that kind: its first line says which it is."
        ),
        "backtest plan.yaml --data crm --plan plan.yaml --out evidence",
    ),
    "bytes that are not UTF-8": Broken(
        {"model.yaml": MODEL.replace("inbound", "überall").encode("latin-1")},
        ("model.yaml:2: expected UTF-8 text, found the byte 0xFC, which is not. Save the file as UTF-8."),
    ),
    "a NUL byte": Broken(
        model("name: inbound", "name: in\0bound"),
        (
            "model.yaml:2: expected YAML 1.2, found the control character U+0000. Remove it, or save "
            "the file as plain UTF-8 text."
        ),
    ),
    "an empty file": Broken(
        {"model.yaml": ""},
        (
            "model.yaml:1: expected keys with values at the top level, found an empty file. Start "
            "the file with its 'format:' line."
        ),
    ),
    "only a comment": Broken(
        {"model.yaml": "# later\n"},
        (
            "model.yaml:1: expected keys with values at the top level, found an empty file. Start "
            "the file with its 'format:' line."
        ),
    ),
    "a folder": Broken(
        {"model.yaml": None, "model.yaml/": ""},
        "model.yaml: expected a readable file, found a folder. Name the YAML file itself.",
    ),
    "no file": Broken({"model.yaml": None}, "model.yaml: expected a file, found nothing. Check the path."),
    "three megabytes": Broken(
        {"model.yaml": MODEL + "# " + "x" * 3_000_000 + "\n"},
        "model.yaml: expected at most 2,000,000 bytes, found 3,000,955. Is this the right file?",
    ),
    "a hundred levels": Broken(
        model("{field: employees, at_least: 50}", "{not: " * 100 + "{field: employees, at_least: 50}" + "}" * 100),
        "model.yaml:21 rules[2].when: expected at most 40 levels, found more. Flatten this part.",
    ),
    "a thousand levels": Broken(
        model("{field: employees, at_least: 50}", "{not: " * 3000 + "{field: employees, at_least: 50}" + "}" * 3000),
        ("model.yaml: expected at most 40 levels, found far more. Flatten what is nested so deeply."),
    ),
    "events asked of a table without dates": Broken(
        {"flat/model.yaml": changed(FLAT_MODEL, "{field: visits, at_least: 5}", "{event: visit}")},
        (
            "model.yaml:5 rules[0].when.event: expected a condition on fields, found one on events. "
            "These leads are taken as recorded, without dates; a plan with 'at: 14d' can use events."
        ),
        FLAT,
    ),
}
