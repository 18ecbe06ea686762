"""What the leads of the made-up market do: visits, e-mails, product trial, webinars, forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from workbench.sample.catalogue import BAND_STARTS, CAMPAIGNS, EVENT, FORMS, PAGE, PAGES, SOURCES
from workbench.sample.world import (
    DAY_US,
    MINUTE_US,
    Accounts,
    Flags,
    Floats,
    Integers,
    Leads,
    Small,
    office_second,
    stream,
)

# Chance of each page at a view, by appetite: idle, reading, weighing, buying, and a fifth row for job seekers.
_PAGE_CHANCES = np.array(
    [
        [0.36, 0.14, 0.28, 0.07, 0.02, 0.06, 0.02, 0.03, 0.02],
        [0.26, 0.16, 0.30, 0.10, 0.05, 0.06, 0.03, 0.03, 0.01],
        [0.20, 0.20, 0.18, 0.15, 0.12, 0.06, 0.05, 0.035, 0.005],
        [0.14, 0.19, 0.10, 0.19, 0.20, 0.06, 0.06, 0.057, 0.003],
        [0.24, 0.12, 0.18, 0.05, 0.04, 0.05, 0.00, 0.00, 0.32],
    ]
)


@dataclass(frozen=True)
class Events:
    """Events as arrays of one length; codes into the catalogue, -1 where a property does not apply.

    Attributes:
        lead: index of the lead.
        at_us: UTC epoch microseconds.
        event, page, form, campaign: codes.
        quantity: people invited or systems connected in one go, 0 where it does not apply.
    """

    lead: Integers
    at_us: Integers
    event: NDArray[np.int8]
    page: NDArray[np.int8]
    form: NDArray[np.int8]
    campaign: NDArray[np.int8]
    quantity: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.lead)

    def take(self, rows: NDArray[np.int64] | Flags) -> Events:
        """The rows asked for."""
        return Events(*(values[rows] for values in vars(self).values()))

    def sorted(self) -> Events:
        """By lead, then time."""
        return self.take(np.lexsort((self.at_us, self.lead)))


def joined(parts: list[Events]) -> Events:
    """Several batches as one."""
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    return Events(*(np.concatenate(column) for column in columns))


def batch(
    lead: Integers,
    at_us: Integers,
    event: str,
    *,
    page: NDArray[np.integer] | None = None,
    form: NDArray[np.integer] | None = None,
    campaign: NDArray[np.integer] | None = None,
    quantity: NDArray[np.integer] | None = None,
) -> Events:
    """Events of one name."""
    n = len(lead)

    def filled(values: NDArray[np.integer] | None, blank: int) -> NDArray[np.int8]:
        return np.full(n, blank, dtype=np.int8) if values is None else values.astype(np.int8)

    name = np.full(n, EVENT[event], dtype=np.int8)
    return Events(lead, at_us, name, filled(page, -1), filled(form, -1), filled(campaign, -1), filled(quantity, 0))


def make_events(accounts: Accounts, leads: Leads, seed: int) -> Events:
    """All that leads do of their own accord, whatever becomes of them; in no order."""
    parts = [
        _visits(leads, stream(seed, "visits")),
        _forms(leads, stream(seed, "forms")),
        *_mails(accounts, leads, stream(seed, "mails")),
        *_trial(leads, stream(seed, "trial")),
        *_webinars(leads, stream(seed, "webinars")),
    ]
    return joined(parts)


def _repeated(rng: np.random.Generator, rate: Floats) -> Integers:
    """Index of each lead, as often as a Poisson draw at its rate says."""
    return np.repeat(np.arange(len(rate)), rng.poisson(rate))


def _after(rng: np.random.Generator, leads: Leads, lead: Integers, days: Floats) -> Integers:
    """Times some days after creation: at an office hour of a later day, or the same day within minutes to hours."""
    created = leads.created_us[lead]
    whole = np.floor(days).astype(np.int64)
    later = (created // DAY_US + whole) * DAY_US + office_second(rng, leads.region[lead]) * 1_000_000
    same = created + (1 + rng.exponential(40.0, len(lead)) * MINUTE_US).astype(np.int64)
    return cast("Integers", np.where(whole >= 1, later, same) + rng.integers(0, 1_000_000, len(lead)))


def page_of(rng: np.random.Generator, appetite: Small) -> NDArray[np.int8]:
    """A page for each view, by the appetite of its reader (a row of the table of chances)."""
    edges = np.cumsum(_PAGE_CHANCES, axis=1)
    chance = rng.random(len(appetite))
    page = np.zeros(len(appetite), dtype=np.int8)
    for step in range(len(PAGES) - 1):
        page += (chance >= edges[appetite, step]).astype(np.int8)
    return page


def appetite_of(leads: Leads) -> Small:
    """The row of the page table for each lead."""
    level = np.searchsorted(np.array([-0.7, 0.4, 1.3]), leads.intent).astype(np.int16)
    return np.where(leads.seeker, 4, level).astype(np.int16)


def _visits(leads: Leads, rng: np.random.Generator) -> Events:
    """Sessions that thin out after creation, each a burst of page views."""
    rate = 1.6 * np.exp(0.35 * leads.intent + 0.3 * leads.interest)
    sessions = np.concatenate([np.arange(len(leads)), _repeated(rng, np.minimum(rate, 12.0))])
    days = np.where(np.arange(len(sessions)) < len(leads), 0.0, rng.exponential(13.0, len(sessions)))
    start = _after(rng, leads, sessions, days)
    views = 1 + rng.poisson(1.4 + 0.5 * np.clip(leads.interest[sessions], -1, 2))
    lead, at = np.repeat(sessions, views), np.repeat(start, views)
    place = np.arange(len(lead)) - np.repeat(np.cumsum(views) - views, views)
    at = at + place * 45_000_000 + (rng.exponential(30.0, len(lead)) * 1_000_000 * (place > 0)).astype(np.int64)
    return batch(lead, at, "page_view", page=page_of(rng, appetite_of(leads)[lead]))


def _forms(leads: Leads, rng: np.random.Generator) -> Events:
    n = len(leads)
    ebook = np.flatnonzero((leads.source == SOURCES.index("content")) | (rng.random(n) < 0.06))
    contact = np.flatnonzero(rng.random(n) < 0.07)
    demo = np.flatnonzero(rng.random(n) < 1 / (1 + np.exp(2.9 - 0.9 * leads.intent)))
    lead = np.concatenate([ebook, contact, demo])
    form = np.repeat(np.arange(len(FORMS)), [len(ebook), len(contact), len(demo)])
    at = _after(rng, leads, lead, rng.exponential(np.array([0.3, 6.0, 7.0])[form]))
    return batch(lead, at, "form_submit", form=form)


def _mails(accounts: Accounts, leads: Leads, rng: np.random.Generator) -> list[Events]:
    """Opens mostly say how a mailbox is scanned, clicks what a reader wants."""
    n = len(leads)
    scanned = (accounts.employees[leads.account] >= BAND_STARTS[3]) & (rng.random(n) < 0.35)
    rate = (0.9 * np.exp(0.5 * leads.interest) + 3.0 * scanned) * np.where(leads.consent, 1.0, 0.3)
    opens = _repeated(rng, np.minimum(rate, 15.0))
    clicks = _repeated(rng, np.minimum(0.35 * np.exp(0.55 * leads.intent), 8.0) * np.where(leads.consent, 1.0, 0.3))
    gone = np.flatnonzero(rng.random(n) < np.where(leads.intent < -0.5, 0.08, 0.025))
    return [
        batch(
            lead,
            _after(rng, leads, lead, 0.3 + rng.exponential(days, len(lead))),
            name,
            campaign=rng.integers(0, len(CAMPAIGNS), len(lead)),
        )
        for lead, name, days in ((opens, "email_open", 16.0), (clicks, "email_click", 14.0), (gone, "unsubscribe", 9.0))
    ]


def _trial(leads: Leads, rng: np.random.Generator) -> list[Events]:
    n = len(leads)
    signed = np.flatnonzero(rng.random(n) < 1 / (1 + np.exp(0.35 - 0.75 * leads.intent)))
    signup = _after(rng, leads, signed, rng.exponential(1.2, len(signed)))
    intent = leads.intent[signed]

    def within(rows: Integers, days: float) -> Integers:
        wait = rng.exponential(days, len(rows)) * DAY_US
        return signup[rows] + 90_000_000 + wait.astype(np.int64)

    logins = _repeated(rng, np.minimum(2.2 * np.exp(0.45 * intent), 20.0))
    active = np.flatnonzero(rng.random(len(signed)) < 1 / (1 + np.exp(0.9 - 0.7 * intent)))
    is_active = np.zeros(len(signed), dtype=np.bool_)
    is_active[active] = True
    invites = _repeated(rng, np.minimum(0.5 * np.exp(0.4 * intent) * (0.3 + 1.7 * is_active), 8.0))
    links = np.flatnonzero(rng.random(len(signed)) < np.where(is_active, 0.3, 0.04))
    return [
        batch(signed, signup, "signup"),
        batch(signed[logins], within(logins, 9.0), "login"),
        batch(signed[active], within(active, 3.0), "activation"),
        batch(signed[invites], within(invites, 5.0), "invite_sent", quantity=1 + rng.poisson(0.8, len(invites))),
        batch(signed[links], within(links, 5.0), "integration_connected", quantity=rng.integers(1, 4, len(links))),
    ]


def _webinars(leads: Leads, rng: np.random.Generator) -> list[Events]:
    n = len(leads)
    from_webinar = leads.source == SOURCES.index("webinar")
    latam = leads.region == 3
    chance = np.where(from_webinar, 0.95, np.where(latam, 0.3, 0.06 + 0.03 * (leads.interest > 0)))
    lead = np.flatnonzero(rng.random(n) < chance)
    registered = _after(rng, leads, lead, np.where(from_webinar[lead], 0.0, rng.exponential(8.0, len(lead))))
    came = rng.random(len(lead)) < 0.55
    live = registered[came] + (DAY_US * (1 + rng.integers(0, 6, int(came.sum())))).astype(np.int64)
    return [batch(lead, registered, "webinar_registered"), batch(lead[came], live, "webinar_attended")]


def deal_events(leads: Leads, dealt: Integers, closed_us: Integers, won: Flags, seed: int) -> Events:
    """What a deal brings with it: a last look before it closes, and a customer's first weeks after it is won.

    Args:
        leads: all leads.
        dealt: index of each lead with a deal.
        closed_us: when its deal closed (or would close), UTC epoch microseconds.
        won: whether that deal was won.
        seed: of the history.
    """
    rng = stream(seed, "deals")
    settled = leads.created_us[dealt] + 14 * DAY_US
    last_look = _repeated(rng, np.full(len(dealt), 2.5))
    begin = np.maximum(settled, closed_us - 25 * DAY_US)
    room = np.maximum(closed_us - begin, 0)
    at = begin[last_look] + (rng.random(len(last_look)) * room[last_look]).astype(np.int64)
    keep = room[last_look] > 0
    pages = np.array([PAGE["/pricing"], PAGE["/security"], PAGE["/docs"], PAGE["/compare"]])
    looked = batch(
        dealt[last_look[keep]],
        at[keep],
        "page_view",
        page=pages[rng.integers(0, len(pages), int(keep.sum()))],
    )
    onboard = _repeated(rng, np.where(won, 9.0, 0.0))
    after = closed_us[onboard] + 3600_000_000 + (rng.exponential(18.0, len(onboard)) * DAY_US).astype(np.int64)
    start = _repeated(rng, np.where(won, 1.2, 0.0))
    linked = closed_us[start] + DAY_US + (rng.exponential(6.0, len(start)) * DAY_US).astype(np.int64)
    return joined(
        [
            looked,
            batch(dealt[onboard], after, "login"),
            batch(dealt[start], linked, "integration_connected", quantity=rng.integers(1, 4, len(start))),
        ]
    )
