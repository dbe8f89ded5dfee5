"""A real JupyterLab in a real Chromium, cut off from every network but this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

ROOT = Path(__file__).parents[2]
PATIENCE = 90_000
"""How long anything may take, in ms; the machine may be busy."""

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}
_RUN_ALL = """async (patience) => {
    const run = async () => {
        const app = window.jupyterapp;
        await app.restored;
        const panel = app.shell.currentWidget;
        await panel.revealed;
        await panel.sessionContext.ready;
        await app.commands.execute('notebook:run-all-cells');
    };
    const late = new Promise((_, reject) =>
        setTimeout(() => reject(new Error('the cells did not finish in time')), patience));
    await Promise.race([run(), late]);
}"""


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, _CHROMIUMS)), None)


@contextmanager
def running_lab(folder: Path, app: str = "jupyterlab") -> Iterator[str]:
    """Serve a folder by JupyterLab or Notebook; the address comes back when it answers."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    private = folder / f".{app}"
    _write_settings(private / "settings")
    log = private / "lab.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            _command(app, port, folder, private),
            cwd=folder,
            env=_environment(private),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_up(server, f"{url}/api/status", log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextmanager
def running_chromium(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


class Visit:
    """One page with a notebook, and all that went wrong on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self._on_request)

    def run(self, notebook: str, place: str = "lab/tree") -> None:
        """Open a notebook and run all of its cells, none of which may fail."""
        self.page.goto(f"{self.url}/{place}/{notebook}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext")
        self.page.evaluate(_RUN_ALL, PATIENCE)
        assert self.cell_errors() == []

    def command(self, name: str, **arguments: str) -> None:
        """Run a command of JupyterLab's."""
        script = "([name, options]) => window.jupyterapp.commands.execute(name, options)"
        self.page.evaluate(script, [name, arguments])

    def cell_errors(self) -> list[str]:
        """Return what cells wrote to the error stream, or raised."""
        selector = '[data-mime-type$="stderr"], [data-mime-type$="error"]'
        return self.page.locator(selector).all_inner_texts()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _on_request(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            self.strangers.append(route.request.url)
            route.abort()


def _command(app: str, port: int, folder: Path, private: Path) -> list[str]:
    settled = [
        "--LabApp.extension_manager=readonly",
        f"--LabApp.user_settings_dir={private / 'settings'}",
        f"--LabApp.workspaces_dir={private / 'workspaces'}",
    ]
    return [
        sys.executable,
        "-m",
        app,
        "--no-browser",
        "--allow-root",
        "--expose-app-in-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
        *(settled if app == "jupyterlab" else []),
    ]


def _environment(private: Path) -> dict[str, str]:
    """Keep what a person has set up for Jupyter out of it, and find the package anywhere."""
    own = {
        "JUPYTER_CONFIG_DIR": private / "config",
        "JUPYTER_DATA_DIR": private / "data",
        "JUPYTER_RUNTIME_DIR": private / "runtime",
        "IPYTHONDIR": private / "ipython",
        "PYTHONPATH": ROOT,
    }
    return os.environ | {name: str(value) for name, value in own.items()}


def _write_settings(folder: Path) -> None:
    for name, values in _SETTINGS.items():
        file = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    message = f"JupyterLab did not start:\n{log.read_text(errors='replace')[-2000:]}"
    raise RuntimeError(message)
