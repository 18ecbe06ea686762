from __future__ import annotations

import pandas as pd
import pytest

from workbench.widgets.verdict import moving_sentence, ranking_sentence, tier_sentence, verdict

NAN = float("nan")


def changes(verdict: str, *, part: str = "validation", change: float = 0.07, precision: str = "better") -> pd.DataFrame:
    columns = ["part", "figure", "champion", "candidate", "change", "low", "high", "verdict", "unit"]
    rows = [
        [part, "auc", 0.65, 0.65 + change, change, change - 0.04, change + 0.04, verdict, "score"],
        [part, "precision", 0.1, 0.125, 0.025, 0.005, 0.045, precision, "share"],
    ]
    return pd.DataFrame(rows, columns=columns)


def moved(*cells: tuple[str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(list(cells), columns=["champion_tier", "candidate_tier", "n", "converted"])


FOUND = moved(
    ("Out", "Out", 3, 0),
    ("Out", "Cold", 0, 0),
    ("Out", "Hot", 1, 1),
    ("Cold", "Out", 2, 0),
    ("Cold", "Cold", 60, 3),
    ("Cold", "Hot", 16, 4),
    ("Hot", "Out", 0, 0),
    ("Hot", "Cold", 22, 1),
    ("Hot", "Hot", 23, 4),
)


@pytest.mark.parametrize(
    ("said", "change", "sentence"),
    [
        (
            "better",
            0.07,
            (
                "Better: the candidate ranks the validation leads better than the champion "
                "(AUC 0.720 in place of 0.650: +0.070, 95 % interval [+0.030, +0.110])."
            ),
        ),
        (
            "worse",
            -0.07,
            (
                "Worse: the candidate ranks the validation leads worse than the champion "
                "(AUC 0.580 in place of 0.650: −0.070, 95 % interval [−0.110, −0.030])."
            ),
        ),
        (
            "not enough evidence",
            0.01,
            (
                "Not enough evidence: on the validation leads the difference may be chance "
                "(AUC 0.660 in place of 0.650: +0.010, 95 % interval [−0.030, +0.050])."
            ),
        ),
        ("same", 0.0, "The same: both rank the validation leads alike (AUC 0.650)."),
    ],
)
def test_the_ranking_in_a_sentence(said: str, change: float, sentence: str) -> None:
    frame = changes(said, change=change)
    assert ranking_sentence(frame, "validation") == sentence
    assert verdict(frame, "validation") == said


def test_the_train_part_is_no_ground_to_choose_on() -> None:
    said = ranking_sentence(changes("better", part="train"), "train", unit="accounts")
    assert said.startswith("Better: the candidate ranks the train accounts better")
    assert said.endswith("Models are made on this part: look at validation before you choose.")


def test_all_is_not_called_a_part() -> None:
    assert "ranks the leads better" in ranking_sentence(changes("better", part="all"), "all")


def test_a_part_without_figures_says_nothing() -> None:
    assert ranking_sentence(changes("better"), "test") == "Nothing can be said of the ranking of the test leads."
    assert verdict(changes("better"), "test") == "not enough evidence"


def test_the_main_tier_in_a_sentence() -> None:
    said = tier_sentence(changes("better"), "validation", FOUND, [["Hot"], ["Hot"]])
    assert said == (
        "In Hot, sales would see 5 fewer leads (40 in place of 45) and 4 more conversions (9 in place of 5). "
        "22.5 % of them convert in place of 11.1 % (better: +2.5 pp, 95 % interval [+0.5, +4.5])."
    )


def test_several_tiers_and_other_names() -> None:
    two = tier_sentence(changes("better"), "validation", FOUND, [["Cold", "Hot"], ["Cold", "Hot"]])
    assert two.startswith("In Cold and above, sales would see 1 fewer lead (122 in place of 123) and ")
    other = tier_sentence(changes("better"), "validation", FOUND, [["Cold", "Hot"], ["Hot"]])
    assert other.startswith("In Hot (the champion's Cold and above), sales would see ")


def test_a_main_tier_that_stays_the_same() -> None:
    still = moved(("Hot", "Hot", 20, 4), ("Cold", "Cold", 5, 0))
    assert tier_sentence(changes("same", precision="same"), "validation", still, [["Hot"], ["Hot"]]) == (
        "In Hot, sales would see as many leads (20) and as many conversions (4). 20.0 % of them convert, as now."
    )


def test_an_empty_main_tier_has_no_rate() -> None:
    none = moved(("Hot", "Cold", 20, 4), ("Cold", "Cold", 5, 0))
    said = tier_sentence(changes("worse"), "validation", none, [["Hot"], ["Hot"]])
    assert said.endswith("With nobody there, the candidate has no share that converts; the champion's is 20.0 %.")


def test_without_tiers_or_their_figures_nothing_is_said_of_them() -> None:
    assert tier_sentence(changes("better"), "validation", FOUND, [["Hot"], []]) == ""
    assert tier_sentence(changes("better").head(1), "validation", FOUND, [["Hot"], ["Hot"]]) == ""


def test_who_moves_up_and_down() -> None:
    tiers = [["Cold", "Hot"], ["Cold", "Hot"]]
    assert moving_sentence(FOUND, tiers) == (
        "17 leads move up (5 converted, 29.4 %), 24 leads move down (1 converted, 4.2 %); 86 stay."
    )
    assert moving_sentence(FOUND, tiers, unit="accounts").startswith("17 accounts move up")
    assert moving_sentence(FOUND, [["Cold", "Hot"], ["Cool", "Hot"]]) == ""
    assert moving_sentence(FOUND, [[], []]) == ""


def test_nobody_moves() -> None:
    still = moved(("Hot", "Hot", 20, 4), ("Hot", "Cold", 0, 0), ("Cold", "Hot", 0, 0), ("Cold", "Cold", 5, 0))
    assert moving_sentence(still, [["Cold", "Hot"], ["Cold", "Hot"]]) == "Nobody changes tier."
