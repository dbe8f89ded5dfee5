"""The code that gives what a tag explorer shows, and the picture that it draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.frame import Words, calm
from drift_analysis.charts.tags.tag_pairs import tag_cooccurrence
from drift_analysis.charts.tags.tag_trend import tag_trend
from drift_analysis.charts.tags.tags import tag_frequency

from .tag_masking import masked_tags

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from drift_analysis.charts.kit.frame import Picture

    from .tag_asked import TagsAsked

__all__ = ["code_of", "picture_of"]

_METRICS = {
    "frequency": "da.tag_frequency(conversations, tz={tz!r})",
    "trend": "da.tag_frequency(conversations, every={every!r}, tz={tz!r})",
    "pairs": "da.tag_cooccurrence(conversations)",
    "spellings": "da.tag_variants(dataset.conversations.lazy().collect())",
}
_CHARTS = {
    "frequency": "tag_frequency",
    "trend": "tag_trend",
    "pairs": "tag_cooccurrence",
    "spellings": "tag_frequency",
}
_NO_DATA = "This data set holds no conversations."


def code_of(asked: TagsAsked, names: Sequence[str], *, tz: str, hides: bool, is_dated: bool) -> str:
    """Write the code that gives ``frame``, ``chart`` and ``ids`` from a ``dataset``.

    Parameters
    ----------
    asked
        What is on show.
    names
        The tags that are chosen, as they are called.
    tz
        The time zone in which periods begin.
    hides
        Whether anything in the names of tags is hidden in the picture.
    is_dated
        Whether the data set has an `as_of`; there is no picture without.

    Examples
    --------
    >>> from drift_analysis.widgets.tags.tag_asked import TagsAsked
    >>> from drift_analysis.widgets.tags.tag_code import code_of
    >>> asked = TagsAsked(merged=(("demos", "Demo"),))
    >>> print(code_of(asked, [], tz="UTC", hides=False, is_dated=True))
    import polars as pl
    <BLANKLINE>
    import drift_analysis as da
    <BLANKLINE>
    mapping = {'demos': 'Demo'}
    conversations = da.merge_tags(dataset.conversations.lazy().collect(), mapping)
    frame = da.tag_frequency(conversations, tz='UTC')
    chart = da.charts.tag_frequency(
        frame, as_of=dataset.as_of, conversations=conversations, tz='UTC', limit=10
    )
    ids = conversations.filter(pl.col("tags").is_not_null())["conversation_id"]
    <BLANKLINE>
    """
    tags = [tag for tag in (asked.tag, asked.also) if tag is not None]
    lines = ["import polars as pl", "", "import drift_analysis as da"]
    lines += [
        "",
        f"mapping = {dict(asked.merged)!r}",
        "conversations = da.merge_tags(dataset.conversations.lazy().collect(), mapping)",
        f"frame = {_METRICS[asked.view].format(tz=tz, every=asked.every)}",
    ]
    lines += _chart(asked, names, tz=tz, hides=hides) if is_dated else []
    kept = 'pl.col("tags").is_not_null()'
    if tags:
        name = 'pl.element().struct.field("name")'
        lines.append(f'tags = pl.col("tags").list.eval(da.schemas.tag_key({name}))')
        kept = ", ".join(f"tags.list.contains({tag!r})" for tag in tags)
    lines.append(f'ids = conversations.filter({kept})["conversation_id"]')
    return "\n".join([*lines, ""])


def _chart(asked: TagsAsked, names: Sequence[str], *, tz: str, hides: bool) -> list[str]:
    drawn = "frame"
    if asked.view == "spellings":
        drawn = f"da.tag_frequency(conversations, tz={tz!r})"
    if asked.view == "trend" and names:
        drawn = f'frame.filter(pl.col("tag").is_in({list(names)!r}))'
    if hides:
        drawn = f"da.widgets.masked_tags({drawn})"
    counted = "" if asked.view == "pairs" else " conversations=conversations,"
    return [
        f"chart = da.charts.{_CHARTS[asked.view]}(",
        f"    {drawn}, as_of=dataset.as_of,{counted} tz={tz!r}, limit={asked.limit}",
        ")",
    ]


def picture_of(
    asked: TagsAsked,
    tables: dict[str, pl.DataFrame],
    names: Sequence[str],
    *,
    as_of: datetime | None,
    tz: str,
    hides: bool,
) -> Picture:
    """Draw what is on show.

    Parameters
    ----------
    asked
        What is on show.
    tables
        The ``frame`` on show, the ``frequency`` of all tags, and the ``conversations``.
    names
        The tags that are chosen, as they are called.
    as_of
        The moment of the data set; there is only a sentence without.
    tz
        The time zone in which periods begin.
    hides
        Whether addresses and numbers in the names of tags are hidden.
    """
    if as_of is None:
        return calm(_NO_DATA, Words("No conversations", "", (), f"No picture: {_NO_DATA}"), "full")
    drawn = tables["frequency" if asked.view == "spellings" else "frame"]
    if asked.view == "trend" and names:
        drawn = drawn.filter(pl.col("tag").is_in(list(names)))
    drawn = masked_tags(drawn) if hides else drawn
    if asked.view == "pairs":
        return tag_cooccurrence(drawn, as_of=as_of, tz=tz, limit=asked.limit)
    draw = tag_trend if asked.view == "trend" else tag_frequency
    counted = tables["conversations"]
    return draw(drawn, as_of=as_of, conversations=counted, tz=tz, limit=asked.limit)
