from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drift_analysis.errors import SourceError
from drift_analysis.sources import load
from drift_analysis.sources.tables import TABLES

SAMPLES = Path(__file__).parent / "samples"

ROWS = {
    "contact_create.response.docs_2022": ("contacts", 1),
    "contact_create.response.npm_2022": ("contacts", 1),
    "contact_detail.docs": ("contacts", 1),
    "contact_detail.rich_2021": ("contacts", 1),
    "conversation_detail": ("conversations", 1),
    "conversation_detail.v1_2018_minimal": ("conversations", 1),
    "conversations_list.gen1_last_page": ("conversations", 1),
    "conversations_list.gen1_pagination": ("conversations", 3),
    "conversations_list.gen2_links": ("conversations", 2),
    "meetings_org.SCHEMA_DERIVED": ("meetings", 1),
    "message.kitchen_sink.SCHEMA_DERIVED": ("messages", 1),
    "messages_create.response": ("messages", 2),
    "messages_list.page": ("messages", 1),
    "messages_list.page_with_next.SCHEMA_DERIVED": ("messages", 1),
    "playbooks_clp.bare_list.SCHEMA_DERIVED": ("playbooks", 1),
    "playbooks_list.bare_list": ("playbooks", 1),
    "user_detail.SCHEMA_DERIVED": ("users", 1),
    "users_list.SCHEMA_DERIVED": ("users", 2),
    "users_multi_map.SCHEMA_DERIVED": ("users", 2),
    "webhook.button_clicked.SCHEMA_DERIVED": ("messages", 1),
    "webhook.contact_identified.SCHEMA_DERIVED": ("contacts", 1),
    "webhook.conversation_participant_added.SCHEMA_DERIVED": ("participant_events", 1),
    "webhook.conversation_participant_removed.SCHEMA_DERIVED": ("participant_events", 1),
    "webhook.conversation_status_updated.SCHEMA_DERIVED": ("status_events", 1),
    "webhook.conversation_status_updated.workato_sample": ("status_events", 1),
    "webhook.meeting_updated.SCHEMA_DERIVED": ("meetings", 1),
    "webhook.new_command_message.SCHEMA_DERIVED": ("messages", 1),
    "webhook.new_conversation.SCHEMA_DERIVED": ("conversations", 1),
    "webhook.new_meeting.SCHEMA_DERIVED": ("meetings", 1),
    "webhook.new_message.SCHEMA_DERIVED": ("messages", 1),
    "webhook.playbook_goal_met.SCHEMA_DERIVED": ("goals", 1),
    "webhook.user_unsubscribed.SCHEMA_DERIVED": ("contacts", 1),
}

REJECTS = {
    "account_detail": ("no_table", "account", 1),
    "accounts_list.SCHEMA_DERIVED": ("no_table", "account", 1),
    "contact_attributes_list": ("no_table", "attribute", 4),
    "contact_tags.v1_2018": ("no_table", "contact tag", 1),
    "conversation_new.request": ("request_body", "conversation request", 1),
    "conversation_stats": ("no_table", "statistics", 1),
    "delete.ok": ("no_table", "receipt", 1),
    "json_transcript.UNVERIFIED": ("missing_field", "message", 2),
    "message.edit_delete.request.v1": ("request_body", "message request", 1),
    "message.edit_replace.request.v1": ("request_body", "message request", 1),
    "message.private_prompt.request.v1": ("request_body", "message request", 1),
    "messages_create.request": ("request_body", "message request", 1),
    "oauth_token.response.SCHEMA_DERIVED": ("no_table", "token", 1),
    "reports_conversations.request.bulk_export": ("request_body", "report request", 1),
    "reports_conversations.request.docs": ("request_body", "report request", 1),
    "reports_conversations.response.docs": ("no_table", "report", 1),
    "reports_conversations.response.missing_metric.SCHEMA_DERIVED": ("no_table", "report", 1),
    "teams_org.SCHEMA_DERIVED": ("no_table", "team", 1),
    "timeline_event.request.SCHEMA_DERIVED": ("request_body", "timeline event request", 1),
    "token_info": ("no_table", "token", 1),
    "webhook.button_action.v1.SCHEMA_DERIVED": ("no_table", "button action", 1),
    "webhook.contact_updated": ("no_table", "contact update", 1),
    "webhook.conversation_inactive.SCHEMA_DERIVED": ("no_table", "inactivity", 1),
    "webhook.phone_captured.SCHEMA_DERIVED": ("no_table", "phone captured", 1),
    "webhook.user_availability_updated.SCHEMA_DERIVED": ("no_table", "availability", 1),
}

REFUSED = {
    "error.list_gen1.json": (
        "It is an error that Drift answered with.",
        "fetching it again; the reply itself says what was wrong.",
    ),
    "error.single.json": (
        "It is an error that Drift answered with.",
        "fetching it again; the reply itself says what was wrong.",
    ),
    "transcript.plain.txt": (
        "It is a transcript in plain text, without years or ids.",
        "the messages of the conversation: GET /conversations/{id}/messages.",
    ),
    "transcript.wrapped.UNVERIFIED.json": (
        "It is a transcript as text, without ids.",
        "the messages of the conversation: GET /conversations/{id}/messages.",
    ),
}


def test_every_sample_has_an_outcome() -> None:
    named = {f"{name}.json" for name in ROWS | REJECTS} | set(REFUSED)
    assert {path.name for path in SAMPLES.iterdir()} == named


@pytest.mark.parametrize(("name", "expected"), ROWS.items(), ids=list(ROWS))
def test_sample_becomes_rows_of_one_table(name: str, expected: tuple[str, int]) -> None:
    dataset = load(SAMPLES / f"{name}.json")
    sizes = {table: getattr(dataset, table).height for table in TABLES}
    assert {table: size for table, size in sizes.items() if size} == dict([expected])
    assert dataset.rejects.is_empty()


@pytest.mark.parametrize(("name", "expected"), REJECTS.items(), ids=list(REJECTS))
def test_sample_is_rejected_for_a_reason(name: str, expected: tuple[str, str, int]) -> None:
    dataset = load(SAMPLES / f"{name}.json")
    reason, kind, n = expected
    assert dataset.rejects.select("reason", "record_type").rows() == [(reason, kind)] * n
    assert not any(getattr(dataset, table).height for table in TABLES)


@pytest.mark.parametrize(("name", "words"), REFUSED.items(), ids=list(REFUSED))
def test_sample_that_holds_nothing_of_drift_is_refused(name: str, words: tuple[str, str]) -> None:
    with pytest.raises(SourceError) as caught:
        load(SAMPLES / name)
    assert str(caught.value) == f"{SAMPLES / name}: {words[0]}\nTry: {words[1]}"


def test_in_a_folder_what_is_refused_alone_is_rejected_by_name() -> None:
    dataset = load(SAMPLES)
    found = dataset.rejects.filter(dataset.rejects["reason"].is_in(["transcript", "error_reply"]))
    assert {Path(source).name for source in found["source"]} == set(REFUSED)


def test_no_token_of_the_samples_is_kept() -> None:
    raw = b"".join(load(SAMPLES).rejects["raw"].to_list())
    assert b'"token": "***"' in raw
    assert b'"access_token": "***"' in raw
    assert b"VERIFICATION_TOKEN" not in raw
    assert b"REDACTED" not in raw


def test_a_detail_reply_knows_what_a_list_does_not() -> None:
    detail = load(SAMPLES / "conversation_detail.json").conversations.row(0, named=True)
    assert detail["tags"] == [
        {"name": "tag_a", "color": "0960C5"},
        {"name": "tag_b", "color": "7695A5"},
    ]
    assert detail["participants"] == [240266, 250465]
    assert (detail["playbook_id"], detail["is_detail"]) == (60505, True)
    listed = load(SAMPLES / "conversations_list.gen1_pagination.json").conversations
    unknown = listed.select("tags", "participants", "playbook_id", "is_detail").unique().rows()
    assert unknown == [(None, None, None, False)]


def test_the_oldest_detail_reply_is_one_although_it_lacks_the_newer_keys() -> None:
    row = load(SAMPLES / "conversation_detail.v1_2018_minimal.json").conversations.row(
        0, named=True
    )
    assert row["is_detail"]
    assert (row["participants"], row["tags"], row["updated_at"]) == ([], None, None)


def test_every_field_of_the_message_model_has_its_column() -> None:
    row = load(SAMPLES / "message.kitchen_sink.SCHEMA_DERIVED.json").messages.row(0, named=True)
    assert row["message_id"] == 12000019700
    assert row["org_id"] == 1234
    assert row["text"] == "Need help & pricing"
    assert row["body"] == "<p>Need <b>help</b> &amp; pricing</p>"
    assert (row["author_kind"], row["author_id"]) == ("contact", 17000536800)
    assert (row["edited_message_id"], row["edit_type"]) == (12000019624, "replace_body")
    assert row["attachments"] == [
        {
            "attachment_id": 581264,
            "file_name": "doc.pdf",
            "mime_type": "application/pdf",
            "url": "https://driftapi.com/attachments/581264/data",
        }
    ]
    assert row["buttons"][0]["reaction_message"] == "Done"
    assert row["app_id"] == "APP_ID"
    assert row["integration_source"] == "Message from example"
    assert row["pre_messages"] is None
    assert (row["context_ip"], row["context_postal_code"]) == ("203.0.113.9", "02110")
    assert (row["context_latitude"], row["context_longitude"]) == (42.35, -71.06)
    assert row["extra"] is None


def test_what_connectors_turned_into_text_is_read_and_reported() -> None:
    dataset = load(SAMPLES / "webhook.conversation_status_updated.workato_sample.json")
    row = dataset.status_events.row(0, named=True)
    assert row["conversation_id"] == 1234567
    assert row["changed_at"].isoformat() == "2018-10-30T20:30:07+00:00"
    assert row["earliest_at"] == row["latest_at"] == row["changed_at"]
    assert dataset.issues.select("code", "n", "detail").rows() == [
        ("moment_as_text", 1, "`changedAt` was text, and was read as ISO 8601."),
        ("number_as_text", 1, "`conversationId` was text, and was read as the number it spells."),
    ]


def test_what_a_webhook_tells_beside_its_data_is_kept_but_for_the_token() -> None:
    contact = load(SAMPLES / "webhook.contact_identified.SCHEMA_DERIVED.json").contacts
    assert contact["extra"].to_list() == ['{"webhook":{"orgId":1234,"contact_identified":true}}']
    conversation = load(SAMPLES / "webhook.new_conversation.SCHEMA_DERIVED.json").conversations
    assert conversation.select("org_id", "extra").rows() == [(1234, None)]


def test_open_attributes_of_contacts_are_kept_under_their_path() -> None:
    row = load(SAMPLES / "contact_detail.docs.json").contacts.row(0, named=True)
    assert row["external_id"] == "12341243"
    assert row["extra"] == '{"attributes":{"events":{},"socialProfiles":{}}}'


def test_unknown_keys_of_an_event_are_kept_beside_it() -> None:
    events = load(SAMPLES / "webhook.conversation_status_updated.workato_sample.json").status_events
    assert json.loads(events["extra"].item()) == {
        "id": "1234567",
        "contactid": "1234567",
        "createdAt": "2018-10-30T20:30:07.000+00:00",
        "webhook": {"orgId": 1},
    }


def test_a_state_that_only_a_webhook_told_was_not_seen_any_later() -> None:
    told = {"id": 1, "status": "open", "createdAt": 1541318038000, "updatedAt": 1541318040000}
    webhook = {"type": "new_conversation", "token": "INVENTED", "orgId": 5, "data": told}
    later = {"id": 2, "status": "open", "createdAt": 1541400000000, "updatedAt": 1541400000000}
    alone = load([webhook, later]).conversations
    assert alone["fetched_at"].to_list() == [datetime(2018, 11, 4, 7, 54, tzinfo=UTC), None]
    with_record = load([webhook, told, later]).conversations
    assert with_record["fetched_at"].to_list() == [None, None]
