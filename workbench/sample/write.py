"""Writes a made-up history into a folder: its files, their mapping, its lists and the truth behind them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final, Literal

import duckdb

from workbench.errors import CallError
from workbench.sample.behaviour import deal_events, joined, make_events
from workbench.sample.catalogue import FREE_DOMAINS, RIVAL_DOMAINS
from workbench.sample.faults import soil
from workbench.sample.outcome import make_fate
from workbench.sample.tables import (
    Table,
    accounts_table,
    changes_table,
    events_table,
    feedback_table,
    leads_table,
    scores_table,
    stages_table,
    worked_table,
)
from workbench.sample.truth import EFFECTS, INTERCEPT, OBSERVED_DAYS, PRICING_HALF_LIFE_DAYS, Truth
from workbench.sample.world import END, START, UNTIL, UNTIL_US, make_world

Format = Literal["csv", "parquet"]
FEWEST_LEADS: Final = 500

_MAPPING: Final = """\
# A made-up B2B SaaS company's CRM export. ../README.md says what is planted in it.
format: lead-history/1
zone: UTC                       # of times that carry none
until: 2026-10-01               # where the data ends; later rows are refused and counted
blanks: ["", Select]            # the form's "please choose" was never an answer
leads:
  file: leads.{kind}
  id: lead_id
  account: account_id
  created_at: created_at
  known:                        # what the sign-up form asked; plan_type and employees_band are dated below
    job_title: creation
    department: creation
    email_domain: creation
    lead_source: creation
    region: creation
    country: creation
    plan_interest: creation
    consent: creation
    lifecycle_stage: undated    # today's values, overwritten as the deal went on
    last_activity_type: undated
    sales_note_type: undated
    days_in_crm: undated
accounts:
  file: accounts.{kind}
  id: account_id
  known:
    industry: creation
    employees: creation
    annual_revenue_m: creation
    hq_country: creation
    founded: creation
events:
  - {{file: events.parquet, lead: lead_id, at: at, event: event, properties: [page, form, campaign, quantity]}}
stages:
  - {{file: stages.{kind}, lead: lead_id, stage: stage, at: at, amount: amount}}
changes: {{file: field_history.{kind}, lead: lead_id, field: field, value: value, old: old_value, at: changed_at}}
worked: {{file: worked.{kind}, lead: lead_id, at: at}}
feedback: {{file: feedback.{kind}, lead: lead_id, at: reviewed_at, verdict: verdict, reason: reason}}
scores: {{file: score_history.{kind}, lead: lead_id, at: changed_at, score: new_score}}
lists: {{free_email: free_domains.txt, competitors: competitors.txt}}
"""


def make_sample(folder: str | Path, *, leads: int = 5000, seed: int = 7, format: Format = "csv") -> Truth:  # noqa: A002
    """Make a believable B2B SaaS history with known answers, and write it into a folder.

    Eighteen months of leads in buying committees, their web, e-mail, product and webinar events, dated stages with
    deal values, reps who worked mostly high scores of an older model, slow drift, planted leaks and dirty rows.
    The same arguments give the same bytes; the format changes the files' kind, never their content.

    Args:
        folder: made if missing; files of the same names are replaced.
        leads: number of leads, at least 500; a million take about a minute.
        seed: what everything is drawn from, not negative.
        format: of the tables people look into. `events` are Parquet in either.

    Returns:
        The true effects and the counts of what was planted, also written as `truth.json`.

    Raises:
        CallError: for too few leads, a negative seed or an unknown format.
    """
    _checked(leads, seed, format)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables, planted, won = _made(leads, seed)
    truth = Truth(
        leads=leads,
        seed=seed,
        start=START.date().isoformat(),
        end=END.date().isoformat(),
        until=UNTIL.date().isoformat(),
        observed_days=OBSERVED_DAYS,
        pricing_half_life_days=PRICING_HALF_LIFE_DAYS,
        intercept=INTERCEPT,
        effects=EFFECTS,
        planted=planted,
        rows={name: len(table.frame) for name, table in tables.items()},
        won=won,
    )
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as making:
        _write(Path(making), tables, truth, format)
        for name in tables:
            (folder / f"{name}.csv").unlink(missing_ok=True)
            (folder / f"{name}.parquet").unlink(missing_ok=True)
        for path in sorted(Path(making).iterdir()):
            path.replace(folder / path.name)
    return truth


def _checked(leads: int, seed: int, format: str) -> None:  # noqa: A002
    if leads < FEWEST_LEADS:
        raise CallError.at(
            "leads", expected=f"at least {FEWEST_LEADS}", found=str(leads), remedy="Ask for a larger sample."
        )
    if seed < 0:
        raise CallError.at("seed", expected="a number from 0", found=str(seed), remedy="Give another seed.")
    if format not in ("csv", "parquet"):
        raise CallError.at("format", expected="'csv' or 'parquet'", found=repr(format), remedy="Choose one of the two.")


def _made(leads: int, seed: int) -> tuple[dict[str, Table], dict[str, int], int]:
    """The tables, what was planted in them, and the number of leads won."""
    width = max(5, len(str(leads + leads // 5)))
    accounts, people = make_world(leads, seed)
    events = make_events(accounts, people, seed)
    fate = make_fate(accounts, people, events, seed)
    dealt = (fate.closed_us >= 0).nonzero()[0]
    deals = deal_events(people, dealt, fate.closed_us[dealt], (fate.won_us >= 0)[dealt], seed)
    events = joined([events, deals])
    events = events.take(events.at_us < UNTIL_US).sorted()
    changes, plan_type = changes_table(accounts, people, fate, events, width, seed)
    tables = {
        "leads": leads_table(accounts, people, fate, plan_type, width, seed),
        "accounts": accounts_table(accounts, width, seed),
        "events": events_table(events, width),
        "stages": stages_table(people, fate, width),
        "field_history": changes,
        "worked": worked_table(fate, width),
        "feedback": feedback_table(people, fate, width, seed),
        "score_history": scores_table(people, fate, width),
    }
    tables, planted = soil(tables, fate, seed)
    return tables, planted, int((fate.won_us >= 0).sum())


def _write(folder: Path, tables: dict[str, Table], truth: Truth, format: Format) -> None:  # noqa: A002
    # One thread: the order of Parquet row groups, and so the bytes, must not depend on scheduling.
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in tables.items():
            columns = ", ".join(f'{expression} AS "{column}"' for column, expression in table.columns.items())
            rows = connection.from_df(table.frame).project(columns)
            if name == "events" or format == "parquet":
                rows.write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
            else:
                rows.write_csv(str(folder / f"{name}.csv"), header=True)
    texts = {
        "history.yaml": _MAPPING.format(kind=format),
        "free_domains.txt": "\n".join(FREE_DOMAINS) + "\n",
        "competitors.txt": "\n".join(RIVAL_DOMAINS) + "\n",
        "truth.json": truth.text(),
    }
    for name, content in texts.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
