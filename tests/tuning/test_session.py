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
from workbench.tuning.edit import edited, place_at, value_at
from workbench.tuning.session import MOST_SESSIONS, MOST_STEPS

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
    session.set({"rules[0].points": 8})
    assert session.edits == {"rules[0].points": 8}
    session.set({"rules.eu.points": 5})
    assert session.edits == {}


def test_an_optional_value_comes_and_goes(session: Session) -> None:
    session.set({"dimensions.fit.max": None, "dimensions.fit.min": -3})
    assert (session.candidate.dimensions["fit"].max, session.candidate.dimensions["fit"].min) == (None, Decimal(-3))
    session.set({"dimensions.fit.min": None})
    assert session.edits == {"dimensions.fit.max": None}


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
    assert session.save(tmp_path / "other.yaml").model.version == 6
    assert session.save(path, name="named").model.version == 7
    assert wb.read_model(path).name == "named"


def test_a_file_of_somebody_else_is_not_overwritten(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "candidate.yaml"
    path.write_text("theirs")
    with pytest.raises(CallError, match=r"one that this session did not write\. Choose another name, or say replace"):
        session.save(path)
    assert path.read_text() == "theirs"
    assert session.save(path, replace=True).model.version == 4


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
    assert place_at(plain, "tiers.MQL.from") == place_at(plain, "tiers[0].from") == ("tiers", 0, "from")
    assert place_at(plain, "rules.nobody.points") == ("rules", "nobody", "points")
    edited(champion, {'rules.mail.map.points["gmail.com"]': 1})
    assert plain == before == champion.plain()


def test_a_saved_value_is_frozen(session: Session, tmp_path: Path) -> None:
    saved = session.save(tmp_path / "candidate.yaml")
    assert replace(saved, path=tmp_path).path == tmp_path
    with pytest.raises(AttributeError, match="cannot assign"):
        saved.path = tmp_path  # type: ignore[misc]
