from __future__ import annotations

import json
from pathlib import Path

import pytest

from linting.examples import EU, US, gates, made, more, seats, tiers, when
from linting.past import history, plan
from workbench.linting import CHECKS, Finding, lint
from workbench.linting.result import COLUMNS
from workbench.model import change_model, read_model, write_model

CONTRARY = when({"all": [seats(at_least=5), seats(below=5)]})


def test_findings_come_by_severity_then_code() -> None:
    found = lint(made(more(US, 0) | {"score": {"max": 900}} | tiers(("Low", 0, {}), ("High", 99, {}))))
    assert [each.code for each in found.findings] == ["L151", "L171", "L131"]
    assert found.headline == "small version 1: 1 error, 1 warning, 1 note"
    assert not found.passed
    assert lint(made({"score": {"max": 900}})).passed
    assert lint(made({})).headline == "small version 1: no findings"


def test_what_excludes_each_other_is_named() -> None:
    [finding] = lint(made(CONTRARY)).findings
    assert finding.finding == "The rule 'one' can never hold: its tests on 'seats' exclude each other."


def test_the_frame_has_a_row_a_finding() -> None:
    frame = lint(made(CONTRARY)).frame
    assert tuple(frame.columns) == COLUMNS
    assert frame["code"].tolist() == ["L101"]
    assert frame["at"].tolist() == ["one"]
    assert len(lint(made({})).frame) == 0


def test_the_document_is_plain_and_says_all() -> None:
    found = lint(made(more(US, 0) | {"silence": [{"code": "L171", "at": "two", "because": "A try."}]} | CONTRARY))
    document = found.to_document()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["data"] is None
    assert document["part"] is None
    assert [each["code"] for each in document["findings"]] == ["L101"]
    assert set(document["findings"][0]) == set(Finding.__dataclass_fields__)
    [quiet] = document["silenced"]
    assert (quiet["code"], quiet["at"], quiet["because"]) == ("L171", "two", "A try.")


def test_with_data_the_document_names_them() -> None:
    with history() as past:
        document = lint(made(when(US)), past, plan()).to_document()
    assert document["part"] == "all"
    assert document["data"]["leads"] == 240


def test_text_and_page_name_place_and_remedy() -> None:
    found = lint(made(when({"field": "title", "starts_with": [" <b>", "x"]})))
    [finding] = found.findings
    assert str(found).splitlines()[1].startswith("L104 error model:1 rules[0].when: ")
    assert finding.remedy in str(found)
    page = found._repr_html_()
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "color" not in page  # the page's own colours: it can be read in light and dark


def test_a_finding_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "format: lead-scoring-model/1\nname: m\ndimensions: {fit: {}}\nrules:\n"
        "  - {id: one, in: fit, when: {field: title, equals: vp}, points: 1}\n"
        "  - {id: two, in: fit, when: {field: title, equals: head}, points: 0}\n"
    )
    [finding] = lint(read_model(tmp_path / "m.yaml")).findings
    assert finding.place == "m.yaml:6 rules[1]"


def test_a_used_model_is_looked_at_in_its_own_file(tmp_path: Path) -> None:
    write_model(made(CONTRARY | {"name": "other"}), tmp_path / "other.yaml")
    (tmp_path / "m.yaml").write_text(
        json.dumps({**made({}).plain(), "variants": [{"name": "v", "when": US, "use": "other.yaml"}]})
    )
    [finding] = lint(read_model(tmp_path / "m.yaml")).findings
    assert (finding.code, finding.at) == ("L101", "one")
    assert finding.place.startswith("other.yaml:")


def test_an_overridden_rule_counts_where_it_is_used() -> None:
    override = {"id": "eu", "in": "fit", "when": {"all": [EU, US]}, "points": 9}
    model = made({"variants": [{"name": "v", "when": seats(at_least=9), "override": [override]}]})
    [finding] = lint(model).findings
    assert finding.code == "L101"
    assert finding.place == "model:1 variants[0].override[0]"


def test_disabled_rules_say_nothing() -> None:
    model = made({"more": [{**CONTRARY["rules"][0], "enabled": False}]})
    assert lint(model).findings == ()
    [finding] = lint(change_model(model, {"rules.one.enabled": True})).findings
    assert finding.code == "L101"


def test_a_tier_that_a_gate_gives_can_be_reached() -> None:
    high = tiers(("Low", 0, {}), ("High", 99, {}))
    assert [each.code for each in lint(made(high)).findings] == ["L151"]
    forced = gates(US)
    forced["gates"][0]["tier"] = "High"
    assert lint(made(high | forced)).findings == ()


def test_codes_and_names_are_unique_and_in_order() -> None:
    assert [check.code for check in CHECKS] == sorted({check.code for check in CHECKS})
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_says_why_and_what_to_do(check) -> None:
    for text in (check.why, check.remedy):
        assert text[0].isupper()
        assert text.endswith((".", ")."))
