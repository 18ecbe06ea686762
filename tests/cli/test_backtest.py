from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
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
    said = done.stderr.decode()
    assert said == (
        "No column is known as the lead's id: every row is taken as a lead of its own; "
        "if there is one, name it with --id COLUMN.\n"
    )
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
    assert f"{100 * reached['rate']:.1f} % [" in headline(result)
    assert f"against {100 * result.base_rate:.1f} %." in headline(result)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.5, 0.9, "Leads that reach MQL convert "),
        (0.0, 0.9, "There is not enough evidence that leads that reach MQL convert more often than average: "),
        (0.0, 0.001, "Leads that reach MQL convert less often than average: "),
    ],
)
def test_a_lift_is_claimed_only_on_evidence(result: Backtest, low: float, high: float, said: str) -> None:
    cuts = result.thresholds.assign(precision_low=low, precision_high=high)
    found = headline(replace(result, thresholds=cuts))
    assert found.startswith(said)
    assert ("x as often" in found) == (low > result.base_rate)


def test_an_interval_is_there_also_where_no_threshold_says_who_reaches_the_tier(result: Backtest) -> None:
    assert "[nan" not in headline(replace(result, thresholds=result.thresholds.iloc[:0]))
    assert "convert" in headline(replace(result, thresholds=result.thresholds.iloc[:0]))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.21, 0.5, "The best-scored 20 % hold "),
        (0.1, 0.5, "There is not enough evidence that the score ranks better than chance: the best-scored 20 % hold "),
        (0.1, 0.19, "The best-scored 20 % hold "),
    ],
)
def test_without_tiers_the_top_is_held_against_chance(result: Backtest, low: float, high: float, said: str) -> None:
    lift = result.lift.assign(captured_low=low, captured_high=high)
    found = headline(replace(result, main_tier=None, lift=lift))
    assert found.startswith(said)
    assert ("fewer than by chance" in found) == (high < 0.2)


def test_one_score_for_all_is_said_first(call: Callable, place, tmp_path: Path, result: Backtest) -> None:
    card = tmp_path / "card.yaml"
    card.write_text(place.card.read_text().replace("equals: blue", "equals: green"))
    answer = call("backtest", card, "--data", place.flat, "--outcome", "Converted=1")
    assert answer.code == 0
    assert answer.out.split("\n\n")[1] == "All 200 observations have the same score: nothing is ranked."
    gated = pd.DataFrame({"score": [math.nan, 3.0], "converted": [1, 2], "not_converted": [3, 4]})
    assert headline(replace(result, distribution=gated)).startswith("All observations that no gate takes out have the")


def test_rows_left_out_while_loading_are_counted(call: Callable, place) -> None:
    with read_history(place.data) as history:
        dropped = int(history.dropped["rows"].sum())
    answer = call("backtest", *place.judged)
    assert f"\n{dropped:,} rows were left out while loading; `workbench check` names them\n" in answer.out
    assert "while loading" not in call("backtest", place.card, "--data", place.flat, "--outcome", "Converted=1").out


def test_a_lead_that_is_there_twice_counts_once_by_its_id(call: Callable, tmp_path: Path) -> None:
    rows = "".join(f"K{number},{number % 7},{'Won' if number % 3 else 'Lost'}\n" for number in range(100))
    (tmp_path / "flat.csv").write_text("Lead-Nr.,Lead Score,Status\n" + rows + "K7,0,Won\n")
    (tmp_path / "plan.yaml").write_text("not: for this file\n")
    words = ["backtest", "--recorded", "--data", tmp_path / "flat.csv", "--score", "Lead Score"]
    blind = call(*words, "--outcome", "Status=Won")
    assert "101 observations, 67 converted" in blind.out
    assert blind.err == (
        "No column is known as the lead's id: every row is taken as a lead of its own; "
        "name it with --id (such as --id 'Lead-Nr.').\n"
    )
    answer = call(*words, "--outcome", "Status=Won", "--id", "Lead-Nr.")
    assert (answer.code, answer.err) == (0, "")
    assert "100 observations, 66 converted" in answer.out
    assert "1 row was left out while loading" in answer.out


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
    assert "est-scored 20 % hold" in answer.out
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
