from __future__ import annotations

from dataclasses import replace

from workbench.checking import Check, Finding
from workbench.history import describe
from workbench.reports import findings

LEAK = Finding("leak", "error", "Tags", "'Tags' <alone> reaches 0.97.", "It is written late.", "Leave it out.", {})
NOTE = Finding("strong-field", "note", "time", "'time' is strong.", "It was known.", "", {})


def test_findings_keep_their_order_and_their_reasons(history):
    table = findings(Check(describe(history), (LEAK, NOTE), judged={"n": 2373, "converted": 191}))
    assert table.rows[0] == ("Error", "Tags", LEAK.finding, "It is written late. Leave it out.")
    assert table.rows[1] == ("Note", "time", NOTE.finding, "It was known.")
    assert "2,373 leads, of which 191 converted" in table.note
    assert "&lt;alone&gt;" in table._repr_html_()


def test_nothing_found_is_said(history):
    found = Check(describe(history), ())
    assert findings(found)._repr_html_().endswith(": none.</p>")
    assert findings(replace(found, findings=(NOTE,))).note == ""
