from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import DataError
from workbench.history import read_history

EPOCH = pd.Timestamp("1970-01-01", tz="UTC")


def times(texts, zone=None, kind=None):
    """What the loader makes of texts (or of a typed column) as times of creation."""
    cells = pd.Series(texts) if kind is None else pd.Series(texts).astype(kind)
    frame = pd.DataFrame({"lead_id": [f"{n:04d}" for n in range(len(texts))], "created_at": cells})
    mapping = f"format: lead-history/1\nzone: {zone}\n" if zone else None
    with read_history({"leads": frame}, mapping=mapping) as history:
        return [row[0] for row in history.engine.rows("SELECT created_us FROM leads ORDER BY lead")]


def us(text):
    return int((pd.Timestamp(text).tz_convert("UTC") - EPOCH) // pd.Timedelta(1, "us"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-30T12:00:00Z", "2026-06-30T12:00:00Z"),
        ("2026-06-30 12:00Z", "2026-06-30T12:00:00Z"),
        ("2026-06-30T12:00:00.000001+02:00", "2026-06-30T10:00:00.000001Z"),
        ("2026-06-30T12:00:00.123456789-0330", "2026-06-30T15:30:00.123456Z"),
        (" 2026-06-30T12:00:00+05 ", "2026-06-30T07:00:00Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ],
)
def test_iso_8601_with_a_zone(text, moment):
    assert times([text]) == [us(moment)]


@pytest.mark.parametrize(
    "text",
    ["2026-13-01T00:00:00Z", "2026-06-30T24:00:00Z", "2026-6-1", "30.06.2026", "infinity", "2026-06-30T12Z", "now"],
)
def test_what_is_not_a_time_is_refused(text):
    with pytest.raises(DataError, match="found not a time in 1 of 1 row"):
        times([text], zone="UTC")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("2026-01-01 00:00:00", "2025-12-31T23:00:00Z"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),  # twice that night: the earlier
        ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),  # never that night: the offset before
    ],
)
def test_zoneless_times_in_a_zone(text, moment):
    assert times([text], zone="Europe/Berlin") == [us(moment)]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.datetimes(min_value=pd.Timestamp("1990-01-01"), max_value=pd.Timestamp("2030-01-01")),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_zoneless_times_agree_with_the_standard_library(moments, zone):
    # fold=0 takes the earlier of two readings, and the offset before a gap.
    expected = [us(moment.replace(tzinfo=ZoneInfo(zone), fold=0).isoformat()) for moment in moments]
    assert times([moment.isoformat() for moment in moments], zone=zone) == expected


def test_typed_times_of_a_frame():
    stamps = ["2026-06-30T12:00:00.000001", "2026-07-01"]
    zoned = pd.to_datetime(stamps, format="ISO8601", utc=True)
    assert times(zoned) == [us("2026-06-30T12:00:00.000001Z"), us("2026-07-01T00:00:00Z")]
    assert times(pd.to_datetime(stamps, format="ISO8601"), zone="Asia/Kolkata") == [
        us("2026-06-30T06:30:00.000001Z"),
        us("2026-06-30T18:30:00Z"),
    ]


def test_a_typed_number_is_no_time():
    with pytest.raises(DataError, match="found a number instead of a time in 2 of 2 rows"):
        times([1767225600, 1767225601])


def fields(text, tmp_path, types=""):
    (tmp_path / "flat.csv").write_text(text)
    mapping = f"format: lead-history/1\nbudget: 100%\nleads: {{file: flat.csv, types: {{{types}}}}}\n"
    with read_history(tmp_path, mapping=mapping) as history:
        kinds = {name: field.kind for name, field in history.lead_fields.items()}
        rows = history.engine.rows("SELECT * EXCLUDE (lead) FROM lead_fields ORDER BY lead")
        return kinds, rows, history.dropped


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["1", "-2.5", ""], "number", [1.0, -2.5, None]),
        (["-0.0", " 3 "], "number", [0.0, 3.0]),
        (["1e3", ".5", "NaN"], "number", [1000.0, 0.5, None]),
        (["007", "1"], "text", ["007", "1"]),
        (["1234567890123456", "1"], "text", ["1234567890123456", "1"]),
        (["inf", "1"], "text", ["inf", "1"]),
        (["1_000", "1"], "text", ["1_000", "1"]),
        (["1", "x"], "text", ["1", "x"]),
        (["true", "FALSE"], "boolean", [True, False]),
        (["true", "1"], "text", ["true", "1"]),
        (["yes", "no"], "text", ["yes", "no"]),
        (["", ""], "text", [None, None]),
        (["2026-01-01", ""], "text", ["2026-01-01", None]),
    ],
)
def test_kinds_are_read_off_the_values(tmp_path, cells, kind, values):
    kinds, rows, _ = fields("k,v\n" + "".join(f"x,{cell}\n" for cell in cells), tmp_path)
    assert kinds["v"] == kind
    assert [row[1] for row in rows] == values
    assert not any(str(row[1]) == "-0.0" for row in rows)


def test_a_declared_kind_leaves_out_what_does_not_parse(tmp_path):
    kinds, rows, dropped = fields("v,w\n1,yes\nx,no\n3,0\n", tmp_path, "v: number, w: boolean")
    assert kinds == {"v": "number", "w": "boolean"}
    assert rows == [(1.0, True), (3.0, False)]
    assert list(dropped["reason"]) == ["not a number"]
    assert list(dropped["first_rows"]) == ["2"]


def test_whole_numbers_declared_text_keep_their_digits(tmp_path):
    kinds, rows, _ = fields("zip\n01234\n10\n", tmp_path, "zip: text")
    assert kinds == {"zip": "text"}
    assert rows == [("01234",), ("10",)]


def test_missing_numbers_of_a_frame_and_ids_that_became_floats():
    leads = pd.DataFrame({"lead_id": [1.0, 2.0], "size": [float("nan"), -0.0]})
    events = pd.DataFrame({"lead_id": ["1", "2"], "at": pd.to_datetime(["2026-01-01"] * 2, utc=True), "event": "visit"})
    with read_history({"leads": leads, "events": events}) as history:
        assert history.engine.rows("SELECT lead_id FROM leads") == [("1",), ("2",)]
        assert str(history.engine.rows("SELECT f_size FROM lead_fields")) == "[(None,), (0.0,)]"
        assert dict(history.events) == {"visit": 2}
