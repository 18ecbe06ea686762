from __future__ import annotations

import re

import pytest

from workbench.approval.needs import Need
from workbench.widgets.checklist import checklist_html, counted, plain_checklist_html, state

MET = Need("model", "It is this model", True, "")
OPEN = Need("why", "A <reason> is given", False, "None is given. Say <why>.")
WEIGHED = Need("sealed", "It is from the test", False, "It is not.", hard=False)
HELD = Need("held", "It was held back", True, "", hard=False)


@pytest.mark.parametrize(("need", "word"), [(MET, "met"), (OPEN, "open"), (WEIGHED, "advice"), (HELD, "met")])
def test_how_a_need_stands(need: Need, word: str) -> None:
    assert state(need) == word
    assert f'data-need="{need.key}" data-state="{word}"' in checklist_html([need])


@pytest.mark.parametrize(
    ("needs", "sentence"),
    [
        ([MET, OPEN], "1 of 2 things needed is open."),
        ([OPEN, OPEN, MET, WEIGHED], "2 of 3 things needed are open."),
        ([MET, WEIGHED], "All that is needed is there: it can be approved."),
    ],
)
def test_what_is_open_is_counted_and_advice_is_not(needs: list[Need], sentence: str) -> None:
    assert counted(needs) == sentence


def test_each_line_says_in_words_how_it_stands() -> None:
    words = re.findall(r'<span class="wb-state [^"]*">([^<]*)</span>', checklist_html([MET, OPEN, WEIGHED, HELD]))
    assert words == ["✓ met", "open", "open", "✓ met"]


def test_needed_and_advice_are_two_lists_and_an_empty_one_is_left_out() -> None:
    both = checklist_html([MET, WEIGHED])
    assert re.findall(r'<section [^>]*aria-label="(\w+)"', both) == ["Needed", "Advice"]
    assert both.index("It is this model") < both.index('aria-label="Advice"') < both.index("It is from the test")
    assert re.findall(r'<section [^>]*aria-label="(\w+)"', checklist_html([MET])) == ["Needed"]


def test_what_is_said_is_text() -> None:
    for html in (checklist_html([OPEN]), plain_checklist_html([OPEN])):
        assert "A &lt;reason&gt; is given" in html
        assert "Say &lt;why&gt;." in html
        assert "<reason>" not in html


def test_the_plain_table_tells_needed_from_advice() -> None:
    html = plain_checklist_html([MET, OPEN, WEIGHED])
    rows = re.findall(r"<tr>(.*?)</tr>", html)[1:]
    assert [re.sub(r"<[^>]+>", "|", row).strip("|").split("||")[:2] for row in rows] == [
        ["needed", "met"],
        ["needed", "open"],
        ["advice", "open"],
    ]
    assert "1 of 2 things needed is open." in html
