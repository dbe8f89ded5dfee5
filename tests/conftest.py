"""One Chromium for all tests of a process; tests whose program is not here are left out, aloud."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from browser.lab import find_chromium, running_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter
    from playwright.sync_api import Browser

NEEDED = {"browser": "Chromium", "office": "LibreOffice"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "No Chromium was found."
    with running_chromium(path) as browser:
        yield browser


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for kind in NEEDED:
        if not _runs(kind):
            marked = [item for item in items if item.get_closest_marker(kind)]
            config.hook.pytest_deselected(items=marked)
            items[:] = [item for item in items if item not in marked]


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    for kind, program in NEEDED.items():
        if not _runs(kind):
            terminalreporter.write_line(f"Left out the {kind} tests: no {program} was found.")


def _runs(kind: str) -> bool:
    """Return whether tests of a kind run; CI has to have the program, and fails without."""
    found = find_chromium() if kind == "browser" else shutil.which("soffice")
    return bool(os.environ.get("CI") or found)
