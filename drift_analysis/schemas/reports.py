"""What Drift's own reporting API says of conversations."""

from __future__ import annotations

from .base import Table, length, moment
from .columns import beyond, count, identifier, read_from

__all__ = ["ReportMetrics"]

_UNSET = "not asked for, or Drift has none (`NaN`)"


class ReportMetrics(Table):
    """One row per conversation of a saved report, as Drift's reporting API answers it.

    A reply holds numbers without names, in the order in which the request asked for them
    (Drift's documentation: Conversation Reporting).
    """

    conversation_id = identifier("The conversation.", key=True)
    created_at = moment("When it was created (`createdAt`).", null=_UNSET)
    updated_at = moment("When it last changed (`updatedAt`).", null=_UNSET)
    first_close_at = moment("When it first closed (`firstCloseAt`).", null=_UNSET)
    first_agent_message_at = moment(
        "When a human first wrote (`firstAgentMessageAt`).", null=_UNSET
    )
    time_to_close = length(
        "How long it was open for (`timeToCloseMillis`); from when, and what a reopen does, is "
        "not documented.",
        null=_UNSET,
    )
    time_to_agent_response = length(
        "How long a human took to respond once routed in (`timeToAgentResponseMillis`).",
        null=_UNSET,
    )
    agent_messages = count("Messages of humans (`numAgentMessages`).", null=_UNSET)
    bot_messages = count("Messages of bots (`numBotMessages`).", null=_UNSET)
    contact_messages = count("Messages of the contact (`numEndUserMessages`).", null=_UNSET)
    last_agent_id = identifier("The last human in it (`lastAgentId`).", null=_UNSET)
    contact_id = identifier("The contact (`endUserId`).", null=_UNSET)
    playbook_id = identifier(
        "The playbook that it started from (`relatedPlaybookId`).", null=_UNSET
    )
    extra = beyond()
    source = read_from()
