"""Time a whole review of many conversations, and weigh what comes of it.

    python benchmarks/review.py [CONVERSATIONS]

The data is an invented organisation of 2,000 conversations, told again and again under other ids:
what a review takes hangs on how many there are, not on how different they are. Reading is not part
of it, loading the libraries is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import drift_analysis as da

if TYPE_CHECKING:
    from collections.abc import Callable

    from drift_analysis.schemas import Dataset

ONE = 2_000
FAR = 10**12
"""How far apart the ids of one telling and of the next are."""

TARGETS = {"review": 30.0, "compared": 30.0, "picture": 0.5, "page": 2.0}
"""Seconds for a page of all and for one of a period that is compared, with their pictures; seconds
for a PNG after the first; megabytes of the page with every section."""

_IDS = ("conversation_id", "message_id", "contact_id")
_TABLES = ("conversations", "messages", "status_events", "meetings", "goals", "contacts")


def many(n: int) -> Dataset[pl.DataFrame]:
    """Return a data set of so many conversations."""
    with tempfile.TemporaryDirectory() as folder:
        da.sample.write(da.sample.generate(ONE, seed=1), Path(folder))
        one = da.load(folder)
    again: dict[str, pl.DataFrame] = {
        name: pl.concat([_told(getattr(one, name), k) for k in range(-(-n // ONE))])
        for name in _TABLES
    }
    again["conversations"] = again["conversations"].head(n)
    return replace(one, **again)  # type: ignore[arg-type]


def _told(table: pl.DataFrame, k: int) -> pl.DataFrame:
    moved = [pl.col(name) + k * FAR for name in _IDS if name in table.columns]
    if "event_id" in table.columns:
        moved.append(pl.format("{}-{}", "event_id", pl.lit(k)).alias("event_id"))
    return table.with_columns(moved)


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Return how many seconds something takes, and how many of a core; others may be at work."""
    begin, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - used


def main() -> None:
    """Measure, and end with 1 where a target is missed."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    dataset = many(n)
    say = sys.stdout.write
    say(f"{n:,} conversations, {dataset.messages.height:,} messages\n")
    review, period = da.report.Review, {"period": "last 4 weeks", "compare": "previous"}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole = timed(lambda: review(dataset).write(folder / "all"))
        every = timed(lambda: review(dataset, sections="all").html(folder / "every.html"))
        compared = review(dataset, **period)
        found = {
            "review": whole,
            "sections": every,
            "compared": timed(lambda: compared.write(folder / "compared")),
        }
        found["picture"] = max(timed(partial(_picture, each, folder)) for each in compared.sections)
        found["deck"] = timed(lambda: compared.deck(folder / "review.pptx"))
        found["pdf"] = timed(lambda: compared.pdf(folder / "review.pdf"))
        found["xlsx"] = timed(lambda: compared.xlsx(folder / "review.xlsx"))
        size = (folder / "every.html").stat().st_size / 1e6
    for name, (seconds, cores) in found.items():
        say(f"{name:<9} {seconds:7.2f} s, {cores:7.2f} s of a core{_target(name)}\n")
    say(f"page      {size:7.2f} MB{_target('page')}\n")
    reached = {name: seconds for name, (seconds, _) in found.items()} | {"page": size}
    sys.exit(any(reached[name] > target for name, target in TARGETS.items()))


def _picture(section: Any, folder: Path) -> None:
    da.charts.save(section.chart, folder / "chart.png")


def _target(name: str) -> str:
    return f", target {TARGETS[name]:g}" if name in TARGETS else ""


if __name__ == "__main__":
    main()
