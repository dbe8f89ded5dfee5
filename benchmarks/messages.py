"""Write messages as Drift replies with them, about 530 bytes each, most with nested context."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["records", "write_lines"]

_WORDS = str.split(
    "hello thanks pricing demo question about your product could you tell me more integration "
    "contract renewal seats annual monthly discount support team please email call tomorrow "
    "meeting calendar invite security review report documentation api key webhook visitor"
)
_BOT = (
    "<p>Hi there! How can we help you today?</p>",
    "<p>Thanks for reaching out. Someone will be with you shortly.</p>",
    "<p>Would you like to <b>book a meeting</b> with our team?</p>",
    "Great, what is your email &amp; company?",
)
_PAGES = ("", "pricing", "product", "docs/start", "blog/launch", "contact?utm_source=mail&utm=cpc")
_BROWSERS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
)
_PLACE = {
    "city": "Berlin",
    "region": "BE",
    "country": "DE",
    "countryName": "Germany",
    "postalCode": "10115",
    "latitude": 52.52,
    "longitude": 13.4,
}
_AT_ONCE = 10_000


def records(seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield messages without end, in the order of their ids."""
    chance = random.Random(seed)
    number, moment = 10**9, 1_719_792_000_000
    while True:
        number += chance.randrange(1, 9)
        moment += chance.randrange(900)
        kind = chance.random()
        words = " ".join(chance.choices(_WORDS, k=chance.randrange(1, 25)))
        message: dict[str, Any] = {
            "id": number,
            "conversationId": 2 * 10**9 + number // 40,
            "orgId": 77531,
            "type": "chat" if kind < 0.93 else "private_note",
            "createdAt": moment,
        }
        if kind < 0.3:
            message |= {"author": {"type": "user", "id": 5, "bot": True}}
            message["body"] = chance.choice(_BOT)
        elif kind < 0.55:
            message["author"] = {"type": "user", "id": chance.randrange(100, 140), "bot": False}
            message["body"] = f"<p>{words}</p>" if chance.random() < 0.5 else words
        else:
            message["author"] = {"type": "contact", "id": chance.randrange(10**9, 2 * 10**9)}
            message["body"] = words + (' \u00e9t\u00e9 "ok"' if chance.random() < 0.05 else "")
        if chance.random() < 0.1:
            again = {"type": "reply", "message": "ok"}
            message["buttons"] = [
                {"label": "Yes", "value": "yes", "style": None, "reaction": again}
            ]
        if kind >= 0.55 or chance.random() < 0.5:
            message["context"] = {
                "ip": f"203.0.113.{chance.randrange(256)}",
                "userAgent": chance.choice(_BROWSERS),
                "href": f"https://www.example.com/{chance.choice(_PAGES)}",
                "title": "Example | Home",
                "timezone": "Europe/Berlin",
                "locale": "en-US",
                "location": _PLACE,
            }
        yield message


def write_lines(path: Path, size: int, seed: int = 1) -> int:
    """Write one message per line until the file has that many bytes; return how many they are."""
    found = records(seed)
    n = written = 0
    with path.open("wb") as file:
        while written < size:
            lines = [json.dumps(next(found), separators=(",", ":")) for _ in range(_AT_ONCE)]
            text = ("\n".join(lines) + "\n").encode()
            written += file.write(text)
            n += _AT_ONCE
    return n
