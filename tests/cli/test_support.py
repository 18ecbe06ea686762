from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.cli.support import support_text
from workbench.supporting import Support, support

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "notebooks" / "models" / "champion.yaml"
ASKED = ("support", MODEL, "--data", ROOT / "data" / "sample", "--plan", ROOT / "notebooks" / "plans" / "inbound.yaml")
SMALL = """format: lead-scoring-model/1
name: small
dimensions: {fit: {}}
rules:
  - {id: senior, in: fit, when: {field: title, has_word: [chief, vp]}, points: 5}
  - {id: free, in: fit, when: {field: mail, equals: free}, points: -2}
"""


@pytest.fixture
def asked(tmp_path: Path) -> tuple[object, ...]:
    """A call on eighty leads in one flat file."""
    rows = [
        f"lead-{at:05d},{('vp', 'clerk')[at % 2]},{('free', 'own', 'own')[at % 3]},{int(at % 4 == 0 or at % 7 == 0)}"
        for at in range(80)
    ]
    data, model = tmp_path / "leads.csv", tmp_path / "model.yaml"
    data.write_text("\n".join(["lead_id,title,mail,won", *rows]) + "\n")
    model.write_text(SMALL)
    return ("support", model, "--data", data, "--outcome", "won=1")


@pytest.mark.slow
def test_a_table_then_sentences(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    answer = call(*ASKED, "--reach", "12")
    assert (answer.code, answer.err) == (0, "")
    words = " ".join(answer.out.split())
    assert words.startswith("champion: 1 of 19 rules and cases is shown to improve the ranking ('signed_up');")
    assert "part: train and validation, 2,373 observations, 191 converted" in words
    row = next(line for line in answer.out.splitlines() if line.startswith("  signed_up "))
    assert row.split()[1:5] == ["4", "10", "or", "more"]
    assert "better" in row
    assert "agrees" in row
    assert "Dropping any_page: 40 fewer wins (−54 to −29)" in words
    assert "the cut of MQL stays where it is" in words
    assert "blog_visits any_page +0.59" in words


@pytest.fixture(scope="module")
def found() -> Support:
    """A small model on leads of whom two rules hold for nearly the same."""
    rng = np.random.default_rng(1)
    first = rng.integers(0, 2, 300)
    second = np.where(rng.random(300) < 0.1, 1 - first, first)
    won = (rng.random(300) < np.where(first == 1, 0.5, 0.2)).astype(int)
    names = [f"lead-{at:05d}" for at in range(300)]
    frame = pd.DataFrame({"lead_id": names, "a": first, "b": second, "won": won})
    mapping = (
        "{format: lead-history/1, leads: {file: leads, id: lead_id, known: creation, outcome: {field: won, equals: 1}}}"
    )
    model = wb.parse_model(
        "{format: lead-scoring-model/1, name: small, dimensions: {fit: {max: 9}}, rules: ["
        "{id: one, in: fit, when: {field: a, equals: 1}, points: 5},"
        "{id: two, in: fit, when: {field: b, equals: 1}, points: 5}], tiers: [{name: Cold, from: 0},"
        "{name: Hot, from: 8}]}"
    )
    with wb.read_history({"leads": frame}, mapping=mapping) as history:
        return support(model, wb.observe(history, [model], wb.parse_plan("{at: recorded}")), reach=6)


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_intervals_stay_whatever_the_width(found: Support, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = support_text(found)
    assert max(map(len, text.splitlines())) <= columns
    row = found.rules.iloc[0]
    assert f"({row.auc_low:+.3f} {row.auc_high:+.3f})".replace("-", "−") in text
    assert "-0" not in text
    moved = found.exchange[(found.exchange["move"] == "drop") & (found.exchange["moved"] > 0)].iloc[0]
    assert f"({moved.leads_low:+.0f} {moved.leads_high:+.0f})".replace("-", "−") in text


def test_redundancy_and_caps_are_told_where_there_are_any(found: Support) -> None:
    words = " ".join(support_text(found).split())
    assert "Rules that say the same in part" in words
    assert words.count("one two +0.") == 1  # a pair once
    assert "Caps that bind cap of in the way of binds for fit" in words
    assert "the cut of Hot stays where it is" in words
    apart = found.overlap.assign(correlation=0.1, jaccard=0.1)
    silent = support_text(replace(found, overlap=apart, rules=found.rules.assign(limit_share=0.0)))
    assert "say the same" not in silent
    assert "Caps that bind" not in silent


def test_a_narrow_terminal_has_a_narrow_table(
    call: Callable, asked: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = call(*asked)
    assert answer.code == 0
    rows = answer.out.split("Rules, judged by auc\n")[1].splitlines()
    assert max(map(len, rows)) <= 80
    assert "part: all, 80 observations" in answer.out
    assert "Dropping" not in answer.out  # there are no tiers


def test_json_is_the_document(call: Callable, asked: tuple[object, ...]) -> None:
    answer = call(*asked, "--reach", "5", "--objective", "lift_20", "--json")
    assert (answer.code, answer.err) == (0, "")
    document = json.loads(answer.out)
    assert document["format"] == "lead-scoring-support/1"
    assert document["objective"] == "lift_20"
    assert set(Support.__dataclass_fields__) >= {"rules", "lines", "worth", "overlap", "signs", "exchange"}
    assert [row["rule"] for row in document["rules"]] == ["senior", "free"]
    assert {abs(row["points"]) for row in document["lines"]} == set(range(0, 11, 2)) | {5}


@pytest.mark.parametrize(
    ("words", "said"), [(("--part", "test"), "part"), (("--objective", "gini"), "lift_"), (("--reach", "0"), "reach")]
)
def test_wrong_calls(call: Callable, asked: tuple[object, ...], words: tuple[str, ...], said: str) -> None:
    answer = call(*asked, *words)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""
