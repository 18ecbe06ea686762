"""JupyterLab as `workbench lab` starts it: in a folder of its own, away from the user's settings, ended for certain."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
START_S: Final = 90
STOP_S: Final = 15

_SETTINGS: Final = {
    "docmanager-extension/plugin": {"autosave": False},  # it would write outputs into the notebook under test
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},  # else cells out of sight are not in the page
}
_SERVER: Final = {
    # A run that was killed never comes to its end: what it left behind goes away by itself.
    "MappingKernelManager": {"cull_idle_timeout": 300, "cull_connected": True, "cull_interval": 60},
    "ServerApp": {"shutdown_no_activity_timeout": 600},
}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab.

    Attributes:
        folder: where `workbench lab` put the notebooks.
        url: ends in a slash.
        token: opens it.
        log: what the server and its kernels wrote.
        address: what the server opens in the user's browser.
    """

    folder: Path
    url: str
    token: str
    log: Path
    address: str

    def ask(self, path: str, method: str = "GET") -> object:
        """What the server's own interface answers."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def kernels(self) -> list[str]:
        """The ids of the kernels that run."""
        return [str(each["id"]) for each in self.ask("api/kernels")]  # type: ignore[attr-defined]


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """Run `workbench lab` on a folder until the block ends; all its kernels end with it."""
    private = Path(tempfile.mkdtemp(prefix="wb"))  # short: the kernels' sockets lie below it
    token = secrets.token_hex(16)
    log = private / "log.txt"
    command = [sys.executable, "-m", "workbench", "lab", "--no-browser", "--allow-root", "--port", "0", str(folder)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env=_environment(private, token), cwd=ROOT, start_new_session=True
        )
    lab = None
    try:
        lab = _found(private / "runtime", process, folder, token, log)
        yield lab
    finally:
        _end(process, lab)
        shutil.rmtree(private, ignore_errors=True)


def _environment(private: Path, token: str) -> dict[str, str]:
    """Every folder that Jupyter, IPython and matplotlib would look for in the user's home."""
    for name, content in _SETTINGS.items():
        file = private / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content))
    (private / "config").mkdir()
    (private / "config" / "jupyter_server_config.json").write_text(json.dumps(_SERVER))
    (private / "config" / "jupyter_lab_config.json").write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST"))}
    return {
        **kept,
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
        "IPYTHONDIR": str(private / "ipython"),
        "MPLCONFIGDIR": str(private / "matplotlib"),
        "JUPYTER_TOKEN": token,
        "PYTHONUNBUFFERED": "1",
    }


def _found(runtime: Path, process: subprocess.Popen[bytes], folder: Path, token: str, log: Path) -> Lab:
    """Wait until the server says where it listens, and answers."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        for file in runtime.glob("jpserver-*.json"):
            try:
                url = str(json.loads(file.read_text())["url"])
                lab = Lab(folder, url, token, log, _address(runtime))
                lab.ask("api/status")
            except (ValueError, KeyError, OSError):
                continue  # not written, or not listening, as yet
            return lab
        time.sleep(0.2)
    raise AssertionError(f"workbench lab did not start:\n{log.read_text(errors='replace')}")


def _address(runtime: Path) -> str:
    """The page that the server would open, from the file that leads the browser there; empty without one."""
    for file in runtime.glob("jpserver-*-open.html"):
        text = file.read_text()
        return text.partition('href="')[2].partition('"')[0]
    return ""


def _end(process: subprocess.Popen[bytes], lab: Lab | None) -> None:
    """Ask the server to end, which ends its kernels; then make certain."""
    if lab is not None:
        try:
            lab.ask("api/shutdown", "POST")
            process.wait(STOP_S)
        except (urllib.error.URLError, OSError, subprocess.TimeoutExpired):
            pass
    for sent in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, sent)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                continue
