"""Time ``import drift_analysis`` against the import of polars and dataframely alone.

The library promises to cost at most half as much again. Each is started anew several times, in
turns, and the fastest of each is compared, since only a disturbance makes a start slower.
"""

from __future__ import annotations

import subprocess
import sys
import time

ROUNDS = 7
ALLOWED = 1.5
STATEMENTS = {"polars, dataframely": "import polars, dataframely", "ours": "import drift_analysis"}


def seconds(statement: str) -> float:
    """Return how long a fresh interpreter takes for a statement."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the fastest starts and their ratio; fail if it is above what is allowed."""
    fastest = dict.fromkeys(STATEMENTS, float("inf"))
    for _ in range(ROUNDS):
        for name, statement in STATEMENTS.items():
            fastest[name] = min(fastest[name], seconds(statement))
    base, ours = fastest.values()
    sys.stdout.write(f"{base:.2f} s polars, dataframely; {ours:.2f} s drift_analysis; ")
    sys.stdout.write(f"ratio {ours / base:.2f}, at most {ALLOWED}\n")
    sys.exit(ours / base > ALLOWED)


if __name__ == "__main__":
    main()
