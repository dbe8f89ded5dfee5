"""Tags that mean the same, counted as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.tags import tag_key

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["merge_tags", "new_names", "tag_keys"]

_ROW, _NEW = "__row", "__new"


def merge_tags(conversations: Frame, mapping: Mapping[str, str]) -> Frame:
    """Give tags another name, so that those that mean the same are counted as one.

    Old names are compared as tags are everywhere: case and spaces do not count, so that all
    spellings of a tag get the new name. An entry of a name to itself does nothing, and neither
    does a name that no conversation has: a mapping can be kept for later data. Names are followed
    to the end: of ``{"a": "b", "b": "c"}`` both become ``c``.

    A tag keeps its colour. A conversation on which something changes has each tag once
    afterwards, at the place of the first. Unknown tags stay unknown.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    mapping
        The new name for each old one, such as what the ``mapping`` of a `TagExplorer` is.

    Returns
    -------
    :
        The `Conversations` table with other ``tags``; all else is as it was.

    Raises
    ------
    SchemaError
        If `conversations` is no such table.
    InputError
        If `mapping` is no mapping of texts, has a blank new name, gives one tag two new names, or
        leads in a circle.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.tags.tag_merging import merge_tags
    >>> from drift_analysis.schemas import Conversations
    >>> tags = [{"name": "Demo"}, {"name": "demos"}]
    >>> row = {"conversation_id": 1, "created_at": datetime(2026, 1, 5, tzinfo=UTC), "tags": tags}
    >>> conversations = pl.DataFrame([row], schema=Conversations.schema())
    >>> merged = merge_tags(conversations, {"demos": "Demo"})
    >>> merged["tags"].to_list()
    [[{'name': 'Demo', 'color': None}]]
    """
    Conversations.require(conversations)
    names = new_names(mapping)
    if not names:
        return conversations
    return as_given(_merged(conversations.lazy(), names), conversations)


def _merged(conversations: pl.LazyFrame, names: dict[str, str]) -> pl.LazyFrame:
    """Put the tags of those conversations together anew on which something changes."""
    tags = Conversations.tags.name
    numbered = conversations.with_row_index(_ROW)
    uses = numbered.select(_ROW, tags).explode(tags).select(_ROW, pl.col(tags).struct.unnest())
    new = tag_key(pl.col("name")).replace_strict(
        list(names), list(names.values()), default=None, return_dtype=pl.String
    )
    renamed = uses.select("name").unique().with_columns(new.alias(_NEW))
    renamed = renamed.filter(pl.col(_NEW) != pl.col("name"))
    rows = uses.join(renamed, on="name", how="semi").select(_ROW).unique()
    changed = (
        uses.join(rows, on=_ROW, how="semi", maintain_order="left")
        .join(renamed, on="name", how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.coalesce(_NEW, "name").alias("name"))
        .with_columns(tag_key(pl.col("name")).alias(_NEW))
        .unique([_ROW, _NEW], keep="first", maintain_order=True)
        .group_by(_ROW, maintain_order=True)
        .agg(pl.struct("name", "color").alias(_NEW))
    )
    return (
        numbered.join(changed, on=_ROW, how="left", maintain_order="left")
        .with_columns(pl.coalesce(_NEW, tags).alias(tags))
        .drop(_ROW, _NEW)
    )


def new_names(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return what each tag is called in the end, by what its spellings have in common.

    Raises
    ------
    InputError
        As `merge_tags` says.
    """
    _require_texts(mapping)
    given = {old: new for old, new in mapping.items() if old != new}
    keys = tag_keys([*given, *given.values()])
    news: dict[str, set[str]] = {}
    for old, new in given.items():
        news.setdefault(keys[old], set()).add(new)
    if twice := sum(len(names) > 1 for names in news.values()):
        what = "The mapping gives one tag two new names."
        there = f"{twice} of {len(news)} tags; spellings that differ in case and spaces are one."
        raise InputError.of(what, there, "one new name for each tag.")
    steps = {key: next(iter(names)) for key, names in news.items()}
    return {key: _followed(key, steps, keys) for key in steps}


def tag_keys(names: list[str]) -> dict[str, str]:
    """Return what all spellings of each tag have in common, for a few names."""
    found = pl.Series("name", names, dtype=pl.String).to_frame()
    return dict(found.select("name", key=tag_key(pl.col("name"))).iter_rows())


def _followed(key: str, steps: dict[str, str], keys: dict[str, str]) -> str:
    """Follow the names from a tag to the last; a tag that is only spelled anew is the last."""
    passed = [key]
    while (after := keys[steps[passed[-1]]]) in steps and after != passed[-1]:
        if after in passed:
            what = "The mapping leads in a circle."
            there = f"{len(passed)} names lead to one another."
            raise InputError.of(what, there, "a mapping in which one of them is no old name.")
        passed.append(after)
    return steps[passed[-1]]


def _require_texts(mapping: Mapping[str, str]) -> None:
    is_mapping = isinstance(mapping, Mapping)
    texts = [*mapping, *mapping.values()] if is_mapping else [None]
    if not all(isinstance(text, str) for text in texts):
        what = "mapping= takes the new name for each old one."
        got = "values that are no texts" if is_mapping else type(mapping).__name__
        raise InputError.of(what, f"Got {got}.", "mapping={'demos': 'Demo'}.")
    if blank := sum(old != new and not new.strip() for old, new in mapping.items()):
        what = "A tag cannot be given a blank name."
        raise InputError.of(what, f"{blank} of {len(mapping)}.", "a name, or leave the entry out.")
