from __future__ import annotations

import copy
import logging
import pickle
import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from drift_analysis.errors import ApiError, DriftAnalysisError, InputError
from drift_analysis.sources.api.client import DriftClient, Retry
from drift_analysis.sources.api.connection import _Bearer
from drift_analysis.sources.api.fetch import fetch
from drift_analysis.sources.api.secret import Secret
from sources.loopback import (
    LIST,
    TOKEN,
    Drift,
    Fault,
    changed,
    half,
    instead,
    organisation,
    quick,
    reset,
    serving,
    short,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sources.loopback import Raw

FAULTS: dict[str, Callable[[bytes], Raw]] = {
    "none": lambda good: instead(good)(good),
    "401": status(401),
    "403": status(403),
    "404": status(404),
    "429": status(429, ("Retry-After", "0")),
    "500": status(500),
    "redirect": status(302, ("Location", "https://elsewhere.example/")),
    "reset": reset,
    "short": short,
    "half": half,
    "HTML": instead(f"<html>{TOKEN}</html>".encode()),
    "errors": instead({"errors": [{"message": TOKEN}]}),
    "data null": instead({"data": None, "note": TOKEN}),
    "cycle": changed(lambda page: {**page, "pagination": {"more": True, "next": "2"}}),
}


def everything_in(thing: Any, depth: int = 8) -> Iterator[str]:
    """Show a thing and all that its variables and slots hold."""
    yield repr(thing)
    yield str(thing)
    names = [n for kind in type(thing).__mro__ for n in getattr(kind, "__slots__", ())]
    held = [*getattr(thing, "__dict__", {}).values()]
    held += [getattr(thing, name) for name in names if hasattr(thing, name)]
    for inner in held if depth else ():
        yield from everything_in(inner, depth - 1)


@pytest.mark.parametrize("make", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("nth", [1, 2])
def test_the_token_shows_nowhere(
    make: Callable[[bytes], Raw], nth: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    drift = organisation(4, faults=[Fault(LIST, make, nth=nth), Fault("/conversations/2", make)])
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    behind: list[BaseException | None] = []

    with serving(drift) as url, quick(url) as client:
        shown += everything_in(client)
        for attempt in (
            lambda: client.fetch_conversations(),
            lambda: fetch(client, tmp_path / "out"),
            lambda: pickle.dumps(client),
        ):
            try:
                attempt()
            except DriftAnalysisError as error:
                shown += everything_in(error)
                text = traceback.TracebackException.from_exception(error, capture_locals=True)
                shown += text.format()
                behind += [error.__cause__, error.__context__]

    saved = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(saved) > 1 or make is FAULTS["401"]
    assert drift.counts[LIST] > 1
    assert set(behind) == {None}
    assert "drift_analysis.sources.api.connection" in {record.name for record in caplog.records}
    assert TOKEN not in caplog.text
    assert TOKEN not in "\n".join(shown)
    assert not any(TOKEN.encode() in content for content in saved)


def test_a_log_names_paths_and_pages_and_no_cursors(caplog: pytest.LogCaptureFixture) -> None:
    drift = organisation(4, generation=2, faults=[Fault(LIST, status(500), nth=2, times=1)])
    caplog.set_level(logging.DEBUG, logger="drift_analysis")

    with serving(drift) as url, quick(url) as client:
        client.fetch_conversations(details=False)

    assert [r.getMessage() for r in caplog.records if r.name.startswith("drift_analysis")] == [
        "GET /conversations/list page 1: good",
        "GET /conversations/list page 2: status 500",
        "GET /conversations/list page 2: good",
        "GET /conversations/list page 1: good",
    ]


@pytest.mark.parametrize("carry", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_client_cannot_be_pickled_or_copied(carry: Callable[[Any], Any]) -> None:
    with quick("https://driftapi.com") as client, pytest.raises(InputError) as caught:
        carry(client)

    assert str(caught.value) == (
        "A DriftClient cannot be pickled or copied.\n"
        "It holds a token, which must not be written anywhere.\n"
        "Try: a new one where it is needed; it reads DRIFT_TOKEN."
    )


@pytest.mark.parametrize("carry", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_cannot_be_pickled_or_copied(carry: Callable[[Any], Any]) -> None:
    with pytest.raises(InputError) as caught:
        carry(Secret(TOKEN))

    assert str(caught.value) == (
        "A token cannot be pickled or copied.\n"
        "It must not be written anywhere.\n"
        "Try: a new DriftClient() where it is needed; it reads DRIFT_TOKEN."
    )


@pytest.mark.parametrize(
    ("token", "options"),
    [(f"{TOKEN} x", {}), (TOKEN, {"timeout": -1}), (TOKEN, {"base_url": "http://a.example"})],
)
def test_the_traceback_of_a_client_that_cannot_be_made_does_not_show_the_token(
    token: str, options: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as caught:
        DriftClient(token, **options)

    own = caught.value.__traceback__.tb_next if caught.value.__traceback__ else None
    shown = traceback.TracebackException(
        InputError, caught.value, own, capture_locals=True
    ).format()
    text = "".join(shown)
    assert "connection.py" in text
    assert TOKEN not in text


def test_the_token_is_put_into_requests_to_its_own_origin_only() -> None:
    bearer = _Bearer(Secret(TOKEN), httpx.URL("https://driftapi.com"))
    origins = {
        "https://driftapi.com/users/list": True,
        "https://driftapi.com:443/": True,
        "http://driftapi.com/": False,
        "https://driftapi.com:8443/": False,
        "https://api.drift.com/": False,
        "https://driftapi.com.example/": False,
    }

    for url, has_token in origins.items():
        sent = next(bearer.auth_flow(httpx.Request("GET", url)))
        assert ("Authorization" in sent.headers) == has_token


def test_a_retry_with_other_functions_shows_none_of_them() -> None:
    assert "function" not in repr(Retry(sleep=lambda _: None))


def test_a_wrong_token_is_refused_by_the_server() -> None:
    drift = Drift()

    with (
        serving(drift) as url,
        DriftClient("another-token", base_url=url) as client,
        pytest.raises(ApiError, match="401"),
    ):
        client.fetch_users()
