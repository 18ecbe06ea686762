from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from workbench.errors import InputError
from workbench.history import Field, read_history

from .conftest import ACCOUNTS, EVENTS, LEADS, MAPPING, STAGES

TEXTS = {"leads": LEADS, "events": EVENTS, "stages": STAGES, "accounts": ACCOUNTS}
MAPPINGS = Path(__file__).parents[1] / "mappings"


def us(text: str) -> int:
    return int((pd.Timestamp(text) - pd.Timestamp("1970-01-01", tz="UTC")) // pd.Timedelta(1, "us"))


def content(history):
    names = ("leads", "lead_fields", "accounts", "account_fields", "events", "stages")
    return {name: sorted(map(str, history.engine.rows(f'SELECT * FROM "{name}"'))) for name in names}


def as_rows(text):
    header, *lines = [line.split(",") for line in text.splitlines()]
    return [dict(zip(header, line, strict=True)) for line in lines]


def write(folder, kind):
    """The tiny history in another format; returns what to hand to read_history."""
    if kind == "frames":
        frames = {name: pd.DataFrame(as_rows(text)) for name, text in TEXTS.items()}
        frames["leads"]["employees"] = pd.to_numeric(frames["leads"]["employees"])
        frames["stages"]["amount"] = pd.to_numeric(frames["stages"]["amount"])
        for name in ("leads", "events", "stages"):
            at = "created_at" if name == "leads" else "at"
            frames[name][at] = pd.to_datetime(frames[name][at], utc=True, format="ISO8601")
        return frames
    with duckdb.connect(folder / "crm.duckdb" if kind == "duckdb" else ":memory:") as connection:
        for name, text in TEXTS.items():
            if kind == "tsv":
                (folder / f"{name}.tsv").write_text(text.replace(",", "\t"))
            elif kind == "jsonl":
                lines = [
                    json.dumps({k: (float(v) if k in {"employees", "amount"} else v) for k, v in row.items() if v})
                    for row in as_rows(text)
                ]
                (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
            else:
                path = folder / f"{name}.source"
                path.write_text(text)
                connection.execute(f"CREATE TABLE {name} AS FROM read_csv('{path}', header = true)")
                path.unlink()
                if kind == "parquet":
                    connection.execute(f"COPY {name} TO '{folder / name}.parquet'")
    return folder / "crm.duckdb" if kind == "duckdb" else folder


def test_a_folder_of_our_own_names_just_loads(folder):
    with read_history(folder) as history:
        assert history.engine.rows("SELECT lead, lead_id, account, created_us, position FROM leads") == [
            (0, "L1", 0, us("2026-01-01T08:00Z"), 0),
            (1, "L2", 0, us("2026-01-02T08:00Z"), 1),
            (2, "L3", None, us("2026-01-03T08:00Z"), 2),
        ]
        assert history.engine.rows("SELECT * FROM lead_fields") == [
            (0, "VP Sales", 120.0),
            (1, "Analyst", None),
            (2, "Select", 7.0),
        ]
        assert history.engine.rows("SELECT * FROM events") == [
            (0, us("2026-01-05T10:00Z"), "page_view", "/pricing"),
            (0, us("2026-01-06T10:00:00.000001Z"), "page_view", "/home"),
            (1, us("2026-01-05T08:00Z"), "form", None),
        ]
        assert history.engine.rows("SELECT * FROM stages") == [
            (0, "won", us("2026-02-01T00:00Z"), 1200.5),
            (1, "mql", us("2026-02-02T00:00Z"), None),
        ]
        assert history.engine.rows("SELECT * FROM accounts") == [(0, "A1"), (1, "A2")]
        assert history.engine.rows("SELECT * FROM account_fields") == [(0, "software"), (1, "retail")]
        assert dict(history.lead_fields) == {
            "job_title": Field("job_title", "text", "undated"),
            "employees": Field("employees", "number", "undated"),
        }
        assert dict(history.events) == {"form": 1, "page_view": 2}
        assert dict(history.stages) == {"mql": 1, "won": 1}
        assert dict(history.properties) == {"page": "text"}
        assert (history.dated, history.order, history.has_accounts) == (True, "time", True)
        assert (history.until_us, history.until_given) == (us("2026-02-02T00:00:00.000001Z"), False)
        assert history.dropped.empty
        tables = {row[0] for row in history.engine.rows("SHOW TABLES")}
        expected = (
            "leads lead_fields accounts account_fields events stages changes worked feedback scores lists lost_stages"
        )
        assert tables == set(expected.split())


@pytest.mark.parametrize("kind", ["tsv", "jsonl", "parquet", "duckdb", "frames"])
def test_every_format_gives_the_same_history(folder, tmp_path_factory, kind):
    other = tmp_path_factory.mktemp("other")
    with read_history(folder) as first, read_history(write(other, kind)) as second:
        assert content(first).keys() == content(second).keys()
        for name, rows in content(first).items():
            columns = [row[0] for row in first.engine.rows(f"DESCRIBE {name}")]
            ordered = ", ".join(f'"{column}"' for column in columns)
            assert sorted(map(str, second.engine.rows(f"SELECT {ordered} FROM {name}"))) == rows
        assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("step", [-1, 2])
def test_frames_that_were_turned_round_or_thinned_are_read(tmp_path, step):
    """Such frames are views that step through the memory of another one."""
    seen = write(tmp_path, "frames")
    for name, frame in seen.items():
        seen[name] = frame.assign(big=frame.index % 2 == 0, row=frame.index).iloc[::step]
    plain = {name: pd.DataFrame({each: list(frame[each]) for each in frame}) for name, frame in seen.items()}
    mapping = "format: lead-history/1\nbudget: 90%\n"
    with read_history(plain, mapping=mapping) as first, read_history(seen, mapping=mapping) as second:
        assert content(first) == content(second)
        assert first.rows["leads"] == len(seen["leads"])
        assert first.fingerprint == second.fingerprint


def test_a_mapping_says_the_same_as_our_own_names(folder):
    with read_history(folder) as plain, read_history(folder, mapping=MAPPING) as mapped:
        assert content(plain) == content(mapped)
        assert plain.fingerprint == mapped.fingerprint


def test_mapping_beside_the_data_by_path_or_as_the_source(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "my.yaml"
    elsewhere.write_text(MAPPING)
    (folder / "history.yaml").write_text(MAPPING)
    for arguments in ((folder, None), (folder, elsewhere), (folder, str(elsewhere)), (folder / "history.yaml", None)):
        with read_history(arguments[0], mapping=arguments[1]) as history:
            assert history.rows["events"] == 3
            assert history.home == folder


def test_a_mapping_without_tables_sets_zone_and_blanks(put):
    folder = put(leads=LEADS.replace("T08:00:00Z", ""), mapping="format: lead-history/1\nzone: UTC\nblanks: [Select]\n")
    with read_history(folder) as history:
        assert history.blanks == ("", "Select")
        assert history.engine.rows("SELECT f_job_title FROM lead_fields") == [("VP Sales",), ("Analyst",), (None,)]
        assert history.engine.rows("SELECT created_us FROM leads LIMIT 1") == [(us("2026-01-01T00:00Z"),)]


def test_rows_at_or_after_until_are_counted_but_not_held_against_the_file(put):
    folder = put(mapping=MAPPING + "until: 2026-01-03T08:00:00Z\n")
    with read_history(folder) as history:
        assert history.rows["leads"] == 2
        assert history.rows["events"] == 0
        assert (history.until_us, history.until_given) == (us("2026-01-03T08:00Z"), True)
        assert [
            tuple(row) for row in history.dropped[["file", "reason", "rows", "first_rows"]].itertuples(index=False)
        ] == [
            ("leads.csv", "at or after `until`", 1, "3"),
            ("events.csv", "at or after `until`", 3, "1, 2, 3"),
            ("stages.csv", "at or after `until`", 2, "1, 2"),
        ]


def test_rows_about_a_lead_that_was_left_out_are_not_strangers(put):
    events = EVENTS + "L3,2026-01-01T10:00:00Z,form,\n"
    with read_history(put(events=events, mapping=MAPPING + "until: 2026-01-03T08:00:00Z\n")) as history:
        assert "of a lead that was left out" in set(history.dropped["reason"])


def test_within_the_budget_rows_are_left_out_and_counted(put):
    events = EVENTS + "L9,2026-01-31T10:00:00Z,form,\n"
    with read_history(put(events=events, mapping=MAPPING + "budget: 25%\n")) as history:
        assert history.rows["events"] == 3
        (row,) = history.dropped.to_dict("records")
        assert (row["file"], row["reason"], row["column"]) == ("events.csv", "an unknown lead", "lead_id")
        assert (row["rows"], row["share"], row["first_rows"]) == (1, 0.25, "4")


def test_an_identical_lead_is_kept_once_and_a_conflicting_one_not_at_all(put):
    again = "L2,A1,2026-01-02T08:00:00Z,Analyst,\nL3,,2026-01-03T08:00:00Z,CEO,7\n"
    folder = put(leads=LEADS + again, mapping=MAPPING + "budget: 50%\n")
    with read_history(folder) as history:
        assert history.engine.rows("SELECT lead_id, position FROM leads") == [("L1", 0), ("L2", 1)]
        assert dict(zip(history.dropped["reason"], history.dropped["rows"], strict=True)) == {
            "the same lead with different values": 2,
            "an identical row of the same lead": 1,
        }


def test_a_flat_file_with_an_outcome(tmp_path):
    file = tmp_path / "flat.csv"
    file.write_text("size;Converted\n1,5;1\n2;0\n0;1\n")
    with read_history(file, outcome="Converted=1") as history:
        assert history.flat_outcome
        assert (history.dated, history.order, history.until_us) == (False, "none", None)
        assert history.engine.rows("SELECT lead_id, outcome FROM leads") == [
            ("row-0000001", True),
            ("row-0000002", False),
            ("row-0000003", True),
        ]
        assert set(history.lead_fields) == {"size"}
        assert history.lead_fields["size"].kind == "text"


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        (["1", "0"], "y=1"),
        (["1.0", "0.0"], "y=1"),
        (["yes", "no"], "y=yes"),
        ([True, False], "y=1"),
        ([True, False], "y=true"),
    ],
)
def test_outcomes_in_many_spellings(cells, outcome):
    with read_history(pd.DataFrame({"x": [1, 2], "y": cells}), outcome=outcome) as history:
        assert history.engine.rows("SELECT outcome FROM leads") == [(True,), (False,)]
        assert (history.name, history.home) == ("frame", None)


def test_file_order_is_kept_where_it_is_time(tmp_path):
    (tmp_path / "leads.csv").write_text("id,y\nb,1\na,0\n")
    mapping = "format: lead-history/1\nleads: {file: leads.csv, id: id, order: file, outcome: {field: y, equals: 1}}\n"
    with read_history(tmp_path, mapping=mapping) as history:
        assert history.order == "file"
        assert history.engine.rows("SELECT lead, lead_id, position FROM leads") == [(0, "b", 0), (1, "a", 1)]


def test_given_parts_and_recorded_scores_of_a_flat_table(tmp_path):
    (tmp_path / "leads.csv").write_text("id,part,Lead Score,y\na,train,42.5,1\nb,test,-3.0004,0\n")
    mapping = (
        "format: lead-history/1\nleads: {file: leads.csv, id: id, part: {field: part}, scores: {field: Lead Score}, "
        "outcome: {field: y, equals: 1}}\n"
    )
    with read_history(tmp_path, mapping=mapping) as history:
        assert history.given_parts
        assert history.has_scores
        assert history.engine.rows("SELECT part FROM leads") == [("train",), ("test",)]
        assert history.engine.rows("SELECT * FROM scores") == [(0, None, 42500), (1, None, -3000)]
        assert not history.lead_fields


def test_the_engine_is_cut_off_from_files(folder):
    with read_history(folder) as history, pytest.raises(duckdb.Error, match="disabled"):
        history.engine.rows(f"FROM read_csv('{folder / 'leads.csv'}')")


def test_nothing_is_written_into_the_folder(folder):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    read_history(folder).close()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_progress_is_told_step_by_step(folder):
    lines: list[str] = []
    read_history(folder, progress=lines.append).close()
    assert lines[0] == "reading leads.csv"
    assert lines[-1] == "loaded 3 leads and 3 events"


def test_names_from_files_are_only_ever_names(tmp_path):
    hostile = 'x"; DROP TABLE leads; --'
    (tmp_path / "le'ads [1]*.csv").write_text(
        f'lead_id,"{hostile.replace(chr(34), chr(34) * 2)}",row,fault,lead\na,1,2,3,4\n'
    )
    mapping = 'format: lead-history/1\nleads: {file: "le\'ads [1]*.csv", id: lead_id}\n'
    with read_history(tmp_path, mapping=mapping) as history:
        assert set(history.lead_fields) == {hostile, "row", "fault", "lead"}
        assert history.rows["leads"] == 1


class TestRealData:
    def test_leadforge_through_its_mapping(self, shared_data):
        folder = shared_data / "leadforge" / "tables"
        with read_history(folder, mapping=MAPPINGS / "leadforge.yaml") as history:
            assert history.rows["leads"] == 5000
            assert history.rows["accounts"] == 1500
            assert history.rows["events"] == sum(history.events.values()) == 130_107
            assert dict(history.stages) == {"opportunity": 4641, "won": 1049}
            assert history.lead_fields["seniority"] == Field("seniority", "text", "creation")
            assert history.account_fields["created_at"].kind == "time"
            assert history.properties["page_views"] == "number"
            assert history.lists["senior"] == ("vp", "c_level", "director")
            assert history.has_worked
            assert history.dropped.empty
            with duckdb.connect() as connection:
                won = connection.execute(
                    f"SELECT count(DISTINCT lead_id) FROM '{folder}/leads.parquet' WHERE converted_within_90_days"
                ).fetchone()
            assert won == (1049,)

    def test_x_education_with_select_as_blank(self, shared_data):
        with read_history(shared_data / "x-education", mapping=MAPPINGS / "x_education.yaml") as history:
            assert history.engine.rows("SELECT count(*), count(CASE WHEN outcome THEN 1 END) FROM leads") == [
                (9240, 3561)
            ]
            assert history.engine.rows("SELECT count(*) FROM lead_fields WHERE \"f_City\" = 'Select'") == [(0,)]
            assert history.lead_fields["TotalVisits"].kind == "number"

    def test_a_flat_file_without_a_mapping(self, shared_data):
        with read_history(shared_data / "x-education" / "Leads.csv", outcome="Converted=1") as history:
            assert history.engine.rows("SELECT count(CASE WHEN outcome THEN 1 END) FROM leads") == [(3561,)]

    def test_bank_marketing_in_file_order(self, shared_data):
        with read_history(shared_data / "bank-marketing", mapping=MAPPINGS / "bank_marketing.yaml") as history:
            assert history.order == "file"
            assert history.engine.rows("SELECT count(*), count(CASE WHEN outcome THEN 1 END) FROM leads") == [
                (41188, 4640)
            ]
            assert history.engine.rows("SELECT count(*) FROM leads WHERE lead <> position") == [(0,)]

    def test_coil_with_targets_in_a_second_file(self, shared_data):
        with read_history(shared_data / "coil2000", mapping=MAPPINGS / "coil2000.yaml") as history:
            query = "SELECT part, count(*), count(CASE WHEN outcome THEN 1 END) FROM leads GROUP BY part ORDER BY part"
            assert history.engine.rows(query) == [("test", 4000, 238), ("train", 5822, 348)]
            assert len(history.lead_fields) == 85
            assert {field.kind for field in history.lead_fields.values()} == {"number"}


def test_errors_are_of_one_tree(tmp_path):
    with pytest.raises(InputError, match="expected a table 'leads'"):
        read_history(tmp_path)
