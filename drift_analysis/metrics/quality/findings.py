"""What an audit can find: how grave it is, what it is about, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from drift_analysis.schemas.audit import BUILT_ON, METRICS
from drift_analysis.schemas.suspicions import SUSPICIONS

__all__ = ["FINDINGS", "Finding"]

_STATUS = ("time_in_status", "exact_time_in_status")
_LOG = ("exact_time_in_status",)
_ANSWERS = ("first_response", "first_response_from_handoff", "response_turns")
_PLAYBOOKS = ("playbook_attribution", "playbook_names")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a code means: severity, table, the metrics that it limits, and a sentence."""

    severity: str
    table: str
    limits: tuple[str, ...]
    detail: str

    @property
    def affects(self) -> tuple[str, ...]:
        """The metrics that it limits, with those that are built on them."""
        named = {each for one in self.limits for each in (one, *BUILT_ON.get(one, ()))}
        return tuple(name for name in METRICS if name in named)


def _suspicion(code: str, *affects: str) -> Finding:
    table, detail = SUSPICIONS[code]
    return Finding("warning", table, affects, detail)


FINDINGS = {
    "duplicate_conversation": Finding(
        "error",
        "conversations",
        METRICS,
        "One id has several rows, so that it is counted several times: merge before measuring.",
    ),
    "duplicate_message": Finding(
        "error",
        "messages",
        _ANSWERS,
        "One id has several rows, so that it is counted several times: merge before measuring.",
    ),
    "stops_at_one_page": _suspicion("stops_at_one_page", *_ANSWERS, "time_in_status"),
    "stops_at_page_end": Finding(
        "info",
        "messages",
        (*_ANSWERS, "time_in_status"),
        "Conversations with 100, 150, ... messages, full pages: there may be more of them.",
    ),
    "conversation_not_read": _suspicion("conversation_not_read", *METRICS),
    "detail_without_messages": Finding(
        "warning",
        "conversations",
        (*_ANSWERS, "time_in_status", "playbook_attribution"),
        "Conversations with a detail reply, but without messages: waits and engagement are "
        "unknown, and stays have wider bounds.",
    ),
    "list_without_messages": Finding(
        "warning",
        "conversations",
        (*_ANSWERS, "time_in_status", "playbook_attribution"),
        "Conversations of a list, without messages: waits and engagement are unknown, and stays "
        "have wider bounds.",
    ),
    "list_only": Finding(
        "warning",
        "conversations",
        (*_PLAYBOOKS, "journeys", "tag_frequency"),
        "Only in a list: playbook, tags and participants may be unknown.",
    ),
    "edit_without_target": _suspicion("edit_without_target"),
    "repeated_message": Finding(
        "info",
        "messages",
        ("response_turns",),
        "The same author sent the same body at the same moment under another id.",
    ),
    "updated_before_created": _suspicion("updated_before_created", *_STATUS),
    "message_before_conversation": _suspicion(
        "message_before_conversation", "time_in_status", *_ANSWERS
    ),
    "event_before_conversation": Finding(
        "warning",
        "status_events",
        _STATUS,
        "A webhook told of a status more than a minute before the conversation was created.",
    ),
    "updated_before_last_message": Finding(
        "warning",
        "conversations",
        ("time_in_status",),
        "`updated_at` lies more than a minute before a message that was there when the record "
        "was fetched.",
    ),
    "updated_before_last_event": Finding(
        "warning",
        "conversations",
        _STATUS,
        "`updated_at` lies more than a minute before a change of status that was there when the "
        "record was fetched.",
    ),
    "clock_skew": Finding(
        "info",
        "conversations",
        (),
        "A message or a webhook lies up to a minute outside the record's `created_at` and "
        "`updated_at`: two clocks disagree.",
    ),
    "updated_at_missing": Finding(
        "info",
        "conversations",
        ("time_in_status",),
        "Without `updated_at` nothing tells since when a conversation has its status.",
    ),
    "fetched_at_missing": Finding(
        "info",
        "conversations",
        ("time_in_status",),
        "When it was fetched is not known: the record counts as seen at `as_of`. "
        "da.load(..., fetched_at=...) says when.",
    ),
    "fetched_long_ago": Finding(
        "warning",
        "conversations",
        ("time_in_status", "first_response", "playbook_attribution"),
        "Fetched more than 7 days before `as_of`: what happened since then is not known.",
    ),
    "days_without_conversations": Finding(
        "warning",
        "conversations",
        METRICS,
        "Days on which no conversation began, although 10 or more were to be expected from the "
        "same weekdays of the weeks around: the export may have a hole.",
    ),
    "unknown_status": Finding(
        "warning",
        "conversations",
        _STATUS,
        "A status that is new to us: kept in `status_raw`, and read as `unknown`.",
    ),
    "unknown_status_event": Finding(
        "warning",
        "status_events",
        _STATUS,
        "A status that is new to us: kept in `status_raw`, and read as `unknown`.",
    ),
    "unknown_type": Finding(
        "warning",
        "messages",
        _ANSWERS,
        "A type that is new to us: kept in `type_raw`, and read as `other`.",
    ),
    "unknown_author": Finding(
        "warning",
        "messages",
        _ANSWERS,
        "The record does not say who wrote it, or whether a user was a bot: it is the answer of "
        "neither a person nor a bot.",
    ),
    "matched_by_playbook_id": Finding(
        "info", "playbooks", (), "Conversations whose playbook fits a playbook's id."
    ),
    "matched_by_interaction_id": Finding(
        "info", "playbooks", (), "Conversations whose playbook fits a playbook's interaction id."
    ),
    "playbook_not_listed": Finding(
        "info",
        "playbooks",
        ("playbook_names",),
        "Conversations whose playbook is not in the list (Drift lists only enabled ones): it is "
        "shown by id, without a name.",
    ),
    "participant_not_listed": Finding(
        "info",
        "users",
        (),
        "Conversations with a participant who is none of the users: Drift lists current ones.",
    ),
    "contact_not_read": Finding(
        "info",
        "contacts",
        (),
        "Conversations whose contact was not read: Drift lists no contacts.",
    ),
    "no_webhook_log": Finding(
        "info",
        "status_events",
        _LOG,
        "There is no webhook log: changes of status are known only where a message or a record "
        "witnesses them.",
    ),
    "began_before_log": Finding(
        "info",
        "status_events",
        _LOG,
        "Conversations that began before the webhook log: their first stays are estimates.",
    ),
    "not_in_log": Finding(
        "info",
        "status_events",
        _LOG,
        "Conversations without a webhook: nothing changed while the log ran, if it is complete.",
    ),
    "log_repeats_status": Finding(
        "warning",
        "status_events",
        _STATUS,
        "The log tells of the same status twice in a row: a change between them is missing, and "
        "that stretch has bounds only.",
    ),
    "log_has_two_statuses": Finding(
        "warning",
        "status_events",
        _STATUS,
        "One kind of witness tells of two statuses at one moment.",
    ),
    "log_ends_otherwise": Finding(
        "warning",
        "status_events",
        _STATUS,
        "The record has another status than the last webhook before it was fetched: a change is "
        "missing from the log, and that stretch has bounds only.",
    ),
}
"""Every code that is found in the tables themselves, in the order in which rules are told."""
