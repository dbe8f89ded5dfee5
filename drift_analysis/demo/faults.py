"""What a demo Drift can do wrong, on demand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KINDS", "Fault", "Wire"]


class Wire(NamedTuple):
    """An answer as it goes over the wire.

    `how` is ``whole``, ``short`` (hangs up midway), ``closed`` (hangs up at once) or ``slow``.
    """

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    how: str = "whole"
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Fault:
    """Answer wrongly to the requests from the `nth` on, `times` of them, to one path.

    Attributes
    ----------
    kind
        One of `KINDS`.
    path
        The path, such as ``/users/list``; null for every path.
    nth, times
        From which request on, counted from 1 for each path, and how many in a row.

    Examples
    --------
    >>> from drift_analysis.demo import Fault
    >>> Fault.read("429:/users/list:2:1")
    Fault(kind='429', path='/users/list', nth=2, times=1)
    >>> Fault.read("slow")
    Fault(kind='slow', path=None, nth=1, times=1000000)
    """

    kind: str
    path: str | None = None
    nth: int = 1
    times: int = 1_000_000

    @classmethod
    def read(cls, text: str) -> Fault:
        """Read ``KIND[:PATH[:NTH[:TIMES]]]``.

        Raises
        ------
        ValueError
            If it is none, or the kind is not in `KINDS`.
        """
        kind, path, nth, times = (*text.split(":"), "", "", "")[:4]
        if kind not in KINDS:
            raise ValueError(kind)
        return cls(kind, path or None, int(nth or 1), int(times or 1_000_000))

    def meets(self, path: str, number: int) -> bool:
        """Tell whether a request to a path, the so manieth, is answered wrongly."""
        return self.path in (None, path) and 0 <= number - self.nth < self.times

    def answer(self, good: bytes, query: dict[str, str]) -> Wire:
        """Return the wrong answer in place of the good one."""
        return KINDS[self.kind](good, query)


Kind = "Callable[[bytes, dict[str, str]], Wire]"


def _error(status: int, name: str, *headers: tuple[str, str]) -> Wire:
    """Answer with one of Drift's documented errors."""
    message = {"type": name, "message": "An invented reason."}
    return Wire(_json({"error": message}), status, headers)


def _date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def _changed(good: bytes, **changes: Any) -> Wire:
    """Change a page; what has no object around it stays as it is."""
    page = json.loads(good)
    return Wire(_json({**page, **changes} if isinstance(page, dict) else page))


def _onward(good: bytes, cursor: str) -> Wire:
    """Promise another page, at a cursor, in the generation that the page is of."""
    page = json.loads(good)
    if isinstance(page, dict) and "links" in page:
        token = cursor if "-" in cursor else f"t-{cursor}-50-"
        return _changed(good, links={"next": f"https://api.drift.com/?page_token={token}"})
    if isinstance(page, list):
        page = {"data": page}
    return Wire(_json({**page, "pagination": {"more": True, "next": cursor}}))


def _nothing_new(good: bytes, query: dict[str, str]) -> Wire:
    """Lead to the same page again, by a cursor that was never used before."""
    offset = query.get("next") or (query.get("page_token") or "t-0").split("-")[1]
    return _onward(good, f"0{offset}")


def _without_records(good: bytes) -> bytes:
    page = json.loads(good)
    if isinstance(page, list):
        return _json({"data": []})
    data = page.get("data")
    empty: Any = {"messages": []} if isinstance(data, dict) and "messages" in data else []
    return _json({**page, "data": empty})


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


KINDS: dict[str, Callable[[bytes, dict[str, str]], Wire]] = {
    "429": lambda *_: _error(429, "rate_limit", ("Retry-After", "1")),
    "429-now": lambda *_: _error(429, "rate_limit", ("Retry-After", "0")),
    "429-date": lambda *_: _error(429, "rate_limit", ("Retry-After", _date(1))),
    "429-bare": lambda *_: _error(429, "rate_limit"),
    "500": lambda *_: _error(500, "internal_error"),
    "503": lambda *_: _error(503, "internal_error"),
    "401": lambda *_: _error(401, "authentication_error"),
    "403": lambda *_: _error(403, "authentication_error"),
    "404": lambda *_: _error(404, "not_found"),
    "redirect": lambda *_: Wire(b"", 302, (("Location", "https://elsewhere.example/"),)),
    "error-200": lambda *_: Wire(_json({"error": {"type": "internal_error", "message": "no"}})),
    "errors-200": lambda *_: Wire(_json({"errors": [{"type": "rate_limit", "message": "no"}]})),
    "null-200": lambda *_: Wire(_json({"data": None})),
    "html-200": lambda *_: Wire(b"<html>Please log in</html>", content_type="text/html"),
    "empty-200": lambda *_: Wire(b""),
    "wrong-type": lambda good, _: Wire(good, content_type="text/html"),
    "half": lambda good, _: Wire(good[: len(good) // 2]),
    "short": lambda good, _: Wire(good, how="short"),
    "closed": lambda *_: Wire(how="closed"),
    "slow": lambda good, _: Wire(good, how="slow"),
    "empty-page": lambda good, _: _onward(_without_records(good), "7"),
    "same-cursor": lambda good, query: _onward(good, _cursor(query)),
    "cycle": lambda good, _: _onward(good, "0"),
    "nothing-new": _nothing_new,
    "no-cursor": lambda good, _: _changed(good, pagination={"more": True}),
}
"""Every kind of fault by its name."""


def _cursor(query: dict[str, str]) -> str:
    return query.get("page_token") or query.get("next") or "0"
