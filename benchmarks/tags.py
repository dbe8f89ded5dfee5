"""Measure a tag explorer and a quality panel on an archive: opening, each change, and a click.

    python benchmarks/tags.py FOLDER

FOLDER is an archive, as `drift_analysis.write_archive` makes it. A change is from the call until
all that the browser is sent is there, the picture drawn. "First" is what is seen for the first
time, "again" what has been seen under the same mapping; the median of five is told. Beside the time
stands that of the processors, which does not grow when others use the machine, too.
"""

from __future__ import annotations

import resource
import sys
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import drift_analysis as da

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 5


def main(folder: str) -> None:
    """Print a table of milliseconds."""
    dataset = da.scan_archive(folder)
    _timed("load the widgets", lambda: da.widgets)
    tags: Any = _timed("open the tag explorer", lambda: da.widgets.TagExplorer(dataset))
    _timed("draw the first picture", lambda: setattr(tags._picture, "ground", "light"))
    names = tags.frame["tag"].to_list()
    frequent, rare = names[0], names[-1]
    for view in ("trend", "pairs", "spellings", "frequency"):
        _timed(f"view {view}, first", lambda view=view: tags.change(view=view))
    steps: dict[str, Callable[[int], None]] = {
        "view trend, again": lambda n: tags.change(view=("trend", "frequency")[n % 2]),
        "view pairs, again": lambda n: tags.change(view=("pairs", "frequency")[n % 2]),
        "choose a frequent tag": lambda n: tags.change(tag=(frequent, None)[n % 2]),
        "choose two tags": lambda n: tags.change(tag=frequent, also=(names[1], None)[n % 2]),
    }
    for name, step in steps.items():
        _median(name, step)
    for view in ("frequency", "trend", "pairs"):
        tags.change(view=view, tag=None)
        _median(f"merge one more, view {view}", lambda n: tags.merge(names[-2 - n], rare))
        _median("undo", lambda _: tags.undo())
    panel: Any = _timed("open the quality panel", lambda: da.widgets.QualityPanel(dataset))
    panel._picture.ground = "light"
    for view in ("findings", "rejects", "issues", "metrics"):
        _timed(f"view {view}", lambda view=view: panel.change(view=view))
    _timed("behind a metric", lambda: panel.change(row="first_response"))
    panel.change(view="findings", row=None)
    _timed("behind a finding", lambda: panel.change(row=str(panel.frame["code"][0])))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(f"memory at most: {peak:.2f} GB\n")


def _timed(name: str, do: Callable[[], object]) -> object:
    begin, busy = perf_counter(), process_time()
    made = do()
    _say(name, perf_counter() - begin, process_time() - busy)
    return made


def _median(name: str, step: Callable[[int], None]) -> None:
    times, busy_times = [], []
    for n in range(TIMES):
        begin, busy = perf_counter(), process_time()
        step(n)
        times.append(perf_counter() - begin)
        busy_times.append(process_time() - busy)
    _say(name, median(times), median(busy_times))


def _say(name: str, seconds: float, busy: float) -> None:
    sys.stdout.write(f"{name:<32}{1000 * seconds:>8.0f} ms{1000 * busy:>8.0f} ms busy\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
