from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.emit import config_name, emit_json
from workbench.emit.config import ORDER
from workbench.model import Model, change_model, parse_model, read_model

MODELS = Path(__file__).parents[2] / "notebooks" / "models"


@pytest.fixture(params=["champion", "challenger"])
def model(request: pytest.FixtureRequest) -> Model:
    return read_model(MODELS / f"{request.param}.yaml")


def test_the_model_reads_back_the_same(model: Model) -> None:
    config = json.loads(emit_json(model))
    for read in (parse_model(json.dumps(config["model"])), parse_model(json.dumps(config["model"], indent=1))):
        assert read == model
        assert config["digests"] == {"scoring": read.scoring_digest, "document": read.document_digest}


def test_what_the_document_says(model: Model) -> None:
    config = json.loads(emit_json(model))
    assert list(config) == ["format", "name", "version", "digests", "tiers", "order", "model"]
    assert config["format"] == "lead-scoring-config/1"
    assert (config["name"], config["version"]) == (model.name, model.version)
    assert config["order"] == list(ORDER)


def test_tiers_are_all_that_a_lead_can_get() -> None:
    model = read_model(MODELS / "champion.yaml")
    assert json.loads(emit_json(model))["tiers"] == ["Nurture", "MQL", "PQL", "SQL", "Disqualified"]
    forced = change_model(model, {"gates.competitor.tier": "Nurture"})
    assert json.loads(emit_json(forced))["tiers"] == ["Nurture", "MQL", "PQL", "SQL"]


def test_the_same_model_gives_the_same_text(model: Model) -> None:
    assert emit_json(model) == emit_json(parse_model(json.dumps(model.plain())))


def test_blocks_are_added_and_replace_nothing(model: Model) -> None:
    config = json.loads(emit_json(model, blocks={"approval": {"who": "é"}, "digests": "forged", "model": {}}))
    assert config["approval"] == {"who": "é"}
    assert config["model"] == model.plain()
    assert config["digests"]["scoring"] == model.scoring_digest


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80), st.integers(1, 10**9))
def test_whatever_a_model_is_called_its_file_stays_in_the_folder(name: str, version: int) -> None:
    model = read_small(name, version)
    file = config_name(model)
    assert set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert Path(file).name == file
    assert file.endswith(f"-v{version}.json")
    assert not file.startswith((".", "-"))
    assert len(file) < 100
    assert parse_model(json.dumps(json.loads(emit_json(model))["model"])) == model


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "etc-passwd-v4.json"),
        ("C:\\models\\x", "c-models-x-v4.json"),
        ("Inbound – EMEA (Q3)", "inbound-emea-q3-v4.json"),
        ("Größe", "grosse-v4.json"),
        ("営業", "model-v4.json"),
        ("...", "model-v4.json"),
        ("CON", "con-v4.json"),
    ],
)
def test_file_names(name: str, file: str) -> None:
    assert config_name(read_small(name, 4)) == file


def read_small(name: str, version: int) -> Model:
    """A model of that name."""
    model = {
        "format": "lead-scoring-model/1",
        "name": name,
        "version": version,
        "dimensions": {"fit": {}},
        "rules": [{"id": "eu", "in": "fit", "when": {"field": "region", "equals": "EU"}, "points": 5}],
    }
    return parse_model(json.dumps(model))
