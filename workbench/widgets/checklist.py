"""What an approval needs and what came of it, as HTML for the page and plain for places without its style."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from workbench.approval import Bundle
from workbench.approval.needs import Need, lacking
from workbench.markup import headline_html, table_html

_LISTS = (("Needed", "without it nothing is approved", True), ("Advice", "for the approver to weigh", False))
_WORDS = {"met": "✓ met", "open": "open", "advice": "open"}
_TONES = {"met": "wb-good", "open": "wb-bad", "advice": "wb-muted"}


def state(need: Need) -> str:
    """`met`, `open`, or for advice that does not hold `advice`."""
    return "met" if need.met else "open" if need.hard else "advice"


def counted(needs: Sequence[Need]) -> str:
    """How much is open, in a sentence."""
    hard, open_ = [need for need in needs if need.hard], lacking(needs)
    if not open_:
        return "All that is needed is there: it can be approved."
    verb = "is" if len(open_) == 1 else "are"
    return f"{len(open_)} of {len(hard)} things needed {verb} open."


def checklist_html(needs: Sequence[Need]) -> str:
    """The needs as two lists for the page, each line with a word for how it stands."""
    return "".join(
        f'<section class="wb-checklist" aria-label="{name}"><h4>{name}: {meaning}</h4><ul>{lines}</ul></section>'
        for name, meaning, hard in _LISTS
        if (lines := "".join(_line(need) for need in needs if need.hard == hard))
    )


def _line(need: Need) -> str:
    stands = state(need)
    remedy = f'<span class="wb-remedy">{html.escape(need.remedy)}</span>' if need.remedy else ""
    return (
        f'<li class="wb-need" data-need="{need.key}" data-state="{stands}">'
        f'<span class="wb-state {_TONES[stands]}">{_WORDS[stands]}</span>'
        f'<span class="wb-what">{html.escape(need.what)}{remedy}</span></li>'
    )


def plain_checklist_html(needs: Sequence[Need]) -> str:
    """The same as a table for places without the page's style."""
    rows = [
        ("needed" if need.hard else "advice", "met" if need.met else "open", need.what, need.remedy) for need in needs
    ]
    return headline_html(counted(needs)) + table_html(("", "stands", "what", "why not, and what to do"), rows)


def approved_rows(bundle: Bundle, folder: Path) -> tuple[tuple[str, str], ...]:
    """What was approved, by whom, on what, and until when; names and values."""
    approval = bundle.approval
    held = "held back" if approval.held_back else "not held back"
    return (
        ("model", f"{approval.model.name}, version {approval.model.version}"),
        ("bundle", str(folder)),
        ("author", approval.author),
        ("approved by", approval.approver),
        ("because", approval.why),
        ("approved at", approval.approved_at),
        ("look at it again by", approval.review_by),
        ("evidence", f"part {approval.part}, {held}; test opened {approval.openings.count} time(s) by then"),
        ("scoring digest", approval.model.scoring_digest),
        ("document digest", approval.model.document_digest),
        ("evidence digest", approval.evidence_digest),
        ("approval digest", approval.digest),
    )


def approved_html(bundle: Bundle, folder: Path) -> str:
    """The approval as a table for the page, and what comes next."""
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td data-field="{name}">{_value(name, value)}</td></tr>'
        for name, value in approved_rows(bundle, folder)
    )
    call = html.escape(f'wb.export("{folder.as_posix()}", to="json", out="config")')
    return (
        f'<table class="wb-table wb-approved"><caption>Approved</caption><tbody>{rows}</tbody></table>'
        f'<p class="wb-muted">Next: <code>{call}</code> writes what other systems score by.</p>'
    )


def plain_approved_html(bundle: Bundle, folder: Path) -> str:
    """The approval as a table for places without the page's style."""
    return headline_html("Approved") + table_html(("", ""), approved_rows(bundle, folder))


def _value(name: str, value: str) -> str:
    """A value as text; digests in a face whose letters are told apart."""
    return f"<code>{html.escape(value)}</code>" if name.endswith("digest") else html.escape(value)
