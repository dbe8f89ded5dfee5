"""What every table promises, and how it says that a frame does not keep the promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from builders import NOON, conversations
from drift_analysis import schemas
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import Conversations, Dataset, Messages, Table, conversation_link
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.messages import visible_at

TABLES = [
    table
    for name in schemas.__all__
    if isinstance(table := getattr(schemas, name), type)
    and issubclass(table, Table)
    and table is not Table
]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means_and_what_null_means(table: type[Table]) -> None:
    for name, column in table.columns().items():
        assert column.description, name
        null = (column.metadata or {}).get("null")
        assert bool(null) == column.nullable, name


@pytest.mark.parametrize("table", TABLES)
def test_the_data_dictionary_has_a_row_per_column(table: type[Table]) -> None:
    dictionary = table.describe()
    assert dictionary["column"].to_list() == table.column_names()
    assert dictionary["null_means"].is_not_null().to_list() == [
        column.nullable for column in table.columns().values()
    ]


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_keeps_its_own_promise(table: type[Table]) -> None:
    assert_frame_equal(table.checked(table.empty()), table.empty())


def test_the_dictionary_spells_out_nested_dtypes() -> None:
    dtypes = dict(Conversations.describe().select("column", "dtype").iter_rows())
    assert dtypes["tags"] == "List(Struct(name String, color String))"
    assert dtypes["status"] == "Enum(open, pending, closed, bulk_sent, unknown)"
    assert dtypes["created_at"] == "Datetime(ms, UTC)"


def test_the_dictionary_is_shown_whole() -> None:
    dictionary = Conversations.describe()
    shown = dictionary._repr_html_()
    assert "unknown; an empty list is known to be empty" in shown
    assert "…" not in shown
    assert "…" not in repr(dictionary)
    assert repr(dictionary) == str(dictionary)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    frame = pl.DataFrame({"conversation_id": [1], "changedAt": [2]})
    with pytest.raises(SchemaError) as caught:
        schemas.Goals.require(frame)
    assert str(caught.value) == (
        "Goals: missing 'goal_id', 'goal_name', 'playbook_id', 'playbook_name', 'contact_id', "
        "'contact_email', 'extra', 'source'.\n"
        "The frame has 'conversation_id', 'changedAt'.\n"
        "Try: frame.rename(...) first, or drift_analysis.schemas.Goals.describe() for what is "
        "expected."
    )


def test_a_wrong_dtype_is_named_with_what_was_expected() -> None:
    frame = conversations().with_columns(pl.col("conversation_id").cast(pl.Int32))
    with pytest.raises(SchemaError) as caught:
        Conversations.require(frame)
    assert str(caught.value) == (
        "Conversations: some columns have the wrong dtype.\n"
        "  conversation_id: expected Int64, got Int32\n"
        "Try: drift_analysis.schemas.Conversations.conform(frame) to cast them."
    )


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(SchemaError) as caught:
        Conversations.require([1, 2])  # type: ignore[type-var]
    assert str(caught.value) == (
        "Conversations: expected a polars DataFrame or LazyFrame.\n"
        "Got list.\n"
        "Try: pl.from_pandas(...) or da.load(...) to get one."
    )


def test_further_columns_are_welcome_until_the_table_is_conformed() -> None:
    frame = conversations({"conversation_id": 1}).with_columns(team=pl.lit("north"))
    assert Conversations.require(frame) is frame
    assert Conversations.conform(frame).columns == Conversations.column_names()


def test_conforming_casts_and_refuses_what_cannot_be_cast() -> None:
    frame = conversations({"conversation_id": 1})
    small = frame.with_columns(pl.col("conversation_id").cast(pl.Int16))
    assert_frame_equal(Conversations.conform(small), frame)
    assert_frame_equal(Conversations.conform(small.lazy()).collect(), frame)
    odd = frame.with_columns(status=pl.lit("melted"))
    with pytest.raises(SchemaError) as caught:
        Conversations.conform(odd)
    assert str(caught.value) == (
        "Conversations: some values do not fit their column.\n"
        "Columns that may be at fault: 'status'.\n"
        "Try: drift_analysis.schemas.Conversations.describe() for what is expected."
    )
    with pytest.raises(SchemaError, match="missing 'source'"):
        Conversations.conform(frame.drop("source"))


def test_broken_rules_are_counted_and_their_rows_can_be_had() -> None:
    one = conversations({"conversation_id": 1})
    frame = pl.concat([one, one])
    with pytest.raises(SchemaError) as caught:
        Conversations.checked(frame)
    assert str(caught.value) == (
        "Conversations: values break rules of the table.\n"
        "  primary_key: 2 row(s)\n"
        "Try: drift_analysis.schemas.Conversations.broken_rows(frame) to see them."
    )
    assert_frame_equal(Conversations.broken_rows(frame), frame)


def test_a_result_is_the_kind_of_frame_that_was_given() -> None:
    plan = pl.LazyFrame({"a": [1]})
    assert isinstance(as_given(plan, pl.DataFrame()), pl.DataFrame)
    assert as_given(plan, pl.LazyFrame()) is plan


def test_a_moment_is_turned_to_utc_and_cut_to_milliseconds() -> None:
    east = timezone(timedelta(hours=2))
    moment = datetime(2026, 3, 2, 14, 0, 0, 1999, tzinfo=east)
    assert require_moment(moment) == datetime(2026, 3, 2, 12, 0, 0, 1000, tzinfo=UTC)
    with pytest.raises(InputError, match=r"^log_start has no time zone\."):
        require_moment(datetime(2026, 3, 2), "log_start")  # noqa: DTZ001


def test_a_link_needs_no_inbox() -> None:
    frame = conversations({"conversation_id": 7, "inbox_id": 3}, {"conversation_id": 8})
    assert frame.select(conversation_link())["link"].to_list() == [
        "https://app.drift.com/inboxes/3/conversations/7",
        "https://app.drift.com/conversations/8",
    ]


def test_a_deleted_message_was_visible_before_it_was_deleted() -> None:
    rows = [
        {
            "message_id": 1,
            "conversation_id": 1,
            "author_type": "user",
            "author_kind": "human",
            "type": "chat",
            "type_raw": "chat",
            "created_at": NOON,
            "is_visible": False,
            "is_deleted": True,
            "edited_at": NOON + timedelta(hours=1),
            "n_edits": 1,
            "source": "test",
        }
    ]
    message = pl.DataFrame(rows, schema=Messages.schema())
    minutes = (-1, 30, 90)
    seen = [message.filter(visible_at(NOON + timedelta(minutes=m))).height for m in minutes]
    assert seen == [0, 1, 0]


def test_a_dataset_tells_its_sizes_and_nothing_else() -> None:
    tables = {
        name: pl.DataFrame({"body": ["secret"]})
        for name in (
            "conversations", "messages", "status_events", "playbooks", "users", "contacts",
            "meetings", "goals", "participant_events", "rejects", "issues",
        )
    }  # fmt: skip
    text = repr(Dataset(**tables, as_of=NOON))
    assert text == (
        "Dataset(conversations=1, messages=1, status_events=1, playbooks=1, users=1, contacts=1, "
        "meetings=1, goals=1, participant_events=1, rejects=1, issues=1, "
        "as_of=2026-03-02T12:00:00+00:00)"
    )
    lazy = {name: frame.lazy() for name, frame in tables.items()}
    assert repr(Dataset(**lazy, as_of=None)).endswith("issues=lazy, as_of=nothing)")
