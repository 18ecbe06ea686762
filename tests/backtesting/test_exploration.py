"""Looking through errors: filters against pandas, pages, pseudonyms; without a filter the errors of the backtest."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from crm import SCORECARD, crm, load
from pandas.testing import assert_frame_equal

import workbench as wb
from workbench.backtesting.contrast import COUNTED, RATIO
from workbench.backtesting.exploration import Exploration
from workbench.errors import CallError, ModelError
from workbench.metrics.clustering import clustered_rate_ratio
from workbench.metrics.intervals import rate_ratio

KINDS = ("false_positive", "false_negative")


@pytest.fixture(scope="module", params=["cluster: lead", "cluster: account", "split: {by: time}"])
def seen(request, observed):
    return observed(more=request.param)


@pytest.fixture(scope="module")
def part(seen):
    return "train" if seen.split else "all"


@pytest.fixture(scope="module")
def found(seen, scorecard, part):
    return Exploration(scorecard, seen, part=part)


@pytest.fixture(scope="module")
def result(seen, scorecard, part):
    return wb.backtest(scorecard, seen, part=part)


@pytest.fixture(scope="module")
def table(found, result):
    """Everybody in the part, one row each, made from the backtest and the scorer."""
    rows = found.seen.rows(found.part)
    frame = found.seen.frame().iloc[rows].reset_index(drop=True)
    judging = result.judging
    scores = judging.scores
    frame["score"] = np.where(scores.out, np.nan, scores.milli / 1000)
    frame["rank"] = judging.ranks
    frame["month"] = frame["as_of"].dt.strftime("%Y-%m")
    bands = result.bands[result.bands["low"].notna()]
    at = np.searchsorted(bands["low"].to_numpy(), frame["score"].fillna(-99), side="right") - 1
    frame["band"] = bands["band"].to_numpy()[np.maximum(at, 0)]
    frame["cluster"] = judging.judged.cluster
    for name, each in found.seen.subjects.segments.items():
        frame[name] = np.array(each.labels, dtype=object)[each.codes[rows]]
    for rule in found.rules:
        frame[f"rule {rule}"] = judging.scorer.cases(rule, rows)
    return frame


def sides(table, kind, tier=1):
    """Who was treated the same, and whether wrongly."""
    reached = table["rank"] >= tier
    same = table[(reached if kind == "false_positive" else ~reached) & table["score"].notna()]
    return same, same["converted"].astype(bool) == (kind == "false_negative")


# --- without a filter -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_filter_they_are_those_of_the_backtest(found, result, kind):
    for tier in (None, "Hot"):
        own, whole = found.errors(kind, tier=tier), result.errors(kind, tier=tier)
        assert (own.n, own.of, own.apart, own.tier, own.unit) == (
            whole.n,
            whole.of,
            whole.apart,
            whole.tier,
            whole.unit,
        )
        assert_frame_equal(own.rules, whole.rules)
        assert_frame_equal(own.segments, whole.segments)
        leads = own.leads.assign(
            lead_id=[found.reveal(name) for name in own.leads["lead_id"]],
            account_id=[None if pd.isna(name) else found.reveal(name) for name in own.leads["account_id"]],
        )
        by = ["score", "lead_id", "as_of"]
        ordered = leads.sort_values(by, ascending=[False, True, True], ignore_index=True)
        assert_frame_equal(ordered[list(whole.leads.columns)], whole.leads, check_dtype=False)


def test_its_labels_are_those_of_the_backtest(found, result):
    bands = result.bands[result.bands["low"].notna()]
    assert found.bands == tuple(bands["band"])
    assert set(found.months) <= set(result.months["month"])
    assert found.months == tuple(sorted(found.months))
    values = result.segments.groupby("segment", sort=False)["value"].agg(tuple).to_dict()
    assert found.segments == values
    assert (found.tiers, found.main_tier, found.threshold) == (("Cold", "Warm", "Hot"), "Warm", None)
    assert (found.part, found.unit) == (result.part, "lead")


# --- filters ----------------------------------------------------------------------------------------------------------


def filters(found):
    """A few values of every filter."""
    field, other = found.segments["region"], found.segments["industry"]
    yield from ({"segment": ("region", value)} for value in field)
    yield from ({"segment": ("industry", value)} for value in other[:2])
    yield from ({"band": band} for band in found.bands)
    yield from ({"month": month} for month in found.months[:3])
    yield from ({"rule": rule} for rule in found.rules)
    yield {"segment": ("region", field[0]), "band": found.bands[1]}
    yield {"segment": ("region", field[0]), "month": found.months[0], "rule": "pages"}


def kept(table, *, segment=None, band=None, month=None, rule=None):
    keep = pd.Series(True, index=table.index)
    if segment is not None:
        keep &= table[segment[0]] == segment[1]
    if band is not None:
        keep &= (table["band"] == band) & table["score"].notna()
    if month is not None:
        keep &= table["month"] == month
    if rule is not None:
        keep &= table[f"rule {rule}"] > 0
    return table[keep]


@pytest.mark.parametrize("kind", KINDS)
def test_filters_narrow_both_sides(found, table, kind):
    counted = 0
    for asked in filters(found):
        chosen = kept(table, **asked)
        same, wrong = sides(chosen, kind)
        errors = found.errors(kind, **asked)
        assert (errors.n, errors.of) == (wrong.sum(), len(same)), asked
        assert errors.apart == (chosen["score"].isna() & chosen["converted"].astype(bool)).sum()
        assert sorted(map(found.reveal, errors.leads["lead_id"])) == sorted(same.loc[wrong, "lead_id"])
        counted += errors.n
    assert counted > 20


@pytest.mark.parametrize("kind", KINDS)
def test_what_they_have_in_common_is_against_the_rightly_judged_within_the_filter(found, table, result, kind):
    clustered = result.judging.judged.clustered
    for asked in filters(found):
        same, wrong = sides(kept(table, **asked), kind)
        errors = found.errors(kind, **asked)
        for row in errors.segments.itertuples():
            hits = (same[row.segment] == row.value).to_numpy()
            told = check(row, hits, wrong.to_numpy(), same["cluster"].to_numpy() if clustered else None)
            assert told == (hits.sum() > 0)
        for row in errors.rules.itertuples():
            if row.rule != "title":
                hits = (same[f"rule {row.rule}"] > 0).to_numpy()
                check(row, hits, wrong.to_numpy(), same["cluster"].to_numpy() if clustered else None)


def check(row, hits, wrong, clusters):
    """Compare a row with its own count; whether somebody has the trait."""
    assert (row.n_wrong, row.hit_wrong) == (wrong.sum(), (hits & wrong).sum())
    assert (row.n_right, row.hit_right) == ((~wrong).sum(), (hits & ~wrong).sum())
    assert row.enough == (min(row.n_wrong, row.n_right) >= 10 and hits.sum() >= 5)
    if hits.any() and wrong.any() and not wrong.all():
        plain = rate_ratio(row.hit_wrong, row.n_wrong, row.hit_right, row.n_right)
        expected = plain if clusters is None else clustered_rate_ratio(hits, wrong, clusters)
        told = (row.ratio, row.ratio_low, row.ratio_high)
        assert told == pytest.approx([float(each) for each in expected], rel=1e-9)
    else:
        assert np.isnan([row.ratio, row.ratio_low, row.ratio_high]).all()
    return bool(hits.any())


@pytest.mark.parametrize("kind", KINDS)
def test_the_values_of_a_filter_part_the_errors(found, kind):
    whole = found.errors(kind)
    for name, values in (
        ("band", found.bands),
        ("month", found.months),
        ("segment", [("region", value) for value in found.segments["region"]]),
        ("segment", [("industry", value) for value in found.segments["industry"]]),
    ):
        parts = [found.errors(kind, **{name: value}) for value in values]
        assert sum(part.n for part in parts) == whole.n
        assert sum(part.of for part in parts) == whole.of
        assert sorted(itertools.chain(*(part.leads["lead_id"] for part in parts))) == sorted(whole.leads["lead_id"])


def test_rules_and_segments_together(found):
    errors = found.errors("false_positive")
    common = errors.common
    fields = common["rule"].str.startswith("segment: ")
    assert set(common.loc[fields, "rule"]) == {"segment: region", "segment: industry"}
    assert list(common.columns) == ["rule", "case", "why", "points", *COUNTED, *RATIO]
    enough = common["enough"].astype(bool)
    assert enough[: enough.sum()].all()
    whole = len(errors.rules) + len(errors.segments)
    everybody = sum(
        ((frame["hit_wrong"] == frame["n_wrong"]) & (frame["hit_right"] == frame["n_right"])).sum()
        for frame in (errors.rules, errors.segments)
    )
    assert len(common) == whole - everybody
    value = found.segments["region"][0]
    narrowed = found.errors("false_positive", segment=("region", value)).common
    assert "segment: region" not in set(narrowed["rule"])


def test_a_sentence_says_how_many(found):
    errors = found.errors("false_positive")
    assert errors.sentence == f"{errors.n} of {errors.of} leads that reached Warm did not convert."
    missed = found.errors("false_negative", tier="Hot")
    assert missed.sentence == f"{missed.n} of {missed.of} leads that did not reach Hot converted."


# --- leads ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_those_of_the_whole_list(found, kind):
    whole = found.errors(kind)
    pages = [found.errors(kind, most=7, skip=skip) for skip in range(0, whole.n + 7, 7)]
    assert_frame_equal(pd.concat([page.leads for page in pages if len(page.leads)], ignore_index=True), whole.leads)
    assert all((page.n, page.of) == (whole.n, whole.of) and page.rules.equals(whole.rules) for page in pages)
    assert pages[-1].leads.empty
    assert whole.leads["score"].is_monotonic_decreasing


@pytest.mark.parametrize("kind", KINDS)
def test_each_lead_stands_with_what_is_known_of_it(found, table, kind):
    leads = found.errors(kind).leads
    own = table.set_index("lead_id")
    days = dict(zip(found.seen.subjects.lead_id, found.seen.subjects.days, strict=True))
    for row in leads.to_dict("records"):
        name = found.reveal(row["lead_id"])
        assert (row["score"], row["month"]) == (own.loc[name, "score"], own.loc[name, "month"])
        assert row["segment: region"] == own.loc[name, "region"]
        assert row["converted"] == (kind == "false_negative")
        assert row["days"] == pytest.approx(days[name], nan_ok=True)
        lines = [part.rsplit(" ", 1)[1] for part in row["ledger"].split(", ")] if row["ledger"] else []
        assert sum(float(points.replace("−", "-")) for points in lines) == pytest.approx(row["score"])
    assert leads["days"].isna().all() == (kind == "false_positive")
    assert leads["days"].dropna().between(0, 39).all()


def test_a_ledger_adds_up_to_the_score(found):
    for lead in found.errors("false_positive", most=15).leads.itertuples():
        lines = found.ledger(lead.lead_id)
        assert lines["points"].sum() == pytest.approx(lead.score)
        assert_frame_equal(lines, found.ledger(lead.lead_id, lead.as_of))
    with pytest.raises(CallError, match=r"as_of: expected a moment at which anon-[0-9]+ was observed"):
        found.ledger(lead.lead_id, lead.as_of + pd.Timedelta(days=1))


# --- pseudonyms -------------------------------------------------------------------------------------------------------


def test_pseudonyms_are_the_same_under_every_filter_and_every_time(found, scorecard):
    whole = found.errors("false_positive").leads.set_index("lead_id")
    narrow = found.errors("false_positive", segment=("region", "EU")).leads
    assert whole.loc[narrow["lead_id"], "score"].tolist() == narrow["score"].tolist()
    again = Exploration(scorecard, found.seen, part=found.part).errors("false_positive").leads
    assert again["lead_id"].tolist() == whole.index.tolist()


def test_no_identifier_is_shown(found):
    shown = found.errors("false_negative")
    ids = set(found.seen.subjects.lead_id) | set(found.seen.subjects.account_id)
    cells = set(shown.leads.astype(str).to_numpy().ravel())
    assert not cells & {str(each) for each in ids if each is not None}
    assert shown.leads["lead_id"].str.fullmatch(r"anon-\d{5}").all()
    assert shown.leads["account_id"].dropna().str.fullmatch(r"anon-account-\d{5}").all()


def test_who_is_who_can_be_asked(found):
    lead = found.errors("false_positive", most=1).leads.iloc[0]
    assert found.reveal(lead["lead_id"]).startswith("L")
    with pytest.raises(CallError, match=r"pseudonym: expected a name that this exploration shows.*found 'L00001'"):
        found.reveal("L00001")
    with pytest.raises(CallError, match="pseudonym"):
        found.ledger("anon-99999")


def test_identifiers_are_shown_if_asked_for(found, scorecard):
    plain = Exploration(scorecard, found.seen, part=found.part, pseudonyms=False)
    leads = plain.errors("false_positive").leads
    own = found.errors("false_positive").leads
    assert sorted(leads["lead_id"]) == sorted(map(found.reveal, own["lead_id"]))
    assert plain.reveal(leads["lead_id"][0]) == leads["lead_id"][0]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"tier": "Boiling"}, "tier: expected one of 'Cold', 'Warm', 'Hot', found 'Boiling'"),
        ({"segment": ("city", "Bonn")}, "segment: expected one of 'region', 'industry', found 'city'"),
        ({"segment": ("region", "Mars")}, "segment region: expected one of .*'EU'.*found 'Mars'"),
        ({"band": "900–999"}, "band: expected one of .*found '900–999'"),
        ({"month": "1999-01"}, "month: expected one of .*found '1999-01'"),
        ({"rule": "luck"}, "rule: expected one of .*'title'.*found 'luck'"),
        ({"skip": -1}, "skip, most: expected 0 or more, found -1, None"),
        ({"most": -2}, "skip, most: expected 0 or more, found 0, -2"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(found, asked, message):
    with pytest.raises(CallError, match=message):
        found.errors("false_positive", **asked)


def test_another_kind_is_refused(found):
    with pytest.raises(CallError, match="kind: expected one of 'false_positive', 'false_negative', found 'true'"):
        found.errors("true")


def test_the_sealed_part_stays_sealed(observed, scorecard):
    seen = observed(more="split: {by: time}")
    with pytest.raises(CallError, match="part: expected one of train, validation, found 'test', which is sealed"):
        Exploration(scorecard, seen, part="test")
    train = Exploration(scorecard, seen, part="train")
    validation = Exploration(scorecard, seen)
    shown = {
        each.reveal(name)
        for each in (train, validation)
        for kind in KINDS
        for name in each.errors(kind).leads["lead_id"]
    }
    test_part = seen.subjects.lead_id[seen.subjects.part == 2]
    assert len(test_part) > 20
    assert not shown & set(test_part)
    hidden = [f"anon-{number:05d}" for number in range(1, len(seen.subjects.part) + 1)]
    answered = [sum(revealed(each, name) is not None for name in hidden) for each in (train, validation)]
    assert answered == [(seen.subjects.part == part).sum() for part in (0, 1)]


def revealed(found, name):
    try:
        return found.reveal(name)
    except CallError:
        return None


def test_a_pseudonym_is_the_same_lead_in_every_part(observed, scorecard):
    seen = observed(at="{every: month}", more="split: {by: lead}")
    parts = [Exploration(scorecard, seen, part=part) for part in ("train", "validation")]
    names = [f"anon-{number:05d}" for number in range(1, len(set(seen.subjects.lead_id)) + 1)]
    both = [(revealed(parts[0], name), revealed(parts[1], name)) for name in names]
    in_train, in_validation = (set(seen.subjects.lead_id[seen.subjects.part == part]) for part in (0, 1))
    assert len(in_train) > 20 < len(in_validation)
    assert all(one == other for one, other in both if one is not None and other is not None)
    told = [one if one is not None else other for one, other in both if (one, other) != (None, None)]
    assert sorted(told) == sorted(in_train | in_validation)
    accounts = [
        {name: each.reveal(name) for kind in KINDS for name in each.errors(kind).leads["account_id"].dropna()}
        for each in parts
    ]
    shared = accounts[0].keys() & accounts[1].keys()
    assert shared
    assert all(accounts[0][name] == accounts[1][name] for name in shared)


def test_only_plain_digits_make_a_pseudonym(found):
    name = found.errors("false_positive", most=1).leads["lead_id"][0]
    arabic = name.translate(str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A)))))
    for odd in (arabic, f"{name} ", f"anon-{'9' * 5000}"):
        with pytest.raises(CallError, match="pseudonym: expected a name that this exploration shows"):
            found.reveal(odd)


# --- other models and plans -------------------------------------------------------------------------------------------


def test_a_model_without_tiers_has_a_threshold(observed, scorecard):
    seen = observed(more="cluster: lead")
    bare = wb.change_model(scorecard, {"tiers": [], "gates": []})
    found, result = Exploration(bare, seen), wb.backtest(bare, seen)
    few = result.thresholds[result.thresholds["share"] <= 0.2]
    assert found.threshold == few["threshold"].min()
    errors, whole = found.errors("false_positive"), result.errors("false_positive", threshold=found.threshold)
    assert (errors.n, errors.of, errors.tier) == (whole.n, whole.of, f"score ≥ {found.threshold:g}")
    assert found.errors("false_positive", threshold=10).n == result.errors("false_positive", threshold=10).n
    assert (found.tiers, found.main_tier) == ((), None)


def test_leads_seen_month_by_month_keep_one_name_and_many_ledgers(observed, scorecard):
    found = Exploration(scorecard, observed(at="{every: month}", more="cluster: account"))
    leads = found.errors("false_negative").leads
    times = leads.groupby("lead_id").size()
    assert times.max() > 1
    several = leads[leads["lead_id"] == times.idxmax()]
    assert several["as_of"].is_unique
    assert len(set(several["account_id"].dropna())) <= 1
    for row in several.itertuples():
        assert found.ledger(row.lead_id, row.as_of)["points"].sum() == pytest.approx(row.score)
    every = found.seen.subjects.lead_id == found.reveal(times.idxmax())
    last = pd.to_datetime(found.seen.subjects.as_of_us[every].max(), unit="us", utc=True)
    assert_frame_equal(found.ledger(times.idxmax()), found.ledger(times.idxmax(), last))


VARIANT = """
variants:
  - name: america
    when: {field: region, equals: US}
    override:
      - {id: industry, in: fit, why: Not so here., when: {account_field: industry, equals: retail}, points: 3}
"""


def test_rules_that_a_variant_says_otherwise_stand_beside_each_other():
    model = wb.parse_model(SCORECARD + VARIANT)
    with load(crm(seed=4, leads=500)) as history:
        seen = wb.observe(history, model, wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, segments: [region]}"))
    errors = Exploration(model, seen).errors("false_negative")
    rows = errors.rules[errors.rules["rule"] == "industry"].set_index("points")
    assert rows.loc[3.0, "case"] == "account's industry is retail"
    assert rows.loc[7.0, "why"] == "Our own."
    regions = Exploration(model, seen).errors("false_negative", rule="industry").leads["segment: region"]
    american = Exploration(model, seen).errors("false_negative", segment=("region", "US"), rule="industry")
    assert american.n == rows.loc[3.0, "hit_wrong"] == (regions == "US").sum()


def test_flat_tables_have_no_months():
    frame = pd.DataFrame({"visits": [0, 5, 9, 1, 7] * 20, "won": [0, 1, 0, 0, 1] * 20})
    model = wb.parse_model(
        "format: lead-scoring-model/1\nname: flat\ndimensions: {all: {}}\n"
        "rules: [{id: visits, in: all, points: 5, when: {field: visits, at_least: 4}}]\ntiers: [{name: Hot, from: 5}]"
    )
    mapping = "{format: lead-history/1, leads: {file: leads, outcome: {field: won, equals: 1}}}"
    with wb.read_history({"leads": frame}, mapping=mapping) as history:
        seen = wb.observe(history, model)
    found = Exploration(model, seen)
    errors = found.errors("false_positive", tier="Hot")
    assert (found.months, errors.n, errors.of) == ((), 20, 60)
    assert errors.leads["as_of"].isna().all()
    assert errors.leads["month"].isna().all()
    assert found.ledger(errors.leads["lead_id"][0])["points"].tolist() == [5.0]


# --- accounts ---------------------------------------------------------------------------------------------------------

ACCOUNTS = """
format: lead-scoring-model/1
name: accounts
dimensions: {all: {}}
rules:
  - {id: region, in: all, when: {field: region, equals: EU}, points: -5.5}
  - {id: views, in: all, each: {event: page_view}, points: 3.001}
gates: [{id: rival, when: {field: title, has_word: chief}, tier: Out}]
account: {roll_up: sum, tiers: [{name: Cool, from: 0}, {name: Mild, from: 12}, {name: Keen, from: 30.5}]}
"""


@pytest.fixture(scope="module")
def of_accounts(frames):
    model = wb.parse_model(ACCOUNTS)
    plan = wb.parse_plan("{unit: account, at: 14d, outcome: won, horizon: 40d, segments: [industry]}")
    with load(frames) as history:
        return model, wb.observe(history, model, plan)


@pytest.mark.parametrize("kind", KINDS)
def test_accounts_are_explored_without_rules(of_accounts, kind):
    model, seen = of_accounts
    found, result = Exploration(model, seen), wb.backtest(model, seen)
    assert (found.unit, found.rules, found.tiers) == ("account", (), ("Cool", "Mild", "Keen"))
    own, whole = found.errors(kind), result.errors(kind)
    assert (own.n, own.of, own.apart, own.unit) == (whole.n, whole.of, whole.apart, "account")
    assert own.rules.empty
    names = [found.reveal(name) for name in own.leads["lead_id"]]
    assert own.leads["lead_id"].str.fullmatch(r"anon-account-\d{5}").all()
    assert own.leads["account_id"].tolist() == own.leads["lead_id"].tolist()
    expected = whole.leads.set_index("lead_id").loc[names]
    assert own.leads["ledger"].tolist() == expected["ledger"].tolist()
    assert own.leads["score"].tolist() == expected["score"].tolist()
    assert own.segments["hit_wrong"].sum() == own.n
    assert found.errors(kind, most=3, skip=2).leads["lead_id"].tolist() == own.leads["lead_id"][2:5].tolist()
    assert "account" in own.sentence


def test_accounts_have_no_ledger_and_no_rules_to_filter_by(of_accounts):
    found = Exploration(*of_accounts)
    with pytest.raises(CallError, match="ledger: expected a lead, found an account"):
        found.ledger(found.errors("false_positive", most=1).leads["lead_id"][0])
    with pytest.raises(CallError, match="rule: expected one of none: there are no such filters here"):
        found.errors("false_positive", rule="views")
    bare = wb.parse_model(ACCOUNTS.split("account:")[0])
    with pytest.raises(ModelError, match="account: expected how the scores"):
        Exploration(bare, of_accounts[1])
