"""What each metric needs of a conversation, and what to mind when reading it."""

from __future__ import annotations

__all__ = ["WORDS"]

_STATUS = "a known status"
_TOOK_PART = "a known status, other than sent in bulk and never picked up"
_CONTACT = "a visible message of the contact"
_PLAYBOOK = "a detail reply, or a playbook in the record"
_TAGS = "tags, or a detail reply that has none"

WORDS = {
    "time_in_status": (
        _STATUS,
        "Drift keeps no history of status: an estimate, with hard bounds.",
    ),
    "time_to_close": (
        _TOOK_PART,
        "Closes that nothing witnessed are missing, and what is open is censored, not left out.",
    ),
    "reopens": (
        "a known status, and a webhook, an older snapshot or a message",
        "Only what was witnessed is listed: agents may have reopened others unseen.",
    ),
    "transitions": (
        _STATUS,
        "Steps of the estimate, which has the fewest: unseen ones are missing.",
    ),
    "variants": (
        _STATUS,
        "Ways of the estimate, the shortest that the evidence allows.",
    ),
    "flow": (
        _STATUS,
        "What is open at a moment has bounds; closes and reopens are those of the estimate.",
    ),
    "ageing": (
        _TOOK_PART,
        "The finished are quicker than what is still open: an old age is no forecast.",
    ),
    "exact_time_in_status": (
        "a webhook log that runs since before it began",
        "Exact if the log is complete; where it contradicts itself there are bounds only.",
    ),
    "first_response": (
        "messages",
        "Those without messages are unknown, not unanswered.",
    ),
    "sla_attainment": (
        _CONTACT,
        "Waits that still run and are shorter than the target have neither met nor missed it.",
    ),
    "bot_containment": (
        "closed, with a visible message of the contact",
        "Open ones are not judged yet. Contained is not solved: the contact may have given up.",
    ),
    "load_by_hour": (
        _CONTACT,
        "Hours are counted from the first message on, unless `since` says that all were loaded.",
    ),
    "reconcile": (
        "messages",
        "Other tools' rules on what Drift tells, which is less than those tools know.",
    ),
    "first_response_from_handoff": (
        "messages, and a webhook that a user who is no bot was added",
        "Only webhooks tell when somebody was added.",
    ),
    "response_turns": (
        "messages",
        "Drift does not tell when a conversation closed in between: a turn ends at the last one.",
    ),
    "workload": (
        "a message of a person of the team",
        "Who read, closed or assigned without writing is not seen.",
    ),
    "playbook_attribution": (
        _PLAYBOOK,
        "Those that were only in a list are unknown, and in no denominator.",
    ),
    "playbook_lift": (
        _PLAYBOOK,
        "An association, not a cause: other visitors meet other playbooks.",
    ),
    "playbook_names": (
        "a playbook that is in Drift's list",
        "Drift lists only enabled playbooks; the others are shown by id.",
    ),
    "journeys": (
        "a contact",
        "A playbook of which the record does not tell is a touch of its own: unknown.",
    ),
    "multi_touch_attribution": (
        "a contact",
        "Credits follow a rule that you choose; visits without a conversation are not seen.",
    ),
    "tag_frequency": (
        _TAGS,
        "Drift keeps no time for a tag: a trend goes by the conversation's day.",
    ),
    "tag_cooccurrence": (
        _TAGS,
        "Which tag came first is not known.",
    ),
    "tag_sets": (
        _TAGS,
        "The tags that it has now: removed ones are not seen.",
    ),
    "tag_distinctive": (
        _TAGS,
        "A difference between groups, whatever made it.",
    ),
    "tag_survival": (
        _TAGS,
        "Tags come after the fact: that one goes with long waits does not make it their cause.",
    ),
}
"""By the name of a metric, what a conversation must have for it, and what to mind."""
