"""Compute one metric with one engine, save the result, and print what it took.

    python benchmarks/metrics_one.py ENGINE METRIC FOLDER RESULT

FOLDER holds the archive, and in ``derived`` the results of other metrics that this one starts from.
The engine ``eager`` is given frames in memory, and reading them is not timed; the others read the
Parquet files themselves, which is.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINES = ("eager", "lazy", "streaming", "duckdb", "pandas")


def prepared(engine: str, metric: str, folder: Path) -> Callable[[], Any]:
    """Load what is not to be timed, and return what is."""
    if engine in ("duckdb", "pandas"):
        from metrics_ours import files_of

        if engine == "duckdb":
            import metrics_duckdb as peer
        else:
            import metrics_pandas as peer
        files = files_of(metric, folder)
        return lambda: peer.computed(metric, files)
    from metrics_ours import METRICS, tables_of

    compute, tables = METRICS[metric][1], tables_of(metric, folder)
    if engine == "eager":
        frames = {name: table.collect() for name, table in tables.items()}
        return lambda: compute(frames)
    how = "streaming" if engine == "streaming" else "in-memory"

    return lambda: compute(tables).collect(engine=how)


def peak() -> float:
    """Return the most memory, in MB, that this process has held (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def main() -> None:
    """Print the seconds, the processor's seconds, the peak of memory in MB, and the rows."""
    engine, metric, folder, result = sys.argv[1:]
    run = prepared(engine, metric, Path(folder))
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    found = run()
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    told = {"seconds": seconds, "cpu": cpu, "peak": peak(), "rows": len(found)}
    found.write_parquet(result)
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
