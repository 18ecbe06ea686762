"""An ideal customer from a history: what is read, what is sealed, and the model that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.backtesting import backtest
from workbench.drafts import ideal_customer
from workbench.errors import CallError, PlanError
from workbench.history import History, read_history
from workbench.model import read_model
from workbench.observation import observe
from workbench.plan import Plan, parse_plan

PLAN = """
format: lead-scoring-plan/1
at: 7d
outcome: won
horizon: 30d
split: {by: account, test: 30%, validation: 20%}
"""
MAPPING = """
format: lead-history/1
until: 2026-12-01
leads:
  file: leads.csv
  id: lead_id
  account: account_id
  created_at: created_at
  known: {title: creation, source: creation, consent: creation}
accounts: {file: accounts.csv, id: account_id, known: {employees: creation}}
stages: [{file: stages.csv, lead: lead_id, stage: stage, at: at}]
"""


def plan(text: str = PLAN) -> Plan:
    return parse_plan(text)


def written(folder: Path, leads: pd.DataFrame, won: pd.Series) -> Path:
    folder.mkdir()
    (folder / "history.yaml").write_text(MAPPING)
    leads.drop(columns=["employees"]).to_csv(folder / "leads.csv", index=False)
    leads[["account_id", "employees"]].drop_duplicates("account_id").to_csv(folder / "accounts.csv", index=False)
    stages = pd.DataFrame({"lead_id": leads["lead_id"], "stage": "won", "at": "2026-02-20T00:00:00Z"})[won]
    stages.to_csv(folder / "stages.csv", index=False)
    return folder


def leads() -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(3)
    n = 1_500
    account = np.arange(n) // 2
    frame = pd.DataFrame(
        {
            "lead_id": [f"lead-{number:05d}" for number in range(n)],
            "account_id": [f"acc-{number:05d}" for number in account],
            "created_at": "2026-02-01T00:00:00Z",
            "title": rng.choice(["VP", "Director", "Analyst"], n, p=[0.2, 0.3, 0.5]),
            "source": rng.choice(["web", "event"], n),
            "consent": rng.choice(["true", "false"], n),
            "note": rng.choice(["called", "silent"], n),
            "employees": np.random.default_rng(4).integers(1, 1000, n // 2)[account],
        }
    )
    chance = 0.05 + 0.3 * (frame["title"] == "VP") + 0.15 * (frame["employees"] > 700)
    return frame, pd.Series(rng.random(n) < chance)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    with read_history(written(tmp_path_factory.mktemp("ideal") / "data", *leads())) as loaded:
        yield loaded


def test_the_values_are_those_of_the_leads_of_the_part(history):
    found = ideal_customer(history, plan())
    seen = observe(history, (), plan())
    frame, won = leads()
    train = seen.subjects.lead_id[seen.subjects.part == 0]
    own = frame.set_index("lead_id").assign(won=won.to_numpy()).loc[list(train)]
    assert (found.part, found.n, found.converted) == ("train", len(own), own["won"].sum())
    titles = found.frame[found.frame["field"] == "title"].set_index("value")
    expected = own.groupby("title")["won"].agg(["size", "sum"])
    assert titles["n"].to_dict() == expected["size"].to_dict()
    assert titles["converted"].to_dict() == expected["sum"].to_dict()
    assert set(found.frame["field"]) == {"title", "source", "consent", "employees"}


def test_the_planted_values_earn_points_and_the_model_works(history, tmp_path):
    found = ideal_customer(history, plan())
    points = found.frame.set_index(["field", "value"])["points"]
    assert points["title", "VP"] > 0 > points["title", "Analyst"]
    assert points["source"].eq(0).all()
    told = found.frame[found.frame["points"] > 0].groupby("field")["points"].max()
    assert abs(told.sum() - 50) <= len(told) / 2
    found.draft.write(tmp_path / "ideal.yaml")
    model = read_model(tmp_path / "ideal.yaml")
    assert list(model.dimensions) == ["fit"]
    result = backtest(model, observe(history, model, plan()), part="validation")
    metrics = result.metrics.set_index("metric")["value"]
    assert metrics["auc"] > 0.6
    text = (tmp_path / "ideal.yaml").read_text()
    assert text.startswith("# A starting point from ")
    assert "Is there a reason for it that will last?" in text


def test_the_reason_names_values_on_both_sides_and_the_picking_is_told(history):
    found = ideal_customer(history, plan())
    [title] = [rule for rule in found.draft.model.rules if rule.id == "title"]
    told = found.frame[(found.frame["field"] == "title")].set_index("value")["verdict"]
    assert {told["VP"], told["Analyst"]} == {"over-represented", "under-represented"}
    over, under = title.why.split(". ")
    assert over.startswith("Over-represented among past customers: ")
    assert "VP" in over
    assert under.startswith("Under-represented among past customers: ")
    assert "Analyst" in under
    assert any("their intervals are not adjusted for that" in line for line in found.warnings)
    assert "their intervals are not adjusted for that" in found.draft.text


def test_points_are_proportional_to_the_logarithm_of_the_lift(history):
    found = ideal_customer(history, plan())
    clear = found.frame[found.frame["points"] != 0]
    weight = np.log(clear["lift"])
    best = weight.where(weight > 0).groupby(clear["field"]).max().sum()
    np.testing.assert_array_equal(clear["points"], np.floor(50 * weight / best + 0.5))


def test_sealed_outcomes_change_nothing(history, tmp_path):
    seen = observe(history, (), plan())
    sealed = set(seen.subjects.lead_id[seen.subjects.part == 2])
    frame, won = leads()
    flipped = won ^ frame["lead_id"].isin(sealed)
    assert (flipped != won).sum() == len(sealed) > 300
    with read_history(written(tmp_path / "data", frame, flipped)) as other:
        before, after = ideal_customer(history, plan()), ideal_customer(other, plan())
    pd.testing.assert_frame_equal(before.frame, after.frame)
    assert before.draft.model == after.draft.model


def test_without_a_split_all_are_read_and_validation_can_be_named(history):
    whole = ideal_customer(history, plan(PLAN.replace("split:", "# split:")))
    assert (whole.part, whole.n) == ("all", 1_500)
    named = ideal_customer(history, plan(), part="validation")
    assert named.part == "validation"
    assert named.n < whole.n / 2


def test_the_sealed_part_and_parts_that_are_not_there_are_refused(history):
    with pytest.raises(CallError, match="expected train or validation, found 'test', which is sealed"):
        ideal_customer(history, plan(), part="test")
    with pytest.raises(CallError, match="expected train or validation, found 'all'"):
        ideal_customer(history, plan(), part="all")


def test_fields_without_a_date_need_consent(history):
    with pytest.raises(PlanError, match="allow_undated"):
        ideal_customer(history, plan(), ["note"])
    allowed = ideal_customer(history, plan(f"{PLAN}allow_undated: [note]\n"), ["note"])
    assert set(allowed.frame["field"]) == {"note"}
    assert any("note" in line for line in allowed.warnings)
    with pytest.raises(CallError, match=r"found no such field. Did you mean 'title'\?"):
        ideal_customer(history, plan(), ["titel"])


def test_where_nothing_is_clear_there_is_no_draft(history):
    found = ideal_customer(history, plan(), ["source"])
    assert found.draft is None
    assert not any("picked" in line for line in found.warnings)
    assert found.frame["points"].eq(0).all()
    assert "0 of 2 values tested differ from the rest." in str(found)
    assert found.to_document()["draft"] is None


def test_a_flat_table_is_read_as_recorded(tmp_path):
    rows = "".join(f"F{n:03d},{'red' if n % 3 else 'blue'},{n % 7},{int(n % 3 == 0 and n % 2)}\n" for n in range(600))
    (tmp_path / "flat.csv").write_text("lead_id,colour,size,Converted\n" + rows)
    with read_history(tmp_path / "flat.csv", outcome="Converted=1") as flat:
        found = ideal_customer(flat)
    assert found.frame.set_index("value").loc["blue", ["n", "converted", "verdict"]].tolist() == [
        200,
        100,
        "over-represented",
    ]
    assert "<table" in found._repr_html_()
