"""`workbench compare`: one or several challengers, as text and as one JSON document, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from workbench.comparing import compare
from workbench.comparing.comparison import FRAMES
from workbench.history import read_history
from workbench.model import read_model
from workbench.observation import observe
from workbench.plan import read_plan


@pytest.fixture(scope="module")
def challenger(place, tmp_path_factory) -> Path:
    """One with other points."""
    other = tmp_path_factory.mktemp("challengers") / "other.yaml"
    text = place.model.read_text()
    other.write_text(text.replace("name: small", "name: other").replace("points: 12", "points: 25"))
    return other


@pytest.fixture(scope="module")
def flat(place, tmp_path_factory) -> tuple[list[str | Path], Path]:
    """A flat table where blue converts, as words of a call, and a model that pays for the opposite."""
    home = tmp_path_factory.mktemp("flat")
    table, other = home / "leads.csv", home / "red.yaml"
    rows = [f"F{at},{'blue' if at % 2 else 'red'},{int(at % 10 in (1, 3, 5, 7, 8))}" for at in range(300)]
    table.write_text("lead_id,colour,Converted\n" + "\n".join(rows))
    other.write_text(place.card.read_text().replace("name: card", "name: red").replace("points: 3", "points: -3"))
    return ["--data", table, "--outcome", "Converted=1"], other


def words(place, *models: Path) -> list[str]:
    return ["compare", *map(str, models), "--data", str(place.data), "--plan", str(place.plan)]


def test_json_is_the_comparison_and_nothing_else(call: Callable, place, challenger) -> None:
    answer = call(*words(place, place.model, challenger), "--owner", "region", "--json")
    found = json.loads(answer.out)
    models = [read_model(path) for path in (place.model, challenger)]
    with read_history(place.data) as history:
        expected = compare(*models, observe(history, models, read_plan(place.plan)))
    (radius,) = found.pop("blast_radius")
    assert answer.code == 0
    assert found == json.loads(json.dumps(expected.to_document()))
    assert {*FRAMES} <= {*found}
    assert (radius["owner"], radius["challenger"]) == ("region", "other")
    assert {row["field"] for row in radius["groups"]} == {"region"}


def test_the_text_says_verdict_tables_and_what_to_bear_in_mind(call: Callable, place, challenger) -> None:
    answer = call(*words(place, place.model, challenger))
    assert answer.code == 0
    assert answer.out.startswith("other against small on data, part: validation\n")
    for heading in ("Figures", "Tiers", "Who is chosen by one model only", "Month by month", "Blast radius of other"):
        assert f"\n{heading}" in answer.out
    assert "The best of several" not in answer.out
    assert "Bear in mind" in answer.out
    assert max(len(line) for line in answer.out.splitlines()) <= 120


def test_several_challengers_are_adjusted_for_choosing_the_best(call: Callable, place, flat, tmp_path) -> None:
    data, red = flat
    same = tmp_path / "same.yaml"
    same.write_text(place.card.read_text().replace("name: card", "name: same"))
    answer = call("compare", place.card, red, same, *data)
    said = " ".join(answer.out.split())
    assert answer.code == 0
    assert "The best of several" in said
    assert "marked * hold for all challengers at once" in said
    assert "verdict *" in said
    assert "bold" not in said
    assert "all at once" in said
    assert "* red: red ranks worse than card" in said
    assert "* same: same ranks every lead as card does" in said
    assert said.count("Blast radius of") == 2


def test_a_worse_challenger_fails_only_where_that_is_asked(call: Callable, place, flat) -> None:
    data, red = flat
    assert call("compare", place.card, red, *data).code == 0
    assert call("compare", place.card, red, *data, "--fail-on", "worse", "--json").code == 1
    assert call("compare", place.card, place.card, *data, "--fail-on", "worse").code == 0
    assert call("compare", red, place.card, *data, "--fail-on", "worse").code == 0
    owner = call("compare", place.card, red, *data, "--owner", "coluor")
    assert (owner.code, "Did you mean 'colour'" in owner.err) == (2, True)


def test_an_owner_that_is_not_there_is_told_first_with_all_that_are(call: Callable, place, monkeypatch) -> None:
    monkeypatch.setattr("workbench.cli.compare.observe", lambda *_, **__: pytest.fail("observed before the check"))
    answer = call(*words(place, place.model, place.model), "--owner", "zzzz")
    assert answer.code == 2
    with read_history(place.data) as history:
        known = {*history.lead_fields, *history.account_fields}
    assert len(known) > 12
    assert all(repr(name) in answer.err for name in known)


def test_groups_may_be_by_a_field_of_accounts(call: Callable, place, challenger) -> None:
    (radius,) = json.loads(call(*words(place, place.model, challenger), "--owner", "industry", "--json").out)[
        "blast_radius"
    ]
    assert radius["owner"] == "industry"
    assert sum(row["n"] for row in radius["groups"] if row["field"] == "industry") == radius["n"]


def test_whom_one_model_alone_chooses_is_written_whole_with_the_ids_of_the_data(call: Callable, flat, place, tmp_path):
    table, other = tmp_path / "leads.csv", flat[1]
    rows = [f"=F{at},{'blue' if at % 2 else 'red'},{int(at % 10 in (1, 3, 5, 7, 8))}" for at in range(300)]
    table.write_text("lead_id,colour,Converted\n" + "\n".join(rows))
    out = tmp_path / "swaps"
    answer = call("compare", place.card, other, "--data", table, "--outcome", "Converted=1", "--out", out)
    assert answer.code == 0
    assert "swapped.csv" in answer.err
    found = pd.read_csv(out / "swapped.csv")
    assert found["lead_id"].str.startswith("'=F").all()
    assert set(found["swap"]) == {"in", "out"}
    assert not found.duplicated(["challenger", "at", "swap", "lead_id"]).any()
    assert "anon-" in answer.out
    assert "=F" not in answer.out
    (out / "mine.txt").write_text("keep")
    again = call("compare", place.card, other, "--data", table, "--outcome", "Converted=1", "--out", out)
    assert (again.code, "mine.txt" in again.err) == (2, True)
    assert (out / "mine.txt").read_text() == "keep"


def test_flat_tables_without_dates(call: Callable, place, flat) -> None:
    data, red = flat
    found = json.loads(call("compare", place.card, red, *data, "--json").out)
    assert found["months"] == []
    assert found["tiers"] == []
    assert found["blast_radius"][0]["n"] == 300


def test_wrong_calls_say_what_to_do(call: Callable, place, challenger) -> None:
    assert "CHALLENGER" in call("compare", place.model, "--data", place.data).err
    sealed = call(*words(place, place.model, challenger), "--part", "test")
    assert (sealed.code, "sealed" in sealed.err) == (2, True)
