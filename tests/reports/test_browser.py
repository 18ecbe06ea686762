"""The page in a real browser: it loads, shows the pictures that fit the theme, and asks nobody for anything."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


def opened(chromium, file, scheme, width=1100):
    page = chromium.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda problem: heard.append(str(problem)))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("request", lambda request: heard.append(request.url) if not request.url.startswith("data:") else None)
    page.goto(file.as_uri(), wait_until="load")
    return page, heard


@pytest.mark.parametrize("report", ["sample_report", "hostile_report"])
def test_it_is_quiet_and_whole(chromium, request, report, scheme):
    file = request.getfixturevalue(report).pages[0]
    page, heard = opened(chromium, file, scheme)
    assert heard == [file.as_uri()]
    images = page.evaluate(
        "[...document.images].map(i => [i.className, getComputedStyle(i).display, i.complete && i.naturalWidth > 0])"
    )
    assert {name for name, display, _ in images if display != "none"} == {f"workbench-{scheme}"}
    assert all(loaded for _, _, loaded in images)
    assert len({name for name, _, _ in images}) == 2
    page.close()


def test_the_theme_is_the_readers(chromium, sample_report, scheme):
    page, _ = opened(chromium, sample_report.pages[0], scheme)
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    light = ("rgb(255, 255, 255)", "rgb(26, 26, 26)")
    assert (ground, ink) == (light if scheme == "light" else ("rgb(22, 25, 29)", "rgb(236, 236, 236)"))
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light[0]
    page.close()


@pytest.mark.parametrize("width", [1100, 380])
def test_nothing_runs_out_of_the_page(chromium, sample_report, width):
    page, _ = opened(chromium, sample_report.pages[0], "light", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_it_prints(chromium, sample_report):
    page, _ = opened(chromium, sample_report.pages[0], "dark")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
