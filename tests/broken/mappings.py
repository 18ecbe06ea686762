"""History mappings that are wrong, or do not fit their files, each in one way."""

from __future__ import annotations

from broken.scene import CHECK, CONTACTS, MAPPING, Broken, mapping

MAPPINGS = {
    "a misspelt key": Broken(
        mapping("  account: account_id", "  acount: account_id"),
        ("history.yaml:8 leads.acount: expected a key that is known here, found 'acount'. Did you mean 'account'?"),
        CHECK,
    ),
    "a bracket that is not closed": Broken(
        mapping("stage: stage, at: at, amount: amount}", "stage: stage"),
        (
            "history.yaml:17: expected ',' or '}', found the end of the file, in what begins on line "
            "16. Check indentation, quotes and brackets near this line."
        ),
        CHECK,
    ),
    "indentation by tabs": Broken(
        mapping("  file: leads.csv", "\tfile: leads.csv"),
        "history.yaml:6: expected spaces before the text, found a tab. Indent with spaces.",
        CHECK,
    ),
    "a file that is not there": Broken(
        mapping("file: events.csv", "file: event.csv"),
        (
            "history.yaml:14 events[0].file: expected a file in the folder 'crm', found no "
            "'event.csv'. Did you mean 'events.csv'?"
        ),
        CHECK,
    ),
    "a file outside the folder": Broken(
        mapping("file: events.csv", "file: ../../nowhere.csv"),
        (
            "history.yaml:14 events[0].file: expected a file in the folder 'crm', found no "
            "'../../nowhere.csv'. Known are: 'accounts.csv', 'contacts.csv', 'events.csv', "
            "'leads.csv', 'stages.csv'."
        ),
        CHECK,
    ),
    "no leads": Broken(
        {"crm/history.yaml": MAPPING[: MAPPING.index("leads:")] + MAPPING[MAPPING.index("accounts:") :]},
        (
            "history.yaml:1: expected the key 'leads' beside the other tables, found none. Say where "
            "the leads are, or leave all tables out."
        ),
        CHECK,
    ),
    "an event column that is not there": Broken(
        mapping("event: event", "event: evnt"),
        ("history.yaml:14 events[0].event: expected a column of events.csv, found 'evnt'. Did you mean 'event'?"),
        CHECK,
    ),
    "an id column that is not there": Broken(
        mapping("  id: lead_id", "  id: leadid"),
        ("history.yaml:7 leads.id: expected a column of leads.csv, found 'leadid'. Did you mean 'lead_id'?"),
        CHECK,
    ),
    "a lead column that is not there": Broken(
        mapping("events.csv, lead: lead_id", "events.csv, lead: lead"),
        ("history.yaml:14 events[0].lead: expected a column of events.csv, found 'lead'. Did you mean 'lead_id'?"),
        CHECK,
    ),
    "a time column that is not there": Broken(
        mapping("created_at: created_at", "created_at: created"),
        (
            "history.yaml:9 leads.created_at: expected a column of leads.csv, found 'created'. Did "
            "you mean 'created_at'?"
        ),
        CHECK,
    ),
    "a property that is not there": Broken(
        mapping("[page]", "[pages]"),
        ("history.yaml:14 events[0].properties: expected a column of events.csv, found 'pages'. Did you mean 'page'?"),
        CHECK,
    ),
    "a field that is not there": Broken(
        mapping("{job_title: creation", "{job_titel: creation"),
        (
            "history.yaml:10 leads.known.job_titel: expected a column of leads.csv, found "
            "'job_titel'. Did you mean 'job_title'?"
        ),
        CHECK,
    ),
    "an unknown kind": Broken(
        mapping("  id: lead_id\n", "  id: lead_id\n  types: {employees: integer}\n"),
        (
            "history.yaml:8 leads.types.employees: expected 'text', 'number', 'boolean' or 'time', "
            'found "integer". Use one of these.'
        ),
        CHECK,
    ),
    "an unknown word for known": Broken(
        mapping("{job_title: creation", "{job_title: always"),
        (
            "history.yaml:10 leads.known.job_title: expected 'creation', 'dated' or 'undated', found "
            '"always". Use one of these.'
        ),
        CHECK,
    ),
    "an unknown zone": Broken(
        mapping("zone: UTC", "zone: Middle/Earth"),
        (
            'history.yaml:2 zone: expected the name of a time zone, found "Middle/Earth". Write UTC, '
            "or a name such as Europe/Berlin."
        ),
        CHECK,
    ),
    "an end that is no time": Broken(
        mapping("until: 2026-06-01", "until: the summer"),
        (
            'history.yaml:3 until: expected a date or a time, found "the summer". Write for example '
            "2026-06-30 or 2026-06-30T12:00:00Z."
        ),
        CHECK,
    ),
    "an end that no calendar has": Broken(
        mapping("until: 2026-06-01", "until: 2026-06-31"),
        (
            'history.yaml:3 until: expected a date or a time, found "2026-06-31". Write for example '
            "2026-06-30 or 2026-06-30T12:00:00Z."
        ),
        CHECK,
    ),
    "an end before the start": Broken(
        mapping("until: 2026-06-01", "until: 2020-06-01"),
        (
            "leads.csv: expected leads, found none that can be used: 40 at or after `until`. Check "
            "the file and the mapping."
        ),
        CHECK,
    ),
    "blanks of the wrong type": Broken(
        mapping('["", Select]', "Select"),
        ("history.yaml:4 blanks: expected a list, found \"Select\". Write it as [a, b] or with one '- ' line each."),
        CHECK,
    ),
    "blanks that are numbers": Broken(
        mapping('["", Select]', "[-1]"),
        ("history.yaml:4 blanks[0]: expected a text, found -1. Put it in quotes if a text is meant."),
        CHECK,
    ),
    "a budget beyond all": Broken(
        mapping("zone: UTC", "budget: 120%"),
        ('history.yaml:2 budget: expected a share such as 20%, found "120%". Write a percentage from 0% to 100%.'),
        CHECK,
    ),
    "a joined key twice": Broken(
        {"crm/contacts.csv": CONTACTS + "C1,99\nC2,98\n"},
        (
            "contacts.csv, column 'contact_id', row 1: expected each key once in a joined table, "
            "found 2 keys more than once, such as 'C1'. Keep one row for each key."
        ),
        CHECK,
    ),
    "a joined key that the leads lack": Broken(
        mapping('"on": contact_id', '"on": person_id'),
        (
            "history.yaml:11 leads.join[0].on: expected a column of contacts.csv, found 'person_id'. "
            "Known are: 'contact_id', 'phone'."
        ),
        CHECK,
    ),
    "a joined file that is not there": Broken(
        mapping("contacts.csv", "people.csv"),
        (
            "history.yaml:11 leads.join[0].file: expected a file in the folder 'crm', found no "
            "'people.csv'. Did you mean 'leads.csv'?"
        ),
        CHECK,
    ),
    "the key 'on' of old YAML": Broken(
        mapping('"on": contact_id', "when: contact_id"),
        ("history.yaml:11 leads.join.when: expected a key that is known here, found 'when'. Did you mean 'on'?"),
        CHECK,
    ),
    "where lets nothing through": Broken(
        mapping("stage: stage, at: at", "where: {field: stage, equals: closed}, stage: stage, at: at"),
        (
            "history.yaml:16 stages[0].where.equals: expected a value that 'stage' of stages.csv "
            "has, found 'closed'. Known are: 'mql', 'won'."
        ),
        CHECK,
    ),
    "an outcome that nobody has": Broken(
        mapping("  id: lead_id\n", "  id: lead_id\n  outcome: {field: region, equals: APAC}\n"),
        (
            "leads.csv, column 'region': expected 'APAC' in some row, found none in 40 rows. Check "
            "how the outcome is spelled in the file."
        ),
        CHECK,
    ),
    "an outcome in a column that is not there": Broken(
        {},
        ("outcome Convertd=1: expected a column of leads.csv, found 'Convertd'. Did you mean 'Converted'?"),
        "check flat/leads.csv --outcome Convertd=1",
    ),
    "an outcome that nobody has in a flat table": Broken(
        {},
        (
            "leads.csv, column 'Converted': expected 'yes' in some row, found none in 40 rows. Check "
            "how the outcome is spelled in the file."
        ),
        "check flat/leads.csv --outcome Converted=yes",
    ),
    "an outcome without its value": Broken(
        {},
        ("outcome: expected COLUMN=VALUE, found 'Converted'. Write for example --outcome 'Converted=1'."),
        "check flat/leads.csv --outcome Converted",
    ),
    "a delimiter of two characters": Broken(
        mapping("  file: leads.csv", '  file: leads.csv\n  delimiter: ";;"'),
        ('history.yaml:7 leads.delimiter: expected one character, found ";;". Write for example ";" or "\\t".'),
        CHECK,
    ),
    "the wrong delimiter": Broken(
        mapping("  file: leads.csv", '  file: leads.csv\n  delimiter: ";"'),
        (
            "history.yaml:8 leads.id: expected a column of leads.csv, found 'lead_id'. Known are: "
            "'lead_id,account_id,contact_id,created_at,job_title,employ...'."
        ),
        CHECK,
    ),
    "a list file that is not there": Broken(
        {"crm/history.yaml": MAPPING + "lists: {free: free.txt}\n"},
        (
            "history.yaml:17 lists.free: expected a file in the folder 'crm', found no 'free.txt'. "
            "Known are: 'accounts.csv', 'contacts.csv', 'events.csv', 'leads.csv', 'stages.csv'."
        ),
        CHECK,
    ),
    "a dated field without changes": Broken(
        mapping("{job_title: creation", "{job_title: dated"),
        (
            "history.yaml:10 leads.known.job_title: expected a table of changes that dates the "
            "field, found none. Name the table under `changes`, or write undated."
        ),
        CHECK,
    ),
    "no format": Broken(
        mapping("format: lead-history/1\n", ""),
        "history.yaml:1 format: expected the key 'format', found nothing. Add 'format:' here.",
        CHECK,
    ),
    "a plan for a mapping": Broken(
        {},
        (
            "plan.yaml:1 format: expected 'lead-history/1', found \"lead-scoring-plan/1\". Name a file "
            "of that kind: its first line says which it is."
        ),
        "check crm --mapping plan.yaml",
    ),
    "no mapping where one is named": Broken(
        {}, "nowhere.yaml: expected a file, found nothing. Check the path.", "check crm --mapping nowhere.yaml"
    ),
    "a folder for a mapping": Broken(
        {}, "crm: expected a readable file, found a folder. Name the YAML file itself.", "check crm --mapping crm"
    ),
    "an empty mapping": Broken(
        {"crm/history.yaml": ""},
        (
            "history.yaml:1: expected keys with values at the top level, found an empty file. Start "
            "the file with its 'format:' line."
        ),
        CHECK,
    ),
}
