"""Leave browser tests out where there is no Chromium, and say so in one line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from browser.lab import find_chromium

if TYPE_CHECKING:
    import pytest
    from _pytest.terminal import TerminalReporter


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _have_browser():
        return
    marked = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=marked)
    items[:] = [item for item in items if item not in marked]


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    if not _have_browser():
        terminalreporter.write_line("Left out the browser tests: no Chromium was found.")


def _have_browser() -> bool:
    """Return whether browser tests run; CI has to have one, and fails without."""
    return bool(os.environ.get("CI") or find_chromium())
