from __future__ import annotations

import json

import pytest

from workbench.history import describe, read_history

from .conftest import EVENTS, MAPPING, STAGES


def test_a_description_shows_what_is_there(put):
    folder = put(events=EVENTS + "L9,2026-01-31T10:00:00Z,form,\n", mapping=MAPPING + "budget: 25%\n")
    with read_history(folder) as history:
        result = describe(history)
        assert dict(zip(result.tables["table"], result.tables["rows"], strict=True))["leads"] == 3
        assert result.fields.to_dict("records")[1] == {
            "field": "employees",
            "table": "leads",
            "kind": "number",
            "known": "undated",
            "filled": pytest.approx(2 / 3),
            "distinct": 2,
        }
        assert list(result.fields["table"]) == ["leads", "leads", "accounts"]
        assert result.events.to_dict("records") == [{"event": "form", "rows": 1}, {"event": "page_view", "rows": 2}]
        assert result.stages.to_dict("records") == [{"stage": "mql", "leads": 1}, {"stage": "won", "leads": 1}]
        assert result.months.to_dict("records") == [{"month": "2026-01", "leads": 3}]
        assert result.until == "2026-02-02T00:00:00.000001Z"
        assert list(result.dropped["reason"]) == ["an unknown lead"]


def test_a_description_as_json_is_plain_data(folder):
    with read_history(folder) as history:
        plain = describe(history).to_document()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert set(plain) == {
        "name", "fingerprint", "until", "until_given", "tables", "dropped", "fields", "events", "stages", "months",
    }  # fmt: skip


def test_a_negative_amount_is_missing_and_counted_while_its_row_stays(put):
    stages = STAGES + "L3,2026-02-03T00:00:00Z,won,-500\nL9,2026-02-03T00:00:00Z,won,-7\n"
    with read_history(put(stages=stages, mapping=MAPPING + "budget: 25%\n")) as history:
        assert history.engine.rows("SELECT amount FROM stages WHERE lead = 2 AND stage = 'won'") == [(None,)]
        frame = describe(history).dropped[["reason", "column", "rows", "share", "first_rows"]]
    assert [tuple(row) for row in frame.itertuples(index=False)] == [
        ("an unknown lead", "lead_id", 1, 0.25, "4"),
        ("a negative amount, taken as missing", "amount", 1, 0.25, "3"),
    ]
