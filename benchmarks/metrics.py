"""Time and weigh the metrics on a large archive, beside DuckDB and pandas.

    python benchmarks/metrics.py [CONVERSATIONS] [--folder FOLDER] [--only METRIC ...]

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


def compared(metric: str, one: str, other: str, folder: Path) -> list[str]:
    """Return in what the results of two engines differ, said in words."""
    ours, theirs = (pl.read_parquet(folder / f"{metric}-{each}.parquet") for each in (one, other))
    return [f"{metric}: {one} and {other} differ in {each}" for each in differences(ours, theirs)]


def missing(metric: str, folder: Path) -> str:
    """Return the columns that DuckDB's SQL leaves out."""
    ours, theirs = (
        pl.read_parquet(folder / f"{metric}-{each}.parquet") for each in ("streaming", "duckdb")
    )
    return " ".join(left_out(ours, theirs))


def main() -> None:
    """Print a table of all measurements, then their sums and ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("conversations", type=int, nargs="?", default=1_000_000)
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--only", nargs="*", default=list(METRICS))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(run(given.folder or Path(temporary), given.conversations, given.only))


def run(folder: Path, n: int, metrics: list[str]) -> bool:
    """Measure, print, and return whether any result differs."""
    once, twice, tenth = (world(folder, size) for size in (n, 2 * n, n // 10))
    runs = {"eager": once, "streaming": once, "duckdb": once, "twice": twice, "pandas": tenth}
    totals: dict[str, list[Told]] = {name: [] for name in runs}
    wrong: list[str] = []
    say("| metric | eager | streaming | duckdb | ratio | twice | pandas x 10 | left out by duckdb |")
    say("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for metric in metrics:
        told: dict[str, Told] = {}
        for name, place in runs.items():
            if name == "pandas" and metric not in PANDAS:
                continue
            told[name] = measured("streaming" if name == "twice" else name, metric, place)
            totals[name].append(told[name])
        wrong += compared(metric, "streaming", "duckdb", once)
        wrong += compared(metric, "eager", "streaming", once)
        if metric in PANDAS:
            measured("streaming", metric, tenth)
            wrong += compared(metric, "streaming", "pandas", tenth)
        say(line(metric, told, missing(metric, once)))
    say(summary(totals))
    for each in wrong:
        say(each)
    return bool(wrong)


def line(metric: str, told: dict[str, Told], left_out: str) -> str:
    """Return a line of the table: seconds, processor seconds, and peak in MB."""
    cells = [
        f"{each['seconds']:.2f} ({each['cpu']:.2f}) {each['peak']:,.0f} MB"
        for each in (told["eager"], told["streaming"], told["duckdb"])
    ]
    ratio = told["streaming"]["seconds"] / told["duckdb"]["seconds"]
    cpu = told["streaming"]["cpu"] / told["duckdb"]["cpu"]
    grown = told["twice"]["seconds"] / told["streaming"]["seconds"]
    pandas = f"{10 * told['pandas']['seconds']:.1f}" if "pandas" in told else "-"
    cells += [f"{ratio:.2f} ({cpu:.2f})", f"x {grown:.2f}", pandas, left_out]
    return f"| {metric} | " + " | ".join(cells) + " |"


def summary(totals: dict[str, list[Told]]) -> str:
    """Return the sums of all, and what they are to each other."""
    sums = {
        name: {key: sum(each[key] for each in found) for key in ("seconds", "cpu")}
        | {"peak": max((each["peak"] for each in found), default=0)}
        for name, found in totals.items()
    }
    lines = [""]
    for name, all_ in sums.items():
        lines.append(
            f"{name}: {all_['seconds']:.1f} s, {all_['cpu']:.1f} processor seconds, "
            f"at most {all_['peak']:,.0f} MB"
        )
    ours, both = sums["streaming"], ("seconds", "cpu")
    for name, other, scale in (
        ("streaming to DuckDB (at most 1.0)", sums["duckdb"], 1),
        ("eager, tables in memory, to DuckDB", sums["duckdb"], 1),
    ):
        first = sums["eager"] if name.startswith("eager") else ours
        ratios = [scale * first[key] / max(other[key], 1e-9) for key in both]
        lines.append(f"{name}: {ratios[0]:.2f} in time, {ratios[1]:.2f} in processor time")
    grown = [sums["twice"][key] / max(ours[key], 1e-9) for key in both]
    lines.append(f"twice the data (at most 2.2): {grown[0]:.2f}, {grown[1]:.2f}")
    return "\n".join(lines)


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
