"""Every check of the lint: its code, what it is called, how grave it is, why it matters and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.linting.finding import Finding, Severity


@dataclass(frozen=True)
class Check:
    """One check; `about` says what it looks for."""

    code: str
    name: str
    severity: Severity
    about: str
    why: str
    remedy: str

    def at(self, at: str, place: str, finding: str, *, remedy: str = "", why: str = "") -> Finding:
        """A finding of this check."""
        said = why or self.why, remedy or self.remedy
        return Finding(self.code, self.name, self.severity, at, place, finding, *said)


_GONE = "It earns nobody anything, and whoever reads the model believes that it does."
_TWICE = "One fact is paid twice, and outweighs the others without anybody having decided so."

CHECKS: tuple[Check, ...] = (
    # --- conditions
    Check(
        "L101",
        "never-holds",
        "error",
        "a rule, gate or variant whose condition contradicts itself",
        _GONE,
        "Correct the tests that exclude each other, or remove it.",
    ),
    Check(
        "L102",
        "always-holds",
        "warning",
        "a rule, gate or variant whose condition says nothing",
        "It treats all leads alike: a rule that everybody gets ranks nobody, it only moves the score.",
        "Say what sets the leads apart that are meant (to ask whether a value is there, write 'known: true').",
    ),
    Check(
        "L103",
        "dead-part",
        "warning",
        "a part of an 'any' that can never hold",
        "The author meant it to count for some leads, and it counts for none.",
        "Correct the part, or remove it.",
    ),
    Check(
        "L104",
        "text-never-matches",
        "error",
        "a text with outer blanks that no trimmed value can match",
        "Values are trimmed before they are compared, so such a text is never found at their ends.",
        "Remove the blank, use has_word for whole words, or say 'exact: true' to compare as stored.",
    ),
    Check(
        "L105",
        "text-said-twice",
        "note",
        "a text of a list that another one of the list covers",
        "It has no effect; case and outer blanks do not matter unless 'exact'.",
        "Remove the text that adds nothing.",
    ),
    # --- cases, bands
    Check(
        "L111",
        "unreachable-case",
        "error",
        "a case that the ones before it leave nobody for",
        "The first case that holds counts, so these points are never paid.",
        "Put the narrower case first, or remove this one.",
    ),
    Check(
        "L112",
        "shadowed",
        "error",
        "a gate or variant that the ones before it leave nobody for",
        "The first that holds counts, so this one is never used.",
        "Put the narrower one first, or remove this one.",
    ),
    Check(
        "L121",
        "gap-in-bands",
        "warning",
        "values between two bands that neither takes",
        "Ranges are half-open: the upper end is not in them. Leads in a gap get the default.",
        "Let the next band begin where the one before it ends.",
    ),
    Check(
        "L122",
        "overlapping-bands",
        "warning",
        "values that two bands take",
        "The first in the file counts, so part of the other band is not paid as it says.",
        "Let the next band begin where the one before it ends.",
    ),
    # --- caps
    Check(
        "L131",
        "cap-never-binds",
        "note",
        "a cap far from everything that can be paid",
        "A reader takes it for a scale that the model uses, or for a brake; it is neither.",
        "Move it to where it is meant to hold, or remove it.",
    ),
    Check(
        "L132",
        "cap-always-binds",
        "warning",
        "a cap that cuts whatever is paid",
        "What stands above the cap has no effect: every lead that earns anything here earns the same.",
        "Pay what the cap allows, or raise the cap.",
    ),
    Check(
        "L133",
        "limit-never-binds",
        "note",
        "a limit that another one makes idle",
        "It reads like a brake and is none.",
        "Remove it, or make it tighter than the other.",
    ),
    Check(
        "L134",
        "fade-without-effect",
        "note",
        "a decay that has not begun when the window ends",
        "All events that count pay in full; the decay is not what the author thinks.",
        "Shorten the decay or its grace, or widen the window.",
    ),
    # --- missing values
    Check(
        "L141",
        "missing-earns",
        "warning",
        "points for leads of whom a value is not known",
        "Leads rise for what nobody asked them, and fall once it is filled in.",
        "Add a test 'known: true' on the field, or say 'missing: skip'.",
    ),
    # --- tiers
    Check(
        "L151",
        "tier-out-of-reach",
        "error",
        "a tier that no lead can get",
        "What should follow from it follows for nobody.",
        "Lower its 'from' or minima, raise points or caps, or remove it.",
    ),
    Check(
        "L152",
        "tier-out-of-reach-in-a-variant",
        "note",
        "a tier that no lead of one variant can get",
        "Leads of this variant compete for tiers on other terms than the rest.",
        "If that is meant, silence it; else give the variant its own 'tiers'.",
    ),
    Check(
        "L153",
        "tier-shadowed",
        "error",
        "a tier that a later one always takes over",
        "The last tier that fits counts, so nobody is left in this one.",
        "Order tiers from the easiest to the hardest, with different 'from'.",
    ),
    Check(
        "L154",
        "grade-out-of-reach",
        "warning",
        "a part of the matrix that no lead can be in",
        "Its grades are never given.",
        "Move the ends of the parts to what the dimension can reach.",
    ),
    Check(
        "L155",
        "grade-without-tier",
        "warning",
        "leads for whom the matrix has no tier",
        "They get no tier, and nothing follows for them.",
        "Name a tier for each grade, and let the lowest parts begin at the least that a dimension can be.",
    ),
    Check(
        "L156",
        "gate-near-tier",
        "warning",
        "a gate whose tier is nearly the name of a tier",
        "A gate whose tier the model does not have takes leads out: they get no score and rank below all.",
        "Correct the name, or choose one that cannot be mistaken.",
    ),
    # --- evidence
    Check(
        "L161",
        "same-evidence",
        "warning",
        "two rules that are paid by the same evidence",
        _TWICE,
        "Make them one rule with the sum of the points.",
    ),
    Check(
        "L162",
        "nested-evidence",
        "note",
        "a rule that is always paid together with another of its dimension",
        "The points add up to more than either rule says.",
        "If steps are meant, make them 'cases' of one rule; else silence this.",
    ),
    # --- leftovers
    Check(
        "L171",
        "pays-nothing",
        "warning",
        "a rule that pays nothing whatever happens",
        _GONE,
        "Give it points, or disable or remove it.",
    ),
    Check(
        "L172",
        "weighs-nothing",
        "note",
        "a weight or multiplier of 0",
        "Everything below it is worked out and then thrown away.",
        "Remove what does not count, or give it a weight.",
    ),
    Check(
        "L173",
        "disabled-but-named",
        "warning",
        "a variant that changes a rule which is disabled",
        "The change has no effect: a disabled rule earns nothing in variants either.",
        "Enable the rule, or take it out of the variant.",
    ),
    Check(
        "L174",
        "without-rules",
        "warning",
        "a dimension or group that no rule pays into",
        "It is 0 for everyone, and reads like a part of the model.",
        "Add rules, or remove it.",
    ),
    Check(
        "L175",
        "product-of-negatives",
        "warning",
        "a product of dimensions that can be negative",
        "Where one dimension is negative, more of another lowers the score; two negatives make a high one.",
        "Give each dimension 'min: 0', or combine by sum.",
    ),
    Check(
        "L176",
        "variant-changes-nothing",
        "warning",
        "a variant that scores like the model itself",
        "It reads as if its leads were treated differently.",
        "Write the difference, or remove the variant.",
    ),
    Check(
        "L177",
        "dropped-and-changed",
        "warning",
        "a variant that drops a rule and changes it as well",
        "A dropped rule does not count, whatever else is said of it: one of the two is not what is meant.",
        "Take the rule out of 'drop', or remove its change from the variant.",
    ),
    # --- what will not travel
    Check(
        "L181",
        "pattern-will-not-travel",
        "note",
        "a regular expression",
        "Engines read patterns differently; the same lead may score differently elsewhere.",
        "Use has_word, contains_any, starts_with, ends_with or glob.",
    ),
    Check(
        "L182",
        "letters-without-case",
        "warning",
        "a text with letters whose case does matter",
        "Only the letters A to Z are compared without case: the same word in capitals does not match.",
        "List both spellings.",
    ),
    Check(
        "L183",
        "list-must-travel",
        "note",
        "a list that the history carries",
        "Wherever leads are scored the same list must be at hand, and up to date.",
        "Write short lists into the model with one_of.",
    ),
    Check(
        "L184",
        "names-differ-by-case",
        "warning",
        "two names that differ only in the case of their letters",
        "Many databases do not tell them apart, and neither do readers.",
        "Rename one of the two.",
    ),
    Check(
        "L185",
        "name-is-no-column",
        "note",
        "a dimension whose name cannot be a plain column",
        "Where scores are written to a table, the column gets another name.",
        "Use letters, digits and '_', at most 59.",
    ),
    Check(
        "L186",
        "letters-in-pieces",
        "warning",
        "a text whose accents are signs of their own",
        "It looks like the text in the data and is another: bytes are compared.",
        "Type the letters anew, as single signs (Unicode NFC).",
    ),
    # --- silences
    Check(
        "L191",
        "stale-silence",
        "warning",
        "a silence that matches no finding",
        "It would hide a finding that nobody has looked at yet.",
        "Remove it, or correct its code or place.",
    ),
    # --- on the data
    Check(
        "L201",
        "never-happened",
        "warning",
        "a rule, gate or variant that no observed lead met",
        "It cannot be judged, and may ask for what the data does not hold, such as another spelling.",
        "Compare its values with the data (`workbench check`), or remove it.",
    ),
    Check(
        "L202",
        "always-happened",
        "warning",
        "a rule, gate or variant that all observed leads met alike",
        "What everybody gets ranks nobody; it only moves the score.",
        "Ask for more, or remove it and lower the thresholds by its points.",
    ),
    Check(
        "L203",
        "case-never-first",
        "warning",
        "a case that was the first to hold for no observed lead",
        "Its points were never paid; cases before it may take all its leads.",
        "Look at the order of the cases and at the spelling of the values.",
    ),
    Check(
        "L204",
        "cap-always-bound",
        "warning",
        "a cap that cut whatever observed leads earned",
        "All who earned anything earned the same: what is under the cap ranks nobody.",
        "Raise the cap, or lower the points.",
    ),
    Check(
        "L205",
        "cap-never-bound",
        "note",
        "a cap of a rule or group, or a limit of points, that cut nobody's points",
        "It has not mattered so far; it may read like a brake that is needed.",
        "Keep it only if it guards against what has not happened yet; then silence this.",
    ),
    Check(
        "L206",
        "tier-never-reached",
        "warning",
        "a tier that no observed lead got",
        "What should follow from it would have followed for nobody.",
        "Lower its 'from' or minima, or remove it.",
    ),
    Check(
        "L207",
        "same-leads",
        "warning",
        "two rules that paid (nearly) the same observed leads",
        _TWICE,
        "Keep the one that says what is meant, or make them one rule.",
    ),
    Check(
        "L208",
        "paid-for-missing",
        "warning",
        "observed leads that were paid although a value is missing",
        "These leads rise for what nobody asked them, and fall once it is filled in.",
        "Add a test 'known: true' on the field, or say 'missing: skip'.",
    ),
    Check(
        "L209",
        "against-the-evidence",
        "warning",
        "a rule that raises leads who converted less than the others, or lowers those who converted more",
        "It moves the score the wrong way.",
        "Look at who these leads are; then lower the points, turn their sign, or remove the rule.",
    ),
    Check(
        "L210",
        "never-in-force",
        "warning",
        "a rule whose dates no observed lead falls into",
        "The backtest says nothing about it.",
        "Correct its dates, or remove it once they are past.",
    ),
)
BY_CODE = {check.code: check for check in CHECKS}
BY_NAME = {check.name: check for check in CHECKS}
