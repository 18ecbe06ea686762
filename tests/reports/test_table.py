from __future__ import annotations

from workbench.reports.table import Prose, Table

EVIL = "<img src=x onerror=alert(1)>\"'&"


def test_every_text_of_a_table_is_escaped():
    page = Table(EVIL, (EVIL, ">" + EVIL), ((EVIL, EVIL),), EVIL)._repr_html_()
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;") == 7


def test_every_sentence_is_escaped():
    page = Prose(EVIL, (EVIL,))._repr_html_()
    assert "<img" not in page
    assert page.count("&lt;img") == 2


def test_numbers_stand_on_the_right_and_rows_are_named():
    page = Table("c", ("Name", ">Leads"), (("a", "1"),))._repr_html_()
    assert '<th scope="col" class="wb-right"' in page
    assert ">Leads</th>" in page
    assert '<th scope="row" class="wb-left"' in page
    assert '<td class="wb-right"' in page


def test_a_table_without_rows_says_none():
    assert Table("Rows left out", ("A",), ())._repr_html_() == '<p class="wb-note">Rows left out: none.</p>'


def test_a_percent_sign_stays_with_its_number():
    assert "18.4\N{NO-BREAK SPACE}%" in Table("c", ("A",), (("18.4 %",),))._repr_html_()
    assert "18.4\N{NO-BREAK SPACE}%" in Prose("18.4 %")._repr_html_()


def test_as_text():
    assert str(Table("c", ("A", ">B"), (("x", "1"),), "note")) == "c\nA\tB\nx\t1\nnote"
    assert str(Prose("lead", ("one", "two"))) == "lead\n- one\n- two"
