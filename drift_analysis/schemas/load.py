"""When contacts write, and how much each person does."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length, moment
from .columns import count, identifier, number

__all__ = ["LoadByHour", "Workload"]


class LoadByHour(Table):
    """One row per weekday and hour of the local clock, always 168: how many contacts write."""

    weekday = dy.UInt8(
        max=6, primary_key=True, description="0 is Monday, 6 is Sunday.", metadata={"null": None}
    )
    hour = dy.UInt8(
        max=23,
        primary_key=True,
        description="0 is the hour after midnight.",
        metadata={"null": None},
    )
    observed = length(
        "How much of the period lies in this hour of the week; less where clocks go forward."
    )
    messages = count("Visible messages of contacts.")
    conversations = count("Conversations in which the contact first wrote then.")
    messages_per_hour = number(
        "`messages` per hour observed.", unit="per hour", null="the hour was never observed"
    )
    conversations_per_hour = number(
        "`conversations` per hour observed.", unit="per hour", null="the hour was never observed"
    )
    median_first_response = length(
        "Half of these conversations have a human answer after this time (Aalen-Johansen; closed "
        "before is a competing end).",
        null="not reached, or no conversations",
    )


class Workload(Table):
    """One row per human user who wrote: what this person did."""

    user_id = identifier("The user.", null="humans of whom the record has no id")
    conversations = count("Conversations in which the user wrote a visible message.")
    messages = count("Visible messages of the user.")
    notes = count("Private notes of the user.")
    first_responses = count("Conversations to which this user gave the first human answer.")
    active_days = count("Local days on which the user wrote a visible message.")
    busiest_day = count("The most conversations in which the user wrote on one local day.")
    first_at = moment("The first visible message.", null="wrote private notes only")
    last_at = moment("The latest visible message.", null="wrote private notes only")
