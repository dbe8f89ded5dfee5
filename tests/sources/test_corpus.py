from __future__ import annotations

import json

import pytest

from drift_analysis.sources.framing.decoding import unicode_text
from drift_analysis.sources.framing.frames import frames
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import read, tables_of
from drift_analysis.sources.tables import TABLES

C = b'{"id":1,"status":"open","createdAt":1567922759384,"updatedAt":1567922760384}'
D = C.replace(b'"id":1', b'"id":2')
M = (
    b'{"id":5,"conversationId":1,"type":"chat","body":"hi",'
    b'"author":{"type":"contact","id":9},"createdAt":1567922759389}'
)
N = M.replace(b'"id":5', b'"id":6')
U = b'{"id":7,"name":"Bot","bot":true}'
HEAD = (
    b"convo_id,assignee_id,link_to_full_conversation,company_name,updatedat_date,createdat_date,"
    b"participant,transcriptObject,total_messages\n"
)
ROW = (
    b"1,7,https://app.drift.com/conversations/1,Example,2019-09-08T06:05:59.000Z,"
    b'2019-09-08T06:00:00.000Z,ada@example.com,"Sep 8: hi, ""you""\nthere",2\n'
)
ROW2 = ROW.replace(b"1,7", b"2,7", 1)


def c(old: bytes, new: bytes) -> bytes:
    return C.replace(old, new)


def utf16(text: bytes) -> bytes:
    return text.decode().encode("utf-16")


Rows = dict[str, int]
Bad = list[tuple[str, int, int, str]]
Odd = list[tuple[str, str, int]]

TWO_AND_ONE = {"conversations": 2, "messages": 1}

CORPUS: dict[str, tuple[bytes, Rows, Bad, Odd]] = {
    "one record": (C, {"conversations": 1}, [], []),
    "byte order mark": (b"\xef\xbb\xbf" + C, {"conversations": 1}, [], []),
    "UTF-16": (utf16(C), {"conversations": 1}, [], []),
    "UTF-16 lines": (utf16(C + b"\n" + D), {"conversations": 2}, [], []),
    "carriage returns": (C + b"\r\n" + D + b"\r\n", {"conversations": 2}, [], []),
    "form feed between": (C + b"\n\x0c\n" + D, {"conversations": 2}, [], []),
    "blank lines": (b"\n\n" + C + b"\n\n\n" + D + b"\n\n", {"conversations": 2}, [], []),
    "NUL at the end": (
        C + b"\n" + D + b"\n\0",
        {"conversations": 2},
        [("not_json", 3, 154, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "lines that end with commas": (C + b",\n" + D + b",\n", {"conversations": 2}, [], []),
    "lines that begin with commas": (C + b"\n," + D, {"conversations": 2}, [], []),
    "a damaged line that ends with a comma": (
        C + b",\n" + D.replace(b'"open"', b"None") + b",\n" + M + b",\n",
        {"conversations": 1, "messages": 1},
        [("not_json", 2, 78, "It is not JSON: Expecting value at byte 17 of it.")],
        [],
    ),
    "Python's None": (
        C + b"\n" + D.replace(b'"open"', b"None"),
        {"conversations": 1},
        [("not_json", 2, 77, "It is not JSON: Expecting value at byte 17 of it.")],
        [],
    ),
    "single quotes": (
        C + b"\n" + D.replace(b'"', b"'") + b"\n" + M,
        {"conversations": 1, "messages": 1},
        [
            (
                "not_json",
                2,
                77,
                "It is not JSON: Expecting property name enclosed in double quotes "
                "at byte 1 of it.",
            )
        ],
        [],
    ),
    "comment": (
        b"// export\n" + C + b"\n" + D,
        {"conversations": 2},
        [("not_json", 1, 0, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "log prefix": (
        b"2019-09-08 INFO " + C + b"\n" + D + b"\n" + M,
        {"conversations": 1, "messages": 1},
        [("not_json", 1, 0, "It is not JSON: Extra data at byte 4 of it.")],
        [("conversation_not_read", "messages", 1)],
    ),
    "text behind a record": (
        C + b" ok\n" + D + b"\n" + M,
        {"conversations": 1, "messages": 1},
        [("not_json", 1, 0, "It is not JSON: Extra data at byte 77 of it.")],
        [("conversation_not_read", "messages", 1)],
    ),
    "two on a line": (C + D + b"\n" + M, {"conversations": 2, "messages": 1}, [], []),
    "truncated first line": (
        C[20:] + b"\n" + D + b"\n" + M,
        {"conversations": 1, "messages": 1},
        [("not_json", 1, 0, "It is not JSON: Expecting value at byte 0 of it.")],
        [("conversation_not_read", "messages", 1)],
    ),
    "truncated last line": (
        C + b"\n" + D[:-20],
        {"conversations": 1},
        [("truncated", 2, 77, "It has no end: the text stops within it.")],
        [],
    ),
    "truncated middle line": (
        C + b"\n" + D[:-20] + b"\n" + M,
        {"conversations": 1, "messages": 1},
        [("truncated", 2, 77, "It has no end: the text stops within it.")],
        [],
    ),
    "list cut in a record": (
        b"[" + C + b"," + D[:-9],
        {"conversations": 1},
        [("truncated", 1, 78, "The list has no end: the text stops behind 1 whole record(s).")],
        [],
    ),
    "list cut behind a comma": (
        b"[" + C + b",",
        {"conversations": 1},
        [("truncated", 1, 78, "The list has no end: the text stops behind 1 whole record(s).")],
        [],
    ),
    "list without commas": (b"[" + C + b" " + D + b"]", {"conversations": 2}, [], []),
    "list with two commas": (b"[" + C + b",," + D + b"]", {"conversations": 2}, [], []),
    "list closed twice": (
        b"[" + C + b"]]",
        {"conversations": 1},
        [("not_json", 1, 78, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "list within a list": (b"[[" + C + b"],[" + D + b"]]", {"conversations": 2}, [], []),
    "empty list": (b"[]", {}, [], []),
    "empty page": (b'{"data":[]}', {}, [], []),
    "page": (b'{"data":[' + C + b"," + D + b"]}", {"conversations": 2}, [], []),
    "page cut": (
        b'{"data":[' + C + b"," + D[:30],
        {"conversations": 1},
        [("truncated", 1, 86, "The list has no end: the text stops behind 1 whole record(s).")],
        [],
    ),
    "page closed too early": (
        b'{"data":[' + C + b"}",
        {"conversations": 1},
        [("truncated", 1, 85, "The list has no end: the text stops behind 1 whole record(s).")],
        [],
    ),
    "page with more": (
        b'{"data":[' + C + b'],"pagination":{"more":true,"next":"7"}}',
        {"conversations": 1},
        [],
        [("page_missing", "conversations", 1)],
    ),
    "two pages": (
        b'{"data":[' + C + b'],"pagination":{"more":true}}\n{"data":[' + D + b"]}",
        {"conversations": 2},
        [],
        [],
    ),
    "empty last page": (
        b'{"data":[' + C + b'],"pagination":{"more":true}}\n{"data":[]}',
        {"conversations": 1},
        [],
        [],
    ),
    "messages with more": (
        b'{"data":{"messages":[' + M + b']},"pagination":{"more":true,"next":"7"}}',
        {"messages": 1},
        [],
        [("page_missing", "messages", 1)],
    ),
    "messages to the end": (
        b'{"data":{"messages":['
        + M
        + b']},"pagination":{"more":true}}{"data":{"messages":['
        + N
        + b']},"pagination":{"more":false}}',
        {"messages": 2},
        [],
        [],
    ),
    "more as text": (
        b'{"data":[' + C + b'],"pagination":{"more":"true"}}',
        {"conversations": 1},
        [],
        [],
    ),
    "pagination as text": (b'{"data":[' + C + b'],"pagination":"7"}', {"conversations": 1}, [], []),
    "data twice": (
        b'{"data":[' + C + b'],"data":[' + D + b"]}\n" + M,
        {"messages": 1},
        [
            (
                "unreadable",
                1,
                0,
                "`data` stands more than once around the records: which one counts is not told.",
            )
        ],
        [],
    ),
    "data twice, spread": (
        b'{ "data" : [' + C + b'] , "data" : [ ] }\n' + M,
        {"messages": 1},
        [
            (
                "unreadable",
                1,
                0,
                "`data` stands more than once around the records: which one counts is not told.",
            )
        ],
        [],
    ),
    "messages twice": (
        b'{"data":{"messages":[' + M + b'],"messages":[]}}\n' + C,
        {"conversations": 1},
        [
            (
                "unreadable",
                1,
                8,
                "`messages` stands more than once around the records: "
                "which one counts is not told.",
            )
        ],
        [],
    ),
    "id twice in a map": (
        b'{"1":' + C + b',"1":' + D + b"}\n" + M,
        {"messages": 1},
        [
            (
                "unreadable",
                1,
                0,
                "A key stands more than once around the records: which one counts is not told.",
            )
        ],
        [],
    ),
    "map": (b'{"1":' + C + b',"2":' + D + b"}", {"conversations": 2}, [], []),
    "detail": (b'{"data":' + C + b"}", {"conversations": 1}, [], []),
    "detail of nothing": (
        b'{"data":{}}\n' + C,
        {"conversations": 1},
        [("unknown_kind", 1, 8, "Its keys fit no kind of record: no keys.")],
        [],
    ),
    "error beside data": (
        b'{"error":{"type":"x"},"data":[' + C + b"]}",
        {"conversations": 1},
        [("error_reply", 1, 0, "It holds an error of Drift's beside its data.")],
        [],
    ),
    "error among records": (
        b"[" + C + b',{"error":{"type":"rate_limit"}}]',
        {"conversations": 1},
        [("error_reply", 1, 78, "It is an error that Drift answered with.")],
        [],
    ),
    "status twice": (
        c(b'"status":"open"', b'"status":"open","status":"closed"') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`status` is not given only once.")],
        [],
    ),
    "status twice the same": (
        c(b'"status":"open"', b'"status":"open","status":"open"'),
        {"conversations": 1},
        [],
        [],
    ),
    "inbox twice": (
        c(b"}", b',"inboxId":4,"inboxId":5}'),
        {"conversations": 1},
        [],
        [("duplicate_key", "conversations", 1)],
    ),
    "unknown key twice": (
        c(b"}", b',"x":1,"x":2}'),
        {"conversations": 1},
        [],
        [("duplicate_key", "conversations", 1)],
    ),
    "key twice within": (
        M.replace(b'"id":9', b'"id":9,"id":10'),
        {"messages": 1},
        [],
        [("duplicate_key", "messages", 1)],
    ),
    "key twice deep in unknown": (
        c(b"}", b',"x":{"y":[{"z":1,"z":2}]}}'),
        {"conversations": 1},
        [],
        [("duplicate_key", "conversations", 1)],
    ),
    "key twice by an escape": (
        c(b"}", b',"inboxId":4,"inbox\\u0049d":5}'),
        {"conversations": 1},
        [],
        [("duplicate_key", "conversations", 1)],
    ),
    "key twice and a colon escaped": (
        c(b"}", b',"x":"\\u003a","inboxId":4,"inboxId":5}'),
        {"conversations": 1},
        [],
        [("duplicate_key", "conversations", 1)],
    ),
    "colon in text": (c(b"}", b',"x":"a:b"}'), {"conversations": 1}, [], []),
    "NaN in a record": (
        C + b"\n" + c(b'"id":1', b'"id":NaN') + b"\n" + M,
        {"conversations": 1, "messages": 1},
        [("not_json", 2, 77, "It holds NaN, which is no JSON.")],
        [],
    ),
    "Infinity in extra": (
        b"[" + c(b"}", b',"x":Infinity}') + b"," + D + b"]",
        {"conversations": 1},
        [("not_json", 1, 1, "It holds Infinity, which is no JSON.")],
        [],
    ),
    "number beyond a double": (
        b"[" + c(b"}", b',"x":1e999}') + b"," + D + b"]",
        {"conversations": 1},
        [("unreadable", 1, 1, "A number in it is too large to be held.")],
        [],
    ),
    "id beyond Int64": (
        c(b'"id":1', b'"id":9223372036854775808') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`id` is not a whole number within 64 bits.")],
        [],
    ),
    "id as text": (
        c(b'"id":1', b'"id":"1"'),
        {"conversations": 1},
        [],
        [("number_as_text", "conversations", 1)],
    ),
    "id as a float": (
        c(b'"id":1', b'"id":1.0'),
        {"conversations": 1},
        [],
        [("number_as_float", "conversations", 1)],
    ),
    "id as a fraction": (
        c(b'"id":1', b'"id":1.5') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`id` is not a whole number.")],
        [],
    ),
    "id with a leading zero": (
        c(b'"id":1', b'"id":01') + b"\n" + D,
        {"conversations": 1},
        [("not_json", 1, 0, "It is not JSON: Expecting ',' delimiter at byte 7 of it.")],
        [],
    ),
    "id with a plus": (
        c(b'"id":1', b'"id":+1') + b"\n" + D,
        {"conversations": 1},
        [("not_json", 1, 0, "It is not JSON: Expecting value at byte 6 of it.")],
        [],
    ),
    "id in hex": (
        c(b'"id":1', b'"id":0x1') + b"\n" + D,
        {"conversations": 1},
        [("not_json", 1, 0, "It is not JSON: Expecting ',' delimiter at byte 7 of it.")],
        [],
    ),
    "id null": (
        c(b'"id":1', b'"id":null') + b"\n" + D,
        {"conversations": 1},
        [("missing_field", 1, 0, "`id` is missing.")],
        [],
    ),
    "id a list": (
        c(b'"id":1', b'"id":[1]') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`id` is not a whole number.")],
        [],
    ),
    "moment in seconds": (
        c(b"1567922759384", b"1567922759"),
        {"conversations": 1},
        [],
        [("moment_in_seconds", "conversations", 1)],
    ),
    "moment as ISO": (
        c(b"1567922759384", b'"2019-09-08T06:05:59Z"'),
        {"conversations": 1},
        [],
        [("moment_as_text", "conversations", 1)],
    ),
    "moment without a zone": (
        c(b"1567922759384", b'"2019-09-08T06:05:59"'),
        {"conversations": 1},
        [],
        [("moment_as_text", "conversations", 1), ("moment_without_zone", "conversations", 1)],
    ),
    "moment as words": (
        c(b"1567922759384", b'"yesterday"') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`createdAt` is not a moment.")],
        [],
    ),
    "moment zero": (
        c(b"1567922759384", b"0") + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`createdAt` is not a moment between 1973 and 2262.")],
        [],
    ),
    "moment negative": (
        c(b"1567922759384", b"-1") + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`createdAt` is not a moment between 1973 and 2262.")],
        [],
    ),
    "moment null": (c(b"1567922760384", b"null"), {"conversations": 1}, [], []),
    "status in capitals": (c(b"open", b"OPEN"), {"conversations": 1}, [], []),
    "status new": (
        c(b"open", b"snoozed"),
        {"conversations": 1},
        [],
        [("unknown_status", "conversations", 1)],
    ),
    "status a number": (
        c(b'"open"', b"1") + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`status` is not text.")],
        [],
    ),
    "status empty": (
        c(b"open", b""),
        {"conversations": 1},
        [],
        [("unknown_status", "conversations", 1)],
    ),
    "updated before created": (
        c(b"1567922760384", b"1567922750384"),
        {"conversations": 1},
        [],
        [("updated_before_created", "conversations", 1)],
    ),
    "inbox unfit": (
        c(b"}", b',"inboxId":"front"}'),
        {"conversations": 1},
        [],
        [("unfit_value", "conversations", 1)],
    ),
    "tags unfit": (
        c(b"}", b',"conversationTags":[{"color":"x"}]}'),
        {"conversations": 1},
        [],
        [("unfit_value", "conversations", 1), ("unfit_value", "conversations", 1)],
    ),
    "participants unfit": (
        c(b"}", b',"participants":["Ada"]}'),
        {"conversations": 1},
        [],
        [("unfit_value", "conversations", 1)],
    ),
    "body a number": (
        M.replace(b'"hi"', b"42"),
        {"messages": 1},
        [],
        [("unfit_value", "messages", 1)],
    ),
    "body null": (M.replace(b'"hi"', b"null"), {"messages": 1}, [], []),
    "author text": (
        M.replace(b'{"type":"contact","id":9}', b'"contact"') + b"\n" + C,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`author` is not an object.")],
        [],
    ),
    "author empty": (
        M.replace(b'{"type":"contact","id":9}', b"{}") + b"\n" + C,
        {"conversations": 1},
        [("missing_field", 1, 0, "`author.type` is missing.")],
        [],
    ),
    "type new": (
        M.replace(b"chat", b"hologram"),
        {"messages": 1},
        [],
        [("unknown_type", "messages", 1)],
    ),
    "half a character": (
        M.replace(b"hi", b"\\ud83d") + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds half of a surrogate pair, no character.")],
        [],
    ),
    "whole surrogate pair": (M.replace(b"hi", b"\\ud83d\\ude00"), {"messages": 1}, [], []),
    "invalid UTF-8": (
        M.replace(b"hi", b"\xff") + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds bytes that are not UTF-8, the first at byte 49 of it.")],
        [],
    ),
    "overlong UTF-8": (
        M.replace(b"hi", b"\xc0\xaf") + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds bytes that are not UTF-8, the first at byte 49 of it.")],
        [],
    ),
    "Latin-1": (
        M.replace(b"hi", b"caf\xe9") + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds bytes that are not UTF-8, the first at byte 52 of it.")],
        [],
    ),
    "NUL in text": (M.replace(b"hi", b"\\u0000"), {"messages": 1}, [], []),
    "control character": (
        M.replace(b"hi", b"\x07") + b"\n" + N,
        {"messages": 1},
        [("not_json", 1, 0, "It is not JSON: Invalid control character at at byte 49 of it.")],
        [],
    ),
    "line end in text": (
        M.replace(b"hi", b"a\nb") + b"\n" + N,
        {"messages": 1},
        [("not_json", 1, 0, "It is not JSON: Invalid control character at at byte 50 of it.")],
        [],
    ),
    "bad escape": (
        M.replace(b"hi", b"\\x41") + b"\n" + N,
        {"messages": 1},
        [("not_json", 1, 0, "It is not JSON: Invalid \\escape at byte 49 of it.")],
        [],
    ),
    "missing quote": (
        M.replace(b'"hi"', b'"hi') + b"\n" + N,
        {"messages": 1},
        [("not_json", 1, 0, "It is not JSON: Expecting ',' delimiter at byte 53 of it.")],
        [],
    ),
    "missing colon": (
        M.replace(b'"body":', b'"body"') + b"\n" + N,
        {"messages": 1},
        [("not_json", 1, 0, "It is not JSON: Expecting ':' delimiter at byte 47 of it.")],
        [],
    ),
    "missing comma": (
        M.replace(b',"body"', b'"body"') + b"\n" + N,
        {"messages": 1},
        [("not_json", 1, 0, "It is not JSON: Expecting ',' delimiter at byte 40 of it.")],
        [],
    ),
    "missing brace": (
        M[:-1] + b"\n" + N,
        {"messages": 1},
        [("truncated", 1, 0, "It has no end: the text stops within it.")],
        [],
    ),
    "brace too many": (
        M + b"}\n" + N,
        {"messages": 2},
        [("not_json", 1, 114, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "trailing comma": (
        M[:-1] + b",}\n" + N,
        {"messages": 1},
        [
            (
                "not_json",
                1,
                0,
                "It is not JSON: Expecting property name enclosed in double quotes "
                "at byte 114 of it.",
            )
        ],
        [],
    ),
    "nested too deep": (
        C + b'\n{"x":' + b"[" * 50000 + b"]" * 50000 + b"}\n" + D,
        {"conversations": 2},
        [("unreadable", 2, 77, "It is nested too deeply.")],
        [],
    ),
    "repeat": (C + b"\n" + C, {"conversations": 1}, [], []),
    "repeats that differ": (
        C + b"\n" + c(b"open", b"closed"),
        {"conversations": 1},
        [],
        [("contradicting_repeats", "conversations", 1)],
    ),
    "repeats of two days": (
        C + b"\n" + c(b"open", b"closed").replace(b"1567922760384", b"1567922770384"),
        {"conversations": 1, "status_events": 1},
        [],
        [],
    ),
    "messages that differ": (
        M + b"\n" + M.replace(b"hi", b"ho"),
        {"messages": 1},
        [],
        [("contradicting_repeats", "messages", 1)],
    ),
    "message alone": (
        C + b"\n" + M.replace(b'"conversationId":1', b'"conversationId":3'),
        {"conversations": 1, "messages": 1},
        [],
        [("conversation_not_read", "messages", 1)],
    ),
    "account": (
        C + b'\n{"accountId":"a","customProperties":[]}',
        {"conversations": 1},
        [("no_table", 2, 77, "It is of the kind `account`, for which there is no table.")],
        [],
    ),
    "report": (
        C + b'\n{"count":1,"data":[{"conversationId":1,"metrics":[1,"NaN"]}]}',
        {"conversations": 1},
        [("no_table", 2, 96, "It is of the kind `report`, for which there is no table.")],
        [],
    ),
    "report with a bare NaN": (
        C
        + b'\n{"count":2,"data":[{"conversationId":1,"metrics":[NaN]},'
        + b'{"conversationId":2,"metrics":[1]}]}',
        {"conversations": 1},
        [
            (
                "no_table",
                2,
                96,
                "It is of the kind `report`, with NaN, for which there is no table.",
            ),
            ("no_table", 2, 133, "It is of the kind `report`, for which there is no table."),
        ],
        [],
    ),
    "request": (
        C + b'\n{"body":"hi","type":"chat"}',
        {"conversations": 1},
        [("request_body", 2, 77, "It is the body of a message request, not a reply.")],
        [],
    ),
    "token": (
        C + b'\n{"access_token":"secret","orgId":1}',
        {"conversations": 1},
        [("no_table", 2, 77, "It is of the kind `token`, for which there is no table.")],
        [],
    ),
    "transcript in data": (
        C + b'\n{"data":"[2023] Ada: hi"}',
        {"conversations": 1},
        [("transcript", 2, 85, "It is a transcript as text, without ids.")],
        [],
    ),
    "unknown webhook": (
        C + b'\n{"type":"conversation_push","orgId":1,"data":{}}',
        {"conversations": 1},
        [("unknown_kind", 2, 77, "It is a webhook of `conversation_push`, which is not known.")],
        [],
    ),
    "webhook without data": (
        C + b'\n{"type":"new_message","orgId":1,"data":null}',
        {"conversations": 1},
        [("not_a_record", 2, 77, "`data` of the webhook is no object.")],
        [],
    ),
    "webhook": (b'{"type":"new_message","orgId":1,"data":' + M + b"}", {"messages": 1}, [], []),
    "webhook with data twice": (
        C + b'\n{"type":"new_message","orgId":1,"data":' + M + b',"data":' + N + b"}",
        {"conversations": 1},
        [("wrong_type", 2, 77, "`data` of the webhook is not given only once.")],
        [],
    ),
    "Airbyte": (
        b'{"type":"RECORD","record":{"stream":"c","data":'
        + C
        + b',"emitted_at":1567922761384}}\n{"type":"STATE","state":{}}',
        {"conversations": 1},
        [],
        [("connector_message", "rejects", 1)],
    ),
    "Singer": (
        b'{"type":"SCHEMA","schema":{}}\n{"type":"RECORD","stream":"u","record":' + U + b"}",
        {"users": 1},
        [],
        [("connector_message", "rejects", 1)],
    ),
    "Singer cut": (
        b'{"type":"SCHEMA","schema":{}}\n{"type":"RECORD","stream":"u","record":' + U,
        {},
        [("truncated", 2, 30, "It has no end: the text stops within it.")],
        [("connector_message", "rejects", 1)],
    ),
    "UTF-16 without a mark": (C.decode().encode("utf-16-be"), {"conversations": 1}, [], []),
    "UTF-16 cut in a letter": (
        utf16(C + b"\n" + D)[:-1],
        {"conversations": 1},
        [("truncated", 2, 77, "It has no end: the text stops within it.")],
        [],
    ),
    "a mark before each of two": (
        b"\xef\xbb\xbf" + C + b"\n\xef\xbb\xbf" + D,
        {"conversations": 2},
        [],
        [],
    ),
    "a mark alone": (b"\xef\xbb\xbf", {}, [("not_json", 1, 3, "It is empty.")], []),
    "old line ends": (C + b"\r" + D + b"\r", {"conversations": 2}, [], []),
    "a list on each line": (b"[" + C + b"]\n[" + D + b"," + M + b"]\n", TWO_AND_ONE, [], []),
    "lists in a row": (b"[" + C + b"][" + D + b"]", {"conversations": 2}, [], []),
    "a list behind a comma": (b"[," + C + b"]", {"conversations": 1}, [], []),
    "text behind a list": (
        b"[" + C + b"," + D + b"] ok",
        {"conversations": 2},
        [("not_json", 1, 156, "What stands behind the list does not belong to it.")],
        [],
    ),
    "an empty object between": (
        C + b"\n{}\n" + D,
        {"conversations": 2},
        [("unknown_kind", 2, 77, "Its keys fit no kind of record: no keys.")],
        [],
    ),
    "an empty list between": (C + b"\n[]\n" + D, {"conversations": 2}, [], []),
    "the end of a list of lines": (
        C + b",\n" + D + b"]}\n",
        {"conversations": 2},
        [("not_json", 2, 154, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "HTML between lines": (
        C + b"\n<html><body>502</body></html>\n" + D,
        {"conversations": 2},
        [("not_json", 2, 77, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "a list of details": (
        b'[{"data":' + C + b'},{"data":' + D + b"}]",
        {"conversations": 2},
        [],
        [],
    ),
    "a page in a list of pages damaged": (
        b'[{"data":[' + C + b',{"id":}]},{"data":[' + D + b"]}]",
        {"conversations": 2},
        [("not_json", 1, 87, "It is not JSON: Expecting value at byte 6 of it.")],
        [],
    ),
    "a map with null": (
        b'{"1":' + C + b',"2":null}',
        {"conversations": 1},
        [("not_a_record", 1, 86, "It is null where a record was expected.")],
        [],
    ),
    "a bundle": (
        b'{"conversations":[' + C + b'],"users":[' + U + b"]}",
        {"conversations": 1, "users": 1},
        [],
        [],
    ),
    "a bundle with a list of another name": (
        b'{"conversations":[' + C + b'],"people":[' + U + b"]}",
        {"conversations": 1, "users": 1},
        [],
        [],
    ),
    "a record beside a list": (
        b'{"data":[' + M + b'],"conversation":' + C + b"}",
        {"conversations": 1, "messages": 1},
        [],
        [],
    ),
    "an error beside a list": (
        b'{"errors":[{"type":"x"}],"data":[' + C + b"]}",
        {"conversations": 1},
        [("error_reply", 1, 0, "It holds an error of Drift's beside its data.")],
        [],
    ),
    "an error alone": (
        b'{"error":{"type":"authentication_error","message":"no"}}',
        {},
        [("error_reply", 1, 0, "It is an error that Drift answered with.")],
        [],
    ),
    "three words": (
        b"good morning all\n" + C + b"\n" + D,
        {"conversations": 2},
        [("not_json", 1, 0, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "a text on a line": (
        C + b'\n"hello"\n' + D,
        {"conversations": 2},
        [("not_a_record", 2, 77, "It is text where a record was expected.")],
        [],
    ),
    "truth in a list": (
        b"[true," + C + b"]",
        {"conversations": 1},
        [("not_a_record", 1, 1, "It is true or false where a record was expected.")],
        [],
    ),
    "another CSV": (
        b"id,status\n1,open\n2,closed\n",
        {},
        [("not_json", 1, 0, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "id true": (
        c(b'"id":1', b'"id":true') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`id` is not a whole number.")],
        [],
    ),
    "id as empty text": (
        c(b'"id":1', b'"id":""') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`id` is not a whole number.")],
        [],
    ),
    "id with an exponent": (
        c(b'"id":1', b'"id":1e3'),
        {"conversations": 1},
        [],
        [("number_as_float", "conversations", 1)],
    ),
    "id as a spreadsheet rounds it": (
        c(b'"id":1', b'"id":"1.23E+09"') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`id` is not a whole number.")],
        [],
    ),
    "a moment as a spreadsheet rounds it": (
        c(b"1567922759384", b'"1.56792E+12"') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`createdAt` is not a moment.")],
        [],
    ),
    "a list named results": (b'{"results":[' + C + b"," + D + b"]}", {"conversations": 2}, [], []),
    "a list named items": (
        b'{"count":2,"items":[' + C + b"," + D + b"]}\n",
        {"conversations": 2},
        [],
        [],
    ),
    "a list named records, cut": (
        b'{"records":[' + C + b"," + D[:30],
        {"conversations": 1},
        [("truncated", 1, 89, "The list has no end: the text stops behind 1 whole record(s).")],
        [],
    ),
    "headers before a page": (
        b'HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n{"data":[' + C + b"," + D + b"]}",
        {"conversations": 2},
        [("not_json", 1, 0, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "packed with bzip2": (
        b"BZh91AY&SY\xff",
        {},
        [("unreadable", 1, 0, "It is packed with bzip2, which is not read.")],
        [],
    ),
    "a pickle": (
        b"\x80\x04\x95\x10\x00.",
        {},
        [("unreadable", 1, 0, "It is a pickle, which is not read.")],
        [],
    ),
    "an action before each record": (
        b'{"index":{"_id":"1"}}\n' + C + b'\n{"index":{"_id":"2"}}\n' + D + b"\n",
        {"conversations": 2},
        [
            ("unknown_kind", 1, 0, "Its keys fit no kind of record: `index`."),
            ("unknown_kind", 3, 99, "Its keys fit no kind of record: `index`."),
        ],
        [],
    ),
    "what a data frame writes": (
        c(b'"id":1', b'"id":1.0,"contactId":null,"conversationTags":null'),
        {"conversations": 1},
        [],
        [("number_as_float", "conversations", 1)],
    ),
    "undefined on a line": (
        C + b"\nundefined\n" + D,
        {"conversations": 2},
        [("not_json", 2, 77, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "a comment before the lines": (
        b"# exported on Monday\n" + C + b"\n" + D,
        {"conversations": 2},
        [("not_json", 1, 0, "It is not JSON: Expecting value at byte 0 of it.")],
        [],
    ),
    "id as text with blanks": (
        c(b'"id":1', b'"id":" 12 "'),
        {"conversations": 1},
        [],
        [("number_as_text", "conversations", 1)],
    ),
    "id as a float beyond what it can tell": (
        c(b'"id":1', b'"id":9007199254740993.0') + b"\n" + D,
        {"conversations": 1},
        [("wrong_type", 1, 0, "`id` is not a whole number.")],
        [],
    ),
    "negative id": (c(b'"id":1', b'"id":-1'), {"conversations": 1}, [], []),
    "moment in seconds with a fraction": (
        c(b"1567922759384", b"1567922759.384"),
        {"conversations": 1},
        [],
        [("moment_in_seconds", "conversations", 1)],
    ),
    "moment of another zone": (
        c(b"1567922759384", b'"2019-09-08T08:05:59.384+02:00"'),
        {"conversations": 1},
        [],
        [("moment_as_text", "conversations", 1)],
    ),
    "update beyond 2262": (
        c(b"1567922760384", b"9999999999999"),
        {"conversations": 1},
        [],
        [("unfit_value", "conversations", 1)],
    ),
    "playbook as empty text": (
        c(b"}", b',"relatedPlaybookId":""}'),
        {"conversations": 1},
        [],
        [("unfit_value", "conversations", 1)],
    ),
    "a tag null": (
        c(b"}", b',"conversationTags":[null]}'),
        {"conversations": 1},
        [],
        [("unfit_value", "conversations", 1)],
    ),
    "keys that differ by case": (
        c(b"}", b',"Status":"closed","ID":5}'),
        {"conversations": 1},
        [],
        [],
    ),
    "an empty key": (c(b"}", b',"":1}'), {"conversations": 1}, [], []),
    "a key with a NUL": (c(b"}", b',"a\\u0000":1}'), {"conversations": 1}, [], []),
    "a whole number beyond 64 bits in extra": (
        c(b"}", b',"x":1180591620717411303424}'),
        {"conversations": 1},
        [],
        [],
    ),
    "a low half of a character": (
        b"[" + M.replace(b"hi", b"\\udc00") + b"," + N + b"]",
        {"messages": 1},
        [("bad_encoding", 1, 1, "It holds half of a surrogate pair, no character.")],
        [],
    ),
    "halves in the wrong order": (
        M.replace(b"hi", b"\\ude00\\ud83d") + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds half of a surrogate pair, no character.")],
        [],
    ),
    "half a character in a key": (
        M.replace(b'"body"', b'"\\ud83d":1,"body"') + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds half of a surrogate pair, no character.")],
        [],
    ),
    "a surrogate in UTF-8": (
        M.replace(b"hi", b"\xed\xa0\x80") + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds bytes that are not UTF-8, the first at byte 49 of it.")],
        [],
    ),
    "a letter cut in UTF-8": (
        M.replace(b"hi", b"\xf0\x9f\x99") + b"\n" + N,
        {"messages": 1},
        [("bad_encoding", 1, 0, "It holds bytes that are not UTF-8, the first at byte 49 of it.")],
        [],
    ),
    "a bot that says yes": (
        M.replace(b'"id":9', b'"id":9,"bot":"yes"'),
        {"messages": 1},
        [],
        [("unfit_value", "messages", 1)],
    ),
    "an author of a new type": (
        M.replace(b"contact", b"robot"),
        {"messages": 1},
        [],
        [("unknown_author", "messages", 1)],
    ),
    "an author alone": (
        C + b'\n{"id":9,"type":"contact","bot":false}',
        {"conversations": 1},
        [("no_table", 2, 77, "It is of the kind `author`, for which there is no table.")],
        [],
    ),
    "a message without its conversation": (
        M.replace(b'"conversationId":1,', b"") + b"\n" + N,
        {"messages": 1},
        [("missing_field", 1, 0, "`conversationId` is missing.")],
        [],
    ),
    "a conversation without a moment": (
        b'{"id":1,"status":"open"}\n' + D,
        {"conversations": 1},
        [("missing_field", 1, 0, "`createdAt` is missing.")],
        [],
    ),
    "a contact without attributes": (b'{"id":3,"attributes":null}', {"contacts": 1}, [], []),
    "a meeting without an id": (
        C + b'\n{"slotStart":1567922759384,"agentId":7}',
        {"conversations": 1},
        [("missing_field", 2, 77, "`eventId` is missing.")],
        [],
    ),
    "nobody added": (
        C + b'\n{"conversationId":1,"addedParticipants":[],"changedAt":1567922759384}',
        {"conversations": 1},
        [("missing_field", 2, 77, "The list of users is empty.")],
        [],
    ),
    "users as text added": (
        b'{"conversationId":1,"addedParticipants":["7",8],"changedAt":1567922759384}',
        {"participant_events": 2},
        [],
        [("number_as_text", "participant_events", 1)],
    ),
    "a landing page without a playbook": (
        C + b'\n{"landingPageUrl":"https://example.com"}',
        {"conversations": 1},
        [("missing_field", 2, 77, "`playbookId` is missing.")],
        [],
    ),
    "a status event of a new status": (
        b'{"conversationId":1,"status":"snoozed","changedAt":1567922759384}',
        {"status_events": 1},
        [],
        [("unknown_status", "status_events", 1)],
    ),
    "a webhook of a number": (
        C + b'\n{"type":7,"orgId":1,"data":{}}',
        {"conversations": 1},
        [("unknown_kind", 2, 77, "It is a webhook of a new type, which is not known.")],
        [],
    ),
    "a list of webhooks": (
        b'[{"type":"new_message","token":"t","orgId":1,"data":'
        + M
        + b'},{"type":"new_conversation","orgId":1,"data":'
        + C
        + b"}]",
        {"conversations": 1, "messages": 1},
        [],
        [],
    ),
    "Airbyte's record as text": (
        b'{"_airbyte_data":' + json.dumps(C.decode()).encode() + b"}",
        {"conversations": 1},
        [],
        [],
    ),
    "Airbyte's record as broken text": (
        C + b'\n{"_airbyte_data":"{\\"id\\":"}',
        {"conversations": 1},
        [("not_a_record", 2, 77, "The connector's record is no object.")],
        [],
    ),
    "Singer's record null": (
        C + b'\n{"type":"RECORD","stream":"u","record":null}',
        {"conversations": 1},
        [("unknown_kind", 2, 77, "Its keys fit no kind of record: `type`, `stream`, `record`.")],
        [],
    ),
    "Singer's batch": (
        C + b'\n{"type":"BATCH","stream":"u","manifest":["f"]}',
        {"conversations": 1},
        [("unknown_kind", 2, 77, "Its keys fit no kind of record: `type`, `stream`, `manifest`.")],
        [],
    ),
    "a list and its detail": (
        b'{"data":[' + C + b"]}\n" + b'{"data":' + c(b"}", b',"conversationTags":[]}') + b"}",
        {"conversations": 1},
        [],
        [],
    ),
    "a map cut": (
        b'{"data":{"1":' + C + b',"2":' + D[:-9],
        {"conversations": 1},
        [("truncated", 1, 94, "The list has no end: the text stops behind 1 whole record(s).")],
        [],
    ),
    "a bundle cut in its second list": (
        b'{"conversations":[' + C + b'],"users":[' + U[:-5],
        {"conversations": 1},
        [("truncated", 1, 105, "The list has no end: the text stops behind 0 whole record(s).")],
        [],
    ),
    "bulk export": (HEAD + ROW + ROW2, {"conversations": 2}, [], []),
    "bulk export with CRLF": ((HEAD + ROW2).replace(b"\n", b"\r\n"), {"conversations": 1}, [], []),
    "bulk export of nothing": (HEAD, {}, [], []),
    "bulk export with a mark": (b"\xef\xbb\xbf" + HEAD + ROW, {"conversations": 1}, [], []),
    "bulk export cut": (
        HEAD + ROW + ROW2[:-12],
        {"conversations": 1},
        [("truncated", 4, 279, "It has no end: a quote in it is never closed.")],
        [],
    ),
    "bulk export with a short row": (
        HEAD + b"3,7,x\n" + ROW,
        {"conversations": 1},
        [("not_a_record", 2, 134, "It has 3 field(s) where the header has 9.")],
        [],
    ),
    "bulk export with a missing quote": (
        HEAD + ROW.replace(b'"Sep', b"Sep") + ROW2,
        {"conversations": 2},
        [("truncated", 3, 269, "It has no end: a quote in it is never closed.")],
        [],
    ),
    "bulk export with a bad id": (
        HEAD + ROW.replace(b"1,7", b"one,7", 1) + ROW2,
        {"conversations": 1},
        [("wrong_type", 2, 134, "`convo_id` is not a whole number.")],
        [],
    ),
    "bulk export with a bad moment": (
        HEAD + ROW.replace(b"2019-09-08T06:00:00.000Z", b"Sunday") + ROW2,
        {"conversations": 1},
        [("wrong_type", 2, 134, "`createdat_date` is not a moment.")],
        [],
    ),
    "bulk export with bad bytes": (
        HEAD + ROW.replace(b"Example", b"\xff") + ROW2,
        {"conversations": 1},
        [
            (
                "bad_encoding",
                2,
                134,
                "It holds bytes that are not UTF-8, the first at byte 42 of it.",
            )
        ],
        [],
    ),
    "bulk export with blank lines": (HEAD + b"\n" + ROW2 + b"\n", {"conversations": 1}, [], []),
}
"""Bytes; rows per table; reason, line, byte and words of each reject; code, table, n of issues."""


@pytest.mark.parametrize(("data", "rows", "bad", "odd"), CORPUS.values(), ids=list(CORPUS))
def test_each_odd_input_has_its_exact_outcome(data: bytes, rows: Rows, bad: Bad, odd: Odd) -> None:
    dataset = tables_of([Document("x", data)])
    found = {name: getattr(dataset, name).height for name in TABLES}
    assert {name: height for name, height in found.items() if height} == rows
    assert dataset.rejects.select("reason", "line", "byte_offset", "detail").rows() == bad
    assert dataset.issues.select("code", "table", "n").rows() == odd


@pytest.mark.parametrize("data", [case[0] for case in CORPUS.values()], ids=list(CORPUS))
def test_each_odd_input_is_accounted_for(data: bytes) -> None:
    reading = read([Document("x", data)])
    ended = sum(reading.accepted.values()) + len(reading.rejects) + reading.control.total()
    assert reading.records == ended
    text = unicode_text(data)
    mark = len(data) - len(text) if data.startswith(b"\xef\xbb\xbf") else 0
    behind = 0
    for framed in frames(Document("x", data)):
        place = framed.byte_offset - mark
        assert text[place:].startswith(framed.raw)
        assert place >= behind or not framed.raw
        behind = max(behind, place + len(framed.raw))
