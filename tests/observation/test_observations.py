"""The sealed test part: its outcomes are nowhere to be seen until it is opened, and every opening is counted."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from crm import DAY, MAPPING, SPLIT, crm, load

import workbench as wb
from workbench.backtesting import to_document
from workbench.errors import CallError, DataError
from workbench.observation import read_openings
from workbench.observation.split import PARTS

BY_ACCOUNT = SPLIT.replace("by: time", "by: account, test: 30%")


@pytest.fixture(scope="module")
def seen(history, scorecard):
    return wb.observe(history, scorecard, wb.parse_plan(BY_ACCOUNT))


@pytest.fixture(scope="module")
def twisted(frames, seen, scorecard):
    """The same past in which the test leads, and only they, had the opposite outcome."""
    test = seen.frame().query("part == 'test'")
    stages = frames["stages"]
    won = stages[(stages["stage"] == "won") & stages["lead_id"].isin(test["lead_id"])]
    ids = set(won["lead_id"])
    more = test[~test["lead_id"].isin(ids)].assign(stage="won", at=lambda t: t["as_of"], amount=77.0)
    stages = pd.concat([stages.drop(won.index), more[stages.columns]], ignore_index=True)
    with load({**frames, "stages": stages}) as other:
        return wb.observe(other, scorecard, seen.plan)


def public(seen, model):
    """Whatever can be read off observations and a backtest, as text; without the fingerprint of the data."""
    result = wb.backtest(model, seen)
    document = to_document(result) | {"data": None}
    wrong = [result.false_positives().leads, result.false_negatives().leads, result.false_positives().rules]
    return json.dumps(
        [
            document,
            seen.frame().to_csv(),
            seen.left_out.to_csv(),
            [frame.to_csv() for frame in wrong],
            seen.subjects.won.tolist(),
            seen.subjects.amount.tolist(),
            seen.subjects.days.tolist(),
            seen.warnings,
            {name: [book.entries.tolist(), book.codes.tolist()] for name, book in seen.shelf.books.items()},
            {name: segment.codes.tolist() for name, segment in seen.subjects.segments.items()},
        ],
        default=str,
    )


def test_the_outcomes_of_the_test_part_change_nothing_that_can_be_seen(seen, twisted, scorecard):
    shared = seen.frame()["lead_id"].isin(twisted.frame()["lead_id"])
    assert shared.all()
    assert public(twisted, scorecard) == public(seen, scorecard)


def test_opened_the_same_two_pasts_differ(seen, twisted, tmp_path):
    opened = [
        each.open_test(because="to see", ledger=tmp_path / f"{number}.jsonl").frame().query("part == 'test'")
        for number, each in enumerate((seen, twisted))
    ]
    outcomes = [frame.set_index("lead_id")["converted"].sort_index() for frame in opened]
    assert len(outcomes[0]) > 30
    assert (outcomes[0] != outcomes[1]).mean() > 0.8


def test_sealed_outcomes_are_missing_and_not_printed(seen):
    test = seen.frame().query("part == 'test'")
    assert len(test) > 30
    assert test["converted"].isna().all()
    assert test["amount"].isna().all()
    assert np.isnan(seen.subjects.days[seen.subjects.part == PARTS.index("test")]).all()
    assert "sealed" not in repr(seen)


def test_the_sealed_part_is_not_judged(seen, scorecard):
    with pytest.raises(CallError, match=r"'test', which is sealed. Open it with open_test\(because=…\)"):
        wb.backtest(scorecard, seen, part="test")
    with pytest.raises(CallError, match="expected one of train, validation, found 'future'"):
        seen.rows("future")
    assert wb.backtest(scorecard, seen).part == "validation"
    assert wb.backtest(scorecard, seen).parts["part"].tolist() == ["train", "validation"]


def test_opened_the_test_is_judged_on_its_true_outcomes(frames, history, seen, scorecard, tmp_path):
    opened = seen.open_test(because="before the go-live", ledger=tmp_path / "openings.jsonl")
    free = wb.observe(history, scorecard, wb.parse_plan(SPLIT.replace("split: {by: time}, ", ""))).frame()
    found = opened.frame().set_index("lead_id")
    truth = free.set_index("lead_id").loc[found.index]
    assert found["converted"].tolist() == truth["converted"].tolist()
    pd.testing.assert_series_equal(found["amount"], truth["amount"])
    assert (np.isfinite(opened.subjects.days) == found["converted"]).all()
    won_at = frames["stages"].query("stage == 'won'").groupby("lead_id")["at"].min()
    days = (won_at.reindex(found.index) - found["as_of"]) // DAY
    np.testing.assert_array_equal(opened.subjects.days, days.where(found["converted"].astype(bool)))
    result = wb.backtest(scorecard, opened, part="test")
    assert (result.n, result.part) == ((found["part"] == "test").sum(), "test")
    assert result.converted == int((found["converted"] & (found["part"] == "test")).sum())
    assert result.opening == {"number": 1, "head": opened.opening.head}
    assert "This is the test part, opened 1 time(s) so far: before the go-live" in result.warnings
    assert wb.backtest(scorecard, opened).parts["part"].tolist() == ["train", "validation"]


def test_opening_moves_no_score_to_another_lead(seen, scorecard, tmp_path):
    def scores(each):
        return pd.Series(each.scorer(scorecard).scores().milli, each.subjects.lead_id).sort_index()

    opened = seen.open_test(because="look", ledger=tmp_path / "openings.jsonl")
    assert (opened.subjects.lead_id != seen.subjects.lead_id).any()
    pd.testing.assert_series_equal(scores(opened), scores(seen))
    np.testing.assert_array_equal(opened.subjects.won[seen.rows("train")], seen.subjects.won[seen.rows("train")])


def test_every_opening_is_counted_and_chained(seen, tmp_path):
    path = tmp_path / "openings.jsonl"
    first = seen.open_test(because=" one ", ledger=path)
    second = seen.open_test(because="two", ledger=path)
    openings = read_openings(path)
    assert [(each.number, each.because) for each in openings] == [(1, "one"), (2, "two")]
    assert openings[0].previous == "0" * 64
    assert openings[1].previous == openings[0].head == first.opening.head
    assert second.opening == openings[1]
    assert openings[1].plan == seen.plan.digest
    assert openings[1].data == seen.data["fingerprint"]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [lines[0].replace("one", "1st"), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], "", *lines[1:]],
        lambda lines: [*lines, lines[2]],
        lambda lines: [*lines, '{"number": 4}'],
    ],
)
def test_a_ledger_that_was_tampered_with_is_refused_and_left_as_it_is(seen, tmp_path, tamper):
    path = tmp_path / "openings.jsonl"
    for because in ("one", "two", "three"):
        seen.open_test(because=because, ledger=path)
    text = "\n".join(tamper(path.read_text().splitlines())) + "\n"
    path.write_text(text)
    with pytest.raises(DataError, match=r"openings.jsonl:\d: expected an unbroken chain of openings"):
        read_openings(path)
    with pytest.raises(DataError, match="unbroken chain"):
        seen.open_test(because="four", ledger=path)
    assert path.read_text() == text


def test_an_opening_needs_a_reason_a_place_and_a_sealed_part(seen, history, scorecard, tmp_path):
    with pytest.raises(CallError, match="because: expected the reason"):
        seen.open_test(because="  ", ledger=tmp_path / "openings.jsonl")
    with pytest.raises(CallError, match=r"ledger: expected a file .* the data has no folder"):
        seen.open_test(because="look")
    opened = seen.open_test(because="look", ledger=tmp_path / "openings.jsonl")
    with pytest.raises(CallError, match="expected a sealed test part, found none"):
        opened.open_test(because="again", ledger=tmp_path / "openings.jsonl")
    assert len(read_openings(tmp_path / "openings.jsonl")) == 1


def test_beside_a_folder_of_data_the_ledger_is_found_by_itself(tmp_path, scorecard):
    for name, frame in crm(seed=2, leads=80).items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    mapping = "\n".join(
        line.replace(f"file: {name},", f"file: {name}.csv,")
        for line in MAPPING.strip().splitlines()
        for name in [line.split(":")[0]]
    )
    (tmp_path / "history.yaml").write_text(mapping)
    with wb.read_history(tmp_path) as history:
        seen = wb.observe(history, scorecard, wb.parse_plan(BY_ACCOUNT))
    assert seen.open_test(because="look").opening.number == 1
    assert len(read_openings(tmp_path / "test-openings.jsonl")) == 1


def test_without_a_split_everything_is_one_part(history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(SPLIT.replace("split: {by: time}, ", "")))
    assert (seen.parts, seen.default_part, seen.rows("all")) == (("all",), "all", slice(0, len(seen.frame())))
    assert set(seen.frame()["part"]) == {"all"}
    with pytest.raises(CallError, match="Give the plan a split"):
        seen.rows("validation")


def test_observations_are_frozen(seen):
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        seen._sealed = None


def test_outcomes_cannot_be_written_over(seen):
    with pytest.raises(ValueError, match="read-only"):
        seen.subjects.won[:] = 1
