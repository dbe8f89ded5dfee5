"""How long things take: the quantiles of waits, at equal steps from 0 to 1."""

from __future__ import annotations

from .clock import DAY, MINUTE, SECOND

__all__ = ["ANSWER", "BOT", "FIRST_HUMAN", "HUMAN", "IDLE", "TYPING"]

ANSWER = (4 * SECOND, 15 * SECOND, 35 * SECOND, 90 * SECOND, 6 * MINUTE)
"""Until a contact answers."""

BOT = (SECOND, 2 * SECOND, 3 * SECOND, 8 * SECOND)
"""Until a bot answers."""

FIRST_HUMAN = (15 * SECOND, 70 * SECOND, 150 * SECOND, 5 * MINUTE, 14 * MINUTE, 70 * MINUTE)
"""Until a person takes a conversation, in office hours."""

HUMAN = (12 * SECOND, 40 * SECOND, 90 * SECOND, 4 * MINUTE, 18 * MINUTE)
"""Until a person who is in the conversation answers, in office hours."""

TYPING = (4 * SECOND, 15 * SECOND, 35 * SECOND)
"""Between two things that one person does."""

IDLE = 3 * DAY
"""After so long without a message Drift closes a conversation of the inbox Support."""
