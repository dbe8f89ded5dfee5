"""Telling the lives of all conversations of a period."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from .arrivals import arrivals, begun_by
from .clock import OFFICE, Dice, instant
from .history import Contact, Life
from .life import live
from .oddities import rounds_of
from .organisation import INBOXES
from .visitors import make_contact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["midnight", "tell"]


def midnight(day: date) -> int:
    """Return the moment at which a day begins at the office."""
    return instant(datetime.combine(day, time(), OFFICE))


def tell(n: int, seed: int, start: date, weeks: int, moment: int, *, long_ones: bool) -> list[Life]:
    """Tell the life of every conversation up to a moment."""
    dice = Dice(seed)
    began = midnight(start)
    lives: list[Life] = []
    contacts: list[Contact] = []
    conversation_id, contact_id = 4_210_000_000, 17_300_000_000
    for number, at in enumerate(arrivals(dice, n, start, weeks)):
        conversation_id += dice.whole(400, 90_000)
        contact_id += dice.whole(400, 90_000)
        if not contacts or dice.chance(0.86):
            contacts.append(make_contact(dice, contact_id, at))
            contact = contacts[-1]
        else:
            contact = dice.one_of(contacts)
        rounds = rounds_of(number, n) if long_ones else None
        playbook = begun_by(dice, at - began)
        life = Life(
            id=conversation_id,
            created_at=at,
            contact=contact,
            playbook=None if rounds else playbook,
            inbox_id=INBOXES[playbook.inbox if playbook else "Sales"],
        )
        live(life, Dice((seed << 32) + number + 1), began, rounds)
        life.cut(moment)
        lives.append(life)
    _number_messages(dice, lives)
    return lives


def _number_messages(dice: Dice, lives: Iterable[Life]) -> None:
    """Give the messages ids that go up with time, as Drift's do."""
    message_id = 12_840_000_000
    written = [message for life in lives for message in life.messages]
    for message in sorted(written, key=lambda message: message.at):
        message_id += dice.whole(3, 9_000)
        message.id = message_id
