"""The command line: review and check exports, fetch, sync and archive them, make a sample."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from drift_analysis.errors import DriftAnalysisError, Incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from drift_analysis.schemas import Dataset

__all__ = ["app", "main"]

SAMPLE = Path("data/sample")
FOUND, FAILED, STOPPED = 1, 2, 130

app = typer.Typer(
    name="drift-analysis",
    help="Honest metrics and pictures from Drift's chat conversations.\n\n"
    "Exit codes: 0 done; 1 done, but check or archive found rejects, or issues of severity "
    "warning or error, or fetch or sync misses replies; 2 it could not be done; 130 stopped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Files, folders or globs; default: the sample."),
]
BaseUrl = Annotated[str, typer.Option(help="Where the API is.")]
Out = Annotated[Path, typer.Option("--out", help="The folder to write into; made if need be.")]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = "it is no moment such as 2026-06-01T10:00:00Z."
        raise typer.BadParameter(message) from None


def main() -> None:
    """Run the command line; our own errors end in their three lines, without a traceback."""
    try:
        app()
    except Incomplete as error:
        _stop(error, FOUND)
    except DriftAnalysisError as error:
        _stop(error, FAILED)


@app.command()
def review(
    out: Out,
    paths: Paths = None,
    tz: Annotated[str, typer.Option(help="Time zone of days and moments.")] = "UTC",
    title: Annotated[str | None, typer.Option(help="Title of the page.")] = None,
) -> None:
    """Write one offline page with charts and the numbers behind them.

    Ends with 0 when the page was written: what could not be read stands on it.
    """
    from drift_analysis.report import Review
    from drift_analysis.report.summary import headline

    dataset = _load(paths)
    with _progress("Drawing", unit=" steps") as progress:
        page = Review(dataset, title=title, tz=tz).write(out, progress=progress)
    typer.echo(headline(dataset))
    typer.echo(f"Page:    {page.resolve()}")
    typer.echo(f"Charts:  {page.resolve().parent / 'charts'}")


@app.command()
def check(paths: Paths = None) -> None:
    """Say what an export holds and what is wrong with it."""
    from drift_analysis.report.summary import description, is_sound

    dataset = _load(paths)
    typer.echo(description(dataset))
    if not is_sound(dataset):
        raise typer.Exit(FOUND)


@app.command()
def fetch(
    out: Out,
    *,
    details: Annotated[bool, typer.Option(help="Fetch each conversation's detail.")] = True,
    messages: Annotated[bool, typer.Option(help="Fetch each conversation's messages.")] = True,
    base_url: BaseUrl = "https://driftapi.com",
) -> None:
    """Save the replies of the API as they come; the token is read from DRIFT_TOKEN."""
    from drift_analysis.sources.api.client import DriftClient
    from drift_analysis.sources.api.fetch import fetch as save_replies

    with (
        DriftClient(base_url=base_url) as client,
        _progress("Fetching", unit=" conversations") as progress,
    ):
        saved = save_replies(client, out, details=details, messages=messages, progress=progress)
    typer.echo(
        f"Fetched {saved.conversations:,} conversations ({saved.details:,} in detail) and "
        f"{saved.messages:,} messages: {saved.files:,} replies, {saved.bytes:,} bytes."
    )
    typer.echo(f"Replies: {out}")


@app.command()
def sync(
    archive: Annotated[Path, typer.Argument(help="The archive's folder; made if need be.")],
    *,
    since: Annotated[
        datetime | None,
        typer.Option(parser=_moment, metavar="MOMENT", help="Leave out what changed before."),
    ] = None,
    per_second: Annotated[float, typer.Option(help="The most requests in a second.")] = 5.0,
    base_url: BaseUrl = "https://driftapi.com",
) -> None:
    """Fetch what has changed into an archive; the token is read from DRIFT_TOKEN."""
    from drift_analysis.sources.api.client import DriftClient
    from drift_analysis.sources.api.sync import sync as bring_up

    try:
        with (
            DriftClient(base_url=base_url, requests_per_second=per_second) as client,
            _progress("Syncing", unit=" conversations") as progress,
        ):
            done = bring_up(client, archive, since, progress=progress)
    except KeyboardInterrupt as stopped:
        typer.echo(str(stopped) or "Stopped.", err=True)
        raise typer.Exit(STOPPED) from None
    typer.echo(
        f"Fetched {done.conversations:,} changed conversations with {done.messages:,} messages, "
        f"in {done.requests:,} requests.\nArchive: {archive}"
    )


@app.command()
def archive(
    source: Annotated[str, typer.Argument(help="A file, a folder or a glob, of any size.")],
    archive: Annotated[Path, typer.Argument(help="The archive's folder; made if need be.")],
    *,
    fetched_at: Annotated[
        datetime | None,
        typer.Option(parser=_moment, metavar="MOMENT", help="When Drift answered: ISO 8601."),
    ] = None,
    strict: Annotated[bool, typer.Option(help="Stop at the first reject.")] = False,
) -> None:
    """Add an export to an archive, in memory that does not grow with it."""
    from drift_analysis.report.summary import holdings, is_clean
    from drift_analysis.sources import load_archive

    with _progress("Archiving", unit="B") as progress:
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


@app.command()
def demo_server(
    n: Annotated[int, typer.Option(min=1, help="How many conversations.")] = 300,
    port: Annotated[int, typer.Option(help="The port on this machine; 0 for any.")] = 8321,
    generation: Annotated[int, typer.Option(min=1, max=2, help="How the list is paged.")] = 1,
    per_minute: Annotated[int | None, typer.Option(min=1, help="A limit of requests.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help="KIND[:PATH[:NTH[:TIMES]]].")] = None,
    *,
    moving: Annotated[bool, typer.Option(help="Let conversations change meanwhile.")] = False,
) -> None:
    """Serve an invented Drift on this machine, to try the client on."""
    from drift_analysis.demo import made, serving

    demo = made(n, generation, per_minute, fault or [], moving=moving)
    with serving(demo, port=port) as url:
        typer.echo(f"Drift:   {url}\nToken:   {demo.token}\nCtrl-C ends it.")
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(0.2)


def _load(paths: list[str] | None) -> Dataset[pl.DataFrame]:
    """Load what was named, else the sample, and say which."""
    from drift_analysis.sources import load

    with _progress("Reading", unit="B") as progress:
        if paths:
            return load(paths, progress=progress)
        if SAMPLE.is_dir():
            typer.echo(f"No path was given: taking the sample in {SAMPLE}.", err=True)
            return load(SAMPLE, progress=progress)
        return _load_generated(progress)


def _load_generated(progress: Callable[[int, int], None]) -> Dataset[pl.DataFrame]:
    from drift_analysis.sample import generate, write
    from drift_analysis.sources import load

    typer.echo("No path was given: taking a sample made for the occasion.", err=True)
    with tempfile.TemporaryDirectory() as folder:
        write(generate(300, seed=0), Path(folder))
        return load(folder, progress=progress)


@contextmanager
def _progress(label: str, *, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how far a long work is; elsewhere show nothing."""
    with tqdm(desc=label, unit=unit, unit_scale=True, leave=False, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _stop(error: DriftAnalysisError, code: int) -> None:
    typer.echo(str(error), err=True)
    sys.exit(code)
