from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.approval import read_evidence
from workbench.backtesting import Backtest, backtest
from workbench.cli.judgement import headline, judgement
from workbench.history import read_history
from workbench.model import read_model
from workbench.observation import observe, read_openings
from workbench.plan import read_plan

ROOT = Path(__file__).parents[2]
KEYS = {"model", "data", "plan", "observed", "part", "metrics", "bands", "lift", "thresholds", "warnings"}


@pytest.fixture(scope="module")
def result(place) -> Backtest:
    model = read_model(place.model)
    with read_history(place.data) as history:
        return backtest(model, observe(history, [model], read_plan(place.plan)))


def test_the_published_card_on_adult(shared_data: Path) -> None:
    """FasterRisk's five-feature card for UCI adult: AUC 0.8607 and accuracy 82.5 % at 3 on all 32,561 rows."""
    words = ["backtest", "tests/models/adult_card.yaml", "--data", str(shared_data / "riskslim" / "adult_data.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *words, "--outcome", "Over50K=1", "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert done.stderr == b""
    assert round(found["metrics"]["auc"]["value"], 4) == 0.8607
    at_three = next(row for row in found["thresholds"] if row["threshold"] == 3)
    assert found["observed"]["n"] == 32561
    assert round((at_three["tp"] + at_three["tn"]) / found["observed"]["n"], 3) == 0.825
    assert any("could not be checked" in warning for warning in found["warnings"])


def test_json_is_one_document_with_the_agreed_keys(call: Callable, place, result: Backtest) -> None:
    answer = call("backtest", *place.judged, "--json")
    found = json.loads(answer.out)
    assert (answer.code, answer.err) == (0, "")
    assert set(found) >= KEYS
    assert set(found["model"]) == {"name", "version", "scoring_digest", "document_digest"}
    assert set(found["data"]) >= {"fingerprint", "leads", "events"}
    assert set(found["observed"]) == {"n", "converted", "base_rate", "left_out"}
    assert set(found["metrics"]["auc"]) == {"value", "low", "high"}
    assert set(found["metrics"]) >= {"auc", "average_precision", "ks", "brier", "lift_10", "capture_10"}
    assert found["metrics"]["auc"]["value"] == result.value("auc")


@pytest.mark.parametrize("columns", [80, 120])
def test_the_report_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, result: Backtest, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = judgement(result).splitlines()
    assert max(map(len, lines)) <= columns
    titles = ["Parts", "Metrics", "Conversion by score band", "Tiers", "The best-scored", "Left out", "Bear in mind"]
    assert [line for line in lines if line in titles] == titles
    assert any("wait" in line for line in lines)


def test_the_numbers_printed_are_those_of_the_result(call: Callable, place, result: Backtest) -> None:
    answer = call("backtest", *place.judged)
    assert answer.code == 0
    assert f"{result.n:,} observations, {result.converted:,} converted" in answer.out
    auc = next(line for line in answer.out.splitlines() if line.startswith("  AUC "))
    assert f"{result.value('auc'):.3f}" in auc
    bands = answer.out.split("Conversion by score band")[1].split("  few:")[0]
    assert sum("  few" in line[:60] for line in bands.splitlines()) == int((~result.bands["enough"]).sum())
    assert "\x1b" not in answer.out


def test_the_headline_is_the_rate_of_those_who_reach_the_main_tier(result: Backtest) -> None:
    reached = result.tiers[result.tiers["tier"] == "MQL"].iloc[0]
    lift = reached["rate"] / result.base_rate
    assert headline(result).startswith(f"Leads that reach MQL convert {lift:.1f}x as often as average: ")
    assert f"{100 * reached['rate']:.1f} % [" in headline(result)


def test_evidence_is_written_for_an_approval(call: Callable, place, tmp_path: Path, result: Backtest) -> None:
    answer = call("backtest", *place.judged, "--out", tmp_path / "evidence")
    assert answer.err == f"Evidence written to {tmp_path / 'evidence'}\n"
    evidence = read_evidence(tmp_path / "evidence")
    assert evidence.document["metrics"]["auc"]["value"] == result.value("auc")
    assert evidence.model == read_model(place.model)
    again = call("backtest", *place.judged, "--out", tmp_path / "evidence", "--part", "train")
    assert again.code == 0
    assert read_evidence(tmp_path / "evidence").part == "train"


def test_recorded_scores_need_no_model(call: Callable, place) -> None:
    answer = call("backtest", "--recorded", "--data", place.data, "--plan", place.plan)
    assert answer.code == 0
    assert answer.out.startswith("scores recorded by the CRM on data, part: validation")
    assert "The best-scored 20 % hold" in answer.out
    assert "\nTiers\n" not in answer.out


def test_a_flat_table_is_judged_as_recorded(call: Callable, place) -> None:
    answer = call("backtest", place.card, "--data", place.flat, "--outcome", "Converted=1", "--json")
    found = json.loads(answer.out)
    assert found["plan"]["at"] == "recorded"
    assert found["part"] == "all"
    assert found["observed"]["n"] == 200


def test_a_plan_beside_the_data_is_used(call: Callable, place, tmp_path: Path) -> None:
    data = shutil.copytree(place.data, tmp_path / "data")
    shutil.copy(place.plan, data / "plan.yaml")
    answer = call("backtest", place.model, "--data", data, "--json")
    assert json.loads(answer.out)["plan"]["horizon"] == "120d"


def test_opening_the_test_part_is_counted(call: Callable, place, tmp_path: Path) -> None:
    ledger = tmp_path / "openings.jsonl"
    words = [*place.judged, "--open-test", "--because", "final choice", "--ledger", ledger]
    for number in (1, 2):
        found = json.loads(call("backtest", *words, "--json").out)
        assert found["part"] == "test"
        assert found["opening"]["number"] == number
    assert [opening.because for opening in read_openings(ledger)] == ["final choice"] * 2


def test_no_opening_is_counted_when_the_evidence_cannot_be_written(call: Callable, place, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    words = [*place.judged, "--open-test", "--because", "x", "--ledger", tmp_path / "l.jsonl"]
    assert call("backtest", *words, "--out", tmp_path / "taken").code == 2
    assert not (tmp_path / "l.jsonl").exists()
