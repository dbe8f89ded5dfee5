"""Measure the comparison of playbooks and the timeline of statuses on an archive.

    python benchmarks/panels.py FOLDER

FOLDER is an archive, as `drift_analysis.write_archive` makes it. Every step is done five times, and
the median is told: from a change to all that the browser is sent.
"""

from __future__ import annotations

import resource
import sys
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import drift_analysis as da
from drift_analysis.widgets import PlaybookCompare, StatusTimeline

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 5


def main(folder: str) -> None:
    """Print a table of medians, in milliseconds."""
    dataset = da.scan_archive(folder)
    begin = perf_counter()
    compare = PlaybookCompare(dataset)
    _say(f"compare: {compare.frame['conversations'][0]:,} conversations of the first playbook")
    _say(f"{'ready':<32}{1000 * (perf_counter() - begin):>8.0f} ms")
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
    begin = perf_counter()
    timeline = StatusTimeline(dataset)
    _say(f"timeline: {timeline.ids.len():,} conversations drawn of {timeline._n_all:,}")
    _say(f"{'ready':<32}{1000 * (perf_counter() - begin):>8.0f} ms")
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


def _measure(steps: dict[str, Callable[[int], None]]) -> None:
    for name, step in steps.items():
        times = []
        for n in range(TIMES):
            begin = perf_counter()
            step(n)
            times.append(perf_counter() - begin)
        _say(f"{name:<32}{1000 * median(times):>8.0f} ms")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
