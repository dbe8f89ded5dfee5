"""Who answered a contact, read message by message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics.references.responses import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics.references.responses import Said

__all__ = ["contained"]


def contained(
    said: Sequence[Said], status: str, updated: int, conversation: int, until: int
) -> tuple[str | None, str | None]:
    """Return the outcome of one conversation, or why it has none."""
    if not any(c == conversation and minute <= until for c, minute, _, _ in said):
        return None, "no_messages"
    authors = [author for _, author in visible(said, conversation, until)]
    if "contact" not in authors:
        return None, "not_engaged"
    if status == "unknown" or (updated > until and status != "bulk_sent"):
        return None, "unknown_status"
    if status != "closed":
        return None, "open"
    return _outcome(authors)


def _outcome(authors: list[str]) -> tuple[str | None, str | None]:
    answers = set(authors[authors.index("contact") :]) - {"contact"}
    if {"bot", "human"} <= answers:
        return "handed_over", None
    if "unknown" in answers:
        return None, "unknown_author"
    if answers == {"human"}:
        return "human_only", None
    if not answers:
        return "nobody", None
    return ("unanswered" if authors[-1] == "contact" else "contained"), None
