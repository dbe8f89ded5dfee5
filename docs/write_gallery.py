"""Draw the pictures of docs/gallery.md by the lines that stand there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

from PIL import Image

import drift_analysis as da

PAGE = Path(__file__).with_name("gallery.md")
FOLDER = Path(__file__).with_name("gallery")
NAME = re.compile(r"picture = da\.charts\.(\w+)")
COLORS = 48


def main() -> None:
    """Run the examples, and keep each picture with as many colours as it needs."""
    FOLDER.mkdir(exist_ok=True)
    known: dict[str, Any] = {}
    for example in doctest.DocTestParser().get_examples(PAGE.read_text(encoding="utf-8")):
        exec(compile(example.source, PAGE.name, "single"), known)
        if name := NAME.match(example.source):
            path = da.charts.save(known["picture"], FOLDER / f"{name[1]}.png", scale=1.5)
            Image.open(path).convert("RGB").quantize(COLORS).save(path, optimize=True)


if __name__ == "__main__":
    main()
