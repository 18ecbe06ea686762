"""Random models and pasts: what must hold for every verdict of the oracle."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import as_of_us, models, pasts, random_model, random_past, to_oracle
from vocabulary import LISTS

from workbench.oracle import Event, judge


class TestProperties:
    @settings(max_examples=15, deadline=None)
    @given(models(), pasts(), st.randoms(use_true_random=False))
    def test_order_and_future_of_events_do_not_matter(self, model, past, rng):
        moments = as_of_us(past)
        for lead_id, lead in to_oracle(past.frames).items():
            events = list(lead.events) + [Event(moments[lead_id] + rng.randrange(3), name, {}) for name in "ab"]
            rng.shuffle(events)
            before = judge(model, lead, moments[lead_id], LISTS)
            assert judge(model, replace(lead, events=tuple(events)), moments[lead_id], LISTS) == before

    @settings(max_examples=15, deadline=None)
    @given(models(), pasts())
    def test_parts_add_up_inside_their_caps(self, model, past):
        moments = as_of_us(past)
        for lead_id, lead in to_oracle(past.frames).items():
            found = judge(model, lead, moments[lead_id], LISTS)
            assert list(found.dimensions) == list(model.all_dimensions)
            if found.variant:
                continue
            assert set(found.rules) == set(found.paid) == {rule.id for rule in model.active}
            for name, bounds in {**model.dimensions, **model.groups}.items():
                value = found.dimensions.get(name, found.groups.get(name))
                assert bounds.min is None or value >= bounds.min * 1000
                assert bounds.max is None or value <= bounds.max * 1000
            score = model.score
            if found.score is not None and score.min is score.max is score.transform is None and score.combine == "sum":
                assert abs(found.score - sum(found.dimensions.values())) <= 500

    @pytest.mark.parametrize("seed", range(20))
    def test_same_seed_same_model_and_past(self, seed):
        assert random_model(seed) == random_model(seed)
        assert to_oracle(random_past(seed).frames) == to_oracle(random_past(seed).frames)
        assert to_oracle(random_past(seed).frames) != to_oracle(random_past(seed + 1).frames)

    def test_random_models_speak_the_whole_language(self):
        said = json.dumps([random_model(seed).plain() for seed in range(200)])
        words = [
            *("when", "cases", "default", "each", "within", "events", "per_day", "points", "half_life"),
            *("field", "account_field", "event", "where", "count", "all", "any", "not", "exact", "list"),
            *("equals", "one_of", "has_word", "contains_any", "starts_with", "ends_with", "known"),
            *("at_least", "above", "at_most", "below", "between", "groups", "require", "gates", "enabled"),
        ]
        assert [word for word in words if f'"{word}": ' not in said] == []

    def test_random_uses_no_global_state(self):
        random.seed(1)
        first = random_model(5)
        random.seed(2)
        assert random_model(5) == first
