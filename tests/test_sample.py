from __future__ import annotations

import json
import re
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.metrics import roc_auc_score

from workbench.errors import CallError
from workbench.history import read_history
from workbench.model import read_model
from workbench.plan import read_plan
from workbench.sample import Truth, make_sample
from workbench.sample.behaviour import make_events
from workbench.sample.outcome import SCORED_DAYS, features, make_fate
from workbench.sample.truth import EFFECTS, INTERCEPT
from workbench.sample.world import DAY_US, UNTIL_US, make_world

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "data" / "sample"
UNTIL = pd.Timestamp("2026-10-01", tz="UTC")
TABLES = ("leads", "accounts", "events", "stages", "field_history", "worked", "feedback", "score_history")
UNREADABLE = {"31/02/2025 25:61", "not set", "2025-13-40T10:00:00Z"}


def content(folder: Path, name: str) -> pd.DataFrame:
    """Every cell as text, so that kinds of files compare."""
    path = folder / f"{name}.parquet"
    with duckdb.connect() as connection:
        rows = (
            connection.read_parquet(str(path))
            if path.exists()
            else connection.read_csv(str(folder / f"{name}.csv"), all_varchar=True)
        )
        return rows.project("CAST(COLUMNS(*) AS VARCHAR)").df()


def moments(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, errors="coerce", utc=True, format="ISO8601")


class Raw:
    """The files of a sample read with pandas alone."""

    def __init__(self, folder: Path) -> None:
        self.tables = {name: content(folder, name) for name in TABLES}
        self.truth = json.loads((folder / "truth.json").read_text())
        self.leads = self.tables["leads"]
        self.stages = self.tables["stages"].assign(time=lambda frame: moments(frame["at"]))
        self.events = self.tables["events"].assign(time=lambda frame: moments(frame["at"]))
        usable = self.leads[~self.leads["created_at"].isin(UNREADABLE)].drop_duplicates("lead_id")
        self.created = moments(usable.set_index("lead_id")["created_at"])
        self.created = self.created[self.created < UNTIL]
        won = self.stages[self.stages["stage"] == "won"]
        self.won = won.set_index("lead_id")["time"].reindex(self.created.index)


@pytest.fixture(scope="module")
def shipped() -> Raw:
    return Raw(SHIPPED)


class Simulated:
    """A larger market, from the inside."""

    def __init__(self, leads: int, seed: int) -> None:
        self.accounts, self.leads = make_world(leads, seed)
        self.events = make_events(self.accounts, self.leads, seed)
        self.fate = make_fate(self.accounts, self.leads, self.events, seed)
        as_of = self.leads.created_us + 14 * DAY_US
        self.usable = (as_of + 90 * DAY_US <= UNTIL_US) & ~((self.fate.won_us >= 0) & (self.fate.won_us < as_of))
        self.outcome = (self.fate.won_us >= as_of) & (self.fate.won_us < as_of + 90 * DAY_US)

    def auc(self, score: np.ndarray) -> float:
        return float(roc_auc_score(self.outcome[self.usable], score[self.usable]))


@pytest.fixture(scope="module")
def market() -> Simulated:
    return Simulated(60_000, 11)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_sample(tmp_path / name, leads=800, seed=5)
    make_sample(tmp_path / "three", leads=800, seed=6)
    one = files(tmp_path / "one")
    assert set(one) == {
        *(f"{name}.csv" for name in TABLES if name != "events"),
        *("events.parquet", "history.yaml", "free_domains.txt", "competitors.txt", "truth.json"),
    }
    assert one == files(tmp_path / "two")
    assert one["leads.csv"] != files(tmp_path / "three")["leads.csv"]


def test_format_changes_files_not_content(tmp_path: Path) -> None:
    first = make_sample(tmp_path / "csv", leads=800, seed=5)
    second = make_sample(tmp_path / "parquet", leads=800, seed=5, format="parquet")
    assert first == second
    for name in TABLES:
        left, right = content(tmp_path / "csv", name), content(tmp_path / "parquet", name)
        numbers = {"employees", "annual_revenue_m", "founded", "amount", "new_score", "days_in_crm", "quantity"}
        for column in left.columns:
            if column in numbers:
                pd.testing.assert_series_equal(pd.to_numeric(left[column]), pd.to_numeric(right[column]))
            else:
                pd.testing.assert_series_equal(left[column], right[column])


def test_other_format_replaces_files(tmp_path: Path) -> None:
    make_sample(tmp_path, leads=600)
    make_sample(tmp_path, leads=600, format="parquet")
    assert not list(tmp_path.glob("*.csv"))
    assert {path.stem for path in tmp_path.glob("*.parquet")} == set(TABLES)
    assert "leads.parquet" in (tmp_path / "history.yaml").read_text()


def test_shipped_sample_is_the_default_one(tmp_path: Path) -> None:
    truth = make_sample(tmp_path)
    assert truth.text() == (SHIPPED / "truth.json").read_text()
    for name in TABLES:
        pd.testing.assert_frame_equal(content(tmp_path, name), content(SHIPPED, name))
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 3_000_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"leads": 100}, "at least 500, found 100"),
        ({"seed": -1}, "a number from 0, found -1"),
        ({"format": "xlsx"}, "'csv' or 'parquet', found 'xlsx'"),
    ],
)
def test_wrong_arguments(tmp_path: Path, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(CallError, match=message):
        make_sample(tmp_path / "new", **arguments)
    assert not (tmp_path / "new").exists()


def test_truth_holds_what_was_made(tmp_path: Path) -> None:
    truth = make_sample(tmp_path, leads=700, seed=2)
    assert isinstance(truth, Truth)
    assert (truth.leads, truth.seed, truth.intercept) == (700, 2, INTERCEPT)
    assert dict(truth.effects) == dict(EFFECTS)
    raw = Raw(tmp_path)
    assert dict(truth.rows) == {name: len(frame) for name, frame in raw.tables.items()}
    assert truth.won == (raw.stages["stage"] == "won").sum()
    with pytest.raises(AttributeError, match="cannot assign"):
        truth.leads = 1  # type: ignore[misc]


def test_planted_rows_are_there_and_no_others(shipped: Raw) -> None:
    leads, events, stages, planted = shipped.leads, shipped.events, shipped.stages, shipped.truth["planted"]
    late = moments(leads["created_at"]) >= UNTIL
    unreadable = leads["created_at"].isin(UNREADABLE)
    again = leads.duplicated("lead_id")
    same = leads.duplicated()
    created = moments(leads.drop_duplicates("lead_id").set_index("lead_id")["created_at"])
    staged = stages["lead_id"].map(created)
    counts = {
        "leads repeated": same.sum(),
        "leads in conflict": (again & ~same).sum(),
        "leads with an unreadable time": unreadable.sum(),
        "leads after until": late.sum(),
        "events of unknown leads": (~events["lead_id"].isin(leads["lead_id"])).sum(),
        "events without a time": events["at"].isna().sum(),
        "events after until": (events["time"] >= UNTIL).sum(),
        "stages with an unreadable time": stages["at"].isin(UNREADABLE).sum(),
        "stages before creation": (stages["time"] < staged).sum(),
        "stages after until": (stages["time"] >= UNTIL).sum(),
    }
    assert counts == {name: planted[name] for name in counts}
    assert len(leads) == shipped.truth["leads"] + counts["leads repeated"] + counts["leads in conflict"] + late.sum()
    for name in ("worked", "feedback", "score_history", "field_history"):
        assert shipped.tables[name]["lead_id"].isin(leads["lead_id"]).all()


def test_leaks_count_as_said(shipped: Raw) -> None:
    leads = shipped.leads.drop_duplicates("lead_id").set_index("lead_id")
    won = leads.index.isin(shipped.stages.loc[shipped.stages["stage"] == "won", "lead_id"])
    noted, last = leads["sales_note_type"].notna(), leads["last_activity_type"]
    planted = shipped.truth["planted"]
    original = leads.index < f"lead-{shipped.truth['leads']:05d}"
    assert (noted & won).sum() == planted["sales_note_type filled, won"]
    assert (noted & ~won & original).sum() == planted["sales_note_type filled, not won"]
    closing = last.isin(["contract sent", "onboarding call"])
    assert (closing & won).sum() == planted["last_activity_type overwritten after won"]
    assert (closing & ~won).sum() == 0
    assert (leads["lifecycle_stage"] == "customer").sum() == planted["lifecycle_stage customer"] == won.sum()
    days = pd.to_numeric(leads["days_in_crm"])
    assert roc_auc_score(won, -days) > 0.9


def test_faults_stay_within_one_percent_of_a_file(shipped: Raw) -> None:
    good = shipped.created.index
    clashing = shipped.leads.drop_duplicates()
    clashing = clashing.loc[clashing.duplicated("lead_id"), "lead_id"]
    good = good[~good.isin(clashing)]
    assert 1 - len(good) / len(shipped.leads) < 0.01
    for name, frame in (("events", shipped.events), ("stages", shipped.stages)):
        bad = ~frame["lead_id"].isin(good) | frame["time"].isna() | (frame["time"] >= UNTIL)
        assert 0 < bad.mean() < 0.009, name
    for name in ("worked", "feedback", "score_history", "field_history"):
        assert (~shipped.tables[name]["lead_id"].isin(good)).mean() < 0.01, name


def test_loader_finds_every_planted_row(shipped: Raw) -> None:
    planted = shipped.truth["planted"]
    with read_history(SHIPPED) as history:
        dropped = history.dropped
        assert (
            history.rows["leads"]
            == shipped.truth["leads"] - planted["leads in conflict"] - planted["leads with an unreadable time"]
        )
        assert history.stages["won"] == shipped.truth["won"]
        assert {name for name, field in history.lead_fields.items() if field.known == "undated"} == {
            *("lifecycle_stage", "last_activity_type", "sales_note_type", "days_in_crm")
        }
    found = {file: set(rows) for file, rows in dropped.groupby("file")["rows"]}
    assert found["leads.csv"] == {
        planted["leads repeated"],
        2 * planted["leads in conflict"],
        planted["leads with an unreadable time"],
        planted["leads after until"],
    }
    for table, file in (("events", "events.parquet"), ("stages", "stages.csv")):
        assert found[file] >= {count for name, count in planted.items() if name.startswith(f"{table} ")}


def test_readme_says_what_is_planted(shipped: Raw) -> None:
    text = (ROOT / "data" / "README.md").read_text()
    cells = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", text, flags=re.MULTILINE))
    for name, count in shipped.truth["planted"].items():
        assert cells[name] == str(count), name
    for name, effect in shipped.truth["effects"].items():
        assert float(cells[name].replace("−", "-")) == effect, name
    for name, count in shipped.truth["rows"].items():
        assert cells[f"{name}.{'parquet' if name == 'events' else 'csv'}"] == f"{count:,}"
    assert f"{shipped.truth['leads']:,} leads" in text
    assert f"{shipped.truth['won']} leads were won" in text


def test_base_rate_and_speed_of_sales(shipped: Raw) -> None:
    as_of = shipped.created + pd.Timedelta("14D")
    ready = (as_of + pd.Timedelta("90D") <= UNTIL) & ~(shipped.won < as_of)
    converted = (shipped.won >= as_of) & (shipped.won < as_of + pd.Timedelta("90D"))
    assert 0.06 < converted[ready].mean() < 0.09
    days = (shipped.won - shipped.created).dropna() / pd.Timedelta("1D")
    assert days.between(20, 120).mean() > 0.85
    amounts = shipped.stages.loc[shipped.stages["stage"] == "won", "amount"].astype(float)
    assert (amounts > 0).all()


def test_stages_come_in_order(shipped: Raw) -> None:
    order = ["inquiry", "mql", "sql", "opportunity"]
    sound = shipped.stages[shipped.stages["time"] < UNTIL]
    first = sound.pivot_table(index="lead_id", columns="stage", values="time", aggfunc="first")
    first = first[~(first["mql"] < first["inquiry"])]
    for before, after in zip(order, [*order[1:], "won"], strict=True):
        both = first[[before, after]].dropna()
        assert len(both) > 100
        assert (both[before] <= both[after]).all(), (before, after)
    assert not (first["won"].notna() & first["lost"].notna()).any()
    assert first.loc[first["won"].notna(), "opportunity"].notna().all()


def test_events_go_on_after_the_win(shipped: Raw) -> None:
    won = shipped.events["lead_id"].map(shipped.won)
    after = shipped.events[(shipped.events["time"] > won) & (shipped.events["event"] == "login")]
    assert after["lead_id"].nunique() > 0.8 * shipped.won.notna().sum()


def test_no_event_before_its_lead(shipped: Raw) -> None:
    created = shipped.events["lead_id"].map(shipped.created)
    assert not (shipped.events["time"] < created).any()


def test_colleagues_arrive_together(shipped: Raw) -> None:
    leads = shipped.leads.drop_duplicates("lead_id").set_index("lead_id").join(shipped.created.rename("created"))
    groups = leads.dropna(subset=["account_id", "created"]).groupby("account_id")["created"]
    wait = (leads["created"] - groups.transform("min")) / pd.Timedelta("1D")
    assert (wait.dropna() <= 23).mean() > 0.9
    assert (wait.dropna() > 30).any()
    assert groups.size().mean() > 2
    assert groups.size().max() <= 8


def test_latam_opens_in_2026(shipped: Raw) -> None:
    leads = shipped.leads.drop_duplicates("lead_id").set_index("lead_id")
    latam = shipped.created[leads.loc[shipped.created.index, "region"] == "LATAM"]
    assert len(latam) > 50
    assert latam.min() >= pd.Timestamp("2025-12-29", tz="UTC")


def test_changes_start_from_the_old_value(shipped: Raw) -> None:
    changes = shipped.tables["field_history"]
    plans = changes[changes["field"] == "plan_type"]
    before = plans.groupby("lead_id")["value"].shift()
    assert (plans.loc[before.notna(), "old_value"] == before.dropna()).all()
    assert (plans.loc[before.isna(), "old_value"] == "none").all()
    last = plans.groupby("lead_id")["value"].last()
    today = shipped.leads.drop_duplicates("lead_id").set_index("lead_id")["plan_type"]
    assert (today[last.index] == last).all()
    others = today.drop(last.index)
    assert (others[others.index < f"lead-{shipped.truth['leads']:05d}"] == "none").all()


def test_true_effects_can_be_found_again(market: Simulated) -> None:
    worked = market.fate.worked_us >= 0
    found = features(market.accounts, market.leads, market.events, worked)
    assert set(found) == set(EFFECTS)
    table = pd.DataFrame({name: np.asarray(found[name], dtype=float) for name in EFFECTS})[market.usable]
    fit = sm.Logit(market.outcome[market.usable].astype(float), sm.add_constant(table)).fit(disp=False)
    true = pd.Series(dict(EFFECTS))
    estimate, error = fit.params[true.index], fit.bse[true.index]
    assert ((estimate - true).abs() < 4 * error).all(), (estimate - true) / error
    clear = true.abs() > 3 * error
    assert clear.sum() > 25
    assert (np.sign(estimate[clear]) == np.sign(true[clear])).all()


def test_scores_rank_as_promised(market: Simulated) -> None:
    assert 0.06 < market.outcome[market.usable].mean() < 0.09
    assert 0.80 < market.auc(market.fate.log_odds) < 0.85
    for column in range(len(SCORED_DAYS)):
        assert 0.62 < market.auc(market.fate.scores[:, column]) < 0.70


def test_reps_work_high_scores_and_some_at_random(market: Simulated) -> None:
    high = market.fate.scores[:, SCORED_DAYS.index(3)] >= 30
    worked = market.fate.worked_us >= 0
    assert worked[high].mean() > 0.85
    assert 0.06 < worked[~high & market.usable].mean() < 0.10


def test_webinars_lose_their_effect(market: Simulated) -> None:
    webinar = (market.leads.source == 3) & market.usable & (market.leads.region != 3)
    early = market.leads.created_us < np.median(market.leads.created_us)
    assert market.outcome[webinar & early].mean() > 1.25 * market.outcome[webinar & ~early].mean()


@pytest.mark.parametrize("name", ["champion", "challenger"])
def test_models_read_and_explain_themselves(name: str) -> None:
    model = read_model(ROOT / "notebooks" / "models" / f"{name}.yaml")
    assert model.name == name
    assert all(rule.why for rule in model.rules)
    assert [tier.name for tier in model.tiers] == ["Nurture", "MQL", "PQL", "SQL"]
    assert [gate.tier for gate in model.gates] == ["Disqualified"]


@pytest.mark.parametrize("name", ["inbound", "monthly"])
def test_plans_read(name: str) -> None:
    plan = read_plan(ROOT / "notebooks" / "plans" / f"{name}.yaml")
    assert (plan.name, plan.outcome, plan.horizon) == (name, "won", 90)


@pytest.mark.slow
def test_two_hundred_thousand_leads(tmp_path: Path) -> None:
    begun = time.monotonic()
    truth = make_sample(tmp_path, leads=200_000, seed=3, format="parquet")
    assert time.monotonic() - begun < 60
    assert truth.rows["events"] > 2_000_000
