"""The approval panel: what an approval still needs, and the two presses that make it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import ipywidgets

from workbench.approval import Bundle, Evidence, approve, read_evidence, write_evidence
from workbench.approval.bundle import FILES
from workbench.approval.needs import Need, lacking, needs
from workbench.approval.written import Written
from workbench.backtesting import backtest
from workbench.emit import config_name
from workbench.errors import InputError, Refused
from workbench.history import History
from workbench.linting import lint
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import TEST
from workbench.widgets.banner import Banner, guarded
from workbench.widgets.checklist import (
    approved_html,
    checklist_html,
    counted,
    plain_approved_html,
    plain_checklist_html,
)
from workbench.widgets.sheet import sheet
from workbench.widgets.shown import Shown
from workbench.widgets.status import Status

EVIDENCE, BUNDLE = "evidence", "bundle"
WRITTEN = Written()
"""What the panels of this process wrote: a cell that is run again may replace what it made itself."""


class People(TypedDict):
    """What is typed in: two roles and a reason."""

    author: str
    approver: str
    why: str


class ApprovalPanel(Shown):
    """Who approves a model, on what, and why; and what is still missing for it.

    Nothing is written before a button is pressed, and nothing is replaced but what a panel of this kernel wrote.

    Args:
        model: the model to approve.
        seen: observations of the data, for the backtest that becomes the evidence.
        history: the data; without it nothing can be approved, because the evidence is made again from it.
        evidence: what `write_evidence` wrote or returned; by default what lies in `out` already, if anything does.
        champion: the model in force, to compare with.
        out: the folder for `evidence` and `bundle`; by default `approval/NAME-vVERSION`.

    Attributes:
        out: that folder.
        evidence: the evidence; a folder where it could not be read; None while there is none.
        bundle: what was approved; None before.
        needs: what the approval needs, as it stands.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered and cannot be worked out.
    """

    def __init__(
        self,
        model: Model,
        seen: Observations,
        *,
        history: History | None = None,
        evidence: Evidence | str | Path | None = None,
        champion: Model | None = None,
        out: str | Path | None = None,
    ) -> None:
        super().__init__()
        self.model, self.history, self.champion = model, history, champion
        self.seen = seen.following(model)
        self.out = Path("approval") / config_name(model).removesuffix(".json") if out is None else Path(out)
        self.evidence = _evidence(self.out / EVIDENCE, evidence)
        self.bundle: Bundle | None = None
        self.needs: tuple[Need, ...] = ()
        self._findings = lint(model).findings  # every error is of the model alone; data would only take long
        self._make()
        self._wire()
        self._look()
        for name in ("wb", "wb-approval"):
            self.add_class(name)

    @property
    def error(self) -> Exception | None:
        """What went wrong last, if the banner shows something."""
        return self.banner.error

    # --- what is on the page ------------------------------------------------------------------------------------------

    def _make(self) -> None:
        self.author = _field("Author: a role", self.model.owner, "such as revenue operations", "wb-author")
        self.approver = _field("Approver: another role", "", "such as head of sales", "wb-approver")
        self.why = ipywidgets.Textarea(
            description="Why it may score leads", placeholder="The approver's reason, in a sentence", rows=2
        )
        self.why.add_class("wb-why")
        self.write_button = ipywidgets.Button(description="Write evidence")
        self.write_button.add_class("wb-write")
        self.approve_button = ipywidgets.Button(description="Approve")
        for name in ("wb-primary", "wb-approve"):
            self.approve_button.add_class(name)
        self.status, self.banner = Status(), Banner()
        self.places, self.checklist, self.approved = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.approved.add_class("wb-approved-holder")
        press = _box([self.write_button, self.approve_button], "wb-press")
        form = [self.author, self.approver, self.why, press, self.status, self.banner, self.approved, self.places]
        sides = _box([_box(form, "wb-form"), _box([self.checklist], "wb-list")], "wb-sides")
        self.children = (sheet("approval.css"), ipywidgets.HTML(self._heading()), sides)

    def _heading(self) -> str:
        title = html.escape(f"Approve {self.model.name}, version {self.model.version}")
        owner = f" The model's owner is {html.escape(self.model.owner)}." if self.model.owner else ""
        return (
            f'<h3 class="wb-headline">{title}</h3><p class="wb-muted">Name roles, not people: the approval is kept '
            f"with the model. The approver is neither its author nor its owner.{owner}</p>"
        )

    def _places(self) -> str:
        evidence, bundle = (html.escape(str(self.out / name)) for name in (EVIDENCE, BUNDLE))
        sealed = isinstance(self.evidence, Evidence) and self.evidence.part == TEST
        opens = " That opens the sealed test part once more, which is counted." if sealed else ""
        return (
            f'<p class="wb-muted">Evidence is written to <code>{evidence}</code>, the approved bundle to '
            f"<code>{bundle}</code>. The approval makes the evidence again from the data and refuses if a figure "
            f"differs.{opens}</p>"
        )

    # --- what the hands do --------------------------------------------------------------------------------------------

    def _wire(self) -> None:
        guard = guarded(self.banner)
        for field in (self.author, self.approver, self.why):
            field.observe(guard(self._changed), names="value")
        self.write_button.on_click(guard(self._pressed_write))
        self.approve_button.on_click(guard(self._pressed_approve))

    def _changed(self, _: Any) -> None:
        self._look()

    def _look(self) -> None:
        """See what is needed as things stand, and show it."""
        self.needs = needs(
            self.model,
            evidence=self.evidence,
            history=self.history,
            champion=self.champion,
            findings=self._findings,
            **self._people(),
        )
        self.checklist.value = checklist_html(self.needs)
        self.places.value = self._places()
        self.approve_button.disabled = bool(lacking(self.needs))
        self.write_button.disabled = False
        self.status.text = counted(self.needs)

    def _people(self) -> People:
        return {"author": self.author.value, "approver": self.approver.value, "why": self.why.value}

    def _pressed_write(self, _: Any) -> None:
        self._busy("Running the backtest")
        try:
            folder = self.out / EVIDENCE
            WRITTEN.may_write(folder)
            self.evidence = write_evidence(backtest(self.model, self.seen), self.model, self.seen.plan, folder)
            WRITTEN.note(folder)
        finally:
            self._look()
        self.status.text = f"Evidence written to {folder}. {counted(self.needs)}"

    def _pressed_approve(self, _: Any) -> None:
        self._look()
        missing = lacking(self.needs)
        if missing or self.evidence is None or self.history is None:
            raise Refused(*(need.remedy for need in missing))
        self._busy("Making the evidence again from the data")
        try:
            folder = self.out / BUNDLE
            WRITTEN.may_write(folder)
            self.bundle = approve(
                self.model, self.evidence, self.history, out=folder, progress=self._busy, **self._people()
            )
            WRITTEN.note(folder)
        finally:
            self._look()
        self.approved.value = approved_html(self.bundle, folder)
        self.status.text = f"Approved by {self.bundle.approval.approver}; {len(FILES)} files in {folder}."

    def _busy(self, step: str) -> None:
        """Say what is being done; nothing can be pressed meanwhile."""
        self.approve_button.disabled = self.write_button.disabled = True
        self.status.text = f"{step} …"

    # --- for places without a front end -------------------------------------------------------------------------------

    def to_html(self) -> str:
        """What is needed and what was approved, as plain tables."""
        done = "" if self.bundle is None else plain_approved_html(self.bundle, self.out / BUNDLE)
        return self._heading() + plain_checklist_html(self.needs) + done


def _evidence(place: Path, given: Evidence | str | Path | None) -> Evidence | Path | None:
    """The evidence that was given or lies in its place; the folder where it cannot be read; None without either."""
    if isinstance(given, Evidence) or (given is None and not place.exists()):
        return given
    folder = place if given is None else Path(given)
    try:
        return read_evidence(folder)
    except InputError:
        return folder


def _field(label: str, value: str, example: str, name: str) -> ipywidgets.Text:
    field = ipywidgets.Text(value=value, description=label, placeholder=example)
    field.add_class(name)
    return field


def _box(children: Sequence[ipywidgets.Widget], name: str) -> ipywidgets.Box:
    box = ipywidgets.Box(children=tuple(children))
    box.add_class(name)
    return box
