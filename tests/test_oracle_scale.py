"""How dimensions combine, the other scale, the matrix and the account's score, by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_lead import lead_of, model_of, paying, verdict

from workbench.document import Document
from workbench.errors import ModelError
from workbench.model import Transform
from workbench.oracle import AccountVerdict, Verdict, judge_account, transformed
from workbench.parsing import parse


def combined(*points: float, dimensions: dict | None = None, **parts) -> Verdict:
    """The verdict on a lead whose dimensions d0, d1, … get these points."""
    names = [f"d{number}" for number in range(len(points))]
    rules = [paying(each, **{"in": name}) for name, each in zip(names, points, strict=True)]
    return verdict(model_of(*rules, dimensions=dimensions or {name: {} for name in names}, **parts), lead_of())


def transform(**way) -> Transform:
    return parse(Transform, Document("transform", way, {}, ""), ModelError)


class TestCombine:
    @pytest.mark.parametrize(
        ("score", "points", "milli"),
        [
            ({}, (1.5, -2.25, 4), 3_250),
            ({"combine": "max"}, (1.5, -2.25, 1), 1_500),
            ({"combine": "max"}, (-1.5, -2.25, -9), -1_500),
            ({"combine": "weighted", "weights": {"d0": "50%", "d1": 0.25, "d2": 0}}, (10, 20, 30), 10_000),
            ({"combine": "weighted", "weights": {"d0": 0.5, "d1": 0.5, "d2": 0}}, (0.001, 0.001, 9), 1),
            ({"combine": "weighted", "weights": {"d0": 0.5, "d1": 0, "d2": 0}}, (0.001, 1, 9), 1),
            ({"combine": "weighted", "weights": {"d0": 0.5, "d1": 0, "d2": 0}}, (-0.001, 1, 9), 0),
            ({"combine": "product"}, (2.5, 4, 3), 30_000),
            ({"combine": "product"}, (-2.5, 4, 3), -30_000),
            ({"combine": "product"}, (0.5, 0.5, 0.002), 1),  # 0.0005
            ({"combine": "product"}, (0.5, 0.5, -0.002), 0),  # -0.0005
            ({"combine": "product"}, (0.001, 0.5, 1000), 500),  # rounded once: 0.001 x 0.5 alone would be 0.001
            ({"combine": "product"}, (0, 4, 3), 0),
        ],
    )
    def test_hand_computed(self, score, points, milli):
        assert combined(*points, score=score).score == milli

    @pytest.mark.parametrize(("weight", "points", "milli"), [("50%", 0.001, 1), ("50%", -0.001, 0), (1.5, -3, -4_500)])
    def test_weights_of_rules_and_of_dimensions(self, weight, points, milli):
        rule = paying(points, weight=weight)
        assert verdict(model_of(rule), lead_of()).rules == {"r0": milli}
        dimension = {"fit": {"weight": weight}}
        assert verdict(model_of(paying(points), dimensions=dimension), lead_of()).dimensions == {"fit": milli}


class TestTransform:
    TABLE = transform(table=[[-5, 0], [0, 10], [1.5, 10], [20, 99.5]])

    @pytest.mark.parametrize(
        ("milli", "to"),
        [
            (-9_000, 0),
            (-5_000, 0),
            (-1, 0),
            (0, 10_000),
            (1_500, 10_000),
            (19_999, 10_000),
            (20_000, 99_500),
            (10**9, 99_500),
        ],
    )
    def test_a_table(self, milli, to):
        assert transformed(self.TABLE, milli) == to

    @pytest.mark.parametrize(
        ("milli", "to"),
        [
            (-50_000, 0),
            (0, 0),
            (999, 0),
            (1_000, 1),
            (2_999, 1),
            (3_000, 2),
            (100_000, 50),
            (100_001, 50),
            (99_000, 50),
            (98_999, 49),
        ],
    )
    def test_a_straight_line(self, milli, to):
        assert transformed(transform(rescale={"from": [0, 100], "to": [0, 50]}), milli) == to * 1000

    @pytest.mark.parametrize(
        ("milli", "to"), [(-1, 0), (0, 0), (24, 0), (25, 1), (219, 1), (220, 2), (25_000, 16), (100_000, 32)]
    )
    def test_a_root(self, milli, to):
        """to = 32 x sqrt(x / 100): half a point at 100 x (0.5/32)^2 = 0.0244…, 1.5 at 0.2197…, 15.5 at 23.4…"""
        assert transformed(transform(sqrt={"from": [0, 100], "to": [0, 32]}), milli) == to * 1000

    def test_a_root_that_is_a_fraction_without_end(self):
        """4.5 x sqrt(1/9) = 1.5 exactly, and goes up."""
        curve = transform(sqrt={"from": [0, 9], "to": [0, 4.5]})
        assert [transformed(curve, milli) for milli in (999, 1_000)] == [1_000, 2_000]

    @pytest.mark.parametrize(
        ("milli", "to"), [(50_000, 50), (49_999, 50), (-900_000, 0), (900_000, 100), (60_000, 73), (40_000, 27)]
    )
    def test_the_logistic_curve(self, milli, to):
        """100 / (1 + e^-1) = 73.1; at the middle less a thousandth 49.9975 rounds to 50."""
        assert transformed(transform(logistic={"middle": 50, "spread": 10, "to": [0, 100]}), milli) == to * 1000

    def test_the_logistic_curve_never_gets_there(self):
        curve = transform(logistic={"middle": 0, "spread": 0.001, "to": [0, 1.5]})
        assert transformed(curve, 10**9) == 1_000
        curve = transform(logistic={"middle": 0, "spread": 1, "to": [0, 1]})
        assert [transformed(curve, milli) for milli in (-1, 0)] == [0, 1_000]

    POINTS = st.integers(-60_000, 60_000).map(lambda number: number / 1000)
    ENDS = st.tuples(POINTS, POINTS).filter(lambda ends: ends[0] < ends[1]).map(list)

    @settings(max_examples=150, deadline=None)
    @given(
        st.one_of(
            st.fixed_dictionaries({"rescale": st.fixed_dictionaries({"from": ENDS, "to": ENDS})}),
            st.fixed_dictionaries({"sqrt": st.fixed_dictionaries({"from": ENDS, "to": ENDS})}),
            st.fixed_dictionaries(
                {
                    "logistic": st.fixed_dictionaries(
                        {"middle": POINTS, "spread": st.integers(1, 9_000).map(lambda each: each / 1000), "to": ENDS}
                    )
                }
            ),
        )
    )
    def test_a_curve_and_its_table_agree_at_every_step_and_just_below(self, way):
        curve = transform(**way)
        table = curve.written_out
        steps = [int(low * 1000) for low, _ in table.table or ()]
        for milli in {near for step in steps for near in (step - 1, step, step + 1)} | {-(10**9), 10**9}:
            assert transformed(curve, milli) == transformed(table, milli), (milli, table)
        assert all(math.floor(to) == to for _, to in table.table or ())


class TestMatrix:
    MATRIX = {  # noqa: RUF012
        "rows": {"dimension": "d0", "from": {"A": 60, "B": 30, "C": 0}},
        "columns": {"dimension": "d1", "from": {"2": 10, "1": 40}},
        "tiers": {"A1": "Hot", "A2": "Warm", "B1": "Warm", "C2": "Cold"},
    }
    TIERS = [{"name": "Cold"}, {"name": "Warm"}, {"name": "Hot"}]  # noqa: RUF012

    def judged(self, *points, **score):
        return combined(*points, matrix=self.MATRIX, tiers=self.TIERS, score=score)

    @pytest.mark.parametrize(
        ("points", "grade", "tier"),
        [
            ((60, 40), "A1", "Hot"),
            ((59.999, 40), "B1", "Warm"),
            ((100, 39.999), "A2", "Warm"),
            ((0, 10), "C2", "Cold"),
            ((30, 10), "B2", None),
            ((-0.001, 40), None, None),
            ((60, 9.999), None, None),
        ],
    )
    def test_grades_and_tiers(self, points, grade, tier):
        found = self.judged(*points)
        assert (found.grade, found.tier) == (grade, tier)
        assert found.score == sum(points) * 1000
        rank = {"Cold": 1_000, "Warm": 2_000, "Hot": 3_000, None: 0}[tier]
        assert self.judged(*points, combine="matrix").score == rank

    def test_the_rank_goes_through_the_scale_and_the_cap(self):
        found = self.judged(60, 40, combine="matrix", transform={"table": [[0, 0], [3, 90]]}, max=80)
        assert (found.score, found.tier) == (80_000, "Hot")

    def test_a_gate_goes_before_the_grade(self):
        gates = [{"id": "g", "when": {"field": "x", "known": False}, "tier": "Cold"}]
        found = combined(60, 40, matrix=self.MATRIX, tiers=self.TIERS, gates=gates)
        assert (found.grade, found.tier, found.gate, found.score) == ("A1", "Cold", "g", 100_000)

    def test_no_matrix_no_grade(self):
        assert combined(60, 40).grade is None


class TestAccounts:
    TIERS = [{"name": "B", "from": 5}, {"name": "A", "from": 10}]  # noqa: RUF012

    def judged(self, account, *scores):
        model = model_of(paying(1), account={"tiers": self.TIERS, **account})
        return judge_account(model, [Verdict({}, {}, {}, score, None, None) for score in scores])

    @pytest.mark.parametrize(
        ("account", "milli", "tier"),
        [
            ({"roll_up": "sum"}, 15_000, "A"),
            ({"roll_up": "mean"}, 3_750, None),
            ({"roll_up": "max"}, 10_000, "A"),
            ({"roll_up": "min"}, -2_000, None),
            ({"roll_up": "top_mean", "top": 2}, 8_500, "B"),
            ({"roll_up": "top_mean", "top": 9}, 3_750, None),
            ({"roll_up": "top_mean", "top": 1}, 10_000, "A"),
            ({"roll_up": "count_above", "above": 7}, 2_000, None),
            ({"roll_up": "count_above", "above": 7.001}, 1_000, None),
            ({"roll_up": "count_above", "above": 99}, 0, None),
            ({"roll_up": "count_above", "above": -2}, 4_000, None),
        ],
    )
    def test_roll_ups(self, account, milli, tier):
        scores = (7_000, None, 10_000, -2_000, 0)
        assert self.judged(account, *scores) == AccountVerdict(milli, tier)
        assert self.judged(account, *reversed(scores)) == AccountVerdict(milli, tier)

    @pytest.mark.parametrize(("scores", "milli"), [((1, 2), 2), ((-1, -2), -1), ((1, 1, 2), 1), ((1, 2, 2), 2)])
    def test_means_round_half_up(self, scores, milli):
        assert self.judged({"roll_up": "mean"}, *scores).score == milli
        assert self.judged({"roll_up": "top_mean", "top": 3}, *scores).score == milli

    def test_of_no_lead(self):
        for roll_up in ({"roll_up": "sum"}, {"roll_up": "count_above", "above": 1}):
            assert self.judged(roll_up) == self.judged(roll_up, None, None) == AccountVerdict(None, None)

    def test_tiers_are_inclusive(self):
        assert [self.judged({"roll_up": "max"}, milli).tier for milli in (4_999, 5_000, 9_999, 10_000)] == [
            None,
            "B",
            "B",
            "A",
        ]
