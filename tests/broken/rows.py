"""Data files with wrong rows, each in one way."""

from __future__ import annotations

from broken.scene import (
    ACCOUNTS,
    CHECK,
    EVENTS,
    LEAD,
    LEADS,
    MAPPING,
    SCORE,
    STAGES,
    Broken,
    leads,
)


def events(text: str | bytes, says: str) -> Broken:
    return Broken({"crm/events.csv": text}, says)


def stages(text: str | bytes, says: str) -> Broken:
    return Broken({"crm/stages.csv": text}, says, CHECK)


ROWS = {
    "leads of one id that differ": leads(
        LEADS + LEADS.splitlines()[1].replace("VP", "CEO").replace("Analyst", "CEO") + "\n",
        (
            "leads.csv, column 'lead_id', row 1, 41: expected each lead once, found the same lead "
            "with different values in 2 of 41 rows (4.9%), such as 'L1'. Keep the right row, or name "
            "a column that is unique. In all 2 of 41 rows would be left out, and the budget is 1%."
        ),
        SCORE,
    ),
    "a lead without its id": leads(
        LEADS + LEAD.replace("L41", ""),
        (
            "leads.csv, column 'lead_id', row 41: expected the id of a lead, found no lead in 1 of "
            "41 rows (2.4%). Fill the id in, or leave such rows out of the file. In all 1 of 41 rows "
            "would be left out, and the budget is 1%."
        ),
    ),
    "a lead without its time": leads(
        LEADS + LEAD.replace("2026-01-31T08:00:00Z", ""),
        (
            "leads.csv, column 'created_at', row 41: expected when the lead was created, found no "
            "time of creation in 1 of 41 rows (2.4%). Fill it in, or leave the lead out. In all 1 of "
            "41 rows would be left out, and the budget is 1%."
        ),
    ),
    "accounts of one id that differ": Broken(
        {"crm/accounts.csv": ACCOUNTS + "A1,farming\n"},
        (
            "accounts.csv, column 'account_id', row 2, 8: expected each account once, found the same "
            "account with different values in 2 of 8 rows (25.0%), such as 'A1'. Keep the right row, "
            "or name a column that is unique. In all 2 of 8 rows would be left out, and the budget "
            "is 1%."
        ),
    ),
    "events of unknown leads": events(
        EVENTS + "L77,2026-01-09T08:00:00Z,page_view,/pricing\n" * 2,
        (
            "events.csv, column 'lead_id', row 41, 42: expected the id of a lead, found an unknown "
            "lead in 2 of 42 rows (4.8%), such as 'L77'. Add the lead, or leave such rows out. In "
            "all 2 of 42 rows would be left out, and the budget is 1%."
        ),
    ),
    "an event without a name": events(
        EVENTS + "L7,2026-01-09T08:00:00Z,,/pricing\n",
        (
            "events.csv, column 'event', row 41: expected an event in every row, found no event in 1 "
            "of 41 rows (2.4%). Fill it in, or leave such rows out with `where`. In all 1 of 41 rows "
            "would be left out, and the budget is 1%."
        ),
    ),
    "times that cannot be read": events(
        EVENTS + "L7,31/01/2026,page_view,/\n",
        (
            "events.csv, column 'at', row 41: expected a time such as 2026-06-30T12:00:00Z, found "
            "not a time in 1 of 41 rows (2.4%), such as '31/01/2026'. Write times as ISO 8601: "
            "2026-06-30 or 2026-06-30T12:00:00Z. In all 1 of 41 rows would be left out, and the "
            "budget is 1%."
        ),
    ),
    "a day that no calendar has": events(
        EVENTS + "L7,2026-02-30,page_view,/\n",
        (
            "events.csv, column 'at', row 41: expected a time such as 2026-06-30T12:00:00Z, found "
            "not a time in 1 of 41 rows (2.4%), such as '2026-02-30'. Write times as ISO 8601: "
            "2026-06-30 or 2026-06-30T12:00:00Z. In all 1 of 41 rows would be left out, and the "
            "budget is 1%."
        ),
    ),
    "epoch numbers for times": events(
        EVENTS + "L7,1767225600,page_view,/\n",
        (
            "events.csv, column 'at', row 41: expected a time such as 2026-06-30T12:00:00Z, found a "
            "number instead of a time in 1 of 41 rows (2.4%), such as '1767225600'. Convert epoch "
            "numbers to ISO 8601 texts or timestamps. In all 1 of 41 rows would be left out, and the "
            "budget is 1%."
        ),
    ),
    "times without a zone": Broken(
        {"crm/events.csv": EVENTS.replace("Z,", ","), "crm/history.yaml": MAPPING.replace("zone: UTC\n", "")},
        (
            "events.csv, column 'at', row 1, 2, 3, …: expected a time with its zone, found a time "
            "without a zone in 40 of 40 rows (100.0%), such as '2026-01-03T08:00:00'. Add `zone: "
            "UTC`, or the right zone, to the mapping. In all 40 of 40 rows would be left out, and "
            "the budget is 1%."
        ),
    ),
    "an outcome before the lead's creation": stages(
        STAGES + "L40,2025-01-01T00:00:00Z,won,5\n",
        (
            "stages.csv, column 'at', row 21: expected a time at or after the lead was created, "
            "found a stage before the lead's creation in 1 of 21 rows (4.8%), such as "
            "'2025-01-01T00:00:00Z'. Correct the time, or `created_at` of the lead. In all 1 of 21 "
            "rows would be left out, and the budget is 1%."
        ),
    ),
    "an amount in words": stages(
        STAGES + "L40,2026-03-01T00:00:00Z,won,plenty\n",
        (
            "stages.csv, column 'amount', row 21: expected a number in every row, found not a number "
            "in 1 of 21 rows (4.8%), such as 'plenty'. Write plain numbers such as 1200.5. In all 1 "
            "of 21 rows would be left out, and the budget is 1%."
        ),
    ),
    "an infinite amount": stages(
        STAGES + "L40,2026-03-01T00:00:00Z,won,inf\n",
        (
            "stages.csv, column 'amount', row 21: expected a number in every row, found not a number "
            "in 1 of 21 rows (4.8%), such as 'inf'. Write plain numbers such as 1200.5. In all 1 of "
            "21 rows would be left out, and the budget is 1%."
        ),
    ),
    "a row with too few cells": leads(
        LEADS + "L41,A1\n",
        (
            "leads.csv, line 42: expected 7 cells in every row, found 1 line that cannot be read: "
            "too few cells. Complete the row, or state the right `delimiter`."
        ),
    ),
    "a row with too many cells": leads(
        LEADS + LEAD.replace("VP", "VP, Sales"),
        (
            "leads.csv, line 42: expected 7 cells in every row, found 1 line that cannot be read: "
            "too many cells. Quote cells that hold the delimiter, or state the right `delimiter`."
        ),
    ),
    "a row with too many cells in every command": leads(
        LEADS + LEAD.replace("VP", "VP, Sales"),
        (
            "leads.csv, line 42: expected 7 cells in every row, found 1 line that cannot be read: "
            "too many cells. Quote cells that hold the delimiter, or state the right `delimiter`."
        ),
        SCORE,
    ),
    "a quote inside a cell": leads(
        LEADS + LEAD.replace("VP", '"VP" of sales'),
        (
            "leads.csv, line 42: expected quotes only around whole cells, found 1 line that cannot "
            "be read: a quote inside a cell, or one that never ends. Write a quote inside a cell as "
            '"".'
        ),
    ),
    "a quote that never ends": leads(
        LEADS + LEAD.replace("VP", '"VP'),
        (
            "leads.csv, line 42: expected quotes only around whole cells, found 1 line that cannot "
            "be read: a quote inside a cell, or one that never ends. Write a quote inside a cell as "
            '"".'
        ),
    ),
    "a quote that never ends in the heading": leads(
        LEADS.replace("lead_id", '"lead_id'),
        (
            "leads.csv, line 1: expected a heading whose quotes end, found a quote that never ends. "
            'Close the quote, or write a quote inside a cell as "".'
        ),
    ),
    "line ends inside quotes": leads(
        LEADS + LEAD.replace("VP", '"VP\n"x"\n\n"'),
        (
            "leads.csv, line 42, 44: expected quotes only around whole cells, found 2 lines that "
            "cannot be read: a quote inside a cell, or one that never ends. Write a quote inside a "
            'cell as "".'
        ),
    ),
    "words in a number column": Broken(
        {
            "crm/leads.csv": LEADS.replace(",7,", ",seven,"),
            "crm/history.yaml": MAPPING.replace("  id: lead_id\n", "  id: lead_id\n  types: {employees: number}\n"),
        },
        (
            "leads.csv, column 'employees', row 1: expected a number in every row, found not a "
            "number in 1 of 40 rows (2.5%), such as 'seven'. Correct these cells, or declare another "
            "kind in `types: {employees: text}`. In all 1 of 40 rows would be left out, and the "
            "budget is 1%."
        ),
    ),
    "words in a number column that a rule compares": leads(
        LEADS.replace(",280,", ",many,"),
        (
            "model.yaml:21 rules[2].when.at_least: expected an operator on texts, which 'employees' "
            "holds, found at_least. Use equals, one_of, has_word or contains_any, or declare the "
            "column's type in the mapping."
        ),
        SCORE,
    ),
    "infinity in a number column": Broken(
        {
            "crm/leads.csv": LEADS.replace(",280,", ",inf,"),
            "crm/history.yaml": MAPPING.replace("  id: lead_id\n", "  id: lead_id\n  types: {employees: number}\n"),
        },
        (
            "leads.csv, column 'employees', row 40: expected a number in every row, found not a "
            "number in 1 of 40 rows (2.5%), such as 'inf'. Correct these cells, or declare another "
            "kind in `types: {employees: text}`. In all 1 of 40 rows would be left out, and the "
            "budget is 1%."
        ),
    ),
}
