from __future__ import annotations

from pathlib import Path

import pytest

from workbench import shipped as module
from workbench.errors import CallError
from workbench.shipped import shipped

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["notebooks", "reports", "data/sample"])
def test_a_checkout_has_them_at_its_top(name: str) -> None:
    assert shipped(name) == ROOT / name


def test_an_installed_package_has_them_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "workbench"
    (package / "share" / "data" / "sample").mkdir(parents=True)
    (package.parent / "notebooks").mkdir()
    monkeypatch.setattr(module, "_PACKAGE", package)
    assert shipped("data/sample") == package / "share" / "data" / "sample"
    with pytest.raises(CallError, match=r"expected the folder 'notebooks'.*Install the package again"):
        shipped("notebooks")
