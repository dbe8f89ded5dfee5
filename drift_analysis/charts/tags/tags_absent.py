"""What a picture of tags says where there is no tag to draw: none, unknown, or no conversations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drift_analysis.schemas import Conversations, TagFrequency

from ..kit.format import plural
from ..kit.frame import Words

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Known", "absent_words", "known_of", "unknown_sentence"]


@dataclass(frozen=True, slots=True)
class Known:
    """Of how many conversations the tags are known, and of how many they are not."""

    n_known: int
    n_unknown: int


def known_of(
    table: pl.DataFrame, conversations: pl.DataFrame | pl.LazyFrame | None
) -> Known | None:
    """Count in the conversations, or else read from the rows; null if neither can tell.

    A `TagFrequency` table has a row per tag, so that one without tags holds no counts.
    """
    if conversations is not None:
        tags = Conversations.tags.name
        frame = Conversations.require(conversations.lazy()).select(tags).collect()
        n_unknown = frame[tags].null_count()
        return Known(frame.height - n_unknown, n_unknown)
    if table.is_empty():
        return None
    t = TagFrequency
    keys = [name for name in table.columns if name == "period"]
    rows = table.unique(keys) if keys else table.head(1)
    return Known(int(rows[t.n_known.name].sum()), int(rows[t.n_unknown.name].sum()))


def unknown_sentence(n_unknown: int) -> str:
    """Say how many are in no share; nothing if none are."""
    if not n_unknown:
        return ""
    return f"Left out: {plural(n_unknown, 'conversation')} whose tags are unknown."


def absent_words(known: Known | None, span: str, as_of: str) -> Words:
    """Write the words of a picture without tags: unknown is never said to be none."""
    finding = _finding(known)
    caption = (unknown_sentence(known.n_unknown) if known else "", as_of)
    description = f"No picture: {finding[0].lower()}{finding[1:]}, {span}."
    return Words(finding, span, caption, description)


def _finding(known: Known | None) -> str:
    if known is None:
        return "No tag is known on any conversation"
    if known.n_known:
        if known.n_known == 1:
            return "The conversation has no tag"
        return f"None of the {plural(known.n_known, 'conversation')} has a tag"
    if known.n_unknown:
        whose = (
            "this conversation"
            if known.n_unknown == 1
            else f"these {plural(known.n_unknown, 'conversation')}"
        )
        return f"Tags of {whose} are unknown (list records only)"
    return "No conversations"
