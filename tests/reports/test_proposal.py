from __future__ import annotations

import pandas as pd

from workbench.proposing import Proposal, Proposals
from workbench.reports import proposed

EVIDENCE = {"p_adjusted": 0.0002, "rate": 0.202, "rate_without": 0.057, "points_low": 24.0, "points_high": 47.0}
EVIDENCE |= {"auc_gain": 0.032, "auc_gain_low": 0.005, "auc_gain_high": 0.059}
EVIDENCE |= {"confirm_auc_gain": -0.006, "confirm_auc_gain_low": -0.085, "confirm_auc_gain_high": 0.026}


def proposals(*found: Proposal) -> Proposals:
    return Proposals(
        None, "train", "validation", 100, 10, 50, "28.5 points for one of log-odds", found, pd.DataFrame(), ()
    )


def test_a_proposal_has_what_was_learned_beside_what_confirms_it():
    rule = {"id": "activation", "in": "engagement", "points": 35}
    table = proposed(
        proposals(Proposal("activation", rule, "activation within 30d", (), EVIDENCE, "not enough evidence"))
    )
    row = table.rows[0]
    assert row[0] == "activation within 30d"
    assert row[1].split() == ["+35", "[+24", "to", "+47]"]
    assert row[2:4] == ("20.2 %", "5.7 %")
    assert row[4].split()[0] == "+0.032"
    assert row[5].split() == ["−0.006", "[−0.085", "to", "+0.026]"]
    assert row[6:] == ("not enough evidence", "< 0.001")
    assert len(table.columns) == len(row)
    assert "28.5 points" in table.note


def test_without_proposals_it_says_so():
    table = proposed(proposals())
    assert table.rows == ()
    assert table.caption.startswith("None of 50 conditions")
