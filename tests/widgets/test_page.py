"""The files that go to the page: nothing from elsewhere, no text taken as markup, colours that can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench import widgets
from workbench.plots.theme import DARK, LIGHT

HOME = Path(widgets.__file__).parent
FILES = sorted([*HOME.glob("*.js"), *HOME.glob("*.css")])
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
PAGE = (HOME / "page.css").read_text()
SAME = {"first": "first", "second": "second", "faint": "faint", "grid": "grid", "edge": "edge", "muted": "muted"}


def bare(path):
    """The file without comments."""
    return re.sub(r"/\*.*?\*/", "", re.sub(r"(?m)^\s*//.*$", "", path.read_text()), flags=re.DOTALL)


def colours(selector):
    body = re.search(re.escape(selector) + r" \{(.*?)\}", PAGE, re.DOTALL)[1]
    return dict(re.findall(r"--wb-([\w-]+): (?:var\([^,]+, )?(#[0-9a-f]{6})\)?;", body))


PALETTES = {
    "light": colours(".wb"),
    "lab_dark": colours('body[data-jp-theme-light="false"] .wb'),
    "dark": colours("body:not([data-jp-theme-light]) .wb"),
}


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_there_are_files():
    scripts = {"picture.js", "controls.js", "status.js", "choice.js", "bar.js", "guard.js"}
    assert {"page.css", "controls.css", "tuner.css", "bar.css", *scripts} <= {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_comes_from_another_host(path):
    assert (
        re.findall(r"https?:|//[a-z]|@import|\burl\(|\bimport\b|\bfetch\(|XMLHttpRequest|WebSocket", bare(path)) == []
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_only_our_own_drawings_go_in_as_markup(path):
    places = re.findall(
        r"^.*(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b).*$", bare(path), re.MULTILINE
    )
    assert [place.strip() for place in places] == (
        ['drawing.innerHTML = model.get("svg");'] if path.name == "picture.js" else []
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_listener_on_a_model_is_taken_off_again(path):
    text = bare(path)
    assert sorted(re.findall(r"model\.on\((.*?)\)", text)) == sorted(re.findall(r"model\.off\((.*?)\)", text)) != []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_colours_are_named_in_one_place(path):
    text = re.sub(
        r"var\(--[\w-]+, ?#[0-9a-f]+\)", "", bare(path)
    )  # with what stands in where the page's style is not there
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text)
    assert found == [] or path.name == "page.css"


def test_light_and_dark_define_the_same_colours():
    assert set(PALETTES["light"]) == set(PALETTES["dark"]) == set(PALETTES["lab_dark"])
    assert PALETTES["dark"] == PALETTES["lab_dark"]


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_data_colours_are_those_of_the_static_pictures(name, theme):
    assert {key: PALETTES[name][key] for key in SAME} == {key: getattr(theme, field) for key, field in SAME.items()}
    assert PALETTES[name]["paper"] == theme.paper
    assert PALETTES[name]["ink"] == theme.ink


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("ground", ["paper", "panel", "alert"])
def test_texts_stand_out_from_every_ground(name, ground):
    found = PALETTES[name]
    texts = ["ink"] if ground == "alert" else ["ink", "muted", "good", "bad"]
    assert {
        text: round(contrast(found[text], found[ground]), 2)
        for text in texts
        if contrast(found[text], found[ground]) < 4.5
    } == {}


@pytest.mark.parametrize("name", PALETTES)
def test_edges_of_controls_and_marks_of_data_stand_out(name):
    found = PALETTES[name]
    marks = ["control", "first", "second", "faint"]
    assert {
        mark: contrast(found[mark], found["paper"]) for mark in marks if contrast(found[mark], found["paper"]) < 3
    } == {}
    assert contrast(found["on-first"], found["first"]) >= 4.5
