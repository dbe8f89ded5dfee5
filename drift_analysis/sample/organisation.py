"""Who works at the invented organisation, and what it has set up in Drift."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import WEEK

__all__ = [
    "AGENTS",
    "BOT",
    "EMAIL_GIVEN",
    "INBOXES",
    "MEETING_BOOKED",
    "ORG_ID",
    "PLAYBOOKS",
    "Agent",
    "Playbook",
    "agents_at",
]

ORG_ID = 48_213


@dataclass(frozen=True, slots=True)
class Agent:
    """A person of the organisation; one who left is no longer in Drift's list of users."""

    id: int
    name: str
    role: str
    time_zone: str
    weight: float
    left_after_weeks: int | None = None

    @property
    def first_name(self) -> str:
        """The name that visitors see."""
        return self.name.split(" ", maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook and how visitors take to it.

    `sends` tells whether it writes first (the conversation then begins as `bulk_sent`) or waits
    for a click; the rates are probabilities at the step of a conversation they are named after.
    """

    id: int
    interaction_id: int
    name: str
    weight: float
    sends: bool
    engagement: float
    email: float
    meeting: float
    handover: float
    topics: tuple[str, ...]
    inbox: str = "Sales"
    report_type: str | None = "BOOK_MORE_MEETINGS"
    is_listed: bool = True
    landing_page: str | None = None


BOT = Agent(1_200_056, "Larkfield Bot", "member", "America/New_York", 0)
"""The bot that speaks for every playbook."""

AGENTS = (
    Agent(228_225, "Maya Lindqvist", "admin", "America/New_York", 3),
    Agent(243_266, "Tom Okafor", "agent", "America/New_York", 5),
    Agent(251_904, "Priya Raman", "agent", "America/Chicago", 4),
    Agent(262_118, "Jonas Weber", "agent", "America/New_York", 4),
    Agent(277_530, "Sofia Marchetti", "agent", "America/Toronto", 3),
    Agent(219_047, "Daniel Brooks", "agent", "America/New_York", 3, left_after_weeks=5),
    Agent(231_778, "Hana Sato", "agent", "America/New_York", 2, left_after_weeks=9),
)
"""The people, with the share of the work that each takes."""

EMAIL_GIVEN, MEETING_BOOKED = 0, 1
"""The goals of a playbook."""

INBOXES = {"Sales": 110_983, "Support": 110_991}
"""Drift's ids of the inboxes; only Support closes idle conversations by itself."""

PLAYBOOKS = (
    Playbook(
        id=1_122_498_147,
        interaction_id=305_989,
        name="Homepage welcome",
        weight=5,
        sends=True,
        engagement=0.34,
        email=0.30,
        meeting=0.14,
        handover=0.55,
        topics=("pricing", "product", "integration", "careers"),
    ),
    Playbook(
        id=1_122_510_266,
        interaction_id=311_402,
        name="Pricing page: talk to sales before you compare our 3 plans",
        weight=4,
        sends=True,
        engagement=0.46,
        email=0.45,
        meeting=0.30,
        handover=0.60,
        topics=("pricing", "pricing", "product"),
    ),
    Playbook(
        id=1_122_533_901,
        interaction_id=318_775,
        name="Book a demo (fast lane)",
        weight=3,
        sends=False,
        engagement=1.0,
        email=0.75,
        meeting=0.62,
        handover=0.35,
        topics=("product", "pricing"),
        landing_page="https://larkfield.example.com/demo",
    ),
    Playbook(
        id=1_122_561_034,
        interaction_id=327_118,
        name="Support triage for signed-in customers: login, billing, bugs",
        weight=4,
        sends=False,
        engagement=1.0,
        email=0.10,
        meeting=0.0,
        handover=0.80,
        topics=("login", "billing", "bug", "integration"),
        inbox="Support",
        report_type=None,
    ),
    Playbook(
        id=1_122_577_420,
        interaction_id=333_640,
        name="Webinar follow-up: spring product launch",
        weight=2.5,
        sends=True,
        engagement=0.17,
        email=0.35,
        meeting=0.20,
        handover=0.50,
        topics=("product", "integration"),
        landing_page="https://larkfield.example.com/spring-launch",
    ),
    Playbook(
        id=1_122_590_858,
        interaction_id=338_207,
        name="Free trial, day 3 check-in",
        weight=2.5,
        sends=True,
        engagement=0.29,
        email=0.15,
        meeting=0.12,
        handover=0.70,
        topics=("integration", "bug", "pricing"),
    ),
    Playbook(
        id=1_122_604_319,
        interaction_id=341_991,
        name="Docs & API: stuck? Ask us",
        weight=1.5,
        sends=False,
        engagement=1.0,
        email=0.20,
        meeting=0.02,
        handover=0.65,
        topics=("integration", "bug"),
        inbox="Support",
        report_type=None,
    ),
    Playbook(
        id=1_122_401_775,
        interaction_id=289_315,
        name="Returning visitor nudge (2025)",
        weight=1.5,
        sends=True,
        engagement=0.11,
        email=0.20,
        meeting=0.05,
        handover=0.40,
        topics=("pricing", "product"),
        is_listed=False,
    ),
)
"""The playbooks; the last was switched off, so that Drift's list lacks it."""


def agents_at(since_start: int) -> tuple[Agent, ...]:
    """Return the people who still work there so long after the start of the period."""
    return tuple(
        agent
        for agent in AGENTS
        if agent.left_after_weeks is None or since_start < agent.left_after_weeks * WEEK
    )
