"""How often tags are used, which belong together, and what goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dataframely as dy

from .base import Table, length, moment
from .columns import count, enum, number, rate, string

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "LIKENESSES",
    "VARIANCES",
    "TagCooccurrence",
    "TagDistinctive",
    "TagFrequency",
    "TagSets",
    "TagSurvival",
    "TagVariants",
    "shown_tag",
    "tag_key",
]

VARIANCES = ("full", "leading")
"""How the variance of a log-odds ratio is approximated: by all its terms, or the leading ones."""

LIKENESSES = ("spaces", "case", "hyphens", "plural", "letter")
"""How a spelling can be like another, the closest first."""

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


_EVERYWHERE = "one of them is on all conversations"


class TagCooccurrence(Table):
    """One row per pair of tags, and per group where those were asked for (they stand first)."""

    tag_a = string("The tag that comes first in the alphabet.")
    tag_b = string("The other tag.")
    n_a = count("Conversations that have the first.")
    n_b = count("Conversations that have the other.")
    n_ab = count("Conversations that have both.")
    n_known = count("Conversations whose tags are known.")
    n_unknown = count("Conversations whose tags are unknown; in no denominator.")
    support = rate("`n_ab` of `n_known`.")
    confidence_ab = rate("`n_ab` of `n_a`: how many with the first have the other.")
    confidence_ba = rate("`n_ab` of `n_b`: how many with the other have the first.")
    jaccard = rate("`n_ab` of those that have either.")
    lift = number("How many times as many have both as would by chance.")
    leverage = number("`support` less what it would be by chance.", unit="-1 to 1")
    pmi = number("Pointwise mutual information, log2(`lift`).", unit="bits", null="none has both")
    npmi = number(
        "`pmi` / -log2(`support`): -1 never together, 0 by chance, 1 never apart.",
        unit="-1 to 1",
        null="all have both",
    )
    phi = number("Correlation of having the one and the other.", unit="-1 to 1", null=_EVERYWHERE)
    fisher_p = rate("How often chance alone gives as unlikely a table (Fisher, two-sided).")
    q = rate("`fisher_p` among all pairs of the group (Benjamini-Hochberg).")


class TagSets(Table):
    """One row per set of tags that occurs, and per group where those were asked for."""

    tags = dy.List(
        dy.String(),
        description="The tags, in order; empty for no tag.",
        metadata={"null": None},
    )
    n_tags = count("How many they are.")
    conversations = count("Conversations that have exactly these.")
    share = rate("Of the conversations whose tags are known.")
    share_lo = rate("Lower 95 % bound (Wilson).")
    share_hi = rate("Upper 95 % bound (Wilson).")
    n_known = count("Conversations whose tags are known.")
    n_unknown = count("Conversations whose tags are unknown; in no denominator.")


class TagDistinctive(Table):
    """One row per tag: how much more it belongs to the first conversations than to the second."""

    tag = string("The tag, in its most frequent spelling.")
    first = count("First conversations that have it.")
    second = count("Second conversations that have it.")
    n_first = count("First conversations whose tags are known.")
    n_second = count("Second conversations whose tags are known.")
    n_unknown = count("Conversations of either whose tags are unknown; in no count.")
    prior = number("How many uses the prior adds on either side.", unit="uses")
    log_odds = number(
        "Log of the ratio of its odds among the uses of tags, first to second.",
        null="there is no other tag",
    )
    variance = number("The variance of `log_odds`.", null="there is no other tag")
    variance_formula = enum(VARIANCES, "How it is approximated.")
    z = number("`log_odds` in standard errors.", null="there is no other tag")


_NO_TEST = "nothing to tell them apart by"


class TagSurvival(Table):
    """One row per tag: whether what has it takes longer or shorter than the rest."""

    tag = string("The tag, in its most frequent spelling.")
    n = count("Conversations at risk that have it.")
    n_rest = count("Conversations at risk that are known not to have it.")
    n_unknown = count("Conversations at risk whose tags are unknown; in no other column.")
    events = count("Those that have it and ended.")
    expected = number("How many would have, were it no different from the rest.", unit="ends")
    median = length("Half of those that have it have ended by then.", null="not reached")
    median_lo = length("Lower 95 % bound.", null="not reached")
    median_hi = length("Upper 95 % bound.", null="not reached")
    median_all = length("Half of all whose tags are known have ended by then.", null="not reached")
    hazard_ratio = number(
        "How many times as fast they end as the rest (Peto); above 1 is sooner.", null=_NO_TEST
    )
    hazard_ratio_lo = number("Lower 95 % bound (Peto).", null=_NO_TEST)
    hazard_ratio_hi = number("Upper 95 % bound (Peto).", null=_NO_TEST)
    chi2 = number("The log-rank statistic, with one degree of freedom.", null=_NO_TEST)
    p = rate("How often chance alone gives one as large.", null=_NO_TEST)
    q = rate("`p` among all tags (Benjamini-Hochberg).", null=_NO_TEST)


class TagVariants(Table):
    """One row per spelling that looks like another one, in groups that may each be one tag.

    Whether they mean the same is for a person to say: these are proposals.
    """

    group = dy.UInt32(
        description="The number of its group: 1 is on most conversations.",
        metadata={"null": None},
    )
    into = string("What the spellings of the group would become: its most frequent one.")
    spelling = string("A spelling of the group, as it was sent.", key=True)
    reason = enum(
        LIKENESSES,
        "How it differs from `into`: in spaces around or between words; in case; in hyphens, "
        "underscores or joined words; in a plural; or in one letter more, less, other or swapped.",
        null="it is `into` itself",
    )
    conversations = count("Conversations that have this spelling.")
    group_conversations = count("Conversations that have any spelling of the group.")


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
    >>> from drift_analysis.schemas import tag_key
    >>> pl.select(tag_key(pl.lit("  Pricing   Question "))).item()
    'pricing question'
    """
    return shown_tag(name).str.to_lowercase().str.replace_many(_FOLDS)
