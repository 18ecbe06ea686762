"""The tuner: a champion's points under sliders, and what each change does to its figures."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import ipywidgets
import pandas as pd

from workbench.backtesting import Backtest, backtest
from workbench.errors import CallError, NotObserved
from workbench.model import Model
from workbench.observation import Observations
from workbench.tuning import Bench, Session, knobs, rule_evidence
from workbench.tuning.knob import every_knob
from workbench.widgets.banner import guarded
from workbench.widgets.board import Board
from workbench.widgets.fallback import tuner_html
from workbench.widgets.figures import Words, figures_html, told
from workbench.widgets.handles import beginnings, tier_handles
from workbench.widgets.outcomes import findings
from workbench.widgets.panels import PANELS
from workbench.widgets.rows import knob_names, plain, section_rows
from workbench.widgets.shown import Shown
from workbench.widgets.wording import NOTHING, points

A = TypeVar("A")
R = TypeVar("R")

LIVE = 0.06
"""Seconds that intervals may take while a hand is on a slider; if they take longer they follow when it lets go."""

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
        self.bench = _taken_over(self.session, model, observations) or Bench(model, observations)
        _latest[self.session] = weakref.ref(self)
        self._words = Words.of(self.bench)
        self._sections = knobs(model, observations)
        self._names = knob_names(self._sections)
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
        board, guard = self._board, guarded(self._board.banner)
        board.controls.observe(guard(lambda found: self._turned(found["new"], by="path")), "changed")
        for part in self.bench.parts:
            picture = board.pictures[part, "distribution"]
            picture.observe(guard(lambda found: self._turned(found["new"], by="name")), "moved")
        session = self.session
        board.undo.on_click(guard(lambda _: self._step(session.undo, session.redo, "Undone.")))
        board.redo.on_click(guard(lambda _: self._step(session.redo, session.undo, "Done again.")))
        back = "Back to the champion; undo brings your changes back."
        board.reset.on_click(guard(lambda _: self._step(session.reset, session.undo, back)))
        board.save.on_click(guard(lambda _: self._save()))

    # --- while a hand is on it --------------------------------------------------------------------------------------

    def _turned(self, found: Mapping[str, Any], *, by: str) -> None:
        """A slider, box or handle was moved; what is refused goes back to what it was."""
        path, value = str(found[by]), found["value"]
        try:
            self._demand_known(path, value)
            self._follow(self.session.preview(path, value), settled=found["settled"])
            if found["settled"]:
                before = self._values[path]
                self._drawn = self.session.set({path: value})
                self._show(self._drawn, self._said(path, before), of=self._telling(path))
                if self._values[path] != value:
                    self._board.controls.send({"kept": path})
        except Exception:
            self._show(self.model, "The last change was refused.")
            self._board.controls.send({"kept": path})
            raise

    def _demand_known(self, path: str, value: object) -> None:
        if path not in self._base:
            raise CallError.at(path, expected="something that can be turned", found="nothing", remedy="Use a control.")
        if isinstance(value, str):
            remedy = "Type digits, with a point before decimals, such as 12 or 2.5."
            raise CallError.at(self._names[path], expected="a number", found=value, remedy=remedy)

    def _follow(self, candidate: Model, *, settled: bool) -> None:
        """Draw a candidate, the picture under the hand first; slow figures only when the hand lets go."""
        standing = self.bench.standing(candidate)
        self._drawn = candidate
        first, *rest = PANELS
        self._board.draw(standing, only=[first])
        self._board.draw(standing, only=[name for name in rest if name != "bands"])
        if settled or self._costs["intervals"] <= LIVE:
            standing = self._timed("intervals", self.bench.with_intervals, standing)
        self._board.draw(standing, only=["bands"])
        late = not settled and self._costs["changes"] > LIVE
        if not late:
            self._changes = self._timed("changes", self.bench.changes, candidate)
        self._board.figures.value = figures_html(self._changes, self._words, late=late)
        self._standing = standing

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
        board, edits, values = self._board, self.session.edits, self._values
        board.controls.values = values
        board.controls.evidence = self._findings(values)
        board.place_handles(self._handles(values))
        board.undo.disabled = not self.session.can_undo
        board.redo.disabled = not self.session.can_redo
        board.reset.disabled = not edits
        board.status.text = f"{said} {told(self._changes, self._words, of, part=self.bench.seen.default_part)}".strip()

    def _findings(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """What the outcomes of the train part, on which models are tuned, say of each rule of the candidate."""
        part = self.bench.parts[0]
        evidence = rule_evidence(self.model, self.bench.seen, part)
        return findings(self._sections, evidence, values, average=self.bench.base.parts[part].rate)

    def _step(self, there: Callable[[], Model], back: Callable[[], Model], said: str) -> None:
        """Go a step in the session; where that model cannot be judged here, stay."""
        model = there()
        try:
            self._show(model, said)
        except Exception:
            self._show(back(), "That step was not taken.")
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

    def _save(self) -> None:
        saved = self.session.save(self._board.path.value)
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

    def _said(self, path: str, before: Any) -> str:
        """What was turned, and from what to what."""
        after = self._values[path]
        if after == before:
            return f"{self._names[path]} stays as it was."
        if isinstance(after, bool):
            return f"{self._names[path].removesuffix(': on')} is {'on' if after else 'off'}."
        return f"{self._names[path]} from {_word(before)} to {_word(after)}."


_latest: weakref.WeakKeyDictionary[Session, weakref.ref[Tuner]] = weakref.WeakKeyDictionary()
"""The last tuner of a session. Widgets live as long as the kernel; a cell that is run again must not add up."""


def _taken_over(session: Session, model: Model, observations: Observations) -> Bench | None:
    """The bench of the last tuner of this session if it judges the same; if not, that tuner is closed."""
    last = _latest.get(session, lambda: None)()
    if last is None:
        return None
    if last.bench.seen is observations and last.bench.champion is model:
        return last.bench
    last.close()
    return None


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
    return NOTHING if value is None else points(value)
