"""A review in all the formats that are asked for, in one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .writing import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .review import Review

__all__ = ["write_all"]


def write_all(
    review: Review, formats: Sequence[str], out: Path, progress: Callable[[int, int], None]
) -> list[tuple[str, Path]]:
    """Write a review into a folder, and return what each thing is and where it is.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    MissingExtra
        If a format needs a package that is not installed.
    """
    written: list[tuple[str, Path]] = []
    if "html" in formats:
        page = review.write(out, progress=progress)
        written += [("Page", page), ("Charts", page.parent / "charts")]
    makers: dict[str, tuple[str, Callable[[Path], Path], str]] = {
        "pdf": ("Paper", review.pdf, "review.pdf"),
        "pptx": ("Slides", review.deck, "review.pptx"),
        "csv": ("Numbers", review.csv, "numbers"),
        "xlsx": ("Sheets", review.xlsx, "review.xlsx"),
    }
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    for name in formats:
        if name in makers:
            label, make, file = makers[name]
            written.append((label, make(out / file)))
    return written
