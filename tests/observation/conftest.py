from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from crm import SCORECARD, Frames, crm, load
from strategies import Past, random_past
from vocabulary import MAPPING, OUTCOME

import workbench as wb
from workbench.history import History
from workbench.model import Model


@pytest.fixture(scope="session")
def frames() -> Frames:
    return crm(seed=1)


@pytest.fixture(scope="session")
def history(frames: Frames) -> Iterator[History]:
    with load(frames) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def scorecard() -> Model:
    return wb.parse_model(SCORECARD)


@pytest.fixture(scope="session")
def past() -> Past:
    """A random past in which the outcome occurs once, far ahead, so that everybody is observed."""
    made = random_past(11, 60)
    won = {
        "lead_id": [made.frames["leads"]["lead_id"].iloc[0]],
        "stage": [OUTCOME],
        "at": [pd.Timestamp("2028-12-01", tz="UTC")],
        "amount": [1.0],
    }
    stages = pd.DataFrame(won).astype(made.frames["stages"].dtypes)
    return Past({**made.frames, "stages": stages}, made.age_days)


@pytest.fixture(scope="session")
def past_history(past: Past) -> Iterator[History]:
    with wb.read_history(past.frames, mapping=MAPPING) as loaded:
        yield loaded
