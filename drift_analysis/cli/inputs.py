"""What commands have in common: their arguments, what they load, and how far they are."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from drift_analysis.schemas import Dataset

__all__ = ["SAMPLE", "BaseUrl", "Out", "Paths", "loaded", "moment", "progress_bar"]

SAMPLE = Path("data/sample")

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Files, folders, globs, an archive; default: the sample."),
]
BaseUrl = Annotated[str, typer.Option(help="Where the API is.")]
Out = Annotated[Path, typer.Option("--out", help="The folder to write into; made if need be.")]


def moment(text: str) -> datetime:
    """Read a moment, or say what one looks like."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = "it is no moment such as 2026-06-01T10:00:00Z."
        raise typer.BadParameter(message) from None


def loaded(paths: list[str] | None) -> Dataset[pl.DataFrame]:
    """Load what was named, exports or one archive, else the sample, and say which."""
    from drift_analysis.sources import load

    if paths and len(paths) == 1 and _is_archive(Path(paths[0])):
        return _kept(paths[0])
    with progress_bar("Reading", unit="B") as progress:
        if paths:
            return load(paths, progress=progress)
        if SAMPLE.is_dir():
            typer.echo(f"No path was given: taking the sample in {SAMPLE}.", err=True)
            return load(SAMPLE, progress=progress)
        return _generated(progress)


def _is_archive(folder: Path) -> bool:
    from drift_analysis.sources.archive.layout import MANIFEST

    manifest = folder / MANIFEST
    return manifest.is_file() and b'"buckets"' in manifest.read_bytes()


def _kept(folder: str) -> Dataset[pl.DataFrame]:
    from drift_analysis.schemas import Dataset
    from drift_analysis.sources.archive import scan_archive
    from drift_analysis.sources.archive.layout import ARCHIVED

    kept = scan_archive(folder)
    tables = {name: getattr(kept, name).collect() for name in ARCHIVED}
    return Dataset(**tables, as_of=kept.as_of)


def _generated(progress: Callable[[int, int], None]) -> Dataset[pl.DataFrame]:
    from drift_analysis.sample import generate, write
    from drift_analysis.sources import load

    typer.echo("No path was given: taking a sample made for the occasion.", err=True)
    with tempfile.TemporaryDirectory() as folder:
        write(generate(300, seed=0), Path(folder))
        return load(folder, progress=progress)


@contextmanager
def progress_bar(label: str, *, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how far a long work is; elsewhere show nothing."""
    with tqdm(desc=label, unit=unit, unit_scale=unit == "B", leave=False, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
