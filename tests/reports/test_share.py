from __future__ import annotations

from nbformat import from_dict

from workbench.reports.share import fit_to_share


def test_paths_become_names_and_noise_goes():
    streams = [{"output_type": "stream", "name": "stderr", "text": "/home/me/lib.py:1: UserWarning"}]
    injected = {
        "cell_type": "code",
        "metadata": {"tags": ["injected-parameters"]},
        "source": "data = '/home/me/crm'",
        "outputs": streams,
    }
    papermill = {
        "input_path": "/home/me/x.ipynb",
        "output_path": None,
        "environment_variables": {},
        "parameters": {"data": "/home/me/crm", "part": "all"},
    }
    book = from_dict({"metadata": {"papermill": papermill}, "cells": [injected]})
    done = fit_to_share(book, {"data": "/home/me/crm", "part": "all", "mapping": ""})
    assert "/home/me" not in str(done)
    assert done.metadata.papermill.parameters == {"data": "crm", "part": "all", "mapping": ""}
    assert done.cells[0].source == "# Parameters\ndata = 'crm'\npart = 'all'\nmapping = ''"
    assert book.metadata.papermill.input_path == "/home/me/x.ipynb"
