from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from workbench.history import read_history
from workbench.model import read_model
from workbench.scoring import score

AS_OF = "2026-03-01T00:00:00Z"


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            return connection.read_parquet(str(path)).df()
    if path.suffix == ".jsonl":
        return pd.DataFrame([json.loads(line) for line in path.read_text().splitlines()])
    return pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",")


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet", "jsonl"])
def test_every_format_holds_the_same_scores(call: Callable, place, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "deep" / f"scores.{kind}"
    answer = call("score", place.model, "--data", place.data, "--as-of", AS_OF, "--out", out)
    assert (answer.code, answer.err) == (0, "")
    with read_history(place.data) as history:
        expected = score(read_model(place.model), history, AS_OF)
    found = read(out)
    assert list(found.columns) == list(expected.columns)
    assert found["lead_id"].tolist() == expected["lead_id"].tolist()
    assert found["score"].tolist() == expected["score"].tolist()
    assert found["tier"].tolist() == expected["tier"].tolist()
    assert f"{len(expected):,} leads scored by small version 1" in answer.out
    assert [file.name for file in out.parent.iterdir()] == [out.name]


def test_texts_cannot_become_formulas(call: Callable, place, tmp_path: Path) -> None:
    flat = tmp_path / "flat.csv"
    flat.write_text('lead_id,colour\n"=1+1",red\n+2,blue\n-3,red\n@SUM(A1),red\nplain,red\n')
    model = tmp_path / "model.yaml"
    model.write_text(place.card.read_text().replace("points: 3", "points: -3"))
    for kind in ("csv", "tsv"):
        assert call("score", model, "--data", flat, "--out", tmp_path / f"s.{kind}").code == 0
        found = read(tmp_path / f"s.{kind}")
        assert sorted(found["lead_id"]) == ["'+2", "'-3", "'=1+1", "'@SUM(A1)", "plain"]
        assert found["score"].min() == -3
    assert call("score", model, "--data", flat, "--out", tmp_path / "s.jsonl").code == 0
    assert sorted(read(tmp_path / "s.jsonl")["lead_id"]) == ["+2", "-3", "=1+1", "@SUM(A1)", "plain"]


def test_a_failed_call_leaves_the_old_file(call: Callable, place, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    out.write_text("old")
    assert call("score", place.model, "--data", place.data, "--as-of", "soon", "--out", out).code == 2
    assert out.read_text() == "old"


def test_leads_keep_the_id_that_the_call_names(call: Callable, place, tmp_path: Path) -> None:
    flat = tmp_path / "flat.csv"
    flat.write_text("Lead-Nr.,colour\n" + "".join(f"K{n},blue\n" for n in range(20)))
    words = ["score", place.card, "--data", flat, "--out", tmp_path / "scores.csv"]
    blind = call(*words)
    assert blind.code == 0
    assert blind.err.endswith("name it with --id (such as --id 'Lead-Nr.').\n")
    assert "row-0000001," in (tmp_path / "scores.csv").read_text()
    assert call(*words, "--id", "Lead-Nr.").err == ""
    assert "\nK0," in (tmp_path / "scores.csv").read_text()


def test_a_slice_to_explore(call: Callable, place, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    words = ["score", place.model, "--data", place.data, "--as-of", AS_OF, "--out", out]
    answer = call(*words, "--explore", "20%")
    assert answer.code == 0
    found = read(out)
    assert set(found["explore_chance"]) == {0.0, 0.2}
    drawn = int(found["explore"].sum())
    assert f"to explore: {drawn} of {(found['explore_chance'] > 0).sum()} leads below the cut" in answer.out
    assert call(*words, "--explore", "0.2", "--explore-salt", "2026-Q4").code == 0
    assert (read(out)["explore"] != found["explore"]).any()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--explore", "some"], "a share such as 5% or 0.05"),
        (["--explore", "0%"], "a share above 0 and at most 1"),
        (["--explore", "5"], "Write 5 % as 0.05"),
        (["--explore-cut", "MQL"], "--explore beside it"),
        (["--explore", "5%", "--explore-cut", "Mql"], "Did you mean 'MQL'"),
    ],
)
def test_slices_that_are_none(call: Callable, place, tmp_path: Path, words: list[str], told: str) -> None:
    answer = call("score", place.model, "--data", place.data, "--out", tmp_path / "s.csv", *words)
    assert answer.code == 2
    assert told in answer.err
    assert not (tmp_path / "s.csv").exists()
