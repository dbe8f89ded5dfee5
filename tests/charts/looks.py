"""Whether a picture still looks as it did when somebody last looked at it.

`DRIFT_ANALYSIS_DRAW=1 pytest tests/charts` draws the stored pictures anew: look at them before
they are committed. They are small and grey, since they tell what moved and not what changed by a
shade; the colours have tests of their own.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from drift_analysis.charts.output.render import png

if TYPE_CHECKING:
    import altair as alt

FOLDER = Path(__file__).with_name("looks")
WIDTH, INKS = 240, 16
FAINT, TOLERANCE = 40, 0.01


def thumbnail(chart: alt.TopLevelMixin, *, scale: float = 1) -> Image.Image:
    """Draw a chart small and grey."""
    return small(Image.open(BytesIO(png(chart.to_dict(), scale=scale))))


def small(picture: Image.Image) -> Image.Image:
    """Make a picture small and grey."""
    grey = picture.convert("RGB").convert("L")
    return grey.resize((WIDTH, round(grey.height * WIDTH / grey.width)), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ by more than a faint shade; 1 if sizes differ.

    A pixel may be up to three lines of text higher: fonts of other machines break lines
    elsewhere.
    """
    if one.width != other.width or abs(one.height - other.height) > 18:
        return 1.0
    height = min(one.height, other.height)
    box = (0, 0, WIDTH, height)
    apart = ImageChops.difference(one.crop(box), other.crop(box))
    counts = apart.histogram()
    return sum(counts[FAINT:]) / (WIDTH * height)


def looks_as_stored(chart: alt.TopLevelMixin, name: str) -> float:
    """Return how much a chart differs from the stored picture, or store it if asked to."""
    now, path = thumbnail(chart), FOLDER / f"{name}.png"
    if os.environ.get("DRIFT_ANALYSIS_DRAW"):
        FOLDER.mkdir(exist_ok=True)
        now.quantize(INKS).save(path, optimize=True)
    with Image.open(path) as stored:
        return difference(stored.convert("L"), now)
