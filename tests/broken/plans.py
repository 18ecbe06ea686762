"""Plans that are wrong, or do not fit the data, each in one way."""

from __future__ import annotations

from broken.scene import MAPPING, PLAN, Broken, plan

PLANS = {
    "a misspelt key": Broken(
        plan("horizon: 10d", "horzon: 10d"),
        ("plan.yaml:4 horzon: expected a key that is known here, found 'horzon'. Did you mean 'horizon'?"),
    ),
    "a bracket that is not closed": Broken(
        plan("[region]", "[region"),
        (
            "plan.yaml:7: expected ',' or ']', found the end of the file, in what begins on line 6. "
            "Check indentation, quotes and brackets near this line."
        ),
    ),
    "an unknown stage": Broken(
        plan("outcome: won", "outcome: wno"),
        "plan.yaml:2 outcome: expected a stage of the history, found 'wno'. Did you mean 'won'?",
    ),
    "an unknown stage to observe at": Broken(
        plan("at: 3d", "at: {stage: sql}"),
        "plan.yaml:3 at.stage: expected a stage of the history, found 'sql'. Did you mean 'mql'?",
    ),
    "an unknown way to observe": Broken(
        plan("at: 3d", "at: {moment: mql}"),
        (
            "plan.yaml:3 at: expected an age such as 14d, {every: month}, {stage: mql} or recorded, "
            'found {"moment": "mql"}. Say when each lead is to be observed.'
        ),
    ),
    "an unknown period": Broken(
        plan("at: 3d", "at: {every: fortnight}"),
        ("plan.yaml:3 at.every: expected every: week, month or quarter, found 'fortnight'. Use one of these."),
    ),
    "observed after no days": Broken(
        plan("at: 3d", "at: 0d"),
        (
            'plan.yaml:3 at: expected whole days such as 30d, found "0d". Write a number of days, at '
            "least 1, followed by 'd'."
        ),
    ),
    "a number for a stage": Broken(
        plan("at: 3d", "at: {stage: 3}"),
        "plan.yaml:3 at.stage: expected a text, found 3. Put it in quotes if a text is meant.",
    ),
    "no time to observe": Broken(
        plan("at: 3d\n", ""), "plan.yaml:1 at: expected the key 'at', found nothing. Add 'at:' here."
    ),
    "as recorded, on dated data": Broken(
        plan("at: 3d", "at: recorded"),
        (
            "plan.yaml:3 at: expected an age such as 14d, since this history has dated stages, found "
            "recorded. Use for example at: 14d with an outcome and a horizon."
        ),
    ),
    "dates for a table without them": Broken(
        {},
        (
            "plan.yaml:3 at: expected recorded, since these leads have no time of creation, found "
            "3d. Use at: recorded, or map 'created_at'."
        ),
        "backtest flat/model.yaml --data flat/leads.csv --outcome Converted=1 --plan plan.yaml --out evidence",
    ),
    "no horizon": Broken(
        plan("horizon: 10d\n", ""),
        ("plan.yaml:1 horizon: expected 'horizon' beside at: 3d, found none. Add 'horizon:', or use at: recorded."),
    ),
    "a horizon without its unit": Broken(
        plan("horizon: 10d", "horizon: 10"),
        (
            "plan.yaml:4 horizon: expected whole days such as 30d, found 10. Write a number of days, "
            "at least 1, followed by 'd'."
        ),
    ),
    "a horizon longer than the data": Broken(
        plan("horizon: 10d", "horizon: 900d"),
        (
            "plan.yaml:1: expected at least one lead of crm to observe, found none: 40 immature: the "
            "horizon reaches past the end of the data. Choose an earlier 'at' or a shorter "
            "'horizon', or check where the data ends."
        ),
    ),
    "no outcome": Broken(
        plan("outcome: won\n", ""),
        ("plan.yaml:1 outcome: expected 'outcome' beside at: 3d, found none. Add 'outcome:', or use at: recorded."),
    ),
    "a split that the data is too short for": Broken(
        plan("horizon: 10d", "horizon: 40d\nsplit: {by: time}"),
        (
            "plan.yaml:5 split: expected observations over more than 2 x 40 = 80 days, since a gap "
            "of 40 days stands between train and validation and another before the test, found 39 "
            "days, from 2026-01-05 to 2026-02-13. Use a shorter horizon, or 'split: {by: account}' "
            "(weaker: no change over time is tested)."
        ),
    ),
    "a split of everything": Broken(
        plan("cluster: account", "split: {by: time, test: 60%, validation: 40%}"),
        (
            "plan.yaml:5 split: expected test and validation above 0% and below 100% together, found "
            '{"by": "time", "test": "60%", "validation": "40%"}. Leave a share for each part; '
            "without 'split' everything is judged and nothing held back."
        ),
    ),
    "a split by nothing known": Broken(
        plan("cluster: account", "split: {by: hand}"),
        ("plan.yaml:5 split.by: expected 'time', 'account', 'lead' or 'part', found \"hand\". Use one of these."),
    ),
    "a split by parts that are not given": Broken(
        plan("cluster: account", "split: {by: part}"),
        (
            "plan.yaml:5 split.by: expected a part for each lead in the mapping ('part: {field: "
            "…}'), found none. Map the column that holds the part, or split by time, account or lead."
        ),
    ),
    "a gap without its unit": Broken(
        plan("cluster: account", "split: {by: time, gap: 5}"),
        (
            "plan.yaml:5 split.gap: expected whole days such as 30d, found 5. Write a number of "
            "days, at least 1, followed by 'd'."
        ),
    ),
    "a gap shorter than the horizon": Broken(
        plan("cluster: account", "split: {by: time, gap: 5d}"),
        (
            "plan.yaml:5 split.gap: expected a gap of at least the horizon, 10d, found 5d. Write "
            "'gap: horizon', or leave 'gap' out: else outcomes of one part reach into the next."
        ),
    ),
    "unknown segments": Broken(
        plan("[region]", "[regoin]"),
        ("plan.yaml:6 segments: expected a field of leads or accounts, found 'regoin'. Did you mean 'region'?"),
    ),
    "segments that are no list": Broken(
        plan("[region]", "region"),
        ("plan.yaml:6 segments: expected a list, found \"region\". Write it as [a, b] or with one '- ' line each."),
    ),
    "a field of unknown date": Broken(
        {**plan("[region]", "[region]"), "crm/history.yaml": MAPPING.replace("employees: creation, ", "")},
        (
            "plan.yaml:1 allow_undated: expected fields whose value is known at as_of, found fields "
            "of unknown date in use: employees. If they never change after creation, say 'known: "
            "{employees: creation}' in the mapping; else consent with 'allow_undated: [employees]' "
            "in the plan, or leave them out."
        ),
    ),
    "accounts where there are none": Broken(
        {"crm/history.yaml": MAPPING.replace("  account: account_id\n", "")},
        (
            "plan.yaml:5 cluster: expected lead, since these leads have no accounts, found account. "
            "Map 'account', or leave 'cluster' out."
        ),
    ),
    "an unknown cluster": Broken(
        plan("cluster: account", "cluster: company"),
        "plan.yaml:5 cluster: expected 'account' or 'lead', found \"company\". Use one of these.",
    ),
    "a population of an unknown field": Broken(
        plan("cluster: account", "population: {when: {field: contry, equals: DE}}"),
        (
            "plan.yaml:5 population.when.field: expected a field of leads, found 'contry'. Known "
            "are: 'contact_id', 'created_at', 'employees', 'job_title', 'phone', 'region', 'stage'."
        ),
    ),
    "a population of nobody": Broken(
        plan("cluster: account", "population: {when: {field: region, equals: APAC}}"),
        (
            "plan.yaml:1: expected at least one lead of crm to observe, found none: 40 outside the "
            "plan's population. Widen 'population', or check how its values are written."
        ),
    ),
    "an unknown tier": Broken(
        plan("cluster: account", "tier: SQL"),
        "plan.yaml:5 tier: expected a tier of inbound, found 'SQL'. Did you mean 'MQL'?",
    ),
    "bands out of order": Broken(
        plan("cluster: account", "bands: [0, 20, 10]"),
        ("plan.yaml:5 bands: expected bands in ascending order, found [0.0, 20.0, 10.0]. Sort the edges."),
    ),
    "a value below nothing": Broken(
        plan("cluster: account", "value: {contact_cost: -4, win: 90}"),
        ("plan.yaml:5 value.contact_cost: expected a number of at least 0, found -4. Correct this number."),
    ),
    "a capacity of none": Broken(
        plan("cluster: account", "capacity: {per: week, leads: 0}"),
        ("plan.yaml:5 capacity.leads: expected a number of at least 1, found 0. Correct this number."),
    ),
    "an unknown part": Broken(
        {},
        "part: expected one of all, found 'exam'. Give the plan a split, or name another part.",
        "backtest model.yaml --data crm --plan plan.yaml --part exam --out evidence",
    ),
    "no plan beside the data": Broken(
        {},
        (
            "--plan: expected a plan, since these leads have dates, found none, and no plan.yaml "
            "in the folder of the data. Write one, such as 'at: 14d', 'outcome: won', 'horizon: 90d' on three "
            "lines, and name it with --plan."
        ),
        "backtest model.yaml --data crm --out evidence",
    ),
    "no plan where one is named": Broken(
        {},
        "nowhere.yaml: expected a file, found nothing. Check the path.",
        "backtest model.yaml --data crm --plan nowhere.yaml --out evidence",
    ),
    "a model for a plan": Broken(
        {},
        (
            "model.yaml:1 format: expected 'lead-scoring-plan/1', found \"lead-scoring-model/1\". Name "
            "a file of that kind: its first line says which it is."
        ),
        "backtest model.yaml --data crm --plan model.yaml --out evidence",
    ),
    "another format": Broken(
        plan("lead-scoring-plan/1", "lead-scoring-plan/7"),
        (
            "plan.yaml:1 format: expected 'lead-scoring-plan/1', found \"lead-scoring-plan/7\". Name a "
            "file of that kind: its first line says which it is."
        ),
    ),
    "an empty plan": Broken(
        {"plan.yaml": ""},
        (
            "plan.yaml:1: expected keys with values at the top level, found an empty file. Start the "
            "file with its 'format:' line."
        ),
    ),
    "bytes that are not UTF-8": Broken(
        {"plan.yaml": b"\xff\xfe" + PLAN.encode("utf-16-le")},
        ("plan.yaml:1: expected UTF-8 text, found the byte 0xFF, which is not. Save the file as UTF-8."),
    ),
}
