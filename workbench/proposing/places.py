"""Where a proposed rule goes, and what it is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from workbench.model import AccountFieldTest, CasesRule, EachRule, EventFilter, FieldTest, Model, WhenRule, leaves
from workbench.model.rules import CoreRule
from workbench.model.sugar import written_out

FIT, ENGAGEMENT = "fit", "engagement"
LONGEST = 48


def dimension_for(when: Mapping[str, Any], model: Model | None) -> str:
    """The dimension where most rules on the same field or event pay, else most on fields or events, else the first.

    Without a model: `fit` for fields, `engagement` for events.
    """
    event = "event" in when
    if model is None:
        return ENGAGEMENT if event else FIT
    own, alike = Counter[str](), Counter[str]()
    for rule in model.rules:
        for key, name in _asked(written_out(rule)):
            place = model.dimension_of(rule)
            alike[place] += (key == "event") == event
            own[place] += key in when and name == when[key]
    for counted in (own, alike):
        best = [place for place in model.dimensions if counted[place] == max(counted.values(), default=0) > 0]
        if best:
            return best[0]
    return next(iter(model.dimensions))


def _asked(rule: CoreRule) -> Iterator[tuple[str, str]]:
    if isinstance(rule, EachRule):
        yield from (("event", name) for name in rule.each.event)
        return
    conditions = [case.when for case in rule.cases] if isinstance(rule, CasesRule) else []
    conditions += [rule.when] if isinstance(rule, WhenRule) else []
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, FieldTest):
                yield "field", leaf.field
            elif isinstance(leaf, AccountFieldTest):
                yield "account_field", leaf.account_field
            elif isinstance(leaf, EventFilter):
                yield from (("event", name) for name in leaf.event)


def named(words: str, taken: set[str]) -> str:
    """An id that the model does not have yet, made from words; it is added to `taken`."""
    plain = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "rule"
    if len(plain) > LONGEST:
        plain = plain[: LONGEST + 1].rpartition("_")[0] or plain[:LONGEST]
    if not plain[0].isalpha():
        plain = f"rule_{plain}"
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}_{number}", number + 1
    taken.add(found)
    return found
