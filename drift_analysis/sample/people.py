"""What people do: take a conversation in office hours, answer, note, close it or forget to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import pace
from .clock import DAY, HOUR, MINUTE, SECOND, next_staffed
from .organisation import INBOXES, agents_at
from .texts import AGENT_REPLIES, FAREWELLS, FOLLOW_UPS, NOTES, RETURNS, THANKS

if TYPE_CHECKING:
    from .organisation import Agent
    from .story import Story

__all__ = ["choose_agent", "contact_returns", "forget", "office_opens", "people"]


def people(story: Story, rounds: int | None = None) -> None:
    """Let a person answer, talk with the contact, and end the conversation or forget to."""
    if rounds is None and story.dice.chance(0.06):
        forget(story)
        return
    if office_opens(story) and rounds is None:
        story.wait(2 * MINUTE, 12 * MINUTE, 35 * MINUTE, 2 * HOUR)
    else:
        story.wait(*pace.FIRST_HUMAN)
    agent = choose_agent(story)
    _aside(story, agent)
    for number in range(rounds or story.dice.whole(1, 4)):
        if number and rounds is None and not _contact_goes_on(story, agent):
            break
        if number and rounds is not None:
            story.wait(*pace.TYPING)
            story.contact_says(story.pick(FOLLOW_UPS[story.topic]))
            story.wait(*pace.TYPING)
        _reply(story, agent)
        if story.dice.chance(0.02):
            agent = _hand_over(story, agent)
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
    story.contact_says(story.pick(RETURNS))


def forget(story: Story) -> None:
    """Leave it open: Drift closes it in Support, someone may tidy up Sales, or nobody does."""
    if story.life.inbox_id == INBOXES["Support"]:
        story.wait_until(story.life.messages[-1].at + pace.IDLE)
        story.wait(0, 60 * SECOND)
        story.become("closed")
    elif story.dice.chance(0.55):
        story.wait(2 * DAY, 5 * DAY, 9 * DAY, 20 * DAY)
        office_opens(story)
        story.become("closed")


def _contact_goes_on(story: Story, agent: Agent) -> bool:
    """Let the contact write and the person read it, some time in office hours."""
    if story.dice.chance(0.12):
        return False
    if story.dice.chance(0.15):
        story.wait(*pace.TYPING)
        story.become("pending")
        if story.dice.chance(0.35):
            return False
    story.wait(*pace.ANSWER, 20 * MINUTE)
    story.contact_says(story.pick(FOLLOW_UPS[story.topic]))
    office_opens(story)
    story.wait(*pace.HUMAN)
    if story.status == "pending":
        story.become("open")
        story.wait(*pace.TYPING)
    _aside(story, agent)
    return True


def _reply(story: Story, agent: Agent) -> None:
    extras: dict[str, Any] = {}
    body = story.pick(AGENT_REPLIES[story.topic])
    if "attached" in body:
        url = f"https://files.example.com/{story.life.id}.pdf"
        attachment = {"fileName": "invoice.pdf", "mimeType": "application/pdf", "url": url}
        extras["attachments"] = [attachment]
    message = story.agent_says(agent, body, **extras)
    if story.dice.chance(0.04):
        story.wait(*pace.TYPING)
        how = story.dice.weighted(("replace", "delete"), (3, 1))
        story.edit(message, how, "" if how == "delete" else body.replace("</p>", " 🙂</p>"))
        if how == "delete":
            story.wait(*pace.TYPING)
            story.agent_says(agent, body)


def _aside(story: Story, agent: Agent) -> None:
    if story.dice.chance(0.1):
        story.agent_says(agent, story.pick(NOTES), "private_note")
        story.wait(*pace.TYPING)
    elif story.dice.chance(0.02):
        button = {
            "label": "Send it",
            "value": "send",
            "type": "action",
            "style": "primary",
            "reaction": {"type": "replace", "message": "Sent."},
        }
        body = "Suggested answer: the price list."
        story.agent_says(agent, body, "private_prompt", buttons=[button])
        story.wait(*pace.TYPING)


def _hand_over(story: Story, agent: Agent) -> Agent:
    """Let a colleague take over."""
    colleague = choose_agent(story)
    if colleague is not agent:
        story.wait(*pace.TYPING)
        story.agent_says(agent, f"@{colleague.first_name} over to you", "private_note")
        story.leave(agent)
        story.wait(*pace.TYPING)
        story.agent_says(colleague, "<p>Hello, I&#39;m taking over from here.</p>")
    return colleague


def _end(story: Story, agent: Agent) -> None:
    if story.dice.chance(0.5):
        story.wait(*pace.ANSWER)
        story.contact_says(story.pick(THANKS))
        story.wait(*pace.HUMAN)
        story.agent_says(agent, story.pick(FAREWELLS))
    if story.dice.chance(0.22):
        story.wait(*pace.TYPING)
        story.become("pending")
        story.wait(HOUR, DAY, 3 * DAY, 8 * DAY)
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
        story.wait(*pace.HUMAN)
        story.agent_says(agent, "<p>It is fixed now, thank you for waiting.</p>")
        story.wait(*pace.HUMAN)
        story.become("closed")
