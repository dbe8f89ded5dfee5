"""What a playbook is, which goals were met, and what came of the conversations it started."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length, moment
from .columns import (
    as_list_of_structs,
    beyond,
    count,
    enum,
    identifier,
    number,
    rate,
    read_from,
    string,
)

__all__ = [
    "ATTRIBUTIONS",
    "MATCHES",
    "OUTCOMES",
    "Goals",
    "PlaybookAttribution",
    "PlaybookComparison",
    "PlaybookLift",
    "PlaybookMatchRates",
    "PlaybookNames",
    "PlaybookTags",
    "Playbooks",
]

ATTRIBUTIONS = ("playbook", "none", "unknown")
"""Whether a playbook started a conversation: one did, none did, or the record does not say."""

MATCHES = ("playbook_id", "interaction_id", "neither")
"""Which id of a playbook a conversation's `relatedPlaybookId` is."""

OUTCOMES = (
    "bulk_sent",
    "engaged",
    "human_handled",
    "closed",
    "emails_captured",
    "meetings",
    "goals",
)
"""What may come of a conversation: columns of `PlaybookAttribution`."""

_ABSENT = "not in the record"


class Playbooks(Table):
    """One row per playbook of Drift's list, which holds only the enabled ones."""

    playbook_id = identifier("Drift's id of the playbook.", key=True)
    interaction_id = identifier(
        "Its other id; `relatedPlaybookId` of a conversation may be this one.", null=_ABSENT
    )
    name = string("Its name.", null=_ABSENT)
    report_type = string("What it is meant for, such as `BOOK_MORE_MEETINGS`.", null=_ABSENT)
    org_id = identifier("The organisation it belongs to.", null=_ABSENT)
    created_at = moment("When it was created.", null=_ABSENT)
    updated_at = moment("When it was last changed.", null=_ABSENT)
    created_by = identifier("The user who created it.", null=_ABSENT)
    updated_by = identifier("The user who last changed it.", null=_ABSENT)
    goals = as_list_of_structs(
        {"goal_id": dy.String(nullable=True), "message": dy.String(nullable=True)},
        "Its goals.",
        null=_ABSENT,
    )
    landing_pages = dy.List(
        dy.String(),
        nullable=True,
        description="The addresses of its conversational landing pages.",
        metadata={"null": "the list of landing pages was not loaded, or names none"},
    )
    extra = beyond()
    source = read_from()


class Goals(Table):
    """One row per goal that a known contact met (webhook `playbook_goal_met`); without a time."""

    conversation_id = identifier("The conversation in which it was met.", key=True)
    goal_id = string("Drift's id of the goal.", key=True)
    goal_name = string("Its name.", null=_ABSENT)
    playbook_id = identifier("The playbook that set it.", null=_ABSENT)
    playbook_name = string("The name of that playbook.", null=_ABSENT)
    contact_id = identifier("The contact who met it.", null=_ABSENT)
    contact_email = string("The address of that contact.", null=_ABSENT)
    extra = beyond()
    source = read_from()


class PlaybookAttribution(Table):
    """One row per playbook that started conversations, and one each for none and unknown."""

    playbook_id = identifier("The playbook.", null="no playbook, or unknown: see `attribution`")
    playbook_name = string("Its name.", null="not in the list of playbooks, or no playbook")
    attribution = enum(ATTRIBUTIONS, "Whether a playbook started them.")
    conversations = count("Conversations that it started.")
    share = rate(
        "Of the conversations of which the playbook is known.", null="unknown is in no denominator"
    )
    bulk_sent = count("Those that are still `bulk_sent`: delivered, not interacted with.")
    engaged = count(
        "Those in which the contact wrote a visible message; without messages, those that left "
        "`bulk_sent`."
    )
    engagement_rate = rate("`engaged` of `conversations`.", null="no conversations")
    engagement_lo = rate("Lower 95 % bound (Wilson).", null="no conversations")
    engagement_hi = rate("Upper 95 % bound (Wilson).", null="no conversations")
    human_handled = count(
        "Engaged ones in which a human wrote a visible message.", null="messages not loaded"
    )
    closed = count("Engaged ones that are closed.")
    emails_captured = count(
        "Those in which the contact wrote an e-mail address, once each.", null="messages not loaded"
    )
    meetings = count("Those in which a meeting was booked.", null="meetings not loaded")
    goals = count("Those in which a goal was met.", null="goals not loaded")
    median_first_response = length(
        "Half of the engaged ones have a human answer after this time (Aalen-Johansen; closed "
        "before is a competing end).",
        null="not reached, or messages not loaded",
    )
    median_time_to_close = length(
        "Half of the engaged ones are closed after this time (Kaplan-Meier), placed at "
        "`updated_at`, since Drift keeps no history of status.",
        null="not reached",
    )


_UNSURE = "nothing to compare, or the outcome was not loaded"


class PlaybookLift(Table):
    """One row per playbook: how an outcome is associated with it. It is not what it causes."""

    playbook_id = identifier("The playbook.", key=True)
    playbook_name = string("Its name.", null="not in the list of playbooks")
    outcome = enum(OUTCOMES, "What came of conversations.")
    against = string("What it is compared with: `rest`, `none`, or the id of a playbook.")
    conversations = count("Conversations that it started.")
    happened = count("Those of which the outcome came.", null="not loaded")
    happened_rate = rate("`happened` of `conversations`.", null="not loaded")
    other_conversations = count(
        "Conversations that it is compared with; never those of an unknown playbook, nor of one "
        "whose outcome was not loaded."
    )
    other_happened = count("Those of which the outcome came.", null="none, or not loaded")
    other_rate = rate("`other_happened` of `other_conversations`.", null="none, or not loaded")
    difference = number("`happened_rate` less `other_rate`.", unit="-1 to 1", null=_UNSURE)
    difference_lo = number("Lower 95 % bound (Newcombe).", unit="-1 to 1", null=_UNSURE)
    difference_hi = number("Upper 95 % bound (Newcombe).", unit="-1 to 1", null=_UNSURE)
    ratio = number("`happened_rate` / `other_rate`.", null=f"{_UNSURE}, or `other_rate` is 0")
    p = rate(
        "How often chance alone gives as unlikely counts, if the rates are equal (Fisher's exact "
        "test).",
        null=_UNSURE,
    )
    q = rate("`p` among all playbooks here (Benjamini-Hochberg).", null=_UNSURE)
    n_unknown = count("Conversations of which the playbook is unknown; in no rate.")


class PlaybookComparison(Table):
    """One row per outcome: what came of a playbook's conversations and of others. Not a cause."""

    outcome = enum(OUTCOMES, "What came of conversations.", key=True)
    playbook_id = identifier("The playbook.")
    against = string("What it is compared with: `rest`, `none`, or the id of a playbook.")
    conversations = count("Conversations that it started.")
    happened = count("Those of which the outcome came.", null="not loaded")
    happened_rate = rate("`happened` of `conversations`.", null="not loaded")
    happened_lo = rate("Lower 95 % bound (Wilson).", null="not loaded")
    happened_hi = rate("Upper 95 % bound (Wilson).", null="not loaded")
    other_conversations = count(
        "Conversations that it is compared with; never those of an unknown playbook, nor of one "
        "whose outcome was not loaded."
    )
    other_happened = count("Those of which the outcome came.", null="none, or not loaded")
    other_rate = rate("`other_happened` of `other_conversations`.", null="none, or not loaded")
    other_lo = rate("Lower 95 % bound (Wilson).", null="none, or not loaded")
    other_hi = rate("Upper 95 % bound (Wilson).", null="none, or not loaded")
    difference = number("`happened_rate` less `other_rate`.", unit="-1 to 1", null=_UNSURE)
    difference_lo = number("Lower 95 % bound (Newcombe).", unit="-1 to 1", null=_UNSURE)
    difference_hi = number("Upper 95 % bound (Newcombe).", unit="-1 to 1", null=_UNSURE)
    ratio = number(
        "The lift, `happened_rate` / `other_rate`.", null=f"{_UNSURE}, or `other_rate` is 0"
    )
    ratio_lo = number("Lower 95 % bound (Donner and Zou).", null="as `ratio`")
    ratio_hi = number("Upper 95 % bound (Donner and Zou).", null="as `ratio`")
    p = rate(
        "How often chance alone gives as unlikely counts, if the rates are equal (Fisher's exact "
        "test).",
        null=_UNSURE,
    )
    q = rate("`p` among all outcomes here (Benjamini-Hochberg).", null=_UNSURE)
    n_unknown = count("Conversations of which the playbook is unknown; in no rate.")


class PlaybookTags(Table):
    """One row per tag: how much more often a playbook's conversations have it than others."""

    tag = string("The tag, in its most frequent spelling.", key=True)
    conversations = count("Conversations of the playbook that have it.")
    n_known = count("Conversations of the playbook whose tags are known.")
    share = rate("`conversations` of `n_known`.", null="no tags are known")
    other_conversations = count("Conversations that it is compared with that have it.")
    other_known = count("Those that it is compared with whose tags are known.")
    other_share = rate("`other_conversations` of `other_known`.", null="no tags are known")
    difference = number("`share` less `other_share`.", unit="-1 to 1", null="no tags are known")
    difference_lo = number("Lower 95 % bound (Newcombe).", unit="-1 to 1", null="as `difference`")
    difference_hi = number("Upper 95 % bound (Newcombe).", unit="-1 to 1", null="as `difference`")
    p = rate(
        "How often chance alone gives as unlikely counts, if the shares are equal (Fisher's exact "
        "test).",
        null="no tags are known",
    )
    q = rate("`p` among all tags here (Benjamini-Hochberg).", null="no tags are known")
    n_unknown = count("Conversations of either whose tags are unknown; in no share.")


class PlaybookMatchRates(Table):
    """One row per id that a conversation's playbook may be, and one for those that fit neither."""

    matched_by = enum(MATCHES, "The id that fits.", key=True)
    playbooks = count("Different playbook ids of conversations that fit it.")
    conversations = count("Conversations whose playbook fits it.")
    share = rate(
        "Of the conversations that name a playbook.", null="no conversation names a playbook"
    )


class PlaybookNames(Table):
    """One row per id by which a conversation may name a playbook."""

    playbook_id = identifier("A playbook's own id, or its interaction's.", key=True)
    playbook_name = string("What the playbook is called.", null="it has no name")
