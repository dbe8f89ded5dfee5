"""One request to Drift, sent politely, again where it pays, and to one origin only."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any, NoReturn, Self

import httpx

from drift_analysis.errors import InputError

from .answers import Answer, gave_up, refused
from .paging import Reply
from .retry import Pace, Retry, seconds_asked
from .secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .paging import Fault, Query

__all__ = ["Connection"]

_log = logging.getLogger(__name__)

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_WHOLE = 10
"""A reply may take this many times the timeout in all, however slowly it drips."""


class Connection:
    """Send requests to Drift; the arguments are those of `DriftClient`."""

    base_url = ""
    """Where Drift is; empty while that is being checked, when a traceback may show it."""

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str = "https://driftapi.com",
        timeout: float = 30.0,
        requests_per_second: float = 5.0,
        retry: Retry | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        secret = Secret(token)
        del token  # a traceback that shows local variables must not show it
        secret.require()
        if not (timeout > 0 and requests_per_second > 0):
            raise InputError.of(
                "timeout and requests_per_second must be above zero.",
                f"Got {timeout!r} and {requests_per_second!r}.",
                "the defaults, 30 seconds and 5 a second.",
            )
        base = _checked(base_url)
        self.base_url = str(base).rstrip("/")
        self._retry = retry or Retry()
        self._pace = Pace(requests_per_second, self._retry)
        self._whole = timeout * _WHOLE
        self._http = httpx.Client(
            base_url=base,
            auth=_Bearer(secret, base),
            timeout=timeout,
            transport=transport,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "drift_analysis"},
            trust_env=base.host not in _LOOPBACK,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise InputError.of(
            f"A {type(self).__name__} cannot be pickled or copied.",
            "It holds a token, which must not be written anywhere.",
            "a new one where it is needed; it reads DRIFT_TOKEN.",
        )

    def close(self) -> None:
        """Close what is open to Drift."""
        self._http.close()

    def get(self, path: str, query: Query, page: int, fault: Fault) -> Reply:
        """Ask until the answer is a good one, or patience ends.

        The functions of `drift_analysis.sources.api.resources` ask through it.

        Parameters
        ----------
        path
            The path, such as ``/users/list``.
        query
            The query; it is in no log and no error.
        page
            Which page of the path it is, from 1; for logs and errors.
        fault
            What says whether a decoded reply means no, and how; null for a good one.

        Returns
        -------
        :
            The reply: its bytes as they came, what they say, and when they came.

        Raises
        ------
        ApiError
            If Drift refuses: the answer would not change.
        Incomplete
            If there was no good answer within the attempts and the budget of `Retry`.
        """
        return self.ask(path, query, page, fault)

    def ask(
        self,
        path: str,
        query: Query,
        page: int,
        fault: Fault,
        *,
        body: Any = None,
        decode: Callable[[bytes], Any] = json.loads,
    ) -> Reply:
        """Ask as `get` does, also with a question in the body, or for something else than JSON.

        Parameters
        ----------
        path, query, page, fault
            As for `get`.
        body
            What is asked, as JSON; null for a request without a body.
        decode
            What reads the bytes of a reply; a `ValueError` of it says that they are no such thing.

        Returns
        -------
        :
            As `get`.

        Raises
        ------
        ApiError, Incomplete
            As `get`.
        """
        place = f"{self.base_url}{path}" + (f", page {page}" if page > 1 else "")
        answer, asked, budget = Answer(), 0, self._retry.budget
        while asked < self._retry.attempts and self._pace.pause_left() <= budget:
            budget -= self._pace.pause_left()
            self._pace.turn()
            answer = self._sent(path, query, body).judged(fault, decode)
            asked += 1
            method = "GET" if body is None else "POST"
            _log.debug("%s %s page %d: %s", method, path, page, answer.trouble or "good")
            if not answer.trouble:
                return Reply(path, page, answer.body, answer.value, answer.fetched_at)
            if answer.is_final:
                raise refused(place, answer)
            self._pace.pause(self._retry.wait_after(asked, seconds_asked(answer.retry_after)))
        raise gave_up(place, answer, asked, self._pace.pause_left())

    def _sent(self, path: str, query: Query, question: Any) -> Answer:
        """Send one request; what goes wrong on the way is an answer too."""
        until = time.monotonic() + self._whole
        try:
            method = "GET" if question is None else "POST"
            with self._http.stream(method, path, params=dict(query), json=question) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if time.monotonic() > until:
                        return Answer(trouble="a reply that would not end")
                retry_after = response.headers.get("Retry-After")
                return Answer(response.status_code, bytes(body), retry_after)
        except httpx.HTTPError as error:
            return Answer(trouble=type(error).__name__)


class _Bearer(httpx.Auth):
    """Put the token into requests to the one origin it is meant for."""

    __slots__ = ("_origin", "_secret")

    def __init__(self, secret: Secret, base: httpx.URL) -> None:
        self._secret = secret
        self._origin = (base.scheme, base.host, base.port)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        url = request.url
        if (url.scheme, url.host, url.port) == self._origin:
            request.headers["Authorization"] = self._secret.header()
        yield request


def _checked(base_url: str) -> httpx.URL:
    """Check where the token would go: encrypted, unless it stays on this machine."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL("")
    is_safe = url.scheme == "https" or (url.scheme == "http" and url.host in _LOOPBACK)
    if not (is_safe and url.host) or url.userinfo or url.query or url.fragment:
        raise InputError.of(
            "base_url is not where a token may be sent.",
            "It must be https, with a host and at most a path.",
            'base_url="https://driftapi.com", the default.',
        )
    return url
