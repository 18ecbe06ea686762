"""Conditions that are wrong, each in one way."""

from __future__ import annotations

from broken.scene import Broken, model

PLACE = "model.yaml:21 rules[2].when"


def when(condition: str, says: str) -> Broken:
    """The third rule asks something else; the message names its condition."""
    return Broken(model("{field: employees, at_least: 50}", condition), PLACE + says)


CONDITIONS = {
    "a number for a glob": when(
        "{field: job_title, glob: 7}",
        (".glob: expected a text, or a list of texts, found 7. Write it as a text in quotes, or as [a, b]."),
    ),
    "a glob asked of a number": when(
        "{field: employees, glob: '*7'}",
        (
            ".glob: expected an operator on numbers, which 'employees' holds, found glob. Use equals,"
            " at_least, below or between, or declare the column's type in the mapping."
        ),
    ),
    "a glob of nothing": when(
        "{field: job_title, glob: ''}", '.glob: expected at least one entry, found "". Add one, or remove the key.'
    ),
    "a regular expression without its flag": when(
        "{field: job_title, regex: 'vp|chief'}",
        (
            ".regex: expected 'portable: false' beside 'regex', and only there, found 'regex' without"
            " it. Engines read patterns differently: say 'portable: false', or use has_word or glob."
        ),
    ),
    "the flag without a regular expression": when(
        "{field: job_title, has_word: vp, portable: false}",
        (
            ".portable: expected 'portable: false' beside 'regex', and only there, found it beside "
            "'has_word'. Remove 'portable'."
        ),
    ),
    "a regular expression that never closes": when(
        "{field: job_title, regex: '(vp', portable: false}",
        (
            ".regex: expected a pattern, found '(vp' (missing ), unterminated subpattern at position "
            "0). Use plain letters, sets, groups, |, *, +, ? and {m,n}; look for whole words with "
            "has_word."
        ),
    ),
    "a regular expression that looks ahead": when(
        "{field: job_title, regex: '(?=vp)', portable: false}",
        (
            '.regex: expected a simple pattern of at most 200 signs, found "(?=vp)". Use plain '
            "letters, sets, groups, |, *, +, ? and {m,n}; look for whole words with has_word."
        ),
    ),
    "a list of regular expressions": when(
        "{field: job_title, regex: [vp, chief], portable: false}",
        '.regex: expected a text, found ["vp", "chief"]. Put it in quotes if a text is meant.',
    ),
    "a number among texts": when(
        "{field: region, starts_with: [E, 5]}",
        ".starts_with[1]: expected a text, found 5. Put it in quotes if a text is meant.",
    ),
    "before a day that no calendar has": when(
        "{field: created_at, before: 2026-02-30}",
        (
            ".before: expected a date such as 2026-01-31, or a moment such as 2026-01-31T09:00:00Z, "
            'found "2026-02-30". Write it in ISO 8601; a date is its start, 00:00 UTC, and a time '
            "needs Z or an offset."
        ),
    ),
    "before a day of another spelling": when(
        "{field: created_at, before: 31/01/2026}",
        (
            ".before: expected a date such as 2026-01-31, or a moment such as 2026-01-31T09:00:00Z, "
            'found "31/01/2026". Write it in ISO 8601; a date is its start, 00:00 UTC, and a time '
            "needs Z or an offset."
        ),
    ),
    "after a time without a zone": when(
        "{field: created_at, after: '2026-01-31T09:00:00'}",
        (
            ".after: expected a date such as 2026-01-31, or a moment such as 2026-01-31T09:00:00Z, "
            'found "2026-01-31T09:00:00". Write it in ISO 8601; a date is its start, 00:00 UTC, and a'
            " time needs Z or an offset."
        ),
    ),
    "after a year": when(
        "{field: created_at, after: 2026}",
        (
            ".after: expected a date such as 2026-01-31, or a moment such as 2026-01-31T09:00:00Z, "
            "found 2026. Write it in ISO 8601; a date is its start, 00:00 UTC, and a time needs Z or "
            "an offset."
        ),
    ),
    "within weeks": when(
        "{field: created_at, within: 2w}",
        (
            '.within: expected whole days such as 30d, found "2w". Write a number of days, at least '
            "1, followed by 'd'."
        ),
    ),
    "older than no days": when(
        "{field: created_at, older_than: 0d}",
        (
            '.older_than: expected whole days such as 30d, found "0d". Write a number of days, at '
            "least 1, followed by 'd'."
        ),
    ),
    "in the next days without their unit": when(
        "{field: created_at, in_next: 30}",
        (".in_next: expected whole days such as 30d, found 30. Write a number of days, at least 1, followed by 'd'."),
    ),
    "changed within days below zero": when(
        "{field: job_title, changed_within: -1d}",
        (
            '.changed_within: expected whole days such as 30d, found "-1d". Write a number of days, '
            "at least 1, followed by 'd'."
        ),
    ),
    "changes that the history does not have": when(
        "{field: job_title, changed_within: 7d}",
        (
            ".changed_within: expected a history with a table of changes, found none. Map 'changes', "
            "or leave this test out."
        ),
    ),
    "changes of an account's field": when(
        "{account_field: industry, changed_within: 7d}",
        (
            ".changed_within: expected 'changed_within' of a lead's field, found it beside "
            "'account_field: industry'. Ask it of a 'field': only those of leads have dated changes."
        ),
    ),
    "changes of a built-in field": when(
        "{field: stage, changed_within: 7d}",
        (
            ".changed_within: expected a field of leads, whose changes a table can date, found "
            "'stage'. A built-in field is worked out, not changed; ask for its value instead."
        ),
    ),
    "another field of both kinds": when(
        "{field: employees, at_least: {field: employees, account_field: employees}}",
        (
            ".at_least: expected either 'field' or 'account_field', found {\"field\": \"employees\", "
            '"account_field": "employees"}. Name the one field to compare with.'
        ),
    ),
    "another field without a name": when(
        "{field: employees, at_least: {}}",
        (".at_least: expected either 'field' or 'account_field', found {}. Name the one field to compare with."),
    ),
    "another field under a misspelt key": when(
        "{field: employees, at_least: {fild: employees}}",
        ".at_least.fild: expected a key that is known here, found 'fild'. Did you mean 'field'?",
    ),
    "another field that is not known": when(
        "{field: employees, at_least: {field: employes}}",
        ".at_least.field: expected a field of leads, found 'employes'. Did you mean 'employees'?",
    ),
    "another field that the account does not have": when(
        "{field: region, equals: {account_field: region}}",
        (".equals.account_field: expected a field of accounts, found 'region'. Write 'field: region'."),
    ),
    "another field of another kind": when(
        "{field: employees, equals: {field: region}}",
        (
            ".equals.field: expected a field of numbers, which 'employees' holds, found 'region', "
            "which holds texts. Compare two fields of one kind, or declare the column's type in the "
            "mapping."
        ),
    ),
    "another field where none may stand": when(
        "{field: job_title, has_word: {field: region}}",
        (
            '.has_word: expected a text, or a list of texts, found {"field": "region"}. Write it as a'
            " text in quotes, or as [a, b]."
        ),
    ),
    "equals with several values": when(
        "{field: region, equals: [EU, US]}",
        (
            '.equals: expected one value, or another field as {field: name}, found ["EU", "US"]. Use '
            "one_of for several values."
        ),
    ),
    "at_least with a word": when(
        "{field: employees, at_least: many}",
        (
            '.at_least: expected a number, or another field as {field: name}, found "many". Write a '
            "number without quotes, or the other field's name in braces."
        ),
    ),
    "at_least with two numbers": when(
        "{field: employees, at_least: [1, 2]}",
        (
            ".at_least: expected a number, or another field as {field: name}, found [1, 2]. Write a "
            "number without quotes, or the other field's name in braces."
        ),
    ),
    "between one number": when(
        "{field: employees, between: [50]}",
        (".between: expected [low, high], two numbers, found [50]. Write for example [50, 100]: from 50 to below 100."),
    ),
    "between numbers in one text": when(
        "{field: employees, between: 50-90}",
        (
            '.between: expected [low, high], two numbers, found "50-90". Write for example [50, 100]:'
            " from 50 to below 100."
        ),
    ),
    "between three numbers": when(
        "{field: employees, between: [50, 60, 70]}",
        (
            ".between: expected [low, high], two numbers, found [50, 60, 70]. Write for example [50, "
            "100]: from 50 to below 100."
        ),
    ),
    "one_of nothing": when(
        "{field: region, one_of: []}",
        (".one_of: expected one_of with at least one value, found []. List the values, or remove the test."),
    ),
    "one_of a single text": when(
        "{field: region, one_of: EU}",
        (
            '.one_of: expected a list of values, or {list: name}, found "EU". Use equals for one '
            "value, or write it as [a, b]."
        ),
    ),
    "one_of a misspelt list": when(
        "{field: region, one_of: {lst: EU}}",
        ".one_of.lst: expected a key that is known here, found 'lst'. Did you mean 'list'?",
    ),
    "missing beside known": when(
        "{field: region, known: true, missing: true}",
        ".missing: expected no 'missing' beside 'known', found true. Remove 'missing'.",
    ),
    "a word for missing": when(
        "{field: region, equals: EU, missing: yes}",
        '.missing: expected true, false or skip, found "yes". Write one of these, without quotes.',
    ),
    "exact beside a number": when(
        "{field: employees, at_least: 50, exact: true}",
        (".exact: expected 'exact' beside an operator on texts, found it beside 'at_least'. Remove 'exact'."),
    ),
    "a word for known": when(
        "{field: region, known: 'yes'}",
        '.known: expected true or false, found "yes". Write true or false without quotes.',
    ),
    "equals asked of a time": when(
        "{field: created_at, equals: 2026-01-01}",
        (
            ".equals: expected an operator on times, which 'created_at' holds, found equals. Use "
            "before, after, within, older_than or known."
        ),
    ),
    "a number asked of the stage": when(
        "{field: stage, equals: 2}",
        (
            ".equals: expected values among texts, which 'stage' holds, found 2. Put the value in "
            "quotes, or declare the column's type in the mapping."
        ),
    ),
    "an operator on numbers asked of the stage": when(
        "{field: stage, at_least: 2}",
        (
            ".at_least: expected an operator on texts, which 'stage' holds, found at_least. Use "
            "equals, one_of, has_word or contains_any, or declare the column's type in the mapping."
        ),
    ),
    "recorded scores that the history does not have": when(
        "{field: recorded_score, at_least: 2}",
        (
            ".field: expected a field of leads, found 'recorded_score'. It is built in where the "
            "history has recorded scores; map those, or leave this test out."
        ),
    ),
    "an operator on times asked of a text": when(
        "{field: region, within: 30d}",
        (
            ".within: expected an operator on texts, which 'region' holds, found within. Use equals, "
            "one_of, has_word or contains_any, or declare the column's type in the mapping."
        ),
    ),
    "not of a list": when(
        "{not: [{field: region, equals: EU}]}",
        (
            ".not: expected exactly one of 'all', 'any', 'not', 'event', 'member_of', "
            '\'account_field\', \'field\' in a condition, found [{"field": "region", "equals": "EU"}]. '
            "Write for example {field: region, equals: EU}; join several tests with 'all'."
        ),
    ),
    "all of nothing": when("{all: []}", ".all: expected at least one entry, found []. Add one, or remove the key."),
    "all of one condition without its list": when(
        "{all: {field: region, equals: EU}}",
        (
            '.all: expected a list, found {"field": "region", "equals": "EU"}. Write it as [a, b] or '
            "with one '- ' line each."
        ),
    ),
    "any of a word": when(
        "{any: [EU]}",
        (
            ".any[0]: expected exactly one of 'all', 'any', 'not', 'event', 'member_of', "
            "'account_field', 'field' in a condition, found \"EU\". Write for example {field: region, "
            "equals: EU}; join several tests with 'all'."
        ),
    ),
    "a condition on two kinds of fields": when(
        "{field: region, account_field: region, equals: EU}",
        (
            ": expected exactly one of 'all', 'any', 'not', 'event', 'member_of', 'account_field', "
            '\'field\' in a condition, found {"field": "region", "account_field": "region", "equals": '
            "\"EU\"}. Write for example {field: region, equals: EU}; join several tests with 'all'."
        ),
    ),
    "a misspelt kind of condition": when(
        "{fild: employees, at_least: 50}",
        (
            ": expected exactly one of 'all', 'any', 'not', 'event', 'member_of', 'account_field', "
            '\'field\' in a condition, found {"fild": "employees", "at_least": 50}. Did you mean '
            "'field' by 'fild'?"
        ),
    ),
    "a sentence for a condition": when(
        "region is EU",
        (
            ": expected exactly one of 'all', 'any', 'not', 'event', 'member_of', 'account_field', "
            "'field' in a condition, found \"region is EU\". Write for example {field: region, equals: "
            "EU}; join several tests with 'all'."
        ),
    ),
}
