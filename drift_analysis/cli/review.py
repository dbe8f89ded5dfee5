"""Write a review: page, slides, paper and numbers, by options or a file of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .inputs import Paths, loaded, progress_bar

__all__ = ["review"]


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
    section: Annotated[
        list[str] | None, typer.Option(help="A section, or 'all'; may be repeated.")
    ] = None,
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
    dataset = loaded(list(options.paths))
    asked = options.review(dataset)
    with progress_bar("Drawing", unit=" steps") as progress:
        written = write_all(asked, options.formats, Path(options.out), progress)
    typer.echo(headline(dataset))
    for label, path in written:
        typer.echo(f"{label + ':':<9}{path.resolve()}")
