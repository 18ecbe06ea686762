from __future__ import annotations

import pytest

from workbench.errors import CallError
from workbench.widgets.banner import Banner
from workbench.widgets.controls import Controls
from workbench.widgets.queue import Queue

WRONG = CallError.at("here", expected="a", found="b", remedy="C.")


class Desk:
    """A queue that keeps what it is given; the value "bad" is refused."""

    def __init__(self):
        self.controls, self.banner = Controls(), Banner()
        self.taken, self.left = [], []
        self.queue = Queue(self.controls, self.banner, take=self.take, leave=lambda entry: self.left.append(entry["n"]))

    def take(self, entry):
        self.taken.append((entry["n"], self.controls.done))
        if entry.get("value") == "bad":
            raise WRONG
        if entry.get("value") == "stop":
            raise KeyboardInterrupt

    def write(self, *entries):
        self.controls.queue = list(entries)


@pytest.fixture
def desk():
    return Desk()


def edit(n, value=0, *, path="a", settled=True):
    return {"n": n, "path": path, "value": value, "settled": settled}


def test_each_entry_is_taken_once_in_order_and_told_when_it_is_done(desk):
    desk.write(edit(1), edit(3))
    desk.write(edit(3), {"n": 4, "do": "undo", "seen": 1})
    assert desk.taken == [(1, 0), (3, 1), (4, 3)]
    assert desk.controls.done == 4


def test_what_was_passed_on_the_way_is_left_out_but_for_the_last(desk):
    desk.write(edit(1, settled=False), edit(2, path="b"), edit(3, path="c", settled=False))
    assert [n for n, _ in desk.taken] == [2, 3]


def test_a_refusal_stays_until_something_succeeds(desk):
    desk.write(edit(1, "bad"))
    assert (desk.banner.error, desk.controls.done) == (WRONG, 1)
    desk.write(edit(2))
    assert desk.banner.error is None


def test_what_was_asked_for_before_the_refusal_was_seen_is_left_out(desk):
    desk.write(edit(1, "bad"), {"n": 2, "do": "save", "seen": 0})
    desk.write({"n": 3, "do": "save", "seen": 0})
    assert ([n for n, _ in desk.taken], desk.left, desk.banner.error) == ([1], [2, 3], WRONG)
    desk.write({"n": 4, "do": "save", "seen": 3})
    assert (desk.taken[-1][0], desk.banner.error) == (4, None)


def test_an_entry_that_was_interrupted_is_not_taken_again(desk):
    with pytest.raises(KeyboardInterrupt):
        desk.write(edit(1, "stop"))
    assert desk.controls.done == 1


def test_what_the_page_writes_is_not_sent_back_to_it():
    assert Controls().trait_metadata("queue", "echo_update") is False
