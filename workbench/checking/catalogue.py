"""Every finding of the check: its code, how grave it is, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.checking.finding import Finding, Severity


@dataclass(frozen=True)
class Kind:
    """One kind of finding; `about` says what is looked for."""

    code: str
    severity: Severity
    about: str
    why: str
    remedy: str

    def at(
        self,
        about: str,
        finding: str,
        evidence: Mapping[str, Any],
        *,
        why: str = "",
        severity: Severity | None = None,
        remedy: str = "",
    ) -> Finding:
        """A finding of this kind."""
        return Finding(
            code=self.code,
            severity=severity or self.severity,
            about=about,
            finding=finding,
            why=why or self.why,
            remedy=remedy or self.remedy,
            evidence=evidence,
        )


_UNSEEN = (
    "Leave the field out; if it is known when leads are scored, map when ('known: creation' or a table of changes)."
)

KINDS: tuple[Kind, ...] = (
    # --- fields and the outcome
    Kind(
        "leak",
        "error",
        "an undated field that says the outcome, with several signs that it was written because of it",
        "Whoever scores a new lead does not have this value yet, so a model that uses it shines here and fails then.",
        _UNSEEN,
    ),
    Kind(
        "leak-suspected",
        "warning",
        "an undated field that goes with the outcome, with signs that people or systems write it as the deal goes on",
        "If its value was written after the day of scoring, a model that uses it is praised for knowing the answer.",
        f"Ask who writes it, and when. {_UNSEEN}",
    ),
    Kind(
        "missing-tells",
        "warning",
        "an undated field of which it tells the outcome whether it is filled at all",
        "Often a field is only filled when somebody works the lead; then being filled is a consequence, not a sign.",
        "Find out when it is filled; do not give points for 'known' before that is clear.",
    ),
    Kind(
        "strong-field",
        "note",
        "a field or event that goes strongly with the outcome, without signs of a leak",
        "It is strong, and that alone is no fault.",
        "Use it; if it is undated, make sure that it is known on the day of scoring.",
    ),
    Kind(
        "encodes-time",
        "warning",
        "a field that is (nearly) a function of the date",
        "It tells when a lead came, not who it is: a model learns that times were good, and times change.",
        "Leave it out of rules, or judge the model in the order of time before it is believed.",
    ),
    Kind(
        "undated-fields",
        "note",
        "fields of which it is not known when their values were known",
        "They hold today's value: it may have been overwritten since the day of scoring.",
        "Map 'known: creation' for those that never change, or a table of changes.",
    ),
    Kind(
        "after-outcome",
        "note",
        "a dated field with a value that leads take on only after the outcome",
        "As it stands today it would give the outcome away; as it was on the day of scoring it does not.",
        "Keep the table of changes mapped; never export today's value in its place.",
    ),
    Kind(
        "id-tells",
        "warning",
        "an id, or the order of the file, that goes with the outcome",
        "Ids are handed out before anybody knows the outcome; if they know it, the file was made by it.",
        "Ask how the export was made; never use the id or the order as a field, and never split by it.",
    ),
    Kind(
        "id-field",
        "note",
        "a field with a value of its own for nearly every lead",
        "Such a value can be learned by heart and says nothing of the next lead.",
        "Drop it in the mapping, or map it as the id.",
    ),
    Kind(
        "not-enough-evidence",
        "note",
        "too few outcomes to find anything by",
        "With so few of either outcome every field can look perfect or useless by chance.",
        "Wait for more outcomes, or observe a longer past.",
    ),
    Kind(
        "undecided",
        "note",
        "outcomes that were not looked at",
        "Without an outcome nobody can tell a leak.",
        "Name a plan (--plan), or for a flat table its outcome (--outcome).",
    ),
    # --- time
    Kind(
        "time-collapse",
        "error",
        "a prediction that works by random folds and not in the order of time",
        "Random folds let it learn from the same weeks it is judged on. On new leads there is no such help.",
        "Judge in the order of time ('split: {by: time}', file order: 'order: file'), and leave fields out that only "
        "tell the date.",
    ),
    Kind(
        "immature-months",
        "note",
        "months of which leads are left out because their outcome is not known yet",
        "Only leads whose whole horizon lies before the end of the data are judged, so these months are thin or gone.",
        "Nothing for judging; do not read the last months as a trend.",
    ),
    Kind(
        "late-wins",
        "note",
        "outcomes that come after the horizon",
        "They count as not converted, and whatever makes deals slow looks like a bad sign.",
        "Choose a longer horizon, or say what is meant by it.",
    ),
    Kind(
        "base-rate-break",
        "warning",
        "a month from which on leads convert at another rate",
        "Thresholds and rates from before do not hold after it; a field that changed then seems to be the cause.",
        "Find out what changed (the market, the funnel, the tracking); judge and set thresholds on what came after it.",
    ),
    Kind(
        "field-shift",
        "warning",
        "a field whose values are distributed otherwise from a month on",
        "A rule learned before meets other leads, or another meaning, after.",
        "Find out whether the leads or the way of recording changed; look at rules on it by month.",
    ),
    Kind(
        "fill-jump",
        "warning",
        "a field that is filled much more, or less, from a month on",
        "Somebody began or ceased to record it; 'known' then tells the date.",
        "Use it only where it was recorded alike, or leave it out.",
    ),
    Kind(
        "new-value",
        "note",
        "a value that leads only have from a month on, or up to it",
        "The past before says nothing about it, or nothing after needs the rule.",
        "Look at rules that name it.",
    ),
    Kind(
        "relation-flips",
        "warning",
        "a field that went with the outcome one way, and later the other way",
        "Points from the whole past are then wrong in both halves.",
        "Look at it by month; give no points, or split the model in variants.",
    ),
    Kind(
        "tracking-break",
        "warning",
        "events that begin, end or pause on a date while leads go on coming",
        "Leads on one side of the date have no such events because nobody wrote them down: silence then is no sign.",
        "Find out what happened to the tracking; rules on these events hold for one side only.",
    ),
    # --- rows
    Kind(
        "duplicates",
        "note",
        "leads that say the same in every field, more than chance explains",
        "They are likely one lead several times; intervals are too narrow.",
        "Merge them in the CRM, or map what tells them apart.",
    ),
    Kind(
        "twins-across-split",
        "warning",
        "leads of one part of the split that have a twin in another part",
        "What was learned from the one is judged on the other: the judgement is flattered.",
        "Merge them, or split by what they share.",
    ),
    Kind(
        "key-across-split",
        "warning",
        "a field with few leads a value, whose values lie on both sides of the split, and whose leads convert alike",
        "Leads of one value stand or fall together, so train knows something of the leads that validation judges.",
        "Map it as the account, or split by it.",
    ),
)
_BY_CODE = {kind.code: kind for kind in KINDS}


def kind(code: str) -> Kind:
    """The kind of finding with this code."""
    return _BY_CODE[code]
