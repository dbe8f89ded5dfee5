"""What filters ask about: a few narrow columns, one row per conversation, found out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import Conversations, Messages
from drift_analysis.schemas.messages import AUTHOR_KINDS
from drift_analysis.schemas.tags import shown_tag, tag_key

from .filters import local_day
from .index import Index
from .names import playbook_names

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset

__all__ = ["Facts", "facts_of", "pattern", "spoken"]

_ID = Conversations.conversation_id.name


@dataclass(frozen=True, eq=False, slots=True)
class Facts:
    """The conversations, and beside them what filters ask about, in the same order of rows.

    Attributes
    ----------
    conversations
        A `Conversations` table.
    table
        For each of its rows the columns of the filters; a tag is the number of its row in `tags`.
    tags
        Every tag: what its spellings have in common (``key``), its first one (``name``).
    playbooks
        What each ``playbook_id`` is called (``playbook``).
    tagged, took_part
        The rows of each tag, by its number, and of each participant.
    messages
        The plan of a `Messages` table, which is read when a text is searched for.
    tz
        The time zone in which days begin.
    """

    conversations: pl.DataFrame
    table: pl.DataFrame
    tags: pl.DataFrame
    playbooks: pl.DataFrame
    tagged: Index
    took_part: Index
    messages: pl.LazyFrame
    tz: str
    _mentions: dict[str, pl.Series] = field(default_factory=dict)

    def tag_numbers(self, keys: tuple[str, ...]) -> list[int | None]:
        """Return the number of each tag; None where no conversation has it."""
        numbers: dict[str, int] = dict(self.tags.select("key", "number").iter_rows())
        return [numbers.get(key) for key in keys]

    def tags_with(self, text: str) -> list[int]:
        """Return the numbers of the tags of which a spelling holds a text."""
        held = pl.col("spellings").list.eval(pl.element().str.contains(pattern(text))).list.any()
        return self.tags.filter(held)["number"].to_list()

    def playbooks_with(self, text: str) -> list[int]:
        """Return the ids of the playbooks whose name holds a text."""
        held = pl.col("playbook").str.contains(pattern(text))
        return self.playbooks.filter(held)["playbook_id"].to_list()

    def mentions(self, text: str) -> pl.Series:
        """Tell of each conversation whether a message of it holds a text; the last one is kept."""
        if text not in self._mentions:
            m = Messages
            held = self.messages.filter(m.text.col.str.contains(pattern(text)))
            ids = held.select(m.conversation_id.col.unique()).collect().to_series()
            self._mentions.clear()
            self._mentions[text] = self.conversations[_ID].is_in(ids.implode())
        return self._mentions[text]


def facts_of(dataset: Dataset[Any], *, tz: str) -> Facts:
    """Find out what filters ask about; of the messages, four columns are read."""
    c = Conversations
    conversations: pl.DataFrame = c.require(dataset.conversations).lazy().collect()
    messages = Messages.require(dataset.messages).lazy()
    tags = _tags(conversations)
    table = (
        conversations.lazy()
        .select(
            c.conversation_id.col,
            c.status.col,
            c.inbox_id.col,
            c.playbook_id.col,
            c.is_detail.col,
            c.participants.col,
            day=local_day(tz),
        )
        .join(spoken(messages), on=_ID, how="left", maintain_order="left")
        .with_columns(
            *(pl.col(kind).fill_null(value=False) for kind in AUTHOR_KINDS),
            tags=_numbered(conversations, tags),
        )
        .collect()
    )
    return Facts(
        conversations=conversations,
        table=table,
        tags=tags,
        playbooks=playbook_names(dataset.playbooks),
        tagged=Index.of(table["tags"]),
        took_part=Index.of(table[c.participants.name]),
        messages=messages,
        tz=tz,
    )


def spoken(messages: pl.LazyFrame) -> pl.LazyFrame:
    """Sum up what the contact could see of each conversation.

    Returns
    -------
    :
        One row per conversation with a visible message: ``contact``, ``bot``, ``human`` and
        ``unknown`` (whether such an author wrote), ``duration`` from its first to its last
        message, and ``unanswered`` (null if the contact did not write).
    """
    m = Messages
    at, kind = m.created_at.col, m.author_kind.col
    asked, answered = pl.col("asked"), pl.col("answered")
    return (
        messages.filter(m.is_visible.col)
        .group_by(_ID)
        .agg(
            *((kind == each).any().alias(each) for each in AUTHOR_KINDS),
            duration=at.max() - at.min(),
            asked=at.filter(kind == "contact").min(),
            answered=at.filter(kind == "human").max(),
        )
        .select(
            _ID,
            *AUTHOR_KINDS,
            "duration",
            unanswered=pl.when(asked.is_not_null()).then((answered < asked).fill_null(value=True)),
        )
    )


def pattern(text: str) -> str:
    """Return the pattern of a text in any case."""
    return f"(?i){pl.escape_regex(text)}"


def _tags(conversations: pl.DataFrame) -> pl.DataFrame:
    name = Conversations.tags.col.explode().struct.field("name")
    spellings = conversations.lazy().select(name).drop_nulls().group_by("name").len("n").collect()
    return (
        spellings.with_columns(key=tag_key(pl.col("name")))
        .sort("n", "name", descending=[True, False])
        .group_by("key", maintain_order=True)
        .agg(shown_tag(pl.col("name").first()), spellings="name", n=pl.col("n").sum())
        .sort("n", "key", descending=[True, False])
        .drop("n")
        .with_row_index("number")
    )


def _numbered(conversations: pl.DataFrame, tags: pl.DataFrame) -> pl.Series:
    """Put the number of each tag in its place, so that no text is compared later."""
    numbers = tags.explode("spellings", empty_as_null=True).select("spellings", "number")
    names = pl.element().struct.field("name")
    old, new = numbers["spellings"], numbers["number"]
    put = names.replace_strict(old, new, return_dtype=pl.UInt32)
    column = Conversations.tags.col.list.eval(put)
    return conversations.select(column).to_series()
