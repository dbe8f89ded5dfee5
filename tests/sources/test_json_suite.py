from __future__ import annotations

import json
import re
from typing import Any

import pytest

from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import read
from sources.json_suite import EITHER, TOO_LARGE, N, Y

GOOD = [b'{"id":%d,"status":"open","createdAt":1567922759384}' % n for n in (1, 3, 4)]
ODD = b'{"id":2,"status":"open","createdAt":1567922759384,"x":%s}'
AT = ODD.index(b"%s")
WHOLE = (N["structure_object_followed_by_closing_object"],)
"""A sound record with a brace behind it, once there is a record around it."""

OPEN = (N["structure_open_array_open_object"], N["structure_open_array_object"])
"""What opens a list within the record, to which all that follows then belongs."""

FRAMINGS = {
    "lines": (b"\n", b"\n", b"\n"),
    "a list": (b"[", b",", b"]"),
    "a page": (b'{"data":[', b",\n", b"]}"),
}


def among_records(odd: bytes, framing: str) -> bytes:
    first, between, last = FRAMINGS[framing]
    return first + between.join([GOOD[0], odd, *GOOD[1:]]) + last


def outcome(data: bytes) -> tuple[list[int], list[tuple[Any, ...]], dict[int, str | None]]:
    reading = read([Document("x", data)])
    ended = sum(reading.accepted.values()) + len(reading.rejects) + reading.control.total()
    assert reading.records == ended
    names = ("byte_offset", "reason", "detail", "raw")
    rejects = [tuple(reject[name] for name in names) for reject in reading.rejected().to_dicts()]
    for offset, _, _, raw in rejects:
        assert data[offset:].startswith(raw)
    rows = reading.rows["conversations"].frame()
    extra = dict(rows.select("conversation_id", "extra").rows())
    return sorted(extra), rejects, extra


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("text", Y.values(), ids=list(Y))
def test_what_must_be_read_is_read_and_kept(text: bytes, framing: str) -> None:
    if framing == "lines":
        text = text.replace(b"\n", b" ")
    ids, rejects, extra = outcome(among_records(ODD % text, framing))
    assert (ids, rejects) == ([1, 2, 3, 4], [])
    kept = json.loads(extra[2] or "{}")["x"]
    repeated = text in (Y["object_duplicated_key"],)
    assert kept == ({"a": {"given": ["b", "c"]}} if repeated else json.loads(text))


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("text", N.values(), ids=list(N))
def test_what_must_be_refused_is_a_located_reject_and_harms_no_neighbour(
    text: bytes, framing: str
) -> None:
    odd = ODD % text
    data = among_records(odd, framing)
    ids, rejects, _ = outcome(data)
    if text in WHOLE:
        assert ids == [1, 2, 3, 4]
        assert next(raw for *_, raw in rejects).rstrip(b",") == b"}"
        return
    if text in OPEN and framing != "lines":
        assert ids in ([1], [1, 3, 4], [1, 2])
        return
    assert ids == [1, 3, 4]
    start = data.index(odd)
    assert rejects[0][0] == start
    inside = [reject for reject in rejects if reject[0] < start + len(odd)]
    assert_all_is_named(data, start, start + len(odd), inside)


@pytest.mark.parametrize("text", [*Y.values(), *N.values()], ids=[*Y, *N])
def test_as_a_line_of_its_own_it_harms_no_neighbour(text: bytes) -> None:
    data = among_records(text, "lines")
    ids, rejects, _ = outcome(data)
    assert ids == [1, 3, 4]
    start = data.index(GOOD[0]) + len(GOOD[0])
    assert_all_is_named(data, start, data.index(GOOD[1]), rejects)


def assert_all_is_named(data: bytes, start: int, end: int, rejects: list[tuple[Any, ...]]) -> None:
    left = bytearray(data[start:end])
    for offset, _, _, raw in rejects:
        if raw:
            assert start <= offset
            assert offset + len(raw) <= end or not data[end : offset + len(raw)].strip(b",\n")
            left[offset - start : offset - start + len(raw)] = b" " * len(raw)
    assert re.fullmatch(rb"(?:[\s,\[\]]|\xef\xbb\xbf)*", left), "bytes are in no reject"


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize(("text", "detail"), EITHER.values(), ids=list(EITHER))
def test_what_may_be_either_is_the_same_everywhere(
    text: bytes, detail: str | None, framing: str
) -> None:
    ids, rejects, extra = outcome(among_records(ODD % text, framing))
    if detail is None:
        assert (ids, rejects) == ([1, 2, 3, 4], [])
        assert json.loads(extra[2] or "{}") == {"x": json.loads(text)}
    else:
        moved = re.sub(r"(?<=at byte )\d+", lambda n: str(int(n[0]) + AT), detail)
        reason = "bad_encoding" if "8" in detail or "pair" in detail else "not_json"
        reason = "unreadable" if detail == TOO_LARGE else reason
        assert ids == [1, 3, 4]
        if detail:
            assert [(reject[1], reject[2]) for reject in rejects] == [(reason, moved)]
