"""Measure an explorer on an archive: each filter, a click, a page, a transcript, and memory.

    python benchmarks/explorer.py FOLDER

FOLDER is an archive, as `drift_analysis.write_archive` makes it. Every step is done five times,
with a reset between, and the median is told. "Frame" is from a change of the filters to the new
frame; "redrawn" until all that the browser is sent of table, choices and chart is there as well.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from datetime import date, timedelta
from statistics import median
from time import perf_counter

import drift_analysis as da
from drift_analysis.widgets import Absence, Explorer, Filters
from drift_analysis.widgets.asked.selection import Selection

TIMES = 5


def main(folder: str) -> None:
    """Print a table of medians, in milliseconds."""
    begin = perf_counter()
    explorer = Explorer(da.scan_archive(folder))
    _say(f"{explorer.frame.height:,} conversations, ready in {perf_counter() - begin:.1f} s")
    _say(f"{'filter':<28}{'left':>10}{'frame':>8}{'table':>8}{'redrawn':>9}  ms")
    for name, filters in _filters(explorer).items():
        left, *times = _measure(explorer, filters)
        _say(f"{name:<28}{left:>10,}{times[0]:>8.0f}{times[1]:>8.0f}{times[2]:>9.0f}")
    for name, milliseconds in _other(explorer).items():
        _say(f"{name:<28}{'':>26}{milliseconds:>9.0f}")
    sent = len(json.dumps(_states(explorer)).encode())
    _say(f"sent to the browser without the chart's script: {sent / 1e6:.2f} MB")
    _say(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _filters(explorer: Explorer) -> dict[str, Filters]:
    """Return filters of every kind, of what occurs."""
    offers = {name: next(iter(of), None) for name, of in explorer._controls._offers.items()}
    days = explorer._facts.table["day"]
    middle = days.sort()[days.len() // 2]
    tags = tuple(tag for tag in explorer._controls._offers["tag"] if isinstance(tag, str))[:2]
    found = {
        "date range": Filters(start=middle, end=middle + timedelta(days=60)),
        "status": Filters(status="closed"),
        "inbox": Filters(inbox=offers["inbox"]),
        "playbook": Filters(playbook=offers["playbook"]),
        "no playbook": Filters(playbook=Absence.NONE),
        "tag": Filters(tag=tags[:1]),
        "any of two tags": Filters(tag=tags),
        "all of two tags": Filters(tag=tags, match="all"),
        "written by a human": Filters(author="human"),
        "duration": Filters(shortest=timedelta(minutes=10), longest=timedelta(hours=1)),
        "unanswered": Filters(unanswered=True),
        "find in the table": Filters(find="topic 1"),
        "text in messages": Filters(text="jo.4"),
        "five at once": Filters(
            start=date(2000, 1, 1), status="closed", tag=tags, author="human", unanswered=False
        ),
    }
    if offers["participant"] is not None:
        found["participant"] = Filters(participant=offers["participant"])
    return found


def _measure(explorer: Explorer, filters: Filters) -> tuple[int, float, float, float]:
    """Return how many are left, and the times to the frame, the table, and all of the view."""
    frames, tables, redraws = [], [], []
    for _ in range(TIMES):
        explorer.filters = Filters()
        explorer._facts._mentions.clear()
        gc.collect()
        begin = perf_counter()
        Selection(explorer._facts, filters).frame  # noqa: B018
        frames.append(perf_counter() - begin)
        explorer._facts._mentions.clear()
        drawn: list[float] = []
        explorer._table.observe(lambda _, d=drawn: d.append(perf_counter()), "rows")
        begin = perf_counter()
        explorer.filters = filters
        redraws.append(perf_counter() - begin)
        explorer._table.unobserve_all("rows")
        tables.append((drawn[0] if drawn else perf_counter()) - begin)
    left = explorer.ids.len()
    return left, *(1000 * median(each) for each in (frames, tables, redraws))


def _other(explorer: Explorer) -> dict[str, float]:
    """Return the times of what is no filter."""
    ids = explorer._facts.table["conversation_id"]
    explorer.filters = Filters(status="closed")
    steps = {
        "turn a page": lambda n: setattr(explorer, "page", n + 2),
        "sort": lambda n: setattr(explorer, "descending", n % 2 == 1),
        "sort by playbook": lambda n: setattr(explorer, "sort", ("playbook", "started")[n % 2]),
        "read a transcript": lambda n: setattr(explorer, "selected", ids[n * ids.len() // 9]),
        "undo": lambda _: explorer.undo(),
    }
    found = {}
    for name, step in steps.items():
        times = []
        for n in range(TIMES):
            begin = perf_counter()
            step(n)
            times.append(perf_counter() - begin)
        found[name] = 1000 * median(times)
    return found


def _states(explorer: Explorer) -> list[dict[str, object]]:
    parts = [explorer._table, explorer._transcript, explorer._bar]
    states = [{n: v for n, v in part.get_state().items() if n[0] != "_"} for part in parts]
    dropdowns = [{"options": field._options_labels} for field in explorer._controls._lists.values()]
    return [*states, *dropdowns, {"chart": explorer._chart.spec}]


if __name__ == "__main__":
    main(sys.argv[1])
