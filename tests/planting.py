"""How a fault is planted: one function of the workbench is replaced by one that is wrong in one way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


@dataclass(frozen=True)
class Fault:
    """A fault.

    Attributes:
        name: what is wrong.
        plant: puts it into the workbench.
        concerns: patterns of what a model must say, as JSON, to be able to show it.
    """

    name: str
    plant: Plant
    concerns: tuple[str, ...]


def noting(faults: list[Fault]) -> Callable[..., Callable[[Plant], Plant]]:
    """A decorator `fault(name, *concerns)` that adds what it decorates to a list of faults."""

    def fault(name: str, *concerns: str) -> Callable[[Plant], Plant]:
        def note(plant: Plant) -> Plant:
            faults.append(Fault(name, plant, concerns))
            return plant

        return note

    return fault


def everywhere(patch: Patch, original: Any, wrong: Any) -> None:
    """Put a function in the place of another, in every module that has imported it."""
    found = 0
    for name, module in list(sys.modules.items()):
        if name.startswith("workbench") and getattr(module, original.__name__, None) is original:
            patch.setattr(module, original.__name__, wrong)
            found += 1
    assert found
