"""Reads one criterion, in the words of a sheet, into a condition with what was assumed on the way."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from workbench.drafts.events import read_activity, read_event
from workbench.drafts.fields import read_email, read_field, read_known, read_title, read_value, subject_of
from workbench.drafts.holdings import Holdings
from workbench.drafts.phrases import tidy
from workbench.drafts.reading import NotRead, Reading, slug
from workbench.drafts.vocabulary import OTHER_CAPS, OUT_OF_REACH, TOTALS

MOST_SIGNS = 200


def read_criterion(text: str, holdings: Holdings) -> Reading | NotRead:
    """What a criterion asks for.

    Tried in this order: a free or business address, inactivity, a known field with its values or numbers, something a
    lead did, a field that is known or missing, a job title, a value of the data, and last a yes/no field of that name.
    """
    refused = _refused(text)
    if refused is not None:
        return refused
    words = tidy(text.lower())
    return (
        read_email(words, holdings)
        or read_activity(words, holdings)
        or _field(text, words, holdings)
        or read_event(words, holdings)
        or read_known(words, holdings)
        or read_title(words, holdings)
        or read_value(words, holdings)
        or _field(text, words, holdings, guess=True)
        or _yes_or_no(words, holdings)
    )


def _field(text: str, words: str, holdings: Holdings, *, guess: bool = False) -> Reading | NotRead | None:
    """A field with values; they are read as the author spelled them."""
    found = read_field(words, holdings, guess=guess)
    if isinstance(found, Reading):
        return _spelled(found, tidy(text))
    return found


def _spelled(reading: Reading, text: str) -> Reading:
    """The reading with texts in the author's letters, where they stand in the criterion."""

    def restored(node: object) -> object:
        if isinstance(node, dict):
            return {key: each if key in {"field", "account_field"} else restored(each) for key, each in node.items()}
        if isinstance(node, list):
            return [restored(each) for each in node]
        at = text.lower().find(node) if isinstance(node, str) else -1
        return text[at : at + len(node)] if isinstance(node, str) and at >= 0 else node

    when = restored(dict(reading.when))
    assert isinstance(when, dict)  # noqa: S101  (a dict is restored as one)
    fields = set(re.findall(r'field": "([^"]*)"', json.dumps(when)))

    def quoted(said: re.Match[str]) -> str:
        return said[0] if said[1] in fields else f"'{restored(said[1])}'"

    asked = tuple((re.sub(r"'([^']+)'", quoted, assumed, count=1), decide) for assumed, decide in reading.asked)
    return replace(reading, when=when, asked=asked)


def _refused(text: str) -> NotRead | None:
    """What is no criterion at all."""
    words = tidy(text.lower())
    if text.startswith(("=", "@")) or re.match(r"[+-]\s*[A-Za-z]+[|(!]", text):
        return NotRead("A formula; nothing in a sheet is computed.", "Write the criterion in words.")
    if len(text) > MOST_SIGNS:
        return NotRead(f"More than {MOST_SIGNS} signs.", "Say what is asked for in a few words.")
    if not re.search(r"[^\W\d_]", words):
        return NotRead("No words that say what is asked for.", "Write the criterion in words.")
    if TOTALS.fullmatch(words):
        return NotRead("A sum of other rows.", "Leave it out: the score adds the rules up.")
    if OTHER_CAPS.fullmatch(words):
        return NotRead("A cap on points.", "Write it as 'min' or 'max' of a dimension, a group or a rule.")
    return None


def _yes_or_no(words: str, holdings: Holdings) -> Reading | NotRead:
    """A yes/no field of that name: a guess, and asked about."""
    name = slug(words)
    subject = subject_of(words, holdings)
    if subject is not None and subject.kind != "boolean":
        remedy = f"Say which values of '{subject.place[1]}' count, such as '{words}: …'."
        return NotRead("A field without the value that earns points.", remedy)
    found = holdings.field_named([words]) if holdings.given else None
    if found is not None and holdings.fields[found[0]] == "boolean":
        place, own = found
        test = {"account_field" if place[0] == "account" else "field": place[1], "equals": True}
        near = () if own else ((f"The field '{place[1]}' is taken for it.", "Is that the field?"),)
        return Reading("fit", slug(place[1]), test, asked=near)
    decide = "Which field and value, event or list says so?"
    if OUT_OF_REACH.fullmatch(words):
        decide += " If such leads must never reach sales, write a gate instead of points."
    asked = (f"A yes/no field of the lead called '{name}' is assumed.", decide)
    return Reading("fit", name, {"field": name, "equals": True}, asked=(asked,))
