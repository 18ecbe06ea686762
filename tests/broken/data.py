"""Data files that are wrong, each in one way."""

from __future__ import annotations

import gzip
import json

from broken.scene import (
    ACCOUNTS,
    CHECK,
    EVENTS,
    FLAT,
    FLAT_CHECK,
    FLAT_CSV,
    LEADS,
    MAPPING,
    SCORE,
    STAGES,
    Broken,
    changed,
)

LEAD = "L41,A1,C1,2026-01-31T08:00:00Z,VP,7,EU\n"


def leads(text: str | bytes, call: str = CHECK) -> Broken:
    return Broken({"crm/leads.csv": text}, "", call)


def events(text: str | bytes) -> Broken:
    return Broken({"crm/events.csv": text}, "")


def stages(text: str | bytes) -> Broken:
    return Broken({"crm/stages.csv": text}, "", CHECK)


def flat(text: str | bytes) -> Broken:
    return Broken({"flat/leads.csv": text}, "", FLAT_CHECK)


JSON = "".join(json.dumps({"lead_id": f"L{n}", "size": n, "won": n % 2}) + "\n" for n in range(1, 21))
DATA = {
    "leads of one id that differ": leads(LEADS + LEADS.splitlines()[1].replace("VP", "CEO").replace("Analyst", "CEO") + "\n", SCORE),
    "a lead without its id": leads(LEADS + LEAD.replace("L41", "")),
    "a lead without its time": leads(LEADS + LEAD.replace("2026-01-31T08:00:00Z", "")),
    "accounts of one id that differ": Broken({"crm/accounts.csv": ACCOUNTS + "A1,farming\n"}, ""),
    "events of unknown leads": events(EVENTS + "L77,2026-01-09T08:00:00Z,page_view,/pricing\n" * 2),
    "an event without a name": events(EVENTS + "L7,2026-01-09T08:00:00Z,,/pricing\n"),
    "times that cannot be read": events(EVENTS + "L7,31/01/2026,page_view,/\n"),
    "a day that no calendar has": events(EVENTS + "L7,2026-02-30,page_view,/\n"),
    "epoch numbers for times": events(EVENTS + "L7,1767225600,page_view,/\n"),
    "times without a zone": Broken(
        {"crm/events.csv": EVENTS.replace("Z,", ","), "crm/history.yaml": MAPPING.replace("zone: UTC\n", "")}, ""
    ),
    "an outcome before the lead's creation": stages(STAGES + "L40,2025-01-01T00:00:00Z,won,5\n"),
    "an amount in words": stages(STAGES + "L40,2026-03-01T00:00:00Z,won,plenty\n"),
    "an infinite amount": stages(STAGES + "L40,2026-03-01T00:00:00Z,won,inf\n"),
    "a row with too few cells": leads(LEADS + "L41,A1\n"),
    "a row with too many cells": leads(LEADS + LEAD.replace("VP", "VP, Sales")),
    "a row with too many cells in every command": leads(LEADS + LEAD.replace("VP", "VP, Sales"), SCORE),
    "a quote inside a cell": leads(LEADS + LEAD.replace("VP", '"VP" of sales')),
    "a quote that never ends": leads(LEADS + LEAD.replace("VP", '"VP')),
    "a quote that never ends in the heading": leads(LEADS.replace("lead_id", '"lead_id')),
    "line ends inside quotes": leads(LEADS + LEAD.replace("VP", '"VP\n"x"\n\n"') ),
    "words in a number column": Broken(
        {"crm/leads.csv": LEADS.replace(",7,", ",seven,"),
         "crm/history.yaml": MAPPING.replace("  id: lead_id\n", "  id: lead_id\n  types: {employees: number}\n")}, "",
    ),
    "words in a number column that a rule compares": leads(LEADS.replace(",280,", ",many,"), SCORE),
    "infinity in a number column": Broken(
        {"crm/leads.csv": LEADS.replace(",280,", ",inf,"),
         "crm/history.yaml": MAPPING.replace("  id: lead_id\n", "  id: lead_id\n  types: {employees: number}\n")}, "",
    ),
    "an empty file": leads(""),
    "blank lines": leads("\n\n\n"),
    "only a heading": leads(LEADS.splitlines()[0] + "\n"),
    "no heading": leads(LEADS.split("\n", 1)[1]),
    "a heading with a name twice": leads(changed(LEADS, "job_title", "region")),
    "a heading that differs in case only": Broken(
        {
            "crm/leads.csv": changed(LEADS, "job_title", "Region"),
            "crm/history.yaml": changed(MAPPING, "{job_title: creation, ", "{"),
        },
        "",
        CHECK,
    ),
    "NUL bytes": leads(LEADS + LEAD.replace("VP", "V\0P")),
    "NUL bytes only": leads(b"\0" * 5000),
    "binary garbage as CSV": leads(bytes(range(256)) * 40),
    "a UTF-16 export": leads(LEADS.encode("utf-16")),
    "latin-1 letters": leads(LEADS.encode() + LEAD.replace("VP", "Geschäftsführer").encode("latin-1")),
    "latin-1 letters in the heading": leads(LEADS.replace("region", "län").encode("latin-1")),
    "an HTML page as CSV": leads("<!doctype html>\n<html><body>Please log in</body></html>\n"),
    "an outcome column of another spelling": flat(FLAT_CSV.replace("Converted", "converted")),
    "an outcome with gaps": flat(FLAT_CSV + "41,3,\n"),
    "a flat table without rows": flat("id,visits,Converted\n"),
    "a flat table that is empty": Broken({"flat/leads.csv": ""}, "", FLAT),
    "a file that is not there": Broken({}, "", "check nowhere.csv"),
    "a folder without data": Broken({"empty/": ""}, "", "check empty"),
    "a spreadsheet": Broken({"book.xlsx": b"PK\3\4"}, "", "check book.xlsx"),
    "JSON lines cut off": Broken({"leads.jsonl": JSON[:-10]}, "", "check leads.jsonl --outcome won=1"),
    "JSON lines with a broken line": Broken(
        {"leads.jsonl": changed(JSON, '"L5", "size"', '"L5" "size"')}, "", "check leads.jsonl --outcome won=1"
    ),
    "JSON that is one list": Broken({"leads.jsonl": "[" + ",".join(JSON.splitlines()) + "]"}, "", "check leads.jsonl"),
    "JSON lines that are not UTF-8": Broken(
        {"leads.jsonl": JSON.replace("L5", "Lä").encode("latin-1")}, "", "check leads.jsonl --outcome won=1"
    ),
    "an empty JSON file": Broken({"leads.jsonl": ""}, "", "check leads.jsonl"),
    "a JSON object over several lines": Broken({"leads.jsonl": json.dumps({"lead_id": "a"}, indent=1)}, "", "check leads.jsonl"),
    "binary garbage as JSON lines": Broken({"leads.jsonl": bytes(range(256)) * 40}, "", "check leads.jsonl"),
    "garbage as Parquet": Broken({"leads.parquet": bytes(range(256)) * 40}, "", "check leads.parquet"),
    "CSV as Parquet": Broken({"leads.parquet": LEADS}, "", "check leads.parquet"),
    "Parquet cut off": Broken({"leads.parquet": b"PAR1" + b"\0" * 100 + b"\xff\xff\xff\x7fPAR1"}, "", "check leads.parquet"),
    "Parquet without its end": Broken({"leads.parquet": b"PAR1" + b"\7" * 100}, "", "check leads.parquet"),
    "an empty Parquet file": Broken({"leads.parquet": b""}, "", "check leads.parquet"),
    "garbage as a database": Broken({"crm.duckdb": b"nothing" * 1000}, "", "check crm.duckdb"),
    "an empty database file": Broken({"crm.duckdb": b""}, "", "check crm.duckdb"),
    "gzip cut off": Broken({"leads.csv.gz": gzip.compress(LEADS.encode(), mtime=0)[:-30]}, "", "check leads.csv.gz"),
    "a line of three megabytes": leads(LEADS + LEAD.replace("VP", "V" * 3_000_000)),
    "a scored moment that is none": Broken({}, "", SCORE + " --as-of yesterday"),
    "a scored moment before all leads": Broken({}, "", SCORE + " --as-of 2020-01-01T00:00:00Z"),
    "a lead that is not there": Broken({}, "", "explain model.yaml --data crm --lead L999"),
    "plain text as gzip": Broken({"leads.csv.gz": LEADS}, "", "check leads.csv.gz"),
    "garbage as the list of a mapping": Broken(
        {"crm/history.yaml": MAPPING + "lists: {free: free.txt}\n", "crm/free.txt": b"\xff\xfe\xfd"}, ""
    ),
}
