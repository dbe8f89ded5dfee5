"""The resources of a demo Drift, as a Starlette application."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .pages import accounts_page, conversations_page, messages_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from .state import Demo

__all__ = ["application", "refusal"]


def application(demo: Demo) -> Starlette:
    """Return the application that answers for a demo Drift, rightly."""
    found: dict[str, Callable[[Request], Response]] = {
        "/conversations/list": lambda request: _list(demo, request),
        "/conversations/stats": lambda _: _stats(demo),
        "/conversations/{id:int}": lambda request: _one(demo.world.conversations, request),
        "/conversations/{id:int}/messages": lambda request: _messages(demo, request),
        "/conversations/{id:int}/transcript": lambda request: _transcript(demo, request),
        "/users/list": lambda _: _json({"data": demo.world.users}),
        "/users/meetings/org": lambda request: _meetings(demo, request),
        "/playbooks/list": lambda _: _json(demo.world.playbooks),
        "/playbooks/clp": lambda _: _json(demo.world.landing_pages),
        "/teams/org": lambda _: _json({"data": demo.world.teams}),
        "/contacts/{id:int}": lambda request: _one(demo.world.contacts, request),
        "/accounts": lambda request: _json(
            accounts_page(list(demo.world.accounts.values()), dict(request.query_params))
        ),
    }
    routes = [Route(path, _answering(answer)) for path, answer in found.items()]
    routes.append(Route("/reports/conversations", _reporting(demo), methods=["POST"]))
    return Starlette(routes=routes, exception_handlers={404: lambda *_: refusal(404, "not_found")})


def refusal(status: int, name: str, headers: dict[str, str] | None = None) -> Response:
    """Return one of Drift's documented errors."""
    error = {"type": name, "message": "An invented reason."}
    return _json({"error": error}, status, headers)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Response(body, status, headers, "application/json")


def _answering(answer: Callable[[Request], Response]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return answer(request)

    return endpoint


def _list(demo: Demo, request: Request) -> Response:
    query = dict(request.query_params)
    statuses = request.query_params.getlist("statusId")
    if query.get("page_token"):
        statuses = [number for number in query["page_token"].split("-")[3].split(".") if number]
    query["statusId"] = ".".join(statuses)
    records = demo.world.listed(statuses)
    return _json(conversations_page(records, query, demo.generation, demo.size))


def _one(records: dict[int, Any], request: Request) -> Response:
    record = records.get(request.path_params["id"])
    return refusal(404, "not_found") if record is None else _json({"data": record})


def _messages(demo: Demo, request: Request) -> Response:
    number = request.path_params["id"]
    if number not in demo.world.conversations:
        return refusal(404, "not_found")
    records = demo.world.messages.get(number, [])
    return _json(messages_page(records, dict(request.query_params), demo.size))


def _transcript(demo: Demo, request: Request) -> Response:
    number = request.path_params["id"]
    if number not in demo.world.conversations:
        return refusal(404, "not_found")
    names = {"contact": "site visitor", "user": "Agent"}
    lines = [
        f"Nov 2, 12:48:26 PM PDT {names[message['author']['type']]}: {message.get('body') or ''}"
        for message in demo.world.messages.get(number, [])
    ]
    return PlainTextResponse("\n".join(lines))


def _stats(demo: Demo) -> Response:
    statuses = [record["status"].upper() for record in demo.world.conversations.values()]
    counts = {name: statuses.count(name) for name in ("CLOSED", "OPEN", "PENDING")}
    return _json({"conversationCount": counts})


def _meetings(demo: Demo, request: Request) -> Response:
    query = request.query_params
    if not {"min_start_time", "max_start_time"} <= query.keys():
        return refusal(400, "validation_error")
    begin, end = int(query["min_start_time"]), int(query["max_start_time"])
    found = [each for each in demo.world.meetings if begin <= each["slotStart"] <= end]
    return _json({"data": found[: int(query.get("limit", "100"))]})


def _reporting(demo: Demo) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        metrics = json.loads(await request.body())["metrics"]
        rows = [
            {"conversationId": number, "metrics": [record.get(name, "NaN") for name in metrics]}
            for number, record in demo.world.conversations.items()
        ]
        return _json({"count": len(rows), "data": rows})

    return endpoint
