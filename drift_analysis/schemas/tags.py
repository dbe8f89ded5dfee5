"""How often each tag is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dataframely as dy

from .base import Table, moment
from .columns import count, rate, string

if TYPE_CHECKING:
    import polars as pl

__all__ = ["TagFrequency", "shown_tag", "tag_key"]

_FOLDS = {"\u00df": "ss", "\u03c2": "\u03c3", "\u017f": "s"}


class TagFrequency(Table):
    """One row per tag, and per period and group where those were asked for (they stand first).

    Drift keeps no time for a tag: all dates are those of the conversations.
    """

    tag = string("The tag, in its most frequent spelling.")
    color = string("Its most frequent colour, as six hex digits.", null="never had one")
    conversations = count("Conversations that have it; several times on one counts once.")
    share = rate("Of the conversations whose tags are known.", null="none are known")
    share_lo = rate("Lower 95 % bound (Wilson).", null="none are known")
    share_hi = rate("Upper 95 % bound (Wilson).", null="none are known")
    n_known = count("Conversations whose tags are known.")
    n_untagged = count("Those of them that have no tag.")
    n_unknown = count("Conversations whose tags are unknown; in no denominator.")
    first_seen = moment("When the earliest conversation with it was created.", null="none has it")
    last_seen = moment("When the latest conversation with it was created.", null="none has it")
    rank = dy.UInt32(
        description="1 for the most frequent; equal ones share a rank.",
        metadata={"null": None},
    )
    variants = dy.List(
        dy.String(),
        description="The spellings merged into it: case and spaces are ignored.",
        metadata={"null": None},
    )
    n_colors = count("How many different colours it has; more than 1 is a conflict.")


def shown_tag(name: pl.Expr) -> pl.Expr:
    """Spell a tag without what cannot be seen: composed letters, single spaces, none around."""
    return name.str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars()


def tag_key(name: pl.Expr) -> pl.Expr:
    """Return what all spellings of a tag have in common: case and spaces do not count.

    Lower case alone is not enough: the three letters whose case folds differ in practice (German
    sharp s, final sigma, long s) come to the same.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.schemas.tags import tag_key
    >>> pl.select(tag_key(pl.lit("  Pricing   Question "))).item()
    'pricing question'
    """
    return shown_tag(name).str.to_lowercase().str.replace_many(_FOLDS)
