"""The error explorer without a page: every filter, page and choice shows what the library says."""

from __future__ import annotations

import dataclasses
import re
import traceback

import pandas as pd
import pytest
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.backtesting.exploration import Exploration
from workbench.errors import CallError, ModelError, Refused
from workbench.widgets import ErrorExplorer
from workbench.widgets.explorer import ANY, NO_HISTORY, PAGE
from workbench.widgets.findings import common_rows, event_rows, lead_rows, ledger_rows, trait_names

PLAN = "{at: 14d, outcome: won, horizon: 40d, segments: [region, industry], cluster: account}"


@pytest.fixture(scope="module")
def model():
    return wb.parse_model(SCORECARD)


@pytest.fixture(scope="module")
def history():
    with load(crm(seed=4, leads=700)) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def seen(history, model):
    return wb.observe(history, model, wb.parse_plan(PLAN))


@pytest.fixture(scope="module")
def exploration(model, seen):
    return Exploration(model, seen)


@pytest.fixture
def explorer(model, seen):
    return ErrorExplorer(model, seen)


@pytest.fixture
def with_history(model, seen, history):
    return ErrorExplorer(model, seen, history)


def fine(explorer):
    """Raise what a callback met."""
    if explorer.banner.error is not None:
        raise explorer.banner.error
    return explorer


# --- filters ----------------------------------------------------------------------------------------------------------


def test_it_opens_on_the_false_positives_of_the_main_tier(explorer, exploration):
    whole = exploration.errors("false_positive")
    assert explorer.status.text == whole.sentence
    assert [row["cells"][0] for row in explorer.table.rows] == whole.leads["lead_id"][:PAGE].tolist()
    assert explorer.chosen == whole.leads["lead_id"][0]
    assert explorer.table.pages == -(-whole.n // PAGE)
    assert explorer.filters["tier"].value == "Warm"
    assert explorer.errors.n == whole.n


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"kind": "false_negative"}, {"kind": "false_negative"}),
        ({"tier": "Hot"}, {"tier": "Hot"}),
        ({"segment": "region", "value": "EU"}, {"segment": ("region", "EU")}),
        ({"segment": "region"}, {}),
        ({"band": "10–14"}, {"band": "10–14"}),
        ({"month": "2025-03"}, {"month": "2025-03"}),
        ({"rule": "pages"}, {"rule": "pages"}),
        (
            {"kind": "false_negative", "segment": "industry", "value": "media", "rule": "silent"},
            {"kind": "false_negative", "segment": ("industry", "media"), "rule": "silent"},
        ),
    ],
)
def test_filters_show_what_the_library_says(explorer, exploration, changes, asked):
    if "band" in changes:
        changes = asked = {"band": exploration.bands[-3]}
    for name, value in changes.items():
        explorer.filters[name].value = value
    fine(explorer)
    kind = asked.get("kind", "false_positive")
    expected = exploration.errors(kind, **{name: value for name, value in asked.items() if name != "kind"}, most=PAGE)
    assert explorer.status.text == expected.sentence
    assert explorer.table.rows == lead_rows(expected)
    assert explorer.errors.leads["lead_id"].tolist() == expected.leads["lead_id"].tolist()
    for row in common_rows(expected):
        assert all(
            cell.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#x27;") in explorer.common_table.value
            for cell in row
        )
    assert explorer.chosen == (expected.leads["lead_id"][0] if expected.n else None)


def test_the_choices_are_those_of_the_exploration(explorer, exploration):
    def values(name):
        return tuple(value for _, value in explorer.filters[name].options if value)

    assert values("kind") == ("false_positive", "false_negative")
    for name, expected in (
        ("tier", exploration.tiers),
        ("band", exploration.bands),
        ("month", exploration.months),
        ("rule", exploration.rules),
    ):
        assert values(name) == expected
    assert values("segment") == ("region", "industry")
    assert (values("value"), explorer.filters["value"].disabled) == ((), True)
    explorer.filters["segment"].value = "industry"
    assert (values("value"), explorer.filters["value"].disabled) == (exploration.segments["industry"], False)
    explorer.filters["segment"].value = ANY
    assert (values("value"), explorer.filters["value"].disabled) == ((), True)


def test_another_field_asks_for_another_value(explorer, exploration):
    explorer.filters["segment"].value = "region"
    explorer.filters["value"].value = "EU"
    explorer.filters["segment"].value = "industry"
    assert fine(explorer).filters["value"].value == ANY
    assert explorer.errors.n == exploration.errors("false_positive").n


def test_everything_has_a_choice_that_is_made(explorer):
    assert all(each.index is not None for each in explorer.filters.values())
    explorer.filters["segment"].value = "region"
    explorer.filters["segment"].value = ANY
    assert [each.label for each in explorer.filters.values()][2:] == ["any", "any", "all", "all", "any or none"]


def test_every_control_has_a_name(explorer):
    names = [each.description for each in explorer.filters.values()]
    assert names == ["Errors", "Tier", "Segment", "Value", "Score band", "Month", "Rule holds"]


# --- pages and choice -------------------------------------------------------------------------------------------------


def test_pages_follow_each_other(explorer, exploration):
    whole = exploration.errors("false_positive").leads["lead_id"].tolist()
    chosen = explorer.chosen
    for page in range(explorer.table.pages):
        explorer.table.page = page
        shown = [row["cells"][0] for row in fine(explorer).table.rows]
        assert shown == whole[page * PAGE : (page + 1) * PAGE]
        assert explorer.table.where.startswith(f"{page * PAGE + 1}–{page * PAGE + len(shown)} of {len(whole)}")
    assert explorer.chosen == chosen
    explorer.filters["tier"].value = "Hot"
    assert explorer.table.page == 0


def test_choosing_a_row_shows_its_ledger(explorer, exploration):
    row = explorer.table.rows[3]
    explorer.table.chosen = row["key"]
    lead = fine(explorer).errors.leads.iloc[3]
    assert explorer.chosen == lead["lead_id"] == row["cells"][0]
    lines = exploration.ledger(explorer.chosen)
    for cell in (cell for line in ledger_rows(lines) for cell in line):
        assert cell.replace("'", "&#x27;") in explorer.ledger_table.value
    assert ledger_rows(lines)[-1][0] == f"{lead['score']:g}"
    assert f"scored {lead['score']:g}" in explorer.ledger.label or f"{lead['score']:g}" in explorer.ledger.label
    assert explorer.heading.value.startswith(
        f"<h4>{explorer.chosen} scored {lead['score']:g} on {lead['as_of']:%Y-%m-%d}"
    )


def test_a_script_can_choose(explorer):
    name = explorer.errors.leads["lead_id"][5]
    explorer.choose(name)
    assert (explorer.chosen, explorer.table.chosen) == (name, explorer.table.rows[5]["key"])
    with pytest.raises(CallError, match="pseudonym: expected a lead of the page that is shown, found 'anon-99999'"):
        explorer.choose("anon-99999")
    assert explorer.chosen == name


def test_nobody_to_show(explorer, exploration):
    explorer.filters["kind"].value = "false_negative"
    explorer.filters["band"].value = exploration.bands[-1]  # everybody in the highest band reached the tier
    assert fine(explorer).errors.n == 0
    assert (explorer.table.rows, explorer.table.chosen, explorer.chosen) == ([], "", None)
    assert "nobody was judged wrongly" in explorer.table.nobody
    assert explorer.heading.value == explorer.ledger_table.value == explorer.ledger.svg == ""
    explorer.filters["band"].value = ANY
    assert fine(explorer).chosen is not None
    assert explorer.ledger.svg


# --- the time line ----------------------------------------------------------------------------------------------------


def test_with_a_history_the_score_is_followed_over_time(with_history, history, model):
    found = fine(with_history).trajectory
    lead = with_history.errors.leads.iloc[0]
    assert found.lead_id == with_history.exploration.reveal(with_history.chosen)
    assert found.scores["score"].iloc[-1] == lead["score"]
    assert with_history.timeline.svg.startswith("<svg")
    own = {row[3] for row in event_rows(found, own=found.lead_id, name=with_history.chosen)}
    assert own <= {with_history.chosen, "a colleague"}
    with_history.table.chosen = with_history.table.rows[4]["key"]
    other = fine(with_history).trajectory
    assert other.lead_id != found.lead_id
    assert wb.explain(model, history, lead_id=other.lead_id, as_of=other.as_of).score == other.scores["score"].iloc[-1]


def test_the_outcome_is_on_the_time_line_of_one_who_converted(with_history):
    with_history.filters["kind"].value = "false_negative"
    lead = fine(with_history).errors.leads.iloc[0]
    days = int(lead["days"])
    assert f"outcome on day {days}" in with_history.timeline.label
    assert f"converted {days} day" in with_history.heading.value


def test_without_a_history_a_sentence_says_how(explorer):
    assert explorer.trajectory is None
    assert NO_HISTORY.split(":")[0] in explorer.timeline_table.value
    assert explorer.timeline.svg == ""


def test_a_history_that_is_closed_is_told_on_the_banner(model, seen):
    with load(crm(seed=4, leads=700)) as opened:
        explorer = ErrorExplorer(model, seen, opened)
    explorer.table.chosen = explorer.table.rows[1]["key"]
    with pytest.raises(CallError, match=r"history: expected an open history.*Close it only when you are done"):
        fine(explorer)
    assert 'role="alert"' in explorer.banner.value
    assert explorer.timeline.svg == explorer.timeline_table.value == ""  # not that of the lead before
    assert explorer.chosen == explorer.errors.leads["lead_id"][1]
    explorer.filters["tier"].value = explorer.filters["tier"].options[-1][1]


def test_another_history_is_refused_at_once(model, seen):
    with load(crm(seed=4, leads=60)) as other:
        words = (
            f"fingerprint {seen.data['fingerprint']}, found one with fingerprint {other.fingerprint}. Pass the history"
        )
        with pytest.raises(CallError, match=words):
            ErrorExplorer(model, seen, other)


class Raising:
    """What stands in for a history's engine, and answers with an error that names leads."""

    def __init__(self, error):
        self.error = error

    def __getattr__(self, name):
        raise self.error


def no_such_lead(own):
    return CallError.at("lead_id", expected="a lead", found=repr(own), remedy="Did you mean 'L00001'?")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (no_such_lead, "the history is not the one observed"),
        (lambda own: Refused(f"{own} and L00001"), "the history is not the one observed"),
        (lambda own: RuntimeError(f"lead_id = '{own}' OR 'L00001'"), r"an open history.*\(RuntimeError\)"),
    ],
)
def test_no_error_names_a_lead(model, seen, history, error, words):
    explorer = ErrorExplorer(model, seen, history)
    row = explorer.table.rows[1]
    own = explorer.exploration.reveal(row["cells"][0])
    explorer.history = dataclasses.replace(history, engine=Raising(error(own)))
    explorer.table.chosen = row["key"]
    said = explorer.banner.error
    assert explorer.error is said
    assert isinstance(said, CallError)
    assert re.search(words, explorer.banner.value)
    assert row["cells"][0] in explorer.banner.value
    assert not re.search(r"\bL\d{5}\b", explorer.banner.value + "".join(traceback.format_exception(said)))
    assert explorer.timeline.svg == explorer.timeline_table.value == ""


def test_what_a_model_asks_too_much_is_told_as_it_is(model, seen, history, monkeypatch):
    explorer = ErrorExplorer(model, seen, history)

    def refuse(*_, **__):
        raise ModelError.at("rules.x", expected="a field", found="'shoe size'", remedy="Use another.")

    monkeypatch.setattr("workbench.widgets.explorer.trajectory", refuse)
    explorer.table.chosen = explorer.table.rows[1]["key"]
    assert "shoe size" in explorer.banner.value


def test_identifiers_are_nowhere_on_the_page(with_history, seen):
    parts = [with_history.heading, with_history.ledger_table, with_history.timeline_table, with_history.common_table]
    shown = " ".join(each.value for each in parts)
    shown += (
        with_history.timeline.svg + with_history.ledger.svg + with_history.common.svg + str(with_history.table.rows)
    )
    shown += with_history.to_html()
    assert set(re.findall(r"\bL\d{5}\b", shown)) == set()
    assert set(re.findall(r"\bA\d+\b", shown)) & set(seen.subjects.account_id) == set()


# --- what it leaves behind --------------------------------------------------------------------------------------------


def test_without_a_front_end_there_are_plain_tables(explorer):
    html = explorer.to_html()
    assert not re.search(r"<(svg|style|script|link)|class=", html)
    assert explorer.status.text in html
    assert html.count("<table>") == 3
    for row in explorer.table.rows:
        assert all(cell.replace("'", "&#x27;") in html for cell in row["cells"])
    assert explorer.chosen in html


def test_text_of_models_and_data_is_never_markup(history):
    text = SCORECARD.replace("Seniors sign.", "<script>x</script>").replace("name: scorecard", "name: <b>card</b>")
    model = wb.parse_model(text)
    seen = wb.observe(history, model, wb.parse_plan(PLAN))
    explorer = ErrorExplorer(model, seen)
    for each in explorer.table.rows:
        explorer.table.chosen = each["key"]
        if "&lt;script" in explorer.ledger_table.value:
            break
    assert "&lt;script&gt;x" in explorer.ledger_table.value
    pages = [explorer.ledger_table.value, explorer.common_table.value, explorer.to_html()]
    pages += [child.value for child in explorer.children if hasattr(child, "value") and "<style>" not in child.value]
    assert not any("<script" in page or "<b>" in page for page in pages)


# --- other models -----------------------------------------------------------------------------------------------------


def test_a_model_without_tiers_stands_on_a_threshold(model, seen):
    bare = wb.change_model(model, {"tiers": [], "gates": []})
    explorer = ErrorExplorer(bare, seen)
    cut = explorer.exploration.threshold
    assert explorer.filters["tier"].options == ((f"score ≥ {cut:g}", ANY),)
    assert f"reached score ≥ {cut:g} did not convert" in explorer.status.text


def test_accounts_have_the_scores_of_their_leads(history):
    account = "account: {roll_up: max, tiers: [{name: Mild, from: 0}, {name: Keen, from: 12}]}\n"
    model = wb.parse_model(SCORECARD + account)
    plan = wb.parse_plan("{unit: account, at: 14d, outcome: won, horizon: 40d, segments: [industry]}")
    explorer = ErrorExplorer(model, wb.observe(history, model, plan), history)
    assert " accounts that reached Keen did not convert." in fine(explorer).status.text
    assert explorer.table.rows[0]["cells"][-1].startswith("max of ")
    assert "max of " in explorer.ledger_table.value
    assert (explorer.trajectory, explorer.ledger.svg) == (None, "")
    explorer.table.chosen = explorer.table.rows[1]["key"]
    assert fine(explorer).chosen == explorer.errors.leads["lead_id"][1]
    assert "max of " in explorer.to_html()


def test_parts_are_as_given(model, history):
    seen = wb.observe(history, model, wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, split: {by: account}}"))
    assert ErrorExplorer(model, seen, part="train").exploration.part == "train"
    with pytest.raises(CallError, match="found 'test', which is sealed"):
        ErrorExplorer(model, seen, part="test")


def test_names_of_cases_are_told_apart_where_there_are_several():
    common = pd.DataFrame(
        {"rule": ["title", "title", "ebook", "segment: region"], "case": ["chief", "vp", "1 x form", "EU"]}
    )
    assert trait_names(common) == ["title: chief", "title: vp", "ebook", "region: EU"]


def test_an_error_in_a_callback_is_shown_and_goes_with_the_next_success(explorer, monkeypatch):
    def broken(*args, **kwargs):
        raise Refused("not today")

    with monkeypatch.context() as patched:
        patched.setattr(explorer.exploration, "errors", broken)
        explorer.filters["tier"].value = "Hot"
    assert "not today" in explorer.banner.value
    explorer.filters["tier"].value = "Warm"
    assert fine(explorer).banner.value == ""
