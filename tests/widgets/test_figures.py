from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from workbench.widgets.figures import LATE, Words, figures_html, out_of_order, plain_figures_html, told

WORDS = Words(tier="M<QL", leads="leads")
COLUMNS = ["part", "figure", "champion", "candidate", "change", "low", "high", "verdict", "unit"]
CHANGES = pd.DataFrame(
    [
        ("train", "auc", 0.7, 0.75, 0.05, 0.01, 0.09, "better", "score"),
        ("train", "leads", 1200, 1000, -200, -250, -150, "", "leads"),
        ("validation", "auc", 0.7, 0.7, 0.0, 0.0, 0.0, "same", "score"),
        ("validation", "precision", 0.2, np.nan, np.nan, np.nan, np.nan, "not enough evidence", "share"),
    ],
    columns=COLUMNS,
)


def cells(text, part, figure):
    found = re.findall(rf'data-part="{part}" data-figure="{figure}" data-column="(.*?)">(.*?)</td>', text)
    return dict(found)


def test_every_figure_has_its_cells():
    text = figures_html(CHANGES, WORDS)
    assert cells(text, "train", "auc") == {
        "champion": "0.700",
        "candidate": "0.750",
        "change": "+0.050",
        "95 % interval": "[+0.010, +0.090]",
        "verdict": "better",
    }
    assert cells(text, "train", "leads")["change"] == "−200"
    assert cells(text, "train", "leads")["verdict"] == ""


def test_what_is_the_same_or_unknown_has_no_interval():
    text = figures_html(CHANGES, WORDS)
    assert cells(text, "validation", "auc")["95 % interval"] == "—"
    assert cells(text, "validation", "precision") == {
        "champion": "20.0 %",
        "candidate": "—",
        "change": "—",
        "95 % interval": "—",
        "verdict": "not enough evidence",
    }


def test_names_are_words_and_are_taken_as_text():
    text = figures_html(CHANGES, WORDS)
    assert "leads in M&lt;QL or above" in text
    assert "M&lt;QL or above: share that converts" in text
    assert "M<QL" not in text + plain_figures_html(CHANGES, WORDS)


def test_a_verdict_is_a_word_and_a_colour():
    text = figures_html(CHANGES, WORDS)
    assert re.findall(r'class="wb-verdict (\S*)"[^>]*>better<', text) == ["wb-good"]


def test_figures_that_lag_behind_the_hand_say_so():
    assert LATE not in figures_html(CHANGES, WORDS)
    assert figures_html(CHANGES, WORDS, late=True).count(LATE) == 2


def test_the_plain_table_holds_every_row_and_no_class():
    text = plain_figures_html(CHANGES, WORDS)
    assert text.count("<tr>") == 1 + len(CHANGES)
    assert "class=" not in text


def test_a_sentence_says_the_figures_that_are_asked_for():
    head = "against the champion"
    assert (
        told(CHANGES, WORDS, ["auc", "value"], part="validation")
        == f"On validation, {head}: ranking (AUC) 0.700 (same)."
    )
    assert told(CHANGES, WORDS, ["leads"], part="train") == f"On train, {head}: leads in M<QL or above 1,000 (−200)."
    assert told(CHANGES, WORDS, ["auc"], part="train").endswith("ranking (AUC) 0.750 (+0.050, better).")
    assert told(CHANGES, WORDS, ["auc"], part="test") == ""


def test_a_figure_that_is_not_known_makes_a_sentence():
    said = told(CHANGES, WORDS, ["precision"], part="validation")
    assert said == (
        "On validation, against the champion: "
        "of leads in M<QL or above, the share that converts is unknown, for there are none."
    )
    appeared = CHANGES.assign(candidate=0.25)
    assert told(appeared, WORDS, ["precision"], part="validation").endswith(
        "M<QL or above: share that converts 25.0 % (the champion's is unknown, not enough evidence)."
    )


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        ((0, 35, 40, 50), ""),
        ((), ""),
        ((0, 100, 40, 50), "MQL begins at 100, above PQL at 40: no lead ends in MQL."),
        ((0, 40, 40, 50), "MQL begins at 40, as PQL does: no lead ends in MQL."),
        (
            (0, 100, 60, 50.5),
            (
                "MQL begins at 100, above SQL at 50.5: no lead ends in MQL. "
                "PQL begins at 60, above SQL at 50.5: no lead ends in PQL."
            ),
        ),
    ],
)
def test_tiers_out_of_order_are_told(begins, said):
    cuts = tuple(zip(("Nurture", "MQL", "PQL", "SQL"), map(float, begins), strict=False))
    assert out_of_order(cuts) == said
    assert f'<p class="wb-order">{said}</p>' in figures_html(CHANGES, WORDS, cuts=cuts)


def test_tiers_out_of_order_that_hold_accounts():
    assert out_of_order([("A", 9.0), ("B", 9.0)], leads="accounts").endswith("no account ends in A.")


def test_a_long_tier_is_shortened_and_told_whole_on_hovering():
    name = "Qualified & ready " * 12
    text = figures_html(CHANGES, Words(tier=name, leads="leads"))
    heads = re.findall(r'<th scope="row"([^>]*)>([^<]*)</th>', text)
    whole = f"leads in {name} or above".replace("&", "&amp;")
    assert (f' title="{whole}"', "leads in Qualified &amp; ready Q… or above") in heads
    assert ("", "ranking (AUC)") in heads
    assert len(told(CHANGES, Words(tier=name, leads="leads"), ["leads"], part="train")) < 90
