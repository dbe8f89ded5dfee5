"""Leave browser tests out where there is no Chromium, and say so in one line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from browser.lab import find_chromium

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("browser")]
    if not marked or find_chromium() or os.environ.get("CI"):
        return
    config.stash[LEFT_OUT] = len(marked)
    config.hook.pytest_deselected(items=marked)
    items[:] = [item for item in items if item not in marked]


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"Left out {left_out} browser tests: no Chromium was found.")
