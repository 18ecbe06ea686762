"""Data files that are not what their ending says, or hold nothing of use, each in one way."""

from __future__ import annotations

import gzip
import json

from broken.scene import (
    CHECK,
    FLAT,
    FLAT_CHECK,
    FLAT_CSV,
    LEAD,
    LEADS,
    MAPPING,
    SCORE,
    Broken,
    changed,
    leads,
)


def flat(text: str | bytes, says: str) -> Broken:
    return Broken({"flat/leads.csv": text}, says, FLAT_CHECK)


JSON = "".join(json.dumps({"lead_id": f"L{n}", "size": n, "won": n % 2}) + "\n" for n in range(1, 21))
FILES = {
    "an empty file": leads("", "leads.csv: expected rows, found an empty file. Export it again."),
    "blank lines": leads("\n\n\n", "leads.csv: expected rows, found an empty file. Export it again."),
    "only a heading": leads(
        LEADS.splitlines()[0] + "\n", "leads.csv: expected leads, found none: the file has no rows. Export it again."
    ),
    "no heading": leads(
        LEADS.split("\n", 1)[1],
        (
            "history.yaml:7 leads.id: expected a column of leads.csv, found 'lead_id'. Known are: "
            "'2026-01-02T08:00:00Z', '7', 'A1', 'Analyst', 'C1', 'EU', 'L1'."
        ),
    ),
    "a heading with a name twice": leads(
        changed(LEADS, "job_title", "region"),
        ("leads.csv: expected each column name once, found 'region' twice. Rename one of the two columns."),
    ),
    "a heading that differs in case only": Broken(
        {
            "crm/leads.csv": changed(LEADS, "job_title", "Region"),
            "crm/history.yaml": changed(MAPPING, "{job_title: creation, ", "{"),
        },
        (
            "leads.csv: expected column names that differ in more than upper and lower case, found "
            "'Region' and 'region'. Rename one of the two, or add one to `drop`."
        ),
        CHECK,
    ),
    "line ends of two kinds": leads(
        LEADS.replace("\n", "\r\n", 5),
        (
            "leads.csv: expected lines that all end alike, found line ends of several kinds, or lines "
            "that no reader takes. Export it again, with one kind of line end throughout."
        ),
    ),
    "NUL bytes": leads(
        LEADS + LEAD.replace("VP", "V\0P"),
        ("leads.csv, line 42: expected text, found a NUL byte. Is this a text file? Save it as plain UTF-8 text."),
    ),
    "NUL bytes only": leads(
        b"\0" * 5000,
        ("leads.csv, line 1: expected text, found a NUL byte. Is this a text file? Save it as plain UTF-8 text."),
    ),
    "binary garbage as CSV": leads(
        bytes(range(256)) * 40,
        ("leads.csv, line 1: expected text, found a NUL byte. Is this a text file? Save it as plain UTF-8 text."),
    ),
    "a UTF-16 export": leads(
        LEADS.encode("utf-16"),
        ("leads.csv, line 1: expected UTF-8 text, found the byte 0xFF, which is not. Save the file as UTF-8."),
    ),
    "latin-1 letters": leads(
        LEADS.encode() + LEAD.replace("VP", "Geschäftsführer").encode("latin-1"),
        ("leads.csv, line 42: expected UTF-8 text, found the byte 0xE4, which is not. Save the file as UTF-8."),
    ),
    "latin-1 letters in the heading": leads(
        LEADS.replace("region", "län").encode("latin-1"),
        ("leads.csv, line 1: expected UTF-8 text, found the byte 0xE4, which is not. Save the file as UTF-8."),
    ),
    "an HTML page as CSV": leads(
        "<!doctype html>\n<html><body>Please log in</body></html>\n",
        ("history.yaml:7 leads.id: expected a column of leads.csv, found 'lead_id'. Known are: '<!doctype html>'."),
    ),
    "an outcome column of another spelling": flat(
        FLAT_CSV.replace("Converted", "converted"),
        ("outcome Converted=1: expected a column of leads.csv, found 'Converted'. Did you mean 'converted'?"),
    ),
    "an outcome with gaps": flat(
        FLAT_CSV + "41,3,\n",
        (
            "leads.csv, column 'Converted', row 41: expected an outcome in every row, found no "
            "outcome in 1 of 41 rows (2.4%). Leave leads without an outcome out of the file. In all "
            "1 of 41 rows would be left out, and the budget is 1%."
        ),
    ),
    "a flat table without rows": flat(
        "id,visits,Converted\n", "leads.csv: expected leads, found none: the file has no rows. Export it again."
    ),
    "a flat table that is empty": Broken(
        {"flat/leads.csv": ""}, "leads.csv: expected rows, found an empty file. Export it again.", FLAT
    ),
    "a file that is not there": Broken(
        {},
        ("nowhere.csv: expected a folder, a data file or a .duckdb file, found nothing. Check the path."),
        "check nowhere.csv",
    ),
    "a folder without data": Broken(
        {"empty/": ""},
        (
            "empty: expected a table 'leads', or a mapping in history.yaml, found no data file. "
            "Write a history.yaml that names the file of leads, or pass one with --mapping."
        ),
        "check empty",
    ),
    "a spreadsheet": Broken(
        {"book.xlsx": b"PK\3\4"},
        (
            "book.xlsx: expected one of '.csv', '.tsv', '.txt', '.jsonl', '.ndjson', '.json', "
            "'.parquet', '.pq', '.duckdb', '.ddb', '.db', found '.xlsx'. Save the data as CSV or "
            "Parquet."
        ),
        "check book.xlsx",
    ),
    "JSON lines cut off": Broken(
        {"leads.jsonl": JSON[:-10]},
        (
            "leads.jsonl, line 20: expected one JSON object a line, found what is not JSON from "
            'character 32 on. Write each row as {"column": value} on a line of its own, in UTF-8.'
        ),
        "check leads.jsonl --outcome won=1",
    ),
    "JSON lines with a broken line": Broken(
        {"leads.jsonl": changed(JSON, '"L5", "size"', '"L5" "size"')},
        (
            "leads.jsonl, line 5: expected one JSON object a line, found what is not JSON from "
            'character 18 on. Write each row as {"column": value} on a line of its own, in UTF-8.'
        ),
        "check leads.jsonl --outcome won=1",
    ),
    "JSON that is one list": Broken(
        {"leads.jsonl": "[" + ",".join(JSON.splitlines()) + "]"},
        (
            "leads.jsonl: expected one JSON object a line, found 1 line that is something else. "
            'Write each row as {"column": value} on a line of its own.'
        ),
        "check leads.jsonl",
    ),
    "JSON lines that are not UTF-8": Broken(
        {"leads.jsonl": JSON.replace("L5", "Lä").encode("latin-1")},
        (
            "leads.jsonl, line 5: expected one JSON object a line, found the byte 0xE4, which is not "
            'UTF-8. Write each row as {"column": value} on a line of its own, in UTF-8.'
        ),
        "check leads.jsonl --outcome won=1",
    ),
    "an empty JSON file": Broken(
        {"leads.jsonl": ""}, "leads.jsonl: expected rows, found an empty file. Export it again.", "check leads.jsonl"
    ),
    "a JSON object over several lines": Broken(
        {"leads.jsonl": json.dumps({"lead_id": "a"}, indent=1)},
        (
            "leads.jsonl, line 1: expected one JSON object a line, found what is not JSON from "
            'character 1 on. Write each row as {"column": value} on a line of its own, in UTF-8.'
        ),
        "check leads.jsonl",
    ),
    "binary garbage as JSON lines": Broken(
        {"leads.jsonl": bytes(range(256)) * 40},
        (
            "leads.jsonl, line 1: expected one JSON object a line, found what is not JSON from "
            'character 1 on. Write each row as {"column": value} on a line of its own, in UTF-8.'
        ),
        "check leads.jsonl",
    ),
    "garbage as Parquet": Broken(
        {"leads.parquet": bytes(range(256)) * 40},
        (
            "leads.parquet: expected a Parquet file, found something else. Export it again, or check "
            "that its ending says its format."
        ),
        "check leads.parquet",
    ),
    "CSV as Parquet": Broken(
        {"leads.parquet": LEADS},
        (
            "leads.parquet: expected a Parquet file, found something else. Export it again, or check "
            "that its ending says its format."
        ),
        "check leads.parquet",
    ),
    "Parquet cut off": Broken(
        {"leads.parquet": b"PAR1" + b"\0" * 100 + b"\xff\xff\xff\x7fPAR1"},
        (
            "leads.parquet: expected a file that can be read, found one that is damaged or cut off. "
            "Export it again, or check that its ending says its format."
        ),
        "check leads.parquet",
    ),
    "Parquet without its end": Broken(
        {"leads.parquet": b"PAR1" + b"\7" * 100},
        (
            "leads.parquet: expected a Parquet file, found one that is cut off. Export it again, or "
            "check that its ending says its format."
        ),
        "check leads.parquet",
    ),
    "an empty Parquet file": Broken(
        {"leads.parquet": b""},
        "leads.parquet: expected rows, found an empty file. Export it again.",
        "check leads.parquet",
    ),
    "garbage as a database": Broken(
        {"crm.duckdb": b"nothing" * 1000},
        (
            "crm.duckdb: expected a DuckDB database that can be read, found something else. Check "
            "that it is the right file."
        ),
        "check crm.duckdb",
    ),
    "an empty database file": Broken(
        {"crm.duckdb": b""},
        (
            "crm.duckdb: expected a DuckDB database that can be read, found an empty file. Check "
            "that it is the right file."
        ),
        "check crm.duckdb",
    ),
    "gzip cut off": Broken(
        {"leads.csv.gz": gzip.compress(LEADS.encode(), mtime=0)[:-30]},
        ("leads.csv.gz: expected a file packed by gzip, found one that is not, or is cut off. Export it again."),
        "check leads.csv.gz",
    ),
    "a line of three megabytes": leads(
        LEADS + LEAD.replace("VP", "V" * 3_000_000),
        (
            "leads.csv, line 42: expected rows that can be read, found 1 line that cannot be read: "
            "too long or malformed. Correct the line, or export the file again."
        ),
    ),
    "a scored moment that is none": Broken(
        {},
        (
            "as_of: expected a date, or a moment with its zone, such as 2026-06-30T00:00:00Z, found "
            "'yesterday'. Write it in ISO 8601 and end it with Z or an offset."
        ),
        SCORE + " --as-of yesterday",
    ),
    "a scored moment before all leads": Broken(
        {},
        ("as_of: expected leads created before 2020-01-01T00:00:00+00:00, found none. Choose a later moment."),
        SCORE + " --as-of 2020-01-01T00:00:00Z",
    ),
    "a lead that is not there": Broken(
        {},
        "lead_id: expected a lead of the history, found 'L999'. Did you mean 'L9'?",
        "explain model.yaml --data crm --lead L999",
    ),
    "plain text as gzip": Broken(
        {"leads.csv.gz": LEADS},
        ("leads.csv.gz: expected a file packed by gzip, found one that is not, or is cut off. Export it again."),
        "check leads.csv.gz",
    ),
    "garbage as the list of a mapping": Broken(
        {"crm/history.yaml": MAPPING + "lists: {free: free.txt}\n", "crm/free.txt": b"\xff\xfe\xfd"},
        ("free.txt, line 1: expected UTF-8 text, found the byte 0xFF, which is not. Save the file as UTF-8."),
    ),
}
