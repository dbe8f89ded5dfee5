"""Damage documents by chance, and say what of them must come back."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from drift_analysis.sources.framing.files import documents
from drift_analysis.sources.framing.frames import frames
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.reading import Reading

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from drift_analysis.sources.framing.records import Framed, Problem

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
MARKS = b'{}[]",:\\\n \x00\xff\xc3' + b"019-eE.tfnNaI"
INNER = ("data", "record", "_airbyte_data")
LISTS = ("data", "messages", "users", "conversations")
_MARK = "\x01"
_RECORD = f'"{_MARK}"'.encode()
_RECORDS = re.compile(rb"%s(?:[\s,]*%s)+" % (_RECORD, _RECORD))
_COMMAS = re.compile(rb"(?<=\[)[\s,]+|[\s,]+(?=\])")
_ID = re.compile(rb'"\d+"')
_TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[^\s,:\[\]{}"]+|"')


class Base(NamedTuple):
    """A sound document; of its bytes before `head` none is damaged."""

    name: str
    data: bytes
    head: int = 0


class Place(NamedTuple):
    start: int
    end: int
    value: Any


class Damage:
    """Bytes that are changed here and there, and what of the records in them is untouched."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.untouched = records_in(data)
        self.bracketed = all(data[p.start : p.start + 1] == b"{" for p in self.untouched)
        self.touched: list[tuple[int, int]] = []

    def replace(self, start: int, end: int, new: bytes) -> None:
        self.data = self.data[:start] + new + self.data[end:]
        shift = len(new) - (end - start)
        near = 0 if self.bracketed else 1
        kept = [p for p in self.untouched if p.end <= start - near or p.start >= end + near]
        self.untouched = [
            p if p.end <= start else Place(p.start + shift, p.end + shift, p.value) for p in kept
        ]
        moved = [
            (a + shift, b + shift) if a >= end else (a, max(b, b + shift)) for a, b in self.touched
        ]
        self.touched = [*moved, (start, start + len(new))]


class Outcome(NamedTuple):
    """What was made of a document: its records, its rejects, and how many were untouched."""

    good: list[Place]
    bad: list[Place]
    untouched: int
    rescued: int


def bases() -> list[Base]:
    """Small documents of every framing, from the sample."""
    page = json.loads((SAMPLE / "conversations" / "list-2026-05-31T1000-0001.json").read_bytes())
    page["data"] = page["data"][:4]
    users = json.loads((SAMPLE / "users.json").read_bytes())["data"][:3]
    details = _lines("conversations/details.ndjson", 4)
    pages = _lines("messages/2026-03.ndjson", 2)
    talk = json.loads(pages[0])
    talk["data"]["messages"] = talk["data"]["messages"][:4]
    chats = talk["data"]["messages"]
    contacts = [json.loads(line)["data"] for line in _lines("contacts.ndjson", 3)]
    hooks = [_hook(chats[0]), _hook(chats[1]), _STATUS, _hook(page["data"][0], "new_conversation")]
    playbooks = json.loads((SAMPLE / "playbooks.json").read_bytes())[:3]
    return [
        Base("pages of messages, one per line", b"\n".join(pages) + b"\n"),
        Base("details, one per line", b"\n".join(details) + b"\n"),
        Base("details with carriage returns", b"\r\n".join(details) + b"\r\n"),
        Base("records, one per line", _each(chats + page["data"])),
        Base("webhooks, one per line", _each(hooks)),
        Base("a page", _compact(page)),
        Base("a page, pretty printed", json.dumps(page, indent=2).encode()),
        Base("a page of messages", _compact(talk)),
        Base("a page of messages, pretty printed", json.dumps(talk, indent=1).encode()),
        Base("users, pretty printed", json.dumps({"data": users}, indent=1).encode()),
        Base("a map of users", _compact({"data": {str(user["id"]): user for user in users}})),
        Base("a bare list", _compact(playbooks)),
        Base("a list, spread", json.dumps(page["data"]).encode()),
        Base("a list, one per line", b"[\n" + _each(page["data"], b",\n")[:-2] + b"\n]\n"),
        Base("lines that end with commas", _each(page["data"], b",\n")),
        Base("pretty printed records", b"\n".join(_pretty(item) for item in page["data"])),
        Base("records in a row", _each(contacts + users, b"")),
        Base("details pretty printed in a row", b"\n".join(_pretty({"data": c}) for c in contacts)),
        Base("pages in a row", _compact(page) + _compact(talk)),
        Base("Airbyte's messages", _each(_airbyte(item) for item in page["data"])),
        Base("Airbyte's raw table", _each({"_airbyte_data": item} for item in chats)),
        Base("Singer's messages", _each([*_SCHEMA, *(_singer(user) for user in users)])),
        Base("a bundle", _compact({"conversations": page["data"][:2], "users": users[:2]})),
        Base("a byte order mark", b"\xef\xbb\xbf" + _compact(page), 3),
        Base("the bulk export", _HEAD + _ROW + _ROW.replace(b"1,7", b"2,7"), len(_HEAD)),
    ]


_STATUS = {
    "type": "conversation_status_updated",
    "orgId": 1,
    "data": {"conversationId": 5, "status": "closed", "changedAt": 1_774_258_793_943},
}
_SCHEMA = [{"type": "SCHEMA", "stream": "users", "schema": {}}]
_HEAD = b"convo_id,company_name,updatedat_date,createdat_date,transcriptObject\n"
_ROW = b'1,7,2019-09-08T06:05:59.000Z,2019-09-08T06:00:00.000Z,"Sep 8: hi, ""you""\nthere"\n'


def _lines(name: str, count: int) -> list[bytes]:
    return (SAMPLE / name).read_bytes().splitlines()[:count]


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _pretty(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def _each(values: Any, end: bytes = b"\n") -> bytes:
    return b"".join(_compact(value) + end for value in values)


def _hook(data: Any, kind: str = "new_message") -> dict[str, Any]:
    return {"type": kind, "token": "INVENTED", "orgId": 48213, "data": data}


def _airbyte(data: Any) -> dict[str, Any]:
    record = {"stream": "conversations", "data": data, "emitted_at": 1_780_000_000_000}
    return {"type": "RECORD", "record": record}


def _singer(data: Any) -> dict[str, Any]:
    return {"type": "RECORD", "stream": "users", "record": data}


def records_in(data: bytes) -> list[Place]:
    found = frames(Document("x", data))
    return [Place(f.byte_offset, f.byte_offset + len(f.raw), f.value) for f in found if f.value]


def told_by(data: bytes) -> list[Any]:
    """Return the records of a sound document, also without what stands around them."""
    values = [place.value for place in records_in(data)]
    for value in values:
        values += [value[key] for key in INNER if isinstance(value.get(key), dict)]
    return values


def damaged(base: Base, dice: random.Random) -> Damage:
    """Damage a document in one to three places.

    What stands right beside a row of CSV becomes part of it.
    """
    damage = Damage(base.data)
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        size = len(damage.data)
        start = dice.randrange(base.head, size + 1)
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


def checked(damage: Damage, originals: list[Any], around: frozenset[bytes]) -> Outcome:
    """Read what was damaged, and check that nothing is lost, invented, altered, or passed over."""
    reading = Reading()
    document = Document("x", damage.data)
    reading.begin(document)
    good: list[Place] = []
    bad: list[Place] = []
    for framed in frames(document):
        problem = reading.take(document, framed)
        (good if problem is None else bad).append(_place(damage.data, framed))
    ended = sum(reading.accepted.values()) + len(reading.rejects) + reading.control.total()
    assert reading.records == ended, "records read are not rows and rejects"
    assert [bytes(r["raw"]) for r in reading.rejected().to_dicts() if b"token" not in r["raw"]] == [
        raw for raw in (damage.data[p.start : p.end] for p in bad) if b"token" not in raw
    ], "a reject does not hold the bytes of its place"
    for place in good:
        near = any(a <= place.end and place.start <= b for a, b in damage.touched)
        assert near or place.value is None or place.value in originals, "a record was invented"
    read = {(place.start, place.end): place.value for place in good}
    rescued = 0
    for place in damage.untouched:
        same = read.get((place.start, place.end)) == place.value
        kept = same or covered(place, bad) or within(place, good)
        assert kept, "a good record was lost or altered"
        rescued += same
    unnamed = _unnamed(damage.data, good + bad, around)
    assert all(_touches(damage, word) for word in unnamed), "bytes are in no record and no reject"
    return Outcome(good, bad, len(damage.untouched), rescued)


def _place(data: bytes, framed: Framed) -> Place:
    assert data[framed.byte_offset :].startswith(framed.raw), "bytes are not at their place"
    return Place(framed.byte_offset, framed.byte_offset + len(framed.raw), framed.value)


def covered(place: Place, bad: list[Place]) -> bool:
    """Tell whether rejects, with at most two marks between them, hold all bytes of a record."""
    reached = place.start
    for reject in sorted(bad, key=lambda one: one[:2]):
        if reject.start <= reached + 2 and reached < reject.end:
            reached = reject.end
    return reached >= place.end


def within(place: Place, good: list[Place]) -> bool:
    """Tell whether damage made a sound record of several, which keeps the others as they were."""
    around = [g.value for g in good if g.start < place.start and place.end < g.end]
    return any(_holds(value, place.value) for value in around)


def _holds(value: Any, wanted: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return value == wanted or any(_holds(item, wanted) for item in inner)


def words_around(data: bytes) -> frozenset[bytes]:
    """Return what stands around the records of a sound document: its keys and values."""
    places = records_in(data)
    return frozenset([_RECORD, *_TOKEN.findall(b" ".join(_gaps(data, places)))])


def _gaps(data: bytes, places: list[Place]) -> list[bytes]:
    gaps: list[bytes] = []
    reached = 0
    for start, end, _ in sorted(places, key=lambda place: place[:2]):
        gaps.append(data[reached : max(start, reached)])
        reached = max(reached, end)
    return [*gaps, data[reached:]]


def _unnamed(data: bytes, places: list[Place], around: frozenset[bytes]) -> list[bytes]:
    """Return what is neither in a record nor in a reject, and no part of an envelope."""
    gaps = _gaps(data, places)
    strange = _strange(b" ".join(gaps), around)
    skeleton = _COMMAS.sub(b"", _RECORDS.sub(_RECORD, _RECORD.join(gaps)))
    return strange and _strange(_without_envelopes(skeleton), around)


def _touches(damage: Damage, word: bytes) -> bool:
    """Tell whether a word is damaged itself: around records it may be sound all the same."""
    far = len(word)
    return any(word in damage.data[max(0, a - far) : b + far] for a, b in damage.touched)


def _strange(gap: bytes, around: frozenset[bytes]) -> list[bytes]:
    return [word for word in _TOKEN.findall(gap) if word not in around and not _ID.fullmatch(word)]


def _without_envelopes(skeleton: bytes) -> bytes:
    """Take sound envelopes off a text in which each record is a mark."""
    text = skeleton.decode("latin-1")
    decoder = json.JSONDecoder(strict=False)
    rest: list[str] = []
    position = 0
    while position < len(text):
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            value, end = None, position + 1
        if not _is_around(value):
            rest.append(text[position])
            end = position + 1
        position = end
    return "".join(rest).encode("latin-1")


def _is_around(value: Any) -> bool:
    if isinstance(value, list):
        return all(item == _MARK or _is_around(item) for item in value)
    return isinstance(value, dict) and (
        any(name in value for name in LISTS)
        or (bool(value) and all(key.isdecimal() and item == _MARK for key, item in value.items()))
    )


def packings() -> dict[str, Callable[[bytes], bytes]]:
    """Ways to pack a document."""
    return {"gzip": gzip.compress, "zstandard": _zstandard, "zip": _zipped, "tar": _tarred}


def _zstandard(data: bytes) -> bytes:
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


def _zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.json", data)
    return packed.getvalue()


def _tarred(data: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("export.json")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


class Unpacked(NamedTuple):
    """What was made of a packed document: what was read, and whether anything was reported."""

    values: list[Any]
    rejects: list[tuple[str, int]]
    reported: bool


def unpacked(packed: bytes) -> Unpacked:
    reading = Reading()
    taken: list[tuple[Framed, Problem | None]] = []
    skipped: Counter[str] = Counter()
    for document in documents(packed, skipped=skipped):
        reading.begin(document)
        taken += [(framed, reading.take(document, framed)) for framed in frames(document)]
    ended = sum(reading.accepted.values()) + len(reading.rejects) + reading.control.total()
    assert reading.records == ended, "records read are not rows and rejects"
    rejects = [
        (reject["reason"], reject["byte_offset"]) for reject in reading.rejected().to_dicts()
    ]
    values = [f.value for f, problem in taken if problem is None and f.value is not None]
    return Unpacked(values, rejects, bool(rejects or skipped))
