"""What an answer of Drift means, whatever its status says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import ApiError, Incomplete

if TYPE_CHECKING:
    from collections.abc import Callable

    from .paging import Fault

__all__ = ["Answer", "gave_up", "refused"]

_REFUSALS = {
    401: (
        "The token is wrong, has expired or was revoked.",
        "a new token from Drift's developer settings, in DRIFT_TOKEN.",
    ),
    403: (
        "The token is wrong, or may not read this.",
        "a new token with the scopes conversation_read, user_read and playbook_read.",
    ),
    404: ("There is nothing there for this token.", "an id from Drift's own list."),
}
_MOVED = (
    "It points elsewhere; that is not followed, so that the token goes nowhere else.",
    "base_url= with the address that Drift's documentation gives now.",
)
_WRONG = (
    "It takes the request for a wrong one.",
    "the newest drift_analysis; Drift may have changed.",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, good or not."""

    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    retry_after: str | None = None
    trouble: str | None = None
    value: Any = field(default=None, repr=False)
    fetched_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_final(self) -> bool:
        """Whether asking again would bring the same answer."""
        return self.status is not None and 300 <= self.status < 500 and self.status != 429

    def judged(self, fault: Fault, decode: Callable[[bytes], Any] = json.loads) -> Answer:
        """Say what is wrong with it: the way here, the status, the form, then the meaning."""
        if self.trouble:
            return self
        if self.status != 200:
            return replace(self, trouble=f"status {self.status}")
        try:
            value = decode(self.body)
        except (ValueError, RecursionError):
            is_markup = self.body.lstrip().startswith(b"<")
            form = "HTML" if is_markup else "something else, or half a body,"
            return replace(self, trouble=f"{form} instead of JSON")
        return replace(self, value=value, trouble=_error_inside(value) or fault(value))


def _error_inside(value: Any) -> str | None:
    """Find the errors of Drift in a reply with status 200; both generations of them."""
    is_error = isinstance(value, dict) and (value.get("errors") or value.get("error"))
    return "an error inside a reply with status 200" if is_error else None


def refused(place: str, answer: Answer) -> ApiError:
    """Say that Drift will not answer, and what would help."""
    status = answer.status or 0
    evidence, remedy = _REFUSALS.get(status, _MOVED if status < 400 else _WRONG)
    error = ApiError.of(f"Drift answered {status} to {place}.", evidence, remedy)
    error.status = status
    return error


def gave_up(place: str, answer: Answer, asked: int, pause: float) -> Incomplete:
    """Say that there was no good answer, how often it was asked for, and why no more.

    A pause above zero is one that Drift wants, and that is longer than the budget allows.
    """
    times = {0: "Not asked", 1: "Asked once"}.get(asked, f"Asked {asked} times")
    last = f"; the last time: {answer.trouble}" if asked else ""
    wish = f"; Drift wants a pause of {pause:.0f} s, longer than the budget" if pause else ""
    error = Incomplete.of(
        f"Drift gave no good answer to {place}.",
        f"{times}{last}{wish}.",
        "again later, or DriftClient(retry=Retry(...)) with more patience.",
    )
    error.status = answer.status
    return error
