from __future__ import annotations

import argparse
import json
from collections.abc import Callable

import pytest

from workbench.cli import reference as command
from workbench.reference import reference


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What the command prints."""

    def run(*words: str) -> str:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        assert command.run(parser.parse_args(words)) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        return printed.out

    return run


def test_the_page_is_printed_as_it_is(said: Callable[..., str]) -> None:
    assert said() == str(reference())


def test_json_is_one_document(said: Callable[..., str]) -> None:
    assert json.loads(said("--json")) == reference().to_document()
