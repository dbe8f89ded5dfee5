"""Measure the comparison of playbooks and the timeline of statuses on an archive.

    python benchmarks/panels.py FOLDER

FOLDER is an archive, as `drift_analysis.write_archive` makes it. Every step is done five times, and
the median is told: from a change to all that the browser is sent. Beside the time stands that of
the processors, which does not grow when others use the machine, too.
"""

from __future__ import annotations

import resource
import sys
from datetime import timedelta
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import drift_analysis as da
from drift_analysis.widgets import PlaybookCompare, StatusTimeline

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 5


def main(folder: str) -> None:
    """Print a table of medians, in milliseconds."""
    dataset = da.scan_archive(folder)
    compare = _timed("open the comparison", lambda: PlaybookCompare(dataset))
    _say(f"of {compare.frame['conversations'][0]:,} conversations of the first playbook")
    days = compare._facts.conversations["day"].sort()
    first, middle = days[0], days[days.len() // 2]
    others = list(compare._controls._counts)[1:]
    inbox = next(iter(compare._controls._inboxes), None)
    steps: dict[str, Callable[[int], None]] = {
        "another playbook": lambda n: compare.change(first=others[n % len(others)]),
        "against none, the rest": lambda n: compare.change(second=("none", "rest")[n % 2]),
        "a period": lambda n: compare.change(start=first + timedelta(days=n), end=middle),
        "an inbox": lambda n: compare.change(inbox=(inbox, None)[n % 2]),
        "an outcome": lambda n: compare.change(outcome=("meetings", "closed")[n % 2]),
    }
    _measure(steps)
    timeline = _timed("open the timeline", lambda: StatusTimeline(dataset))
    _say(f"of {timeline.ids.len():,} conversations of {timeline._n_all:,}")
    sorts = ("waiting", "open", "uncertain", "latest")
    steps = {
        "another order": lambda n: timeline.change(sort=sorts[n % 4]),
        "another page": lambda n: timeline.change(page=n + 2),
        "open a conversation": lambda n: timeline.change(conversation=timeline.ids[n]),
        "another sample": lambda n: timeline.change(seed=n + 1),
    }
    _measure(steps)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _say(f"memory at most: {used / 1e6:.2f} GB")


def _timed(name: str, do: Callable[[], Any]) -> Any:
    begin, busy = perf_counter(), process_time()
    made = do()
    _tell(name, perf_counter() - begin, process_time() - busy)
    return made


def _measure(steps: dict[str, Callable[[int], None]]) -> None:
    for name, step in steps.items():
        times, busy_times = [], []
        for n in range(TIMES):
            begin, busy = perf_counter(), process_time()
            step(n)
            times.append(perf_counter() - begin)
            busy_times.append(process_time() - busy)
        _tell(name, median(times), median(busy_times))


def _tell(name: str, seconds: float, busy: float) -> None:
    _say(f"{name:<32}{1000 * seconds:>8.0f} ms{1000 * busy:>8.0f} ms busy")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
