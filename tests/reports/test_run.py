from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from tests.reports import hostile
from workbench.errors import CallError, ModelError, Refused
from workbench.reports import report, run
from workbench.reports.run import distinct_slugs

from .conftest import CHAMPION, INBOUND, SAMPLE


class Seen(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def test_one_page_and_its_notebook_and_nothing_else(sample_report):
    assert [page.name for page in sample_report.pages] == ["champion-report.html"]
    assert sorted(each.name for each in sample_report.folder.iterdir()) == [
        "champion-report.html",
        "champion-report.ipynb",
    ]


def test_the_page_has_no_code_no_script_and_nothing_from_outside(sample_report):
    seen = Seen(sample_report.pages[0])
    names = {tag for tag, _ in seen.tags}
    assert not names & {"script", "link", "iframe", "a", "object", "form", "svg", "base"}
    policy = next(attrs["content"] for tag, attrs in seen.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    text = sample_report.pages[0].read_text(encoding="utf-8")
    assert "http://" not in text
    assert "https://" not in text
    assert "reports.judge(" not in text
    assert sum(tag == "style" for tag, _ in seen.tags) == 1


def test_every_picture_is_there_twice_with_its_alternative(sample_report):
    images = [attrs for tag, attrs in Seen(sample_report.pages[0]).tags if tag == "img"]
    light = [each for each in images if each["class"] == "workbench-light"]
    dark = [each for each in images if each["class"] == "workbench-dark"]
    assert len(light) == len(dark) == 9
    assert all((each["alt"] or "").endswith(".") and len(each["alt"] or "") > 40 for each in images)


def test_tables_are_named_and_headed(sample_report):
    seen = Seen(sample_report.pages[0])
    tables = sum(tag == "table" for tag, _ in seen.tags)
    assert tables >= 8
    assert sum(tag == "caption" for tag, _ in seen.tags) == tables
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in seen.tags if tag == "th")


def test_no_lead_is_named_and_no_path_is_told(sample_report):
    for file in sample_report.folder.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "lead-0" not in text
        for place in (str(SAMPLE), str(Path.home()) + "/", str(sample_report.folder), str(CHAMPION.parent)):
            assert place not in text


def test_the_notebook_beside_it_is_whole(sample_report):
    path = sample_report.folder / "champion-report.ipynb"
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert book.metadata.papermill.parameters == {
        "model": "champion.yaml",
        "data": "sample",
        "plan": "inbound.yaml",
        "mapping": "",
        "outcome": "",
        "part": "",
    }
    assert all(cell.metadata.papermill.status == "completed" for cell in book.cells if cell.cell_type == "code")
    json.dumps(book, allow_nan=False)


def test_the_page_says_what_matters(sample_report):
    text = " ".join(Seen(sample_report.pages[0]).texts)
    for words in (
        "champion v3 finds buyers",
        "213 of 588 leads reached MQL",
        "immature: the horizon reaches past the end of the data",
        "fewer than 10",
        "few leads",
        "In brackets: 95\N{NO-BREAK SPACE}% intervals.",
        "How to read this report",
    ):
        assert words in text


def test_texts_of_data_and_model_stay_texts(hostile_report):
    seen = Seen(hostile_report.pages[0])
    page = {"html", "head", "meta", "title", "style", "body", "main", "section", "div"}
    prose = {"p", "ul", "li", "strong", "h1", "h2", "img"}
    assert {tag for tag, _ in seen.tags} <= page | prose | {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    for tag, attrs in seen.tags:
        assert not any(name.startswith("on") for name in attrs)
        assert tag != "img" or (attrs["src"] or "").startswith("data:image/png;base64,")
    text = "".join(seen.texts)
    assert text.count(hostile.CANARY) >= 8
    assert text.count("<script>alert(2)</script>") >= 3
    assert "secret-" not in hostile_report.pages[0].read_text()


def test_small_segments_are_left_out_of_the_page(hostile_report):
    text = "".join(Seen(hostile_report.pages[0]).texts)
    assert "Segment values of fewer than 10 leads are left out: 2." in text
    assert "origin: rare" not in text


def test_names_of_hostile_files_stay_inside(hostile_report):
    assert all(each.parent == hostile_report.folder for each in hostile_report.pages)
    assert hostile_report.pages[0].name == "m-img-src-x-onerror-alert-1-report.html"
    assert "private-place" not in (hostile_report.pages[0].with_suffix(".ipynb")).read_text()


@pytest.mark.slow
def test_one_report_for_each_value_that_has_enough_leads(tmp_path):
    files = hostile.write(tmp_path)
    lines: list[str] = []
    out = tmp_path / "out"
    pages = report(**files, outcome="Converted=1", out=out, by="origin", progress=lines.append)
    assert len(pages) == 4
    first = Seen(pages[0])
    links = [attrs["href"] for tag, attrs in first.tags if tag == "a"]
    assert [out / str(link) for link in links] == list(pages[1:])
    text = "".join(first.texts)
    assert "rare: fewer than 10 leads" in text
    assert "Too few leads for a report of their own (fewer than 30)" in text
    assert any("No report on origin: rare" in line for line in lines)
    assert {each.suffix for each in out.iterdir()} == {".html", ".ipynb"}
    assert len(list(out.iterdir())) == 7
    for page in pages[1:]:
        assert "Only leads whose origin is" in "".join(Seen(page).texts)


def test_slugs_never_share_a_file():
    names = distinct_slugs(["EMEA", "emea", "../x", "con", "日本", "x" * 300])
    assert len(set(names.values())) == 6
    assert all(name.isascii() and "/" not in name and "." not in name and len(name) <= 47 for name in names.values())


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"model": "no.yaml"}, ModelError, "no.yaml: expected a file"),
        ({"data": "nowhere"}, CallError, "data: expected a file or folder, found nothing at 'nowhere'"),
        ({"mapping": "nowhere.yaml"}, CallError, "mapping: expected a file or folder"),
        ({"part": "test"}, CallError, "found 'test', which is sealed.*never opens the test part"),
        ({"part": "all"}, CallError, "part: expected one of train, validation"),
        ({"by": "employees"}, CallError, "by: expected a field with texts"),
        ({"by": "nothing"}, CallError, "by: expected a field with texts.*found 'nothing'"),
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(tmp_path, change, error, message):
    call = {"model": CHAMPION, "data": SAMPLE, "plan": INBOUND, **change}
    with pytest.raises(error, match=message):
        report(**call, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_the_kernel_finds_wrong_is_told_and_writes_nothing(tmp_path):
    data = tmp_path / "leads.csv"
    data.write_text("id,size,Converted\n1,a,1\n1,b,0\n")
    with pytest.raises(ModelError, match=r"expected .*, found "):
        report(CHAMPION, data, out=tmp_path / "out", outcome="Converted=1")
    assert not (tmp_path / "out").exists()


def test_a_page_that_cannot_be_written_leaves_no_other_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_one", lambda *_: [("a.html", "x"), ("b.ipynb", "y")])
    (tmp_path / "b.ipynb").mkdir()
    with pytest.raises(OSError, match=r"b\.ipynb"):
        report(CHAMPION, SAMPLE, INBOUND, out=tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.ipynb"]


def test_a_field_without_a_large_value_is_refused(tmp_path):
    data = tmp_path / "leads.csv"
    rows = [f"{number},o{number % 12},{number % 100},{number % 2}" for number in range(240)]
    data.write_text("\n".join(["id,origin,size,Converted", *rows]))
    files = hostile.write(tmp_path)
    with pytest.raises(Refused, match="No value of 'origin' has 30 leads"):
        report(files["model"], data, files["plan"], outcome="Converted=1", by="origin", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
