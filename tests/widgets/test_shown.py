from __future__ import annotations

import re

import pytest

from workbench.widgets import shown
from workbench.widgets.picture import page_file
from workbench.widgets.shown import Shown

VIEW = "application/vnd.jupyter.widget-view+json"


class Small(Shown):
    def to_html(self) -> str:
        return "<p>what is left</p>"


def test_the_live_widget_and_its_copy_are_outputs_of_their_own(monkeypatch):
    outputs: list[dict] = []
    monkeypatch.setattr(shown, "display", lambda data, *, raw: outputs.append(data))
    small = Small()
    small._ipython_display_()
    live, left = outputs
    assert set(live) == {"text/plain", VIEW}  # with text/html as well, an export would show neither
    assert live["text/plain"] == "Small"
    assert live[VIEW]["model_id"] == small.model_id
    assert left["text/html"] == '<div class="wb-static"><p>what is left</p></div>'
    small.close()


def test_a_page_hides_the_copy_only_beside_a_widget():
    (rule,) = re.findall(r"([^{}/]*\.wb-static) \{\s*display: none;", page_file("page.css"))
    assert rule.strip() == ".jp-OutputArea:has(.wb) .wb-static"


def test_a_copy_has_to_be_made():
    with pytest.raises(NotImplementedError):
        Shown().to_html()
