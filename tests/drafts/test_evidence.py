"""The numbers behind an ideal customer, against pandas, statsmodels and hand-computed ratios."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from workbench.drafts.evidence import OTHERS, OVER, UNCLEAR, UNDER, FieldValues, weigh
from workbench.model.comparison import folded

rng = np.random.default_rng(11)
N = 2_000
TITLE = rng.choice(["VP", "vp ", "Director", "Analyst", "Rare"], N, p=[0.1, 0.05, 0.25, 0.597, 0.003]).astype(object)
SIZE = np.where(rng.random(N) < 0.1, None, rng.integers(1, 1000, N).astype(float)).astype(object)
CONSENT = rng.choice([True, False, None], N).astype(object)
CHANCE = (
    0.08 + 0.25 * np.isin(TITLE, ["VP", "vp "]) + 0.1 * np.array([size is not None and size > 600 for size in SIZE])
)
WON = rng.random(N) < CHANCE
ALONE = np.arange(N)
FIELDS = [
    FieldValues("lead", "title", "text", TITLE),
    FieldValues("account", "size", "number", SIZE),
    FieldValues("lead", "consent", "boolean", CONSENT),
]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return weigh(FIELDS, WON, ALONE)


def test_counts_and_shares_are_those_of_pandas(frame):
    titles = pd.Series(TITLE).map(folded)
    own = pd.DataFrame({"title": titles, "won": WON}).groupby("title")["won"].agg(["size", "sum"])
    for row in frame[(frame["field"] == "title") & (frame["value"] != OTHERS)].itertuples():
        n, converted = own.loc[folded(row.value)]
        assert (row.n, row.converted) == (n, converted)
        assert row.rate == pytest.approx(converted / n)
        assert row.lift == pytest.approx(converted / n / WON.mean())
        assert row.share_won == pytest.approx(converted / WON.sum())
        assert row.share_rest == pytest.approx((n - converted) / (~WON).sum())
    assert frame.loc[frame["value"] == OTHERS, "n"].tolist() == [int((TITLE == "Rare").sum())]


def test_rates_have_statsmodels_wilson_intervals(frame):
    low, high = proportion_confint(frame["converted"], frame["n"], method="wilson")
    np.testing.assert_allclose(frame["rate_low"], low, rtol=1e-9)
    np.testing.assert_allclose(frame["rate_high"], high, rtol=1e-9)


def test_the_lift_s_interval_is_that_of_the_ratio_of_rates_carried_over(frame):
    row = frame[(frame["field"] == "title") & (frame["value"] == "VP")].iloc[0]
    a, n, b, m = row.converted, row.n, WON.sum() - row.converted, N - row.n
    ratio = (a / n) / (b / m)
    spread = np.sqrt((1 / a - 1 / n + 1 / b - 1 / m) * N / (N - 1))
    share = n / N
    for name, end in (
        ("lift_low", ratio * np.exp(-1.959964 * spread)),
        ("lift_high", ratio * np.exp(1.959964 * spread)),
    ):
        assert row[name] == pytest.approx(end / (share * end + 1 - share), rel=1e-5)


def test_holm_is_statsmodels_holm(frame):
    tested = frame["p"].notna()
    adjusted = multipletests(frame.loc[tested, "p"], method="holm")[1]
    np.testing.assert_allclose(frame.loc[tested, "p_holm"], adjusted, rtol=1e-12)
    assert frame.loc[~tested, "verdict"].eq(UNCLEAR).all()


def test_the_planted_values_are_found_and_no_verdict_is_against_its_interval(frame):
    told = frame[frame["verdict"] != UNCLEAR].set_index("value")["verdict"]
    assert told["VP"] == OVER
    assert told["Analyst"] == UNDER
    clear = frame[frame["verdict"] != UNCLEAR]
    assert ((clear["lift_low"] > 1) | (clear["lift_high"] < 1)).all()


def test_bands_are_quantiles_of_the_known_numbers_and_cover_them_once(frame):
    bands = frame[frame["field"] == "size"]
    known = np.array([size for size in SIZE if size is not None], dtype=float)
    assert bands["n"].sum() == len(known)
    assert bands["low"].tolist()[1:] == bands["high"].tolist()[:-1]
    assert bands["low"].iloc[0] == -np.inf
    for row in bands.itertuples():
        assert row.n == ((known >= row.low) & (known < row.high)).sum()
    assert bands["high"].tolist()[:-1] == np.quantile(known, [0.2, 0.4, 0.6, 0.8], method="higher").tolist()


def test_accounts_widen_the_intervals(frame):
    doubled = [FieldValues(each.scope, each.name, each.kind, np.repeat(each.cells, 2)) for each in FIELDS]
    clustered = weigh(doubled, np.repeat(WON, 2), np.repeat(ALONE, 2))
    loose = weigh(doubled, np.repeat(WON, 2), np.arange(2 * N))
    same = clustered[clustered["p"].notna()].index
    width, alone = (each.loc[same, "lift_high"] - each.loc[same, "lift_low"] for each in (clustered, loose))
    assert (width > alone * 1.2).all()
    before = frame.set_index(["field", "value"])["p"].dropna()
    after = clustered.set_index(["field", "value"])["p"].dropna()
    shared = before.index.intersection(after.index)
    np.testing.assert_allclose(after[shared], before[shared], rtol=0.02)


def test_nothing_is_found_where_nothing_is():
    found = [
        (weigh([FieldValues("lead", "x", "text", rng.choice(list("abcdefgh"), 800).astype(object))],
               rng.random(800) < 0.2, np.arange(800))["verdict"] != UNCLEAR).any()
        for _ in range(40)
    ]  # fmt: skip
    assert sum(found) <= 8  # 5 % of 40 is 2; more than 8 has a chance of 1 in 10,000


def test_a_field_of_one_number_or_of_none_is_not_cut():
    one = FieldValues("lead", "x", "number", np.array([3.0] * 60, dtype=object))
    none = FieldValues("lead", "y", "number", np.array([None] * 60, dtype=object))
    found = weigh([one, none], np.arange(60) < 20, np.arange(60))
    assert found["value"].tolist() == ["any number"]
    assert found["verdict"].tolist() == [UNCLEAR]
