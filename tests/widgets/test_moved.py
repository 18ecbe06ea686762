from __future__ import annotations

import re

import pandas as pd

from workbench.changes import diff
from workbench.model import change_model, parse_model
from workbench.widgets.moved import OPEN_LINES, converted, difference_html, moves_html, plain_moves_html

COLUMNS = ["champion_tier", "candidate_tier", "n", "converted", "rate", "rate_low", "rate_high"]
NAN = float("nan")
FOUND = pd.DataFrame(
    [
        ["Cold", "Cold", 1200, 24, 0.02, 0.0134, 0.0296],
        ["Cold", "<Hot>", 29, 9, 9 / 29, 0.17, 0.49],
        ["Warm", "Cold", 0, 0, NAN, NAN, NAN],
        ["Warm", "<Hot>", 30, 3, 0.1, 0.0346, 0.2562],
    ],
    columns=COLUMNS,
)
MODEL = parse_model(
    "{format: lead-scoring-model/1, name: small, dimensions: {fit: {}}, rules: ["
    + ", ".join(f"{{id: r{n}, in: fit, when: {{field: region, equals: R{n}}}, points: 1}}" for n in range(20))
    + "]}"
)


def cell(html: str, old: str, new: str) -> str:
    found = re.search(rf'<td [^>]*data-from="{old}" data-to="{new}">(.*?)</td>', html)
    assert found is not None
    return re.sub(r"<[^>]+>", " | ", found[1]).strip(" |")


def test_every_cell_with_its_totals() -> None:
    html = moves_html(FOUND)
    assert cell(html, "Cold", "Cold") == "1,200 | 24 converted |  | 2.0 % [1.3–3.0]"
    assert cell(html, "Cold", "&lt;Hot&gt;") == "29 | 9 converted"
    assert cell(html, "Warm", "&lt;Hot&gt;") == "30 | 3 converted |  | 10.0 % [3.5–25.6]"
    assert cell(html, "Warm", "Cold") == "0"
    assert cell(html, "Cold", "all") == "1,229 | 33 converted |  | 2.7 %"
    assert cell(html, "all", "&lt;Hot&gt;") == "59 | 12 converted |  | 20.3 %"
    assert cell(html, "all", "all") == "1,259 | 36 converted |  | 2.9 %"


def test_the_table_says_who_it_is_about_and_can_be_scrolled_by_keyboard() -> None:
    html = moves_html(FOUND, unit="accounts")
    assert "across; accounts, how many of them converted, and from 30 on the rate" in html
    assert 'tabindex="0" role="region" aria-label="Who moves"' in html
    assert html.count('scope="row"') == 3
    assert html.count('scope="col"') == 4


def test_those_who_stay_are_marked() -> None:
    html = moves_html(FOUND)
    assert html.count("wb-stays") == 1
    assert 'wb-stays" data-from="Cold" data-to="Cold"' in html


def test_a_tier_named_all_is_no_total() -> None:
    named = FOUND.replace({"candidate_tier": {"<Hot>": "all"}, "champion_tier": {"Warm": "all"}})
    assert moves_html(named).count("<tr") == 4


def test_names_are_text() -> None:
    assert "<Hot>" not in moves_html(FOUND)
    assert "<Hot>" not in plain_moves_html(FOUND)


def test_a_rate_takes_thirty() -> None:
    line = {"n": 29, "converted": 9, "rate": 9 / 29, "rate_low": 0.17, "rate_high": 0.49}
    assert converted(line) == ("9 converted",)
    assert converted({**line, "n": 30, "rate": 0.3}) == ("9 converted", "30.0 % [17.0–49.0]")
    assert converted({"n": 0, "converted": 0, "rate": NAN}) == ()


def test_the_plain_table_leaves_out_empty_cells() -> None:
    html = plain_moves_html(FOUND)
    assert html.count("<tr>") == 4
    assert "24 converted, 2.0 % [1.3–3.0]" in html
    assert "class=" not in html


def test_a_short_difference_is_open_and_a_long_one_folded() -> None:
    one = difference_html(diff(MODEL, change_model(MODEL, {"rules.r1.points": 3})))
    assert '<details class="wb-difference" open>' in one
    assert "<summary>What differs: small version 1 -&gt; small version 1: scores can change" in one
    assert '<th scope="row">r1</th><td>changed</td><td>+1</td><td>+3</td><td>scores</td>' in one
    many = difference_html(diff(MODEL, change_model(MODEL, {f"rules.r{n}.points": 3 for n in range(OPEN_LINES + 1)})))
    assert '<details class="wb-difference">' in many
    assert many.count("<tr>") == OPEN_LINES + 2


def test_no_difference_has_no_table() -> None:
    html = difference_html(diff(MODEL, MODEL))
    assert "nothing differs." in html
    assert "<table" not in html
