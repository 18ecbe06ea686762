"""Model files: comments and layout survive a round trip, changes go by path, every message has place and remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crm import SCORECARD
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import models, random_model_data

import workbench as wb
from workbench.document import read_document
from workbench.errors import ModelError
from workbench.model import model_text

SHIPPED = sorted((Path(__file__).parents[2] / "notebooks" / "models").glob("*.yaml"))
SMALL = """\
# who wrote this
format: lead-scoring-model/1
name: small   # the name
dimensions: {fit: {}}
rules:
  # about seniors
  - id: senior
    in: fit
    when: {field: title, has_word: vp}   # one text
    points: 5    # five
  - id: eu       # the region
    in: fit
    when: {field: region, one_of: [EU]}
    points: -2.5
tiers:
  - {name: A, from: 0}   # lowest
  - {name: B, from: 3}
"""


# --- round trip -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_model_is_written_back_word_for_word(path):
    model = wb.read_model(path)
    text = model_text(model)
    assert wb.parse_model(text) == model
    assert text.split() == path.read_text().split()


def test_comments_stay_through_a_change_and_a_removed_rule(tmp_path):
    changed = wb.change_model(wb.parse_model(SMALL), {"rules.senior.points": 7, "tiers.B.from": 4.5})
    wb.write_model(changed, tmp_path / "m.yaml")
    text = (tmp_path / "m.yaml").read_text()
    comments = ("who wrote this", "the name", "about seniors", "one text", "five", "the region", "lowest")
    for comment in (f"# {words}" for words in comments):
        assert comment in text
    assert "points: 7" in text
    assert "from: 4.5" in text
    assert text.replace("points: 7 ", "points: 5 ").replace("from: 4.5", "from: 3").split() == SMALL.split()
    assert wb.read_model(tmp_path / "m.yaml") == changed


def test_values_that_equal_their_default_and_were_not_written_stay_unwritten():
    assert "version" not in model_text(wb.parse_model(SMALL))
    assert "default: 0" in model_text(wb.parse_model(SCORECARD.replace("default: -1", "default: 0")))


@settings(max_examples=8, deadline=None)
@given(model=models())
def test_a_random_model_written_and_read_is_the_same(model):
    again = wb.parse_model(model_text(model))
    assert again == model
    assert again.document_digest == model.document_digest
    assert model_text(again) == model_text(model)


# --- change -----------------------------------------------------------------------------------------------------------


def test_a_change_makes_a_new_model_and_leaves_the_old_one():
    model = wb.parse_model(SMALL)
    changed = wb.change_model(model, {"rules[1].points": 4, "dimensions.fit.max": 9, "rules.eu.when.one_of[0]": "US"})
    assert (str(model.rules[1].points), model.dimensions["fit"].max) == ("-2.5", None)
    assert (str(changed.rules[1].points), str(changed.dimensions["fit"].max)) == ("4", "9")
    assert changed.rules[1].when.one_of == ("US",)
    assert wb.change_model(changed, {"dimensions.fit.max": None}).dimensions["fit"].max is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("rules.snior.points", 1, r"rules\.snior\.points: expected a path into the model, found no 'snior'"),
        ("rules[7].points", 1, "found no '7'"),
        ("rules.senior.points.deep", 1, "nothing below it"),
        ("rules.senior.points", "five", r"rules\[0\]\.points: expected points, a number, found \"five\""),
        ("rules.senior.points", 1.2345, "points with at most three decimals"),
        ("dimensions.fit.mx", 1, r"found 'mx'. Did you mean 'max'\?|a key that is known here"),
        ("tiers.B.from", None, r"tiers\[1\]\.from"),
    ],
)
def test_a_change_that_leads_nowhere_or_is_not_valid_is_refused(path, value, message):
    with pytest.raises(ModelError, match=message):
        wb.change_model(wb.parse_model(SMALL), {path: value})


# --- digests ----------------------------------------------------------------------------------------------------------


WORDS = {
    "name": "other",
    "version": 2,
    "about": "x",
    "owner": "y",
    "rules.eu.why": "z",
    "rules.eu.tags": ["t"],
    "tiers.A.then": "call",
}
MEANING = {
    "rules.eu.points": 1,
    "rules.eu.when.one_of": ["US"],
    "rules.eu.enabled": False,
    "dimensions.fit.max": 3,
    "score.round": "half_up",
    "tiers.B.from": 2,
    "tiers.B.name": "C",
}


@pytest.mark.parametrize(("path", "value"), WORDS.items())
def test_words_change_the_document_and_not_the_scoring_digest(path, value):
    model = wb.parse_model(SMALL)
    changed = wb.change_model(model, {path: value})
    assert changed.document_digest != model.document_digest
    assert changed.scoring_digest == model.scoring_digest


@pytest.mark.parametrize(("path", "value"), MEANING.items())
def test_what_can_change_a_score_or_tier_changes_both_digests(path, value):
    model = wb.parse_model(SMALL)
    changed = wb.change_model(model, {path: value})
    assert changed.document_digest != model.document_digest
    assert changed.scoring_digest != model.scoring_digest


def test_comments_key_order_and_written_defaults_change_no_digest():
    lines = [line.split(" #")[0] for line in SMALL.splitlines() if not line.strip().startswith("#")]
    reordered = "\n".join([*lines[3:], *lines[:3], "version: 1", "score: {combine: sum}"])
    model, other = wb.parse_model(SMALL), wb.parse_model(reordered)
    assert other.document_digest == model.document_digest
    assert other.scoring_digest == model.scoring_digest


def test_a_disabled_rule_does_not_score_and_is_not_in_the_scoring_digest():
    model = wb.change_model(wb.parse_model(SMALL), {"rules.eu.enabled": False})
    assert wb.change_model(model, {"rules.eu.points": 9}).scoring_digest == model.scoring_digest


def test_the_digest_of_a_small_model_is_pinned():
    assert wb.parse_model(SMALL).scoring_digest == "cc808af9e5e77f717f37b7c213ea498bc7382f3fd550edd9d5dd31cc70a8d753"


# --- schema -----------------------------------------------------------------------------------------------------------


SCHEMA = wb.Model.model_json_schema(by_alias=True)


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_models_are_valid_by_the_schema(path):
    errors = list(Draft202012Validator(SCHEMA).iter_errors(wb.read_model(path).document.data))
    assert errors == []


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_random_models_are_valid_by_the_schema(seed):
    data = json.loads(json.dumps(random_model_data(seed)))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points: 5 ", "points: five "),
        ("format: lead-scoring-model/1", "format: v2"),
        ("in: fit", "inn: fit"),
        ("has_word: vp", "has_wrd: vp"),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(old, new):
    with pytest.raises(ModelError, match="expected"):
        wb.parse_model(SMALL.replace(old, new))
    data = read_document(SMALL.replace(old, new), ModelError).data
    assert list(Draft202012Validator(SCHEMA).iter_errors(data))


# --- messages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "points: 5 ",
            "points: five ",
            r'model:10 rules\[0\]\.points: expected points, a number, found "five"\. Write',
        ),
        ("points: 5 ", "points: 5.0001 ", r"model:10 .*at most three decimals, found 5\.0001\. Round it"),
        ("points: 5 ", "points: 2000000 ", r"model:10 .*between -1,000,000 and 1,000,000"),
        ("points: 5 ", "point: 5 ", r"model:10 rules\[0\]\.point: .*found 'point'\. Did you mean 'points'\?"),
        ("in: fit", "in: fitt", r"model:8 rules\[0\]\.in: .*'fitt'\. Did you mean 'fit'\?"),
        ("id: eu ", "id: senior ", r"rules\[1\]\.id: expected each id once, found 'senior' a second time"),
        ("has_word: vp", "has_wrd: vp", r"Did you mean 'has_word'\?"),
        ("has_word: vp", "has_word: vp, equals: x", r"rules\[0\]\.when.*exactly one operator .*Use 'all'"),
        ("has_word: vp", "has_word: []", r"rules\[0\]\.when\.has_word: expected at least one entry, found \[\]"),
        ("when: {field: title, has_word: vp}", "each: {event: x}\n    cases: []", "exactly one of 'when', 'cases'"),
        ("name: B", "name: A", r"tiers\[1\]\.name: expected each name once"),
        ("from: 3}", "from: 3, require: {fat: 1}}", r"tiers\[1\]\.require\.fat: .*Did you mean 'fit'\?"),
        ("{fit: {}}", "{fit: {min: 5, max: 1}}", r"dimensions\.fit: expected min of at most max"),
        ("{fit: {}}", "{fit: {min: .inf}}", r"model:4 dimensions\.fit\.min: expected a finite number"),
        ("{fit: {}}", "{}", r"dimensions: expected at least one entry"),
        ("format: lead-scoring-model/1", "format: lead-scoring-model/2", r"format: expected .*lead-scoring-model/1"),
        ("format: lead-scoring-model/1\n", "", r"format: expected .*, found nothing"),
        ("name: small ", "name: *small ", r"model:3"),
        ("name: small ", "name: &n small ", r"model:3 name: .*, found the anchor or alias 'n'"),
        ("name: small ", "name: !!str small ", r"tag|name"),
        ("name: small ", "name: a\nname: b ", r"model:4 name: expected each key once, found 'name' a second time"),
        ("rules:", "rules: [", r"model:\d+: expected .*Check indentation, quotes and brackets"),
    ],
)
def test_messages_have_line_place_and_remedy(old, new, message):
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    if "!!str" in new:
        assert wb.parse_model(text).name == "small"
        return
    with pytest.raises(ModelError, match=message) as raised:
        wb.parse_model(text)
    for problem in raised.value.problems:
        assert problem.where.startswith("model:")
        assert problem.remedy.endswith((".", "?"))


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    text = SMALL.replace("points: 5 ", "points: x ").replace("points: -2.5", "points: y").replace("from: 3", "from: z")
    with pytest.raises(ModelError) as raised:
        wb.parse_model(text)
    assert [problem.where for problem in raised.value.problems] == [
        "model:10 rules[0].points",
        "model:14 rules[1].points",
        "model:17 tiers[1].from",
    ]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"nothing\.yaml: expected a file, found nothing"):
        wb.read_model(tmp_path / "nothing.yaml")
    with pytest.raises(ModelError, match="expected a readable file"):
        wb.read_model(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("name: Grün".encode("latin-1"))
    with pytest.raises(ModelError, match=r"latin\.yaml.*: expected UTF-8 text"):
        wb.read_model(tmp_path / "latin.yaml")
