"""All that is asked of a tuner, in the order in which it was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workbench.widgets.banner import Banner
from workbench.widgets.controls import Controls

Entry = Mapping[str, Any]


class Queue:
    """Takes the entries that the page keeps in `Controls.queue`, each once and in order, and says which are done.

    Messages of a page overtake each other: a value waits while another is on its way, a click does not. So edits and
    clicks go through one value that holds all of them until they are done.

    An entry that asks for something (`do`) is left out if an edit before it failed and the page had not shown that as
    yet when the hand went to the button (`seen`: the last entry that was done by then): whoever asked meant another
    model.

    Args:
        controls: where the entries come from.
        banner: shows what went wrong, and is cleared by what succeeds.
        take: does what an entry says.
        leave: called with an entry that is left out.
    """

    def __init__(
        self, controls: Controls, banner: Banner, *, take: Callable[[Entry], None], leave: Callable[[Entry], None]
    ) -> None:
        self._controls, self._banner = controls, banner
        self._take, self._leave = take, leave
        self._failed = 0
        controls.observe(lambda found: self._answer(found["new"]), "queue")

    def _answer(self, entries: list[Entry]) -> None:
        waiting = [entry for entry in entries if int(entry["n"]) > self._controls.done]
        for entry in waiting:
            try:
                if "do" in entry or entry.get("settled") or entry is waiting[-1]:  # what was passed on the way is over
                    self._one(entry)
            finally:
                self._controls.done = int(entry["n"])

    def _one(self, entry: Entry) -> None:
        if "do" in entry and self._failed > int(entry.get("seen", self._failed)):
            self._leave(entry)
            return
        try:
            self._take(entry)
        except Exception as error:  # noqa: BLE001  (nothing else would show it)
            if "do" not in entry:
                self._failed = int(entry["n"])
            self._banner.show(error)
        else:
            self._banner.clear()
