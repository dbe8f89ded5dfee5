"""Measure in a real JupyterLab how long a table takes to be redrawn after a click.

    python benchmarks/explorer_in_browser.py FOLDER

FOLDER is an archive, as `drift_analysis.write_archive` makes it. A browser does each step five
times; the page's own clock tells the time from the event to the first change of the table's rows,
or of the line above them. Between two steps the kernel comes to rest. Memory and processor time
are those of the kernel, and the size is that of the notebook once it is saved.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser.conftest import notebook  # noqa: E402
from browser.lab import Visit, find_chromium, running_chromium, running_lab  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

TIMES = 5
PATIENCE = 300_000
_SPENT = (
    "import resource, time\n"
    "print('spent', time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)
_MEASURE = """async ([kind, label, what, patience]) => {
    const root = document.querySelector('.drift-explorer');
    const field = () => [...root.querySelectorAll('.drift-filters .widget-inline-hbox')]
        .find((one) => one.querySelector('label')?.textContent === label)
        .querySelector('select, input');
    const act = {
        choose: () => {
            const one = field();
            one.selectedIndex = Number(what);
            one.dispatchEvent(new Event('change', { bubbles: true }));
        },
        write: () => {
            const one = field();
            one.value = what;
            one.dispatchEvent(new Event('input', { bubbles: true }));
            one.dispatchEvent(new Event('change', { bubbles: true }));
        },
        press: () => root.querySelector(`[aria-label="${label}"]`).click(),
        bar: () => root.querySelector('.drift-row').click(),
        reset: () => [...root.querySelectorAll('.drift-filters button')].at(-1).click(),
    }[kind];
    const drawn = new Promise((resolve, reject) => {
        const observer = new MutationObserver(() => {
            observer.disconnect();
            resolve(performance.now());
        });
        const options = { childList: true, characterData: true, subtree: true };
        observer.observe(root.querySelector('.drift-table tbody'), options);
        observer.observe(root.querySelector('.drift-summary'), options);
        setTimeout(() => reject(new Error('nothing was redrawn')), patience);
    });
    const begin = performance.now();
    act();
    return (await drawn) - begin;
}"""
_RESTING = """() => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    return kernel.status === 'idle';
}"""
_RUN_CELL = """async (number) => {
    const panel = window.jupyterapp.shell.currentWidget;
    panel.content.activeCellIndex = number;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
RESET = ("reset", "", "")
STEPS: dict[str, tuple[str, str, str]] = {
    "status": ("choose", "Status", "1"),
    "inbox": ("choose", "Inbox", "1"),
    "playbook": ("choose", "Playbook", "1"),
    "another playbook": ("choose", "Playbook", "2"),
    "tag": ("choose", "Tag", "1"),
    "written by": ("choose", "Written by", "1"),
    "duration": ("choose", "Duration", "1"),
    "unanswered": ("choose", "Answers", "1"),
    "first day": ("write", "From", "2099-01-01"),
    "text in messages": ("write", "Text in messages", "demo"),
    "find in the table": ("write", "Find in table", "topic 1"),
    "a bar beside the chart": ("bar", "", ""),
    "reset": RESET,
    "next page": ("press", "Next page", ""),
    "sort by lasted": ("press", "Sort by lasted", ""),
}
"""What is done, to which control, and its option's number or what is written into it."""


def main(archive: str) -> None:
    """Print the median of each step, in milliseconds."""
    path = find_chromium()
    assert path, "No Chromium was found."
    place = str(Path(archive).resolve())
    source = (
        f"import drift_analysis as da\n\ndataset = da.scan_archive({place!r})\n"
        "explorer = da.widgets.Explorer(dataset)\nexplorer"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "large.ipynb").write_text(json.dumps(notebook((source, _SPENT))))
        with running_lab(folder) as url, running_chromium(path) as browser:
            context = browser.new_context(viewport={"width": 1400, "height": 1300})
            page = _opened(Visit(context.new_page(), url))
            _tell(page)
            page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
            page.wait_for_timeout(3000)
            size = (folder / "large.ipynb").stat().st_size
            _say(f"notebook after saving: {size / 1e6:.2f} MB")
            context.close()


def _opened(visit: Visit) -> Page:
    page = visit.page
    page.set_default_timeout(PATIENCE)
    visit.run("large.ipynb")
    page.locator(".drift-table tbody tr").first.wait_for()
    _rest(page)
    return page


def _tell(page: Page) -> None:
    before = _spent(page)
    every = []
    _say(f"{'step':<26}{'median':>8}{'most':>8}  ms")
    for name, step in STEPS.items():
        times = []
        for _ in range(TIMES):
            if step == RESET:
                _do(page, STEPS["status"])
            times.append(_do(page, step))
            if step not in (RESET, STEPS["next page"], STEPS["sort by lasted"]):
                _do(page, RESET)
        every += times
        _say(f"{name:<26}{median(times):>8.0f}{max(times):>8.0f}")
    _say(f"{'all':<26}{median(every):>8.0f}{max(every):>8.0f}")
    after = _spent(page)
    _say(f"the kernel's processor time: {after[0] - before[0]:.0f} s")
    _say(f"memory of the kernel at most: {after[1] / 1e6:.2f} GB")


def _do(page: Page, step: tuple[str, str, str]) -> float:
    took: Any = page.evaluate(_MEASURE, [*step, 60_000])
    _rest(page)
    return float(took)


def _rest(page: Page) -> None:
    for _ in range(3):
        page.wait_for_function(_RESTING)
        page.wait_for_timeout(150)


def _spent(page: Page) -> tuple[float, float]:
    page.evaluate(_RUN_CELL, 1)
    text = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").inner_text()
    seconds, memory = text.split()[1:]
    return float(seconds), float(memory)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
