"""From the outside world to the tables: saved JSON, and the live API."""

from __future__ import annotations

from .archive import erase, load_archive, scan_archive, write_archive
from .load import load
from .reports import load_report_metrics
from .single import (
    load_contacts,
    load_conversations,
    load_goals,
    load_meetings,
    load_messages,
    load_participant_events,
    load_playbooks,
    load_status_events,
    load_users,
)

__all__ = [
    "erase",
    "load",
    "load_archive",
    "load_contacts",
    "load_conversations",
    "load_goals",
    "load_meetings",
    "load_messages",
    "load_participant_events",
    "load_playbooks",
    "load_report_metrics",
    "load_status_events",
    "load_users",
    "scan_archive",
    "write_archive",
]
