"""Reads drawn data back out of SVG text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET  # only pictures that we drew ourselves

from workbench.drawing.lettering import width

SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = r"-?\d+(?:\.\d+)?"


@dataclass(frozen=True)
class Text:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    fill: str


def root(drawing):
    return ET.fromstring(drawing.svg)


def named(drawing, name):
    """The elements of a class."""
    return [each for each in root(drawing).iter() if each.get("class") == name]


def path(drawing, name):
    (found,) = named(drawing, name)
    return found.get("d")


def points(d):
    """The corners of "Mx,yLx,y x,y" as pairs."""
    return [(float(x), float(y)) for x, y in re.findall(rf"({_NUMBER}),({_NUMBER})", d)]


def boxes(d):
    """left, top, right, bottom of each "Mx,yV…H…V…Z" or "Mx,yH…V…H…Z"."""
    found = []
    for part in re.findall(r"M[^Z]+Z", d):
        x, y = map(float, re.match(rf"M({_NUMBER}),({_NUMBER})", part).groups())
        across = [x, *map(float, re.findall(rf"H({_NUMBER})", part))]
        down = [y, *map(float, re.findall(rf"V({_NUMBER})", part))]
        found.append((min(across), min(down), max(across), max(down)))
    return found


def posts(d):
    """x, from, to of each "Mx,yV…"."""
    return [tuple(map(float, each)) for each in re.findall(rf"M({_NUMBER}),({_NUMBER})V({_NUMBER})", d)]


def texts(drawing):
    """What is written, and where; the boxes are those of capital and small letters."""
    return list(_texts(root(drawing), None))


def _texts(parent, fill):
    for each in parent:
        own = each.get("fill") or fill
        if each.tag == f"{SVG}text":
            yield _text(each, own)
        else:
            yield from _texts(each, own)


def _text(each, fill):
    size, x, y = float(each.get("font-size", 12)), float(each.get("x")), float(each.get("y"))
    wide = width(each.text, size, bold=each.get("font-weight") == "600")
    left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[each.get("text-anchor", "start")]
    return Text(each.text, left, left + wide, y - 0.76 * size, y + 0.24 * size, fill)


def collisions(drawing):
    """Pairs of texts that lie on one another, and texts that leave the sheet."""
    wide, high = map(float, root(drawing).get("viewBox").split()[2:])
    all_of_them = texts(drawing)
    pairs = [
        (one.text, other.text)
        for one, other in combinations(all_of_them, 2)
        if one.left < other.right - 0.5
        and other.left < one.right - 0.5
        and one.top < other.bottom - 0.5
        and other.top < one.bottom - 0.5
    ]
    outside = [
        each.text for each in all_of_them if each.left < -0.5 or each.right > wide + 0.5 or each.bottom > high + 0.5
    ]
    return pairs + outside


def said(drawing):
    """All that is written, hovering texts included."""
    return [each.text for each in root(drawing).iter() if each.text]
