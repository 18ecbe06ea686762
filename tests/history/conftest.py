from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

LEADS = """lead_id,account_id,created_at,job_title,employees
L1,A1,2026-01-01T08:00:00Z,VP Sales,120
L2,A1,2026-01-02T08:00:00Z,Analyst,
L3,,2026-01-03T08:00:00Z,Select,7
"""
EVENTS = """lead_id,at,event,page
L1,2026-01-05T10:00:00Z,page_view,/pricing
L1,2026-01-06T10:00:00.000001Z,page_view,/home
L2,2026-01-05T10:00:00+02:00,form,
"""
STAGES = """lead_id,at,stage,amount
L1,2026-02-01T00:00:00Z,won,1200.5
L2,2026-02-02T00:00:00Z,mql,
"""
ACCOUNTS = """account_id,industry
A1,software
A2,retail
"""
MAPPING = """format: lead-history/1
leads: {file: leads.csv, id: lead_id, account: account_id, created_at: created_at}
events: [{file: events.csv, lead: lead_id, at: at, event: event, properties: [page]}]
stages: [{file: stages.csv, lead: lead_id, at: at, stage: stage, amount: amount}]
accounts: {file: accounts.csv, id: account_id}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny history under our own names."""
    for name, text in (("leads", LEADS), ("events", EVENTS), ("stages", STAGES), ("accounts", ACCOUNTS)):
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


@pytest.fixture
def put(folder: Path) -> Callable[..., Path]:
    """Write files into the tiny history: `put(leads="…", mapping="…")`."""

    def write(**texts: str) -> Path:
        for name, text in texts.items():
            file = "history.yaml" if name == "mapping" else f"{name}.csv"
            (folder / file).write_text(text)
        return folder

    return write
