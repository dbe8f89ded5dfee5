"""What Drift's API would have replied about conversations and messages at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .organisation import ORG_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .history import Life, Message

__all__ = ["Json", "conversation", "detail_reply", "list_replies", "message", "message_replies"]

Json = dict[str, Any]

_CONVERSATIONS_PER_PAGE = 50
_MESSAGES_PER_PAGE = 50


def list_replies(lives: Iterable[Life], moment: int, *, repeat: int = 0) -> list[Json]:
    """Return the pages of the list: newest change first, without what only details tell.

    Each page after the first begins with the last `repeat` records of the one before, as happens
    when the list moves while it is read.
    """
    begun = [life for life in lives if life.created_at <= moment]
    begun.sort(key=lambda life: (life.updated_at(moment), life.id), reverse=True)
    records = [_short(life, moment) for life in begun]
    step = _CONVERSATIONS_PER_PAGE
    pages: list[Json] = []
    for first in range(0, len(records), step - repeat):
        data = records[first : first + step]
        more = first + step < len(records)
        page: Json = {"data": data}
        if more:
            page["pagination"] = {"more": True, "next": str(data[-1]["updatedAt"])}
        pages.append(page)
        if not more:
            break
    return pages or [{"data": []}]


def detail_reply(life: Life, moment: int) -> Json:
    """Return the reply about one conversation."""
    return {"data": conversation(life, moment)}


def conversation(life: Life, moment: int) -> Json:
    """Return all that Drift tells about a conversation."""
    record = _short(life, moment)
    record["participants"] = life.participants_at(moment)
    record["conversationTags"] = [
        {"name": name} if color is None else {"color": color, "name": name}
        for at, (name, color) in life.tags
        if at <= moment
    ]
    if life.playbook is not None:
        record["relatedPlaybookId"] = life.playbook.interaction_id
    return record


def message_replies(life: Life, moment: int) -> list[Json]:
    """Return the pages of a conversation's messages, oldest first."""
    records = [message(life, written) for written in life.messages_at(moment)]
    pages: list[Json] = []
    for first in range(0, max(1, len(records)), _MESSAGES_PER_PAGE):
        page = records[first : first + _MESSAGES_PER_PAGE]
        more = first + _MESSAGES_PER_PAGE < len(records)
        pagination: Json = {"more": more}
        if more:
            pagination["next"] = str(page[-1]["id"])
        pages.append({"data": {"messages": page}, "pagination": pagination})
    return pages


def message(life: Life, written: Message) -> Json:
    """Return all that Drift tells about a message."""
    author: Json = {"id": written.author_id, "type": "user", "bot": written.kind == "bot"}
    if written.kind == "contact":
        author["type"] = "contact"
    record: Json = {
        "id": written.id,
        "orgId": ORG_ID,
        "conversationId": life.id,
        "body": written.body,
        "author": author,
        "type": written.type,
        "createdAt": written.at,
        "attributes": {},
        **written.extras,
    }
    if written.edits is not None:
        record["editedMessageId"] = written.edits.id
    return record


def _short(life: Life, moment: int) -> Json:
    return {
        "status": life.status_at(moment),
        "contactId": life.contact.id,
        "createdAt": life.created_at,
        "id": life.id,
        "inboxId": life.inbox_id,
        "updatedAt": life.updated_at(moment),
    }
