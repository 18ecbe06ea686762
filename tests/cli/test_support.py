from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.supporting import Support

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


def test_a_table_then_sentences(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    answer = call(*ASKED, "--reach", "12")
    assert (answer.code, answer.err) == (0, "")
    first, looked_at, *_ = answer.out.splitlines()
    assert first.startswith("champion: of 19 rules and cases the ranking is better with 1 beyond chance")
    assert "part: train and validation, 2,373 observations, 191 converted" in looked_at
    row = next(line for line in answer.out.splitlines() if line.startswith("  signed_up "))
    assert row.split()[1:5] == ["4", "10", "or", "more"]
    assert "better" in row
    assert "agrees" in row
    assert "Dropping any_page: 40 fewer wins" in " ".join(answer.out.split())
    assert "calls" in answer.out


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
