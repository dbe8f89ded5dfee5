from __future__ import annotations

import gzip
import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.sources import load
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.framing.unpack import unpacked

T = 1_567_922_759_384


def lines(first: int, n: int) -> bytes:
    noise = random.Random(first)
    rows = (
        {"id": first + i, "status": "open", "createdAt": T, "x": noise.random()} for i in range(n)
    )
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def loaded(packed: bytes) -> tuple[int, list[tuple[Any, ...]]]:
    found = load(packed)
    return found.conversations.height, found.rejects.select("reason", "detail", "raw").rows()


def test_a_wrong_check_sum_alone_loses_nothing() -> None:
    packed = bytearray(gzip.compress(lines(1, 500)))
    packed[-6] ^= 1
    sentence = f"The check sum at byte {len(packed) - 5} of the gzip data is wrong; all was read."
    assert loaded(bytes(packed)) == (500, [("unreadable", sentence, b"")])


def test_a_wrong_length_alone_loses_nothing_and_the_next_member_is_read() -> None:
    packed = bytearray(gzip.compress(lines(1, 5)))
    packed[-1] ^= 1
    sentence = f"The check sum at byte {len(packed) - 1} of the gzip data is wrong; all was read."
    more = gzip.compress(lines(6, 5))
    assert loaded(bytes(packed) + more) == (10, [("unreadable", sentence, b"")])


def test_what_comes_before_damage_in_the_middle_is_read() -> None:
    text = lines(1, 60_000)
    packed = bytearray(gzip.compress(text))
    middle = len(packed) // 2
    packed[middle : middle + 40_000] = b"\xff" * 40_000
    found = unpacked(Document("x", bytes(packed)))
    assert found.problem is not None
    assert found.problem.reason == "truncated"
    shared = next(
        i for i, pair in enumerate(zip(found.data, text, strict=False)) if len({*pair}) > 1
    )
    assert 0.45 * len(text) < shared < 0.55 * len(text)
    assert len(found.data) - shared < 3_000_000
    assert load(bytes(packed)).conversations.height >= text[:shared].count(b"\n")


def test_bytes_between_and_behind_members_are_reported() -> None:
    first, second = gzip.compress(lines(1, 2)), gzip.compress(lines(3, 2))
    packed = first + b"\0garbage" + second + b"more"
    sentence = f"Bytes {len(first)} to {len(first) + 8} of the packed data are no gzip data."
    sentence += " There are 1 more such places."
    assert loaded(packed) == (4, [("unreadable", sentence, b"")])


def test_zeros_at_the_end_are_padding() -> None:
    assert loaded(gzip.compress(lines(1, 2)) + b"\0" * 100) == (2, [])


@settings(max_examples=40)
@given(st.data())
def test_all_whole_lines_before_a_cut_are_read(data: st.DataObject) -> None:
    text = lines(1, 200)
    packed = gzip.compress(text)
    cut = data.draw(st.integers(len(packed) // 2, len(packed) - 1))
    found = unpacked(Document("x", packed[:cut]))
    assert text.startswith(found.data)
    assert found.problem is not None
    assert found.problem.detail == "The gzip data has no end; what it held was read."


def test_damage_in_several_places_is_told_in_one_reject() -> None:
    good = gzip.compress(lines(1, 5))
    sentence = f"Bytes {len(good)} to {len(good) + 4} of the packed data are no gzip data."
    packed = good + b"junk" + good + b"more"
    assert loaded(packed) == (5, [("unreadable", f"{sentence} There are 1 more such places.", b"")])
