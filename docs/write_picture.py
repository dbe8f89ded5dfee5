"""Write docs/time-in-status.png, the picture in the README, from the sample."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

import drift_analysis as da

PICTURE = Path(__file__).with_name("time-in-status.png")
SAMPLE = Path(__file__).parents[1] / "data" / "sample"
COLORS = 64


def main() -> None:
    """Draw the chart, and keep as many colours as it needs, so that the file stays small."""
    dataset = da.load(SAMPLE)
    intervals = da.status_intervals(
        dataset.conversations,
        messages=dataset.messages,
        status_events=dataset.status_events,
        as_of=dataset.as_of,
    )
    times = da.time_in_status(intervals)
    da.charts.save(da.charts.time_in_status(times, as_of=dataset.as_of), PICTURE)
    Image.open(PICTURE).convert("RGB").quantize(COLORS).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
