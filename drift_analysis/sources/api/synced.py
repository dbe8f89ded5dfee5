"""What one sync did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Synced"]


@dataclass(frozen=True, slots=True)
class Synced:
    """What one sync did.

    Attributes
    ----------
    archive
        Where it lies; `scan_archive(archive)` reads it.
    listed
        How many conversations stood in the part of the list that was read.
    conversations, messages
        How many conversations had changed and were fetched, and the messages they have now.
    requests
        How many replies were asked for; a repeat after a bad answer is not counted.
    resumed
        Whether it went on with a sync that was interrupted.
    """

    archive: Path
    listed: int
    conversations: int
    messages: int
    requests: int
    resumed: bool
