"""How complete the data is and what could not be read, as the page tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.charts.kit.format import human_period, plural

from .contents import coverage, findings, log_window, rejects_by_reason, sizes

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.schemas import Dataset

__all__ = ["tables"]

_AT_MOST = 50


def tables(dataset: Dataset[pl.DataFrame], *, tz: str) -> dict[str, str | pl.DataFrame]:
    """Return the last parts of the page: sentences, and tables with headings in plain words."""
    return {
        "log_window": _log_window(dataset, tz=tz),
        "coverage": _headed(
            coverage(dataset), "Metric", "Can be had for", "Of", "Share", "Needs", "To mind"
        ),
        "sizes": _headed(sizes(dataset), "Table", "Rows"),
        "rejects": _headed(
            rejects_by_reason(dataset.rejects).head(_AT_MOST),
            *("Source", "Reason", "How many", "Where", "Because"),
        ),
        "rejects_sentence": f"Of what was read, {_pieces(dataset.rejects.height)} no table.",
        "findings": _headed(
            findings(dataset).head(_AT_MOST),
            *("Severity", "Finding", "Table", "How many", "Of", "Share", "What it is", "Such as"),
        ),
    }


def _headed(frame: pl.DataFrame, *headings: str) -> pl.DataFrame:
    return frame.rename(dict(zip(frame.columns, headings, strict=True)))


def _log_window(dataset: Dataset[pl.DataFrame], *, tz: str) -> str:
    window = log_window(dataset.status_events)
    if window is None:
        return (
            "There is no webhook log, so changes of status are known only where a message or a "
            "record witnesses them."
        )
    return (
        f"The webhook log tells of changes of status, {human_period(*window, tz)}. It is taken "
        "to be complete from its first event on; where it contradicts a message or a record, "
        "stays have bounds only."
    )


def _pieces(n: int) -> str:
    return f"{plural(n, 'piece')} {'fits' if n == 1 else 'fit'}"
