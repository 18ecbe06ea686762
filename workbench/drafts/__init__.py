"""Ways in: drafts of models from what is already written down, or from the best past customers."""

from __future__ import annotations

from workbench.drafts.draft import Draft, Entry, Question, Unread
from workbench.drafts.from_sheet import draft_from_sheet
from workbench.drafts.hubspot import draft_from_hubspot, is_hubspot
from workbench.drafts.ideal import IdealCustomer, ideal_customer

__all__ = [
    "Draft",
    "Entry",
    "IdealCustomer",
    "Question",
    "Unread",
    "draft_from_hubspot",
    "draft_from_sheet",
    "ideal_customer",
    "is_hubspot",
]
