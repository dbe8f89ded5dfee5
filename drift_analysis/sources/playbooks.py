"""Records of playbooks, of their landing pages, and of the goals that were met."""

from __future__ import annotations

from typing import Any

from .fields import as_id, as_moment, as_text, as_text_id
from .forms import Field, Form, Records
from .people import as_it_is

__all__ = ["GOAL", "LANDING_PAGE", "PLAYBOOK"]


def _as_one(value: Any, repairs: Any) -> list[str]:
    return [as_text(value, repairs)]


PLAYBOOK = Form(
    table="playbooks",
    kind="playbook",
    shape={
        "id": Field("playbook_id", as_id),
        "interactionId": Field("interaction_id", as_id),
        "name": Field("name", as_text),
        "reportType": Field("report_type", as_text),
        "orgId": Field("org_id", as_id),
        "createdAt": Field("created_at", as_moment),
        "updatedAt": Field("updated_at", as_moment),
        "createdAuthorId": Field("created_by", as_id),
        "updatedAuthorId": Field("updated_by", as_id),
        "goals": Records(
            "goals", {"id": Field("goal_id", as_text_id), "message": Field("message", as_text)}
        ),
    },
    required={"playbook_id": "id"},
    finish=as_it_is,
)
"""A playbook of Drift's list."""

LANDING_PAGE = Form(
    table="playbooks",
    kind="landing page",
    shape={
        "playbookId": Field("playbook_id", as_id),
        "playbookName": Field("name", as_text),
        "landingPageUrl": Field("landing_pages", _as_one),
    },
    required={"playbook_id": "playbookId", "landing_pages": "landingPageUrl"},
    finish=as_it_is,
)
"""A conversational landing page; it is merged into the row of its playbook."""

GOAL = Form(
    table="goals",
    kind="goal",
    shape={
        "conversationId": Field("conversation_id", as_id),
        "goalId": Field("goal_id", as_text_id),
        "goalName": Field("goal_name", as_text),
        "playbookId": Field("playbook_id", as_id),
        "playbookName": Field("playbook_name", as_text),
        "contactId": Field("contact_id", as_id),
        "contactEmail": Field("contact_email", as_text),
    },
    required={"conversation_id": "conversationId", "goal_id": "goalId"},
    finish=as_it_is,
)
"""A goal that a known contact met (webhook `playbook_goal_met`)."""
