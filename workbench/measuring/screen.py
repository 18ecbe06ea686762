"""What a contender must do without: columns that leak the outcome or seem to, and rules that ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.checking.screening import LEAKS, SUSPECTED, screening
from workbench.history import History
from workbench.model import AccountFieldTest, CasesRule, Condition, FieldTest, Model, WhenRule, leaves
from workbench.observation import Asked, Observations, Values
from workbench.predicting.design import usable

__all__ = ["ASKS", "LEAKS", "SUSPECTED", "Screen", "screened"]
ASKS = "asks for what leaks, or seems to"


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
    """What the check of the data takes for leaks (`workbench.checking.screening`), and which rules ask for it.

    Args:
        model: whose rules are looked at.
        history: open.
        seen: the observations; sealed outcomes are not looked at.
        values: what was known of them.
        progress: called with one line for each step.
    """
    found = screening(history, seen, values, progress=progress)
    free = {each.name for each in usable(values, seen.plan)[0]}
    columns = {name: reason for name, reason in found.columns.items() if name in free}
    return Screen(columns, _rules(model, [values[name] for name in found.columns]), found.told)


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
