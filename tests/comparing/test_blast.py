"""What changes on the day a challenger goes live: against the scores of both models, with pandas."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from crm import UNTIL, crm, load

import workbench as wb
from workbench.comparing import blast_radius
from workbench.errors import CallError

FRAMES = crm(seed=4, leads=900)
AS_OF = "2025-08-01"


def open_ids(as_of):
    over = FRAMES["stages"]
    over = over[over["stage"].isin(["won", "lost"]) & (over["at"] < as_of)]["lead_id"]
    there = FRAMES["leads"][FRAMES["leads"]["created_at"] < as_of]
    return there[~there["lead_id"].isin(over)].set_index("lead_id")


@pytest.mark.parametrize("as_of", [None, AS_OF])
def test_open_leads_move_as_their_scores_say(past, champion, challenger, plans, as_of):
    found = blast_radius(champion, challenger, past, plans["leads"], as_of=as_of, owner="region")
    still = open_ids(UNTIL if as_of is None else pd.Timestamp(as_of, tz="UTC"))
    both = pd.DataFrame(
        {
            name: wb.score(model, past, as_of).set_index("lead_id")["tier"]
            for name, model in (("champion", champion), ("challenger", challenger))
        }
    ).loc[still.index]
    assert found.n == len(still)
    assert found.changed == int((both["champion"] != both["challenger"]).sum())
    assert found.up + found.down == found.changed
    cells = found.moves.set_index(["champion_tier", "challenger_tier"])["n"]
    counted = both.value_counts()
    assert cells[cells > 0].sort_index().to_dict() == counted.sort_index().to_dict()
    assert cells.sum() == found.n
    regions = found.groups[found.groups["field"] == "region"].set_index("value")
    assert regions["n"].to_dict() == still["region"].value_counts().to_dict()
    for name, rows in both.groupby(still["region"]):
        if len(rows) >= 10:
            assert regions.loc[name, "changed"] == (rows["champion"] != rows["challenger"]).sum()
    assert list(found.groups["field"].unique()) == ["region", "industry"]
    assert found.left_out["n"].sum() + found.n == len(wb.score(champion, past, as_of))


def test_small_groups_are_counted_and_nothing_else(past, champion, challenger, plans):
    found = blast_radius(champion, challenger, past, plans["leads"], as_of="2025-02-01", owner="title")
    small = found.groups["n"] < 10
    assert small.any()
    assert found.groups.loc[small, ["changed", "changed_share", "up", "down"]].isna().all(axis=None)
    few = ~small & (found.groups["changed"] < 5)
    assert found.groups.loc[few, ["up", "down"]].isna().all(axis=None)


def test_accounts_are_scored_from_all_their_leads(past, champion, challenger, plans):
    found = blast_radius(champion, challenger, past, plans["accounts"])
    scores = {model: wb.score(model, past, unit="account").set_index("account_id") for model in (champion, challenger)}
    ids = FRAMES["leads"].loc[FRAMES["leads"]["lead_id"].isin(open_ids(UNTIL).index), "account_id"].dropna().unique()
    old, new = (each.loc[ids, "tier"] for each in scores.values())
    assert found.unit == "account"
    assert found.n == len(ids)
    assert found.changed == int((old != new).sum())
    assert "lead without an account" in set(found.left_out["reason"])
    with pytest.raises(CallError, match="a field of accounts beside unit: account"):
        blast_radius(champion, challenger, past, plans["accounts"], owner="region")


def test_the_same_model_moves_nobody(past, champion, plans):
    found = blast_radius(champion, champion, past, plans["leads"])
    assert (found.changed, found.up, found.down) == (0, 0, 0)
    assert "none of" in found.headline
    assert json.dumps(found.to_document(), allow_nan=False)


def test_flat_rows_are_all_taken_as_recorded():
    frame = pd.DataFrame({"lead_id": range(40), "size": [0, 5] * 20, "won": [0, 1, 0, 0] * 10})
    text = (
        "format: lead-scoring-model/1\nname: flat\ndimensions: {fit: {}}\n"
        "rules: [{id: big, in: fit, when: {field: size, at_least: 3}, points: 4}]\n"
        "tiers: [{name: Low, from: 0}, {name: High, from: 3}]\n"
    )
    model = wb.parse_model(text)
    with wb.read_history(frame, outcome="won=1") as history:
        plan = wb.parse_plan("{at: recorded}")
        found = blast_radius(model, wb.change_model(model, {"rules.big.points": 1}), history, plan, owner="size")
        with pytest.raises(CallError, match="Did you mean 'size'"):
            blast_radius(model, model, history, plan, owner="sise")
    assert (found.as_of, found.n, found.changed, found.down) == (None, 40, 20, 20)
    assert found.groups.set_index("value")["down"].dropna().to_dict() == {"5": 20}


def test_the_plans_closed_stages_end_a_leads_being_open(champion, challenger, plans, past):
    plan = plans["leads"].model_copy(update={"closed": ("won", "lost", "mql")})
    found = blast_radius(champion, challenger, past, plan)
    assert 0 < found.n < blast_radius(champion, challenger, past, plans["leads"]).n


def test_where_nobody_is_open_that_is_said(champion, challenger, plans):
    frames = crm(seed=4, leads=30)
    ids = frames["leads"]["lead_id"]
    lost = pd.DataFrame({"lead_id": ids, "at": frames["leads"]["created_at"], "stage": "lost", "amount": None})
    more = pd.concat([frames["stages"], lost.astype(frames["stages"].dtypes)])
    with load({**frames, "stages": more}) as history:
        found = blast_radius(champion, challenger, history, plans["leads"], owner="region")
    assert (found.n, found.changed, len(found.groups)) == (0, 0, 0)
    assert found.headline == "No lead is open on 2026-01-01: nobody would change tier."
    assert found.left_out.to_dict("records") == [{"reason": "already closed", "n": 30}]
    assert json.dumps(found.to_document(), allow_nan=False)
