"""Tags that look alike and may mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, TagVariants
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.tags import LIKENESSES, shown_tag, tag_key

from .tag_names import CONVERSATION, SAME

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["tag_variants"]

_SHORTEST = 5
"""Of shorter words, another letter makes another word."""

_PLURALS = {r"(\w{2})ies\b": "${1}y", r"(x|z|ch|sh|ss)es\b": "${1}", r"(\w[^\Ws])s\b": "${1}"}
_FOLD, _RANK, _HEAD = "__fold", "__rank", "__head"


def tag_variants(conversations: Frame) -> Frame:
    """Propose which spellings may be one tag, with the reason for each.

    Two tags look alike if they differ in spaces, case, hyphens, underscores or joined words, in an
    English plural, or, if both have five letters or more and the same digits, in one letter: one
    more, less, other, or two neighbours swapped. Each is proposed to become the alike tag that is
    on most conversations (of equals, the first in the alphabet) and is itself proposed to become
    none; so within a group every spelling is like ``into``. Spellings that differ in case and
    spaces only are counted as one tag already; they stand here as well, since other programs see
    two.

    Parameters
    ----------
    conversations
        A `Conversations` table. Conversations whose tags are unknown say nothing.

    Returns
    -------
    :
        A `TagVariants` table: ``group``, ``into``, ``spelling``, ``reason`` (null: it is ``into``
        itself), ``conversations`` and ``group_conversations``. Only groups of two spellings or
        more; the largest first, and within them the most frequent spellings behind ``into``.

    Raises
    ------
    SchemaError
        If `conversations` is no such table.

    References
    ----------
    Spellings one letter apart are found by leaving out one letter of each, as in SymSpell (W. Garbe
    2012), and never by comparing every two.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.tags.tag_variants import tag_variants
    >>> from drift_analysis.schemas import Conversations
    >>> made = datetime(2026, 1, 5, tzinfo=UTC)
    >>> tags = ["Follow-up", "Follow-up", "follow ups", "Folow-up", "Bug"]
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {"conversation_id": n, "created_at": made, "tags": [{"name": name}]}
    ...         for n, name in enumerate(tags)
    ...     ],
    ...     schema=Conversations.schema(),
    ... )
    >>> tag_variants(conversations).select("into", "spelling", "reason", "conversations")
    shape: (3, 4)
    ┌───────────┬────────────┬────────┬───────────────┐
    │ into      ┆ spelling   ┆ reason ┆ conversations │
    │ ---       ┆ ---        ┆ ---    ┆ ---           │
    │ str       ┆ str        ┆ enum   ┆ u32           │
    ╞═══════════╪════════════╪════════╪═══════════════╡
    │ Follow-up ┆ Follow-up  ┆ null   ┆ 2             │
    │ Follow-up ┆ Folow-up   ┆ letter ┆ 1             │
    │ Follow-up ┆ follow ups ┆ plural ┆ 1             │
    └───────────┴────────────┴────────┴───────────────┘
    """
    Conversations.require(conversations)
    # Without the caches the uses would be counted anew for each of the tables made of them.
    uses = _uses(conversations.lazy()).cache()
    grouped = uses.join(_heads(uses), on=_FOLD).cache()
    n = pl.col(CONVERSATION).n_unique()
    spellings = grouped.group_by(_HEAD, "__raw").agg(
        pl.col("tag", SAME, _FOLD).first(), n.alias("conversations")
    )
    groups = grouped.group_by(_HEAD).agg(
        n.alias("group_conversations"), pl.col("__raw").n_unique().alias("__n")
    )
    found = (
        spellings.join(groups.filter(pl.col("__n") > 1), on=_HEAD)
        .join(_named(grouped), on=_HEAD)
        .with_columns(spelling="__raw", reason=_reason())
    )
    ranked = found.sort(
        "group_conversations",
        "into",
        pl.col("reason").is_null(),
        "conversations",
        "spelling",
        descending=[True, False, True, True, False],
    ).with_columns(group=pl.col("into").rle_id() + 1)
    return as_given(TagVariants.conform(ranked), conversations)


def _uses(conversations: pl.LazyFrame) -> pl.LazyFrame:
    """Return which conversation has which spelling; each spelling is folded once."""
    c, name = Conversations, pl.col("__raw")
    uses = (
        conversations.select(c.conversation_id.col.alias(CONVERSATION), c.tags.col)
        .explode(c.tags.name)
        .select(CONVERSATION, c.tags.col.struct.field("name").alias("__raw"))
        .drop_nulls("__raw")
    )
    spelled = uses.select("__raw").unique()
    looks = spelled.with_columns(shown_tag(name).alias("tag"), tag_key(name).alias(SAME))
    folded = looks.with_columns(_folded().alias(_FOLD)).filter(pl.col(_FOLD) != "")
    return uses.join(folded, on="__raw")


def _folded() -> pl.Expr:
    """Leave out of a tag what may differ by a whim: hyphens, joined words, the plural."""
    folded = _apart(pl.col(SAME))
    for plural, one in _PLURALS.items():
        folded = folded.str.replace_all(plural, one)
    return _joined(folded)


def _apart(key: pl.Expr) -> pl.Expr:
    return key.str.replace_all(r"[\s_\p{Pd}]+", " ").str.strip_chars()


def _joined(words: pl.Expr) -> pl.Expr:
    return words.str.replace_all(" ", "", literal=True)


def _reason() -> pl.Expr:
    """Say what is the least that must be left out until a spelling and `into` are the same."""
    into, one_key = pl.col("into"), pl.col("__into_key")
    steps = {
        "spaces": pl.col("tag") == into,
        "case": pl.col(SAME) == one_key,
        "hyphens": _joined(_apart(pl.col(SAME))) == _joined(_apart(one_key)),
        "plural": pl.col(_FOLD) == pl.col(_HEAD),
    }
    reason = pl.lit("letter")
    for name, is_same in reversed(steps.items()):
        reason = pl.when(is_same).then(pl.lit(name)).otherwise(reason)
    return pl.when(pl.col("__raw") != into).then(reason).cast(pl.Enum(LIKENESSES))


def _named(grouped: pl.LazyFrame) -> pl.LazyFrame:
    """Return the most frequent spelling of what each group would become."""
    return (
        grouped.filter(pl.col(_FOLD) == pl.col(_HEAD))
        .group_by(_HEAD, "tag", SAME)
        .agg(pl.col(CONVERSATION).n_unique().alias("__n"))
        .sort(_HEAD, "__n", "tag", descending=[False, True, False])
        .unique(_HEAD, keep="first", maintain_order=True)
        .select(_HEAD, pl.col("tag").alias("into"), pl.col(SAME).alias("__into_key"))
    )


def _heads(uses: pl.LazyFrame) -> pl.LazyFrame:
    """Return what each folded tag would become: itself, or a more frequent one like it."""
    ranked = (
        uses.group_by(_FOLD)
        .agg(pl.col(CONVERSATION).n_unique().alias("__n"))
        .sort("__n", _FOLD, descending=[True, False])
        .with_row_index(_RANK)
        .select(_FOLD, _RANK)
        .cache()
    )
    ups = _one_letter_apart(ranked).filter(pl.col(_RANK) > pl.col(f"{_RANK}_right"))
    heads = ranked.join(ups, on=_FOLD, how="anti").select(pl.col(_FOLD).alias(_HEAD))
    best = (
        ups.join(heads, left_on=f"{_FOLD}_right", right_on=_HEAD, how="semi")
        .sort(f"{_RANK}_right")
        .unique(_FOLD, keep="first", maintain_order=True)
        .select(_FOLD, pl.col(f"{_FOLD}_right").alias(_HEAD))
    )
    return (
        ranked.select(_FOLD)
        .join(best, on=_FOLD, how="left")
        .with_columns(pl.col(_HEAD).fill_null(pl.col(_FOLD)))
    )


def _one_letter_apart(ranked: pl.LazyFrame) -> pl.LazyFrame:
    """Return every two folded tags that differ in one letter, both ways."""
    fold, at, gone = pl.col(_FOLD), pl.col("__at"), pl.col("__gone")
    long = ranked.filter(fold.str.len_chars() >= _SHORTEST).with_columns(
        __digits=fold.str.replace_all(r"\D", "")
    )
    without = (
        long.with_columns(__at=pl.int_ranges(0, fold.str.len_chars()))
        .explode("__at")
        .with_columns(
            __rest=fold.str.slice(0, at) + fold.str.slice(at + 1), __gone=fold.str.slice(at, 1)
        )
    )
    both = without.join(without, on=["__rest", "__digits"])
    is_other = at == pl.col("__at_right")
    is_swapped = ((at - pl.col("__at_right")).abs() == 1) & (gone == pl.col("__gone_right"))
    changed = both.filter((is_other | is_swapped) & (fold != pl.col(f"{_FOLD}_right")))
    shorter = without.join(
        long.with_columns(__rest=_FOLD).rename({_FOLD: f"{_FOLD}_right", _RANK: f"{_RANK}_right"}),
        on=["__rest", "__digits"],
    )
    names = [_FOLD, _RANK, f"{_FOLD}_right", f"{_RANK}_right"]
    longer = shorter.select(
        pl.col(f"{_FOLD}_right").alias(_FOLD),
        pl.col(f"{_RANK}_right").alias(_RANK),
        pl.col(_FOLD).alias(f"{_FOLD}_right"),
        pl.col(_RANK).alias(f"{_RANK}_right"),
    )
    return pl.concat([changed.select(names), shorter.select(names), longer]).unique()
