r"""Time and weigh the metrics on a large archive, beside DuckDB and pandas.

    python benchmarks/metrics.py [CONVERSATIONS] [--folder FOLDER] [--only METRIC ...] \
        [--runs RUN ...]

Each measurement is a process of its own, and each result is compared with that of DuckDB's SQL,
which computes the same numbers; pandas computes them on a tenth. Ends with 1 if a result differs.
Processor seconds tell more than seconds where others share the machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from metrics_alike import differences, left_out
from metrics_ours import METRICS
from metrics_pandas import PANDAS

HERE = Path(__file__).parent
RUNS = {"streaming": 1.0, "eager": 1.0, "duckdb": 1.0, "twice": 2.0, "pandas": 0.1}
"""What is measured, on how large a part of the world; ours first, since others are compared."""
Told = dict[str, Any]


def measured(engine: str, metric: str, folder: Path) -> Told:
    """Return what a metric took in a fresh process; the result is saved in the folder."""
    result = folder / f"{metric}-{engine}.parquet"
    command = [sys.executable, str(HERE / "metrics_one.py"), engine, metric, folder, result]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told: Told = json.loads(out)
    return told


def world(folder: Path, n: int) -> Path:
    """Return the folder of a world of so many conversations, which is made if there is none."""
    place = folder / f"world-{n}"
    if not (place / "archive.json").exists():
        command = [sys.executable, str(HERE / "world.py"), str(place), str(n)]
        subprocess.run(command, check=True)
    if not (place / "derived" / "closing.parquet").exists():
        subprocess.run([sys.executable, str(HERE / "metrics_ours.py"), str(place)], check=True)
    return place


def compared(metric: str, other: str, folder: Path) -> list[str]:
    """Return in what the results of another engine differ from ours, said in words."""
    ours, theirs = (
        pl.read_parquet(folder / f"{metric}-{each}.parquet") for each in ("streaming", other)
    )
    return [f"{metric}: {other} differs in {each}" for each in differences(ours, theirs)]


def missing(metric: str, peer: str, folder: Path) -> str:
    """Say which columns a peer leaves out."""
    ours, theirs = (
        pl.read_parquet(folder / f"{metric}-{each}.parquet") for each in ("streaming", peer)
    )
    names = left_out(ours, theirs)
    return f"{peer}: {', '.join(names)}. " if names else ""


def main() -> None:
    """Print a table of all measurements, then their sums and ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("conversations", type=int, nargs="?", default=1_000_000)
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--only", nargs="*", choices=list(METRICS), default=list(METRICS))
    asked.add_argument("--runs", nargs="*", choices=RUNS, default=list(RUNS))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, n = given.folder or Path(temporary), given.conversations
        places = {name: world(folder, int(n * RUNS[name])) for name in RUNS if name in given.runs}
        sys.exit(run(places, given.only))


def run(runs: dict[str, Path], metrics: list[str]) -> bool:
    """Measure, print, and return whether any result differs."""
    totals: dict[str, dict[str, Told]] = {name: {} for name in runs}
    wrong: list[str] = []
    say("| metric | eager | streaming | duckdb | ratio | twice | pandas, per row | left out |")
    say("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for metric in metrics:
        told: dict[str, Told] = {}
        absent = ""
        for name, place in runs.items():
            if name == "pandas" and metric not in PANDAS:
                continue
            told[name] = measured("streaming" if name == "twice" else name, metric, place)
            totals[name][metric] = told[name]
            if name not in ("streaming", "twice"):
                if place != runs.get("streaming"):
                    measured("streaming", metric, place)
                wrong += compared(metric, name, place)
                absent += missing(metric, name, place)
        say(line(metric, told, absent))
    say(summary(totals))
    for each in wrong:
        say(each)
    return bool(wrong)


def line(metric: str, told: dict[str, Told], absent: str) -> str:
    """Return a line of the table: seconds (processor seconds) peak, then ratios of both times."""
    cells = [
        f"{each['seconds']:.2f} ({each['cpu']:.2f}) {each['peak']:,.0f} MB" if each else "-"
        for each in map(told.get, ("eager", "streaming", "duckdb"))
    ]
    return f"| {metric} | " + " | ".join([*cells, *_ratios(told), absent]) + " |"


def _ratios(told: dict[str, Told]) -> list[str]:
    """Return ours to DuckDB's, twice the data to once, pandas to ours, by time (processor time)."""
    pairs = (("streaming", "duckdb", 1), ("twice", "streaming", 1), ("pandas", "streaming", 10))
    return [
        f"{scale * told[a]['seconds'] / told[b]['seconds']:.2f} "
        f"({scale * told[a]['cpu'] / max(told[b]['cpu'], 1e-9):.2f})"
        if a in told and b in told and told[b]["seconds"]
        else "-"
        for a, b, scale in pairs
    ]


def summary(totals: dict[str, dict[str, Told]]) -> str:
    """Return the sums of all, and what they are to each other."""
    sums = {name: _sum(list(found.values())) for name, found in totals.items()}
    lines = [
        f"{name}: {all_['seconds']:.1f} s, {all_['cpu']:.1f} processor seconds, "
        f"at most {all_['peak']:,.0f} MB"
        for name, all_ in sums.items()
    ]
    ratios = _ratios(sums)
    if totals.get("pandas") and "streaming" in totals:
        same = _sum([totals["streaming"][metric] for metric in totals["pandas"]])
        ratios[2] = _ratios({"pandas": sums["pandas"], "streaming": same})[2]
    names = ("to DuckDB (at most 1.0)", "twice the data (at most 2.2)", "pandas (at least 20)")
    pairs = zip(names, ratios, strict=True)
    return "\n".join(["", *lines, *(f"{name}: {ratio}" for name, ratio in pairs)])


def _sum(found: list[Told]) -> Told:
    peak = max((each["peak"] for each in found), default=0.0)
    added: Told = {key: sum(each[key] for each in found) for key in ("seconds", "cpu")}
    return added | {"peak": peak}


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
