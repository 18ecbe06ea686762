"""One analyst's edits of a champion: set, undone, redone, reset, and saved as a model file of their own."""

from __future__ import annotations

import copy
import hashlib
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.changes import Changes, diff
from workbench.errors import CallError, ModelError, WorkbenchError
from workbench.model import Model, change_model, model_text, parse_model, read_model
from workbench.model.paths import steps
from workbench.observation import Observations
from workbench.tuning.edit import demand_names, differences, edited, value_at, way_at
from workbench.whole import write_whole

MOST_SESSIONS = 20
MOST_STEPS = 1_000
Edits = dict[str, object]


@dataclass(frozen=True)
class Saved:
    """A candidate that was written.

    Attributes:
        path: the file.
        model: as read back from it.
        changes: what differs from the champion.
    """

    path: Path
    model: Model
    changes: Changes


@dataclass(frozen=True)
class _Written:
    """What this session wrote to a path: its digest, and what it was made of."""

    digest: str
    version: int
    edits: Edits
    name: str


class Session:
    """One analyst's edits of a champion: the one value here that changes.

    Edits are values by path, as `workbench.tuning.edit.edited` takes them; only what differs from the champion is kept.
    Names by which paths find their place cannot be edited.

    Args:
        champion: the model to start from; it is never changed.

    >>> champion = parse_model('''
    ... format: lead-scoring-model/1
    ... name: small
    ... dimensions: {fit: {}}
    ... rules: [{id: eu, in: fit, when: {field: region, equals: EU}, points: 5}]
    ... ''')
    >>> session = Session(champion)
    >>> _ = session.set({"rules.eu.points": 7})
    >>> session.edits
    {'rules.eu.points': 7}
    >>> session.undo() is champion, session.can_redo
    (True, True)
    """

    def __init__(self, champion: Model) -> None:
        self._champion = champion
        self._candidate = champion
        self._steps: list[Edits] = [{}]
        self._at = 0
        self._version = champion.version
        self._written: dict[Path, _Written] = {}

    @classmethod
    def resumed(cls, champion: Model, seen: Observations) -> Session:
        """The session that this process already has for this champion on these observations, else a new one.

        What a champion file says decides, with the data's fingerprint and the plan: a file that was changed begins a
        session of its own, new comments in it do not. The last 20 sessions are kept.
        """
        key = (champion.document_digest, str(seen.data["fingerprint"]), seen.plan.digest)
        session = _sessions.get(key)
        if session is None:
            session = _sessions[key] = cls(champion)
        _sessions.move_to_end(key)
        while len(_sessions) > MOST_SESSIONS:
            _sessions.popitem(last=False)
        session._take(champion)
        return session

    def _take(self, champion: Model) -> None:
        """Go on with another reading of the same champion."""
        if champion is not self._champion:
            self._champion = champion
            self._candidate = _made(champion, self.edits)

    # --- edits ------------------------------------------------------------------------------------------------------

    @property
    def champion(self) -> Model:
        """The model that the edits start from."""
        return self._champion

    @property
    def candidate(self) -> Model:
        """The champion with the edits; the champion itself without any."""
        return self._candidate

    @property
    def edits(self) -> Edits:
        """What differs from the champion, value by value: new values by path, days as numbers; a copy.

        However a path was written and whatever was set as a whole, each value is listed once, by the path that
        its knob has.
        """
        return copy.deepcopy(self._steps[self._at])

    def value(self, path: str) -> object:
        """What the candidate has at a path, days as a number; None where nothing is set."""
        found: object = value_at(self._candidate.plain(), path)
        return found

    def preview(self, path: str, value: object) -> Model:
        """The candidate with one more edit that is not recorded, for as long as a hand is on a slider.

        Raises:
            ModelError: as `set` does.
        """
        return self._tried({path: value}, self._with({path: value}))

    def set(self, changes: Mapping[str, object]) -> Model:
        """Record new values as one step, and return the candidate.

        Setting a value back to the champion's drops the edit. What changes nothing is not a step. Steps that were
        undone are gone then.

        Raises:
            ModelError: if a path leads nowhere, the changed model is not valid, or something that paths go by would get
                another name (`tiers.MQL.name`); then nothing is changed.
        """
        edits = self._with(changes)
        made = self._tried(changes, edits)
        kept = differences(self._champion.plain(), made.plain(), edits)
        self._record(kept, made if kept.keys() == edits.keys() else _made(self._champion, kept))
        return self._candidate

    def _tried(self, changes: Mapping[str, object], edits: Edits) -> Model:
        """The champion with edits that leave the names of things as they are; `changes` are those that are new."""
        made = edited(self._champion, edits)
        if any(map(_names, changes)):
            demand_names(self._candidate.plain(), made.plain(), changes)
        if any(isinstance(value, Mapping | list | tuple) or _names(path) for path, value in edits.items()):
            demand_names(self._champion.plain(), made.plain(), edits)
        return made

    def _with(self, changes: Mapping[str, object]) -> Edits:
        """The edits with some more, which replace those of the same place."""
        plain = self._candidate.plain()
        places = {way_at(plain, path) for path in changes}
        kept = {path: value for path, value in self.edits.items() if way_at(plain, path) not in places}
        return {**kept, **changes}

    def _record(self, edits: Edits, candidate: Model) -> None:
        if candidate.document_digest == self._candidate.document_digest:
            return
        self._steps = [*self._steps[: self._at + 1], edits][-MOST_STEPS:]
        self._at = len(self._steps) - 1
        self._candidate = candidate

    def reset(self) -> Model:
        """Back to the champion, as a step that can be undone."""
        self._record({}, self._champion)
        return self._candidate

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward again."""
        return self._at < len(self._steps) - 1

    def undo(self) -> Model:
        """One step back, if there is one; the candidate."""
        return self._go(self._at - self.can_undo)

    def redo(self) -> Model:
        """One step forward again, if there is one; the candidate."""
        return self._go(self._at + self.can_redo)

    def _go(self, at: int) -> Model:
        self._candidate, self._at = _made(self._champion, self._steps[at]), at
        return self._candidate

    # --- files ------------------------------------------------------------------------------------------------------

    def save(self, path: str | Path, *, replace: bool = False, name: str | None = None) -> Saved:
        """Write the candidate as a model file, whole or not at all, with the champion's comments.

        Its version is one above the champion's, what this session wrote before, and the model that it overwrites; what
        is the same as before is not counted again. Models that variants use are written in, so the file can be read
        from any folder.

        Args:
            path: the file, `.yaml` or `.yml`; `~` is the home folder, folders on the way are made.
            replace: overwrite a file (or a link) that this session did not write.
            name: of the model; by default that of the champion.

        Raises:
            CallError: if the file is the champion's own, is not this session's and `replace` is not said, or cannot be
                written.
            ModelError: if the name is none.
        """
        target = _target(path)
        try:
            foreign = self._demand_free(target, replace=replace)
            made_of = (self.edits, name or self._champion.name)
            same = [each.version for each in self._written.values() if (each.edits, each.name) == made_of]
            version = max(same) if same and not foreign else max(self._version, foreign) + 1
            model = change_model(self._candidate, {"version": version, "name": made_of[1]})
            content = _checked_text(model, target).encode()
            write_whole(target, content)
        except OSError as wrong:
            found = wrong.strerror or str(wrong)
            remedy = "Choose a folder that can be written to."
            raise CallError.at(str(target), expected="a file that can be written", found=found, remedy=remedy) from None
        self._version = max(self._version, version)
        self._written[_place(target)] = _Written(hashlib.sha256(content).hexdigest(), version, *made_of)
        saved = read_model(target)
        return Saved(target, saved, diff(self._champion, saved))

    def _demand_free(self, path: Path, *, replace: bool) -> int:
        """Raise CallError if something stands there that must not be overwritten.

        Returns:
            the version of the model of somebody else that stands there; 0 without one.
        """
        if path.is_dir():
            remedy = "Name a file in it, such as candidate.yaml."
            raise CallError.at(str(path), expected="a file", found="a folder", remedy=remedy)
        if not path.exists() and not path.is_symlink():
            return 0
        if self._is_champion(path):
            remedy = "Choose another name; a champion is replaced by an approved model, not by hand."
            raise CallError.at(str(path), expected="a file of the candidate's own", found="the champion", remedy=remedy)
        written = self._written.get(_place(path))
        if written is not None and path.exists() and written.digest == hashlib.sha256(path.read_bytes()).hexdigest():
            return 0
        if not replace:
            found = "one that this session did not write" if written is None else "one that was changed since"
            raise CallError.at(
                str(path),
                expected="a new file, or one that this session wrote",
                found=found if path.exists() else "a link to a file that is not there",
                remedy="Choose another name, or say replace=True to overwrite it.",
            )
        other = _model_at(path)
        return 0 if other is None else other.version

    def _is_champion(self, path: Path) -> bool:
        """Whether a file is the champion's: the same text, or a model of that name and version."""
        document = self._champion.document
        try:
            if document is not None and document.text and path.read_text(encoding="utf-8-sig") == document.text:
                return True
        except (OSError, UnicodeDecodeError):
            return False
        other = _model_at(path)
        return other is not None and (other.name, other.version) == (self._champion.name, self._champion.version)


_sessions: OrderedDict[tuple[str, str, str], Session] = OrderedDict()


def _made(champion: Model, edits: Edits) -> Model:
    return edited(champion, edits) if edits else champion


def _names(path: str) -> bool:
    """Whether a path leads to an id or a name."""
    return steps(path)[-1:] in (["id"], ["name"])


def _target(path: str | Path) -> Path:
    """The file that a path means."""
    text = str(path).strip()
    if "\0" in text:
        remedy = "Leave the character U+0000 out."
        raise CallError.at(repr(text), expected="a name of a file", found="one with U+0000", remedy=remedy)
    try:
        target = Path(text).expanduser()
    except RuntimeError:
        raise CallError.at(text, expected="a home folder", found="none", remedy="Write the path in full.") from None
    if target.suffix.lower() not in {".yaml", ".yml"} and not os.path.isdir(target):  # noqa: PTH112  (takes any text)
        remedy = "Name it for example candidate.yaml."
        raise CallError.at(text or "save as", expected="a file that ends in .yaml", found=repr(text), remedy=remedy)
    return target


def _place(path: Path) -> Path:
    """The file behind a path and its links; OSError if they go round in a circle."""
    try:
        return path.resolve()
    except RuntimeError as circle:
        raise OSError(str(circle)) from None


def _model_at(path: Path) -> Model | None:
    """The model in a file; None where there is none to be read."""
    try:
        return read_model(path)
    except (WorkbenchError, OSError, UnicodeDecodeError):
        return None


def _checked_text(model: Model, path: Path) -> str:
    """The model as text that was read again and says the same."""
    text = model_text(model, whole=True)
    if parse_model(text).document_digest != model.document_digest:
        raise ModelError.at(
            str(path),
            expected="text that says what the candidate says",
            found="other values when it is read again",
            remedy="Write the model without unusual YAML, or report this.",
        )
    return text
