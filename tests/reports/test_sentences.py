from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.reports import about, verdict, warnings
from workbench.reports.sentences import headline


def lifted(result, value, low, high):
    metrics = result.metrics.copy()
    metrics.loc[metrics["metric"] == "lift_20", ["value", "low", "high"]] = [value, low, high]
    return replace(result, metrics=metrics)


@pytest.mark.parametrize(
    ("lift", "start"),
    [
        ((2.0, 1.4, 2.6), "champion v3 finds buyers: the top 20 % of leads by score convert 2.0x [1.4–2.6x]"),
        ((1.3, 0.9, 1.8), "Not enough evidence that champion v3 finds buyers: its top 20 % convert 1.3x [0.9–1.8x]"),
        ((0.5, 0.2, 0.9), "champion v3 ranks the wrong way round: its top 20 % of leads convert only 0.5x"),
        ((float("nan"),) * 3, "Not enough evidence on champion v3: its scores do not rank"),
    ],
)
def test_the_headline_says_no_more_than_the_interval(result, lift, start):
    assert headline(lifted(result, *lift)).startswith(start)


def test_few_converts_are_no_evidence(told):
    few = replace(told, result=replace(told.result, converted=9))
    assert verdict(few).lead == "Not enough evidence on champion v3: 9 of 588 leads converted."
    assert not any("worth most" in line for line in verdict(few).lines)


def test_the_verdict_counts_the_main_tier(told):
    text = "\n".join(verdict(told).lines)
    assert "213 of 588 leads reached MQL or above; 31 of them converted (14.6 %, against 9.4 % of all)." in text
    assert "24 of the 55 that converted did not reach MQL." in text
    assert "SQL stands above PQL but did not convert more often: 17.2 % against 21.2 %." in text
    assert "from 35 points (MQL) it was" in text


def test_without_tiers_it_says_so(told):
    bare = replace(told, result=replace(told.result, main_tier=None, main_threshold=None))
    assert "The model has no tiers: nobody is told whom to call." in verdict(bare).lines


def test_what_was_judged(told):
    text = str(about(told))
    assert "Data: sample, 4,994 leads" in text
    assert "14 days after it was created" in text
    assert "'won' in the 90 days that follow" in text
    assert "Only leads whose region is 'EMEA'" in str(about(replace(told, segment="region", value="EMEA")))


def test_warnings_come_first_then_what_was_hidden(told):
    assert warnings(told).lines == (*told.result.warnings, *told.hidden)
    assert str(warnings(replace(told, hidden=(), result=replace(told.result, warnings=())))) == "No warnings."
