"""The metrics that are timed, as this library computes them.

Each takes what it is told in `NEEDS`: tables of the archive, and tables that another metric made
before, which are read from Parquet files as well, by every engine.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from world import AS_OF, LOG_START

import drift_analysis as da
from drift_analysis.metrics import (
    bot_containment,
    containment_rates,
    first_response,
    flow,
    journeys,
    load_by_hour,
    multi_touch_attribution,
    playbook_attribution,
    playbook_lift,
    reopens,
    response_turns,
    sla_attainment,
    status_intervals,
    tag_cooccurrence,
    tag_distinctive,
    tag_frequency,
    tag_survival,
    time_in_status,
    time_to_close,
    transitions,
    workload,
)
from drift_analysis.sources.archive.layout import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["METRICS", "RULES", "TZ", "derive", "files_of", "tables_of"]

TZ = "Europe/Berlin"
RULES = ["first", "last", "linear", "position", "time_decay", "shapley"]
"""The models of attribution that every engine computes; Markov's is timed in attribution.py."""

Tables = dict[str, Any]

METRICS: dict[str, tuple[str, Callable[[Tables], Any]]] = {
    "status_intervals": (
        "conversations messages status_events",
        lambda t: status_intervals(
            t["conversations"],
            messages=t["messages"],
            status_events=t["status_events"],
            as_of=AS_OF,
            log_start=LOG_START,
        ),
    ),
    "time_in_status": (
        "intervals conversations",
        lambda t: time_in_status(
            t["intervals"], by=t["conversations"].select("conversation_id", "inbox_id")
        ),
    ),
    "time_to_close": (
        "intervals messages",
        lambda t: time_to_close(
            t["intervals"],
            clock="first_contact",
            messages=t["messages"],
            idle=timedelta(hours=12),
        ),
    ),
    "reopens": ("intervals messages", lambda t: reopens(t["intervals"], messages=t["messages"])),
    "transitions": ("intervals", lambda t: transitions(t["intervals"])),
    "flow": ("intervals", lambda t: flow(t["intervals"], tz=TZ)),
    "response_turns": (
        "messages conversations",
        lambda t: response_turns(t["messages"], conversations=t["conversations"], as_of=AS_OF),
    ),
    "first_response": (
        "messages conversations",
        lambda t: first_response(t["messages"], conversations=t["conversations"], as_of=AS_OF),
    ),
    "sla_attainment": (
        "waits",
        lambda t: sla_attainment(t["waits"], target=[timedelta(minutes=5), timedelta(hours=1)]),
    ),
    "bot_containment": (
        "conversations messages",
        lambda t: bot_containment(t["conversations"], messages=t["messages"], as_of=AS_OF),
    ),
    "containment_rates": ("containment", lambda t: containment_rates(t["containment"])),
    "load_by_hour": (
        "messages conversations",
        lambda t: load_by_hour(t["messages"], tz=TZ, as_of=AS_OF, conversations=t["conversations"]),
    ),
    "workload": ("messages", lambda t: workload(t["messages"], tz=TZ, as_of=AS_OF)),
    "playbook_attribution": (
        "conversations messages playbooks meetings",
        lambda t: playbook_attribution(
            t["conversations"],
            messages=t["messages"],
            playbooks=t["playbooks"],
            meetings=t["meetings"],
            as_of=AS_OF,
        ),
    ),
    "playbook_lift": ("attribution", lambda t: playbook_lift(t["attribution"])),
    "journeys": (
        "conversations meetings playbooks",
        lambda t: journeys(
            t["conversations"],
            converted=t["meetings"],
            playbooks=t["playbooks"],
            lookback=timedelta(days=30),
            as_of=AS_OF,
        ),
    ),
    "multi_touch_attribution": (
        "journeys",
        lambda t: multi_touch_attribution(t["journeys"], model=RULES),
    ),
    "tag_frequency": ("conversations", lambda t: tag_frequency(t["conversations"], every="1mo")),
    "tag_cooccurrence": ("conversations", lambda t: tag_cooccurrence(t["conversations"])),
    "tag_distinctive": (
        "conversations",
        lambda t: tag_distinctive(t["conversations"], first=pl.col("inbox_id") <= 4),
    ),
    "tag_survival": (
        "closing conversations",
        lambda t: tag_survival(t["closing"], t["conversations"]),
    ),
}
"""By name, the tables that it needs, and what computes it."""

DERIVED = {
    "intervals": "status_intervals",
    "waits": "first_response",
    "containment": "bot_containment",
    "attribution": "playbook_attribution",
    "journeys": "journeys",
    "closing": "time_to_close",
}
"""The tables that are results of other metrics; in this order each can be made."""


def derive(folder: Path) -> None:
    """Make the tables that are results of other metrics."""
    for name, metric in DERIVED.items():
        made = METRICS[metric][1](tables_of(metric, folder)).collect(engine="streaming")
        if name == "closing":
            wait = pl.coalesce("time_to_first_close", "watched")
            made = made.select("conversation_id", wait=wait, censored="first_censored")
        (folder / "derived").mkdir(exist_ok=True)
        made.write_parquet(folder / "derived" / f"{name}.parquet")


def tables_of(metric: str, folder: Path) -> Tables:
    """Return the tables that a metric needs, as plans that read them."""
    archive = da.scan_archive(folder)
    return {
        name: pl.scan_parquet(folder / "derived" / f"{name}.parquet")
        if name in DERIVED
        else getattr(archive, name)
        for name in METRICS[metric][0].split()
    }


def files_of(metric: str, folder: Path) -> dict[str, list[str]]:
    """Return the files of the tables that a metric needs."""
    manifest = read_manifest(folder)
    return {
        name: [str(folder / "derived" / f"{name}.parquet")]
        if name in DERIVED
        else [str(folder / file) for file in manifest.files[name]]
        for name in METRICS[metric][0].split()
    }


if __name__ == "__main__":
    derive(Path(sys.argv[1]))
