"""Looking through wrongly judged leads: by tier, segment, band, month and rule, a page at a time, under pseudonyms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.errors import (
    ErrorKind,
    Errors,
    Judging,
    RuleTraits,
    lead_lines,
    nearby,
    rule_traits,
    rules_frame,
    segments_frame,
    segments_of,
    sides_apart,
    sides_of,
    who,
)
from workbench.backtesting.figures import band_edges, band_labels, band_of
from workbench.backtesting.judged import Judged
from workbench.backtesting.judges import AccountJudging, account_errors, judge_of, tiers_behind
from workbench.backtesting.pseudonyms import ACCOUNT, LEAD, Pseudonyms, unknown
from workbench.errors import CallError, listed
from workbench.ledger import ledger_frame
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import TEST

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
TOP = 0.2
"""Share of the observations that the threshold of a model without tiers lets through at most."""


@dataclass(frozen=True)
class _Found:
    """What a filter left, before any lead is written out."""

    asked: tuple[object, ...]
    errors: Errors
    wrong: Integers


class Exploration:
    """The wrongly judged of one part, to be narrowed down in memory; no engine is asked.

    Args:
        model: the model that judged; for accounts its `account` says how.
        seen: the observations.
        part: train, validation, test (once opened) or all; by default validation, or all without a split.
        pseudonyms: whether leads and accounts stand under names such as `anon-00042` (see `reveal`) or under their own.
            A name stands for the same lead in every part of the observations. It is no anonymity: who has the data, or
            knows some of the leads, may find out who is who.

    Attributes:
        model, seen, part: as given.
        unit: lead or account.
        main_tier: the tier that errors are about by default; None without tiers.
        threshold: points that stand in for a tier where there are none: the lowest score that at most a fifth reach.
        tiers: names, lowest first.
        segments: by field that the plan reports apart, the values that occur, most frequent first.
        bands: labels of the score bands somebody is in, lowest first, as in `Backtest.bands`; those whom a gate takes
            out are in none.
        months: UTC months of as_of, such as 2026-03, in order; empty where leads have no dates.
        rules: ids of the rules that count; empty for accounts.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
        CallError: if the part does not exist, is sealed or holds nobody.
    """

    def __init__(self, model: Model, seen: Observations, *, part: str | None = None, pseudonyms: bool = True) -> None:
        self.model, self.seen = model, seen
        self.part = part or seen.default_part
        self.unit = "lead" if seen.members is None else "account"
        self._rows = seen.rows(self.part)
        if self._rows.stop == self._rows.start:
            raise CallError.at(
                "part", expected="a part with observations", found=f"none in '{self.part}'", remedy="Name another part."
            )
        judge = judge_of(model, seen)
        judged = judge.judged(self.part)
        judging = judge.judging(self.part, judged)
        assert judging is not None  # noqa: S101  (only recorded scores have none)
        self._judging, self._judged = judging, judged
        self.main_tier: str | None = judge.names()["main_tier"]
        self.tiers = tuple(each.name for each in tiers_behind(judging))
        self.threshold = None if self.tiers else _top_cut(judged)
        self._traits: tuple[RuleTraits, ...] = rule_traits(judging) if isinstance(judging, Judging) else ()
        self.rules = tuple(each.rule for each in self._traits)
        points = [judged if name == self.part else judge.judged(name) for name in _visible(seen, self.part)]
        edges = band_edges(np.concatenate([each.points for each in points]), seen.plan)
        self._band = band_of(judged.points, edges)[judged.cells]
        self._band_labels = band_labels(edges)
        self.bands = tuple(self._band_labels[band] for band in np.unique(self._band[self._band >= 0]))
        self._month, self.months = _months(
            None if seen.subjects.as_of_us is None else seen.subjects.as_of_us[self._rows]
        )
        self._segments = segments_of(seen, self._rows)
        self.segments = {name: _most_frequent(each.codes, each.labels) for name, each in self._segments.items()}
        self._names(pseudonyms=pseudonyms)
        self._order = self._ranked()
        self._last: _Found | None = None

    def _names(self, *, pseudonyms: bool) -> None:
        subjects, key = self.seen.subjects, str(self.seen.data["fingerprint"])
        # numbered over all observations, of sealed parts too: one lead has one name wherever it is looked at
        accounts = Pseudonyms.of(subjects.account_id, prefix=ACCOUNT if pseudonyms else "", key=key)
        self._accounts = accounts.of_rows(self._rows)
        if self.unit == "account":
            self._leads = self._accounts
        else:
            leads = Pseudonyms.of(subjects.lead_id, prefix=LEAD if pseudonyms else "", key=key)
            self._leads = leads.of_rows(self._rows)

    def _ranked(self) -> Integers:
        """Everybody, highest score first, then by pseudonym, then by as_of."""
        moments = self.seen.subjects.as_of_us
        when = np.zeros(len(self._band), dtype=np.int64) if moments is None else moments[self._rows]
        return np.lexsort((when, self._leads.numbers, -self._judging.scores.milli)).astype(np.int64)

    # --- filters ----------------------------------------------------------------------------------------------------

    def errors(
        self,
        kind: ErrorKind,
        *,
        tier: str | None = None,
        threshold: float | None = None,
        segment: tuple[str, str] | None = None,
        band: str | None = None,
        month: str | None = None,
        rule: str | None = None,
        most: int | None = None,
        skip: int = 0,
    ) -> Errors:
        """The wrongly judged that pass every filter, and what sets them apart from the rightly judged that pass it too.

        Args:
            kind: false_positive or false_negative.
            tier: the tier that had to be reached; by default the main tier.
            threshold: points, in place of a tier.
            segment: a field and its value.
            band: a label of `bands`.
            month: one of `months`.
            rule: only those for whom this rule holds, or counts an event.
            most: how many leads to write out; by default all. Ledgers are only made for these.
            skip: how many to leave out before, highest score first.

        Returns:
            `n`, `of`, `apart`, `rules` and `segments` are about all that pass the filters; `leads` has the chosen page
            with lead_id and account_id (pseudonyms), as_of, score, tier, converted, days (whole days from as_of to
            the outcome; missing without one), month, one column `segment: FIELD` for each field, ledger, and a column
            of points for each rule.

        Raises:
            CallError: for a value that is not among those that the attributes list.
        """
        if skip < 0 or (most is not None and most < 0):
            raise CallError.at("skip, most", expected="0 or more", found=f"{skip}, {most}", remedy="Count from 0.")
        asked = (kind, tier, threshold, segment, band, month, rule)
        if self._last is None or self._last.asked != asked:
            reached, name = self._reached(tier, threshold)
            keep = self._kept(segment, band, month, rule)
            self._last = self._found(asked, kind, keep, reached, name)
        last = self._last
        page = last.wrong[skip:] if most is None else last.wrong[skip : skip + most]
        return _with_leads(last.errors, self._lines(page))

    def _found(
        self, asked: tuple[object, ...], kind: ErrorKind, keep: Booleans | None, reached: Booleans, tier: str
    ) -> _Found:
        out, won = self._judging.scores.out, self._judged.won
        if kind not in {"false_positive", "false_negative"}:
            raise _unknown("kind", kind, ("false_positive", "false_negative"))
        same, wrong = sides_of(kind, reached, out, won)
        apart = out & won
        if keep is not None:
            same, wrong, apart = same & keep, wrong & keep, apart & keep
        sides = sides_apart(self._judged, same, wrong)
        found = Errors(
            kind=kind,
            tier=tier,
            n=sides.n_wrong,
            of=sides.n_wrong + sides.n_right,
            apart=int(np.count_nonzero(apart)),
            leads=pd.DataFrame(),
            rules=rules_frame(self._traits, same, sides),
            unit="lead" if self.unit == "lead" else "account",
            segments=segments_frame(self._segments, same, sides),
        )
        return _Found(asked, found, self._order[wrong[self._order]])

    def _reached(self, tier: str | None, threshold: float | None) -> tuple[Booleans, str]:
        scores = self._judging.scores
        threshold = self.threshold if threshold is None and tier is None else threshold
        if threshold is not None:
            return scores.milli >= round(threshold * 1000), f"score ≥ {threshold:g}"
        name = tier or self.main_tier
        if name not in self.tiers:
            raise _unknown("tier", name, self.tiers)
        return self._judging.ranks >= self.tiers.index(name), name

    def _kept(
        self, segment: tuple[str, str] | None, band: str | None, month: str | None, rule: str | None
    ) -> Booleans | None:
        masks: list[Booleans] = []
        if segment is not None:
            name, value = segment
            if name not in self.segments:
                raise _unknown("segment", name, tuple(self.segments))
            if value not in self.segments[name]:
                raise _unknown(f"segment {name}", value, self.segments[name])
            field = self._segments[name]
            masks.append(np.array([label == value for label in field.labels])[field.codes])
        if band is not None:
            if band not in self.bands:
                raise _unknown("band", band, self.bands)
            masks.append(self._band == self._band_labels.index(band))
        if month is not None:
            if month not in self.months:
                raise _unknown("month", month, self.months)
            masks.append(self._month == self.months.index(month))
        if rule is not None:
            if rule not in self.rules:
                raise _unknown("rule", rule, self.rules)
            masks.append(self._traits[self.rules.index(rule)].held >= 0)
        return np.logical_and.reduce(masks) if masks else None

    # --- leads ------------------------------------------------------------------------------------------------------

    def _lines(self, at: Integers) -> pd.DataFrame:
        judging = self._judging
        lines = lead_lines(judging, at) if isinstance(judging, Judging) else _account_lines(judging, at)
        more: dict[str, object] = {
            "converted": self._judged.won[at],
            "days": self.seen.subjects.days[self._rows][at],
            "month": [self.months[month] for month in self._month[at]] if self.months else None,
        }
        for name, each in self._segments.items():
            more[f"segment: {name}"] = [each.labels[code] for code in each.codes[at]]
        names = list(lines.columns)
        after = names.index("tier") + 1
        lines = pd.concat([lines[names[:after]], pd.DataFrame(more, index=lines.index), lines[names[after:]]], axis=1)
        lines["lead_id"] = self._leads.names(at)
        lines["account_id"] = self._accounts.names(at)
        return lines

    def reveal(self, pseudonym: str) -> str:
        """The identifier of the lead or account that a pseudonym of this exploration stands for.

        Raises:
            CallError: if it stands for nobody in this part.
        """
        for names in (self._leads, self._accounts):
            number = names.number(pseudonym)
            if number is not None:
                return str(names.ids[number])
        raise unknown(pseudonym)

    def ledger(self, pseudonym: str, as_of: pd.Timestamp | None = None) -> pd.DataFrame:
        """The lines that add up to a lead's score: line, name, dimension, because, why, points.

        Args:
            pseudonym: who, as `lead_id` in the errors' leads.
            as_of: when, for a lead that was observed several times; by default the last time.

        Raises:
            CallError: if there is nobody of this name, or it was not observed then; for accounts, whose scores are
                made from those of their leads.
        """
        judging = self._judging
        if isinstance(judging, AccountJudging):
            raise CallError.at(
                "ledger",
                expected="a lead",
                found="an account",
                remedy="The column ledger of the errors says how its leads' scores became its own.",
            )
        at = self._place(pseudonym, as_of)
        scorer = nearby(judging, np.array([at + self._rows.start]))
        return ledger_frame(self.model, scorer, 0)

    def _place(self, pseudonym: str, as_of: pd.Timestamp | None) -> int:
        number = self._leads.number(pseudonym)
        if number is None:
            raise unknown(pseudonym)
        found = np.flatnonzero(self._leads.numbers == number)
        moments = self.seen.subjects.as_of_us
        if moments is None or (as_of is None and len(found) == 1):
            return int(found[-1])
        when = moments[self._rows][found]
        if as_of is None:
            return int(found[np.argmax(when)])
        at = found[when == as_of.value // 1000]
        if not len(at):
            raise CallError.at(
                "as_of",
                expected=f"a moment at which {pseudonym} was observed",
                found=str(as_of),
                remedy="Take it from the column as_of of the errors' leads.",
            )
        return int(at[0])


def _with_leads(found: Errors, leads: pd.DataFrame) -> Errors:
    return Errors(**{**found.__dict__, "leads": leads})


def _account_lines(judging: AccountJudging, at: Integers) -> pd.DataFrame:
    """The columns of `Errors.leads` for the accounts `at` of the part, in that order."""
    these = np.zeros(len(judging.judged.won), dtype=bool)
    these[at] = True
    both = [
        account_errors(judging, "false_positive", these, "").leads,
        account_errors(judging, "false_negative", ~these, "").leads,
    ]
    lines = pd.concat([each for each in both if len(each)]) if len(at) else both[0]
    wanted = who(judging.seen, at + (judging.rows.start or 0))
    return wanted.merge(lines.drop(columns="account_id"), on=["lead_id", "as_of"], how="left")


def _visible(seen: Observations, part: str) -> list[str]:
    """The parts that bands are made for, as in a backtest."""
    names = [name for name in seen.parts if name != TEST or part == TEST]
    return names if part in names else [*names, part]


def _top_cut(judged: Judged) -> float:
    """The lowest score that at most a fifth of all reach; the highest there is if more share even that."""
    points, counts = judged.points[judged.first :], (judged.negatives + judged.positives)[judged.first :]
    if not len(points):
        return 0.0
    few = np.flatnonzero(np.cumsum(counts[::-1])[::-1] <= TOP * judged.n)
    return float(points[few[0]] if len(few) else points[-1])


def _months(moments: Integers | None) -> tuple[Integers, tuple[str, ...]]:
    if moments is None:
        return np.zeros(0, dtype=np.int64), ()
    months = moments.astype("datetime64[us]").astype("datetime64[M]")
    found, codes = np.unique(months, return_inverse=True)
    return codes.astype(np.int64), tuple(str(month) for month in found)


def _most_frequent(codes: Integers, labels: tuple[str, ...]) -> tuple[str, ...]:
    counts = np.bincount(codes, minlength=len(labels))
    order = np.argsort(-counts, kind="stable")
    return tuple(dict.fromkeys(labels[code] for code in order if counts[code]))


def _unknown(what: str, found: object, known: tuple[str, ...]) -> CallError:
    names = listed(known) if known else "none: there are no such filters here"
    return CallError.at(what, expected=f"one of {names}", found=repr(found), remedy="Use one of these.")
