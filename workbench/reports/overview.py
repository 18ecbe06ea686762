"""The page that leads to the reports of a field's values."""

from __future__ import annotations

import html
from collections.abc import Sequence

from nbformat import NotebookNode, from_dict

from workbench.model import Model
from workbench.plots.wording import count
from workbench.reports.table import Prose
from workbench.reports.wording import FEW, FEWEST, rate


def overview(
    model: Model,
    by: str,
    reports: Sequence[tuple[str, int, int, str]],
    small: Sequence[tuple[str, int]],
    least: int,
) -> NotebookNode:
    """A notebook that holds only the overview, ready to become a page.

    Args:
        model: what was judged.
        by: the field.
        reports: value, leads, converts and name of the file, for each report.
        small: value and leads of those without a report.
        least: leads that a report needs.
    """
    rows = "".join(
        f'<tr><th scope="row"><a href="{name}.html">{html.escape(label)}</a></th><td class="wb-right">{count(n)}</td>'
        f'<td class="wb-right">{count(converted)}</td><td class="wb-right">{rate(converted / n)}</td></tr>'
        for label, n, converted, name in reports
    )
    heads = "".join(f'<th scope="col" class="wb-right">{name}</th>' for name in ("Leads", "Converted", "Share"))
    table = (
        f'<h1>{html.escape(model.name)} v{model.version} by {html.escape(by)}</h1><table class="wb-table"><caption>'
        f'One report for each value</caption><thead><tr><th scope="col">{html.escape(by)}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    outputs = [table]
    if small:
        listed = tuple(f"{label}: {_few(n)}" for label, n in small)
        outputs.append(Prose(f"Too few leads for a report of their own (fewer than {least}):", listed)._repr_html_())
    foot = "Each report judges the same part of the same split; the split was made on all leads together."
    shown = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": text}} for text in outputs]
    cells = [
        {"cell_type": "code", "metadata": {}, "source": "", "execution_count": None, "outputs": shown},
        {"cell_type": "markdown", "metadata": {}, "source": foot},
    ]
    made: NotebookNode = from_dict(  # type: ignore[no-untyped-call]
        {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    )
    return made


def _few(n: int) -> str:
    return f"{FEW} leads" if n < FEWEST else f"{count(n)} leads"
