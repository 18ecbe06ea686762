"""What a contender must do without: columns that leak the outcome or seem to, and rules that ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.checking.check import WINDOWS
from workbench.checking.leaks import judged
from workbench.checking.material import Material
from workbench.history import History
from workbench.model import AccountFieldTest, CasesRule, Condition, FieldTest, Model, WhenRule, leaves
from workbench.observation import Asked, Observations, Values
from workbench.predicting.design import usable

LEAKS, SUSPECTED = "leaks the outcome", "suspected to leak the outcome"
REASONS = {"leak": LEAKS, "leak-suspected": SUSPECTED}
ASKS = "asks for what leaks, or seems to"
_WINDOWS = tuple(None if days is None else f"{days}d" for days in WINDOWS)


@dataclass(frozen=True)
class Screen:
    """What leaks.

    Attributes:
        columns: why each column of values is left out that might be used otherwise, the leaks first.
        rules: enabled rules, `gate` and `variant`, that ask for such columns, each with their names.
        told: empty, or why leaks could not be told.
    """

    columns: Mapping[str, str]
    rules: Mapping[str, tuple[str, ...]]
    told: str


def screened(
    model: Model, history: History, seen: Observations, values: Values, *, progress: Callable[[str], None]
) -> Screen:
    """Screen by the check of the data, on the columns that it looks at, so that both say the same.

    Columns count whether or not the plan lets a model use them: leaks are told by what is filled with them.

    Args:
        model: whose rules are looked at.
        history: open.
        seen: the observations; sealed outcomes are not looked at.
        values: what was known of them.
        progress: called with one line for each step.
    """
    asked = tuple(each for each in values.asked if _looked_at(each))
    material = Material.of(history, seen, replace(values, asked=asked))
    verdicts = judged(material, progress)
    reasons = {found.about: REASONS[found.code] for found in verdicts.findings if found.code in REASONS}
    free = {each.name for each in usable(values, seen.plan)[0]}
    columns = {name: reason for name, reason in sorted(reasons.items(), key=_gravest) if name in free}
    told = ""
    if not material.enough:
        told = (
            f"Only {material.converted:,} of {material.n:,} leads whose outcome may be seen converted: not enough "
            f"evidence to tell leaks by, so the contenders may use some."
        )
    return Screen(columns, _rules(model, [values[name] for name in reasons]), told)


def _gravest(item: tuple[str, str]) -> bool:
    return item[1] != LEAKS


def _looked_at(asked: Asked) -> bool:
    """Fields, and events in the windows of the check."""
    if asked.known != "event":
        return True
    return "where" not in asked.operand and (asked.measure != "count" or asked.operand.get("within") in _WINDOWS)


def _rules(model: Model, leaking: Sequence[Asked]) -> dict[str, tuple[str, ...]]:
    own = {str(each.operand["field"]): each.name for each in leaking if "field" in each.operand}
    accounts = {str(each.operand["account_field"]): each.name for each in leaking if "account_field" in each.operand}
    found: dict[str, dict[str, None]] = {}
    for name, condition in _conditions(model):
        for leaf in leaves(condition):
            if isinstance(leaf, FieldTest) and leaf.field in own:
                found.setdefault(name, {})[own[leaf.field]] = None
            elif isinstance(leaf, AccountFieldTest) and leaf.account_field in accounts:
                found.setdefault(name, {})[accounts[leaf.account_field]] = None
    return {name: tuple(names) for name, names in found.items()}


def _conditions(model: Model) -> Iterator[tuple[str, Condition | None]]:
    for alternative in model.alternatives:
        yield "variant", alternative.when
        for rule in alternative.model.written_out:
            if isinstance(rule, WhenRule):
                yield rule.id, rule.when
            elif isinstance(rule, CasesRule):
                yield from ((rule.id, case.when) for case in rule.cases)
    yield from (("gate", gate.when) for gate in model.gates)
