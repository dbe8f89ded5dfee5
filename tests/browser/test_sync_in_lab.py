from __future__ import annotations

import json
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser.lab import PATIENCE, Visit, running_lab
from drift_analysis.demo import Demo, made, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

TOKEN = "canary-9b1d-not-a-real-token"  # invented
N = 40
MAKE = """
import asyncio, gc, logging, os, pickle, sys
import drift_analysis as da

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
client = da.DriftClient(base_url="{url}", requests_per_second={rate})
client
"""
SYNC = "done = da.sync(client, '{archive}', progress=True)\nprint(done)"
HOSTILE = [
    "print(vars(client), [getattr(client, name) for name in dir(client) if name[:2] != '__'])",
    "%whos",
    "client?",
    "%xmode Verbose",
    "client.fetch_messages(987654)",
    "%xmode Context",
    "da.DriftClient(os.environ['DRIFT_TOKEN'], base_url='http://elsewhere.example')",
    # What a debugger shows after an error: the variables of every frame.
    "frame = sys.last_value.__traceback__\n"
    "while frame:\n"
    "    if 'drift_analysis' in frame.tb_frame.f_code.co_filename:\n"
    "        print(frame.tb_frame.f_locals)\n"
    "    frame = frame.tb_next",
    "pickle.dumps(client)",
    # Nobody looks at the error of the task; asyncio then logs it.
    "task = asyncio.ensure_future(asyncio.to_thread(client.fetch_messages, 987654))\n"
    "await asyncio.sleep(0.5)\n"
    "del task\n"
    "gc.collect()",
]


@pytest.fixture(scope="module")
def demo() -> Demo:
    demo = made(N)
    demo.token = TOKEN
    return demo


@pytest.fixture(scope="module")
def drift(demo: Demo) -> Iterator[str]:
    with serving(demo) as url:
        yield url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DRIFT_TOKEN", TOKEN)
        with running_lab(folder) as url:
            yield url


@pytest.fixture
def visit(browser: Browser, lab: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    visit = Visit(context.new_page(), lab)
    yield visit
    context.close()
    assert visit.strangers == []


def write(path: Path, *cells: str) -> None:
    """Write a notebook whose cells may fail."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made_of: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {"tags": ["raises-exception"]},
            "outputs": [],
            "source": cell,
        }
        for number, cell in enumerate(cells)
    ]
    about = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps({**about, "cells": made_of}), "utf-8")


def outputs(path: Path) -> list[str]:
    """Return what stands in a saved notebook as output of each cell, as text without colours."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [re.sub(r"\x1b\[[0-9;]*m", "", str(cell["outputs"])) for cell in cells]


def start(visit: Visit, notebook: str) -> None:
    """Open a notebook and let its cells run, without waiting for them."""
    page = visit.page
    page.goto(f"{visit.url}/lab/tree/{notebook}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext")
    page.evaluate(
        """async () => {
            await window.jupyterapp.restored;
            const panel = window.jupyterapp.shell.currentWidget;
            await panel.revealed;
            await panel.sessionContext.ready;
            window.jupyterapp.commands.execute('notebook:run-all-cells');
        }"""
    )


def saved(visit: Visit, path: Path) -> list[str]:
    """Save a notebook, and return its outputs."""
    visit.command("docmanager:save")
    return outputs(path)


def test_a_notebook_never_holds_the_token(visit: Visit, drift: str, folder: Path) -> None:
    notebook = folder / "secret.ipynb"
    write(
        notebook,
        MAKE.format(url=drift, rate=5000),
        *HOSTILE,
        SYNC.format(archive="secret"),
        "print('the end')",
    )
    start(visit, notebook.name)
    expect(visit.page.get_by_text("the end", exact=True)).to_be_visible()

    shown = saved(visit, notebook)
    visible = visit.page.locator(".jp-Notebook").inner_text()

    assert "DriftClient(base_url=" in shown[0]
    assert "Secret(hidden)" in shown[1] or "httpx" in shown[1]
    assert "Drift answered 404" in shown[5]
    assert "base_url is not where a token may be sent." in shown[7]
    assert "DriftClient(base_url=" in shown[8]
    assert "cannot be pickled or copied" in shown[9]
    assert "Drift answered 404" in shown[10]
    assert "widget-view" in shown[11]
    assert f"conversations={N}" in shown[11]
    assert "GET /conversations/list page 1: good" in shown[11]
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert notebook in files
    assert folder / "secret" / "archive.json" in files
    assert folder / "secret" / "_sync" / "state.json" in files
    assert TOKEN not in visible
    assert [path for path, content in files.items() if TOKEN.encode() in content] == []


def followed(visit: Visit, demo: Demo, until: int) -> tuple[list[str], list[float]]:
    """Watch a bar until so many requests were made: what it says, and its width in percent."""
    said: list[str] = []
    widths: list[float] = []
    page, deadline = visit.page, time.monotonic() + PATIENCE / 1000
    bars = page.locator(".jp-OutputArea .widget-hprogress .progress-bar")
    while len(demo.asked) < until and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        if bars.count():
            widths.append(float(bars.last.evaluate("bar => parseFloat(bar.style.width)")))
            label = page.locator(".jp-OutputArea .widget-html").last.inner_text()
            said.append(label.replace("\u2007", " "))
    return said, widths


def test_a_bar_moves_can_be_stopped_and_goes_on(
    visit: Visit, drift: str, folder: Path, demo: Demo
) -> None:
    notebook = folder / "progress.ipynb"
    quiet = "import drift_analysis as da\n"
    quiet += f"client = da.DriftClient(base_url={drift!r}, requests_per_second=15)"
    write(notebook, quiet, SYNC.format(archive="progress"))
    begin = len(demo.asked)

    start(visit, notebook.name)
    said, widths = followed(visit, demo, begin + N)
    visit.command("notebook:interrupt-kernel")

    stopped = visit.page.locator(".jp-OutputArea").get_by_text("The sync of 'progress' was stopped")
    expect(stopped.first).to_be_visible()
    assert "Try: the same sync again; it goes on from there." in "".join(saved(visit, notebook))
    rate = re.compile(rf" \d+/{N} \[\d\d:\d\d<\d\d:\d\d, +\d\S* conversations/s\]")
    assert [text for text in said if rate.search(text)]
    assert widths == sorted(widths)
    assert 0 < widths[-1] < 100
    assert len(set(widths)) > 3

    visit.command("notebook:run-all-cells")
    expect(visit.page.locator(".jp-OutputArea").get_by_text("resumed=True")).to_be_visible()
    bar = visit.page.locator(".jp-OutputArea .widget-hprogress .progress-bar").last
    expect(bar).to_have_class(re.compile("progress-bar-success"))
    label = visit.page.locator(".jp-OutputArea .widget-html").last
    expect(label).to_have_text(re.compile(rf"{N}/{N}\s+\["))
    asked = Counter(each.path for each in demo.asked[begin:] if each.path != "/conversations/list")
    assert asked.total() - len(asked) <= 4
    assert visit.errors == []
