"""The application to which every command belongs, and how it ends."""

from __future__ import annotations

import sys

import typer

from drift_analysis.errors import DriftAnalysisError, Incomplete

__all__ = ["FAILED", "FOUND", "STOPPED", "app", "main"]

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


def main() -> None:
    """Run the command line; our own errors end in their three lines, without a traceback."""
    try:
        app()
    except Incomplete as error:
        _stop(error, FOUND)
    except DriftAnalysisError as error:
        _stop(error, FAILED)


def _stop(error: DriftAnalysisError, code: int) -> None:
    typer.echo(str(error), err=True)
    sys.exit(code)
