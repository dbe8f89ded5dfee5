"""One JupyterLab for all tests of a process."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from browser.lab import ROOT, Visit, running_lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

HOSTILE = '<img src=x onerror="window.PWNED=1"></script><script>window.PWNED=1</script>'
MARCH = 1_772_442_000_000
TWO = (
    'import drift_analysis as da\n\ndataset = da.load("../data/sample")\n'
    "explorer = da.widgets.Explorer(dataset)\nexplorer",
    'other = da.widgets.Explorer(dataset, filters=da.widgets.Filters(status="open"))\nother',
    "",
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the notebooks and what they read."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    shutil.copytree(ROOT / "data" / "sample", root / "data" / "sample")
    write_hostile_export(root / "data" / "hostile")
    text = (ROOT / "notebooks" / "01_explore.ipynb").read_text("utf-8")
    text = text.replace("../data/sample", "../data/hostile")
    (root / "notebooks" / "hostile.ipynb").write_text(text, "utf-8")
    for name, cells in {"two": TWO, "one": TWO[:1]}.items():
        (root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(notebook(cells)))
    return root


@pytest.fixture(scope="session")
def lab(folder: Path) -> Iterator[str]:
    with running_lab(folder) as url:
        yield url


@pytest.fixture
def visit(browser: Browser, lab: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1400, "height": 1300})
    visit = Visit(context.new_page(), lab)
    yield visit
    context.close()
    assert visit.strangers == []
    assert visit.errors == []


def notebook(cells: tuple[str, ...]) -> dict[str, Any]:
    """Return a notebook with these cells of code."""
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write_hostile_export(folder: Path) -> None:
    """Write one conversation in Drift's own shapes, hostile wherever a text can stand."""
    folder.mkdir(parents=True)
    conversation = {
        "id": 41,
        "status": "open",
        "contactId": 7,
        "inboxId": 3,
        "createdAt": MARCH,
        "updatedAt": MARCH,
        "participants": [8],
        "conversationTags": [{"name": HOSTILE, "color": "FF0000"}],
        "relatedPlaybookId": 11,
    }
    author = {"id": 7, "type": "contact", "bot": False}
    message = {
        "id": 51,
        "conversationId": 41,
        "type": "chat",
        "body": HOSTILE.replace("<", "&lt;"),
        "author": author,
        "createdAt": MARCH,
    }
    button = {"label": HOSTILE, "value": HOSTILE, "type": "reply"}
    bot = {"id": 8, "type": "user", "bot": True}
    answer = {**message, "id": 52, "author": bot, "body": "Which?", "buttons": [button]}
    playbook = {"id": 11, "interactionId": 12, "name": HOSTILE, "orgId": 1, "goals": []}
    user = {"id": 8, "orgId": 1, "name": HOSTILE, "bot": True}
    files = {
        "conversation": {"data": conversation},
        "messages": {"data": {"messages": [message, answer]}},
        "playbooks": [playbook],
        "users": {"data": [user]},
    }
    for name, reply in files.items():
        (folder / f"{name}.json").write_text(json.dumps(reply))
