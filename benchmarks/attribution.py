"""Time the Markov model of multi_touch_attribution against that of another package.

The library promises to be at least five times as fast as marketing-attribution-models on 100,000
journeys through 50 playbooks, with the same removal effects to nine digits. Both are given what
they call journeys, and run in turns; the fastest of each is compared.
"""

from __future__ import annotations

import random
import sys
import time
import warnings

import polars as pl
from mam.core import MAM
from mam.models.markov import MarkovModel

from drift_analysis.metrics import multi_touch_attribution
from drift_analysis.schemas import Journeys

JOURNEYS, PLAYBOOKS = 100_000, 50
ROUNDS = 7
AT_LEAST = 5.0
ALLOWED = 1e-9


def routes() -> tuple[list[list[str]], list[bool]]:
    """Invent journeys, of about four touches, of which a tenth converts."""
    draw = random.Random(1)
    names = [f"playbook {k:02d}" for k in range(PLAYBOOKS)]
    sizes = [min(12, 1 + int(draw.expovariate(0.3))) for _ in range(JOURNEYS)]
    return [draw.choices(names, k=size) for size in sizes], [draw.random() < 0.1 for _ in sizes]


def ours(paths: list[list[str]], converted: list[bool]) -> pl.DataFrame:
    """Return them as a `Journeys` table."""
    frame = pl.DataFrame({"touches": paths, "converted": converted})
    return Journeys.conform(
        frame.with_columns(
            pl.int_range(pl.len()).alias("contact_id"),
            pl.lit(None).alias("touched_at"),
            pl.lit(None).alias("converted_at"),
            pl.lit(value=True).alias("is_mature"),
            pl.lit(1).alias("n"),
        )
    )


def theirs(paths: list[list[str]], converted: list[bool]) -> MAM:
    """Return them as the other package keeps them."""
    frame = pl.DataFrame(
        {
            "journey_id": [str(k) for k in range(len(paths))],
            "journey": [" > ".join(path) for path in paths],
            "converted": converted,
            "time": [" > ".join("0.0" for _ in path) for path in paths],
        }
    )
    return MAM(
        frame,
        *("journey", "journey", "converted"),
        user_id_colname="journey_id",
        time_till_conv_colname="time",
    )


def main() -> None:
    """Print the fastest runs and their ratio; fail if it is too small, or the results differ."""
    warnings.simplefilter("ignore")
    paths, converted = routes()
    journeys, model = ours(paths, converted), theirs(paths, converted)
    fastest = {"ours": float("inf"), "theirs": float("inf"), "their effects alone": float("inf")}
    for _ in range(ROUNDS):
        runs = {
            "ours": lambda: multi_touch_attribution(journeys, model="markov"),
            "theirs": lambda: model.run_markov(),
            "their effects alone": lambda: MarkovModel()._compute_markov(model.unified_df),
        }
        for name, run in runs.items():
            start = time.perf_counter()
            found = run()
            fastest[name] = min(fastest[name], time.perf_counter() - start)
            if name == "ours":
                shares = dict(found.select("touch", "share").iter_rows())
    differ = max(abs(shares[name] - float(share)) for name, share in found.items())
    start = time.perf_counter()
    multi_touch_attribution(journeys, model="markov", n_boot=200)
    bounds = time.perf_counter() - start
    ratio = fastest["theirs"] / fastest["ours"]
    times = ", ".join(f"{seconds:.3f} s {name}" for name, seconds in fastest.items())
    sys.stdout.write(f"{times}; ratio {ratio:.1f}, at least {AT_LEAST}; ")
    sys.stdout.write(f"shares differ by {differ:.0e} at most; {bounds:.1f} s with 200 draws\n")
    sys.exit(ratio < AT_LEAST or differ > ALLOWED)


if __name__ == "__main__":
    main()
