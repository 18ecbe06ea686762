from __future__ import annotations

import random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.history import read_history

from .conftest import EVENTS, LEADS, MAPPING


def shuffled(text, seed):
    header, *lines = text.splitlines()
    random.Random(seed).shuffle(lines)
    return "\n".join([header, *lines]) + "\n"


def mark(folder, **arguments):
    with read_history(folder, **arguments) as history:
        return history.fingerprint


def test_the_order_of_rows_does_not_matter(put):
    first = mark(put())
    assert len(first) == 64
    for seed in range(3):
        assert mark(put(leads=shuffled(LEADS, seed), events=shuffled(EVENTS, seed))) == first


def test_any_change_of_content_matters(put):
    marks = [mark(put())]
    marks.append(mark(put(events=EVENTS.replace("10:00:00.000001", "10:00:00.000002"))))
    marks.append(mark(put(events=EVENTS.replace("/home", "/hom"))))
    marks.append(mark(put(events=EVENTS.replace("L2", "L1"))))
    marks.append(mark(put(events=EVENTS + EVENTS.splitlines()[1] + "\n")))
    marks.append(mark(put(events=EVENTS, leads=LEADS.replace("L1,A1", "L1,A2"))))
    marks.append(mark(put(leads=LEADS, mapping=MAPPING + "lists: {a: [b]}\n")))
    marks.append(mark(put(mapping=MAPPING + "until: 2027-01-01\n")))
    assert len(set(marks)) == len(marks)


def test_ids_made_from_positions_do_not_matter_but_file_order_does(tmp_path):
    text = "size,y\n1,1\n2,0\n3,1\n"
    mapping = "format: lead-history/1\nleads: {file: flat.csv, outcome: {field: y, equals: 1}ORDER}\n"
    marks = {}
    for order in ("", ", order: file"):
        for rows in (text, "size,y\n3,1\n2,0\n1,1\n"):
            (tmp_path / "flat.csv").write_text(rows)
            marks[order, rows] = mark(tmp_path, mapping=mapping.replace("ORDER", order))
    assert marks["", text] == marks["", "size,y\n3,1\n2,0\n1,1\n"]
    assert len(set(marks.values())) == 3


def test_an_outcome_that_moves_to_another_row_matters(tmp_path):
    marks = set()
    for rows in ("size,y\n1,1\n2,0\n", "size,y\n1,0\n2,1\n"):
        (tmp_path / "flat.csv").write_text(rows)
        marks.add(mark(tmp_path / "flat.csv", outcome="y=1"))
    assert len(marks) == 2


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(alphabet="ab\x1d\x1fn~", max_size=3), st.text(alphabet="ab\x1d\x1fn~", max_size=3)),
        max_size=3,
        unique=True,
    )
)
def test_cells_never_run_into_each_other(pairs):
    def of(cells):
        frame = pd.DataFrame({"lead_id": ["x"], "a": [cells[0]], "b": [cells[1]]})
        with read_history({"leads": frame}) as history:
            return history.fingerprint

    plain = {(a.strip() or None, b.strip() or None): of((a, b)) for a, b in pairs if a == a.strip() and b == b.strip()}
    assert len(set(plain.values())) == len(plain)
