"""Commands on exports that stand in files: check, archive, and make a sample."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from .app import FOUND, app
from .inputs import Out, Paths, loaded, moment, progress_bar

__all__ = ["archive", "check", "sample"]


@app.command()
def check(paths: Paths = None) -> None:
    """Say what an export holds and what is wrong with it."""
    from drift_analysis.report.summary import description, is_sound

    dataset = loaded(paths)
    typer.echo(description(dataset))
    if not is_sound(dataset):
        raise typer.Exit(FOUND)


@app.command()
def archive(
    source: Annotated[str, typer.Argument(help="A file, a folder or a glob, of any size.")],
    archive: Annotated[Path, typer.Argument(help="The archive's folder; made if need be.")],
    *,
    fetched_at: Annotated[
        datetime | None,
        typer.Option(parser=moment, metavar="MOMENT", help="When Drift answered: ISO 8601."),
    ] = None,
    strict: Annotated[bool, typer.Option(help="Stop at the first reject.")] = False,
) -> None:
    """Add an export to an archive, in memory that does not grow with it."""
    from drift_analysis.report.summary import holdings, is_clean
    from drift_analysis.sources import load_archive

    with progress_bar("Archiving", unit="B") as progress:
        kept = load_archive(
            source, archive, fetched_at=fetched_at, strict=strict, progress=progress
        )
    typer.echo(holdings(kept))
    typer.echo(f"\nArchive: {archive}")
    if not is_clean(kept):
        raise typer.Exit(FOUND)


@app.command()
def sample(
    out: Out,
    n: Annotated[int, typer.Option(min=1, help="How many conversations.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same sample.")] = 0,
) -> None:
    """Write invented conversations in the shapes of Drift's own replies."""
    from drift_analysis.sample import generate, write

    write(generate(n, seed=seed), out)
    typer.echo(f"Sample:  {out}")
