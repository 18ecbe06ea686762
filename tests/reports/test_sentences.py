from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from workbench.plan import parse_plan
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


def test_equal_scores_rank_nobody(told):
    same = pd.DataFrame({"score": [20.0], "converted": [55], "not_converted": [533]})
    equal = verdict(replace(told, result=replace(told.result, distribution=same)))
    assert equal.lead == "champion v3 ranks nobody. All 588 leads have the same score: nothing is ranked."
    assert not any(line.startswith("AUC") for line in equal.lines)
    gated = replace(told.result, distribution=same.assign(not_converted=500))
    assert "All 555 leads that no gate took out have the same score" in headline(gated)


def test_ties_of_the_auc_are_told(told):
    assert any("(ties count half)" in line for line in verdict(told).lines)


def test_observations_are_counted_beside_their_leads(told):
    text = str(verdict(replace(told, result=replace(told.result, leads=1))))
    assert "213 of 588 observations (of 1 lead) reached MQL" in text
    assert "the top 20 % of observations by score" in text


def test_nobody_converted(told):
    none = replace(told.result, converted=0)
    assert "Nobody converted." in verdict(replace(told, result=none)).lines


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("{every: month}", "scored once every month while it is open.*one lead gives several observations"),
        ("1d", "1 day after it was created"),
        ("{stage: mql}", "when it enters the stage 'mql'"),
    ],
)
def test_a_plan_without_a_name_is_told_by_what_it_does(told, at, words):
    plan = parse_plan(f"{{at: {at}, outcome: won, horizon: 90d}}")
    line = next(each for each in about(replace(told, plan=plan)).lines if each.startswith("Plan:"))
    assert "as recorded" not in line
    assert re.search(words, line)


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
