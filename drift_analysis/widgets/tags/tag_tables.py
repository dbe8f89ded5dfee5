"""The tables behind a tag explorer; each is made once for each mapping."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from drift_analysis.metrics import merge_tags, tag_cooccurrence, tag_frequency, tag_variants
from drift_analysis.metrics.tags.tag_merging import new_names, tag_keys

from ..asked.filters import Filters
from ..asked.index import Index
from ..asked.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..asked.facts import Facts
    from .tag_asked import TagsAsked

__all__ = ["TagTables"]

_MOST = 6  # mappings of which tables are kept, so that undoing costs nothing
_Found = TypeVar("_Found")


class TagTables:
    """What can be asked of the tags of a data set, under a mapping of old names to new ones."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}
        self._mapped: dict[tuple[tuple[str, str], ...], Facts] = {}

    def frame(self, asked: TagsAsked) -> pl.DataFrame:
        """Return the table of the view that is asked for."""
        if asked.view == "spellings":
            return self.proposals
        if asked.view == "frequency":
            return self.frequency(asked)
        conversations, tz = self.conversations(asked), self._facts.tz
        if asked.view == "pairs":
            return self._once(asked, "pairs", lambda: tag_cooccurrence(conversations))
        return self._once(
            asked,
            f"trend {asked.every}",
            lambda: tag_frequency(conversations, every=asked.every, tz=tz),
        )

    def frequency(self, asked: TagsAsked) -> pl.DataFrame:
        """Return how often each tag is used."""
        conversations, tz = self.conversations(asked), self._facts.tz
        return self._once(asked, "frequency", lambda: tag_frequency(conversations, tz=tz))

    @cached_property
    def proposals(self) -> pl.DataFrame:
        """Which spellings look alike, whatever the mapping."""
        return tag_variants(self._facts.conversations)

    def conversations(self, asked: TagsAsked) -> pl.DataFrame:
        """Return the conversations, with their tags as they are merged."""
        return self._once(
            asked,
            "conversations",
            lambda: merge_tags(self._facts.conversations, dict(asked.merged)),
        )

    def selection(self, asked: TagsAsked) -> Selection:
        """Return the conversations that have the tags asked for."""
        tags = tuple(tag for tag in (asked.tag, asked.also) if tag is not None)
        return Selection(self._merged_facts(asked), Filters(tag=tags or None, match="all"))

    def count(self, asked: TagsAsked) -> int:
        """Count the conversations that have the tags asked for, or whose tags are known."""
        if asked.tag is not None:
            return self.selection(asked).height
        return int(self._facts.table["tags"].is_not_null().sum())

    def keys(self, asked: TagsAsked) -> dict[str, str]:
        """Return what the spellings of each tag have in common, by its name."""
        names = self.frequency(asked)["tag"]
        return self._once(asked, "keys", lambda: tag_keys(names.to_list()))

    def _merged_facts(self, asked: TagsAsked) -> Facts:
        """Give the tags that are one the same number, so that no text is compared."""
        if asked.merged not in self._mapped:
            self._mapped = {asked.merged: _numbered(self._facts, dict(asked.merged))}
        return self._mapped[asked.merged]

    def _once(self, asked: TagsAsked, name: str, make: Callable[[], _Found]) -> _Found:
        """Make a table once for each mapping; those of the last few mappings are kept."""
        known = self._known.pop(asked.merged, {})
        self._known = {**dict([*self._known.items()][1 - _MOST :]), asked.merged: known}
        if name not in known:
            known[name] = make()
        found: _Found = known[name]
        return found


def _numbered(facts: Facts, mapping: dict[str, str]) -> Facts:
    names = new_names(mapping)
    keys = tag_keys(list(names.values()))
    last = {old: keys[new] for old, new in names.items()}
    key = pl.col("key").replace(last)
    numbers = facts.tags.select("number", key=key, one=pl.col("number").first().over(key))
    one = pl.element().replace_strict(numbers["number"], numbers["one"], return_dtype=pl.UInt32)
    table = facts.table.with_columns(pl.col("tags").list.eval(one)) if last else facts.table
    return replace(
        facts,
        tags=numbers.select("key", number="one").unique("key", maintain_order=True),
        table=table,
        tagged=Index.of(table["tags"]) if last else facts.tagged,
    )
