"""Rules of an audit about records: which are missing, doubled, new to us, or fit nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Contacts, Conversations, Messages, Users
from drift_analysis.schemas.suspicions import PAGE, suspicious_rows

from ..playbooks.playbook_names import playbook_matches
from .found import Found

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset

__all__ = ["of_messages", "of_names", "of_records"]

_ID = Conversations.conversation_id.name


def of_records(data: Dataset[pl.LazyFrame]) -> dict[str, Found]:
    """Find conversations that are doubled, poor, without messages, or of a new status."""
    c = Conversations
    records = data.conversations
    details, lists = records.filter(c.is_detail.col), records.filter(~c.is_detail.col)
    return {
        "duplicate_conversation": _doubled(records, c.conversation_id.name),
        "detail_without_messages": Found(details.join(data.messages, on=_ID, how="anti"), details),
        "list_without_messages": Found(lists.join(data.messages, on=_ID, how="anti"), lists),
        "list_only": Found(lists, records),
        "updated_at_missing": Found(records.filter(c.updated_at.col.is_null()), records),
        "fetched_at_missing": Found(records.filter(c.fetched_at.col.is_null()), records),
        "unknown_status": Found(records.filter(c.status.col == "unknown"), records),
        "unknown_status_event": Found(
            data.status_events.filter(c.status.col == "unknown"), data.status_events
        ),
    }


def of_messages(data: Dataset[pl.LazyFrame]) -> dict[str, Found]:
    """Find messages that are doubled, cut short, new to us, or contradict their conversation."""
    m = Messages
    said, records = data.messages, data.conversations
    talks = said.group_by(_ID).agg(n=pl.len())
    edits = said.filter(m.type.col == "edit", m.edited_message_id.col.is_not_null())
    same = [_ID, m.author_type.name, m.author_id.name, m.created_at.name]
    known = said.filter(m.body.col.is_not_null(), m.author_id.col.is_not_null())
    at_once = known.group_by(same).agg(n=pl.len()).filter(pl.col("n") > 1)
    first = m.message_id.col.min().over([*same, m.body.name])
    repeats = known.join(at_once, on=same, how="semi").filter(m.message_id.col > first)
    among = {
        "updated_before_created": records,
        "message_before_conversation": said,
        "stops_at_one_page": talks,
        "edit_without_target": edits,
        "conversation_not_read": talks,
    }
    suspicious = suspicious_rows(records, said)
    return {
        "duplicate_message": _doubled(said, m.message_id.name),
        **{code: Found(rows, among[code]) for code, rows in suspicious.items()},
        "stops_at_page_end": Found(
            talks.filter(pl.col("n") > PAGE, pl.col("n") % PAGE == 0), talks
        ),
        "repeated_message": Found(
            repeats.unique(m.message_id.name),
            known.unique(m.message_id.name),
        ),
        "unknown_type": Found(said.filter(m.type.col == "other"), said),
        "unknown_author": Found(said.filter(m.author_kind.col == "unknown"), said),
    }


def of_names(data: Dataset[pl.LazyFrame]) -> dict[str, Found]:
    """Find ids of playbooks, users and contacts that fit nothing, where there is any to fit."""
    c = Conversations
    named = data.conversations.filter(c.playbook_id.col.is_not_null())
    matches = playbook_matches(named, data.playbooks)
    took_part = data.conversations.filter(c.participants.col.list.len() > 0)
    users = data.users.select(Users.user_id.col.alias(c.participants.name)).unique()
    strangers = took_part.explode(c.participants.name).join(
        users, on=c.participants.name, how="anti"
    )
    with_contact = data.conversations.filter(c.contact_id.col.is_not_null())
    unread = with_contact.join(data.contacts, on=Contacts.contact_id.name, how="anti")
    return {
        "matched_by_playbook_id": Found(matches["playbook_id"], named),
        "matched_by_interaction_id": Found(matches["interaction_id"], named),
        "playbook_not_listed": Found(matches["neither"], named),
        "participant_not_listed": Found(
            _where_any(strangers.select(_ID).unique(), data.users), took_part
        ),
        "contact_not_read": Found(_where_any(unread, data.contacts), with_contact),
    }


def _doubled(table: pl.LazyFrame, key: str) -> Found:
    """Find the ids that have several rows, which the key of the table forbids."""
    ids = table.group_by(key).agg(pl.len().alias("_rows"), pl.col(_ID).min().alias("_example"))
    found = ids.filter(pl.col("_rows") > 1).select(pl.col("_example").alias(_ID))
    return Found(found, ids)


def _where_any(rows: pl.LazyFrame, table: pl.LazyFrame) -> pl.LazyFrame:
    """Keep the rows only if the table has any: what was not loaded cannot be missing from it."""
    return rows.join(table.select(_any=pl.len()).filter(pl.col("_any") > 0), how="cross")
