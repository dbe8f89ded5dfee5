"""Replies of Drift's reporting API: which number is which, and what is no number."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from drift_analysis.errors import InputError, SourceError
from drift_analysis.schemas import ReportMetrics
from drift_analysis.sources import load, load_report_metrics

SAMPLES = Path(__file__).parent / "samples"
ASKED = json.loads((SAMPLES / "reports_conversations.request.docs.json").read_text())["metrics"]
CLOSE = ["timeToCloseMillis"]


def reply(*rows: Any) -> dict[str, Any]:
    return {
        "count": len(rows),
        "data": [{"conversationId": n, "metrics": numbers} for n, *numbers in rows],
    }


def test_the_reply_that_drift_documents() -> None:
    found = load_report_metrics(SAMPLES / "reports_conversations.response.docs.json", metrics=ASKED)
    (row,) = ReportMetrics.checked(found).drop("source").to_dicts()
    assert {name: value for name, value in row.items() if value is not None} == {
        "conversation_id": 850054511,
        "time_to_close": timedelta(hours=1, minutes=22, seconds=21, milliseconds=610),
        "time_to_agent_response": timedelta(minutes=20, seconds=8, milliseconds=305),
        "first_agent_message_at": datetime(2019, 7, 23, 19, 34, 40, 819000, tzinfo=UTC),
        "playbook_id": 671581,
    }


def test_the_published_numbers_of_a_report_are_the_lengths_they_say() -> None:
    cases = json.loads(Path("tests/oracles/vectors_response.json").read_text())
    (case,) = (case for case in cases if case["id"] == "drift_report_sample")
    told, names = case["metrics"], [name for name in ASKED if name in case["metrics"]]
    row = (told["conversationId"], *(told[name] for name in names))

    found = load_report_metrics(reply(row), metrics=names).row(0, named=True)

    assert case["expect"] == {
        "time_to_close": "PT1H22M21.61S",
        "time_to_agent_response": "PT20M8.305S",
        "first_agent_message_at": "2019-07-23T19:34:40.819Z",
    }
    assert (found["time_to_close"], found["time_to_agent_response"]) == (
        timedelta(hours=1, minutes=22, seconds=21, milliseconds=610),
        timedelta(minutes=20, seconds=8, milliseconds=305),
    )
    assert found["first_agent_message_at"] == datetime.fromisoformat(
        case["expect"]["first_agent_message_at"]
    )
    assert (found["conversation_id"], found["playbook_id"]) == (852054511, 671581)


def test_what_drift_does_not_have_is_null_however_it_is_written(tmp_path: Path) -> None:
    names = ["timeToCloseMillis", "timeToAgentResponseMillis"]
    found = load_report_metrics(
        SAMPLES / "reports_conversations.response.missing_metric.SCHEMA_DERIVED.json",
        metrics=names,
    )
    assert found.select("time_to_agent_response", "extra").row(0) == (None, None)
    (tmp_path / "a.json").write_text(json.dumps(reply((1, float("nan"), 5), (2, 1000, None))))
    (tmp_path / "b.json").write_text(json.dumps(reply((3, "NaN", 7))))
    found = load_report_metrics(tmp_path, metrics=names)
    assert found.select("conversation_id", *("time_to_close", "time_to_agent_response")).rows() == [
        (1, None, timedelta(milliseconds=5)),
        (2, timedelta(seconds=1), None),
        (3, None, timedelta(milliseconds=7)),
    ]
    assert found["source"].to_list() == [
        str(tmp_path / name) for name in ("a.json",) * 2 + ("b.json",)
    ]
    parsed = load_report_metrics(reply((1, float("nan"), 5)), metrics=names)
    assert parsed["time_to_close"].to_list() == [None]


def test_every_documented_number_has_its_column() -> None:
    names = {
        "createdAt": 1563910480819,
        "updatedAt": 1563910480820,
        "firstCloseAt": 1563910480821,
        "numAgentMessages": 1,
        "numBotMessages": 2.0,
        "numEndUserMessages": "3",
        "lastAgentId": 4,
        "endUserId": 17035536800,
        "csat": 5,
    }
    found = load_report_metrics(reply((1, *names.values())), metrics=list(names))
    columns = ("agent_messages", "bot_messages", "contact_messages", "last_agent_id", "contact_id")
    assert found.select(columns).row(0) == (1, 2, 3, 4, 17035536800)
    moments = found.select("created_at", "updated_at", "first_close_at").row(0)
    assert [moment.microsecond // 1000 for moment in moments] == [819, 820, 821]
    assert found["extra"].to_list() == ['{"csat": 5}']


def test_what_does_not_fit_its_column_is_kept_beside_it() -> None:
    names = ["timeToCloseMillis", "numBotMessages", "createdAt"]
    found = load_report_metrics(reply((1, -5, -1, "soon")), metrics=names)
    assert found.select("time_to_close", "bot_messages", "created_at").row(0) == (None, None, None)
    assert json.loads(found["extra"].item()) == dict(zip(names, (-5, -1, "soon"), strict=True))


def test_of_a_conversation_that_is_there_twice_the_last_is_kept() -> None:
    found = load_report_metrics(reply((2, 5), (1, 7), (2, 6)), metrics=CLOSE)
    assert found.select("conversation_id", "time_to_close").rows() == [
        (1, timedelta(milliseconds=7)),
        (2, timedelta(milliseconds=6)),
    ]


def test_rows_that_cannot_be_read_are_counted() -> None:
    given = reply((1, 5), (2, 5, 6), ("x", 5), (4, 8))
    with pytest.warns(UserWarning, match="2 rows") as caught:
        found = load_report_metrics(given, metrics=CLOSE)
    assert str(caught[0].message) == (
        "what was given: 2 rows of the report were rejected; strict=True says where."
    )
    assert found["conversation_id"].to_list() == [1, 4]
    with pytest.raises(SourceError) as error:
        load_report_metrics(given, metrics=CLOSE, strict=True)
    assert str(error.value) == (
        "records: a row of the report does not have 1 numbers and an id.\n"
        "Which number is which is told by the order of the request alone.\n"
        "Try: the list `metrics` of the request that this reply answers."
    )
    odd = {"count": 1, "data": [{"conversationId": 1, "metrics": "none"}]}
    with pytest.warns(UserWarning, match="1 row of the report was rejected"):
        assert load_report_metrics(odd, metrics=CLOSE).is_empty()


def test_other_records_are_left_to_the_other_loaders() -> None:
    conversation = {"id": 1, "status": "open", "contactId": 2, "createdAt": 1567922759384}
    with pytest.raises(SourceError) as error:
        load_report_metrics({"data": [conversation]}, metrics=CLOSE)
    assert str(error.value) == (
        "what was given: no row of a report in it.\n"
        "A row has the keys `conversationId` and `metrics`.\n"
        "Try: the reply of POST /reports/conversations; load(...) for everything else."
    )
    mixed = [conversation, *reply((1, 5))["data"]]
    assert load_report_metrics(mixed, metrics=CLOSE).height == 1
    assert load(mixed).rejects["reason"].to_list() == ["no_table"]


@pytest.mark.parametrize(
    ("metrics", "says"),
    [
        ("timeToCloseMillis", "metrics= is no list of names.\nGot str."),
        ([], "metrics= is no list of names.\nGot list."),
        ([1], "metrics= is no list of names.\nGot list."),
        (
            ["a", "b", "a"],
            "metrics= has 'a' twice.\nEach number goes into one column.",
        ),
    ],
)
def test_the_names_have_to_be_those_of_a_request(metrics: Any, says: str) -> None:
    with pytest.raises(InputError) as error:
        load_report_metrics(reply((1, 5)), metrics=metrics)
    assert str(error.value) == f"{says}\nTry: the list `metrics` of the request."
