"""What the check says of the real tables, and of the sample's planted leaks: what leaks, and what is merely strong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.checking import Check, check

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FLAGGED = {"leak", "leak-suspected"}


def flagged(found: Check) -> set[str]:
    return {each.about for each in found.findings if each.code in FLAGGED}


def codes(found: Check, about: str) -> set[str]:
    return {each.code for each in found.findings if each.about == about}


@pytest.fixture(scope="module")
def bank(load) -> Check:
    return check(load("bank-marketing", "bank_marketing", change=("  drop: [duration]\n", "")))


@pytest.fixture(scope="module")
def x_education(load) -> Check:
    return check(load("x-education", "x_education"), wb.read_plan(HERE / "x_education_plan.yaml"))


@pytest.mark.slow
def test_bank_marketing_names_the_length_of_the_call_as_a_leak_with_reasons(bank):
    assert flagged(bank) == {"duration"}
    found = next(each for each in bank.findings if each.about == "duration")
    signs = found.evidence["signs"]
    assert {"dominates", "too good"} <= set(signs)
    assert found.evidence["auc"] > signs["dominates"]["others"]["auc"] + 0.1
    assert "it outdoes all other fields together" in found.why
    print(found.finding, found.why)


@pytest.mark.slow
def test_bank_marketing_s_collapse_in_the_order_of_time_is_the_headline(bank):
    collapse = bank.findings[0]
    assert (collapse.code, collapse.severity) == ("time-collapse", "error")
    assert bank.headline == collapse.finding
    assert bank.to_document()["headline"] == collapse.finding
    assert collapse.evidence["random_auc"] == pytest.approx(0.79, abs=0.02)  # published baseline 0.791
    assert collapse.evidence["time_auc"] == pytest.approx(0.40, abs=0.1)  # 0.404; it depends on how much is shrunk
    assert collapse.evidence["high"] < -0.2
    print(bank.headline)


@pytest.mark.slow
def test_bank_marketing_s_figures_of_the_economy_tell_the_date_and_do_not_leak(bank):
    dates = {each.about for each in bank.findings if each.code == "encodes-time"}
    assert {"euribor3m", "nr.employed", "emp.var.rate", "cons.price.idx", "cons.conf.idx"} == dates
    euribor = next(each for each in bank.findings if each.about == "euribor3m").evidence
    assert euribor["over_all"]["auc"] > 0.7
    assert euribor["within"]["auc"] < 0.6


def test_x_education_s_fields_of_sales_are_flagged_and_time_on_the_website_is_strong(x_education):
    sales = {"Tags", "Lead Quality", "Lead Profile"}
    vendor = {f"Asymmetrique {what} {kind}" for what in ("Activity", "Profile") for kind in ("Index", "Score")}
    assert sales | vendor <= flagged(x_education)
    assert codes(x_education, "Tags") == {"leak"}
    assert codes(x_education, "Total Time Spent on Website") == {"strong-field"}
    assert flagged(x_education) <= sales | vendor | {"Last Activity", "Last Notable Activity"}  # overwritten by the CRM
    assert "Tags" in x_education.headline
    strong = next(each for each in x_education.findings if each.about == "Total Time Spent on Website")
    assert strong.severity == "note"
    assert "strong is all that speaks against it" in strong.why


@pytest.mark.slow
def test_x_education_with_shuffled_outcomes_shows_neither_leaks_nor_strong_fields(shared_data):
    raw = pd.read_csv(shared_data / "x-education" / "Leads.csv", keep_default_na=False, dtype="str")
    raw["Converted"] = np.random.default_rng(4).permutation(raw["Converted"])
    mapping = (HERE.parent / "mappings" / "x_education.yaml").read_text(encoding="utf-8").replace("Leads.csv", "leads")
    with wb.read_history({"leads": raw}, mapping=mapping) as history:
        found = check(history, wb.read_plan(HERE / "x_education_plan.yaml"))
    assert not {each.code for each in found.findings} & (FLAGGED | {"strong-field", "missing-tells", "id-tells"})


@pytest.mark.slow
def test_leadforge_gives_the_outcome_away_in_its_stage_of_today_and_nowhere_else(shared_data):
    mapping = (HERE.parent / "mappings" / "leadforge.yaml").read_text(encoding="utf-8")
    with wb.read_history(shared_data / "leadforge" / "tables", mapping=mapping) as history:
        found = check(history, wb.read_plan(HERE / "leadforge_plan.yaml"))
    assert flagged(found) == {"current_stage"}
    assert not found.found("strong-field")  # its signal is weak on purpose
    assert not found.found("time-collapse")


def test_the_sample_s_planted_leaks_are_all_found_and_no_honest_field_is():
    with wb.read_history(ROOT / "data" / "sample") as history:
        found = check(history, wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml"))
    planted = {"sales_note_type", "last_activity_type", "days_in_crm", "lifecycle_stage"}
    assert flagged(found) == planted
    assert {each.about for each in found.found("leak")} == planted
    signs = {each.about: set(each.evidence["signs"]) for each in found.found("leak")}
    assert "clock" in signs["days_in_crm"]
    assert "missing tells" in signs["sales_note_type"]
    assert all("values decide" in some for some in signs.values())
    assert {each.about for each in found.found("strong-field")} == {"stage"}
    assert "'LATAM' first from 2026-01" in found.found("new-value")[0].finding  # a new market, as truth.json has it
    assert not found.found("tracking-break")
