"""What a playbook's bot does: greet, ask, offer a meeting, say goodbye."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import pace
from .clock import DAY, HOUR, MINUTE, SECOND, next_staffed
from .history import Meeting
from .organisation import BOT, EMAIL_GIVEN, MEETING_BOOKED
from .people import choose_agent, forget
from .texts import ANSWERS, BOT_QUESTIONS, GREETINGS, HOSTILE, OPENERS, WORLD

if TYPE_CHECKING:
    from .organisation import Playbook
    from .story import Story

__all__ = ["bot_ends", "first_answer", "first_fields", "give_address", "greet", "questions"]


def greet(story: Story, playbook: Playbook) -> list[str]:
    """Let the playbook write first, or show what it says before the contact speaks."""
    hello = story.dice.one_of(GREETINGS).format(first=story.life.contact.first_name)
    if playbook.sends:
        story.wait(0, 300)
        story.bot_says(hello, buttons=[_reply_button(text) for text in ANSWERS])
        return []
    return [hello]


def first_answer(story: Story, shown_before: list[str]) -> None:
    """Let the contact speak for the first time, by a button or in words."""
    if shown_before:
        story.wait(0, 600)
    else:
        story.wait(5 * SECOND, 30 * SECOND, 3 * MINUTE, 40 * MINUTE, 2 * DAY)
    by_button = story.dice.chance(0.45)
    body = story.dice.one_of(ANSWERS if by_button else OPENERS[story.topic])
    story.contact_says(body, **first_fields(story, shown_before))


def first_fields(story: Story, shown_before: list[str] | None = None) -> dict[str, Any]:
    """Return what only a contact's first message carries: context, and what was shown before."""
    page = "pricing" if story.topic == "pricing" else story.topic
    context = {
        **story.life.contact.context,
        "href": f"https://larkfield.example.com/{page}",
        "title": f"Larkfield | {page.capitalize()}",
    }
    if story.dice.chance(0.4):
        context["referrer"] = "https://search.example.net/"
    shown = [
        {"body": body, "sender": {"type": "user", "id": BOT.id, "bot": True}}
        for body in shown_before or ()
    ]
    return {"context": context, "attributes": {"preMessages": shown} if shown else {}}


def questions(story: Story, playbook: Playbook) -> None:
    """Let the bot ask, and the contact answer or fall silent."""
    for question, answers in BOT_QUESTIONS[: story.dice.whole(1, 4)]:
        story.wait(*pace.BOT)
        story.bot_says(question)
        if story.dice.chance(0.09):
            return
        story.wait(*pace.ANSWER)
        bank = story.dice.weighted((answers, WORLD, HOSTILE), (88, 8, 4))
        story.contact_says(story.pick(bank))
    if story.dice.chance(playbook.email):
        story.wait(*pace.BOT)
        story.bot_says("<p>Which e-mail address can we reach you at?</p>")
        give_address(story)
    if story.life.identified_at and story.dice.chance(playbook.meeting):
        _book(story)


def give_address(story: Story) -> None:
    """Let the contact give an e-mail address."""
    story.wait(*pace.ANSWER)
    story.contact_says(story.life.contact.email)
    story.life.identified_at = story.now
    if story.life.playbook is not None:
        story.life.goals.append((story.now, EMAIL_GIVEN))


def bot_ends(story: Story) -> None:
    """Let the playbook come to its end, which mostly closes the conversation."""
    story.wait(*pace.BOT)
    story.bot_says("<p>Thanks for stopping by. Write any time!</p>")
    if story.dice.chance(0.8):
        story.wait(2 * SECOND, 30 * SECOND, 5 * MINUTE)
        story.become("closed")
    else:
        forget(story)


def _book(story: Story) -> None:
    """Let the contact book a meeting with a person, which meets the playbook's goal."""
    story.wait(*pace.BOT)
    story.bot_says("<p>Pick a time that suits you:</p>")
    story.wait(*pace.ANSWER)
    slot = next_staffed(story.now + story.dice.length(DAY, 2 * DAY, 7 * DAY))
    slot -= slot % (30 * MINUTE)
    canceled = story.now + 6 * HOUR if story.dice.chance(0.12) else None
    agent = choose_agent(story)
    event = f"cal-{story.life.id}-{len(story.life.meetings) + 1}"
    story.life.meetings.append(Meeting(event, story.now, slot, agent.id, canceled))
    story.life.goals.append((story.now, MEETING_BOOKED))
    story.wait(*pace.BOT)
    story.bot_says("<p>Booked! You will get an invitation.</p>")


def _reply_button(text: str) -> dict[str, str]:
    return {"label": text, "value": text, "type": "reply"}
