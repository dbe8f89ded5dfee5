"""How a conversation goes, from its first moment to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import bots, people
from .clock import DAY, HOUR, MINUTE, SECOND, is_staffed
from .organisation import INBOXES
from .story import Story
from .tags import choose_tags
from .texts import AWAY, OPENERS, OUTREACH

if TYPE_CHECKING:
    from .clock import Dice
    from .history import Life
    from .organisation import Playbook

__all__ = ["live"]

_WITHOUT_PLAYBOOK = ("pricing", "product", "integration", "login", "billing", "bug", "spam")


def live(life: Life, dice: Dice, started_at: int, rounds: int | None = None) -> None:
    """Tell a life into `life`; `started_at` is when the period began.

    `rounds` makes a person and the contact go back and forth that often.
    """
    playbook = life.playbook
    topic = "bug" if rounds else dice.one_of(playbook.topics if playbook else _WITHOUT_PLAYBOOK)
    sends = playbook is not None and playbook.sends
    story = Story(life, dice, topic, "bulk_sent" if sends else "open", started_at)
    if playbook is not None:
        engaged = _by_playbook(story, playbook)
    elif rounds is None and is_staffed(story.now) and dice.chance(0.08):
        engaged = _by_agent(story)
    else:
        engaged = _by_contact(story)
    if not engaged:
        return
    if playbook is None or rounds or dice.chance(playbook.handover):
        people.people(story, rounds)
    else:
        bots.bot_ends(story)
    if rounds is None:
        _come_back(story)
    read_at = next((m.at for m in life.messages if m.kind == "human"), life.messages[-1].at)
    life.tags.extend((read_at, tag) for tag in choose_tags(dice, topic))


def _by_playbook(story: Story, playbook: Playbook) -> bool:
    """Let a playbook begin; tell whether the contact took part."""
    greeting = bots.greet(story, playbook)
    if playbook.sends and not story.dice.chance(playbook.engagement):
        return False
    bots.first_answer(story, greeting)
    bots.questions(story, playbook)
    return True


def _by_contact(story: Story) -> bool:
    """Let the contact begin, who thereby takes part."""
    life, dice = story.life, story.dice
    story.wait(0, 400, 900)
    story.contact_says(dice.one_of(OPENERS[story.topic]), **bots.first_fields(story))
    if not is_staffed(story.now) and dice.chance(0.7):
        story.wait(SECOND, 2 * SECOND, 5 * SECOND)
        story.bot_says(AWAY)
        if dice.chance(0.25):
            bots.give_address(story)
    if story.topic in ("login", "billing", "bug"):
        life.inbox_id = INBOXES["Support"]
    return True


def _by_agent(story: Story) -> bool:
    """Let a person of the organisation begin; tell whether the contact took part."""
    story.wait(0, 400, 900)
    agent = people.choose_agent(story)
    story.agent_says(agent, OUTREACH.format(first=story.life.contact.first_name))
    if story.dice.chance(0.5):
        story.wait(3 * DAY, 5 * DAY, 9 * DAY)
        story.become("closed")
        return False
    story.wait(2 * MINUTE, HOUR, DAY, 3 * DAY)
    story.contact_says("Yes please!", **bots.first_fields(story))
    return True


def _come_back(story: Story) -> None:
    for _ in range(3):
        if story.status != "closed" or not story.dice.chance(0.2):
            return
        people.contact_returns(story)
        if story.dice.chance(0.75):
            people.people(story)
        else:
            people.forget(story)
