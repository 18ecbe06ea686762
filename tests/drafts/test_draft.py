"""A draft as HTML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbench.drafts import draft_from_sheet


def test_long_places_may_break_in_html_and_short_words_do_not(tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text("Director,5\n")
    found = draft_from_sheet(tmp_path / "sheet.csv")
    place = "groupConfigs[0].ruleConfigurations[1].configuration.calculation<b>"
    shown = replace(found, entries=(replace(found.entries[0], place=place),), questions=())._repr_html_()
    broken = "groupConfigs<wbr>[0]<wbr>.ruleConfigurations<wbr>[1]<wbr>.configuration<wbr>.calculation&lt;b&gt;"
    assert f">{broken}<" in shown
    assert ">job_title<" in shown
    assert found._repr_html_().count("<wbr>") == 0
