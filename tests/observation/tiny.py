"""Two leads whose rows a test gives one by one."""

from __future__ import annotations

import pandas as pd
from crm import AGE_DAYS, DAY, HORIZON_DAYS

MADE = pd.Timestamp("2025-03-01T09:30:00Z")
AS_OF = MADE + AGE_DAYS * DAY
END = AS_OF + HORIZON_DAYS * DAY


def tiny(*, visits=(), won=(), changes=(), until="2026-01-01", extra=()):
    """One lead whose rows are given, and an older one that wins: the outcome occurs, somebody is always mature."""
    stages = [("other", MADE - 60 * DAY, "won", 5.0), *[("one", at, "won", 9.0) for at in won], *extra]
    return (
        {
            "leads": pd.DataFrame(
                {"lead_id": ["one", "other"], "account_id": "A", "created_at": [MADE, MADE - 90 * DAY], "grade": "tin"}
            ),
            "events": pd.DataFrame(
                {
                    "lead_id": ["one"] * len(visits) + ["other"],
                    "at": [*visits, MADE],
                    "event": "visit",
                    "page": pd.Series([None] * (len(visits) + 1), dtype="str"),
                }
            ),
            "stages": pd.DataFrame(stages, columns=["lead_id", "at", "stage", "amount"]),
            "changes": pd.DataFrame(
                [("one", at, "grade", "gold", "tin") for at in changes],
                columns=["lead_id", "at", "field", "value", "old"],
            ),
        },
        f"""
format: lead-history/1
until: "{until}"
budget: 100%
leads: {{file: leads, id: lead_id, account: account_id, created_at: created_at, known: creation}}
events: {{file: events, lead: lead_id, at: at, event: event, properties: [page]}}
stages: {{file: stages, lead: lead_id, at: at, stage: stage, amount: amount}}
changes: {{file: changes, lead: lead_id, at: at, field: field, value: value, old: old}}
""",
    )
