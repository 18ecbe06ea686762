"""The leads that were judged wrongly, with their ledgers, and the rules that set them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.contrast import COUNTED, FEWEST, RATIO, Contrast, Sides, strongest_first
from workbench.backtesting.judged import Judged
from workbench.backtesting.tiers import tier_names
from workbench.ledger import ledger_columns, ledger_texts
from workbench.model import CasesRule, CoreRule, Model
from workbench.model.words import cases_in_words
from workbench.observation import Observations, Scorer, Scores, Segment
from workbench.observation.books import Book
from workbench.observation.gather import Evidence

ErrorKind = Literal["false_positive", "false_negative"]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
RULE_COLUMNS = ["rule", "case", "why", "points", *COUNTED, *RATIO]
SEGMENT_COLUMNS = ["segment", "value", *COUNTED, *RATIO]
__all__ = ["FEWEST", "RULE_COLUMNS", "ErrorKind", "Errors", "Judging", "errors_of"]


def _no_segments() -> pd.DataFrame:
    return pd.DataFrame(columns=SEGMENT_COLUMNS)


@dataclass(frozen=True)
class Errors:
    """The wrongly judged leads of one kind.

    Attributes:
        kind: false_positive (reached and did not convert) or false_negative (did not reach and converted).
        tier: the tier, or the threshold such as `score ≥ 40`, that had to be reached.
        n: how many there are.
        of: how many observations were treated the same: reached for false positives, not reached for false negatives.
        apart: how many converted although a gate took them out; they have no score and are counted apart, not here.
        leads: one row each, highest score first: lead_id, account_id, as_of, score (points; missing for those whom a
            gate took out), tier, ledger (text), and one column of points for each rule.
        rules: what each rule, or case of a rule, did among the wrong and among the rightly judged that were treated
            the same: rule, case, why, points, n_wrong, hit_wrong, rate_wrong, n_right, hit_right, rate_right, ratio
            (rate_wrong / rate_right), ratio_low, ratio_high (95 %, robust to clusters), enough; largest evidence
            of a difference first. Empty for accounts.
        unit: whether leads or accounts were judged.
        segments: the same as `rules` for the values of the fields that the plan reports apart: segment, value, then
            the columns from n_wrong on; by segment, largest evidence of a difference first.
    """

    kind: ErrorKind
    tier: str
    n: int
    of: int
    apart: int
    leads: pd.DataFrame
    rules: pd.DataFrame
    unit: Literal["lead", "account"] = "lead"
    segments: pd.DataFrame = field(default_factory=_no_segments)

    @property
    def sentence(self) -> str:
        """How many there are, in a sentence: `412 of 588 leads that reached MQL did not convert.`"""
        verb = "did not convert" if self.kind == "false_positive" else "converted"
        reached = "reached" if self.kind == "false_positive" else "did not reach"
        noun = self.unit if self.of == 1 else f"{self.unit}s"
        return f"{self.n:,} of {self.of:,} {noun} that {reached} {self.tier} {verb}."

    @property
    def common(self) -> pd.DataFrame:
        """What the wrongly judged have in common: `rules`, and `segments` as rules named `segment: FIELD`.

        Largest evidence of a difference first; rows without enough observations last, and none that holds for
        everybody.
        """
        fields = self.segments.rename(columns={"segment": "rule", "value": "case"})
        fields = fields.assign(rule="segment: " + fields["rule"].astype(str), why="", points=np.nan)[RULE_COLUMNS]
        both = pd.concat([each for each in (self.rules, fields) if len(each)] or [self.rules], ignore_index=True)
        apart = (both["hit_wrong"] < both["n_wrong"]) | (both["hit_right"] < both["n_right"])
        both = both[apart.to_numpy(dtype=bool)]
        frame = both.take(strongest_first(both)).reset_index(drop=True)
        return frame.sort_values("enough", ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Judging:
    """Everything an error report needs, for the rows of one part."""

    model: Model
    seen: Observations
    scorer: Scorer
    rows: slice
    scores: Scores
    ranks: Integers
    judged: Judged


def errors_of(judging: Judging, kind: ErrorKind, reached: Booleans, tier: str) -> Errors:
    """The wrongly judged among those who reached the tier (false positives) or did not (false negatives)."""
    out = judging.scores.out
    same, wrong = sides_of(kind, reached, out, judging.judged.won)
    sides = sides_apart(judging.judged, same, wrong)
    by = ["score", "lead_id", "as_of"]
    return Errors(
        kind=kind,
        tier=tier,
        n=int(wrong.sum()),
        of=int(same.sum()),
        apart=int((out & judging.judged.won).sum()),
        leads=lead_lines(judging, np.flatnonzero(wrong)).sort_values(
            by, ascending=[False, True, True], na_position="last", ignore_index=True
        ),
        rules=rules_frame(rule_traits(judging), same, sides),
        segments=segments_frame(segments_of(judging.seen, judging.rows), same, sides),
    )


def sides_of(kind: ErrorKind, reached: Booleans, out: Booleans, won: Booleans) -> tuple[Booleans, Booleans]:
    """Who was treated the same, and who of them was wrongly judged; nobody whom a gate takes out."""
    same = (reached if kind == "false_positive" else ~reached) & ~out
    return same, same & (~won if kind == "false_positive" else won)


def sides_apart(judged: Judged, same: Booleans, wrong: Booleans) -> Sides:
    """The two sides among those who were treated the same; clustered if any observations of the part are."""
    return Sides(wrong[same], judged.cluster[same] if judged.clustered else None)


# --- the leads --------------------------------------------------------------------------------------------------------


def lead_lines(judging: Judging, at: Integers) -> pd.DataFrame:
    """The columns of `Errors.leads` for the observations `at` of the part, in that order."""
    positions = at + (judging.rows.start or 0)
    scores = judging.scores
    scorer = nearby(judging, positions)
    frame = who(judging.seen, positions)
    frame["score"] = np.where(scores.out[at], np.nan, scores.milli[at] / 1000)
    frame["tier"] = tier_names(judging.model, judging.ranks[at])
    frame["ledger"] = ledger_texts(ledger_columns(scorer, slice(None)))
    ids = dict.fromkeys(rule.id for each in scorer.weights.alternatives for rule in each.rules)
    paid = {rule: scorer.rule_values(rule) / 1000 for rule in ids}
    return pd.concat([frame, pd.DataFrame(paid, index=frame.index)], axis=1)


def who(seen: Observations, positions: Integers) -> pd.DataFrame:
    """lead_id, account_id and as_of (UTC) of some observations."""
    subjects = seen.subjects
    moments = None if subjects.as_of_us is None else subjects.as_of_us[positions]
    return pd.DataFrame(
        {
            "lead_id": subjects.lead_id[positions],
            "account_id": subjects.account_id[positions],
            "as_of": pd.NaT if moments is None else pd.to_datetime(moments, unit="us", utc=True),
        }
    )


def nearby(judging: Judging, positions: Integers) -> Scorer:
    """A scorer of a few observations only: however many were observed, it looks at their evidence alone."""
    shelf = judging.seen.shelf
    small = replace(
        shelf,
        books={name: Book(book.features, book.entries, book.codes[positions]) for name, book in shelf.books.items()},
        units=(),
        evidence={feature: _few(evidence, positions) for feature, evidence in shelf.evidence.items()},
        idle={feature: idle[positions] for feature, idle in shelf.idle.items()},
    )
    return Scorer(judging.model, judging.seen.catalog, small)


def _few(evidence: Evidence, positions: Integers) -> Evidence:
    """The evidence of some observations, numbered anew; it is sorted by observation, so they are found by halving."""
    wanted = positions.astype(evidence.obs.dtype)  # of another kind, all evidence would be converted
    begins, ends = (np.searchsorted(evidence.obs, wanted, side=side) for side in ("left", "right"))
    counts = ends - begins
    shift = np.repeat(begins - (np.cumsum(counts) - counts), counts)
    at = np.arange(len(shift)) + shift
    return Evidence(np.repeat(np.arange(len(positions)), counts), evidence.age[at], evidence.count[at])


# --- what they have in common -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleTraits:
    """The cases of one rule, or the rule itself where it has none.

    Attributes:
        rule: its id.
        cases: phrase, reason and points of each.
        held: (n,) which one holds for each observation, -1 where none does.
    """

    rule: str
    cases: tuple[tuple[str, str, float], ...]
    held: NDArray[np.integer]


def rule_traits(judging: Judging) -> tuple[RuleTraits, ...]:
    """For each rule of the model or a variant, which of its cases hold for the observations of the part."""
    cases: dict[str, dict[str, tuple[str, str, float]]] = {}
    values: dict[str, Integers] = {}
    for number, each in enumerate(judging.model.alternatives):
        own = judging.scores.variant == number
        for rule in each.model.written_out:
            known = cases.setdefault(rule.id, {})
            held = values.setdefault(rule.id, np.full(len(own), -1, dtype=np.int64))
            found = judging.scorer.cases(rule.id, judging.rows)
            for words, points, hits in _cases(rule, found):
                known.setdefault(words, (words, rule.why, points))
                held[own & hits] = list(known).index(words)
    return tuple(RuleTraits(rule, tuple(known.values()), _slim(values[rule])) for rule, known in cases.items())


def _slim(values: Integers) -> NDArray[np.integer]:
    return values.astype(np.int8) if values.max(initial=0) < np.iinfo(np.int8).max else values


def _cases(rule: CoreRule, found: Integers) -> Iterator[tuple[str, float, Booleans]]:
    """A rule's phrases, with their points and where they hold."""
    words = cases_in_words(rule)
    if isinstance(rule, CasesRule):
        for number, case in enumerate(rule.cases, 1):
            yield words[number - 1], float(case.points), found == number
    else:
        yield words[0], float(rule.points), found > 0


def rules_frame(traits: Sequence[RuleTraits], same: Booleans, sides: Sides) -> pd.DataFrame:
    """The frame `Errors.rules`, among those that were treated the same."""
    if not traits:
        return pd.DataFrame(columns=RULE_COLUMNS)
    names = [(each.rule, *case) for each in traits for case in each.cases]
    found = [sides.contrast(each.held[same], len(each.cases)) for each in traits]
    return _ranked(names, RULE_COLUMNS, Contrast.joined(found))


def segments_of(seen: Observations, rows: slice) -> dict[str, Segment]:
    """The fields to report apart, for the observations of a part."""
    return {name: Segment(each.codes[rows], each.labels) for name, each in seen.subjects.segments.items()}


def segments_frame(segments: dict[str, Segment], same: Booleans, sides: Sides) -> pd.DataFrame:
    """The frame `Errors.segments`, among those that were treated the same; values that nobody has are left out."""
    parts = []
    for name, each in segments.items():
        found = sides.contrast(each.codes[same], len(each.labels))
        frame = _ranked([(name, label) for label in each.labels], SEGMENT_COLUMNS, found)
        parts.append(frame[frame["hit_wrong"] + frame["hit_right"] > 0])
    return pd.concat(parts, ignore_index=True) if parts else _no_segments()


def _ranked(names: Sequence[tuple[object, ...]], columns: list[str], found: Contrast) -> pd.DataFrame:
    """Traits with their names, largest evidence of a difference first."""
    told = found.columns()
    order = strongest_first(told).tolist()
    texts = zip(*(names[at] for at in order), strict=True)
    size = len(order)
    numbers = {name: np.broadcast_to(np.asarray(values), size)[order] for name, values in told.items()}
    return pd.DataFrame({**dict(zip(columns, texts, strict=False)), **numbers}, columns=columns)
