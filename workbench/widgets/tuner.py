"""The tuner: a champion's points under sliders, and what each change does to its figures."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace as changed
from pathlib import Path
from typing import Any, TypeVar

import ipywidgets
import pandas as pd

from workbench.backtesting import Backtest, backtest
from workbench.errors import CallError, ModelError, NotObserved
from workbench.model import Model
from workbench.observation import Observations
from workbench.tuning import Bench, Session, knobs, rule_evidence
from workbench.tuning.knob import every_knob
from workbench.widgets.board import Board
from workbench.widgets.fallback import tuner_html
from workbench.widgets.figures import Words, figures_html, told
from workbench.widgets.handles import beginnings, tier_handles
from workbench.widgets.outcomes import findings
from workbench.widgets.panels import PANELS
from workbench.widgets.queue import Entry, Queue
from workbench.widgets.rows import knob_names, plain, section_rows, spoken_names
from workbench.widgets.shown import Shown
from workbench.widgets.wording import points

A = TypeVar("A")
R = TypeVar("R")

LIVE = 0.06
"""Seconds that intervals may take while a hand is on a slider; if they take longer they follow when it lets go."""

A_NUMBER = "a number such as 12 or 2.5"
REPLACE = 'tick "replace the file"'
_ASKED = {"undo": "Undo", "redo": "Redo", "reset": "The way back to the champion", "save": "Saving"}

OF_POINTS = ("auc", "precision")
OF_TIERS = ("leads", "precision", "recall")
"""Which figures are said aloud when points, or where a tier begins, were changed."""


class Tuner(Shown):
    """A model's points, caps, windows and thresholds to turn by hand, with pictures and figures that follow.

    The champion stays as it is. What is turned makes a candidate, which is kept while the kernel runs: the same
    cell run again goes on where it was.

    Args:
        model: the champion.
        observations: what `observe` gathered for it; with `tunable=True`, windows and limits can be turned as well.
        save_to: where "Save candidate" writes; by default a file beside the notebook named after the model.

    Attributes:
        session: the edits, with undo and redo.
        bench: what judges them.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
    """

    def __init__(self, model: Model, observations: Observations, *, save_to: str | Path | None = None) -> None:
        super().__init__()
        self.session = Session.resumed(model, observations)
        last = _latest.get(self.session, lambda: None)()
        self.bench = _taken_over(last, model, observations) or Bench(model, observations)
        self._words = Words.of(self.bench)
        self._sections = knobs(model, observations)
        self._names = knob_names(self._sections)
        self._spoken = spoken_names(self._sections)
        self._base = {knob.path: plain(knob.value) for knob in every_knob(self._sections)}
        self._beginnings = beginnings(self._sections, accounts=observations.members is not None)
        self._costs = {"intervals": 0.0, "changes": 0.0}
        self._board = Board(self.bench, save_to=str(save_to or f"{model.name}-{model.version + 1}.yaml"))
        self._standing = self.bench.base
        self._drawn: Model | None = None
        self._changes = pd.DataFrame()
        self._open()
        self._wire()
        self.children = self._board.rows
        for name in ("wb", "wb-tuner"):
            self.add_class(name)
        if last is not None:
            last.close()
        _latest[self.session] = weakref.ref(self)

    @property
    def model(self) -> Model:
        """The candidate as it stands."""
        return self.session.candidate

    @property
    def board(self) -> Board:
        """The widgets that it is made of."""
        return self._board

    @property
    def error(self) -> Exception | None:
        """What went wrong, as long as the banner shows it."""
        return self._board.banner.error

    def result(self, *, part: str | None = None) -> Backtest:
        """The whole backtest of the candidate, on the part that `backtest` judges by default."""
        return backtest(self.model, self.bench.seen.following(self.model), part=part)

    # --- beginning --------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._board.controls.sections = section_rows(self._sections)
        try:
            self._show(self.model, _resumed(len(self.session.edits)))
        except NotObserved as error:
            self._show(self.session.reset(), "Your changes from before cannot be judged here; this is the champion.")
            self._board.banner.show(error)
        self._costs["changes"] /= 2  # the first time the champion's share was worked out as well

    def _wire(self) -> None:
        board = self._board
        self._queue = Queue(board.controls, board.banner, take=self._take, leave=self._leave)

    def _take(self, entry: Entry) -> None:
        """Do what was done on the page."""
        session = self.session
        match entry.get("do"):
            case None:
                self._turned(str(entry["path"]), entry["value"], settled=bool(entry["settled"]))
            case "undo":
                self._step(session.undo, session.redo, "Undone." if session.can_undo else "There is nothing to undo.")
            case "redo":
                said = "Done again." if session.can_redo else "There is nothing to do again."
                self._step(session.redo, session.undo, said)
            case "reset":
                self._step(session.reset, session.undo, "Back to the champion; undo brings your changes back.")
            case "save":
                self._save(str(entry["path"]), replace=bool(entry["replace"]))
            case other:
                raise CallError.at("the bar", expected=" | ".join(_ASKED), found=str(other), remedy="Use a button.")

    def _leave(self, entry: Entry) -> None:
        asked = _ASKED.get(str(entry["do"]), "That")
        self._board.status.text = f"{asked} was not done: the change before it was refused."

    # --- while a hand is on it --------------------------------------------------------------------------------------

    def _turned(self, path: str, value: Any, *, settled: bool) -> None:
        """A slider, box or handle was moved; what is refused goes back to what it was."""
        edits = self.session.edits
        try:
            self._demand_known(path, value)
            self._follow(self._tried(path, value), settled=settled)
            if settled:
                before = self._values[path]
                self._drawn = self.session.set({path: value})
                self._show(self._drawn, self._said(path, before, value), of=self._telling(path))
        except Exception:
            self._board.controls.send({"kept": path})
            if self.session.edits != edits:
                self.session.undo()
            self._recover("The last change was refused.")
            raise

    def _tried(self, path: str, value: Any) -> Model:
        """The candidate with one more value; a box that must not be empty says so."""
        try:
            return self.session.preview(path, value)
        except ModelError:
            if value is not None:
                raise
            remedy = "This one cannot be left empty; to take a rule out, clear the box beside its name."
            raise CallError.at(self._names[path], expected=A_NUMBER, found="nothing", remedy=remedy) from None

    def _recover(self, said: str) -> None:
        """Bring the page back to what is recorded, as far as that goes; the banner tells what went wrong."""
        self._place()
        self._board.status.text = said
        with suppress(Exception):
            self._show(self.model, said)

    def _demand_known(self, path: str, value: object) -> None:
        if path not in self._base:
            raise CallError.at(path, expected="something that can be turned", found="nothing", remedy="Use a control.")
        if isinstance(value, str):
            remedy = "Type digits, with a point before decimals."
            raise CallError.at(self._names[path], expected=A_NUMBER, found=repr(value), remedy=remedy)

    def _follow(self, candidate: Model, *, settled: bool) -> None:
        """Draw a candidate, the picture under the hand first; slow figures only when the hand lets go."""
        self._drawn = None  # until all of it is
        standing = self.bench.standing(candidate)
        first, *rest = PANELS
        self._board.draw(standing, only=[first])
        # Meanwhile the page draws that one: what is sent at once with it would make it wait.
        late = not settled and self._costs["changes"] > LIVE
        quick = sum(self._costs.values()) <= LIVE
        if not quick:
            self._board.draw(standing, only=[name for name in rest if name != "bands"])
        if settled or self._costs["intervals"] <= LIVE:
            standing = self._timed("intervals", self.bench.with_intervals, standing)
        if not late:
            self._changes = self._timed("changes", self.bench.changes, candidate)
        self._board.draw(standing, only=rest)
        self._board.figures.value = figures_html(self._changes, self._words, late=late, cuts=standing.cuts)
        self._standing = standing
        self._drawn = candidate

    def _timed(self, name: str, work: Callable[[A], R], argument: A) -> R:
        start = time.perf_counter()
        result = work(argument)
        self._costs[name] = time.perf_counter() - start
        return result

    # --- when it stands ---------------------------------------------------------------------------------------------

    def _show(self, model: Model, said: str, *, of: Sequence[str] = OF_POINTS) -> None:
        """Bring everything on the page to a model that is recorded, and say what was done and some figures of it."""
        if model is not self._drawn:
            self._follow(model, settled=True)
        self._place()
        self._board.controls.evidence = self._findings(self._values)
        figures = told(self._changes, self._words, of, part=self.bench.seen.default_part)
        self._board.status.text = f"{said} {figures}".strip()

    def _place(self) -> None:
        """Put every slider, box, handle and button where the session is."""
        session, values = self.session, self._values
        self._board.controls.values = values
        self._board.place_handles(self._handles(values))
        self._board.bar.can = {"undo": session.can_undo, "redo": session.can_redo, "reset": bool(session.edits)}

    def _findings(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """What the outcomes of the train part, on which models are tuned, say of each rule of the candidate."""
        part = self.bench.parts[0]
        evidence = rule_evidence(self.model, self.bench.seen, part)
        return findings(self._sections, evidence, values, average=self.bench.base.parts[part].rate)

    def _step(self, there: Callable[[], Model], back: Callable[[], Model], said: str) -> None:
        """Go a step in the session; where that model cannot be judged here, stay."""
        before = self.session.edits
        model = there()
        try:
            self._show(model, said)
        except Exception:
            if self.session.edits != before:
                back()
            self._recover("That step was not taken.")
            raise

    def _telling(self, path: str) -> Sequence[str]:
        return OF_TIERS if any(path == knob.path for knob in self._beginnings) else OF_POINTS

    @property
    def _values(self) -> dict[str, Any]:
        """The value of every knob as recorded."""
        edits = self.session.edits
        return {path: plain(edits[path]) if path in edits else base for path, base in self._base.items()}

    def _handles(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        drawn = {name for name, _ in self._standing.cuts}
        return tier_handles(self._beginnings, values, axis=self.bench.axis, drawn=drawn)

    def _save(self, path: str, *, replace: bool) -> None:
        self._board.forget_saved()
        self._board.status.text = "Not saved."
        try:
            saved = self.session.save(path, replace=replace)
        except CallError as error:
            raise _in_words_of_the_page(error) from None
        self._board.bar.replace = False
        self._board.tell_saved(saved)
        self._board.status.text = f"Saved {saved.path} as version {saved.model.version}."

    def close(self) -> None:
        """Take it and all its parts off the page, and let go of what it holds."""
        for part in _inside(self):
            part.close()
        super().close()

    # --- where there is no front end --------------------------------------------------------------------------------

    def to_html(self) -> str:
        """Headline figures and every picture as they stand, without scripts."""
        return tuner_html(self.bench, self._standing, self._changes)

    def _said(self, path: str, before: Any, asked: Any) -> str:
        """What was turned, from what to what, and whether that is what was asked for."""
        after, name = self._values[path], self._spoken[path]
        if isinstance(after, bool):
            return f"{name.removesuffix(': on')} is {'on' if after else 'off'}."
        said = f"{name} stays {_word(after)}." if after == before else f"{name} from {_word(before)} to {_word(after)}."
        rounded = asked is not None and after is not None and asked != after
        return f"{said} {asked:.12g} was rounded to {_word(after)}." if rounded else said


_latest: weakref.WeakKeyDictionary[Session, weakref.ref[Tuner]] = weakref.WeakKeyDictionary()
"""The last tuner of a session. A new one closes it: two that turn the same edits would show different things."""


def _taken_over(last: Tuner | None, model: Model, observations: Observations) -> Bench | None:
    """The bench of the last tuner of a session if it judges the same."""
    if last is None or last.bench.seen is not observations or last.bench.champion is not model:
        return None
    return last.bench


def _in_words_of_the_page(error: CallError) -> CallError:
    """What the library wants said in code is a box to tick here."""
    return CallError(
        *(changed(each, remedy=each.remedy.replace("say replace=True", REPLACE)) for each in error.problems)
    )


def _inside(box: ipywidgets.Box) -> Iterator[ipywidgets.Widget]:
    for child in box.children:
        if isinstance(child, ipywidgets.Box):
            yield from _inside(child)
        yield child


def _resumed(edits: int) -> str:
    if not edits:
        return "This is the champion; nothing is changed yet."
    return f"Your {edits} change{'' if edits == 1 else 's'} from before {'is' if edits == 1 else 'are'} still here."


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else points(value)
