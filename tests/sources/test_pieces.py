from __future__ import annotations

import gzip
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.sources import rounds
from drift_analysis.sources.framing import files, stream, unpack
from drift_analysis.sources.framing.frames import frames
from drift_analysis.sources.framing.pieces import pieces
from drift_analysis.sources.framing.records import Document, Framed, Problem
from drift_analysis.sources.framing.runs import Rest, Run

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = 1567922759384


def message(number: int, **more: Any) -> dict[str, Any]:
    author = {"type": "contact", "id": 9}
    known = {"id": number, "conversationId": 1, "type": "chat", "body": '}, {"id": ]'}
    return known | {"author": author, "createdAt": MOMENT} | more


def placed(data: bytes, size: int) -> list[Framed]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "STRETCH", size)
        return list(frames(Document("x", data)))


def bare(found: list[Framed]) -> list[tuple[Any, ...]]:
    """Leave the words about a list without end aside, which count its records."""
    return [
        (*f[:3], f.number, f.more, f.value, f.problem and (f.problem.reason, f.problem.record_type))
        for f in found
    ]


records = st.builds(
    message,
    st.integers(1, 99),
    body=st.sampled_from(["", "x", "},{", '"', "\n", "[", "]}", "\u00e9" * 20, '{"id": 1}, ']),
    buttons=st.sampled_from([None, [], [{"label": "a"}, {"label": "b"}], [{"id": 1}, {"id": 2}]]),
)


@given(found=st.lists(records, min_size=1, max_size=12), size=st.integers(300, 2000))
@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("framing", range(6))
def test_a_document_read_in_stretches_is_the_same_as_whole(
    framing: int, found: list[dict[str, Any]], size: int
) -> None:
    compact = [json.dumps(record, separators=(",", ":")) for record in found]
    text = [
        "\n".join(compact),
        "\n\n \n".join(compact * 3) + "\n",
        f"[{','.join(compact)}]",
        json.dumps(found, indent=1),
        f'{{"data": {{"messages": [{", ".join(compact)}]}}, "pagination": {{"more": true}}}}',
        "\ufeff" + "\n".join(f'{{"data":[{",".join(compact)}]}}' for _ in range(3)),
    ][framing]
    data = text.encode()
    assert bare(placed(data, size)) == bare(placed(data, 10**9))


@given(found=st.lists(records, min_size=3, max_size=9), size=st.integers(300, 2000), data=st.data())
@settings(max_examples=200, deadline=None)
def test_damage_to_a_list_read_in_stretches_loses_nothing_before_it(
    found: list[dict[str, Any]], size: int, data: st.DataObject
) -> None:
    text = json.dumps(found).encode()
    place = data.draw(st.integers(1, len(text) - 1))
    damaged = (
        text[:place] + data.draw(st.sampled_from([b"", b"\x00", b"]", b"{"])) + text[place + 1 :]
    )
    whole = [len(json.dumps(found[: n + 1])) - 1 for n in range(len(found))]
    untouched = sum(end <= place for end in whole)
    read = [f.value for f in placed(damaged, size) if f.value is not None]
    assert read[:untouched] == found[:untouched]


def test_lines_and_lists_are_runs_and_what_else_an_envelope_holds_is_read_with_care() -> None:
    found = [json.dumps(message(n)) for n in range(9)]
    lines, page = "\n".join(found), f'{{"data": [{", ".join(found)}], "pagination": {{}}}}'

    (run,) = pieces(Document("x", lines.encode()))
    assert isinstance(run, Run)
    assert (len(run.records), run.together, run.unsound) == (9, False, frozenset())

    for told, more in (("{}", False), ('{"more": true}', True)):
        (run,) = pieces(Document("x", page.replace("{}", told).encode()))
        assert isinstance(run, Run)
        assert (len(run.records), run.together, run.more) == (9, True, more)

    beside = page.replace('"pagination": {}', f'"users": [{found[0]}]')
    run, rest = pieces(Document("x", beside.encode()))
    assert isinstance(run, Run)
    assert isinstance(rest, Rest)
    assert (len(run.records), run.together, run.more) == (8, True, None)
    last, other = rest.spans
    assert (last.value, last.more, other.value, other.more) == (message(8), None, message(0), False)
    assert beside[last.start :].startswith(found[8])
    assert beside[other.start :].startswith(found[0])


def test_the_last_element_of_a_page_tells_whether_there_is_another_whatever_it_is() -> None:
    found = ", ".join(json.dumps(message(n)) for n in range(9))
    for last, values in ((5, [None]), ([], [None]), ([message(9), message(10)], [9, 10])):
        page = f'{{"data": [{found}, {json.dumps(last)}], "pagination": {{"more": true}}}}'
        (run,) = pieces(Document("x", page.encode()))
        assert isinstance(run, Run)
        told = list(frames(Document("x", page.encode())))[9:]
        assert [f.value and f.value["id"] for f in told] == values
        assert [f.more for f in told] == [*[None] * (len(values) - 1), True]


def test_a_bracket_alone_on_a_line_harms_no_line_beside_it() -> None:
    good = json.dumps(message(1))
    pretty = json.dumps(message(2), indent=1)
    lines = [good, "{", good, "[", good, pretty, good, good]
    found = list(frames(Document("x", "\n".join(lines).encode())))
    assert [f.value for f in found if f.value] == [*[message(1)] * 3, message(2), *[message(1)] * 2]
    assert [(f.line, f.raw) for f in found if f.problem] == [(2, b"{"), (5, b"")]


def test_a_short_list_and_one_in_a_doubtful_envelope_are_read_with_care() -> None:
    found = ", ".join(json.dumps(message(n)) for n in range(9))
    for text in (
        json.dumps([message(n) for n in range(7)]),
        f'{{"data": [{found}], "errors": ["x"]}}',
        f'{{"data": [{found}], "data": [1]}}',
        f'{{"data": [{found}], "id": 1, "status": "open"}}',
    ):
        (rest,) = pieces(Document("x", text.encode()))
        assert isinstance(rest, Rest), text


def saved(path: Path, n: int) -> Path:
    path.write_bytes(b"".join(json.dumps(message(i)).encode() + b"\n" for i in range(n)))
    return path


def test_a_large_file_is_read_bit_by_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.ndjson", 50)
    packed = tmp_path / "a.ndjson.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    whole = da.load(path)
    for module in (stream, files, unpack):
        monkeypatch.setattr(module, "STRETCH", 300)

    (document,) = files.documents(path)
    assert document.more is not None
    assert len(document.data) < 700
    for given_ in (path, packed):
        assert_frame_equal(da.load(given_).messages.drop("source"), whole.messages.drop("source"))


def test_a_file_that_fails_midway_gives_what_could_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.ndjson", 50)
    monkeypatch.setattr(stream, "STRETCH", 300)
    monkeypatch.setattr(files, "STRETCH", 300)
    (document,) = files.documents(path)

    def failing() -> Any:
        yield from files._guarded(iter([b'{"id": 1}\n']))
        yield from files._guarded(Broken())

    found = list(frames(document._replace(more=failing())))
    assert found[-1].problem == Problem(
        "unreadable", "It can be read no further. The system says: Input/output error."
    )
    assert sum(f.value is not None for f in found) >= 2


class Broken:
    def __iter__(self) -> Broken:
        return self

    def __next__(self) -> bytes:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("opening", ["[", '{"data": ['])
def test_a_long_list_takes_many_rounds(opening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((stream, "STRETCH"), (rounds, "AT_ONCE")):
        monkeypatch.setattr(module, name, 2000)
    found = ",".join(json.dumps(message(n)) for n in range(300))
    text = f"{opening}{found}]" + ("}" if opening[0] == "{" else "")
    given = list(rounds.rounds([Document("x", text.encode())]))
    lengths = [sum(len(p.piece.stretch.text) for p in r.parts if p.piece) for r in given]
    assert len(given) > 10
    assert max(lengths) < 8000


def test_rounds_stop_their_threads_when_reading_is_given_up(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.ndjson", 5000)
    before = set(threading.enumerate())

    def give_up(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        da.load(path, progress=give_up)
    assert set(threading.enumerate()) == before, caught
