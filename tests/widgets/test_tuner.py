"""The tuner without a browser: what the page would write goes in, what it would be sent is read back."""

from __future__ import annotations

import base64
import gc
import html
import re
import weakref

import pytest

import workbench as wb
from workbench.backtesting import backtest
from workbench.errors import CallError, ModelError
from workbench.model import change_model
from workbench.tuning import Bench, rule_evidence
from workbench.widgets import Tuner
from workbench.widgets.figures import LATE, Words, figures_html
from workbench.widgets.panels import PANELS

from .scene import TEXT, observed

CHIEF = "rules.seniority.cases[0].points"
FREE = "rules.free_email.points"
MQL = "tiers.MQL.from"


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    return observed(tmp_path_factory.mktemp("past"))


@pytest.fixture
def champion(past, request):
    """A champion of its own for each test: sessions are found again by what the champion says."""
    return change_model(past[0], {"owner": request.node.name})


@pytest.fixture
def seen(past):
    return past[1]


@pytest.fixture
def tuner(champion, seen, tmp_path):
    made = Tuner(champion, seen, save_to=tmp_path / "candidate.yaml")
    yield made
    made.close()


def turn(tuner, path, value, *, settled=True):
    """What the page writes when a slider, box or checkbox is turned."""
    write(tuner, {"path": path, "value": value, "settled": settled})


def press(tuner, name, **more):
    """What the page writes when a button of the bar is pressed."""
    write(tuner, {"do": name, **more})


def save(tuner, path, *, replace=False):
    press(tuner, "save", path=str(path), replace=replace)


def write(tuner, *entries):
    """Entries one after the other, in one message; what was answered before is not among them."""
    done = tuner.board.controls.done
    numbered = [{"seen": done, **entry, "n": done + at} for at, entry in enumerate(entries, start=1)]
    tuner.board.controls.queue = numbered
    assert tuner.board.controls.done == done + len(entries)


def svgs(tuner):
    return {key: picture.svg for key, picture in tuner.board.pictures.items()}


def drawn(tuner, model):
    """What every picture must show for a model."""
    standing = tuner.bench.with_intervals(tuner.bench.standing(model))
    return {(part, kind): PANELS[kind](tuner.bench, standing, part).svg for part, kind in tuner.board.pictures}


def values(tuner):
    return dict(tuner.board.controls.values)


def handle(tuner, name, part="validation"):
    return next(each for each in tuner.board.pictures[part, "distribution"].handles if each["name"] == name)


# --- what is there ----------------------------------------------------------------------------------------------------


def test_it_opens_on_the_champion(tuner, champion):
    assert tuner.model is champion
    assert tuner.error is None
    assert svgs(tuner) == drawn(tuner, champion)
    assert {section["name"] for section in tuner.board.controls.sections} == {"fit", "interest", "tiers"}
    assert values(tuner)[CHIEF] == 30
    assert tuner.board.status.text.startswith("This is the champion")


def test_train_and_validation_stand_side_by_side_and_the_test_part_stays_sealed(tuner):
    assert {part for part, _ in tuner.board.pictures} == {"train", "validation"}
    assert {kind for _, kind in tuner.board.pictures} == {"distribution", "bands", "gains", "thresholds"}


def test_what_is_shown_of_the_model_is_taken_as_text(tuner):
    heading = tuner.children[0].value
    assert "For tests &amp; &lt;b&gt;nothing&lt;/b&gt; else" in heading


def test_it_carries_the_classes_that_its_style_needs(tuner):
    assert {"wb", "wb-tuner"} <= set(tuner._dom_classes)


# --- turning ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (CHIEF, 12),
        (FREE, -8.5),
        ("rules.big.enabled", False),
        ("dimensions.fit.max", 35),
        ("score.max", None),
        (MQL, 28),
    ],
)
def test_what_is_turned_makes_the_candidate_and_every_picture_shows_it(tuner, champion, path, value):
    turn(tuner, path, value)
    assert tuner.error is None
    assert tuner.model == change_model(champion, {path: value})
    assert svgs(tuner) == drawn(tuner, tuner.model)
    assert values(tuner)[path] == value
    assert tuner.session.edits == {path: value}


def test_figures_of_the_table_are_those_of_the_bench(tuner):
    turn(tuner, CHIEF, 5)
    expected = Bench(tuner.bench.champion, tuner.bench.seen).changes(tuner.model)
    assert tuner.board.figures.value == figures_html(expected, Words.of(tuner.bench))
    assert re.findall(r'data-figure="auc" data-column="change">', tuner.board.figures.value) != []


def test_while_a_hand_is_on_it_pictures_follow_and_nothing_is_recorded(tuner, champion):
    before = svgs(tuner)
    turn(tuner, CHIEF, 3, settled=False)
    moved = svgs(tuner)
    assert all(moved[key] != before[key] for key in before)
    assert (
        moved["validation", "distribution"]
        == drawn(tuner, change_model(champion, {CHIEF: 3}))["validation", "distribution"]
    )
    assert (tuner.session.edits, tuner.session.can_undo, values(tuner)[CHIEF]) == ({}, False, 30)


def test_one_drag_is_one_step(tuner):
    for value in (25, 20, 15, 10):
        turn(tuner, CHIEF, value, settled=False)
    turn(tuner, CHIEF, 10)
    assert tuner.session.undo() is tuner.bench.champion
    assert not tuner.session.can_undo


def test_the_picture_under_the_hand_comes_first(tuner):
    order = []
    for (part, kind), picture in tuner.board.pictures.items():
        picture.observe(lambda _, kind=kind, part=part: order.append((part, kind)), "svg")
    turn(tuner, CHIEF, 3, settled=False)
    assert order[:2] == [("train", "distribution"), ("validation", "distribution")]
    assert len(order) == len(set(order)) == len(tuner.board.pictures)


def test_slow_figures_wait_until_the_hand_lets_go(tuner, monkeypatch):
    asked = []
    changes = tuner.bench.changes
    monkeypatch.setattr(tuner.bench, "changes", lambda model: asked.append(model) or changes(model))
    tuner._costs = {"intervals": 9.0, "changes": 9.0}
    turn(tuner, CHIEF, 3, settled=False)
    assert asked == []
    assert LATE in tuner.board.figures.value
    turn(tuner, CHIEF, 3)
    assert len(asked) == 1
    assert LATE not in tuner.board.figures.value
    assert svgs(tuner) == drawn(tuner, tuner.model)


def test_a_tier_is_dragged_on_the_histogram_and_its_slider_follows(tuner, champion):
    turn(tuner, MQL, 30, settled=False)
    assert tuner.session.edits == {}
    turn(tuner, MQL, 31)
    assert tuner.model == change_model(champion, {MQL: 31})
    assert values(tuner)[MQL] == 31
    assert handle(tuner, MQL, "train")["value"] == handle(tuner, MQL)["value"] == 31
    turn(tuner, MQL, 22)
    assert handle(tuner, MQL)["value"] == 22


def test_the_lowest_tier_has_no_handle_and_one_that_asks_for_more_names_itself(tuner):
    handles = tuner.board.pictures["train", "distribution"].handles
    assert [each["label"] for each in handles] == ["MQL", "PQL", "SQL"]
    cuts = {name for name, _ in tuner.bench.base.cuts}
    assert [each["drawn"] for each in handles] == [name in cuts for name in ("MQL", "PQL", "SQL")]


def test_the_status_says_what_was_done_and_how_it_stands(tuner):
    turn(tuner, CHIEF, 5)
    (auc,) = tuner.bench.changes(tuner.model).query("part == 'validation' and figure == 'auc'").itertuples()
    said = f"On validation, against the champion: ranking (AUC) {auc.candidate:.3f} ("
    assert tuner.board.status.text.startswith(f"seniority, title has the word chief: points from 30 to 5. {said}")
    turn(tuner, "rules.big.enabled", False)
    assert tuner.board.status.text.startswith("big is off. ")


def test_evidence_follows_the_candidate(tuner):
    shown = tuner.board.controls.evidence
    assert shown[FREE]["mark"].startswith("⚠ data disagrees")
    assert shown[CHIEF]["mark"].startswith("data agrees")
    turn(tuner, FREE, -4)
    turned = tuner.board.controls.evidence[FREE]
    assert (turned["tone"], turned["rate"]) == ("good", shown[FREE]["rate"])
    (line,) = rule_evidence(tuner.model, tuner.bench.seen, "train").query("rule == 'free_email'").itertuples()
    assert (turned["rate"], turned["low"], turned["high"]) == (line.rate, line.rate_low, line.rate_high)


# --- undo, redo, reset ------------------------------------------------------------------------------------------------


def buttons(tuner):
    return [tuner.board.bar.can[name] for name in ("undo", "redo", "reset")]


def test_undo_redo_and_reset_bring_everything_along(tuner, champion):
    first = svgs(tuner)
    turn(tuner, CHIEF, 5)
    turn(tuner, MQL, 30)
    both = svgs(tuner)
    press(tuner, "undo")
    assert tuner.session.edits == {CHIEF: 5}
    assert handle(tuner, MQL)["value"] == values(tuner)[MQL] == 20
    press(tuner, "redo")
    assert (tuner.session.edits, svgs(tuner)) == ({CHIEF: 5, MQL: 30}, both)
    press(tuner, "reset")
    assert (tuner.model, svgs(tuner), values(tuner)[CHIEF]) == (champion, first, 30)
    press(tuner, "undo")
    assert (tuner.session.edits, svgs(tuner)) == ({CHIEF: 5, MQL: 30}, both)
    assert tuner.error is None


def test_a_button_is_there_when_there_is_something_to_do(tuner):
    assert buttons(tuner) == [False, False, False]
    turn(tuner, CHIEF, 5)
    assert buttons(tuner) == [True, False, True]
    press(tuner, "undo")
    assert buttons(tuner) == [False, True, False]


def test_a_drag_there_and_back_is_no_step(tuner):
    turn(tuner, CHIEF, 5, settled=False)
    turn(tuner, CHIEF, 30)
    assert buttons(tuner) == [False, False, False]
    assert svgs(tuner) == drawn(tuner, tuner.model)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "kind", "words"),
    [
        (CHIEF, "1,5", CallError, "expected a number such as 12 or 2.5, found '1,5'"),
        (CHIEF, "NaN", CallError, "expected a number such as 12 or 2.5, found 'NaN'"),
        (CHIEF, None, CallError, "expected a number such as 12 or 2.5, found nothing"),
        (CHIEF, 1e12, ModelError, "1,000,000"),
        ("about", "x", CallError, "expected something that can be turned"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_changes(tuner, path, value, kind, words):
    turn(tuner, FREE, 2)
    pictures, shown = svgs(tuner), values(tuner)
    told = []
    tuner.board.controls.send = told.append
    turn(tuner, path, value)
    assert isinstance(tuner.error, kind)
    assert words in html.unescape(tuner.board.banner.value)
    assert tuner.board.banner.layout.display == ""
    assert (svgs(tuner), values(tuner), tuner.session.edits) == (pictures, shown, {FREE: 2})
    assert told == [{"kept": path}]
    turn(tuner, FREE, 3)
    assert tuner.error is None
    assert tuner.board.banner.value == ""


@pytest.mark.parametrize(("typed", "kept"), [(12.34567, 12.346), (30.0001, 30)])
def test_what_was_recorded_of_what_was_typed_is_said(tuner, typed, kept):
    turn(tuner, CHIEF, typed)
    assert values(tuner)[CHIEF] == kept
    assert f"{typed} was rounded to {kept}." in tuner.board.status.text
    turn(tuner, CHIEF, 7)
    assert "rounded" not in tuner.board.status.text


def test_a_fault_while_dragging_is_shown_and_the_recorded_model_comes_back(tuner, monkeypatch):
    before = svgs(tuner)
    standing = tuner.bench.standing
    monkeypatch.setattr(tuner.bench, "standing", lambda model: standing(model) if model is tuner.model else 1 / 0)
    turn(tuner, CHIEF, 5, settled=False)
    assert isinstance(tuner.error, ZeroDivisionError)
    assert "ZeroDivisionError" in tuner.board.banner.value
    assert svgs(tuner) == before


def test_a_fault_of_a_button_is_shown_and_the_step_is_not_taken(tuner, monkeypatch):
    turn(tuner, CHIEF, 5)
    before, standing = svgs(tuner), tuner.bench.standing
    monkeypatch.setattr(
        tuner.bench, "standing", lambda model: 1 / 0 if model is tuner.bench.champion else standing(model)
    )
    press(tuner, "undo")
    assert isinstance(tuner.error, ZeroDivisionError)
    assert (tuner.session.edits, svgs(tuner)) == ({CHIEF: 5}, before)


def test_when_all_fails_the_page_still_returns_to_what_is_recorded(tuner, monkeypatch):
    turn(tuner, MQL, 30)
    told, before = [], svgs(tuner)
    tuner.board.controls.send = told.append
    with monkeypatch.context() as broken:
        broken.setattr(tuner.bench, "standing", None)
        turn(tuner, MQL, 40)
        assert isinstance(tuner.error, TypeError)
        assert told == [{"kept": MQL}]
        assert (values(tuner)[MQL], handle(tuner, MQL)["value"], tuner.session.edits) == (30, 30, {MQL: 30})
    press(tuner, "undo")
    assert (tuner.error, tuner.session.edits, values(tuner)[MQL]) == (None, {}, 20)
    press(tuner, "redo")
    assert svgs(tuner) == before


def test_a_step_that_cannot_be_shown_is_taken_back(tuner, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(tuner, "_findings", None)
        turn(tuner, CHIEF, 5)
    assert isinstance(tuner.error, TypeError)
    assert (tuner.session.edits, values(tuner)[CHIEF]) == ({}, 30)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (MQL, 28, "lowest score of MQL from 20 to 28."),
        ("score.max", None, "upper end from 100 to none."),
        ("dimensions.interest.min", -98, "Interest: cap of the dimension, lower end from none to −98."),
    ],
)
def test_caps_and_tiers_are_named_in_words(tuner, path, value, said):
    turn(tuner, path, value)
    assert said in tuner.board.status.text


# --- saving -----------------------------------------------------------------------------------------------------------


def test_a_saved_candidate_is_the_candidate_with_the_comments_of_the_champion(past, tmp_path):
    target = tmp_path / "deep" / "candidate.yaml"
    tuner = Tuner(*past, save_to=target)
    turn(tuner, FREE, -6)
    save(tuner, target)
    assert tuner.error is None
    text = target.read_text()
    assert "# Written at a whiteboard." in text
    assert "# the sign is wrong" in text
    assert text.replace("points: -6}", "points: 8} ").replace("version: 3", "version: 2") == TEXT
    saved = wb.read_model(target)
    assert (saved.version, saved.rules) == (3, tuner.model.rules)
    assert str(target) in tuner.board.saved.value
    assert wb.diff(past[0], saved)._repr_html_() in tuner.board.saved.value
    tuner.session.reset()
    tuner.close()


def test_a_file_of_somebody_else_is_overwritten_only_if_that_is_ticked(tuner, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("mine")
    turn(tuner, CHIEF, 5)
    save(tuner, tmp_path / "free.yaml")
    assert "free.yaml" in tuner.board.saved.value
    save(tuner, other)
    assert isinstance(tuner.error, CallError)
    assert other.read_text() == "mine"
    assert "other.yaml" in tuner.board.banner.value
    assert 'tick "replace the file" to overwrite it' in html.unescape(tuner.board.banner.value)
    assert (tuner.board.saved.value, tuner.board.saved.layout.display) == ("", "none")
    assert tuner.board.status.text == "Not saved."
    tuner.board.bar.replace = True
    save(tuner, other, replace=True)
    assert tuner.error is None
    assert wb.read_model(other).rules == tuner.model.rules
    assert tuner.board.bar.replace is False


# --- the queue --------------------------------------------------------------------------------------------------------


def edit(path, value, *, settled=True):
    return {"path": path, "value": value, "settled": settled}


def test_what_is_done_one_after_the_other_is_taken_in_that_order(tuner, tmp_path):
    target = tmp_path / "between.yaml"
    asked = {"do": "save", "path": str(target), "replace": False}
    write(tuner, edit(CHIEF, 5), edit(FREE, -1), asked, edit(FREE, -2), {"do": "undo"}, edit(MQL, 30, settled=False))
    assert tuner.error is None
    assert tuner.session.edits == {CHIEF: 5, FREE: -1}
    assert wb.read_model(target).rules == tuner.model.rules
    assert svgs(tuner)["train", "distribution"] != drawn(tuner, tuner.model)["train", "distribution"]


def test_an_entry_is_taken_once_however_often_it_is_sent(tuner):
    first, second = ({**edit(CHIEF, value), "n": n} for n, value in ((1, 5), (2, 6)))
    tuner.board.controls.queue = [first]
    tuner.board.controls.queue = [first, second]
    tuner.board.controls.queue = [second]
    press(tuner, "undo")
    assert tuner.session.edits == {CHIEF: 5}


def test_a_value_that_was_passed_on_the_way_is_not_judged(tuner, monkeypatch):
    asked = []
    standing = tuner.bench.standing
    monkeypatch.setattr(tuner.bench, "standing", lambda model: asked.append(model) or standing(model))
    write(tuner, edit(CHIEF, 5, settled=False), edit(FREE, -1), edit(MQL, 30, settled=False))
    assert len(asked) == 2


@pytest.mark.parametrize("name", ["undo", "save"])
def test_what_is_asked_for_before_a_refusal_was_seen_is_left_out(tuner, tmp_path, name):
    turn(tuner, FREE, 2)
    target = tmp_path / "not.yaml"
    write(tuner, edit(CHIEF, "1,5"), {"do": name, "path": str(target), "replace": False})
    assert "1,5" in tuner.board.banner.value
    assert tuner.board.status.text.endswith("was not done: the change before it was refused.")
    assert (tuner.session.edits, target.exists()) == ({FREE: 2}, False)
    press(tuner, name, path=str(target), replace=False)  # the page has shown it by now
    assert tuner.error is None
    assert (tuner.session.edits, target.exists()) == (({}, False) if name == "undo" else ({FREE: 2}, True))


def test_where_there_is_nothing_to_undo_it_says_so(tuner, champion):
    press(tuner, "undo")
    assert (tuner.model, tuner.error) == (champion, None)
    assert tuner.board.status.text.startswith("There is nothing to undo.")


def test_an_unknown_wish_is_refused(tuner):
    press(tuner, "approve")
    assert isinstance(tuner.error, CallError)


# --- the cell run again -----------------------------------------------------------------------------------------------


def test_a_cell_that_is_run_again_goes_on_where_it_was(tuner, champion, seen):
    turn(tuner, CHIEF, 5)
    turn(tuner, MQL, 30)
    again = Tuner(champion, seen)
    assert again.session.edits == {CHIEF: 5, MQL: 30}
    assert (svgs(again), values(again)) == (svgs(tuner), values(tuner))
    assert buttons(again) == [True, False, True]
    assert again.board.status.text.startswith("Your 2 changes from before are still here.")
    assert again.bench is tuner.bench
    assert all(each.comm is None for each in (tuner, tuner.board.controls, tuner.board.bar))
    press(again, "undo")
    assert again.session.edits == {CHIEF: 5}
    again.close()


def test_a_tuner_on_observations_that_are_gone_lets_go_of_them(champion, tmp_path):
    first, second = (observed(tmp_path / name)[1] for name in "ab")
    old = Tuner(champion, first)
    turn(old, CHIEF, 5)
    inside = [old, old.board.controls, *old.board.pictures.values()]
    held = weakref.ref(old.bench)
    new = Tuner(champion, second)
    assert new.session.edits == {CHIEF: 5}
    assert all(each.comm is None for each in inside)
    del old, inside
    gc.collect()
    assert held() is None
    new.close()


# --- without a front end ----------------------------------------------------------------------------------------------


def test_without_a_front_end_there_are_tables_and_pictures_with_words(tuner):
    turn(tuner, CHIEF, 5)
    page = tuner.to_html()
    assert page.count("<table>") == 1
    assert page.count("<tr>") == 1 + len(tuner.bench.changes(tuner.model))
    images = re.findall(r'<img alt="([^"]+)"[^>]* src="data:image/svg\+xml;base64,([^"]+)">', page)
    assert len(images) == len(tuner.board.pictures)
    assert {base64.b64decode(data).decode() for _, data in images} == set(svgs(tuner).values())
    assert re.findall(r"<script|<style|<svg|https?:", page) == []
    assert page.count("background:#ffffff") == len(images)


def test_the_result_is_the_backtest_of_the_candidate(tuner, seen):
    turn(tuner, CHIEF, 5)
    assert tuner.result().metrics.equals(backtest(tuner.model, seen).metrics)
    assert tuner.result(part="train").part == "train"
