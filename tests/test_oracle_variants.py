"""Which variant applies and what it changes, by hand."""

from __future__ import annotations

import pytest
from one_lead import NOON, days_ago, lead_of, model_of, paying, verdict

from workbench.model import read_model

BIG = {"field": "size", "at_least": 1000}
TIERS = [{"name": "Nurture", "from": 0}, {"name": "MQL", "from": 40}]


def varied(*variants: dict, **parts):
    rules = [paying(20, cap={"max": 15}, weight=2), paying(5), paying(100, enabled=False)]
    named = [{"name": f"v{number}", **variant} for number, variant in enumerate(variants)]
    return model_of(*rules, variants=named, tiers=TIERS, **parts)


class TestChoice:
    MODEL = varied(
        {"when": BIG, "multiply": {"rules": {"r1": 2}}},
        {"when": {"field": "stage", "equals": "awareness"}, "multiply": {"rules": {"r1": 3}}},
    )

    @pytest.mark.parametrize(
        ("fields", "variant", "milli"),
        [
            ({}, "", 35_000),
            ({"size": 999.999}, "", 35_000),
            ({"size": 1000.0}, "v0", 40_000),
        ],
    )
    def test_the_first_that_holds_or_the_model_itself(self, fields, variant, milli):
        found = verdict(self.MODEL, lead_of(**fields))
        assert (found.variant, found.score) == (variant, milli)

    def test_stages_choose(self):
        lead = lead_of(size=1000.0)
        staged = lead.__class__({}, {}, (), stages=(("Awareness", NOON - 1), ("mql", NOON)))
        assert verdict(self.MODEL, staged).variant == "v1"
        both = lead.__class__(lead.fields, {}, (), stages=(("awareness", NOON - 1),))
        assert verdict(self.MODEL, both).variant == "v0"

    def test_the_last_one_without_a_when_takes_the_rest(self):
        model = varied({"when": BIG}, {"drop": ["r0"]})
        assert [verdict(model, lead_of(size=size)).score for size in (1000.0, 1.0, None)] == [35_000, 5_000, 5_000]


class TestChanges:
    def judged(self, variant, *events, **parts):
        return verdict(varied({"when": BIG, **variant}, **parts), lead_of(*events, size=5000.0))

    def test_multipliers_come_on_top_of_weights_and_round_once(self):
        found = self.judged({"multiply": {"rules": {"r0": 1.5}, "dimensions": {"fit": 0.1}}})
        assert found.rules == {"r0": 45_000, "r1": 5_000}
        assert found.paid == {"r0": 20_000, "r1": 5_000}
        assert found.dimensions == {"fit": 5_000}
        dimensions = {"fit": {"weight": 0.5, "max": 12.5}}
        assert self.judged({"multiply": {"dimensions": {"fit": 0.5}}}, dimensions=dimensions).score == 8_750
        assert self.judged({"multiply": {"dimensions": {"fit": 0.8}}}, dimensions=dimensions).score == 12_500
        rule = paying(0.001, weight=0.5)
        model = model_of(rule, variants=[{"name": "v", "multiply": {"rules": {"r0": 0.9}}}])
        assert verdict(model, lead_of()).score == 0  # 0.45 of a thousandth; rounded twice it would be 1

    def test_override_replaces_the_whole_rule(self):
        rule = {"id": "r0", "in": "fit", "each": {"event": "visit"}, "points": 3}
        found = self.judged({"override": [rule], "multiply": {"rules": {"r0": 2}}}, *[days_ago(1)] * 7)
        assert found.rules == {"r0": 42_000, "r1": 5_000}

    def test_override_can_enable_and_disable(self):
        on, off = {"id": "r2", "in": "fit", **paying(1)}, {"id": "r1", "in": "fit", **paying(5, enabled=False)}
        assert self.judged({"override": [on, off]}).rules == {"r0": 30_000, "r2": 1_000}

    def test_add_and_drop(self):
        short = {"id": "new", "in": "fit", "map": {"field": "size", "points": {"x": 1}}, "default": 7, "weight": 0.5}
        found = self.judged({"add": [short], "drop": ["r0", "r2"], "multiply": {"rules": {"new": 3}}})
        assert found.rules == {"r1": 5_000, "new": 10_500}
        assert found.score == 15_500

    def test_tiers(self):
        assert (self.judged({}).tier, self.judged({"tiers": {"MQL": 35}}).tier) == ("Nurture", "MQL")
        assert verdict(varied({"when": BIG, "tiers": {"MQL": 35}}), lead_of()).tier == "Nurture"

    def test_gates_are_the_models_own(self):
        gates = [{"id": "g", "when": BIG, "tier": "Out"}]
        found = self.judged({"drop": ["r0"]}, gates=gates)
        assert (found.variant, found.gate, found.tier, found.score) == ("v0", "g", "Out", None)
        assert found.rules == {"r1": 5_000}


class TestAnotherModel:
    OTHER = {  # noqa: RUF012
        "format": "lead-scoring-model/1",
        "name": "other",
        "dimensions": {"use": {"max": 9}, "fit": {}},
        "groups": {"mail": {"in": "use", "min": -1}},
        "rules": [
            {"id": "r0", "in": "mail", **paying(-5)},
            {"id": "z", "in": "use", **paying(4)},
            {"id": "off", "in": "use", **paying(4, enabled=False)},
        ],
        "score": {"round": "half_up", "transform": {"rescale": {"from": [0, 10], "to": [0, 100]}}},
        "tiers": [{"name": "Nurture", "from": 0}, {"name": "MQL", "from": 30}],
    }

    def test_everything_but_gates_is_the_other_models(self):
        gates = [{"id": "g", "when": {"field": "rival", "equals": True}, "tier": "Nurture"}]
        model = varied({"when": BIG, "model": self.OTHER}, gates=gates)
        found = verdict(model, lead_of(size=5000.0))
        assert found.rules == {"r0": -5_000, "z": 4_000}
        assert found.groups == {"mail": -1_000}
        assert found.dimensions == {"fit": 0, "use": 3_000}
        assert (found.score, found.tier, found.variant) == (30_000, "MQL", "v0")
        forced = verdict(model, lead_of(size=5000.0, rival=True))
        assert (forced.score, forced.tier, forced.gate) == (30_000, "Nurture", "g")

    def test_the_models_own_leads_have_nothing_in_the_others_dimensions(self):
        found = verdict(varied({"when": BIG, "model": self.OTHER}), lead_of())
        assert found.dimensions == {"fit": 35_000, "use": 0}
        assert list(found.dimensions) == ["fit", "use"]
        assert found.groups == {}

    def test_of_a_file(self, tmp_path):
        head = "format: lead-scoring-model/1\nname: a\ndimensions: {fit: {}}\n"
        rule = "rules: [{id: r, in: fit, when: {not: {event: none}}, points: %d}]\n"
        (tmp_path / "other.yaml").write_text(head + rule % 7)
        (tmp_path / "model.yaml").write_text(head + rule % 1 + "variants: [{name: v, use: other.yaml}]\n")
        found = verdict(read_model(tmp_path / "model.yaml"), lead_of())
        assert (found.score, found.variant) == (7_000, "v")
