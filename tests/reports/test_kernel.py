from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from nbformat import v4

import workbench
from workbench.errors import CallError, DataError, ModelError, Refused, WorkbenchError
from workbench.reports.kernel import run_notebook


def book(*sources, parameters='name: str = "nobody"'):
    cells = [v4.new_code_cell(source) for source in (parameters, *sources)]
    cells[0].metadata["tags"] = ["parameters"]
    meta = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return v4.new_notebook(cells=cells, metadata=meta)


def printed(done):
    return "".join(each.text for cell in done.cells for each in cell.outputs if each.output_type == "stream")


def test_parameters_reach_the_cells_and_code_in_values_stays_text():
    evil = '\'); import os; os.abort() #\n"""{name}\\'
    done = run_notebook(book("print(name)"), {"name": evil})
    assert printed(done) == evil + "\n"


def test_the_kernel_is_this_python_with_this_package_and_leaves_nothing_behind(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    source = "import sys, json, workbench; print(sys.executable, workbench.__file__)"
    assert printed(run_notebook(book(source), {})).split() == [sys.executable, workbench.__file__]
    assert [each.name for each in tmp_path.iterdir()] == ["json.py"]


@pytest.mark.parametrize("name", ["unknown", "name=1; import os; y", "__name__"])
def test_names_become_code_so_only_known_ones_pass(name):
    with pytest.raises(CallError, match=r"parameters: expected names of the notebook: 'name'"):
        run_notebook(book(), {name: "x"})


def test_values_are_texts():
    with pytest.raises(CallError, match=r"parameter name: expected str, found int"):
        run_notebook(book(), {"name": 3})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("import sys; sys.exit(0)", WorkbenchError, "did not run to its end|stopped"),
        ("1 / 0", WorkbenchError, "ZeroDivisionError: division by zero"),
        (
            "from workbench.errors import *\nraise DataError.at('row 3', expected='a. b', found='c. d', remedy='Fix.')",
            DataError,
            r"^row 3: expected a\. b, found c\. d\. Fix\.$",
        ),
        (
            "from workbench.errors import *\nraise ModelError(Problem('a','b','c','D.'), Problem('e','f','g','H.'))",
            ModelError,
            r"a: expected b, found c\. D\.\ne: expected f, found g\. H\.",
        ),
        ("from workbench.errors import Refused\nraise Refused('no', 'nor this')", Refused, "no\nnor this"),
    ],
)
def test_a_notebook_that_does_not_come_to_its_end_is_an_error(source, error, message):
    with pytest.raises(error, match=message) as caught:
        run_notebook(book(source, "print('after')"), {})
    assert type(caught.value) is error


def test_a_kernel_that_dies_is_an_error():
    with pytest.raises(WorkbenchError, match="kernel stopped before the end"):
        run_notebook(book("import os; os._exit(1)"), {})


def test_sockets_are_gone_afterwards(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="k") as own:  # short: the path of a socket has little room
        monkeypatch.setattr(tempfile, "tempdir", own)
        run_notebook(book(), {})
        assert not list(Path(own).glob("wb-*"))
