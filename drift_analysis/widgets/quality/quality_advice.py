"""What to do about what is missing or implausible."""

from __future__ import annotations

from drift_analysis.schemas.audit import BUILT_ON

__all__ = ["FINDING_ADVICE", "METRIC_ADVICE", "REJECT_ADVICE", "advice_of"]

_DETAILS = "fetch the detail replies: `da.sync`, or `client.fetch_conversations(details=True)`."
_RECORDS = "load the records of the conversations, not only their messages."
_CONTACTS = "load conversations with their contact: records as the API gives them."
_MESSAGES = "fetch the messages of these conversations, all pages: `da.sync` does."
_AGAIN = "fetch again, so that record and messages are of one time: `da.sync`."
_LOG = "keep Drift's webhooks from now on; docs/sync.md has a receiver. The past stays estimated."
_LOG_AGAIN = "look whether your receiver was down then; bounds are kept, so read those."
_UPDATE = "a newer version of drift_analysis may know it; the value is kept in the `_raw` column."
_NOTHING = "nothing: it is said so that a number is not read as more than it is."
_LOOK = "look at these conversations in Drift; if one is wrong there, leave it out."

METRIC_ADVICE = {
    **dict.fromkeys(
        ("time_in_status", "time_to_close", "transitions", "variants", "flow", "ageing"), _RECORDS
    ),
    **dict.fromkeys(("exact_time_in_status", "reopens"), _LOG),
    **dict.fromkeys(("first_response", "response_turns", "sla_attainment", "reconcile"), _MESSAGES),
    **dict.fromkeys(("bot_containment", "load_by_hour", "workload"), _MESSAGES),
    "first_response_from_handoff": "keep Drift's webhooks of participants; docs/sync.md says how.",
    **dict.fromkeys(("playbook_attribution", "playbook_lift"), _DETAILS),
    "playbook_names": "load `/playbooks/list` as well; disabled playbooks stay numbers.",
    **dict.fromkeys(("journeys", "multi_touch_attribution"), _CONTACTS),
    **dict.fromkeys(("tag_frequency", *BUILT_ON["tag_frequency"]), _DETAILS),
}
"""How a metric can be had for more conversations."""

FINDING_ADVICE = {
    "duplicate_conversation": "`da.load` both sources together, which merges them by id.",
    "duplicate_message": "`da.load` both sources together, which merges them by id.",
    "stops_at_one_page": _MESSAGES,
    "stops_at_page_end": _MESSAGES,
    "conversation_not_read": "load the records of these conversations as well.",
    "detail_without_messages": _MESSAGES,
    "list_without_messages": _MESSAGES,
    "list_only": _DETAILS,
    "edit_without_target": _MESSAGES,
    "repeated_message": _LOOK,
    "updated_before_created": _LOOK,
    "message_before_conversation": _LOOK,
    "event_before_conversation": _LOOK,
    "updated_before_last_message": _AGAIN,
    "updated_before_last_event": _AGAIN,
    "clock_skew": _NOTHING,
    "updated_at_missing": _DETAILS,
    "fetched_at_missing": "`da.load(..., fetched_at=...)`, with the moment of the export.",
    "fetched_long_ago": _AGAIN,
    "days_without_conversations": "export these days again; if the office was closed, it is none.",
    "unknown_status": _UPDATE,
    "unknown_status_event": _UPDATE,
    "unknown_type": _UPDATE,
    "unknown_author": _LOOK,
    "matched_by_playbook_id": _NOTHING,
    "matched_by_interaction_id": _NOTHING,
    "playbook_not_listed": "load a list from before they were disabled, if there is one.",
    "participant_not_listed": "load a list of users from before they left, if there is one.",
    "contact_not_read": "fetch the contacts, if you need more than their ids.",
    "no_webhook_log": _LOG,
    "began_before_log": _NOTHING,
    "not_in_log": _NOTHING,
    "log_repeats_status": _LOG_AGAIN,
    "log_has_two_statuses": _LOG_AGAIN,
    "log_ends_otherwise": _LOG_AGAIN,
}
"""What to do about each code of the audit that is found in the tables themselves."""

REJECT_ADVICE = {
    "not_json": "look at the place; a file that was saved by hand may be cut or wrapped.",
    "not_drift": "leave the file out, if it is no export of Drift's.",
    "truncated": "export or download it again: it ends in the middle.",
    "bad_encoding": "save it as UTF-8.",
    "not_a_record": "look at the place: something else stands where a record should.",
    "missing_field": "fetch it again; without this field it cannot be placed.",
    "wrong_type": "look at the place: a field holds another kind of value than Drift documents.",
    "unknown_kind": "nothing, if it is not of these tables; else tell what kind it is.",
    "no_table": "nothing: it is a record for which there is no table.",
    "request_body": "nothing: it is what was sent to Drift, not what came back.",
    "error_reply": "fetch it again: Drift answered with an error.",
    "transcript": "fetch the messages as well: a transcript has no ids.",
    "unreadable": "look at its permissions, or copy it again.",
}
"""What to do about each reason for which something was not read."""

_REJECTED = "rejected_"
_DEFAULT = "look at these records in the source, and at `dataset.issues`."


def advice_of(view: str, row: str) -> str:
    """Return what to do about a row of a view, as the line of an error that begins with Try.

    Examples
    --------
    >>> from drift_analysis.widgets.quality.quality_advice import advice_of
    >>> advice_of("rejects", "bad_encoding")
    'Try: save it as UTF-8.'
    """
    if view == "metrics":
        return f"Try: {METRIC_ADVICE.get(row, _DEFAULT)}"
    reason = row.removeprefix(_REJECTED)
    return f"Try: {REJECT_ADVICE.get(reason) or FINDING_ADVICE.get(row, _DEFAULT)}"
