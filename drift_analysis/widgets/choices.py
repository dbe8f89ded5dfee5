"""What each filter offers: every value that the data set holds, and how often in all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.metrics.playbook_names import names_of
from drift_analysis.metrics.tags import tag_frequency
from drift_analysis.schemas import LIFE_ORDER, Conversations, TagFrequency
from drift_analysis.schemas.tags import tag_key

from .filters import Absence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "EVERYTHING",
    "inbox_choices",
    "playbook_choices",
    "playbook_names",
    "short",
    "status_choices",
    "tag_choices",
    "with_playbook",
]

Choices = list[tuple[str, Any]]
"""What a dropdown offers: a label and a value each."""

EVERYTHING = ""
"""The value that lets everything pass; ipywidgets takes None for no choice at all."""

_LONGEST = 48


def status_choices(conversations: pl.DataFrame) -> Choices:
    """Offer the statuses that occur, in the order of a life."""
    counts = dict(_counts(conversations, Conversations.status.col))
    occurring = [status for status in LIFE_ORDER if status in counts]
    rows = ((status.replace("_", " "), status, counts[status]) for status in occurring)
    return _choices("All statuses", rows)


def inbox_choices(conversations: pl.DataFrame) -> Choices:
    """Offer the inboxes that occur, the busiest first."""
    counts = _counts(conversations, Conversations.inbox_id.col)
    return _choices("All inboxes", ((f"Inbox {inbox}", inbox, n) for inbox, n in counts))


def playbook_choices(conversations: pl.DataFrame, names: pl.DataFrame) -> Choices:
    """Offer the playbooks that occur, the busiest first, then none and not known."""
    c = Conversations
    named = dict(names.iter_rows())
    rows = [
        (named.get(playbook, f"Playbook {playbook}"), playbook, n)
        for playbook, n in _counts(conversations, c.playbook_id.col)
    ]
    missing = conversations.filter(c.playbook_id.col.is_null())[c.is_detail.name]
    none, unknown = int(missing.sum()), int((~missing).sum())
    return _choices("All playbooks", [*rows, *_absent("No playbook", none, unknown)])


def tag_choices(conversations: pl.DataFrame) -> Choices:
    """Offer the tags that occur, the most frequent first, then none and not known."""
    tags = conversations[Conversations.tags.name]
    none, unknown = int((tags.list.len() == 0).sum()), tags.null_count()
    counts = tag_frequency(conversations).select(
        TagFrequency.tag.col,
        tag_key(TagFrequency.tag.col).alias("key"),
        TagFrequency.conversations.col,
    )
    return _choices("All tags", [*counts.iter_rows(), *_absent("Untagged", none, unknown)])


def playbook_names(playbooks: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Return what each id of a playbook is called: ``playbook_id`` and ``playbook``, no null.

    A conversation may carry either of the two ids of a playbook.
    """
    names = names_of(playbooks.lazy()).drop_nulls().rename({"playbook_name": "playbook"})
    return names.collect()


def with_playbook(conversations: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Add what the playbook is called: ``playbook``, never null; ``none`` is not unknown."""
    c = Conversations
    absent = pl.when(c.is_detail.col).then(pl.lit("none")).otherwise(pl.lit("not known"))
    number = pl.format("Playbook {}", c.playbook_id.col)
    return conversations.join(
        names, on=c.playbook_id.name, how="left", maintain_order="left"
    ).with_columns(pl.coalesce("playbook", number, absent))


def short(text: str) -> str:
    """Cut a text to what fits on one line of a control."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _counts(conversations: pl.DataFrame, value: pl.Expr) -> Iterator[tuple[Any, int]]:
    """Count each value that is known, the most frequent first."""
    return (
        conversations.select(value.alias("value"))
        .drop_nulls()
        .group_by("value")
        .len("n")
        .sort("n", "value", descending=[True, False])
        .iter_rows()
    )


def _absent(label: str, none: int, unknown: int) -> Iterator[tuple[str, Absence, int]]:
    if none:
        yield label, Absence.NONE, none
    if unknown:
        yield "Not known", Absence.UNKNOWN, unknown


def _choices(everything: str, rows: Iterable[tuple[str, Any, int]]) -> Choices:
    return [
        (everything, EVERYTHING),
        *((f"{short(label)} ({n:,} of all)", value) for label, value, n in rows),
    ]
