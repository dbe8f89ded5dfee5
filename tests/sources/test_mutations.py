from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from drift_analysis.sources.framing.frames import frames
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import tables_of
from drift_analysis.sources.reading import Reading

CASES = int(os.environ.get("DRIFT_ANALYSIS_MUTATIONS", "1000"))
"""How many documents are damaged; more of them take about a second per 200."""

SHARES = 10
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
MARKS = b'{}[]",:\\\n \x00\xff\xc3' + b"019-eE.tfnNaI"


class Place(NamedTuple):
    start: int
    end: int
    value: Any


def lines_of(data: bytes, count: int) -> bytes:
    return b"\n".join(data.splitlines()[:count]) + b"\n"


def documents() -> list[bytes]:
    page = json.loads((SAMPLE / "conversations" / "list-2026-05-31T1000-0001.json").read_bytes())
    page["data"] = page["data"][:8]
    users = json.loads((SAMPLE / "users.json").read_bytes())
    details = lines_of((SAMPLE / "conversations" / "details.ndjson").read_bytes(), 6)
    return [
        lines_of((SAMPLE / "messages" / "2026-03.ndjson").read_bytes(), 4),
        details,
        lines_of(gzip.decompress((SAMPLE / "webhooks.ndjson.gz").read_bytes()), 8),
        json.dumps(page, separators=(",", ":")).encode(),
        json.dumps(page, indent=2).encode(),
        json.dumps(users, indent=1).encode(),
        b"\n".join(json.dumps(item, indent=2).encode() for item in page["data"]),
        json.dumps(page["data"]).encode(),
        details.replace(b"\n", b"\r\n"),
    ]


def places_in(data: bytes) -> list[Place]:
    found = frames(Document("x", data))
    return [Place(f.byte_offset, f.byte_offset + len(f.raw), f.value) for f in found if f.value]


def told_by(data: bytes) -> list[Any]:
    # What a webhook tells is found as a record where only its envelope is damaged.
    values = [place.value for place in places_in(data)]
    return values + [value["data"] for value in values if "data" in value]


class Damage:
    """Bytes that are changed here and there, and what of the records in them is untouched."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.untouched = places_in(data)
        self.touched: list[tuple[int, int]] = []

    def replace(self, start: int, end: int, new: bytes) -> None:
        self.data = self.data[:start] + new + self.data[end:]
        shift = len(new) - (end - start)
        kept = [p for p in self.untouched if p.end <= start or p.start >= end]
        self.untouched = [
            p if p.end <= start else Place(p.start + shift, p.end + shift, p.value) for p in kept
        ]
        moved = [
            (a + shift, b + shift) if a >= end else (a, max(b, b + shift)) for a, b in self.touched
        ]
        self.touched = [*moved, (start, start + len(new))]


def damaged(data: bytes, dice: random.Random) -> Damage:
    damage = Damage(data)
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        size = len(damage.data)
        start = dice.randrange(size + 1)
        end = min(size, start + dice.choice([0, 1, 1, 2, 5, 40]))
        match dice.randrange(6):
            case 0:
                new = bytes([dice.choice(MARKS)])
            case 1:
                new = b""
            case 2:
                end, new = start, bytes(dice.choice(MARKS) for _ in range(dice.randrange(1, 4)))
            case 3:
                end, new = start, damage.data[start : start + dice.randrange(1, 60)]
            case 4:
                end, new = size, b""
            case _:
                new = bytes(dice.randrange(256) for _ in range(end - start))
        damage.replace(start, end, new)
    return damage


def check(damage: Damage, originals: list[Any]) -> None:
    reading = Reading()
    document = Document("x", damage.data)
    reading.begin(document)
    good: list[Place] = []
    lost: list[Place] = []
    for framed in frames(document):
        assert damage.data[framed.byte_offset :].startswith(framed.raw)
        problem = reading.take(document, framed)
        place = Place(framed.byte_offset, framed.byte_offset + len(framed.raw), framed.value)
        (good if problem is None else lost).append(place)
    assert reading.records == sum(reading.accepted.values()) + len(reading.rejects)
    for place in good:
        near = any(a <= place.end and place.start <= b for a, b in damage.touched)
        assert near or place.value is None or place.value in originals, "a record was invented"
    read = {(place.start, place.end): place.value for place in good}
    for place in damage.untouched:
        value = read.get((place.start, place.end))
        same = value == place.value
        assert same or covered(place, lost), "a good record was lost or altered"


def covered(place: Place, lost: list[Place]) -> bool:
    """Tell whether rejects, one after another, hold all bytes of a record."""
    reached = place.start
    for bad in lost:
        if bad.start <= reached < bad.end:
            reached = bad.end
    return reached >= place.end


@pytest.mark.parametrize("share", range(SHARES))
def test_damage_loses_invents_and_alters_no_record(share: int) -> None:
    bases = [(data, told_by(data)) for data in documents()]
    for number in range(share, CASES, SHARES):
        data, originals = bases[number // SHARES % len(bases)]
        damage = damaged(data, random.Random(number))
        if not damage.data:
            continue
        try:
            check(damage, originals)
        except Exception as error:
            error.add_note(f"Case {number} of the mutations.")
            raise


def test_damaged_documents_become_tables() -> None:
    for number, data in enumerate(documents() * 3):
        mutated = damaged(data, random.Random(f"tables {number}")).data
        dataset = tables_of([Document("x", mutated)])
        assert dataset.rejects.height >= 0
