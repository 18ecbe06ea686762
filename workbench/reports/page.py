"""An executed notebook as one HTML page: no code, no script, nothing from outside."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from workbench.reports.clean import clean
from workbench.reports.wording import bound

_TEMPLATES = Path(__file__).parent / "templates"


def page(notebook: NotebookNode, title: str) -> str:
    """The page: prose and the HTML outputs of cells, both through `clean`; everything else stays behind.

    Its policy lets a browser load nothing and run nothing: only images inside the page, and the one style sheet by
    its hash.
    """
    style = (_TEMPLATES / "report" / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="report",
        extra_template_basedirs=[str(_TEMPLATES)],
        exclude_anchor_links=True,
        filters={"clean": lambda text: bound(clean(text))},
    )
    resources = {"report": {"title": title, "style": style, "style_digest": digest}}
    body, _ = exporter.from_notebook_node(notebook, resources=resources)
    return str(body)
