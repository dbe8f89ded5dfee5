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
    asked.add_argument("--only", nargs="*", default=list(METRICS))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(run(given.folder or Path(temporary), given.conversations, given.only))


def run(folder: Path, n: int, metrics: list[str]) -> bool:
    """Measure, print, and return whether any result differs."""
    once, twice, tenth = (world(folder, size) for size in (n, 2 * n, n // 10))
    runs = {"eager": once, "streaming": once, "duckdb": once, "twice": twice, "pandas": tenth}
    totals: dict[str, dict[str, Told]] = {name: {} for name in runs}
    wrong: list[str] = []
    say("| metric | eager | streaming | duckdb | ratio | twice | pandas, per row | left out |")
    say("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for metric in metrics:
        told: dict[str, Told] = {}
        for name, place in runs.items():
            if name == "pandas" and metric not in PANDAS:
                continue
            told[name] = measured("streaming" if name == "twice" else name, metric, place)
            totals[name][metric] = told[name]
        wrong += compared(metric, "streaming", "duckdb", once)
        wrong += compared(metric, "eager", "streaming", once)
        if metric in PANDAS:
            measured("streaming", metric, tenth)
            wrong += compared(metric, "streaming", "pandas", tenth)
        absent = missing(metric, "duckdb", once)
        if metric in PANDAS:
            absent += missing(metric, "pandas", tenth)
        say(line(metric, told, absent))
    say(summary(totals))
    for each in wrong:
        say(each)
    return bool(wrong)


def line(metric: str, told: dict[str, Told], absent: str) -> str:
    """Return a line of the table: seconds (processor seconds) peak, then ratios of both times."""
    cells = [
        f"{each['seconds']:.2f} ({each['cpu']:.2f}) {each['peak']:,.0f} MB"
        for each in (told["eager"], told["streaming"], told["duckdb"])
    ]
    ours = told["streaming"]
    cells += [_ratio(ours, told["duckdb"]), _ratio(told["twice"], ours)]
    cells.append(_ratio(told["pandas"], ours, 10) if "pandas" in told else "-")
    return f"| {metric} | " + " | ".join([*cells, absent]) + " |"


def _ratio(one: Told, other: Told, scale: int = 1) -> str:
    ratios = [scale * one[key] / max(other[key], 1e-9) for key in ("seconds", "cpu")]
    return f"{ratios[0]:.2f} ({ratios[1]:.2f})"


def summary(totals: dict[str, dict[str, Told]]) -> str:
    """Return the sums of all, and what they are to each other."""
    sums = {name: _sum(list(found.values())) for name, found in totals.items()}
    lines = [
        "",
        *(
            f"{name}: {all_['seconds']:.1f} s, {all_['cpu']:.1f} processor seconds, "
            f"at most {all_['peak']:,.0f} MB"
            for name, all_ in sums.items()
        ),
    ]
    same = _sum([totals["streaming"][metric] for metric in totals["pandas"]])
    ratios = {
        "streaming to DuckDB (at most 1.0)": _ratio(sums["streaming"], sums["duckdb"]),
        "eager, tables in memory, to DuckDB": _ratio(sums["eager"], sums["duckdb"]),
        "twice the data (at most 2.2)": _ratio(sums["twice"], sums["streaming"]),
        "pandas per row to streaming (at least 20)": _ratio(sums["pandas"], same, 10),
    }
    return "\n".join([*lines, *(f"{name}: {ratio}" for name, ratio in ratios.items())])


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
