"""Outcomes dealt out by chance: nothing that the workbench says of them may claim a gain, titles included."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.cli import main

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
LEAKING = ["lifecycle_stage", "last_activity_type", "sales_note_type", "days_in_crm", "created_at"]
MODEL = """
format: lead-scoring-model/1
name: flat
dimensions: {fit: {min: -10, max: 50}, engagement: {min: -10, max: 40}}
rules:
  - id: title
    in: fit
    cases:
      - {when: {field: job_title, contains_any: [chief, vp]}, points: VP}
      - {when: {field: job_title, contains_any: [director, head]}, points: 12}
      - {when: {field: job_title, contains_any: [manager]}, points: 6}
    default: 0
  - {id: free_email, in: fit, when: {field: email_domain, one_of: [gmail.com, outlook.com, yahoo.com]}, points: -5}
  - {id: live_source, in: fit, when: {field: lead_source, one_of: [webinar, event]}, points: 8}
  - {id: opens, in: engagement, when: {field: n_email_open, at_least: 2}, points: OPENS}
  - {id: clicks, in: engagement, when: {field: n_email_click, at_least: 1}, points: 6}
  - {id: pages, in: engagement, when: {field: n_page_view, at_least: 6}, points: 6}
score: {min: 0, max: 100, round: half_up}
tiers: [{name: Nurture, from: 0}, {name: MQL, from: 14}, {name: SQL, from: 26}]
"""
PLAN = """
format: lead-scoring-plan/1
at: recorded
split: {by: account, test: 20%, validation: 30%}
allow_undated: true
value: {contact_cost: 180, win: 3000}
segments: [region]
"""
DOUBT = re.compile(
    r"not enough evidence|no better|not shown|by chance|beyond chance|more than chance|nothing|keep the points",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def flat() -> pd.DataFrame:
    """The sample as one table: what its leads said, how often they did what; the outcome is to be dealt out."""
    leads = pd.read_csv(SAMPLE / "leads.csv").drop_duplicates("lead_id")
    events = pd.read_parquet(SAMPLE / "events.parquet")
    did = pd.crosstab(events["lead_id"], events["event"]).add_prefix("n_")
    leads = leads.merge(did, left_on="lead_id", right_index=True, how="left").fillna(dict.fromkeys(did, 0))
    # What a lead does as a customer would tell the outcome, were it not dealt out.
    return leads.drop(columns=[*LEAKING, "plan_type"])


@pytest.fixture(scope="module", params=[1, 2, 3])
def home(request, flat, tmp_path_factory) -> Path:
    """A folder with the table, dealt outcomes, a plan, and two models that differ."""
    folder = tmp_path_factory.mktemp("shuffled")
    dealt = np.random.default_rng(request.param).permutation(np.arange(len(flat)) < 400).astype(int)
    flat.assign(won=dealt).to_csv(folder / "leads.csv", index=False)
    for name, points in {"champion": ("15", "8"), "challenger": ("8", "15")}.items():
        text = MODEL.replace("VP", points[0]).replace("OPENS", points[1]).replace("name: flat", f"name: {name}")
        (folder / f"{name}.yaml").write_text(text)
    (folder / "plan.yaml").write_text(PLAN)
    return folder


@pytest.fixture
def said(home, capsys):
    """What a command says: its exit code and its one JSON document."""

    def run(command: str, *more: str) -> tuple[int, dict]:
        words = command.split()
        models = [str(home / f"{word}.yaml") for word in words[1:]]
        data = ["--data", str(home / "leads.csv")] if words[0] != "check" else [str(home / "leads.csv")]
        code = main(
            [words[0], *models, *data, "--outcome", "won=1", "--plan", str(home / "plan.yaml"), "--json", *more]
        )
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.mark.slow
def test_no_challenger_is_better(said):
    found = said("compare champion challenger")[1]
    assert {each["verdict"] for each in found["verdicts"].values()} <= {"not enough evidence", "worse"}
    assert "better" not in {row["verdict"] for name in ("figures", "tiers", "segments") for row in found[name]}


@pytest.mark.slow
def test_no_points_are_suggested_as_better(said):
    code, found = said("tune champion", "--max-changes", "3")
    assert (code, found["gain_shown"]) == (1, False)
    assert DOUBT.search(found["headline"])


@pytest.mark.slow
def test_no_condition_is_proposed(said):
    found = said("rules champion")[1]
    assert found["proposals"] == []
    assert found["headline"].startswith("None of ")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["thresholds", "yardstick"])
def test_no_gain_is_in_the_headline(said, command):
    assert DOUBT.search(said(f"{command} champion")[1]["headline"])


@pytest.mark.slow
def test_no_rule_is_worth_anything(said):
    found = said("support champion")[1]
    claimed = [row["name"] for row in found["rules"] if row["verdict"] == "better"]
    assert claimed == []
    assert "not enough evidence that any" in found["headline"]


@pytest.mark.slow
def test_no_field_is_strong_or_leaks(said):
    found = said("check")[1]
    assert [each for each in found["findings"] if each["severity"] in {"error", "warning"}] == []
    assert not {each["code"] for each in found["findings"]} & {"leak", "leak-suspected", "strong-field"}


@pytest.mark.slow
def test_the_titles_of_the_report_claim_nothing(home, capsys):
    out = home / "report"
    words = ["report", str(home / "champion.yaml"), "--data", str(home / "leads.csv"), "--outcome", "won=1"]
    assert main([*words, "--plan", str(home / "plan.yaml"), "--out", str(out)]) == 0
    capsys.readouterr()
    page = next(out.glob("*.html")).read_text(encoding="utf-8")
    titles = {html.unescape(each).split(". ")[0] for each in re.findall(r'alt="(.*?)"', page, re.DOTALL)}
    ranking = [title for title in titles if re.search(r"score|leads|best|MQL", title) and "False" not in title]
    assert len(ranking) >= 5
    assert [title for title in ranking if not DOUBT.search(title) and re.search(r"more often|x as|beats", title)] == []
