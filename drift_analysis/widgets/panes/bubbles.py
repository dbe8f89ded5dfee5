"""One conversation as it can be read: who wrote what, when, and what became of it."""

from __future__ import annotations

from typing import Any

import polars as pl

from drift_analysis.charts.kit.masking import masked
from drift_analysis.schemas import Conversations, Messages, Users, conversation_link

from ..asked.names import with_playbook

__all__ = ["bubbles", "facts", "user_names"]

_ASIDES = {
    "private_note": "private note",
    "private_prompt": "private prompt",
    "suggestion": "suggestion",
    "edit": "edit of a message that is not here",
    "other": "of a type new to us",
}


def user_names(users: pl.DataFrame) -> pl.DataFrame:
    """Return what each user is called: ``author_id`` and ``name``, the name visitors see first."""
    u = Users
    name = pl.coalesce(u.alias.col, u.name.col)
    return users.select(author_id=u.user_id.col, name=name).drop_nulls()


def bubbles(
    messages: pl.DataFrame, names: pl.DataFrame, *, tz: str, reveal: bool
) -> list[dict[str, Any]]:
    """Return what the browser is told of the messages of one conversation: texts only.

    An edit is not shown by itself, but on the message that it changed.

    Parameters
    ----------
    messages
        Rows of a `Messages` frame.
    names
        What each user is called (``author_id``, ``name``).
    tz
        The time zone in which moments are written.
    reveal
        Whether e-mail addresses, telephone and network numbers are shown.
    """
    m = Messages
    hide = _as_is if reveal else masked
    is_applied = m.type.col.eq("edit") & m.edited_message_id.col.is_in(
        messages[m.message_id.name].implode()
    )
    return (
        messages.filter(~is_applied)
        .sort(m.created_at.name, m.message_id.name)
        .join(names, left_on=m.author_id.name, right_on="author_id", how="left")
        .sort(m.created_at.name, m.message_id.name)
        .select(
            kind=m.author_kind.col.cast(pl.String),
            who=hide(_who()),
            day=_local(m.created_at.col, tz).dt.to_string("%A, %-d %B %Y"),
            time=_local(m.created_at.col, tz).dt.to_string("%H:%M"),
            text=hide(m.text.col),
            aside=m.type.col.cast(pl.String).replace_strict(_ASIDES, default=None),
            fate=_fate(tz),
            is_deleted=m.is_deleted.col,
            buttons=_texts(m.buttons.col, "label", hide),
            files=_texts(m.attachments.col, "file_name", hide),
        )
        .to_dicts()
    )


def facts(conversation: pl.DataFrame, playbooks: pl.DataFrame, *, tz: str) -> dict[str, Any]:
    """Return what stands above the transcript of one conversation.

    The link into Drift is built from ids alone.

    Parameters
    ----------
    conversation
        One row of a `Conversations` frame.
    playbooks
        What each ``playbook_id`` is called (``playbook``).
    tz
        The time zone in which moments are written.
    """
    c = Conversations
    return (
        with_playbook(conversation, playbooks)
        .select(
            id=c.conversation_id.col.cast(pl.String),
            status=c.status.col.cast(pl.String),
            started=_local(c.created_at.col, tz).dt.to_string("%-d %b %Y, %H:%M"),
            playbook=pl.format("playbook: {}", "playbook"),
            link=conversation_link(),
        )
        .row(0, named=True)
    )


def _who() -> pl.Expr:
    m = Messages
    user = pl.coalesce("name", pl.format("User {}", m.author_id.col), pl.lit("User"))
    return pl.when(m.author_kind.col == "contact").then(pl.lit("Contact")).otherwise(user)


def _fate(tz: str) -> pl.Expr:
    m = Messages
    verb = pl.when(m.is_deleted.col).then(pl.lit("deleted")).otherwise(pl.lit("edited"))
    when = _local(m.edited_at.col, tz).dt.to_string(" %-d %b, %H:%M").fill_null("")
    touched = m.is_deleted.col | (m.n_edits.col > 0)
    return pl.when(touched).then(pl.concat_str(verb, when))


def _local(moment: pl.Expr, tz: str) -> pl.Expr:
    return moment.dt.convert_time_zone(tz)


def _as_is(text: pl.Expr) -> pl.Expr:
    return text


def _texts(records: pl.Expr, field: str, hide: Any) -> pl.Expr:
    return records.list.eval(hide(pl.element().struct.field(field)).drop_nulls()).fill_null([])
