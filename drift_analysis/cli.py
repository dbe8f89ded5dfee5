"""The command line: review an export, check it, fetch one, archive it, make a sample."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
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
FOUND, FAILED = 1, 2

app = typer.Typer(
    name="drift-analysis",
    help="Honest metrics and pictures from Drift's chat conversations.\n\n"
    "Exit codes: 0 done; 1 done, but check or archive found rejects, or issues of severity "
    "warning or error, or fetch misses replies; 2 it could not be done.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Files, folders or globs; default: the sample."),
]
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
    paths: Paths = None,
    *,
    out: Annotated[Path | None, typer.Option(help="The folder to write into.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="A TOML file of these options; the command line wins.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the review.")] = None,
    tz: Annotated[str | None, typer.Option(help="Time zone of days; default: UTC.")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="The end of what is known: ISO 8601.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="When they began: 2026-03, 2026-Q1, 'last 4 weeks'.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The first day on which they began.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="The last day on which they began.")
    ] = None,
    compare: Annotated[
        str | None, typer.Option(help="'previous', a period, or two days: 2026-02-01/2026-02-28.")
    ] = None,
    section: Annotated[list[str] | None, typer.Option(help="A section; may be repeated.")] = None,
    inbox: Annotated[list[int] | None, typer.Option(help="Only this inbox, by id.")] = None,
    playbook: Annotated[list[str] | None, typer.Option(help="Only this one, id or name.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only what has this tag.")] = None,
    formats: Annotated[
        str | None, typer.Option("--format", help="html,pdf,pptx,csv,xlsx; default: html.")
    ] = None,
    pseudonyms: Annotated[
        bool | None,
        typer.Option("--pseudonyms", help="No ids, by the key in DRIFT_ANALYSIS_KEY."),
    ] = None,
) -> None:
    """Write a review: one offline page with charts and the numbers behind them, slides, a PDF.

    Ends with 0 when the page was written: what could not be read stands on it.
    """
    from drift_analysis.report.options import options_of, read_options
    from drift_analysis.report.outputs import write_all
    from drift_analysis.report.summary import headline

    given = {
        "paths": paths,
        "out": out,
        "title": title,
        "tz": tz,
        "as_of": as_of,
        "period": period,
        "from": first,
        "to": last,
        "compare": compare,
        "sections": section,
        "inboxes": inbox,
        "playbooks": [int(each) if each.isdecimal() else each for each in playbook or []] or None,
        "tags": tag,
        "formats": formats.replace(" ", "").split(",") if formats else None,
        "pseudonyms": pseudonyms,
    }
    options = options_of(read_options(config) if config else {}, given)
    if options.out is None:
        missing = "Missing option '--out', on the command line or in a file."
        raise typer.BadParameter(missing)
    dataset = _load(list(options.paths))
    asked = options.review(dataset)
    with _progress("Drawing", unit=" steps") as progress:
        written = write_all(asked, options.formats, Path(options.out), progress)
    typer.echo(headline(dataset))
    for label, path in written:
        typer.echo(f"{label + ':':<9}{path.resolve()}")


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
    base_url: Annotated[str, typer.Option(help="Where the API is.")] = "https://driftapi.com",
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
