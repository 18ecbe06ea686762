from __future__ import annotations

import copy

import matplotlib as mpl
import pytest

from .samples import backtest, errors


@pytest.fixture(scope="session")
def _made():
    return backtest(), errors()


@pytest.fixture
def result(_made):
    return copy.deepcopy(_made[0])


@pytest.fixture
def wrong(_made):
    return copy.deepcopy(_made[1])


@pytest.fixture(autouse=True)
def _settings_stay_as_they_are():
    before = dict(mpl.rcParams)
    yield
    assert dict(mpl.rcParams) == before
