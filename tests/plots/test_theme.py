from __future__ import annotations

import re

import pytest

from workbench.errors import CallError
from workbench.plots import theme_named
from workbench.plots.theme import DARK, LIGHT

COLOUR = re.compile(r"#[0-9a-f]{6}")


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_texts_and_marks_stand_out(theme):
    for text in (theme.ink, theme.muted):
        assert contrast(text, theme.paper) >= 4.5
    for mark in (theme.first, theme.second, theme.faint):
        assert contrast(mark, theme.paper) >= 3


def seen_by(colour, matrix):
    """A colour as a dichromat sees it: Machado, Oliveira, Fernandes (2009), full severity, in linear light."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return [sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in matrix]


PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))


@pytest.mark.parametrize("matrix", [PROTAN, DEUTAN, TRITAN], ids=["protan", "deutan", "tritan"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_both_data_colours_differ_for_the_colour_blind(theme, matrix):
    one, other = seen_by(theme.first, matrix), seen_by(theme.second, matrix)
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.2


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_colours_are_spelled_out(theme):
    for name in ("paper", "ink", "muted", "edge", "grid", "first", "second", "faint"):
        assert COLOUR.fullmatch(getattr(theme, name))


def test_auto_is_light_for_a_single_drawing():
    assert theme_named("auto") is theme_named("light") is LIGHT
    assert theme_named("dark") is DARK


def test_an_unknown_theme_is_refused():
    with pytest.raises(CallError, match="expected 'light', 'dark' or 'auto', found 'sepia'"):
        theme_named("sepia")
