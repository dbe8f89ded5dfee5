"""The colours that tags wear in Drift, for tables that do not hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import TagFrequency

from ..kit.color import readable
from ..kit.prepare import collected
from ..kit.theme import ACCENT

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["colors_of"]


def colors_of(tags: Iterable[str], frequency: pl.DataFrame | pl.LazyFrame | None) -> pl.Series:
    """Return the colour of each tag, made readable; grey if it has none.

    Parameters
    ----------
    tags
        The tags.
    frequency
        A `TagFrequency` table; without one all have the accent.
    """
    own: dict[str, str | None] = {}
    if frequency is not None:
        known = collected(frequency, TagFrequency).sort("conversations")
        own = dict(zip(known["tag"], known["color"], strict=True))
    found = [ACCENT if frequency is None else readable(own.get(tag)) for tag in tags]
    return pl.Series("color", found, dtype=pl.String)
