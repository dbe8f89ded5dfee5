from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from builders import NOON, conversations, messages
from drift_analysis.widgets.asked.names import playbook_names
from drift_analysis.widgets.panes.bubbles import bubbles, facts, user_names
from widgets.worlds import HOSTILE, playbooks, users

NAMES = user_names(
    users(
        {"user_id": 501, "name": "Driftbot"},
        {"user_id": 502, "name": "Mia Example", "alias": "Mia"},
        {"user_id": 503},
    )
)
HUMAN = {"author_kind": "human", "author_type": "user"}


def told(*rows: dict[str, Any], tz: str = "UTC", reveal: bool = False) -> list[dict[str, Any]]:
    return bubbles(messages(*rows), NAMES, tz=tz, reveal=reveal)


def one(**row: Any) -> dict[str, Any]:
    (bubble,) = told(row)
    return bubble


def test_a_message_says_who_wrote_what_and_when() -> None:
    assert one(text="Hello", author_id=502) == {
        "kind": "contact",
        "who": "Contact",
        "day": "Monday, 2 March 2026",
        "time": "12:00",
        "text": "Hello",
        "aside": None,
        "fate": None,
        "is_deleted": False,
        "buttons": [],
        "files": [],
    }


def test_users_are_called_what_visitors_call_them() -> None:
    assert one(**HUMAN, author_id=502)["who"] == "Mia"
    assert one(**HUMAN, author_id=501)["who"] == "Driftbot"
    assert one(**HUMAN, author_id=503)["who"] == "User 503"
    assert one(**HUMAN, author_id=999)["who"] == "User 999"
    assert one(**HUMAN)["who"] == "User"


def test_messages_are_in_order_and_moments_in_the_time_zone() -> None:
    later = {"text": "second", "created_at": NOON + timedelta(hours=13)}

    first, second = told(later, {"text": "first"}, tz="Asia/Tokyo")

    assert (first["text"], first["time"]) == ("first", "21:00")
    assert (second["day"], second["time"]) == ("Tuesday, 3 March 2026", "10:00")


def test_addresses_and_numbers_are_hidden_unless_they_are_asked_for() -> None:
    row = {
        "text": "ann@example.com or 030 1234567",
        "buttons": [{**dict.fromkeys(("value", "type", "style"), "x"), "label": "a@example.com"}],
        "attachments": [{"file_name": "b@example.com.pdf", "url": "https://example.com/1"}],
    }

    (hidden,) = told(row)
    (shown,) = told(row, reveal=True)

    assert hidden["text"] == "[e-mail] or [phone]"
    assert (hidden["buttons"], hidden["files"]) == (["[e-mail]"], ["[e-mail]"])
    assert shown["text"] == "ann@example.com or 030 1234567"
    assert (shown["buttons"], shown["files"]) == (["a@example.com"], ["b@example.com.pdf"])


def test_an_edit_is_told_on_the_message_that_it_changed() -> None:
    edit = {"type": "edit", "edited_message_id": 1, "text": "old"}
    edited = {"text": "new", "n_edits": 1, "edited_at": NOON + timedelta(minutes=5)}

    (bubble,) = told(edited, edit)

    assert bubble["text"] == "new"
    assert bubble["fate"] == "edited 2 Mar, 12:05"


def test_an_edit_of_a_message_that_is_not_here_is_shown_by_itself() -> None:
    assert one(type="edit", edited_message_id=77)["aside"] == "edit of a message that is not here"


def test_a_deleted_message_says_so_even_without_a_moment() -> None:
    assert one(is_deleted=True, edited_at=NOON)["fate"] == "deleted 2 Mar, 12:00"
    assert one(is_deleted=True)["fate"] == "deleted"
    assert one(is_deleted=True)["is_deleted"]


def test_what_the_contact_never_saw_is_told_apart() -> None:
    assert one(type="private_note")["aside"] == "private note"
    assert one(type="suggestion")["aside"] == "suggestion"
    assert one(type="other")["aside"] == "of a type new to us"


def test_a_text_is_handed_on_as_it_is() -> None:
    assert one(text=HOSTILE)["text"] == HOSTILE
    assert one(text=None)["text"] is None


def test_nothing_of_the_visitors_machine_is_told() -> None:
    row = {"text": "Hi", "context_ip": "192.0.2.7", "context_user_agent": "Mozilla/5.0 (secret)"}

    assert "192.0.2.7" not in str(told(row, reveal=True))
    assert "secret" not in str(told(row, reveal=True))


def test_no_messages_are_no_bubbles() -> None:
    assert told() == []


def test_the_facts_name_the_playbook_and_link_by_ids_alone() -> None:
    row = conversations(
        {"conversation_id": 7, "inbox_id": 3, "playbook_id": 12, "is_detail": True},
    )
    names = playbook_names(playbooks({"playbook_id": 11, "interaction_id": 12, "name": HOSTILE}))

    assert facts(row, names, tz="UTC") == {
        "id": "7",
        "status": "open",
        "started": "2 Mar 2026, 12:00",
        "playbook": f"playbook: {HOSTILE}",
        "link": "https://app.drift.com/inboxes/3/conversations/7",
    }
    none = row.with_columns(playbook_id=pl.lit(None, pl.Int64))
    assert facts(none, names, tz="UTC")["playbook"] == "playbook: none"
    unknown = none.with_columns(is_detail=False)
    assert facts(unknown, names, tz="UTC")["playbook"] == "playbook: not known"
