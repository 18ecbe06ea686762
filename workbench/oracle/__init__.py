"""The oracle: what a model says of one lead, worked out in the plainest way.

A second opinion for every engine. It reads a model's frozen values as their author wrote them, and one lead's facts,
and follows the order of evaluation step by step in ordinary Python; it is slow and shares nothing with the code that
it judges. Short forms, variants and curves are read by what they mean, never by what they are turned into.

Amounts are integer thousandths of a point ("milli"); times are integers, UTC epoch microseconds; the age of an event
is `floor((as_of - at) / 1 day)`, for events before `as_of` only. Numbers are IEEE doubles.

What an operator does with a value of another kind (a number where a text is asked for, or the other way round) is
decided here by making the test false; a model that asks so is refused before any engine reads it.
"""

from __future__ import annotations

from workbench.oracle.conditions import holds, passing
from workbench.oracle.facts import BUILT_IN, DAY_US, Event, Fact, Facts, Lead, Lists, facts_of
from workbench.oracle.fading import decayed, idle, share
from workbench.oracle.judgement import AccountVerdict, Verdict, judge, judge_account, tier_reached
from workbench.oracle.scale import transformed

__all__ = [
    "BUILT_IN",
    "DAY_US",
    "AccountVerdict",
    "Event",
    "Fact",
    "Facts",
    "Lead",
    "Lists",
    "Verdict",
    "decayed",
    "facts_of",
    "holds",
    "idle",
    "judge",
    "judge_account",
    "passing",
    "share",
    "tier_reached",
    "transformed",
]
