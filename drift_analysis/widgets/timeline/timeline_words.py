"""What a timeline of statuses says in words: the sample, the order, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.charts.kit.format import human_duration, human_moment, plural

from .timeline_state import SORTS

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from .timeline_state import Timeline

__all__ = ["sample_told", "subtitle_told"]


def subtitle_told(asked: Timeline, n: int, pages: int, n_all: int) -> str:
    """Say which of all conversations are drawn, and in which order they were chosen."""
    drawn = f"sample of {n:,} of {n_all:,} (seed {asked.seed})" if n < n_all else f"all {n:,}"
    page = f"page {asked.page} of {pages}, " if pages > 1 else ""
    chosen = f", {SORTS[asked.sort].lower()}" if pages > 1 else ""
    return f"Status of each conversation over time · {page}{drawn}{chosen}"


def sample_told(
    order: pl.DataFrame, asked: Timeline, n_all: int, *, as_of: datetime | None
) -> list[str]:
    """Say how many are on show, what stands out, and until when it is true."""
    if order.is_empty() or as_of is None:
        return ["There are no conversations to draw."]
    n = order.height
    shown = f"{plural(n, 'conversation')}, {SORTS[asked.sort].lower()}."
    if n < n_all:
        shown = (
            f"A sample of {n:,} of {n_all:,} conversations, drawn by chance (seed {asked.seed}), "
            f"{SORTS[asked.sort].lower()}."
        )
    n_open = order["open_for"].drop_nulls().len()
    n_uncertain = order.filter(order["uncertain"].dt.total_milliseconds() > 0).height
    longest = order["waited"].max()
    waited = ""
    if longest is not None:
        waited = f" The longest wait for a human is {human_duration(longest)}."  # type: ignore[arg-type]
    found = (
        f"{n_open:,} open or pending at the end; of {n_uncertain:,} the status is uncertain at "
        f"some time.{waited} As of {human_moment(as_of)}."
    )
    return [shown, found]
