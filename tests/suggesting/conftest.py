from __future__ import annotations

import pytest

from workbench.suggesting import Constraints, tune

from .planted import model, observed


@pytest.fixture(scope="package")
def seen():
    return observed(3, 4000)


@pytest.fixture(scope="package")
def suggestion(seen):
    return tune(model(), seen, constraints=Constraints(range=(-12, 12)), max_changes=3, seconds=None)
