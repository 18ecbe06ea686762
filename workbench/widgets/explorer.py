"""The error explorer: wrongly judged leads, narrowed down, and why each scored what it scored."""

from __future__ import annotations

import datetime as dt
import html
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets
import pandas as pd

from workbench.backtesting import Errors
from workbench.backtesting.exploration import Exploration
from workbench.backtesting.tiers import tier_cuts
from workbench.errors import CallError, ModelError, WorkbenchError
from workbench.history import History
from workbench.markup import headline_html, table_html
from workbench.model import Model
from workbench.observation import Observations
from workbench.trajectory import MOST_DAYS, Trajectory, trajectory
from workbench.widgets.banner import Banner, guarded
from workbench.widgets.choice import Choice
from workbench.widgets.findings import (
    COLUMNS,
    COMMON,
    EVENTS,
    LEDGER,
    common_drawing,
    common_rows,
    details_html,
    event_rows,
    key_of,
    lead_rows,
    ledger_drawing,
    ledger_rows,
    timeline_drawing,
)
from workbench.widgets.picture import Picture
from workbench.widgets.sheet import sheet
from workbench.widgets.shown import Shown
from workbench.widgets.status import Status

PAGE = 20
ANY = ""
"""The value of a filter that lets everybody pass; ipywidgets takes None for "nothing is chosen"."""
DAYS = 60
AFTER = 14
"""Days after as_of of which the time line of a lead without an outcome tells."""
KINDS = (
    ("False positives: reached, did not convert", "false_positive"),
    ("False negatives: not reached, converted", "false_negative"),
)
NO_HISTORY = "Give the history to see what a lead did on a time line: ErrorExplorer(model, observations, history)."
_NAMES = {
    "kind": "Errors",
    "tier": "Tier",
    "segment": "Segment",
    "value": "Value",
    "band": "Score band",
    "month": "Month",
    "rule": "Rule holds",
}


class ErrorExplorer(Shown):
    """Wrongly judged leads to look through: who they are, what they have in common, why each scored so.

    Args:
        model: the model that judged.
        seen: the observations.
        history: the loaded past that was observed, to see what a chosen lead did; it may be left out.
        part: train, validation, test (once opened) or all; by default validation, or all without a split.

    Attributes:
        exploration: what answers; `exploration.reveal(explorer.chosen)` says who a lead is.
        errors: those that pass the filters, with the leads of the page that is shown.
        chosen: pseudonym of the lead that is looked at; None without one.
        trajectory: its score as it stood each day; None without a history, or for accounts.
        filters: the dropdowns by name: kind, tier, segment, value, band, month, rule; an empty text lets everybody
            pass.
        table: the table of leads.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
        CallError: if the part does not exist, is sealed or holds nobody, or the history is not the one observed.
    """

    def __init__(
        self, model: Model, seen: Observations, history: History | None = None, *, part: str | None = None
    ) -> None:
        super().__init__()
        _demand_observed(history, seen)
        self.exploration = Exploration(model, seen, part=part)
        self.history = history
        self.chosen: str | None = None
        self.trajectory: Trajectory | None = None
        self._lead: pd.Series[Any] | None = None
        self._ledger: pd.DataFrame | None = None
        self._quiet = False
        self.filters = self._dropdowns()
        self._parts()
        self.errors: Errors = self._asked(skip=0)
        self._filtered()
        self._wire()
        for name in ("wb", "wb-explorer"):
            self.add_class(name)

    @property
    def error(self) -> Exception | None:
        """What went wrong last, if the banner shows something."""
        return self.banner.error

    # --- what it is made of -----------------------------------------------------------------------------------------

    def _dropdowns(self) -> dict[str, ipywidgets.Dropdown]:
        has = self.exploration
        tiers = [(name, name) for name in has.tiers]
        options: dict[str, list[tuple[str, str]]] = {
            "kind": list(KINDS),
            "tier": tiers or [(f"score ≥ {has.threshold:g}", ANY)],
            "segment": _options("any", has.segments),
            "value": [("any", ANY)],
            "band": _options("all", has.bands),
            "month": _options("all", has.months),
            "rule": _options("any or none", has.rules),
        }
        made = {name: _dropdown(_NAMES[name], choices) for name, choices in options.items()}
        made["tier"].value = has.main_tier or ANY
        made["value"].disabled = True
        return made

    def _parts(self) -> None:
        self.banner = Banner()
        self.status = Status()
        self.table = Choice(columns=list(COLUMNS))
        self.common, self.common_table = Picture(), ipywidgets.HTML()
        self.heading, self.ledger, self.ledger_table = ipywidgets.HTML(), Picture(), ipywidgets.HTML()
        self.timeline, self.timeline_table = Picture(), ipywidgets.HTML()
        has = self.exploration
        there = {"segment": has.segments, "value": has.segments, "month": has.months, "rule": has.rules}
        shown = [each for name, each in self.filters.items() if there.get(name, True)]
        side = _box("wb-common", _title("What these have in common"), self.common, self.common_table)
        self.children = (
            sheet("explorer.css"),
            self.banner,
            _title(f"Errors of {html.escape(has.model.name)} on {html.escape(has.part)}", level=3),
            _box("wb-filters", *shown),
            self.status,
            _box("wb-columns", _box("wb-leads", self.table), side),
            self.heading,
            _box(
                "wb-columns",
                _box("wb-ledger", self.ledger, self.ledger_table),
                _box("wb-timeline", self.timeline, self.timeline_table),
            ),
        )

    def _wire(self) -> None:
        guard = guarded(self.banner)
        for name, dropdown in self.filters.items():
            dropdown.observe(guard(lambda _, name=name: self._narrowed(name)), "value")
        self.table.observe(guard(lambda _: self._turned()), "page")
        self.table.observe(guard(lambda found: self._picked(found["new"])), "chosen")

    @contextmanager
    def _still(self) -> Iterator[None]:
        """While something is set from here, nothing is answered as if a person had done it."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    # --- what a person does -----------------------------------------------------------------------------------------

    def _narrowed(self, name: str) -> None:
        """A filter was changed."""
        if self._quiet:
            return
        if name == "segment":
            self._offer_values()
        found = self._asked(skip=0)
        if found.kind == self.errors.kind and found.rules is self.errors.rules and not self.table.page:
            return  # a field without a value yet narrows nothing
        self.errors = found
        self._filtered()

    def _offer_values(self) -> None:
        field, values = self.filters["segment"].value, self.filters["value"]
        with self._still():
            values.options = _options("any", self.exploration.segments.get(field, ()))
            values.value = ANY
            values.disabled = field == ANY

    def _turned(self) -> None:
        """Another page of the table was asked for."""
        if self._quiet:
            return
        self.errors = self._asked(skip=PAGE * self.table.page)
        self._list(self.table.page)

    def _picked(self, key: str) -> None:
        """A row of the table was chosen."""
        if self._quiet:
            return
        for _, lead in self.errors.leads.iterrows():
            if key_of(lead) == key:
                self._look_at(lead)

    def choose(self, pseudonym: str) -> None:
        """Look at one of the leads of the page that is shown.

        Raises:
            CallError: if it is not among them.
        """
        for _, lead in self.errors.leads.iterrows():
            if lead["lead_id"] == pseudonym:
                with self._still():
                    self.table.chosen = key_of(lead)
                self._look_at(lead)
                return
        raise CallError.at(
            "pseudonym",
            expected="a lead of the page that is shown",
            found=repr(pseudonym),
            remedy="Take one of explorer.errors.leads.",
        )

    # --- what follows -----------------------------------------------------------------------------------------------

    def _asked(self, *, skip: int) -> Errors:
        """The errors that pass the filters as they stand, with one page of leads."""
        asked = {name: dropdown.value or None for name, dropdown in self.filters.items()}
        segment = (asked["segment"], asked["value"]) if asked["segment"] and asked["value"] else None
        return self.exploration.errors(
            self.filters["kind"].value,
            tier=asked["tier"],
            segment=segment,
            band=asked["band"],
            month=asked["month"],
            rule=asked["rule"],
            most=PAGE,
            skip=skip,
        )

    def _filtered(self) -> None:
        """Show other errors from their first page on, and the lead that stands first."""
        self.status.text = self.errors.sentence
        self._list(0)
        self.common.show(common_drawing(self.errors))
        self.common_table.value = details_html(
            "As a table", "What these have in common", COMMON, common_rows(self.errors)
        )
        if len(self.errors.leads):
            first = self.errors.leads.iloc[0]
            with self._still():
                self.table.chosen = key_of(first)
            if self._lead is None or not first.equals(self._lead):
                self._look_at(first)
        else:
            self._look_away()

    def _list(self, page: int) -> None:
        first, n = PAGE * page + 1, self.errors.n
        noun = f"{self.errors.unit}s"
        with self._still(), self.table.hold_sync():
            self.table.rows = lead_rows(self.errors)
            self.table.page = page
            self.table.pages = max(1, math.ceil(n / PAGE))
            self.table.where = f"{first:,}–{min(n, first + PAGE - 1):,} of {n:,}, highest score first"
            self.table.label = f"Wrongly judged {noun}, highest score first"
            self.table.nobody = f"No {noun} to show: nobody was judged wrongly in this way."

    def _look_at(self, lead: pd.Series[Any]) -> None:
        self._lead, self.chosen, self.trajectory = lead, str(lead["lead_id"]), None
        self.heading.value = f"<h4>{html.escape(headline(lead))}</h4>"
        if self.exploration.unit == "account":
            self._ledger = None
            self.ledger_table.value = f"<p>{html.escape(str(lead['ledger']))}</p>"
            return
        self._ledger = self.exploration.ledger(self.chosen, lead["as_of"])
        self.ledger.show(ledger_drawing(self._ledger, self.chosen))
        self.ledger_table.value = details_html("Ledger as a table", "Ledger", LEDGER, ledger_rows(self._ledger))
        self._follow(lead)

    def _follow(self, lead: pd.Series[Any]) -> None:
        """The time line of the lead that is looked at."""
        if self.history is None or pd.isna(lead["as_of"]):
            self.timeline_table.value = (
                f'<p class="wb-muted">{html.escape(NO_HISTORY)}</p>' if self.history is None else ""
            )
            return
        name, own = str(lead["lead_id"]), self.exploration.reveal(str(lead["lead_id"]))
        model = self.exploration.model
        after = AFTER if math.isnan(lead["days"]) else int(lead["days"]) + 1
        self.trajectory = found = self._past(name, own, lead["as_of"].to_pydatetime(), after=min(after, MOST_DAYS))
        drawn = timeline_drawing(found, name, cuts=tier_cuts(model), outcome=float(lead["days"]))
        self.timeline.show(drawn)
        rows = event_rows(found, own=own, name=name)
        self.timeline_table.value = details_html("Events as a table", "Events", EVENTS, rows)

    def _past(self, name: str, own: str, as_of: dt.datetime, *, after: int) -> Trajectory:
        """What a lead did; if that cannot be asked, the time line of the lead before goes.

        Errors are told anew, and without what caused them: their words may name this lead, or others like it.
        """
        assert self.history is not None  # noqa: S101  (asked only with one)
        try:
            return trajectory(self.exploration.model, self.history, lead_id=own, as_of=as_of, days=DAYS, after=after)
        except Exception as error:
            self.timeline.svg = self.timeline.label = self.timeline_table.value = ""
            if isinstance(error, ModelError):  # about the model and the fields: no lead is in it
                raise
            told = _not_observed(name) if isinstance(error, WorkbenchError) else _no_answer(name, error)
        raise told

    def _look_away(self) -> None:
        self._lead = self._ledger = self.chosen = self.trajectory = None
        with self._still():
            self.table.chosen = ""
        for text in (self.heading, self.ledger_table, self.timeline_table):
            text.value = ""
        for picture in (self.ledger, self.timeline):
            picture.svg = picture.label = ""

    # --- where no front end runs ------------------------------------------------------------------------------------

    def to_html(self) -> str:
        """The page that is shown as plain tables, for places where no widget runs."""
        names = [f"{'>' if each['number'] else ''}{each['label']}" for each in COLUMNS]
        parts = [
            headline_html(self.errors.sentence),
            table_html(names, (row["cells"] for row in lead_rows(self.errors))),
            headline_html("What these have in common"),
            table_html(COMMON, common_rows(self.errors)),
        ]
        if self._lead is not None and self._ledger is not None:
            parts += [headline_html(headline(self._lead)), table_html(LEDGER, ledger_rows(self._ledger))]
        return "".join(parts)


def headline(lead: pd.Series[Any]) -> str:
    """Who is looked at, in a line: `anon-00441 scored 72 on 2026-02-16: SQL, did not convert`."""
    when = "" if pd.isna(lead["as_of"]) else f" on {lead['as_of']:%Y-%m-%d}"
    after = "" if math.isnan(lead["days"]) else f" {lead['days']:g} {'day' if lead['days'] == 1 else 'days'} later"
    outcome = f"converted{after}" if lead["converted"] else "did not convert"
    return f"{lead['lead_id']} scored {lead['score']:g}{when}: {lead['tier']}, {outcome}"


def _demand_observed(history: History | None, seen: Observations) -> None:
    """Raise CallError if a history is not the one that the observations are from."""
    observed = str(seen.data["fingerprint"])
    if history is not None and history.fingerprint != observed:
        raise CallError.at(
            "history",
            expected=f"the history that was observed, with fingerprint {observed}",
            found=f"one with fingerprint {history.fingerprint}",
            remedy="Pass the history that was observed, or observe this one.",
        )


def _not_observed(name: str) -> CallError:
    return CallError.at(
        "history",
        expected=f"the history in which {name} was observed",
        found="one that does not know this lead then: the history is not the one observed",
        remedy="Make the explorer again with the history that was observed.",
    )


def _no_answer(name: str, error: Exception) -> CallError:
    return CallError.at(
        "history",
        expected="an open history",
        found=f"one that does not answer about {name} ({type(error).__name__})",
        remedy="Close it only when you are done with the explorer.",
    )


def _options(everybody: str, names: Iterable[str]) -> list[tuple[str, str]]:
    return [(everybody, ANY), *((name, name) for name in names)]


def _dropdown(label: str, options: list[tuple[str, str]]) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(description=label, options=options)


def _box(name: str, *children: ipywidgets.Widget) -> ipywidgets.Box:
    box = ipywidgets.Box(children=children)
    box.add_class(name)
    return box


def _title(text: str, *, level: int = 4) -> ipywidgets.HTML:
    return ipywidgets.HTML(f"<h{level}>{text}</h{level}>")
