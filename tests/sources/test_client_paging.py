from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.errors import Incomplete
from drift_analysis.sources.api.paging import Reply, next_query, pages, records_of
from drift_analysis.sources.api.resources import conversations, ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from drift_analysis.sources.api.paging import Get


def reply(value: Any, page: int = 1) -> Reply:
    return Reply("/list", page, json.dumps(value).encode(), value, datetime(2026, 1, 1, tzinfo=UTC))


def moving_list(times: dict[int, int], before: Callable[[int], None], size: int = 3) -> Get:
    """Answer as Drift's list does: newest first, by offset, changing before each request."""
    asked: list[Any] = []

    def get(_path: str, query: Any, page: int, _fault: Any) -> Reply:
        before(len(asked))
        asked.append(query)
        begin = int(query.get("next", 0))
        order = sorted(times, key=lambda i: -times[i])
        data = [{"id": i, "updatedAt": times[i]} for i in order[begin : begin + size]]
        more = begin + size < len(order)
        return reply({"data": data, "pagination": {"more": more, "next": str(begin + size)}}, page)

    return get


@settings(deadline=None)
@given(
    n=st.integers(0, 20),
    moves=st.dictionaries(st.integers(0, 12), st.lists(st.integers(1, 22), max_size=2), max_size=8),
)
def test_whatever_moves_while_a_list_is_read_is_read(n: int, moves: dict[int, list[int]]) -> None:
    times = {i: i for i in range(1, n + 1)}

    def before(request: int) -> None:
        for number in moves.get(request, ()):
            times[number] = 1000 + 10 * request + len(times) + max(times.values(), default=0)

    found = [i for page in conversations(moving_list(times, before)) for i in ids(page)]

    assert set(range(1, n + 1)) <= set(found)


@given(n=st.integers(0, 20), size=st.integers(1, 7), since=st.integers(0, 25))
def test_a_list_at_rest_is_read_down_to_a_moment_and_its_head_once_more(
    n: int, size: int, since: int
) -> None:
    times = {i: i for i in range(1, n + 1)}

    read = list(conversations(moving_list(times, lambda _: None, size), since=since))

    found = [i for page in read for i in ids(page, since=since)]
    assert set(found) == set(range(max(1, since), n + 1))
    wanted = len(set(found))
    fewest = max(1, -(-wanted // size))
    assert len(read) <= fewest + 2


@pytest.mark.parametrize("n", [0, 2, 7])
def test_a_list_in_which_all_changed_at_once_has_an_end(n: int) -> None:
    times = dict.fromkeys(range(1, n + 1), 5)

    found = [i for page in conversations(moving_list(times, lambda _: None)) for i in ids(page)]

    assert set(found) == set(times)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_whatever_the_cursors_say_pages_end(cursors: list[int]) -> None:
    asked: list[Any] = []

    def get(_path: str, query: Any, page: int, _fault: Any) -> Reply:
        asked.append(query)
        cursor = cursors[min(len(asked), len(cursors)) - 1]
        data = [{"id": len(asked)}]
        return reply({"data": data, "pagination": {"more": True, "next": str(cursor)}}, page)

    with pytest.raises(Incomplete, match="Its cursor was used before"):
        list(pages(get, "/list", {}))

    assert len(asked) <= 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"data": []}, None),
        ([], None),
        (None, None),
        ({"pagination": None}, None),
        ({"pagination": []}, None),
        ({"pagination": {}}, None),
        ({"pagination": {"more": False, "next": "5"}}, None),
        ({"pagination": {"next": ""}}, None),
        ({"pagination": {"next": "5"}}, {"next": "5"}),
        ({"pagination": {"more": True, "next": 5}}, {"next": "5"}),
        ({"links": {"next": None}}, None),
        ({"links": {"next": ""}}, None),
        ({"links": {"self": "/list?page_token=a"}}, None),
        ({"links": {"next": "/list?page_token=a%2Fb&limit=9"}}, {"page_token": "a/b"}),
        ({"links": {"next": "https://a.example/x?page_token=b"}}, {"page_token": "b"}),
    ],
)
def test_the_next_page_is_found_in_both_generations(value: Any, expected: Any) -> None:
    assert next_query(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"pagination": {"more": True}},
        {"pagination": {"more": True, "next": None}},
        {"links": {"next": "https://a.example/list"}},
        {"links": {"next": True}},
        {"links": {"next": "/list?page_token="}},
    ],
)
def test_a_promise_without_a_cursor_is_no_end(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        next_query(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1], [1]),
        ({"data": [1]}, [1]),
        ({"data": {"messages": [1]}}, [1]),
        ({"data": {"messages": None}}, None),
        ({"data": {}}, None),
        ({"data": "text"}, None),
        ({}, None),
        ("text", None),
        (None, None),
    ],
)
def test_records_are_found_in_every_envelope(value: Any, expected: Any) -> None:
    assert records_of(value) == expected
