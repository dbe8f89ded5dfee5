"""The mapping of a tag explorer: what is merged, what is kept apart, and how it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.metrics.tags.tag_merging import new_names, tag_keys

from ..asked.filters import same_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .tag_asked import TagsAsked
    from .tag_tables import TagTables

__all__ = ["Mapped", "decision", "pairs_of"]


class Mapped:
    """The half of a tag explorer that decides which tags are one."""

    asked: TagsAsked
    change: Callable[..., None]
    _tables: TagTables

    @property
    def mapping(self) -> dict[str, str]:
        """The new name for each old one, as `drift_analysis.merge_tags` takes it."""
        return dict(self.asked.merged)

    @mapping.setter
    def mapping(self, mapping: Mapping[str, str]) -> None:
        self.change(merged=pairs_of(mapping))

    def merge(self, old: str, new: str) -> None:
        """Count a tag under another name; all its spellings follow.

        Raises
        ------
        InputError
            If the new name is blank, or leads in a circle.
        """
        self.asked = _merged(self.asked, old, new)

    def keep_apart(self, spelling: str) -> None:
        """Leave a tag as it is, whatever is proposed."""
        asked = _unmerged(self.asked, spelling)
        self.asked = replace(asked, apart=(*asked.apart, spelling))

    def take_all(self) -> None:
        """Merge all that is proposed, but for what is merged otherwise or kept apart."""
        proposed = self._tables.proposals.filter(pl.col("reason").is_not_null())
        pairs = list(proposed.select("spelling", "into").iter_rows())
        keys = tag_keys([spelling for spelling, _ in pairs] + list(self.asked.apart))
        decided = new_names(self.mapping).keys() | {keys[each] for each in self.asked.apart}
        taken = tuple(pair for pair in pairs if keys[pair[0]] not in decided)
        self.change(merged=(*self.asked.merged, *taken))

    def save_mapping(self, path: str | Path) -> Path:
        """Write the mapping to a JSON file; ``json.loads`` of it is a mapping again."""
        target = Path(path)
        text = json.dumps(self.mapping, ensure_ascii=False, indent=2, sort_keys=True)
        target.write_text(f"{text}\n", "utf-8")
        return target


def pairs_of(mapping: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Check a mapping, and return it as pairs.

    Raises
    ------
    InputError
        As `drift_analysis.merge_tags` says.
    """
    given: Any = {} if mapping is None else mapping
    new_names(given)
    return tuple(given.items())


def decision(asked: TagsAsked, shown: Callable[[str], str]) -> Callable[[str], str]:
    """Return how to say what was decided of a spelling."""
    names = new_names(dict(asked.merged))
    apart = set(tag_keys(list(asked.apart)).values())

    def told(spelling: str) -> str:
        key = same_tag(spelling)
        if key in names and names[key] != spelling:
            return f"counts as {shown(names[key])}"
        return "kept apart" if key in apart else "open"

    return told


def _merged(asked: TagsAsked, old: str, new: str) -> TagsAsked:
    new = new.strip()
    if not new:
        raise InputError.of("A tag cannot be given a blank name.", "", "a name for it.")
    asked = _unmerged(asked, old)
    return asked if old == new else replace(asked, merged=(*asked.merged, (old, new)))


def _unmerged(asked: TagsAsked, old: str) -> TagsAsked:
    """Forget what was decided of a tag."""
    keys = tag_keys([old, *(each for each, _ in asked.merged), *asked.apart])
    return replace(
        asked,
        merged=tuple(pair for pair in asked.merged if keys[pair[0]] != keys[old]),
        apart=tuple(each for each in asked.apart if keys[each] != keys[old]),
    )
