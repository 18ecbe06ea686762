"""The check: what the data holds, what leaks the answer, and which outcomes are too young to count."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbench.checking.catalogue import KINDS, kind
from workbench.checking.dated import only_after, undated
from workbench.checking.finding import SEVERITIES, Finding
from workbench.checking.leaks import Verdicts, judged
from workbench.checking.material import Material
from workbench.checking.meaning import changes
from workbench.checking.result import Check
from workbench.checking.rows import id_fields, ids, keys, twins
from workbench.checking.times import collapse, late_wins, rate_breaks, young
from workbench.checking.tracking import breaks
from workbench.history import History, describe
from workbench.observation import observe, values_at
from workbench.plan import RECORDED, Plan
from workbench.predicting.trap import TimeTrap

WINDOWS = (30, None)
"""Windows that events are counted in: enough to see which events are strong."""
_FIRST = ("time-collapse", "leak")
_ORDER = {each.code: number for number, each in enumerate(KINDS)}


def _quiet(_: str) -> None:
    return None


def check(history: History, plan: Plan | None = None, *, progress: Callable[[str], None] = _quiet) -> Check:
    """Describe a loaded history, and look for what would make figures from it wrong.

    Outcomes are looked at by the plan, or as recorded where they stand in the rows; without either only findings that
    need no outcome are made. Sealed outcomes are never looked at.

    Args:
        history: the loaded past, open.
        plan: when leads are observed, and by which outcome.
        progress: called with one line for each step.

    Raises:
        InputError: if the plan does not fit the history, as `observe` does.
    """
    description = describe(history)
    if plan is None and history.flat_outcome:
        plan = RECORDED
    findings = [*undated(history, plan), *breaks(history)]
    if plan is None or plan.unit == "account":
        findings.append(_undecided(plan))
        return Check(description, _sorted(findings))
    seen = observe(history, (), plan, progress=progress)
    values = values_at(history, seen, windows=WINDOWS, properties=False, progress=progress)
    material = Material.of(history, seen, values)
    verdicts = Verdicts((), (), None)
    trap: TimeTrap | None = None
    if material.enough:
        verdicts = judged(material, progress)
        progress("Judging in the order of time")
        trap, collapsed = collapse(material, verdicts.leaks)
        findings += [*verdicts.findings, *collapsed, *_of_outcomes(material)]
    else:
        findings.append(_too_few(material))
    progress("Looking for changes of meaning, and for twins")
    told = [*verdicts.leaks, *(found.about for found in verdicts.findings if found.code == "encodes-time")]
    findings += [*young(material), *changes(material, told), *id_fields(material), *twins(material)]
    return Check(
        description=description,
        findings=_sorted(findings),
        plan=plan.plain(),
        judged={"n": material.n, "converted": material.converted},
        trap=trap,
    )


def _of_outcomes(material: Material) -> Iterator[Finding]:
    yield from late_wins(material)
    yield from rate_breaks(material)
    yield from only_after(material)
    yield from ids(material)
    yield from keys(material)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    """By severity; of one severity the collapse and the leaks first, then as in the catalogue, the strongest first."""
    return tuple(
        sorted(
            findings,
            key=lambda each: (
                SEVERITIES.index(each.severity),
                _FIRST.index(each.code) if each.code in _FIRST else len(_FIRST),
                _ORDER[each.code],
                -float(each.evidence.get("auc") or 0.0),
                each.about,
            ),
        )
    )


def _undecided(plan: Plan | None) -> Finding:
    if plan is None:
        said = "Leaks were not looked for: no outcome is known, as there is no plan and none stands in the rows."
        return kind("undecided").at("outcome", said, {})
    said = "Leaks were not looked for: the plan is about accounts, and fields are checked lead by lead."
    return kind("undecided").at("outcome", said, {}, remedy="Name a plan of leads ('unit: lead').")


def _too_few(material: Material) -> Finding:
    said = (
        f"Only {material.converted:,} of {material.n:,} judged leads converted: not enough evidence to tell leaks by."
    )
    if material.converted > material.n / 2:
        lost = material.n - material.converted
        said = f"All but {lost:,} of {material.n:,} judged leads converted: not enough evidence."
    return kind("not-enough-evidence").at("outcome", said, {"n": material.n, "converted": material.converted})
