"""How often each tag is used."""

from __future__ import annotations

import dataframely as dy

from .base import Table, moment
from .columns import count, rate, string

__all__ = ["TagFrequency"]


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
