"""Which playbook an id means, when it may be either of a playbook's two ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, PlaybookMatchRates, PlaybookNames, Playbooks
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.playbooks import MATCHES

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["names_of", "playbook_match_rates", "playbook_matches", "playbook_names"]

_KEY = Conversations.conversation_id.name


def playbook_match_rates(conversations: Frame, playbooks: Frame) -> Frame:
    """Tell how often a conversation's playbook fits each of a playbook's two ids.

    Drift does not document which of them ``relatedPlaybookId`` is. If one fits nearly always,
    it is that one; what fits neither was started by a playbook that is disabled or deleted.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    playbooks
        A `Playbooks` table.

    Returns
    -------
    :
        A `PlaybookMatchRates` table, always three rows: ``matched_by``, ``playbooks``,
        ``conversations``, and ``share`` (null when no conversation names a playbook). An id may
        fit both ways, so the shares can add up to more than 1.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.metrics.playbooks.playbook_names import playbook_match_rates
    >>> none = da.schemas.Conversations.empty(), da.schemas.Playbooks.empty()
    >>> playbook_match_rates(*none).get_column("matched_by").to_list()
    ['playbook_id', 'interaction_id', 'neither']
    """
    out = PlaybookMatchRates
    named = Conversations.require(conversations).lazy().drop_nulls("playbook_id")
    found = playbook_matches(named, Playbooks.require(playbooks).lazy())
    counts = [
        rows.select(
            pl.lit(name, out.matched_by.dtype).alias(out.matched_by.name),
            pl.col("playbook_id").n_unique().alias("playbooks"),
            pl.col(_KEY).n_unique().alias("conversations"),
        )
        for name, rows in found.items()
    ]
    total = named.select(pl.col(_KEY).n_unique().alias("total"))
    share = pl.when(pl.col("total") > 0).then(pl.col("conversations") / pl.col("total"))
    result = pl.concat(counts).join(total, how="cross").with_columns(share.alias("share"))
    return as_given(out.conform(result.sort(out.matched_by.name)), conversations)


def playbook_matches(named: pl.LazyFrame, playbooks: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """Return the conversations that name a playbook, by each id of `MATCHES` that theirs fits."""
    ids = {name: playbooks.select(pl.col(name).alias("playbook_id")) for name in MATCHES[:2]}
    neither = pl.concat(ids.values())
    return {
        **{name: named.join(ids[name], on="playbook_id", how="semi") for name in ids},
        MATCHES[2]: named.join(neither, on="playbook_id", how="anti"),
    }


def playbook_names(playbooks: Frame) -> Frame:
    """Tell what each id of a playbook is called, whichever of its two ids it is.

    A conversation may carry either of them, so this is the table to join names from.

    Parameters
    ----------
    playbooks
        A `Playbooks` table.

    Returns
    -------
    :
        A `PlaybookNames` table: ``playbook_id`` and ``playbook_name`` (null for a playbook
        without a name). Where an id is of two playbooks, the playbook's own wins.

    Raises
    ------
    SchemaError
        If the frame is no `Playbooks` table.

    Examples
    --------
    >>> import drift_analysis as da
    >>> dataset = da.load("data/sample")
    >>> names = da.playbook_names(dataset.playbooks)
    >>> dataset.conversations.join(names, on="playbook_id", how="left").columns[-1]
    'playbook_name'
    """
    p, out = Playbooks, PlaybookNames
    table = p.require(playbooks).lazy()
    keyed = [
        table.select(pl.col(name).alias(out.playbook_id.name), p.name.col.alias("playbook_name"))
        for name in MATCHES[:2]
    ]
    named = (
        pl.concat(keyed)
        .drop_nulls(out.playbook_id.name)
        .unique(out.playbook_id.name, keep="first", maintain_order=True)
    )
    return as_given(out.conform(named), playbooks)


def names_of(playbooks: Frame | None) -> pl.LazyFrame:
    """Return the names by either id; none where no playbooks are given."""
    return playbook_names((Playbooks.empty() if playbooks is None else playbooks).lazy())
