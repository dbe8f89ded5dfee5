"""Records of every kind that has a table, by chance, and the way back from a table to a record.

What a record is made of is written down here once more, key by key and column by column, so
that a column that gets the value of another key is noticed.
"""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import polars.selectors as cs

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    import polars as pl

    Given = tuple[Any, Any]
    Maker = Callable[[random.Random], Given]

T = 1_567_922_759_384
ABSENT = object()
LETTERS = string.ascii_letters + ' "\\/<&>\n\t\0éßçığ漢字かな🙂👩‍👩‍👧ـעا\u200f\u2028\u0300'

EXCEPTIONS = (
    "A known key whose value is null comes back as no key.",
    "An object of known keys in which nothing is known comes back as no key.",
    "`bot: false` on the author of a message who is a contact comes back as no key.",
    "A number, an id or a moment in another shape (text, fraction of zero, seconds, ISO 8601) "
    "comes back as the number, which an issue tells; a number as a text id comes back as text.",
    "A colour with a `#` comes back without it.",
    "`preMessages` come back as a list, without those that are empty; none as no key.",
    "`attachment`, `IP` and `conversationId:` come back under the other name of the same thing.",
    "The users who were added or removed come back in the order of their ids, each once.",
    "The type and the token of a webhook are not kept.",
)
"""All that may differ between a record and what comes back from the tables."""


class Field(NamedTuple):
    column: str
    make: Maker
    required: bool = False


class Small(NamedTuple):
    """A list of small records in one column."""

    column: str
    shape: Shape


Shape = dict[str, "Field | Small | Shape"]


class Kind(NamedTuple):
    table: str
    key: str
    shape: Shape
    certain: tuple[str, ...] = ()
    """Keys that are always there and fit, since they tell the kind."""


def whole(dice: random.Random) -> Given:
    value = dice.choice([0, 1, dice.randrange(10**4), dice.randrange(2**53), 2**63 - 1, -7])
    match dice.randrange(12):
        case 0:
            return str(value), value
        case 1 if abs(value) < 2**53:
            return float(value), value
        case _:
            return value, value


def moment(dice: random.Random) -> Given:
    value = T + dice.randrange(-(10**11), 10**11)
    match dice.randrange(12):
        case 0:
            return str(value), value
        case 1:
            return float(value), value
        case 2:
            return value // 1000, value // 1000 * 1000
        case 3:
            when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
            text = when.isoformat(timespec="milliseconds")
            return dice.choice([text, text[:-6], text.replace("+00:00", "Z")]), value
        case _:
            return value, value


def words(dice: random.Random) -> Given:
    value = "".join(dice.choice(LETTERS) for _ in range(dice.choice([0, 1, 5, 20])))
    return value, value


def numeric_text(dice: random.Random) -> Given:
    value = dice.choice(["12", "2026-01-01", "1e5", "null", "true", "0012", "=1+1"])
    return value, value


def text(dice: random.Random) -> Given:
    return words(dice) if dice.random() < 0.8 else numeric_text(dice)


def text_id(dice: random.Random) -> Given:
    value = dice.randrange(10**6)
    return dice.choice(
        [(str(value), str(value)), (f"a-{value}", f"a-{value}"), (value, str(value))]
    )


def flag(dice: random.Random) -> Given:
    value = dice.random() < 0.5
    return value, value


def number(dice: random.Random) -> Given:
    value = dice.choice([0.0, -52.52, 13.4, 1e-7, 180.0])
    return dice.choice([(value, value), (value, value), (str(value), value), (7, 7.0)])


def wholes(dice: random.Random) -> Given:
    pairs = [whole(dice) for _ in range(dice.randrange(4))]
    return [given for given, _ in pairs], [value for _, value in pairs]


def users(dice: random.Random) -> Given:
    pairs = [whole(dice) for _ in range(dice.randrange(1, 4))]
    return [given for given, _ in pairs], sorted({value for _, value in pairs})


def color(dice: random.Random) -> Given:
    value = f"{dice.randrange(2**24):06x}"
    return dice.choice([(value, value), (f"#{value}", value)])


def status(dice: random.Random) -> Given:
    value = dice.choice(["open", "closed", "pending", "bulk_sent", "OPEN", " closed ", "snoozed"])
    return value, value


def message_type(dice: random.Random) -> Given:
    value = dice.choice(["chat", "private_note", "private_prompt", "edit", "CHAT", "hologram"])
    return value, value


def author_type(dice: random.Random) -> Given:
    value = dice.choice(["contact", "user", "user", "User", "robot"])
    return value, value


def pre_messages(dice: random.Random) -> Given:
    items = [_pre_message(dice) for _ in range(dice.randrange(3))]
    kept = [item for item in items if item not in ({}, None)]
    if len(items) == 1 and not isinstance(items[0], list) and dice.random() < 0.3:
        return items[0], kept or ABSENT
    return items, kept or ABSENT


def _pre_message(dice: random.Random) -> Any:
    author = dice.choice([{"type": "user", "id": 5}, {"id": 2**70}, "bot", None])
    item = {"body": dice.choice([words(dice)[0], None, 7]), "author": author, **unknown(dice)}
    return dice.choice([item, item, words(dice)[0], {}, None])


def anything(dice: random.Random, depth: int = 2) -> Any:
    choice = dice.randrange(10 if depth else 8)
    if choice == 8:
        return [anything(dice, depth - 1) for _ in range(dice.randrange(3))]
    if choice == 9:
        return {words(dice)[0]: anything(dice, depth - 1) for _ in range(dice.randrange(3))}
    odd = [None, True, False, 2**70, -(2**63), 1e308, 0.1, -0.0, 1.0, 7]
    return words(dice)[0] if choice < 3 else dice.choice(odd)


def unknown(dice: random.Random) -> dict[str, Any]:
    """Make keys that no table knows, now and then."""
    if dice.random() < 0.7:
        return {}
    names = ["newKey", "Id ", "ID", "", "é", "x.y", "data_", "a\nb", "🙂", "STATUS"]
    return {dice.choice(names): anything(dice) for _ in range(dice.randrange(1, 3))}


def _needs(column: str, make: Maker) -> Field:
    return Field(column, make, required=True)


CONTEXT: Shape = {
    "ip": Field("context_ip", text),
    "userAgent": Field("context_user_agent", text),
    "href": Field("context_href", text),
    "title": Field("context_title", text),
    "referrer": Field("context_referrer", text),
    "timezone": Field("context_timezone", text),
    "locale": Field("context_locale", text),
    "location": {
        "city": Field("context_city", text),
        "region": Field("context_region", text),
        "country": Field("context_country", text),
        "countryName": Field("context_country_name", text),
        "postalCode": Field("context_postal_code", text_id),
        "latitude": Field("context_latitude", number),
        "longitude": Field("context_longitude", number),
    },
}
BUTTON: Shape = {
    "label": Field("label", text),
    "value": Field("value", text),
    "type": Field("type", text),
    "style": Field("style", text),
    "reaction": {
        "type": Field("reaction_type", text),
        "message": Field("reaction_message", text),
    },
}
ATTACHMENT: Shape = {
    "id": Field("attachment_id", whole),
    "fileName": Field("file_name", text),
    "mimeType": Field("mime_type", text),
    "url": Field("url", text),
}
KINDS = {
    "conversation": Kind(
        "conversations",
        "id",
        {
            "id": _needs("conversation_id", whole),
            "status": _needs("status_raw", status),
            "createdAt": _needs("created_at", moment),
            "contactId": Field("contact_id", whole),
            "inboxId": Field("inbox_id", whole),
            "orgId": Field("org_id", whole),
            "updatedAt": Field("updated_at", moment),
            "relatedPlaybookId": Field("playbook_id", whole),
            "participants": Field("participants", wholes),
            "conversationTags": Small(
                "tags", {"name": _needs("name", text), "color": Field("color", color)}
            ),
        },
        ("contactId",),
    ),
    "message": Kind(
        "messages",
        "id",
        {
            "id": _needs("message_id", whole),
            "conversationId": _needs("conversation_id", whole),
            "type": _needs("type_raw", message_type),
            "createdAt": _needs("created_at", moment),
            "author": {
                "type": _needs("author_type", author_type),
                "id": Field("author_id", whole),
                "bot": Field("_bot", flag),
            },
            "orgId": Field("org_id", whole),
            "body": Field("body", text),
            "editedMessageId": Field("edited_message_id", whole),
            "editType": Field("edit_type", text),
            "buttons": Small("buttons", BUTTON),
            "attachments": Small("attachments", ATTACHMENT),
            "attributes": {
                "preMessages": Field("pre_messages", pre_messages),
                "developer_app_id": Field("app_id", text_id),
                "integrationSource": Field("integration_source", text),
            },
            "context": CONTEXT,
        },
    ),
    "status event": Kind(
        "status_events",
        "conversationId",
        {
            "conversationId": _needs("conversation_id", whole),
            "status": _needs("status_raw", status),
            "changedAt": _needs("changed_at", moment),
        },
    ),
    "playbook": Kind(
        "playbooks",
        "id",
        {
            "id": _needs("playbook_id", whole),
            "interactionId": Field("interaction_id", whole),
            "name": Field("name", text),
            "reportType": Field("report_type", text),
            "orgId": Field("org_id", whole),
            "createdAt": Field("created_at", moment),
            "updatedAt": Field("updated_at", moment),
            "createdAuthorId": Field("created_by", whole),
            "updatedAuthorId": Field("updated_by", whole),
            "goals": Small(
                "goals", {"id": Field("goal_id", text_id), "message": Field("message", text)}
            ),
        },
        ("interactionId",),
    ),
    "landing page": Kind(
        "playbooks",
        "playbookId",
        {
            "playbookId": _needs("playbook_id", whole),
            "landingPageUrl": _needs("_landing_page", text),
            "playbookName": Field("name", text),
        },
    ),
    "user": Kind(
        "users",
        "id",
        {
            "id": _needs("user_id", whole),
            "bot": Field("is_bot", flag),
            "orgId": Field("org_id", whole),
            "name": Field("name", text),
            "alias": Field("alias", text),
            "email": Field("email", text),
            "phone": Field("phone", text),
            "locale": Field("locale", text),
            "availability": Field("availability", text),
            "role": Field("role", text),
            "timeZone": Field("time_zone", text),
            "avatarUrl": Field("avatar_url", text),
            "verified": Field("is_verified", flag),
            "createdAt": Field("created_at", moment),
            "updatedAt": Field("updated_at", moment),
        },
        ("bot",),
    ),
    "contact": Kind(
        "contacts",
        "id",
        {
            "id": _needs("contact_id", whole),
            "createdAt": Field("created_at", moment),
            "attributes": {
                "name": Field("name", text),
                "email": Field("email", text),
                "phone": Field("phone", text),
                "externalId": Field("external_id", text_id),
                "start_date": Field("started_at", moment),
                "last_active": Field("last_active_at", moment),
                "last_contacted": Field("last_contacted_at", moment),
            },
        },
        ("attributes",),
    ),
    "meeting": Kind(
        "meetings",
        "eventId",
        {
            "eventId": _needs("event_id", text_id),
            "conversationId": Field("conversation_id", whole),
            "schedulerId": Field("contact_id", whole),
            "agentId": Field("agent_id", whole),
            "bookedBy": Field("booked_by", whole),
            "orgId": Field("org_id", whole),
            "status": Field("status", text),
            "meetingSource": Field("meeting_source", text),
            "meetingType": Field("meeting_type", text),
            "eventType": Field("event_type", text),
            "conferenceType": Field("conference_type", text),
            "isRecurring": Field("is_recurring", flag),
            "isPrivate": Field("is_private", flag),
            "slug": Field("slug", text),
            "slotStart": Field("slot_start_at", moment),
            "slotEnd": Field("slot_end_at", moment),
            "scheduledAt": Field("scheduled_at", moment),
            "updatedAt": Field("updated_at", moment),
            "endUserTimeZone": Field("time_zone", text),
            "meetingNotes": Field("notes", text),
        },
    ),
    "goal": Kind(
        "goals",
        "conversationId",
        {
            "conversationId": _needs("conversation_id", whole),
            "goalId": _needs("goal_id", text_id),
            "playbookId": Field("playbook_id", whole),
            "goalName": Field("goal_name", text),
            "playbookName": Field("playbook_name", text),
            "contactId": Field("contact_id", whole),
            "contactEmail": Field("contact_email", text),
        },
        ("contactId",),
    ),
    "participants added": Kind(
        "participant_events",
        "conversationId",
        {
            "conversationId": _needs("conversation_id", whole),
            "changedAt": _needs("changed_at", moment),
            "addedParticipants": _needs("_users", users),
        },
    ),
    "participants removed": Kind(
        "participant_events",
        "conversationId",
        {
            "conversationId": _needs("conversation_id", whole),
            "changedAt": _needs("changed_at", moment),
            "removedParticipants": _needs("_users", users),
        },
    ),
}
OTHER_NAMES = {
    "attachments": "attachment",
    "ip": "IP",
    "conversationId": "conversationId:",
}
WEBHOOKS = {
    "conversation": "new_conversation",
    "message": "new_message",
    "status event": "conversation_status_updated",
    "participants added": "conversation_participant_added",
    "participants removed": "conversation_participant_removed",
    "meeting": "new_meeting",
    "goal": "playbook_goal_met",
}
"""The webhook that tells of a record."""


def generated(name: str, number_: int, dice: random.Random) -> Given:
    """Return a record as it is given, and as it must come back."""
    kind = KINDS[name]
    given, wanted = _filled(kind.shape, dice, name)
    for key in kind.certain:
        if key not in wanted:
            place = kind.shape[key]
            made = place.make(dice) if isinstance(place, Field) else ({}, ABSENT)
            given[key], value = made
            wanted |= {} if value is ABSENT else {key: value}
    is_text = kind.key == "eventId"
    given[kind.key] = wanted[kind.key] = f"e{number_}" if is_text else number_
    if name == "message":
        _without_false_bot(wanted["author"])
    return given, wanted


def posted(name: str, made: Given, dice: random.Random) -> Given:
    """Return a record as a webhook tells it, and as it must come back with what is around it."""
    given, wanted = made
    envelope = {"type": WEBHOOKS[name], "token": "t0ken", "orgId": 48213, **unknown(dice)}
    around = {key: value for key, value in envelope.items() if key not in ("type", "token")}
    has_column = KINDS[name].table in ("conversations", "messages", "meetings")
    if has_column and wanted.setdefault("orgId", 48213) == 48213:
        del around["orgId"]
    return envelope | {"data": given}, wanted | ({"webhook": around} if around else {})


def _without_false_bot(author: dict[str, Any]) -> None:
    if author["type"].strip().lower() == "contact" and author.get("bot") is False:
        del author["bot"]


def _filled(
    shape: Shape, dice: random.Random, name: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    given: dict[str, Any] = unknown(dice)
    wanted: dict[str, Any] = dict(given)
    for key, place in shape.items():
        required = isinstance(place, Field) and place.required
        chance = dice.random()
        if not required and chance < 0.25 and not _must_be(place):
            if chance < 0.08:
                given[key] = None
            elif chance < 0.12 and key != "preMessages":
                given[key] = wanted[key] = _unfit(place)
            continue
        value, back = _made(place, dice)
        other = OTHER_NAMES.get(key) if dice.random() < 0.1 else None
        if other == "conversationId:" and name != "meeting":
            other = None
        given[other or key] = value
        if back is not ABSENT:
            wanted[key] = back
    return given, wanted


def _must_be(place: Any) -> bool:
    return isinstance(place, dict) and any(
        isinstance(p, Field) and p.required for p in place.values()
    )


def _made(place: Field | Small | Shape, dice: random.Random) -> Given:
    if isinstance(place, Field):
        return place.make(dice)
    if isinstance(place, Small):
        pairs = [_filled(place.shape, dice) for _ in range(dice.randrange(3))]
        return [given for given, _ in pairs], [wanted for _, wanted in pairs]
    given, wanted = _filled(place, dice)
    return given, wanted or ABSENT


def _unfit(place: Field | Small | Shape) -> Any:
    """A value that has no column, and must be kept beside them."""
    if not isinstance(place, Field):
        return "not what it should be"
    return {"an": ["object", "where none", 1.5]}


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, moments in milliseconds."""
    return frame.with_columns(cs.datetime().dt.epoch("ms")).to_dicts()


def told(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the record that a row, and what is kept beside it, tell of."""
    record = _from(KINDS[name].shape, row)
    extra = json.loads(row["extra"]) if row["extra"] else {}
    whole_again: dict[str, Any] = _joined(record, extra)
    return whole_again


def _from(shape: Shape, row: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for key, place in shape.items():
        if isinstance(place, Field):
            value = _value(place.column, row)
        elif isinstance(place, Small):
            items = row[place.column]
            value = None if items is None else [_from(place.shape, item) for item in items]
        else:
            value = _from(place, row) or None
        if value is not None:
            record[key] = value
    return record


def _value(column: str, row: dict[str, Any]) -> Any:
    if column == "_bot":
        return {"bot": True, "human": False}.get(row["author_kind"])
    if column == "_landing_page":
        return row["landing_pages"][0]
    if column == "pre_messages" and row[column] is not None:
        return [json.loads(item["json"]) for item in row[column]]
    return row[column]


def _joined(record: Any, extra: Any) -> Any:
    """Put what is kept beside a table back where it came from."""
    if isinstance(record, dict) and isinstance(extra, dict):
        for key, value in extra.items():
            name = next((n for n, other in OTHER_NAMES.items() if other == key), key)
            known = name in record and isinstance(value, (dict, list))
            record[name] = _joined(record[name], value) if known else value
        return record
    if isinstance(record, list) and isinstance(extra, list) and len(record) == len(extra):
        return [_joined(one, other) for one, other in zip(record, extra, strict=True)]
    return extra
