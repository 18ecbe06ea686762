"""An allow-list for HTML: what is not known to be harmless does not come through."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_PLAIN = frozenset(
    {"p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "br", "hr", "blockquote"}
    | {"caption", "thead", "tbody", "tr", "figure", "figcaption"}
)
_ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "div": {
        "role": re.compile(r"region"),
        "tabindex": re.compile(r"0"),
        "aria-label": re.compile(r".*", re.DOTALL),
    },
    "span": {},
    "table": {},
    "th": {"scope": re.compile(r"row|col"), "colspan": re.compile(r"[0-9]{1,2}")},
    "td": {"colspan": re.compile(r"[0-9]{1,2}")},
    "a": {"href": re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\.html")},
    "img": {
        "src": re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+={0,2}"),
        "alt": re.compile(r".*", re.DOTALL),
        "width": re.compile(r"[0-9]{1,4}"),
    },
}
_CLASS = re.compile(r"(wb|workbench)-[a-z]+")
_VOID = frozenset({"br", "hr", "img"})
_SILENT = frozenset({"script", "style", "title", "textarea", "template", "noscript", "iframe", "object", "svg", "math"})


def clean(text: str) -> str:
    """The same HTML with only known elements and attributes, balanced, every text escaped anew.

    Links are kept to files beside the page; images, if they carry their own PNG and a text alternative.

    >>> clean('<p onclick="x()">a<script>b</script><img src=x onerror=y>c')
    '<p>ac</p>'
    """
    parser = _Cleaner()
    parser.feed(text)
    parser.close()
    return parser.done()


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        if self._silent or (tag not in _PLAIN and tag not in _ATTRIBUTES):
            return
        kept = _kept(tag, attrs)
        if tag == "img" and not {"src", "alt"} <= kept.keys():
            return
        spelled = "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())
        self._out.append(f"<{tag}{spelled}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                while self._silent.pop() != tag:
                    pass
            return
        if tag in self._open:
            while (last := self._open.pop()) != tag:
                self._out.append(f"</{last}>")
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._out.append(html.escape(data, quote=False))

    def done(self) -> str:
        while self._open:
            self._out.append(f"</{self._open.pop()}>")
        return "".join(self._out)


def _kept(tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in attrs:
        if name == "class":
            names = [each for each in (value or "").split() if _CLASS.fullmatch(each)]
            if names:
                kept["class"] = " ".join(names)
            continue
        allowed = _ATTRIBUTES.get(tag, {}).get(name)
        if allowed is not None and allowed.fullmatch(value or ""):
            kept[name] = value or ""
    return kept
