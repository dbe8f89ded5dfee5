"""What stands behind a result: which conversations, and which were left out."""

from __future__ import annotations

from .base import Table
from .columns import count, identifier, string

__all__ = ["Behind", "LeftOut"]


class Behind(Table):
    """One row for each row of a result and each conversation behind it.

    The columns that tell the rows of the result apart stand in front. Behind it stands a column
    for each number that the rows count (Int64, null where the number is not known): how much of it
    is this conversation. Added up, they give the numbers of the result.
    """

    conversation_id = identifier("The conversation.", key=True)


class LeftOut(Table):
    """One row per reason for which conversations are in no number, most conversations first."""

    reason = string("A short name for the reason, such as `created_later`.", key=True)
    conversations = count("How many conversations. One that has several reasons counts once.")
    why = string("The reason, as a sentence.")
