"""The comparer without a page: what it shows is what the library says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.errors import CallError
from workbench.model import Model
from workbench.observation import Observations
from workbench.widgets import Comparer
from workbench.widgets.wording import figure

ROOT = Path(__file__).parents[2]
KINDS = ["distribution", "bands", "gains", "thresholds"]


@pytest.fixture(scope="module")
def champion() -> Model:
    return wb.read_model(ROOT / "notebooks" / "models" / "champion.yaml")


@pytest.fixture(scope="module")
def challenger() -> Model:
    return wb.read_model(ROOT / "notebooks" / "models" / "challenger.yaml")


@pytest.fixture(scope="module")
def seen(champion: Model, challenger: Model) -> Observations:
    plan = wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml")
    with wb.read_history(ROOT / "data" / "sample") as history:
        return wb.observe(history, [champion, challenger], plan)


@pytest.fixture
def comparer(champion: Model, challenger: Model, seen: Observations) -> Comparer:
    return Comparer(champion, challenger, seen)


def shown(comparer: Comparer, name: str, column: str) -> str:
    """A figure as the page has it."""
    found = re.search(rf'data-figure="{name}" data-column="{column}">([^<]*)</td>', comparer.figures.value)
    assert found is not None
    return found[1]


def test_it_begins_with_the_part_that_a_backtest_judges(comparer: Comparer, seen: Observations) -> None:
    assert comparer.part == seen.default_part == "validation"
    assert comparer.switch.options == ("train", "validation")
    assert comparer.error is None
    assert {"wb", "wb-comparer"} <= set(comparer._dom_classes)


@pytest.mark.parametrize("part", ["train", "validation"])
def test_the_figures_are_those_of_each_models_backtest(
    champion: Model, challenger: Model, seen: Observations, part: str
) -> None:
    comparer = Comparer(champion, challenger, seen, part=part)
    for column, model in (("champion", champion), ("candidate", challenger)):
        result = wb.backtest(model, seen, part=part)
        assert shown(comparer, "auc", column) == figure(result.value("auc"), "score")
        assert shown(comparer, "lift_10", column) == figure(result.value("lift_10"), "ratio")
        tiers = result.tiers.set_index("tier")
        reached = int(tiers.loc[["MQL", "PQL", "SQL"], "n"].sum())
        assert shown(comparer, "leads", column) == f"{reached:,}"
        assert f"{reached} in place of" in comparer.verdict.value or f"in place of {reached})" in comparer.verdict.value


def test_the_verdict_comes_first_and_says_what_the_figures_say(comparer: Comparer) -> None:
    line = comparer.changes.query("part == 'validation' and figure == 'auc'").iloc[0]
    assert line["low"] > 0
    assert 'role="status" data-verdict="better"' in comparer.verdict.value
    sentences = re.findall(r"<p>(.*?)</p>", comparer.verdict.value)
    assert sentences[0].startswith("Better: the candidate ranks the validation leads better than the champion")
    assert sentences[1].startswith("In MQL and above, sales would see ")
    assert sentences[2].endswith(" stay.")
    places = [comparer.children.index(each) for each in (comparer.verdict, comparer.figures, comparer.moved)]
    assert places == sorted(places)


def test_another_part_is_another_verdict_other_figures_and_other_pictures(comparer: Comparer) -> None:
    before = [comparer.verdict.value, comparer.figures.value, comparer.moved.value]
    drawn = {kind: picture.svg for kind, picture in comparer.pictures.items()}
    assert list(drawn) == KINDS
    comparer.part = "train"
    assert comparer.error is None
    after = [comparer.verdict.value, comparer.figures.value, comparer.moved.value]
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert all(comparer.pictures[kind].svg != drawn[kind] for kind in KINDS)
    comparer.switch.value = "validation"
    assert [comparer.verdict.value, comparer.figures.value, comparer.moved.value] == before
    assert {kind: picture.svg for kind, picture in comparer.pictures.items()} == drawn


def test_the_champion_is_in_every_picture(comparer: Comparer, champion: Model, seen: Observations) -> None:
    itself = Comparer(champion, champion, seen)
    for kind in KINDS:
        assert "champion" in comparer.pictures[kind].svg
        assert comparer.pictures[kind].label
        assert comparer.pictures[kind].svg != itself.pictures[kind].svg


def test_everybody_of_the_part_is_in_the_table_of_moves(comparer: Comparer, seen: Observations) -> None:
    rows = seen.rows("validation")
    assert comparer.moves()["n"].sum() == rows.stop - rows.start
    train = seen.rows("train")
    assert comparer.moves("train")["n"].sum() == train.stop - train.start
    assert comparer.moves() is comparer.moves("validation")
    total = re.search(r'data-from="all" data-to="all">([\d,]+)<', comparer.moved.value)
    assert total is not None
    assert total[1] == f"{rows.stop - rows.start:,}"


def test_a_model_beside_itself(champion: Model, seen: Observations) -> None:
    same = Comparer(champion, champion, seen)
    assert 'data-verdict="same"' in same.verdict.value
    assert "The same: both rank the validation leads alike" in same.verdict.value
    assert "Nobody changes tier." in same.verdict.value
    assert "nothing differs." in same.children[-1].value


def test_a_candidate_without_tiers_is_compared_by_its_ranking(champion: Model, seen: Observations) -> None:
    bare = Comparer(champion, wb.change_model(champion, {"tiers": [], "gates": []}), seen)
    assert len(re.findall(r"<p>", bare.verdict.value)) == 1
    assert set(bare.moves()["candidate_tier"]) == {"no tier"}


def test_accounts_are_called_accounts() -> None:
    rolled = "account: {roll_up: sum, tiers: [{name: Cool, from: 0}, {name: Keen, from: 30}]}\n"
    old = wb.parse_model(SCORECARD + rolled)
    new = wb.change_model(old, {"rules.title.default": 4, "version": 2})
    with load(crm(seed=4, leads=500)) as history:
        seen = wb.observe(history, [old], wb.parse_plan("{unit: account, at: 14d, outcome: won, horizon: 40d}"))
    comparer = Comparer(old, new, seen)
    assert comparer.part == "all"
    assert "In Keen, sales would see " in comparer.verdict.value
    assert "accounts" in comparer.verdict.value
    assert "leads" not in comparer.verdict.value
    assert "across; accounts" in comparer.moved.value


@pytest.mark.parametrize("part", ["test", "all", "holdout"])
def test_a_part_that_may_not_be_looked_at(champion: Model, seen: Observations, part: str) -> None:
    with pytest.raises(CallError, match="expected one of train, validation"):
        Comparer(champion, champion, seen, part=part)
    comparer = Comparer(champion, champion, seen)
    with pytest.raises(CallError, match="expected one of train, validation"):
        comparer.part = part
    assert comparer.part == "validation"


def test_an_error_is_shown_and_goes_when_it_works_again(comparer: Comparer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("no <leads>")

    with monkeypatch.context() as patched:
        patched.setattr("workbench.widgets.comparer.moves", broken)
        comparer.part = "train"
    assert isinstance(comparer.error, ZeroDivisionError)
    assert "no &lt;leads&gt;" in comparer.banner.value
    comparer.part = "validation"
    assert comparer.error is None
    assert comparer.banner.value == ""


def test_without_a_front_end_there_are_plain_tables_and_images(comparer: Comparer) -> None:
    html = comparer.to_html()
    assert html.count("<table") == 3
    assert html.count("<img alt=") == len(KINDS)
    for stripped in ("<svg", "<style", "<script", "class="):
        assert stripped not in html.replace('class="wb-headline"', "").replace('class="wb-muted"', "")
    assert "Better: the candidate ranks the validation leads better" in html


def test_names_are_text(champion: Model, seen: Observations) -> None:
    named = wb.change_model(champion, {"name": "<img src=x>", "tiers.MQL.then": "<b>call</b>"})
    comparer = Comparer(champion, named, seen)
    pages = [each.value for each in comparer.children if hasattr(each, "value")]
    for html in (*map(str, pages), comparer.to_html()):
        assert "<img src=x" not in html
        assert "<b>" not in html
