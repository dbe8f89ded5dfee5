from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.demo.server import served

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "sync.md"
TOKEN = "an-invented-webhook-token"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "webhooks.ndjson"


@pytest.fixture
def url(log: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (code,) = re.findall(r"```python\n(import hmac.*?)```", PAGE.read_text(), re.DOTALL)
    monkeypatch.setenv("DRIFT_WEBHOOK_TOKEN", TOKEN)
    monkeypatch.setenv("DRIFT_WEBHOOK_LOG", str(log))
    names: dict[str, Any] = {}
    exec(code, names)
    with served(lambda _: names["app"]) as address:
        yield f"{address}/drift"


def test_the_receiver_writes_a_log_that_loads(url: str, log: Path) -> None:
    events = da.sample.generate(30).webhooks
    changes = [event for event in events if "status" in event["type"]][:20]

    with httpx.Client() as client:
        posted = [client.post(url, json=event | {"token": TOKEN}) for event in changes]

    assert changes
    assert {reply.status_code for reply in posted} == {200}
    assert TOKEN not in log.read_text()
    assert_frame_equal(
        da.load_status_events(log).drop("source"), da.load_status_events(changes).drop("source")
    )


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (json.dumps({"type": "new_message", "token": "another", "data": {}}), 403),
        (json.dumps({"type": "new_message", "token": "\ud800", "data": {}}), 403),
        (json.dumps({"type": "new_message", "data": {}}), 400),
        ("[]", 400),
        ("7", 400),
        ("{", 400),
        ("[" * 100_000, 400),
        (json.dumps({"token": TOKEN, "data": "x" * 1_000_000}), 413),
    ],
)
def test_the_receiver_writes_nothing_that_drift_did_not_send(
    url: str, log: Path, content: str, status: int
) -> None:
    assert httpx.post(url, content=content).status_code == status
    assert not log.exists()
