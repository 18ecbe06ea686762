"""Mappings and plans that are wrong, each in one way."""

from __future__ import annotations

from broken.scene import (
    CHECK,
    CONTACTS,
    FLAT,
    MAPPING,
    PLAN,
    Broken,
    mapping,
    plan,
)

MAPPINGS = {
    "a misspelt key": Broken(mapping("  account: account_id", "  acount: account_id"), "", CHECK),
    "a bracket that is not closed": Broken(mapping("stage: stage, at: at, amount: amount}", "stage: stage"), "", CHECK),
    "indentation by tabs": Broken(mapping("  file: leads.csv", "\tfile: leads.csv"), "", CHECK),
    "a file that is not there": Broken(mapping("file: events.csv", "file: event.csv"), "", CHECK),
    "a file outside the folder": Broken(mapping("file: events.csv", "file: ../../nowhere.csv"), "", CHECK),
    "no leads": Broken({"crm/history.yaml": MAPPING[: MAPPING.index("leads:")] + MAPPING[MAPPING.index("accounts:") :]}, "", CHECK),
    "an event column that is not there": Broken(mapping("event: event", "event: evnt"), "", CHECK),
    "an id column that is not there": Broken(mapping("  id: lead_id", "  id: leadid"), "", CHECK),
    "a lead column that is not there": Broken(mapping("events.csv, lead: lead_id", "events.csv, lead: lead"), "", CHECK),
    "a time column that is not there": Broken(mapping("created_at: created_at", "created_at: created"), "", CHECK),
    "a property that is not there": Broken(mapping("[page]", "[pages]"), "", CHECK),
    "a field that is not there": Broken(mapping("{job_title: creation", "{job_titel: creation"), "", CHECK),
    "an unknown kind": Broken(mapping("  id: lead_id\n", "  id: lead_id\n  types: {employees: integer}\n"), "", CHECK),
    "an unknown word for known": Broken(mapping("{job_title: creation", "{job_title: always"), "", CHECK),
    "an unknown zone": Broken(mapping("zone: UTC", "zone: Middle/Earth"), "", CHECK),
    "an end that is no time": Broken(mapping("until: 2026-06-01", "until: the summer"), "", CHECK),
    "an end that no calendar has": Broken(mapping("until: 2026-06-01", "until: 2026-06-31"), "", CHECK),
    "an end before the start": Broken(mapping("until: 2026-06-01", "until: 2020-06-01"), "", CHECK),
    "blanks of the wrong type": Broken(mapping('["", Select]', "Select"), "", CHECK),
    "blanks that are numbers": Broken(mapping('["", Select]', "[-1]"), "", CHECK),
    "a budget beyond all": Broken(mapping("zone: UTC", "budget: 120%"), "", CHECK),
    "a joined key twice": Broken({"crm/contacts.csv": CONTACTS + "C1,99\nC2,98\n"}, "", CHECK),
    "a joined key that the leads lack": Broken(mapping('"on": contact_id', '"on": person_id'), "", CHECK),
    "a joined file that is not there": Broken(mapping("contacts.csv", "people.csv"), "", CHECK),
    "the key 'on' of old YAML": Broken(mapping('"on": contact_id', 'when: contact_id'), "", CHECK),
    "where lets nothing through": Broken(mapping("stage: stage, at: at", "where: {field: stage, equals: closed}, stage: stage, at: at"), "", CHECK),
    "an outcome that nobody has": Broken(
        mapping("  id: lead_id\n", "  id: lead_id\n  outcome: {field: region, equals: APAC}\n"), "", CHECK
    ),
    "an outcome in a column that is not there": Broken({}, "", "check flat/leads.csv --outcome Convertd=1"),
    "an outcome that nobody has in a flat table": Broken({}, "", "check flat/leads.csv --outcome Converted=yes"),
    "an outcome without its value": Broken({}, "", "check flat/leads.csv --outcome Converted"),
    "a delimiter of two characters": Broken(mapping("  file: leads.csv", '  file: leads.csv\n  delimiter: ";;"'), "", CHECK),
    "the wrong delimiter": Broken(mapping("  file: leads.csv", '  file: leads.csv\n  delimiter: ";"'), "", CHECK),
    "a list file that is not there": Broken({"crm/history.yaml": MAPPING + "lists: {free: free.txt}\n"}, "", CHECK),
    "a dated field without changes": Broken(mapping("{job_title: creation", "{job_title: dated"), "", CHECK),
    "no format": Broken(mapping("format: lead-history/1\n", ""), "", CHECK),
    "a plan for a mapping": Broken({}, "", "check crm --mapping plan.yaml"),
    "no mapping where one is named": Broken({}, "", "check crm --mapping nowhere.yaml"),
    "a folder for a mapping": Broken({}, "", "check crm --mapping crm"),
    "an empty mapping": Broken({"crm/history.yaml": ""}, "", CHECK),
}
PLANS = {
    "a misspelt key": Broken(plan("horizon: 10d", "horzon: 10d"), ""),
    "a bracket that is not closed": Broken(plan("[region]", "[region"), ""),
    "an unknown stage": Broken(plan("outcome: won", "outcome: wno"), ""),
    "an unknown stage to observe at": Broken(plan("at: 3d", "at: {stage: sql}"), ""),
    "an unknown way to observe": Broken(plan("at: 3d", "at: {moment: mql}"), ""),
    "an unknown period": Broken(plan("at: 3d", "at: {every: fortnight}"), ""),
    "no time to observe": Broken(plan("at: 3d\n", ""), ""),
    "as recorded, on dated data": Broken(plan("at: 3d", "at: recorded"), ""),
    "dates for a table without them": Broken(
        {}, "", "backtest flat/model.yaml --data flat/leads.csv --outcome Converted=1 --plan plan.yaml --out evidence"
    ),
    "no horizon": Broken(plan("horizon: 10d\n", ""), ""),
    "a horizon without its unit": Broken(plan("horizon: 10d", "horizon: 10"), ""),
    "a horizon longer than the data": Broken(plan("horizon: 10d", "horizon: 900d"), ""),
    "no outcome": Broken(plan("outcome: won\n", ""), ""),
    "a split that the data is too short for": Broken(plan("horizon: 10d", "horizon: 40d\nsplit: {by: time}"), ""),
    "a split of everything": Broken(plan("cluster: account", "split: {by: time, test: 60%, validation: 40%}"), ""),
    "a split by nothing known": Broken(plan("cluster: account", "split: {by: hand}"), ""),
    "a split by parts that are not given": Broken(plan("cluster: account", "split: {by: part}"), ""),
    "a gap without its unit": Broken(plan("cluster: account", "split: {by: time, gap: 5}"), ""),
    "a gap shorter than the horizon": Broken(plan("cluster: account", "split: {by: time, gap: 5d}"), ""),
    "unknown segments": Broken(plan("[region]", "[regoin]"), ""),
    "segments that are no list": Broken(plan("[region]", "region"), ""),
    "a field of unknown date": Broken(
        {**plan("[region]", "[region]"), "crm/history.yaml": MAPPING.replace("employees: creation, ", "")}, ""
    ),
    "accounts where there are none": Broken(
        {"crm/history.yaml": MAPPING.replace("  account: account_id\n", "")}, ""
    ),
    "an unknown cluster": Broken(plan("cluster: account", "cluster: company"), ""),
    "a population of an unknown field": Broken(
        plan("cluster: account", "population: {when: {field: contry, equals: DE}}"), ""
    ),
    "a population of nobody": Broken(
        plan("cluster: account", "population: {when: {field: region, equals: APAC}}"), ""
    ),
    "an unknown tier": Broken(plan("cluster: account", "tier: SQL"), ""),
    "bands out of order": Broken(plan("cluster: account", "bands: [0, 20, 10]"), ""),
    "a value below nothing": Broken(plan("cluster: account", "value: {contact_cost: -4, win: 90}"), ""),
    "a capacity of none": Broken(plan("cluster: account", "capacity: {per: week, leads: 0}"), ""),
    "an unknown part": Broken({}, "", "backtest model.yaml --data crm --plan plan.yaml --part exam --out evidence"),
    "no plan beside the data": Broken({}, "", "backtest model.yaml --data crm --out evidence"),
    "no plan where one is named": Broken(
        {}, "", "backtest model.yaml --data crm --plan nowhere.yaml --out evidence"
    ),
    "a model for a plan": Broken({}, "", "backtest model.yaml --data crm --plan model.yaml --out evidence"),
    "another format": Broken(plan("lead-scoring-plan/1", "lead-scoring-plan/7"), ""),
    "an empty plan": Broken({"plan.yaml": ""}, ""),
    "bytes that are not UTF-8": Broken({"plan.yaml": b"\xff\xfe" + PLAN.encode("utf-16-le")}, ""),
}
__all__ = ["FLAT", "MAPPINGS", "PLANS"]
