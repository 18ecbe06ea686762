from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: its threads wait for each other

import pytest

CHROMIUM = Path(os.environ.get("WORKBENCH_CHROMIUM", "/usr/bin/chromium"))


def not_here(message: str) -> NoReturn:
    """Skip the test for what a user's machine may lack; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that lies outside the repository; the tests that need it skip without it, except in CI."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        not_here(f"real data is not there: {folder}")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium (Playwright's Browser)."""
    try:
        from playwright.sync_api import sync_playwright  # the tests that need no browser run without it
    except ImportError:
        not_here("playwright is not there: pip install -e '.[test]'")
    if not CHROMIUM.exists():
        not_here(f"{CHROMIUM} is not there: install Debian's chromium, or name another in WORKBENCH_CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield running
        running.close()
