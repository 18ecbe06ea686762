"""Criteria about events: `Opened email (last 30 days)`, `3+ visits in 7 days`, `No activity for 30 days`."""

from __future__ import annotations

import re
from typing import Any

from workbench.drafts.holdings import Holdings, letters
from workbench.drafts.phrases import Often, Window, tidy, without_often, without_window
from workbench.drafts.reading import Asked, Reading, slug
from workbench.drafts.vocabulary import ACTIVITY, EVENTS, NEVER, Dimension, EventWords
from workbench.errors import listed


def read_activity(text: str, holdings: Holdings) -> Reading | None:
    """`No activity for 30 days`, `No login in 14 days`: no event of any kind, or of one, within the window."""
    window = without_window(text)
    if ACTIVITY.fullmatch(window.rest) is None:
        return _never(window, holdings)
    days = window.within or window.older_than
    asked = list(window.asked)
    if days is None:
        days = 30
        asked.append(("30 days without any event are assumed.", "After how many days is a lead inactive?"))
    asked.append(
        ("An event of any kind is activity, sent mails too if the data has them.", "Which events count as activity?")
    )
    when = {"event": "any", "within": f"{days}d", "count": {"equals": 0}}
    return Reading("engagement", f"inactive_{days}d", when, asked=tuple(asked))


def _never(window: Window, holdings: Holdings) -> Reading | None:
    """That something did not happen within a window."""
    said = NEVER.fullmatch(window.rest)
    found = _found(said["what"], holdings) if said is not None and window.within is not None else None
    if found is None:
        return None
    events, words, what, asked = found
    where, about = _where(what, words, holdings)
    test = {"event": events, **({"where": where} if where else {}), "within": f"{window.within}d"}
    dimension = words.dimension if words is not None else "engagement"
    name = slug(f"no {what} {events} {window.within}d" if what else f"no {events} {window.within}d")
    return Reading(dimension, name, {**test, "count": {"equals": 0}}, asked=(*asked, *about, *window.asked))


def read_event(text: str, holdings: Holdings) -> Reading | None:
    """Something that a lead did, how often and since when; None if the words are of no event."""
    window = without_window(text)
    often = without_often(window.rest)
    found = _found(often.rest, holdings)
    if found is None and often.rest != window.rest:
        whole = _found(tidy(window.rest), holdings)
        found, often = whole, Often(tidy(window.rest)) if whole is not None else often
    if found is None:
        return None
    events, words, what, asked = found
    filtered: dict[str, Any] = {"event": events}
    where, about = _where(what, words, holdings)
    if where:
        filtered["where"] = where
    if window.within is not None:
        filtered["within"] = f"{window.within}d"
    if window.older_than is not None:
        filtered["older_than"] = f"{window.older_than}d"
    name = slug(f"{what} {events}" if what else events)
    asked = (*asked, *about, *window.asked)
    dimension = words.dimension if words is not None else "engagement"
    if often.each:
        return _each(dimension, name, filtered, often, asked)
    return _counted(dimension, name, filtered, often, window, asked)


_Found = tuple[str, "EventWords | None", str, Asked]


def _found(text: str, holdings: Holdings) -> _Found | None:
    """The event that words name, what it is done to, and what was assumed."""
    own = next((event for event in holdings.events if letters(event) == letters(text)), None)
    if own is not None:
        words = next((each for each in EVENTS if own in each.names), None)
        return own, words, "", ()
    for words in EVENTS:
        match = re.fullmatch(words.words, text)
        if match is None:
            continue
        groups = match.groupdict()
        what = _object(groups.get("what") or groups.get("what2") or "")
        return _event(words, what, holdings)
    return _parted(text, holdings)


def _parted(text: str, holdings: Holdings) -> _Found | None:
    """`Form submission: Contact us`: an event, and the object that it names."""
    parts = re.fullmatch(r"(?P<event>[^:=]+?)(?:\s*[:=]\s*|\s+[-–—]\s+)(?P<what>.+)", text)
    if parts is None:
        return None
    for words in EVENTS:
        match = re.fullmatch(words.words, parts["event"]) if words.of else None
        if match is not None and not any(_object(each or "") for each in match.groupdict().values()):
            said = re.sub(r"[^\w/.+& -]+", " ", parts["what"]).strip()
            return _event(words, "" if said in {"yes", "true", "ja"} else said, holdings)
    return None


def _event(words: EventWords, what: str, holdings: Holdings) -> _Found:
    """The event as the data calls it."""
    known = holdings.event_named(words.names) if holdings.given else None
    if known is not None and (known[1] or len(letters(known[0])) > 3):
        near = () if known[1] else ((f"The event '{known[0]}' is taken for it.", "Is that the event?"),)
        return known[0], words, what, near
    return words.names[0], words, what, (_unknown(words.names[0], holdings),)


def _unknown(name: str, holdings: Holdings) -> tuple[str, str]:
    if holdings.given:
        known = f"it has {listed(list(holdings.events), most=6)}" if holdings.events else "it has no events"
        return f"The data has no such event ({known}): '{name}' is assumed.", "Which event is it?"
    return f"An event called '{name}' is assumed.", "What is the event called in your data?"


def _object(what: str) -> str:
    """The page, form or file that is meant; nothing for `our website`."""
    bare = tidy(re.sub(r"\b(?:an?|our|the|any|your|web ?site|web ?page|page|site|web|url|it)\b", " ", what))
    return re.sub(r"[^\w/.+& -]+", " ", bare).strip()


def _where(what: str, words: EventWords | None, holdings: Holdings) -> tuple[dict[str, Any], Asked]:
    """The test on the event's property that its object asks for."""
    if not what or words is None:
        return {}, ()
    held = [
        (place[1], value)
        for place, values in holdings.values.items()
        if place[0] == "event"
        for value in values
        if letters(what) and letters(what) in letters(value)
    ]
    if held:
        name = held[0][0]
        values = [value for place, value in held if place == name]
        if len(values) == 1:
            asked = (f"'{what}' is '{values[0]}' of '{name}'.", "Is that the one?")
            return {"field": name, "equals": values[0]}, (asked,)
        asked = (f"'{what}' is {listed(values, most=4)} of '{name}'.", "Are these the ones?")
        return {"field": name, "one_of": values[:50]}, (asked,)
    name = words.of or "name"
    had = "No event of the data names it: events" if holdings.given else "Events"
    asked = (f"{had} whose property '{name}' contains '{what}' count.", "Which property and values name it?")
    return {"field": name, "contains_any": what}, (asked,)


def _each(dimension: Dimension, name: str, events: dict[str, Any], often: Often, asked: Asked) -> Reading:
    if often.most:
        return Reading(dimension, name, each=events, limit=often.most, asked=asked)
    limit = ("Every event earns the points, without a limit.", "How many may count (limit: {events: 5})?")
    return Reading(dimension, name, each=events, asked=(*asked, limit))


def _counted(
    dimension: Dimension, name: str, events: dict[str, Any], often: Often, window: Window, asked: Asked
) -> Reading:
    bound = dict(often.count) or {"at_least": 1}
    repeated = () if often.count else (_again(window),)
    if often.count and window.within is None and window.older_than is None:
        repeated = (("Events count however old they are.", "Within how many days (within: 30d)?"),)
    if often.most:
        repeated = (
            *repeated,
            (f"The points are paid once: 'max {_most(often)}' says nothing then.", "Each time instead?"),
        )
    when = {**events, "count": bound}
    alike = ""
    if often.count:
        alike = f"event.{events['event']}.{events.get('where')}.{events.get('within')}.{events.get('older_than')}"
    return Reading(dimension, name, when, alike=alike, asked=(*asked, *repeated))


def _most(often: Often) -> str:
    return ", ".join(str(number) for number in often.most.values())


def _again(window: Window) -> tuple[str, str]:
    if window.within is None and window.older_than is None:
        return (
            "Once is enough, however long ago, and the points are paid once.",
            "Within how many days (within: 30d), and does each further time earn points (each, with a limit)?",
        )
    return "The points are paid once.", "Does each further time earn points (each, with a limit)?"
