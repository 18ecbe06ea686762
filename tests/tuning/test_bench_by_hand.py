"""The bench on leads made by hand: few enough to count, of one outcome, all taken out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.metrics.delong import delong
from workbench.tuning import Bench


def few(won, x, *, parts=None, plan="{at: recorded}", more=""):
    """A bench on a few hand-made leads."""
    frame = pd.DataFrame({"lead_id": [f"l{n:03}" for n in range(len(won))], "x": x, "Converted": won})
    leads = "{file: frame, id: lead_id, known: creation, outcome: {field: Converted, equals: 1}}"
    if parts is not None:
        frame["split"] = parts
        leads = leads.replace("known: creation", "known: creation, part: {field: split}")
    model = wb.parse_model(f"""
format: lead-scoring-model/1
name: few
dimensions: {{fit: {{}}}}
rules:
  - {{id: high, in: fit, when: {{field: x, at_least: 5}}, points: 10}}
  - {{id: mid, in: fit, when: {{field: x, at_least: 3}}, points: 2.5}}
tiers: [{{name: Low, from: 0}}, {{name: High, from: 10}}]
{more}
""")
    with wb.read_history({"frame": frame}, mapping=f"format: lead-history/1\nleads: {leads}") as history:
        return Bench(model, wb.observe(history, model, wb.parse_plan(plan)))


def test_by_hand():
    bench = few([0, 1, 0, 1], [1, 3, 5, 6], plan="{at: recorded, value: {contact_cost: 2, win: 9}}")
    part = bench.base.parts["all"]
    assert (bench.parts, bench.main_tier, bench.base.cuts) == (("all",), "High", (("Low", 0.0), ("High", 10.0)))
    assert part.scores.tolist() == [0, 2.5, 12.5]
    assert (part.negatives.tolist(), part.positives.tolist()) == ([1, 0, 1], [0, 1, 1])
    assert part.precision.tolist() == [0.5, 2 / 3, 0.5]
    assert part.recall.tolist() == [1, 1, 0.5]
    assert part.value.tolist() == [10, 12, 5]
    assert part.auc == 2.5 / 4
    # Half of the list is the two with 12.5, one of whom converted; a quarter is half of them.
    assert part.captured[[0, 25, 50, 75, 100]].tolist() == [0, 0.25, 0.5, 1, 1]
    assert part.lift[[25, 50, 100]].tolist() == [1, 1, 1]
    assert np.isnan(part.lift[0])


def test_parts_with_nobody_or_one_outcome_have_figures_that_are_undefined():
    bench = few(
        [1, 1, 0, 1],
        [1, 3, 5, 6],
        parts=["train", "train", "test", "test"],
        plan="{at: recorded, split: {by: part}, value: {contact_cost: 2, win: 9}}",
    )
    nobody, train = bench.base.parts["validation"], bench.base.parts["train"]
    assert (nobody.n, nobody.scores.size, nobody.precision.size, nobody.bands.n.sum()) == (0, 0, 0, 0)
    assert np.isnan([nobody.rate, nobody.auc, train.auc, *nobody.captured, *nobody.lift]).all()
    changes = bench.changes(wb.change_model(bench.champion, {"rules.mid.points": 11})).set_index(["part", "figure"])
    assert changes.loc[("train", "auc"), "verdict"] == "not enough evidence"
    assert changes.loc[("train", "leads"), "candidate"] == 1
    bench.with_intervals(bench.base)


def test_everybody_taken_out_leaves_nothing_but_their_number():
    bench = few([0, 1, 0, 1], [1, 3, 5, 6], more="gates: [{id: all, when: {field: x, known: true}, tier: Out}]")
    part = bench.base.parts["all"]
    assert (part.gated_negatives, part.gated_positives, part.scores.size, part.auc) == (2, 2, 0, 0.5)
    assert bench.with_intervals(bench.base).parts["all"].bands.n.sum() == 0
    assert set(bench.changes(bench.champion)["verdict"]) <= {"same", "not enough evidence"}


def test_the_interval_of_a_change_of_auc_beside_nothing_is_delongs():
    rng = np.random.default_rng(2)
    x = rng.integers(0, 8, 400)
    won = (rng.random(400) < 0.1 + 0.05 * x).astype(int)
    bench = few(won, x)
    flat = wb.change_model(bench.champion, {"rules.high.points": 0, "rules.mid.points": 0})
    row = bench.changes(flat).set_index("figure").loc["auc"]
    part = bench.base.parts["all"]
    own = delong(part.negatives, part.positives)
    assert row["champion"] == pytest.approx(float(own.auc))
    assert row["candidate"] == 0.5
    # Towards 0 it is wider: without a difference one would vary more. Student's quantile is that of some 100 leads.
    assert 1.96 < (row["change"] - row["low"]) / np.sqrt(own.variance) < 2.05
    assert row["high"] - row["change"] > row["change"] - row["low"]
    assert row["verdict"] == "worse"


def test_a_handful_of_leads_is_no_evidence_however_far_their_figures_lie_apart():
    # 14 leads have x = 5, of whom 13 convert, 14 have x = 3 and do not; one of the 60 others converts in ten.
    x = [5] * 14 + [3] * 14 + [1] * 60
    won = [1] * 13 + [0] * 15 + [number % 10 == 0 for number in range(60)]
    bench = few(np.array(won, dtype=int), x)
    rows = bench.changes(wb.change_model(bench.champion, {"rules.mid.points": 10})).set_index("figure")
    assert rows.loc["precision", ["champion", "candidate"]].tolist() == [13 / 14, 13 / 28]
    assert rows.loc["precision", "high"] < 0
    assert rows.loc["precision", "verdict"] == "not enough evidence"
    # Of fewer than five converts nothing is known.
    rare = few([0] * 40 + [1] * 4, [5] * 36 + [1] * 8)
    turned = wb.change_model(rare.champion, {"rules.high.points": -10})
    area = rare.changes(turned).set_index("figure").loc["auc"]
    assert area["change"] > 0.5
    assert area["verdict"] == "not enough evidence"
