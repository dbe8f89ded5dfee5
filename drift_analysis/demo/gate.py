"""What stands before a demo Drift: account of requests, limit, token, and faults."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from .app import application, refusal
from .faults import Wire

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from .state import Demo

__all__ = ["Gate", "Line"]


class Line(Protocol):
    """The connections that are open; a client is its address."""

    def hang_up(self, client: Any) -> None:
        """Break a connection without a word."""

    def is_up(self, client: Any) -> bool:
        """Tell whether a connection is still open."""


class Gate:
    """Answer a request: wrongly, if that is wanted, and otherwise by the application."""

    def __init__(self, demo: Demo, line: Line) -> None:
        self._demo, self._line = demo, line
        self._application = application(demo)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, query = scope["path"], dict(parse_qsl(scope["query_string"].decode()))
        number = self._demo.note(path, query)
        place = len(self._demo.asked) - 1
        wait = self._demo.limit.wait() if self._demo.limit else 0.0
        if wait:
            limited = refusal(429, "rate_limit", {"Retry-After": str(math.ceil(wait))})
            wire = await _rendered(limited, scope, receive)
        elif dict(scope["headers"]).get(b"authorization") != f"Bearer {self._demo.token}".encode():
            wire = await _rendered(refusal(401, "authentication_error"), scope, receive)
        else:
            wire = await _rendered(self._application, scope, receive)
            fault = self._demo.fault(path, number)
            if fault:
                wire = fault.answer(wire.body, query)
        self._demo.asked[place] = self._demo.asked[place]._replace(status=wire.status)
        await self._send(wire, scope, send)

    async def _send(self, wire: Wire, scope: Scope, send: Send) -> None:
        if wire.how == "closed":
            self._line.hang_up(scope["client"])
            return
        headers = [*wire.headers, ("Content-Type", wire.content_type)]
        headers.append(("Content-Length", str(len(wire.body))))
        raw = [(name.lower().encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": wire.status, "headers": raw})
        if wire.how == "short":
            half = wire.body[: len(wire.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            self._line.hang_up(scope["client"])
            return
        if wire.how == "slow":
            for byte in wire.body[:-1]:
                await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
                await asyncio.sleep(self._demo.drip)
                if not self._line.is_up(scope["client"]):
                    return
            wire = wire._replace(body=wire.body[-1:])
        await send({"type": "http.response.body", "body": wire.body})


async def _rendered(application: Any, scope: Scope, receive: Receive) -> Wire:
    """Let an application answer, and hold the answer back."""
    status, body, kind = 200, bytearray(), "application/json"
    headers: list[tuple[str, str]] = []

    async def take(message: Any) -> None:
        nonlocal status, kind, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            given = {name.decode(): value.decode() for name, value in message["headers"]}
            given.pop("content-length", None)
            kind = given.pop("content-type", kind)
            headers = list(given.items())
        else:
            body.extend(message.get("body", b""))

    await application(scope, receive, take)
    return Wire(bytes(body), status, tuple(headers), content_type=kind)
