"""What is proposed: rules with their evidence, and the model that has those which somebody accepts."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.backtesting.document import plain, records
from workbench.errors import CallError, listed
from workbench.markup import headline_html, table_html
from workbench.model import Model, change_model, model_text, parse_model
from workbench.proposing.effect import Effect

FORMAT = "lead-scoring-proposals/1"


@dataclass(frozen=True)
class Proposal:
    """A rule that would add to the model.

    Attributes:
        id: of the rule.
        rule: in the model language: id, in, why, when, points.
        words: the condition for a person.
        alike: other conditions that say nearly the same; this one said it best.
        evidence: numbers: n, converted, rate, n_without, rate_without (of the leads learned from), log_odds with
            log_odds_low and log_odds_high (95 %, given the score and the proposals above), points_low, points_high,
            p (two-sided), p_adjusted (for all conditions tried), auc_gain and loss_gain with _low and _high (by folds),
            and the same of the leads that confirm it, prefixed confirm_.
        verdict: better: it adds, and what was not learned from confirms it; else not enough evidence.
        effect: what it does at today's main tier by itself, inside its dimension's cap; None without a model.
    """

    id: str
    rule: Mapping[str, Any]
    words: str
    alike: tuple[str, ...]
    evidence: Mapping[str, float]
    verdict: str
    effect: Effect | None = None

    def to_document(self) -> dict[str, Any]:
        """The proposal as plain data."""
        evidence = {name: plain(value) for name, value in self.evidence.items()}
        return {
            "id": self.id,
            "words": self.words,
            "verdict": self.verdict,
            "rule": copy.deepcopy(dict(self.rule)),
            "alike": list(self.alike),
            "evidence": evidence,
            "effect": None if self.effect is None else self.effect.to_document(),
        }


@dataclass(frozen=True)
class Proposals:
    """What `suggest_rules` returns.

    Attributes:
        model: the model that is added to; None for a first scorecard.
        learned, confirmed: which observations the rules were found on, and which confirm them, in words.
        n, converted: of those learned from.
        tried: how many conditions were tried, those that outcomes helped to choose counted as often as they could.
        scale: what one of log-odds is worth in points, in words.
        proposals: confirmed ones first, then by what they add.
        left_out: columns that were not tried: value, reason.
        warnings: what a reader must know.
    """

    model: Model | None
    learned: str
    confirmed: str
    n: int
    converted: int
    tried: int
    scale: str
    proposals: tuple[Proposal, ...]
    left_out: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def better(self) -> tuple[Proposal, ...]:
        """Those that were confirmed."""
        return tuple(each for each in self.proposals if each.verdict == "better")

    @property
    def headline(self) -> str:
        """The result in a sentence."""
        on = f"{self.learned} ({self.n:,} observations, {self.converted:,} converted)"
        of = f"of {self.tried:,} conditions tried on {on}"
        if not self.proposals:
            return f"None {of} adds to the model beyond chance."
        sure, more = len(self.better), len(self.proposals) - len(self.better)
        was = "was" if more == 1 else "were"
        if not sure:
            none = "it is not" if more == 1 else "none is"
            return (
                f"There is not enough evidence that any {of} adds to the model: {more} {was} found there, {none} "
                f"confirmed on {self.confirmed}."
            )
        verbs = "adds to the model and is" if sure == 1 else "add to the model and are"
        rest = f"; {more} more {was} found there, but not confirmed" if more else ""
        return f"{sure} {of} {verbs} confirmed on {self.confirmed}{rest}."

    @property
    def frame(self) -> pd.DataFrame:
        """One row a proposal: id, words, in, points, verdict, then the evidence."""
        rows = [
            {
                "id": each.id,
                "words": each.words,
                "in": each.rule["in"],
                "points": each.rule["points"],
                "verdict": each.verdict,
                **each.evidence,
            }
            for each in self.proposals
        ]
        return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["id", "words", "in", "points", "verdict"])

    def accept(self, ids: Sequence[str]) -> Model:
        """The model with these proposals as rules, its version one higher; observe anew to score it.

        The points of a proposal are right given those above it: accept from the top, or check them with `support`.

        Raises:
            CallError: for an id that was not proposed, or none at all.
        """
        known = {each.id: each for each in self.proposals}
        wrong = [each for each in ids if each not in known]
        if wrong or not ids:
            raise CallError.at(
                "ids",
                expected="ids of proposals",
                found=listed(wrong) if wrong else "none",
                remedy=f"Known are: {listed(list(known))}.",
            )
        rules = [copy.deepcopy(dict(known[each].rule)) for each in dict.fromkeys(ids)]
        if self.model is None:
            return _first(rules)
        return added_to(self.model, rules)

    def to_document(self) -> dict[str, Any]:
        """The result as plain data."""
        model = self.model
        return {
            "format": FORMAT,
            "model": None if model is None else {"name": model.name, "version": model.version},
            "learned": self.learned,
            "confirmed": self.confirmed,
            "n": self.n,
            "converted": self.converted,
            "tried": self.tried,
            "scale": self.scale,
            "headline": self.headline,
            "proposals": [each.to_document() for each in self.proposals],
            "left_out": records(self.left_out),
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        told = [
            f"  {each.rule['points']:+d} {each.words} ({each.verdict}): {each.rule['why']}" for each in self.proposals
        ]
        return "\n".join([self.headline, *told])

    def _repr_html_(self) -> str:
        rows = [
            (f"{each.rule['points']:+d}", each.words, each.rule["in"], each.rule["why"], each.verdict)
            for each in self.proposals
        ]
        heads = (">points", "when", "in", "evidence", "verdict")
        return headline_html(self.headline) + (table_html(heads, rows) if rows else "")


def added_to(model: Model, rules: Sequence[Mapping[str, Any]]) -> Model:
    """The model with more rules and a version one higher, checked like a file."""
    data = model.plain()["rules"]
    return change_model(model, {"rules": [*data, *rules], "version": model.version + 1})


_BLANK = """
format: lead-scoring-model/1
name: blank
dimensions: {blank: {}}
rules: [{id: blank, in: blank, when: {field: blank, known: true}, points: 0}]
"""


def _first(rules: Sequence[Mapping[str, Any]]) -> Model:
    """A first model of nothing but these rules."""
    data = {
        "format": "lead-scoring-model/1",
        "name": "first scorecard",
        "about": "Rules that the past supports; a starting point.",
        "dimensions": {rule["in"]: {} for rule in rules},
        "rules": list(rules),
    }
    start = parse_model(_BLANK)
    return parse_model(model_text(change_model(start, {key: each for key, each in data.items() if key != "format"})))
