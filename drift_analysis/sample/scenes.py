"""The scenes that conversations are made of: a bot's questions, people's answers, endings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .clock import DAY, HOUR, MINUTE, SECOND, next_staffed
from .history import Meeting
from .organisation import BOT, EMAIL_GIVEN, INBOXES, MEETING_BOOKED, agents_at
from .texts import (
    AGENT_REPLIES,
    ANSWERS,
    BOT_QUESTIONS,
    FAREWELLS,
    FOLLOW_UPS,
    GREETINGS,
    HOSTILE,
    NOTES,
    OPENERS,
    RETURNS,
    THANKS,
    WORLD,
)

if TYPE_CHECKING:
    from .organisation import Agent, Playbook
    from .story import Story

__all__ = [
    "bot_ends",
    "choose_agent",
    "contact_returns",
    "first_answer",
    "first_fields",
    "forget",
    "give_address",
    "greet",
    "office_opens",
    "people",
    "questions",
]

_ANSWER = (4 * SECOND, 15 * SECOND, 35 * SECOND, 90 * SECOND, 6 * MINUTE)
_BOT = (SECOND, 2 * SECOND, 3 * SECOND, 8 * SECOND)
_FIRST_HUMAN = (15 * SECOND, 70 * SECOND, 150 * SECOND, 5 * MINUTE, 14 * MINUTE, 70 * MINUTE)
_HUMAN = (12 * SECOND, 40 * SECOND, 90 * SECOND, 4 * MINUTE, 18 * MINUTE)
_TYPING = (4 * SECOND, 15 * SECOND, 35 * SECOND)
_IDLE = 3 * DAY
"""After so long without a message Drift closes a conversation of the inbox Support."""


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
    for question in BOT_QUESTIONS[: story.dice.whole(1, 4)]:
        story.wait(*_BOT)
        story.bot_says(question)
        if story.dice.chance(0.09):
            return
        story.wait(*_ANSWER)
        story.contact_says(story.dice.one_of(HOSTILE if story.dice.chance(0.03) else WORLD))
    if story.dice.chance(playbook.email):
        story.wait(*_BOT)
        story.bot_says("<p>Which e-mail address can we reach you at?</p>")
        give_address(story)
    if story.life.identified_at and story.dice.chance(playbook.meeting):
        _book(story)


def give_address(story: Story) -> None:
    """Let the contact give an e-mail address."""
    story.wait(*_ANSWER)
    story.contact_says(story.life.contact.email)
    if story.life.identified_at is None:
        story.life.identified_at = story.now
        if story.life.playbook is not None:
            story.life.goals.append((story.now, EMAIL_GIVEN))


def bot_ends(story: Story) -> None:
    """Let the playbook come to its end, which mostly closes the conversation."""
    story.wait(*_BOT)
    story.bot_says("<p>Thanks for stopping by. Write any time!</p>")
    if story.dice.chance(0.8):
        story.wait(2 * SECOND, 30 * SECOND, 5 * MINUTE)
        story.become("closed")
    else:
        forget(story)


def people(story: Story, rounds: int | None = None) -> None:
    """Let a person answer, talk with the contact, and end the conversation or forget to."""
    if rounds is None and story.dice.chance(0.06):
        forget(story)
        return
    agent = choose_agent(story)
    if office_opens(story) and rounds is None:
        story.wait(2 * MINUTE, 12 * MINUTE, 35 * MINUTE, 2 * HOUR)
    else:
        story.wait(*_FIRST_HUMAN)
    _aside(story, agent)
    for number in range(rounds or story.dice.whole(1, 6)):
        if number and rounds is None and not _contact_goes_on(story, agent):
            break
        if number and rounds is not None:
            story.wait(*_TYPING)
            story.contact_says(story.dice.one_of(FOLLOW_UPS[story.topic]))
            story.wait(*_TYPING)
        _reply(story, agent)
    _end(story, agent)


def choose_agent(story: Story) -> Agent:
    """Choose who takes the conversation among those who still work there."""
    agents = agents_at(story.now - story.started_at)
    return story.dice.weighted(agents, [agent.weight for agent in agents])


def office_opens(story: Story) -> bool:
    """Wait for office hours; tell whether it was necessary."""
    opens = next_staffed(story.now)
    had_to_wait = opens > story.now
    story.wait_until(opens)
    return had_to_wait


def contact_returns(story: Story) -> None:
    """Let the contact write into the closed conversation."""
    story.wait(3 * MINUTE, 2 * HOUR, 20 * HOUR, 4 * DAY, 12 * DAY)
    story.contact_says(story.dice.one_of(RETURNS))


def _reply(story: Story, agent: Agent) -> None:
    extras: dict[str, Any] = {}
    body = story.dice.one_of(AGENT_REPLIES[story.topic])
    if "attached" in body:
        url = f"https://files.example.com/{story.life.id}.pdf"
        attachment = {"fileName": "invoice.pdf", "mimeType": "application/pdf", "url": url}
        extras["attachments"] = [attachment]
    message = story.agent_says(agent, body, **extras)
    if story.dice.chance(0.04):
        story.wait(*_TYPING)
        how = story.dice.weighted(("replace", "delete"), (3, 1))
        story.edit(message, how, "" if how == "delete" else body.replace("</p>", " 🙂</p>"))
        if how == "delete":
            story.wait(*_TYPING)
            story.agent_says(agent, body)


def _contact_goes_on(story: Story, agent: Agent) -> bool:
    """Let the contact write and the person read it, some time in office hours."""
    if story.dice.chance(0.12):
        return False
    if story.dice.chance(0.1):
        story.wait(*_TYPING)
        story.become("pending")
    story.wait(*_ANSWER, 20 * MINUTE)
    story.contact_says(story.dice.one_of(FOLLOW_UPS[story.topic]))
    office_opens(story)
    story.wait(*_HUMAN)
    if story.status == "pending":
        story.become("open")
        story.wait(*_TYPING)
    _aside(story, agent)
    return True


def _aside(story: Story, agent: Agent) -> None:
    if story.dice.chance(0.1):
        story.agent_says(agent, story.dice.one_of(NOTES), "private_note")
        story.wait(*_TYPING)
    elif story.dice.chance(0.02):
        button = {"label": "Send it", "value": "send", "type": "action", "style": "primary"}
        button["reaction"] = {"type": "replace", "message": "Sent."}  # type: ignore[assignment]
        body = "Suggested answer: the price list."
        story.agent_says(agent, body, "private_prompt", buttons=[button])
        story.wait(*_TYPING)


def _end(story: Story, agent: Agent) -> None:
    if story.dice.chance(0.5):
        story.wait(*_ANSWER)
        story.contact_says(story.dice.one_of(THANKS))
        story.wait(*_HUMAN)
        story.agent_says(agent, story.dice.one_of(FAREWELLS))
    if story.dice.chance(0.08):
        story.wait(*_TYPING)
        story.become("pending")
        story.wait(HOUR, DAY, 4 * DAY)
    if not story.dice.chance(0.66):
        forget(story)
        return
    story.wait(5 * SECOND, 2 * MINUTE, 12 * MINUTE, 3 * HOUR)
    office_opens(story)
    story.become("closed")
    if story.dice.chance(0.05):
        story.wait(5 * MINUTE, 3 * HOUR, DAY)
        office_opens(story)
        story.become("open")
        story.wait(*_HUMAN)
        story.agent_says(agent, "<p>It is fixed now, thank you for waiting.</p>")
        story.wait(*_HUMAN)
        story.become("closed")


def forget(story: Story) -> None:
    """Leave it open: Drift closes it in Support, someone may tidy up Sales, or nobody does."""
    if story.life.inbox_id == INBOXES["Support"]:
        story.wait_until(story.life.messages[-1].at + _IDLE)
        story.wait(0, 60 * SECOND)
        story.become("closed")
    elif story.dice.chance(0.55):
        story.wait(2 * DAY, 5 * DAY, 9 * DAY, 20 * DAY)
        office_opens(story)
        story.become("closed")


def _book(story: Story) -> None:
    """Let the contact book a meeting with a person, which meets the playbook's goal."""
    story.wait(*_BOT)
    story.bot_says("<p>Pick a time that suits you:</p>")
    story.wait(*_ANSWER)
    slot = next_staffed(story.now + story.dice.length(DAY, 2 * DAY, 7 * DAY))
    slot -= slot % (30 * MINUTE)
    canceled = story.now + 6 * HOUR if story.dice.chance(0.12) else None
    agent = choose_agent(story)
    event = f"cal-{story.life.id}-{len(story.life.meetings) + 1}"
    story.life.meetings.append(Meeting(event, story.now, slot, agent.id, canceled))
    story.life.goals.append((story.now, MEETING_BOOKED))
    story.wait(*_BOT)
    story.bot_says("<p>Booked! You will get an invitation.</p>")


def _reply_button(text: str) -> dict[str, str]:
    return {"label": text, "value": text, "type": "reply"}
