"""A Drift on this machine: real HTTP, both generations of paging, and faults on demand."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from drift_analysis.sources.api.client import DriftClient, Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "canary-7f3e-not-a-real-token"  # invented
STATUS_IDS = {"open": "1", "closed": "2", "pending": "3"}
LIST = "/conversations/list"


class Raw(NamedTuple):
    """An answer as it goes over the wire."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    how: str = "whole"


@dataclass
class Fault:
    """Answer wrongly to the requests from the `nth` on, `times` of them, to one path."""

    path: str
    make: Callable[[bytes], Raw]
    nth: int = 1
    times: int = 10_000


@dataclass
class Drift:
    """What it holds, how it pages, what it does wrong, and what it was asked."""

    conversations: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    users: list[dict[str, Any]] = field(default_factory=list)
    playbooks: list[dict[str, Any]] = field(default_factory=list)
    landing_pages: list[dict[str, Any]] | None = field(default_factory=list)
    generation: int = 1
    size: int = 50
    faults: list[Fault] = field(default_factory=list)
    order: Callable[[dict[str, Any]], int] = lambda record: -record.get("updatedAt", 0)
    knows_statuses: bool = True
    meanwhile: Callable[[str, int], None] = lambda _path, _nth: None
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def answer(self, target: str, authorization: str | None) -> Raw:
        """Answer one request, rightly or wrongly."""
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        self.asked.append((path, query))
        self.at.append(time.monotonic())
        self.counts[path] += 1
        self.meanwhile(path, self.counts[path])
        if authorization != f"Bearer {TOKEN}":
            message = f"The access token in {authorization} is invalid or has expired"
            return _json({"error": {"type": "authentication_error", "message": message}}, 401)
        good = self._good(path, query)
        for fault in self.faults:
            if fault.path == path and 0 <= self.counts[path] - fault.nth < fault.times:
                return fault.make(good.body)
        return good

    def _good(self, path: str, query: dict[str, list[str]]) -> Raw:
        match path.strip("/").split("/"):
            case ["conversations", "list"]:
                return _json(self._page(self._listed(query), query, LIST))
            case ["conversations", number]:
                found = [c for c in self.conversations if c["id"] == int(number)]
                return _json({"data": found[0]}) if found else _json({"error": {}}, 404)
            case ["conversations", number, "messages"]:
                page = self._page(self.messages.get(int(number), []), query, path)
                return _json({**page, "data": {"messages": page["data"]}})
            case ["users", "list"]:
                return _json({"data": self.users})
            case ["playbooks", "list"]:
                return _json(self.playbooks)
            case ["playbooks", "clp"] if self.landing_pages is not None:
                return _json(self.landing_pages)
        return _json({"error": {"type": "not_found"}}, 404)

    def _listed(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        token = query.get("page_token", [""])[0]
        wanted = token.split("_")[2].split(".") if token else query.get("statusId", [])
        names = ("id", "status", "contactId", "inboxId", "createdAt", "updatedAt")
        return [
            {name: c[name] for name in names if name in c}
            for c in sorted(self.conversations, key=self.order)
            if not (self.knows_statuses and "".join(wanted))
            or STATUS_IDS.get(c["status"]) in wanted
        ]

    def _page(
        self, records: list[dict[str, Any]], query: dict[str, list[str]], path: str
    ) -> dict[str, Any]:
        is_list = path == LIST
        token = query.get("page_token", [""])[0]
        begin = int(token.split("_")[1]) if token else int(query.get("next", ["0"])[0])
        end = begin + min(self.size, int(query.get("limit", ["50"])[0]) if not token else 50)
        more, page = end < len(records), {"data": records[begin:end]}
        if not is_list:
            return {**page, "pagination": {"more": more, **({"next": str(end)} if more else {})}}
        if self.generation == 1:
            return {**page, "pagination": {"more": True, "next": str(end)}} if more else page
        token = f"t_{end}_{'.'.join(query.get('statusId', token.split('_')[2:]))}"
        # Drift's documentation prints another host here than the one it is called at.
        link = f"https://api.drift.com{LIST}?page_token={token}" if more else None
        return {**page, "links": {"self": f"https://api.drift.com{LIST}", "next": link}}


@contextmanager
def serving(drift: Drift) -> Iterator[str]:
    """Serve on a free port of this machine, and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 10

        def do_GET(self) -> None:
            _send(self, drift.answer(self.path, self.headers["Authorization"]))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class FakeTime:
    """Seconds that pass at once when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def clock(self) -> float:
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def retry(self, **options: Any) -> Retry:
        return Retry(sleep=self.sleep, clock=self.clock, **options)


def quick(url: str, **options: Any) -> DriftClient:
    """Return a client that loses no time."""
    given: dict[str, Any] = {
        "base_url": url,
        "timeout": 2.0,
        "requests_per_second": 10_000.0,
        "retry": Retry(attempts=3, base=0.001),
    }
    return DriftClient(TOKEN, **(given | options))


def conversation(number: int, status: str = "open", **fields: Any) -> dict[str, Any]:
    """Return a conversation as its detail reply has it; a higher number changed later."""
    return {
        "id": number,
        "status": status,
        "contactId": 17_000_000_000 + number,
        "inboxId": 3,
        "createdAt": 1_700_000_000_000,
        "updatedAt": 1_700_000_000_000 + number * 1000,
        "participants": [5],
        "conversationTags": [{"color": "0960C5", "name": "demo"}],
        "relatedPlaybookId": 9,
    } | fields


def message(number: int, conversation_id: int) -> dict[str, Any]:
    """Return a message of a contact."""
    return {
        "id": number,
        "conversationId": conversation_id,
        "type": "chat",
        "body": f"invented text {number}",
        "author": {"id": 17_000_000_000, "type": "contact", "bot": False},
        "createdAt": 1_700_000_000_000 + number,
    }


def organisation(n: int = 5, **options: Any) -> Drift:
    """Return a Drift with so many conversations, each with as many messages as its number."""
    user = {"id": 5, "name": "Ada Invented", "bot": False, "availability": "OFFLINE"}
    playbook = {"id": 9, "name": "Welcome", "interactionId": 4, "goals": [], "orgId": 1}
    clp = {"playbookId": 9, "playbookName": "Welcome", "landingPageUrl": "https://a.example/b"}
    given: dict[str, Any] = {
        "conversations": [conversation(i) for i in range(1, n + 1)],
        "messages": {i: [message(1000 * i + j, i) for j in range(i)] for i in range(1, n + 1)},
        "users": [user],
        "playbooks": [playbook],
        "landing_pages": [clp],
        "size": 2,
    }
    return Drift(**(given | options))


def status(code: int, *headers: tuple[str, str]) -> Callable[[bytes], Raw]:
    """Answer with a status; the body repeats the token, as a careless server might."""
    return lambda _: _json({"error": {"type": "internal_error", "message": TOKEN}}, code, *headers)


def instead(value: Any) -> Callable[[bytes], Raw]:
    """Answer with status 200 and something else."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return lambda _: Raw(body)


def changed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[bytes], Raw]:
    """Answer with status 200 and the right reply, changed."""
    return lambda good: _json(change(json.loads(good)))


def half(good: bytes) -> Raw:
    """Send half of the body as if it were the whole."""
    return Raw(good[: len(good) // 2])


def short(good: bytes) -> Raw:
    """Promise the whole body, send half of it, and hang up."""
    return Raw(good, how="short")


def reset(_: bytes) -> Raw:
    """Break the connection without a word."""
    return Raw(how="reset")


def drip(good: bytes) -> Raw:
    """Send a byte now and then."""
    return Raw(good, how="drip")


def silent(_: bytes) -> Raw:
    """Send nothing for a while."""
    return Raw(how="silent")


def _json(value: Any, code: int = 200, *headers: tuple[str, str]) -> Raw:
    return Raw(json.dumps(value).encode(), code, headers)


def _send(handler: BaseHTTPRequestHandler, raw: Raw) -> None:
    if raw.how == "silent":
        time.sleep(0.3)
    if raw.how in ("reset", "silent"):
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        os.close(handler.connection.detach())
        handler.close_connection = True
        return
    handler.send_response(raw.status)
    for name, value in raw.headers:
        handler.send_header(name, value)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(raw.body)))
    handler.end_headers()
    try:
        if raw.how == "drip":
            for byte in raw.body:
                handler.wfile.write(bytes([byte]))
                time.sleep(0.01)
        else:
            body = raw.body[: len(raw.body) // 2] if raw.how == "short" else raw.body
            handler.wfile.write(body)
    except OSError:
        raw = raw._replace(how="short")
    if raw.how == "short":
        handler.close_connection = True
