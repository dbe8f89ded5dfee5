"""Commands that speak to Drift, or serve an invented one: fetch, sync, demo-server."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from .app import STOPPED, app
from .inputs import BaseUrl, Out, moment, progress_bar

__all__ = ["demo_server", "fetch", "sync"]


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
        progress_bar("Fetching", unit=" conversations") as progress,
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
        typer.Option(parser=moment, metavar="MOMENT", help="Leave out what changed before."),
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
            progress_bar("Syncing", unit=" conversations") as progress,
        ):
            done = bring_up(client, archive, since, progress=progress)
    except KeyboardInterrupt as stopped:
        typer.echo(str(stopped) or "Stopped.", err=True)
        raise typer.Exit(STOPPED) from None
    typer.echo(
        f"Fetched {done.conversations:,} changed conversations with {done.messages:,} messages, "
        f"in {done.requests:,} request{'s' * (done.requests != 1)}.\nArchive: {archive}"
    )


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
