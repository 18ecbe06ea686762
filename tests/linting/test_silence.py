from __future__ import annotations

from linting.examples import US, made, more
from linting.past import history, plan
from workbench.linting import lint

NOTHING = more(US, 0)


def silence(code: str, at: str, because: str = "It is kept for the spring.") -> dict[str, object]:
    return {"silence": [{"code": code, "at": at, "because": because}]}


def test_a_silenced_finding_is_listed_with_its_reason() -> None:
    found = lint(made(NOTHING | silence("L171", "two")))
    assert found.findings == ()
    assert found.passed
    assert [(each.finding.code, each.because) for each in found.silenced] == [("L171", "It is kept for the spring.")]
    assert found.headline == "small version 1: no findings; 1 silenced"


def test_another_code_or_place_does_not_silence() -> None:
    found = lint(made(NOTHING | silence("L171", "eu")))
    assert [(each.code, each.at) for each in found.findings] == [("L171", "two"), ("L191", "silence")]
    stale = found.findings[1]
    assert stale.place == "model:1 silence[0]"
    assert stale.remedy == "Remove it, or correct its place: there are such findings at 'two'."
    assert {each.code for each in lint(made(NOTHING | silence("L102", "two"))).findings} == {"L171", "L191"}


def test_an_unknown_code_is_told_with_what_may_be_meant() -> None:
    [stale] = lint(made(silence("L17", "two"))).findings
    assert stale.finding == "The silence at 'two' names L17, which is no code of the lint."
    assert stale.remedy.startswith("Did you mean 'L17")


def test_a_silence_of_a_check_on_data_waits_for_data() -> None:
    model = made(silence("L201", "eu"))
    assert lint(model).findings == ()
    with history() as past:
        codes = [each.code for each in lint(model, past, plan()).findings]
    assert "L191" in codes
