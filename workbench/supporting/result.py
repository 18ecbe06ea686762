"""What the data says of every rule, for a frame, a notebook, a terminal and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.backtesting.document import records
from workbench.markup import headline_html, table_html
from workbench.supporting.words import headline_of, points, signed

FORMAT = "lead-scoring-support/1"
FRAMES = ("rules", "lines", "worth", "overlap", "signs", "exchange")


@dataclass(frozen=True, eq=False)
class Support:
    """What the data says of every rule, or case of a rule with several.

    Nothing is chosen here, so all open parts speak together unless one is named; the sealed test part never does.
    Probabilities called `adjusted` are raised over all claims of a frame, so that of what is claimed about one in
    twenty is false in expectation (Benjamini and Yekutieli); intervals are 95 %, each by itself. All are paired and
    clustered as the plan clusters.

    Attributes:
        model_name, model_version, model: which model, with its digests.
        data: name and fingerprint of the history, and its numbers of leads and events.
        plan: the plan.
        part: whose outcomes were looked at, such as "train and validation".
        n, converted: how many were observed, and how many of them converted.
        objective: what lines are judged by.
        tier: the tier that exchange is about; None without tiers.
        weeks: how long the observations last; NaN where that is not known.
        break_even: share of calls that must win to pay; NaN where the plan has no value.
        rules: one row a claim: rule, case, name, on, points, n (for how many it holds), best (points that rank best,
            the rest left as it is), low, high (ends of those that are as good), open_low, open_high (whether the end
            of the search is among them), whole (the whole line is), gaps (others lie between them), pieces (the ends
            of each stretch of them, ascending), inside (today's points are among them), inside_p, inside_adjusted (how
            likely the best would look so bad), auc, auc_low, auc_high, auc_adjusted, verdict (the AUC with it less that
            without, and whether the model ranks better with it), sign, beside (as in signs), partner (as in overlap),
            limit (the cap most often in its way),
            limit_share (0..1, of those for whom it holds), idle (nobody's score depends on it), good ("4 to 22",
            "8 or more", "−25 to 3 or 7 to 14"), words (all this in sentences).
        lines: one row a value of a claim's line: rule, case, points, objective, p, good.
        worth: one row a claim and figure, and after these the same for rules with several cases, as a whole: rule,
            case, figure (auc, lift_10, capture_20, leads, value), unit, without, with, change, low, high, p,
            adjusted, verdict.
        overlap: one row a rule that is on: rule, alone (AUC it adds to no rules at all), within (to all the others),
            kept (within / alone), partner (whose points go most with its own), correlation, jaccard (share of those
            with either for whom both hold), without_partner (AUC it adds where the partner is off), inflation
            (variance inflation factor).
        signs: one row a claim: rule, case, points, sign (agrees, disagrees, not enough evidence, pays nothing, never
            holds), alone (the sign by itself, as `rule_evidence`), alone_p, alone_adjusted, given (the sign of the
            points that are as good as the best), given_p, given_adjusted, beside (the partner without which the sign
            would no longer disagree).
        exchange: one row a claim and move (drop, one less, one more, double; of rules as a whole drop only): rule,
            case, move, points (after it), leads, leads_low, leads_high, wins, wins_low, wins_high (more or fewer at
            the tier), leads_a_week, wins_a_week, leads_of_100, moved (who change side), win_rate, rate_low, rate_high
            (of those, where all move the same way), break_even, value, value_low, value_high, p, adjusted, verdict
            (of the value).
        warnings: what a reader must know.
    """

    model_name: str
    model_version: int
    model: Mapping[str, Any]
    data: Mapping[str, Any]
    plan: Mapping[str, Any]
    part: str
    n: int
    converted: int
    objective: str
    tier: str | None
    weeks: float
    break_even: float
    rules: pd.DataFrame
    lines: pd.DataFrame
    worth: pd.DataFrame
    overlap: pd.DataFrame
    signs: pd.DataFrame
    exchange: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The finding in a sentence."""
        return headline_of(self.model_name, self.rules)

    def to_document(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "format": FORMAT,
            "model": {"name": self.model_name, "version": self.model_version, **self.model},
            "data": dict(self.data),
            "plan": dict(self.plan),
            "part": self.part,
            "observed": {"n": self.n, "converted": self.converted},
            "objective": self.objective,
            "tier": self.tier,
            "weeks": None if self.weeks != self.weeks else self.weeks,
            "break_even": None if self.break_even != self.break_even else self.break_even,
            "headline": self.headline,
            **{name: records(getattr(self, name)) for name in FRAMES},
            "warnings": list(self.warnings),
        }

    def _repr_html_(self) -> str:
        """A table that takes its colours from the page, so it can be read in light and dark."""
        rows = [
            [row["name"], points(1000 * row["points"]), row["good"], _change(row["auc"]), row["verdict"], row["sign"]]
            for row in self.rules.to_dict("records")
        ]
        titles = ("rule", "points", "as good as the best", "AUC with it", "ranks", "sign")
        return headline_html(self.headline) + (table_html(titles, rows) if rows else "")

    def __str__(self) -> str:
        return "\n".join([self.headline, *self.rules["words"], *self.warnings])


def _change(auc: float) -> str:
    return "unknown" if auc != auc else signed(auc, 3)
