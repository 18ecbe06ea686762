"""A session's edits: set, undone, redone, reset, saved, and found again when a cell is run again."""

from __future__ import annotations

import copy
import os
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from changes.rich import MODELS
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import models

import workbench as wb
from workbench.changes import diff
from workbench.errors import CallError, ModelError
from workbench.model import Model, change_model, parse_model
from workbench.model.paths import under
from workbench.tuning import Session
from workbench.tuning.edit import edited, value_at, way_at
from workbench.tuning.knob import every_knob
from workbench.tuning.knobs import sections
from workbench.tuning.session import MOST_SESSIONS, MOST_STEPS
from workbench.tuning.spans import Spans

SMALL = """\
# Agreed in spring.
format: lead-scoring-model/1
name: small
version: 3
dimensions:
  fit: {max: 60}  # seniority counts most
rules:
  - {id: eu, in: fit, when: {field: region, equals: EU}, points: 5}  # the home market
  - id: visits
    in: fit
    each: {event: visit, within: 30d}
    points: 1
    decay: {half_life: 14d, floor: 12.5%}
  - {id: mail, in: fit, map: {field: domain, points: {gmail.com: -5, 'a "b" [c]': 1}}}
  - {id: size, in: fit, when: {field: employees, above: 0.12345}, points: 1}
tiers: [{name: MQL, from: 20}]
"""


@pytest.fixture
def champion() -> Model:
    return parse_model(SMALL)


@pytest.fixture
def session(champion: Model) -> Session:
    return Session(champion)


def observed(fingerprint: str = "data", digest: str = "plan") -> wb.Observations:
    return SimpleNamespace(data={"fingerprint": fingerprint}, plan=SimpleNamespace(digest=digest))  # type: ignore[return-value]


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


# --- values -----------------------------------------------------------------------------------------------------------


def test_an_edit_changes_the_candidate_and_never_the_champion(session: Session, champion: Model) -> None:
    found = session.set({"rules.eu.points": 7, "dimensions.fit.max": 50})
    assert found is session.candidate
    assert (str(found.rules[0].points), str(found.dimensions["fit"].max)) == ("7", "50")
    assert session.edits == {"rules.eu.points": 7, "dimensions.fit.max": 50}
    assert session.champion is champion
    assert champion == parse_model(SMALL)


def test_binary_noise_is_taken_off_and_days_are_numbers(session: Session) -> None:
    session.set({"rules.eu.points": 0.1 + 0.2, "rules.visits.decay.half_life": np.float64(21.0)})
    assert session.edits == {"rules.eu.points": 0.3, "rules.visits.decay.half_life": 21}
    assert session.value("rules.eu.points") == 0.3
    assert session.candidate.rules[1].decay.half_life == 21
    session.set({"rules.eu.points": np.int64(4), "rules.visits.each.within": Decimal("7")})
    assert session.candidate.rules[0].points == Decimal(4)
    assert session.candidate.rules[1].each.within == 7
    session.set({"rules.visits.each.within": "45d", "rules.visits.decay.grace": 2})
    assert (session.value("rules.visits.each.within"), session.value("rules.visits.decay.grace")) == (45, 2)


def test_numbers_of_fields_and_shares_keep_their_decimals(session: Session) -> None:
    session.set({"rules.size.when.above": 0.54321, "rules.visits.decay.floor": 0.1234})
    assert session.candidate.rules[3].when.above == 0.54321
    assert session.candidate.rules[1].decay.floor == Decimal("0.1234")


def test_a_name_with_dots_or_brackets_stands_in_quotes(session: Session) -> None:
    odd = under("rules.mail.map.points", 'a "b" [c]')
    session.set({'rules.mail.map.points["gmail.com"]': -3, odd: 2})
    assert dict(session.candidate.rules[2].map.points) == {"gmail.com": Decimal(-3), 'a "b" [c]': Decimal(2)}
    session.set({odd: None})
    assert session.edits == {'rules.mail.map.points["gmail.com"]': -3, odd: None}
    assert list(session.candidate.rules[2].map.points) == ["gmail.com"]
    session.set({odd: 1, 'rules.mail.map.points["gmail.com"]': -5})
    assert session.edits == {}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules.nobody.points": 1}, "a path into the model, found no 'nobody'"),
        ({'rules.nobody["a.b"].points': 1}, "a path into the model"),
        ({"": 1}, "expected a path into the model, found no name in it"),
        ({"rules[9].points": 1}, "a path into the model"),
        ({"rules.eu.points": "many"}, r"rules\[0\].points: expected points, a number"),
        ({"rules.eu.points": float("nan")}, "rules.eu.points: expected a number, found nan"),
        ({"rules.eu.points": np.inf}, "expected a number, found inf"),
        ({"rules.visits.each.within": 0.2}, "expected whole days such as 30d"),
        ({"dimensions.fit.min": 61}, "expected min of at most max"),
        ({"rules.eu.enabled": 1}, "expected true or false"),
        ({"rules.eu.points": 6, "tiers.MQL.from": 10**7}, "expected points between"),
    ],
)
def test_a_wrong_value_names_its_place_and_changes_nothing(
    session: Session, changes: dict[str, object], words: str
) -> None:
    before = session.set({"rules.eu.points": 9})
    with pytest.raises(ModelError, match=words):
        session.set(changes)
    path, value = list(changes.items())[-1]
    with pytest.raises(ModelError, match=words):
        session.preview(path, value)
    assert session.candidate is before
    assert session.edits == {"rules.eu.points": 9}
    session.undo()
    assert not session.can_undo


def test_a_preview_is_not_recorded(session: Session) -> None:
    session.set({"dimensions.fit.max": 50})
    seen = session.preview("rules.eu.points", 11)
    assert (seen.rules[0].points, seen.dimensions["fit"].max) == (Decimal(11), Decimal(50))
    assert session.edits == {"dimensions.fit.max": 50}
    assert session.preview("dimensions.fit.max", 40).dimensions["fit"].max == Decimal(40)


def test_setting_a_value_back_drops_the_edit(session: Session, champion: Model) -> None:
    session.set({"rules.eu.points": 7, "rules.visits.each.within": 10})
    session.set({"rules.eu.points": 5.0})
    assert session.edits == {"rules.visits.each.within": 10}
    session.set({"rules.visits.each.within": "30d"})
    assert session.edits == {}
    assert session.candidate is champion


def test_two_spellings_of_a_place_are_one_edit(session: Session) -> None:
    session.set({"rules.eu.points": 7})
    session.set({'rules["eu"].points': 8})
    session.set({"rules[0].points": 9})
    assert session.edits == {"rules.eu.points": 9}
    session.set({"rules.eu.points": 5})
    assert session.edits == {}


def test_an_optional_value_comes_and_goes(session: Session) -> None:
    session.set({"dimensions.fit.max": None, "dimensions.fit.min": -3})
    assert (session.candidate.dimensions["fit"].max, session.candidate.dimensions["fit"].min) == (None, Decimal(-3))
    session.set({"dimensions.fit.min": None})
    assert session.edits == {"dimensions.fit.max": None}


# --- names and wholes -------------------------------------------------------------------------------------------------

NAMED = (
    (
        SMALL
        + """\
groups: {mails: {in: fit}}
gates:
  - {id: rival, when: {field: domain, equals: rival.example}, tier: Out}
  - {id: own, when: {field: domain, equals: own.example}, tier: Out}
variants:
  - name: partners
    when: {field: source, equals: partner}
    override: [{id: size, in: fit, when: {field: employees, above: 9}, points: 2}]
    add: [{id: partner, in: fit, when: {field: source, known: true}, points: 3}]
account: {roll_up: max, tiers: [{name: Cool, from: 0}, {name: Keen, from: 9}]}
"""
    )
    .replace("tiers: [{name: MQL, from: 20}]", "tiers: [{name: MQL, from: 20}, {name: SQL, from: 30}]")
    .replace("dimensions:\n", "dimensions:\n  spare: {}\n")
)


def rule(name: str, points: int = 5) -> dict[str, object]:
    return {"id": name, "in": "fit", "when": {"field": "region", "equals": "EU"}, "points": points}


RENAMES: list[dict[str, object]] = [
    {"tiers.MQL.name": "Warm"},
    {"tiers[0].name": "Warm"},
    {"tiers[0].name": "SQL", "tiers[1].name": "MQL"},
    {"tiers.MQL": {"name": "Warm", "from": 20}},
    {"tiers": [{"name": "Warm", "from": 20}, {"name": "SQL", "from": 30}]},
    {"rules.eu.id": "europe"},
    {"rules[0]": rule("europe")},
    {"gates.rival.id": "competitor"},
    {"variants.partners.name": "friends"},
    {"variants.partners.add.partner.id": "friend"},
    {"account.tiers.Keen.name": "Hot"},
    {"dimensions.spare": None, "dimensions.other": {}},
    {"dimensions": {"fit": {"max": 60}, "other": {}}},
    {"groups": {"letters": {"in": "fit"}}},
    {"groups.mails": None, "groups.letters": {"in": "fit"}},
]
VALUES: list[dict[str, object]] = [
    {"tiers.MQL.from": 21},
    {"tiers[1].from": 33.5},
    {"rules.eu.points": 7},
    {"gates[0].tier": "Away"},
    {"variants[0].override.size.points": 4},
    {"account.tiers.Keen.from": 12},
    {"dimensions.fit": {"max": 45}},
    {"dimensions.fit.max": 50},
    {"dimensions": {"fit": {"max": 40, "min": -5}, "spare": {}}},
    {"groups.mails.max": 8},
    {"rules.visits.decay": None},
    {"rules.visits.decay": {"half_life": "21d"}},
    {"rules.visits.decay.half_life": 9},
    {"rules.visits.limit": {"events": 3}},
    {"rules.visits.limit.events": 4},
    {"tiers.MQL.require": {"fit": 3}},
    {"tiers.MQL.require.fit": 4},
    {"rules.mail.map.points": {"gmail.com": -5}},
    {'rules.mail.map.points["gmail.com"]': -4},
    {"rules[1]": {**rule("visits"), "points": 2}},
    {"tiers": [{"name": "MQL", "from": 22}, {"name": "SQL", "from": 44}]},
    {"tiers": [{"name": "MQL", "from": 22}, {"name": "SQL", "from": 40}, {"name": "Top", "from": 70}]},
    {"tiers.Top.from": 75},
    {"rules": [rule("new", 3), rule("eu", 4), rule("visits", 1)]},
    {"rules.eu.when": {"field": "region", "equals": 1}},
    {"rules.eu.when.equals": True},
]


@pytest.mark.parametrize("changes", RENAMES, ids=str)
def test_a_name_by_which_paths_go_is_not_edited(changes: dict[str, object]) -> None:
    session = Session(parse_model(NAMED))
    before = session.set({"rules.eu.points": 7, "tiers.SQL.from": 35})
    with pytest.raises(ModelError, match=r"expected the names that are there: .*Rename in the model file, and start"):
        session.set(changes)
    assert session.candidate is before
    assert session.edits == {"rules.eu.points": 7, "tiers.SQL.from": 35}
    session.undo()
    assert not session.can_undo


def test_what_is_in_place_of_what_is_said(session: Session) -> None:
    words = r"tiers: expected the names that are there: 'MQL', found 'Warm' in place of 'MQL'\. Values are found by"
    for ask in (session.preview, lambda path, value: session.set({path: value})):
        with pytest.raises(ModelError, match=words):
            ask("tiers.MQL.name", "Warm")
    with pytest.raises(ModelError, match="found another order of them"):
        Session(parse_model(NAMED)).set({"tiers[0].name": "SQL", "tiers[1].name": "MQL"})


def test_names_that_nothing_goes_by_are_edited(session: Session) -> None:
    session.set({"name": "large", "rules.eu.when.field": "country", "tiers.MQL.name": "MQL"})
    assert session.edits == {"name": "large", "rules.eu.when.field": "country"}


def overlapping(paths: list[str], plain: dict[str, object]) -> list[tuple[str, str]]:
    ways = {path: way_at(plain, path) for path in paths}
    return [
        (one, other) for one in ways for other in ways if one != other and ways[other][: len(ways[one])] == ways[one]
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["undo", *VALUES, *RENAMES]), max_size=10))
def test_whatever_is_set_edits_say_once_and_exactly_what_the_candidate_is(moves: list[object]) -> None:
    champion = parse_model(NAMED)
    session, expected = Session(champion), champion
    for move in moves:
        before, edits = session.candidate, session.edits
        if move == "undo":
            expected = session.undo()
        else:
            assert isinstance(move, dict)
            try:
                session.set(move)
            except ModelError:
                assert (session.candidate, session.edits) == (before, edits)
                continue
            expected = edited(expected, move)  # one after another: no edit is taken back or doubled
            assert move not in RENAMES
        plain = session.candidate.plain()
        assert session.candidate.document_digest == expected.document_digest
        assert overlapping(list(session.edits), plain) == []
        assert all(value_at(plain, path) == value == session.value(path) for path, value in session.edits.items())
        assert all(value_at(champion.plain(), path) != value or value is True for path, value in session.edits.items())
        again = edited(champion, session.edits) if session.edits else champion
        assert again.document_digest == session.candidate.document_digest
        assert (session.candidate.document_digest == champion.document_digest) == (session.edits == {})


@pytest.mark.parametrize(
    ("steps", "edits"),
    [
        ([{"dimensions.fit.max": 40}, {"dimensions.fit": {"max": 30}}], {"dimensions.fit.max": 30}),
        ([{"dimensions.fit": {"max": 30}}, {"dimensions.fit.max": 45}], {"dimensions.fit.max": 45}),
        ([{"dimensions.fit.max": 45, "dimensions.fit": {"max": 30}}], {"dimensions.fit.max": 30}),
        ([{"dimensions.fit": {"max": 30, "min": -2}}], {"dimensions.fit.max": 30, "dimensions.fit.min": -2}),
        ([{"dimensions.fit.min": -2}, {"dimensions.fit": {"max": 60}}], {}),
        ([{"tiers": [{"name": "MQL", "from": 24}]}], {"tiers.MQL.from": 24}),
        (
            [{"rules.visits.decay": {"half_life": "21d", "floor": "12.5%"}}],
            {"rules.visits.decay.half_life": 21},
        ),
        (
            [{"rules.visits.decay": None}, {"rules.visits.decay.half_life": 21}],
            {"rules.visits.decay.half_life": 21, "rules.visits.decay.floor": "0%"},
        ),
        ([{"rules.visits.limit": {"events": 3}}, {"rules.visits.limit.events": 4}], {"rules.visits.limit.events": 4}),
        ([{"rules.eu.when": {"field": "region", "equals": "US"}}], {"rules.eu.when.equals": "US"}),
    ],
    ids=str,
)
def test_what_is_set_as_a_whole_is_listed_value_by_value(
    session: Session, steps: list[dict[str, object]], edits: dict[str, object]
) -> None:
    for step in steps:
        session.set(step)
    assert session.edits == edits


@pytest.mark.parametrize("name", MODELS)
def test_edits_have_the_paths_of_their_knobs(name: str) -> None:
    session = Session(MODELS[name])
    paths = [knob.path for knob in every_knob(sections(MODELS[name], Spans(days=90))) if knob.kind == "points"]
    assert paths
    for path in paths[:40]:
        session.reset()
        session.set({path: 0.125})
        assert session.edits == {path: 0.125}


def test_odd_names_and_variants_go_by_number() -> None:
    odd = NAMED.replace("name: SQL", 'name: "A.B [c]"')
    session = Session(parse_model(odd))
    session.set({'tiers["A.B [c]"].from': 31, "variants.partners.override.size.points": 4, 'rules["eu"]["points"]': 6})
    assert session.edits == {"tiers[1].from": 31, "variants[0].override.size.points": 4, "rules.eu.points": 6}
    session.set({"tiers[1].from": 30, "variants[0].override[0].points": 2, "rules[0].points": 5})
    assert session.edits == {}


def test_a_list_of_other_items_is_listed_as_a_whole(session: Session) -> None:
    more = [{"name": "MQL", "from": 20}, {"name": "SQL", "from": 40}]
    session.set({"tiers.MQL.from": 22})
    session.set({"tiers": more})
    session.edits["tiers"].clear()
    session.set({"tiers.SQL.from": 45})
    assert more[1]["from"] == 40  # what was handed in is not written to
    assert list(session.edits) == ["tiers"]
    assert [(tier.name, str(tier.from_)) for tier in session.candidate.tiers] == [("MQL", "20"), ("SQL", "45")]


# --- steps ------------------------------------------------------------------------------------------------------------


def test_undo_and_redo_walk_the_steps(session: Session, champion: Model) -> None:
    session.set({"rules.eu.points": 6, "dimensions.fit.max": 50})
    session.set({"rules.eu.points": 7})
    assert (session.can_undo, session.can_redo) == (True, False)
    assert session.undo().rules[0].points == 6
    assert session.undo() is champion
    assert (session.can_undo, session.can_redo) == (False, True)
    assert session.undo() is champion
    session.redo()
    assert session.redo().rules[0].points == 7
    assert session.redo() is session.candidate


def test_a_new_edit_ends_what_was_undone(session: Session) -> None:
    session.set({"rules.eu.points": 6})
    session.undo()
    session.set({"rules.eu.points": 8})
    assert not session.can_redo
    assert session.undo() is session.champion


def test_a_reset_is_a_step_and_no_change_is_none(session: Session, champion: Model) -> None:
    session.set({"rules.eu.points": 5})
    assert not session.can_undo
    session.reset()
    assert not session.can_undo
    session.set({"rules.eu.points": 6})
    assert session.reset() is champion
    assert session.undo().rules[0].points == 6


def test_the_way_back_is_bounded(session: Session) -> None:
    for number in range(MOST_STEPS + 20):
        session.set({"rules.eu.points": number % 7 + 10})
    back = 0
    while session.can_undo:
        session.undo()
        back += 1
    assert back == MOST_STEPS - 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "undo", "redo", "reset"]), max_size=30))
def test_any_walk_equals_a_list_of_snapshots(moves: list[str]) -> None:
    session = Session(parse_model(SMALL))
    paths = {"a": "rules.eu.points", "b": "dimensions.fit.max", "c": "rules.visits.each.within"}
    snapshots: list[dict[str, object]] = [{}]
    at = 0
    for number, move in enumerate(moves):
        if move == "undo":
            session.undo()
            at = max(at - 1, 0)
        elif move == "redo":
            session.redo()
            at = min(at + 1, len(snapshots) - 1)
        else:
            wanted = {} if move == "reset" else {**snapshots[at], paths[move]: 100 + number}
            session.reset() if move == "reset" else session.set({paths[move]: 100 + number})
            if wanted != snapshots[at]:
                snapshots = [*snapshots[: at + 1], wanted]
                at += 1
        assert session.edits == snapshots[at]
        assert session.candidate == edited(session.champion, snapshots[at])
        assert (session.can_undo, session.can_redo) == (at > 0, at < len(snapshots) - 1)


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_saved_candidate_keeps_comments_and_says_what_changed(session: Session, tmp_path: Path) -> None:
    session.set({"rules.eu.points": 7})
    saved = session.save(tmp_path / "new" / "candidate.yaml")
    text = saved.path.read_text()
    assert "# Agreed in spring." in text
    assert "# the home market" in text
    assert saved.model.version == 4
    assert saved.model.name == "small"
    assert saved.model.scoring_digest == session.candidate.scoring_digest
    assert saved.model == wb.read_model(saved.path)
    assert saved.changes == diff(session.champion, saved.model)
    assert "eu: +5 -> +7" in str(saved.changes)
    assert names(saved.path.parent) == ["candidate.yaml"]


def test_versions_rise_with_what_is_saved(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "candidate.yaml"
    session.set({"rules.eu.points": 7})
    assert [session.save(path).model.version, session.save(path).model.version] == [4, 4]
    session.set({"rules.eu.points": 8})
    assert session.save(path).model.version == 5
    assert session.save(tmp_path / "other.yaml").model.version == 5
    assert session.save(path, name="named").model.version == 6
    assert wb.read_model(path).name == "named"


def test_a_file_of_somebody_else_is_not_overwritten(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "candidate.yaml"
    path.write_text("theirs")
    with pytest.raises(CallError, match=r"one that this session did not write\. Choose another name, or say replace"):
        session.save(path)
    assert path.read_text() == "theirs"
    assert session.save(path, replace=True).model.version == 4


def test_the_version_is_above_that_of_the_model_that_is_overwritten(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "candidate.yaml"
    path.write_text(SMALL.replace("name: small", "name: theirs").replace("version: 3", "version: 11"))
    session.set({"rules.eu.points": 7})
    assert session.save(path, replace=True).model.version == 12
    assert session.save(path).model.version == 12
    path.write_text(path.read_text().replace("version: 12", "version: 20"))
    assert session.save(path, replace=True).model.version == 21
    assert session.save(tmp_path / "other.yaml").model.version == 21


def test_a_link_to_nothing_counts_as_a_file(session: Session, tmp_path: Path) -> None:
    link = tmp_path / "candidate.yaml"
    link.symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(
        CallError, match=r"found a link to a file that is not there\. Choose another name, or say replace"
    ):
        session.save(link)
    assert link.is_symlink()
    assert names(tmp_path) == ["candidate.yaml"]
    assert session.save(link, replace=True).model.version == 4
    assert not link.is_symlink()
    assert names(tmp_path) == ["candidate.yaml"]


def test_a_path_that_is_none_says_so(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"expected a name of a file, found one with U\+0000"):
        session.save(tmp_path / "a\0b.yaml")
    with pytest.raises(CallError, match="expected a file that can be written"):
        session.save(tmp_path / ("x" * 300 + ".yaml"))
    circle = tmp_path / "circle.yaml"
    circle.symlink_to(circle)
    with pytest.raises(CallError, match=r"expected a file that can be written, found .*circle"):
        session.save(circle)
    assert names(tmp_path) == ["circle.yaml"]


def test_a_file_that_was_changed_by_hand_is_not_overwritten(session: Session, tmp_path: Path) -> None:
    path = session.save(tmp_path / "candidate.yaml").path
    path.write_text(path.read_text() + "# by hand\n")
    with pytest.raises(CallError, match="one that was changed since"):
        session.save(path)
    assert path.read_text().endswith("# by hand\n")


def test_the_champion_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "champion.yaml"
    path.write_text(SMALL)
    session = Session(wb.read_model(path))
    session.set({"rules.eu.points": 7})
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    for target in (path, link):
        with pytest.raises(CallError, match="found the champion"):
            session.save(target, replace=True)
    path.write_text(SMALL.replace("spring", "summer"))
    with pytest.raises(CallError, match="found the champion"):
        session.save(path, replace=True)
    assert path.read_text() == SMALL.replace("spring", "summer")


def test_a_place_that_cannot_be_written_says_so(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="expected a file, found a folder"):
        session.save(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CallError, match="expected a file that can be written"):
        session.save(tmp_path / "file" / "candidate.yaml")
    with pytest.raises(ModelError, match="name"):
        session.save(tmp_path / "candidate.yaml", name="x" * 81)
    assert names(tmp_path) == ["file"]


def test_a_write_that_fails_leaves_the_old_file(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = session.save(tmp_path / "candidate.yaml").path
    before = path.read_bytes()
    session.set({"rules.eu.points": 7})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CallError, match="No space left on device"):
        session.save(path)
    assert path.read_bytes() == before
    assert names(tmp_path) == ["candidate.yaml"]
    monkeypatch.undo()
    assert session.save(path).model.version == 5


def test_models_that_variants_use_are_written_in(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "partner.yaml").write_text(SMALL.replace("name: small", "name: partner"))
    main = SMALL + "variants: [{name: partners, when: {field: source, equals: partner}, use: partner.yaml}]\n"
    (tmp_path / "home" / "main.yaml").write_text(main)
    session = Session(wb.read_model(tmp_path / "home" / "main.yaml"))
    session.set({"variants[0].model.rules.eu.points": 9})
    saved = session.save(tmp_path / "elsewhere" / "candidate.yaml")
    assert saved.model.scoring_digest == session.candidate.scoring_digest
    assert saved.model.alternatives[1].model.rules[0].points == 9
    assert "partner" in str(saved.changes)


@pytest.mark.parametrize("name", MODELS)
def test_rich_models_survive_being_saved(name: str, tmp_path: Path) -> None:
    session = Session(MODELS[name])
    saved = session.save(tmp_path / "candidate.yaml")
    assert saved.model.scoring_digest == MODELS[name].scoring_digest
    assert [line.what for line in saved.changes.lines] == ["version"]


@settings(max_examples=25, deadline=None)
@given(models())
def test_any_model_is_read_back_with_the_same_scores(model: Model) -> None:
    session = Session(model)
    session.set({f"rules.{model.rules[0].id}.why": "Because: it 'is' # so"})
    with tempfile.TemporaryDirectory() as folder:
        saved = session.save(Path(folder) / "candidate.yaml")
    assert saved.model.scoring_digest == session.candidate.scoring_digest


# --- found again ------------------------------------------------------------------------------------------------------


def test_the_same_session_is_found_when_a_cell_is_run_again() -> None:
    first = Session.resumed(parse_model(SMALL), observed("again"))
    first.set({"rules.eu.points": 7})
    commented = parse_model(SMALL.replace("spring", "summer"))
    second = Session.resumed(commented, observed("again"))
    assert second is first
    assert second.champion is commented
    assert second.candidate.rules[0].points == 7
    assert "summer" in second.candidate.document.text
    assert second.undo() is commented


@pytest.mark.parametrize("seen", [observed("other"), observed("kept", "other")])
def test_other_data_or_another_plan_is_another_session(seen: wb.Observations) -> None:
    first = Session.resumed(parse_model(SMALL), observed("kept"))
    assert Session.resumed(parse_model(SMALL), seen) is not first
    assert Session.resumed(parse_model(SMALL), observed("kept")) is first


def test_a_changed_champion_is_another_session() -> None:
    first = Session.resumed(parse_model(SMALL), observed("kept"))
    changed = change_model(parse_model(SMALL), {"rules.eu.points": 6})
    assert Session.resumed(changed, observed("kept")) is not first


def test_only_the_last_sessions_are_kept() -> None:
    first = Session.resumed(parse_model(SMALL), observed("oldest"))
    for number in range(MOST_SESSIONS - 1):
        Session.resumed(parse_model(SMALL), observed(f"many {number}"))
    assert Session.resumed(parse_model(SMALL), observed("oldest")) is first
    for number in range(MOST_SESSIONS):
        Session.resumed(parse_model(SMALL), observed(f"more {number}"))
    assert Session.resumed(parse_model(SMALL), observed("oldest")) is not first


# --- paths ------------------------------------------------------------------------------------------------------------


def test_paths_find_values_and_places(champion: Model) -> None:
    plain = champion.plain()
    before = copy.deepcopy(plain)
    assert value_at(plain, "rules.visits.each.within") == 30
    assert value_at(plain, "rules.visits.decay.expiry") is None
    assert value_at(plain, "rules.nobody.points") is None
    assert value_at(plain, "rules[9].points") is None
    assert value_at(plain, "name") == "small"
    assert way_at(plain, "tiers.MQL.from") == way_at(plain, "tiers[0].from") == ("tiers", "MQL", "from")
    assert way_at(plain, "rules.nobody.points") == ("rules", "nobody", "points")
    assert way_at(plain, "rules[9].points") == ("rules", 9, "points")
    edited(champion, {'rules.mail.map.points["gmail.com"]': 1})
    assert plain == before == champion.plain()


def test_a_saved_value_is_frozen(session: Session, tmp_path: Path) -> None:
    saved = session.save(tmp_path / "candidate.yaml")
    assert replace(saved, path=tmp_path).path == tmp_path
    with pytest.raises(AttributeError, match="cannot assign"):
        saved.path = tmp_path  # type: ignore[misc]


@pytest.mark.parametrize("path", ["", "   ", "candidate", "candidate.txt", "folder/.yaml/x"])
def test_a_model_file_is_named_as_one(session: Session, path: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CallError, match=r"expected a file(,| that ends in \.yaml)"):
        session.save(path)
    assert list(tmp_path.iterdir()) == []


def test_the_home_folder_may_be_meant(session: Session, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert session.save("~/models/candidate.yml").path == tmp_path / "models" / "candidate.yml"


def test_the_same_candidate_has_one_version_wherever_it_is_saved(session: Session, tmp_path: Path) -> None:
    first = session.save(tmp_path / "a.yaml").model
    second = session.save(tmp_path / "b.yaml").model
    assert (first.version, first.scoring_digest) == (second.version, second.scoring_digest)
