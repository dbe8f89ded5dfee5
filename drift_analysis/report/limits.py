"""What Drift's JSON cannot say, however much of it there is."""

from __future__ import annotations

__all__ = ["LIMITS"]

LIMITS = (
    "Drift keeps no history of status: a record tells the status at the moment it was fetched. "
    "Only a complete webhook log gives exact stays; otherwise the page shows an estimate and the "
    "least and the most that the evidence allows.",
    "Drift's documentation says that status is being phased out of the app and the webhooks, "
    "because users forgot to close. Closed does not mean resolved, and open may be over.",
    "What still runs is not finished: its time goes on after the end of the data, and it is "
    "counted as still running, never as closed.",
    "Tags have no time. A trend of tags goes by the day on which the conversation was created, "
    "not on which the tag was set.",
    "A conversation that was read from a list only has no playbook, tags and participants. They "
    "are unknown there, not absent, and stay out of every denominator.",
    "The playbook is the one that started the conversation. Others that the visitor met on the "
    "way are not in the record, and a difference between playbooks is no proof of a cause.",
    "An answer is a visible chat message by a user. Calls, e-mails and meetings held elsewhere "
    "are not in the data.",
    "Messages that were not fetched are unknown. Their absence is never taken for silence.",
)
"""One sentence or two for each thing that a reader might otherwise take for known."""
