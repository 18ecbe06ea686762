"""A draft of the dimension `fit` from the best past customers, as a starting point."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.document import records
from workbench.drafts.draft import Draft, Entry, Question, cleaned, shortened
from workbench.drafts.evidence import OVER, UNCLEAR, UNDER, FieldValues, weigh
from workbench.drafts.reading import slug
from workbench.drafts.written import written
from workbench.engine.catalog import LEAD_ID
from workbench.engine.duck import column
from workbench.engine.lowered import Cell
from workbench.errors import CallError, PlanError
from workbench.history import History
from workbench.markup import headline_html, table_html
from workbench.observation import Observations, observe
from workbench.observation.fields import cells_query, undated
from workbench.observation.gather import OBS
from workbench.observation.population import forget, populate
from workbench.parsing import did_you_mean
from workbench.plan import RECORDED, Plan

FORMAT = "lead-scoring-ideal-customer/1"
MOST_POINTS = 50
"""Points of a lead that has the best value of every field."""
PICKED = (
    "The values shown were picked by their test; their intervals are not adjusted for that, so the lifts tend to be "
    "smaller in other data."
)
"""What a reader must know of the figures of values with enough evidence."""
SHOWN = (
    *("field", "value", "n", "converted", "rate", "rate_low", "rate_high", "share_won", "share_rest", "lift"),
    *("lift_low", "lift_high", "p_holm", "points", "verdict"),
)


def _quiet(_: str) -> None:
    return None


@dataclass(frozen=True)
class IdealCustomer:
    """What the best past customers have in common.

    Attributes:
        part: the observations that were read: train, validation, or all where the plan has no split.
        n, converted: how many they are, and how many of them converted.
        frame: one row for each value: field, value, n, converted, rate (0..1) with rate_low and rate_high, share_won
            and share_rest (its share among those who converted, and among the others), lift with lift_low and
            lift_high, p_holm (adjusted for all values tested), points, verdict (over-represented, under-represented,
            not enough evidence).
        draft: the model to start from; None if no value has enough evidence.
        warnings: what a reader must know.
    """

    part: str
    n: int
    converted: int
    frame: pd.DataFrame
    draft: Draft | None
    warnings: tuple[str, ...]

    @property
    def base_rate(self) -> float:
        """The share of all that converted."""
        return self.converted / self.n

    @property
    def tested(self) -> int:
        """How many values were tested."""
        return int(self.frame["p_holm"].notna().sum())

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        clear = int((self.frame["verdict"] != UNCLEAR).sum())
        return (
            f"{self.converted:,} of {self.n:,} observations (part: {self.part}) converted; {clear} of {self.tested} "
            "values tested differ from the rest."
        )

    def to_document(self) -> dict[str, Any]:
        """The result as plain data."""
        return {
            "format": FORMAT,
            "part": self.part,
            "n": self.n,
            "converted": self.converted,
            "base_rate": self.base_rate,
            "tested": self.tested,
            "values": records(self.frame),
            "draft": None if self.draft is None else self.draft.to_document(),
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        told = self.frame[self.frame["verdict"] != UNCLEAR]
        lines = [f"  {row.field}: {_evidence(row)}, {row.points:+d} points" for row in told.itertuples()]
        return "\n".join([self.headline, *lines])

    def _repr_html_(self) -> str:
        told = "".join(f"<p>{html.escape(line)}</p>" for line in self.warnings)
        values: Iterable[Any] = self.frame.itertuples()
        rows = [
            (
                f"{row.points:+d}" if row.points else "",
                *(row.field, row.value, f"{row.n:,}", f"{row.converted:,}", f"{row.rate:.1%}", f"{row.lift:.2f}"),
                *(f"{row.lift_low:.2f}–{row.lift_high:.2f}", row.verdict),
            )
            for row in values
        ]
        heads = (">points", "field", "value", ">leads", ">converted", ">rate", ">lift", ">95 %", "verdict")
        return headline_html(self.headline) + table_html(heads, rows) + told


def ideal_customer(
    history: History,
    plan: Plan = RECORDED,
    fields: Sequence[str] | None = None,
    *,
    part: str | None = None,
    progress: Callable[[str], None] = _quiet,
) -> IdealCustomer:
    """A draft of the dimension `fit`: which values of fields are over-represented among those who converted.

    Points are proportional to log(lift), the weight of evidence of a value, scaled so that the best values of all
    fields together earn 50, and rounded half up. The intervals of the values picked by the test are not adjusted for
    the picking: their lifts are overstated on average. Fields are weighed one by one: two that say the same are paid
    twice. Sealed outcomes are never read.

    Args:
        history: the loaded past.
        plan: when leads are observed, what counts as success, and how they are parted.
        fields: of leads and accounts; by default all texts, numbers and booleans known at as_of (those whose date is
            not known only if the plan allows them).
        part: train (the default where there is a split), validation, or all.
        progress: called with one line for each step.

    Raises:
        CallError: if a field or part is not there, is sealed, or nobody in it converted.
        PlanError: if the plan does not fit the history, or does not allow a field that was named.
    """
    if plan.unit != "lead":
        remedy = "Use a plan of leads."
        raise PlanError.at(plan.where("unit"), expected="unit: lead", found=f"unit: {plan.unit}", remedy=remedy)
    cells = _cells(history, plan, fields)
    seen = observe(history, (), plan, progress=progress)
    name, keep = _readable(seen, part)
    progress(f"Weighing the values of {len(cells)} fields")
    held = _values(history, plan, cells, seen)
    won, cluster = seen.subjects.won[keep] == 1, seen.subjects.cluster[keep]
    if not won.any() or won.all():
        found = f"{int(won.sum()):,} of {len(won):,}"
        remedy = "Choose another outcome, horizon or part."
        raise CallError.at(
            f"part {name}", expected="some who converted and some who did not", found=found, remedy=remedy
        )
    parted = [
        FieldValues(cell.source, cell.name, cell.kind, values[keep]) for cell, values in zip(cells, held, strict=True)
    ]
    frame = weigh(parted, won, cluster)
    frame["points"] = _points(frame)
    loose = undated(cells, history, plan)
    warnings = [f"It is not known when the values of {', '.join(loose)} were known."] if loose else []
    if (frame["verdict"] != UNCLEAR).any():
        warnings.append(PICKED)
    draft = _draft(frame, history, name, warnings)
    return IdealCustomer(name, len(won), int(won.sum()), frame[list(SHOWN)], draft, (*seen.warnings, *warnings))


def _cells(history: History, plan: Plan, fields: Sequence[str] | None) -> list[Cell]:
    """The fields to weigh."""
    there: dict[str, Cell] = {}
    for scope, known in (("account", history.account_fields), ("lead", history.lead_fields)):
        for name, field in known.items():
            there[name] = Cell("lead" if scope == "lead" else "account", name, field.kind)
    if fields is None:
        usable = [cell for cell in there.values() if cell.kind != "time" and _allowed(cell, history, plan)]
        if not usable:
            remedy = "Say in the mapping which fields are known at creation, or consent with 'allow_undated'."
            raise CallError.at("fields", expected="fields known at as_of", found="none", remedy=remedy)
        return usable
    for name in fields:
        if name not in there or there[name].kind == "time":
            found = "a field of dates" if name in there else "no such field"
            remedy = did_you_mean(name, [each for each, cell in there.items() if cell.kind != "time"])
            raise CallError.at(f"fields {name!r}", expected="a text, number or boolean", found=found, remedy=remedy)
    cells = [there[name] for name in dict.fromkeys(fields)]
    undated(cells, history, plan)
    return cells


def _allowed(cell: Cell, history: History, plan: Plan) -> bool:
    fields = history.lead_fields if cell.source == "lead" else history.account_fields
    return plan.at == "recorded" or fields[cell.name].known != "undated" or plan.allows_undated(cell.name)


def _readable(seen: Observations, part: str | None) -> tuple[str, NDArray[np.bool_]]:
    """The name of the part, and which observations are of it; sealed ones never."""
    parts = ("train", "validation") if seen.split else ("all",)
    name = part or parts[0]
    if name not in parts:
        found = f"{name!r}, which is sealed" if name == "test" and seen.split else repr(name)
        remedy = "Its outcomes are for the last look at a finished model." if name == "test" else "Use one of these."
        raise CallError.at("part", expected=" or ".join(parts), found=found, remedy=remedy)
    keep = (seen.subjects.part == parts.index(name)) & (seen.subjects.won >= 0)
    return name, keep


def _values(history: History, plan: Plan, cells: Sequence[Cell], seen: Observations) -> list[NDArray[Any]]:
    """Each field's values as known at as_of, in the order of the observations; None where missing."""
    populate(history, plan)
    wanted = [Cell("built in", LEAD_ID, "text"), *cells]
    query = cells_query(wanted, history, observations=OBS).select(column("as_of_us", "o"))
    found = history.engine.arrays(query)
    forget(history)
    dated = seen.subjects.as_of_us is not None
    moments = found["as_of_us"] if dated else np.zeros(len(found["k0"]), dtype=np.int64)
    at = {(str(lead), int(us)): row for row, (lead, us) in enumerate(zip(found["k0"], moments, strict=True))}
    subjects = seen.subjects
    own = subjects.as_of_us if subjects.as_of_us is not None else np.zeros(len(subjects.lead_id), dtype=np.int64)
    order = np.array([at[str(lead), int(us)] for lead, us in zip(subjects.lead_id, own, strict=True)], dtype=np.int64)
    return [_objects(found[f"k{number + 1}"])[order] for number in range(len(cells))]


def _objects(values: NDArray[Any]) -> NDArray[Any]:
    masked = np.ma.asarray(values)
    plain: NDArray[Any] = np.array(masked.data, dtype=object)
    plain[np.ma.getmaskarray(masked)] = None
    return plain


def _points(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Whole points, proportional to log(lift); 0 without enough evidence."""
    clear = (frame["verdict"] != UNCLEAR).to_numpy()
    weight = np.where(clear, np.log(np.where(clear, frame["lift"], 1.0)), 0.0)
    best = pd.Series(np.maximum(weight, 0)).groupby([frame["scope"], frame["field"]]).max().sum()
    largest = float(np.abs(weight).max(initial=0.0))
    if not largest:
        return np.zeros(len(frame), dtype=np.int64)
    scale = MOST_POINTS / best if best > 0 else MOST_POINTS / 2 / largest
    points = np.clip(np.floor(weight * scale + 0.5), -MOST_POINTS, MOST_POINTS)
    points = np.where(clear & (points == 0), np.sign(weight), points)
    return np.asarray(points, dtype=np.int64)


def _evidence(row: Any) -> str:
    return (
        f"'{cleaned(row.value)}': {row.converted:,} of {row.n:,} converted ({row.rate:.1%}, {row.rate_low:.1%} to "
        f"{row.rate_high:.1%}), lift {row.lift:.2f} ({row.lift_low:.2f} to {row.lift_high:.2f})"
    )


def _draft(frame: pd.DataFrame, history: History, part: str, warnings: Sequence[str]) -> Draft | None:
    told = frame[frame["verdict"] != UNCLEAR]
    if not len(told):
        return None
    rules, questions, entries = [], [], []
    taken: set[str] = set()
    for (scope, name), rows in told.groupby(["scope", "field"], sort=False):
        rule_id = _id(str(name), taken)
        rules.append(_rule(rule_id, str(scope), str(name), rows))
        for row in rows.itertuples():
            entry = Entry(f"{name} = {cleaned(str(row.value))}", _evidence(row), f"{row.points:+d}", "rule", rule_id)
            entries.append(entry)
            decide = "Is there a reason for it that will last?"
            questions.append(Question(str(name), str(row.verdict), f"{_evidence(row)}.", decide, rule_id))
    opening = [
        f"A starting point from {cleaned(history.name)}, part {part}: no more than what past customers had in common.",
        *warnings,
    ]
    if len(rules) > 1:
        assumed = "Fields were weighed one by one: two that say the same are paid twice."
        questions.append(Question("fields", "all", assumed, "Which of them can go?"))
    data = {
        "format": "lead-scoring-model/1",
        "name": "ideal customer",
        "about": "A starting point: values that are over- or under-represented among past customers.",
        "dimensions": {"fit": {"max": MOST_POINTS}},
        "rules": rules,
    }
    model = written(data, opening=opening, questions=questions, unread=())
    return Draft(cleaned(history.name), model, tuple(entries), tuple(questions), ())


def _id(name: str, taken: set[str]) -> str:
    found, number = slug(name), 2
    while found in taken:
        found, number = f"{slug(name, 36)}_{number}", number + 1
    taken.add(found)
    return found


def _rule(rule_id: str, scope: str, name: str, rows: pd.DataFrame) -> dict[str, Any]:
    """One rule for a field: a map of texts, bands of numbers, or cases of true and false."""
    rule: dict[str, Any] = {"id": rule_id, "in": "fit", "why": _why(rows)}
    key = "field" if scope == "lead" else "account_field"
    if rows["low"].notna().any():
        steps = [_step(*ends) for ends in rows.sort_values("low")[["low", "high", "points"]].to_numpy(dtype=float)]
        return {**rule, "bands": {"of": {key: name}, "steps": steps}}
    points = {str(value): int(each) for value, each in zip(rows["value"], rows["points"].to_numpy(), strict=True)}
    if rows["kind"].eq("boolean").all():
        cases = [{"when": {key: name, "equals": value == "true"}, "points": each} for value, each in points.items()]
        return {**rule, "cases": cases} if len(cases) > 1 else {**rule, **cases[0]}
    return {**rule, "map": {key: name, "points": points}}


def _why(rows: pd.DataFrame) -> str:
    """Which values are over-represented, and which under-represented."""
    told = []
    for verdict in (OVER, UNDER):
        values = ", ".join(cleaned(str(value)) for value in rows.loc[rows["verdict"] == verdict, "value"])
        if values:
            told.append(f"{verdict.capitalize()} among past customers: {shortened(values, 200)}.")
    return " ".join(told)


def _step(low: float, high: float, points: float) -> dict[str, Any]:
    ends = {key: end for key, end in (("from", low), ("below", high)) if np.isfinite(end)}
    return {**ends, "points": int(points)}
