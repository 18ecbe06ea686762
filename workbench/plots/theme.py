"""The colours of the pictures, for light and for dark pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.errors import CallError

ThemeName = Literal["light", "dark", "auto"]


@dataclass(frozen=True)
class Theme:
    """The colours of one picture, as `#rrggbb`.

    The data colours are from the palette of Okabe and Ito (Color Universal Design, 2008), which people with any
    common colour blindness tell apart; no picture relies on them alone. Texts (`ink`, `muted`) stand out from
    `paper` by at least 4.5:1, lines and marks by at least 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).

    Attributes:
        name: "light" or "dark".
        paper: the background.
        ink: titles, labels, marks of the average.
        muted: second-rank text and tier lines.
        edge: the thin frame around the picture.
        grid: lines behind the data.
        first: the main data colour (blue).
        second: the other data colour (orange).
        faint: data that is too thin to judge.
    """

    name: str
    paper: str
    ink: str
    muted: str
    edge: str
    grid: str
    first: str
    second: str
    faint: str


LIGHT = Theme(
    name="light",
    paper="#ffffff",
    ink="#1a1a1a",
    muted="#595959",
    edge="#c4c4c4",
    grid="#e6e6e6",
    first="#0072b2",
    second="#d55e00",
    faint="#8a8a8a",
)
DARK = Theme(
    name="dark",
    paper="#16191d",
    ink="#ececec",
    muted="#b3b8bf",
    edge="#4a4f57",
    grid="#2f343b",
    first="#56b4e9",
    second="#e69f00",
    faint="#7d838c",
)


def theme_named(name: ThemeName) -> Theme:
    """The theme of that name; "auto" is light, because a single drawing cannot know its page.

    Raises:
        CallError: the name is none of "light", "dark", "auto".
    """
    if name in ("light", "auto"):
        return LIGHT
    if name == "dark":
        return DARK
    raise CallError.at(
        "theme", expected="'light', 'dark' or 'auto'", found=repr(name), remedy="Leave it out for a light picture."
    )
