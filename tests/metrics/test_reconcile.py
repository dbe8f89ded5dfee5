"""The same conversations by several definitions: by hand, against a slow reference, and by law."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.reconcile as slow
from builders import NOON, conversations, messages, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import (
    Calendar,
    definitions,
    first_response,
    reconcile,
    reconcile_summary,
    status_intervals,
    time_to_close,
)
from drift_analysis.metrics.definitions.definitions import OURS, VALUES
from drift_analysis.schemas import (
    Definitions,
    ParticipantEvents,
    Reconciliation,
    ReconciliationSummary,
    StatusIntervals,
)
from drift_analysis.schemas.definitions import DEFINED, RULES
from stretches import AS_OF, any_lives, rows_of, stretches

LATER = NOON + timedelta(hours=10)
KINDS = ("contact", "bot", "human", "unknown")


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def said(minute: float, author: str, conversation: int = 1, **more: Any) -> dict[str, Any]:
    ids = {"contact": 1, "bot": 2, "human": 3, "unknown": 4}
    return {
        "conversation_id": conversation,
        "created_at": at(minute),
        "author_kind": author,
        "author_id": ids[author],
        **more,
    }


def added(*rows: tuple[int, float, int]) -> pl.DataFrame:
    """Build hand-overs from (conversation, minute, user)."""
    return table(
        ParticipantEvents,
        [
            {
                "conversation_id": conversation,
                "changed_at": at(minute),
                "user_id": user,
                "change": "added",
                "source": "test",
            }
            for conversation, minute, user in rows
        ],
    )


def told(metric: str, *written: dict[str, Any], **options: Any) -> dict[str, tuple[Any, Any]]:
    """Return, by profile, minutes (or why there are none) and the rule, of one conversation."""
    options = {"as_of": LATER, **options}
    given = options.pop("conversations", conversations({"conversation_id": 1}))
    found = reconcile(given, metric=metric, messages=messages(*written), **options)
    return {
        row["profile"]: (
            row["left_out"] or (row["duration"] / timedelta(minutes=1)),
            row["rule"],
        )
        for row in Reconciliation.checked(found).rows(named=True)
    }


def test_first_answers_by_each_definition() -> None:
    found = told(
        "first_response",
        said(5, "contact"),
        said(6, "bot"),
        said(7, "human", type="private_note"),
        said(8, "human", app_id="survey"),
        said(12, "human"),
    )
    assert found == {
        "drift_analysis": (3, None),
        "drift": ("no_start", "clock"),
        "zendesk": (12, "clock"),
        "intercom": (7, "automatic"),
        "chatwoot": (12, "clock"),
        "front": (7, "automatic"),
    }


def test_an_agent_who_writes_first() -> None:
    found = told("first_response", said(0, "human"), said(5, "contact"), said(9, "human"))
    assert found["drift_analysis"] == (4, None)
    assert found["zendesk"] == (9, "clock")
    assert found["chatwoot"] == (0, "clock")
    assert found["front"] == (4, None)


def test_an_opening_that_was_read_twice_is_one_opening() -> None:
    once = messages(said(0, "human"), said(5, "contact"), said(9, "human"))
    for written in (once, pl.concat([once, once])):
        found = reconcile(
            conversations({"conversation_id": 1}),
            metric="first_response",
            messages=written,
            as_of=LATER,
            profiles=["zendesk"],
        )
        assert found["duration"].to_list() == [timedelta(minutes=9)]


def test_a_contact_who_never_writes_may_still_be_counted() -> None:
    found = told("first_response", said(0, "human"), said(3, "human"))
    assert found["drift_analysis"] == ("population", None)
    assert found["intercom"] == ("population", None)
    assert found["zendesk"] == (3, "clock")
    assert found["chatwoot"] == (0, "clock")


def test_who_still_waits_is_kept_by_us_alone() -> None:
    found = told("first_response", said(0, "contact"), participant_events=added((1, 0, 3)))
    assert found.pop("drift_analysis") == (600, None)
    assert set(found.values()) == {("unfinished", "unfinished")}


def test_a_hand_over_starts_the_clock_of_drift_and_chatwoot() -> None:
    found = told(
        "first_response",
        said(0, "contact"),
        said(10, "bot"),
        said(62, "human"),
        participant_events=added((1, 5, 2), (1, 20, 3)),
    )
    assert found["drift_analysis"] == (62, None)
    assert found["drift"] == (42, "clock")
    assert found["chatwoot"] == (42, "clock")


def test_published_answers_by_the_definitions_of_those_who_published_them() -> None:
    cases = {
        case["id"]: case
        for case in json.loads(Path("tests/oracles/vectors_response.json").read_text())
    }
    case = cases["chatwoot_handoff"]
    seconds = {name: at_second / 60 for name, at_second in case["events"]}
    found = told(
        "first_response",
        said(0, "contact"),
        said(seconds["human_chat"], "human"),
        participant_events=added((1, seconds["bot_handoff"], 3)),
    )
    assert found["chatwoot"][0] * 60 == pytest.approx(case["expect"]["human_frt_from_handoff_s"])
    assert found["zendesk"][0] * 60 == pytest.approx(case["expect"]["human_frt_from_created_s"])

    case = cases["front_case1"]
    rows = [
        {**said(0, who.split("_")[0]), "created_at": datetime.fromisoformat(when + "+00:00")}
        for who, when in case["events"]
    ]
    started = conversations({"conversation_id": 1, "created_at": rows[0]["created_at"]})
    found = told("first_response", *rows, conversations=started)
    assert found["front"][0] * 60 == case["expect"]["first_reply_s"]


def test_a_hand_over_before_the_contact_wrote_starts_no_clock() -> None:
    rows = [said(5, "contact"), said(9, "human")]
    found = told("first_response", *rows, participant_events=added((1, 1, 3)))
    assert (found["drift"][0], found["chatwoot"][0]) == (4, 4)
    late = told("first_response", *rows, participant_events=added((1, 11, 3)))
    assert (late["drift"][0], late["chatwoot"][0]) == ("no_start", 9)


def test_clocks_that_disagree_a_little_make_no_time_and_else_none_is_told() -> None:
    for minute, zendesk in ((-0.5, 0), (-3, "before_start")):
        found = told("first_response", said(-5, "contact"), said(minute, "human"))
        assert found["zendesk"][0] == zendesk
        assert found["drift_analysis"] == (minute + 5, None)


def test_a_reopen_without_an_answer_before_restarts_the_clock_of_chatwoot() -> None:
    life = stretches({1: [("open", 0, 1), ("closed", 1, 5), ("open", 5, 10)]})
    rows = [said(0, "contact"), said(300, "contact")]
    found = told("first_response", *rows, said(310, "human"), intervals=life)
    assert found["drift_analysis"] == (310, None)
    assert found["zendesk"] == (310, None)
    assert found["chatwoot"] == (10, "reopened")

    answered_before = told("first_response", *rows, said(2, "human"), intervals=life)
    assert answered_before["chatwoot"] == (2, None)


def test_business_hours_count_for_front_where_they_are_known() -> None:
    friday = datetime(2026, 3, 6, 16, 50, tzinfo=UTC)
    office = Calendar("UTC", {day: [("09:00", "17:00")] for day in range(5)})
    monday = friday + timedelta(days=2, hours=16, minutes=20)
    rows = [
        {**said(0, "contact"), "created_at": friday},
        {**said(0, "human"), "created_at": monday},
    ]
    options: dict[str, Any] = {
        "conversations": conversations({"conversation_id": 1, "created_at": friday}),
        "as_of": monday,
    }
    assert told("first_response", *rows, **options)["front"] == (3860, None)
    found = told("first_response", *rows, **options, calendar=office)
    assert found["front"] == (20, "hours")
    assert found["zendesk"] == (3860, None)


def test_closes_by_each_definition() -> None:
    life = stretches({1: [("open", 0, 2), ("closed", 2, 5), ("open", 5, 6), ("closed", 6, 10)]})
    rows = [said(60, "contact"), said(70, "human")]
    first = told("time_to_first_close", *rows, intervals=life)
    assert first == {
        "drift_analysis": (120, None),
        "drift": (120, None),
        "zendesk": (120, None),
        "intercom": (60, "clock"),
    }
    last = told("time_to_last_close", *rows, intervals=life)
    assert last == {
        **dict.fromkeys(("drift_analysis", "drift", "zendesk", "chatwoot", "front"), (360, None)),
        "intercom": (300, "clock"),
    }


def test_the_time_in_which_it_was_open_in_business_hours() -> None:
    life = stretches({1: [("open", 0, 2), ("closed", 2, 3), ("open", 3, 6), ("closed", 6, 10)]})
    rules = {rule: values[0] for rule, values in VALUES["time_to_last_close"].items()}
    mine = as_rows("mine", "time_to_last_close", {**rules, "close": "open_time"})
    business = mine.with_columns(
        tool=pl.lit("business"),
        value=pl.when(pl.col("rule") == "hours").then(pl.lit("business")).otherwise("value"),
    )
    found = told(
        "time_to_last_close",
        intervals=life,
        definitions=pl.concat([mine, business]),
        base="mine",
        calendar=Calendar("UTC", {0: [("13:00", "17:00")]}),
    )
    assert found == {"mine": (300, None), "business": (180, "hours")}


def test_what_is_open_again_keeps_its_last_close_for_some() -> None:
    life = stretches({1: [("open", 0, 2), ("closed", 2, 5), ("open", 5, 10)]})
    found = told("time_to_last_close", said(0, "contact"), said(1, "human"), intervals=life)
    assert found == {
        "drift_analysis": (600, None),
        "drift": ("unfinished", "unfinished"),
        "zendesk": (120, "reopened"),
        "intercom": (120, "reopened"),
        "chatwoot": (120, "reopened"),
        "front": ("unfinished", "unfinished"),
    }


def test_what_was_closed_before_its_clock_started_took_no_time() -> None:
    life = stretches({1: [("open", 0, 1), ("closed", 1, 10)]})
    found = told("time_to_last_close", said(120, "contact"), intervals=life)
    assert found["intercom"] == (0, "clock")


def test_what_was_sent_in_bulk_and_closed_counts_for_some() -> None:
    life = stretches({1: [("bulk_sent", 0, 4), ("closed", 4, 10)]})
    found = told("time_to_last_close", said(0, "bot"), intervals=life)
    assert found == {
        "drift_analysis": ("population", None),
        **dict.fromkeys(("drift", "zendesk", "chatwoot"), (240, "population")),
        **dict.fromkeys(("intercom", "front"), ("population", None)),
    }


def test_reopens_are_counted_and_not_timed() -> None:
    life = stretches(
        {
            1: [("open", 0, 1), ("closed", 1, 2), ("open", 2, 3), ("closed", 3, 4), ("open", 4, 9)],
            2: [("bulk_sent", 0, 9)],
        }
    )
    found = reconcile(
        conversations({"conversation_id": 1}, {"conversation_id": 2}),
        metric="reopens",
        messages=messages(said(150, "contact"), said(0, "bot", 2)),
        intervals=life,
        as_of=NOON + timedelta(hours=9),
    )
    assert found.select("conversation_id", "profile", "reopens", "left_out", "rule").rows() == [
        (1, "drift_analysis", 2, None, None),
        (1, "zendesk", 2, None, None),
        (1, "intercom", 1, None, "clock"),
        (2, "drift_analysis", None, "population", None),
        (2, "zendesk", 0, None, "population"),
        (2, "intercom", None, "population", None),
    ]
    assert found["duration"].null_count() == found["outcome"].null_count() == 6
    summary = ReconciliationSummary.checked(reconcile_summary(found))
    assert summary.select("profile", "n_counted", "reopens", "mean_reopens").rows() == [
        ("drift_analysis", 1, 2, 2.0),
        ("zendesk", 2, 2, 1.0),
        ("intercom", 1, 1, 1.0),
    ]
    assert summary["shown"].to_list() == [None] * 3


def test_without_messages_nothing_is_known_of_answers() -> None:
    found = told("first_response", said(0, "contact", 2))
    assert set(found.values()) == {("no_messages", None)}
    life = stretches({1: [("open", 0, 1), ("closed", 1, 10)]})
    closes = told("time_to_last_close", said(0, "contact", 2), intervals=life)
    assert closes["zendesk"] == (60, None)
    assert closes["front"] == ("no_messages", "population")
    assert closes["intercom"] == ("no_messages", "population")


def test_another_base_turns_the_comparison_round() -> None:
    rows = [said(5, "contact"), said(9, "human")]
    found = told("first_response", *rows, base="zendesk", profiles=["drift_analysis", "zendesk"])
    assert found == {"drift_analysis": (4, "clock"), "zendesk": (9, None)}


def test_a_definition_of_your_own() -> None:
    mine = (
        definitions("first_response")
        .filter(pl.col("tool") == OURS)
        .with_columns(
            tool=pl.lit("mine"),
            value=pl.when(pl.col("rule") == "bots").then(pl.lit("answers")).otherwise("value"),
        )
    )
    found = told(
        "first_response",
        said(0, "contact"),
        said(1, "bot"),
        said(9, "human"),
        profiles=["mine"],
        definitions=pl.concat([definitions(), mine]),
    )
    assert found == {"mine": (1, "bots")}


def test_the_summary_says_what_each_tool_shows() -> None:
    ids = range(1, 6)
    rows = [row for n in ids for row in (said(1, "contact", n), said(1 + n * n, "human", n))]
    found = reconcile(
        conversations(*({"conversation_id": n} for n in (*ids, 6, 7))),
        metric="first_response",
        messages=messages(*rows, said(0, "contact", 6)),
        as_of=LATER,
        profiles=["drift_analysis", "zendesk", "front"],
    )
    summary = ReconciliationSummary.checked(reconcile_summary(found))
    minutes = [
        tuple(v / timedelta(minutes=1) if isinstance(v, timedelta) else v for v in row)
        for row in summary.select("profile", "mean", "median", "average", "shown").rows()
    ]
    assert minutes == [
        ("drift_analysis", 11, 9, "survival_median", 9),
        ("zendesk", 12, 10, "median", 10),
        ("front", 11, 9, "mean", 11),
    ]
    counts = ("n", "n_counted", "n_left_out", "n_unfinished", "n_differing")
    assert summary.select(counts).rows() == [(7, 6, 1, 1, 0), (7, 5, 2, 0, 6), (7, 5, 2, 0, 1)]
    assert summary["rules"].to_list() == [
        [],
        [{"rule": "clock", "n": 5}, {"rule": "unfinished", "n": 1}],
        [{"rule": "unfinished", "n": 1}],
    ]


def test_lives_are_worked_out_where_none_are_given() -> None:
    given = conversations(
        {"conversation_id": 1, "status": "closed", "updated_at": at(30)},
        {"conversation_id": 2, "status": "open", "updated_at": at(30)},
    )
    options: dict[str, Any] = {"messages": messages(said(0, "contact")), "as_of": LATER}
    found = reconcile(given, metric="time_to_last_close", **options)
    lives = status_intervals(given, **options)
    assert_frame_equal(
        reconcile(given, metric="time_to_last_close", intervals=lives, **options), found
    )
    ours = found.filter(pl.col("profile") == OURS)
    assert ours["duration"].to_list() == [timedelta(minutes=30), timedelta(hours=10)]
    assert ours["outcome"].to_list() == ["ended", "running"]


def test_nothing_in_gives_nothing_out() -> None:
    for metric in DEFINED:
        found = reconcile(conversations(), metric=metric, messages=messages(), as_of=LATER)
        assert_frame_equal(found, Reconciliation.empty())
        assert_frame_equal(reconcile_summary(found), ReconciliationSummary.empty())


def test_every_definition_is_whole_and_has_its_source() -> None:
    table = Definitions.checked(definitions())
    for metric in DEFINED:
        rows = definitions(metric)
        for tool in rows["tool"].unique():
            told = rows.filter(pl.col("tool") == tool).select("rule", "value").rows()
            assert [rule for rule, _ in told] == list(VALUES[metric])
            assert all(value in VALUES[metric][rule] for rule, value in told)
        assert [r for r in RULES if r in VALUES[metric]] == list(VALUES[metric])
    others = table.filter(pl.col("tool") != OURS)
    assert others["address"].null_count() == 0
    read_as = pl.col("source").str.starts_with("Not documented; read as ")
    assert table.filter(read_as == pl.col("is_documented")).is_empty()


def test_the_page_names_every_rule_and_value() -> None:
    page = Path("docs/metrics/reconcile.md").read_text(encoding="utf-8")
    values = {v for rules in VALUES.values() for of_rule in rules.values() for v in of_rule}

    assert [name for name in (*RULES, *sorted(values)) if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            pl.col("rule") != "clock",
            "The definition of reopens by 'zendesk' lacks the rule 'clock'.\n"
            "Its rules are 'population', 'clock', 'average'.\n"
            "Try: da.definitions() as a model.",
        ),
        (
            pl.lit(value=False),
            "profiles='zendesk' is not a choice.\nTry: one of nothing.",
        ),
    ],
)
def test_a_definition_that_is_not_whole_is_refused(change: pl.Expr, says: str) -> None:
    with pytest.raises(InputError) as caught:
        told("reopens", profiles=["zendesk"], definitions=definitions().filter(change))
    assert str(caught.value) == says


def test_odd_definitions_are_refused() -> None:
    table = definitions()
    twice = pl.concat([table, table.filter(pl.col("rule") == "clock")])
    surplus = table.with_columns(
        rule=pl.when((pl.col("metric") == "reopens") & (pl.col("rule") == "average"))
        .then(pl.lit("notes"))
        .otherwise(pl.col("rule").cast(pl.String))
        .cast(Definitions.schema()["rule"])
    )
    strange = table.with_columns(value=pl.lit("never"))
    says = {
        "repeats the rule 'clock'": twice,
        "lacks the rule 'average'": surplus,
        "zendesk: population='never' is not a choice": strange,
    }
    for words, odd in says.items():
        with pytest.raises(InputError, match=words):
            told("reopens", profiles=["zendesk"], definitions=odd)
    more = pl.concat(
        [table, surplus.filter(pl.col("rule") == "notes", pl.col("metric") == "reopens")]
    )
    with pytest.raises(InputError, match="cannot have the rule 'notes'"):
        told("reopens", profiles=["zendesk"], definitions=more)
    with pytest.raises(SchemaError, match="Definitions: expected a polars DataFrame"):
        told("reopens", definitions=table.lazy())
    for metric in ("csat", "resolution"):
        with pytest.raises(InputError, match=f"metric='{metric}' is not a choice"):
            told(metric)
    with pytest.raises(InputError, match="metric='csat' is not a choice"):
        definitions("csat")
    with pytest.raises(InputError, match="base='freshdesk' is not a choice"):
        told("reopens", base="freshdesk")


# Generated worlds: any lives, any messages, any rules.


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    life = draw(any_lives())
    minutes = st.integers(-3, AS_OF + 5)
    rows, written, handed = [], [], []
    for n in range(3):
        rows.append(
            {
                "conversation_id": n,
                "created_at": at(draw(st.integers(0, 4))),
                "updated_at": draw(st.none() | st.integers(0, AS_OF + 5).map(at)),
                "status": draw(st.sampled_from(["open", "closed"])),
            }
        )
        for _ in range(draw(st.integers(0, 5))):
            deleted = draw(st.sampled_from([False, False, True]))
            written.append(
                said(
                    draw(st.integers(0, 9) | minutes),
                    draw(st.sampled_from(KINDS)),
                    n,
                    type=draw(st.sampled_from(["chat", "chat", "private_note", "edit"])),
                    app_id=draw(st.sampled_from([None, None, "app"])),
                    integration_source=draw(st.sampled_from([None, None, "mail"])),
                    is_deleted=deleted,
                    edited_at=at(draw(minutes)) if deleted else None,
                )
            )
        if draw(st.booleans()):
            handed.append((n, draw(st.integers(0, 9) | minutes), draw(st.sampled_from([2, 3]))))
    return {
        "conversations": conversations(*rows),
        "messages": messages(*written),
        "intervals": life,
        "participant_events": added(*handed),
        "as_of": at(AS_OF),
    }


def any_profile(metric: str) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {rule: st.sampled_from(values) for rule, values in VALUES[metric].items()}
    )


def as_rows(tool: str, metric: str, profile: dict[str, str]) -> pl.DataFrame:
    rows = [
        {"tool": tool, "metric": metric, "rule": rule, "value": value, "source": "invented"}
        for rule, value in profile.items()
    ]
    return table(Definitions, rows, is_documented=False)


def run(world: dict[str, Any], metric: str, **options: Any) -> Any:
    others = {name: frame for name, frame in world.items() if name != "conversations"}
    return reconcile(world["conversations"], metric=metric, **others, **options)


def known(world: dict[str, Any], n: int) -> slow.World:
    as_of = world["as_of"]
    (record,) = world["conversations"].filter(pl.col("conversation_id") == n).to_dicts()
    seen = world["messages"].filter(pl.col("created_at") <= as_of)
    bots = set(seen.filter(pl.col("author_kind") == "bot")["author_id"])
    hand_overs = [
        row["changed_at"]
        for row in world["participant_events"].to_dicts()
        if row["conversation_id"] == n and row["changed_at"] <= as_of and row["user_id"] not in bots
    ]
    return slow.World(
        record=record,
        said=seen.filter(pl.col("conversation_id") == n).to_dicts(),
        life=rows_of(world["intervals"]).get(n, []),
        handed_at=min(hand_overs, default=None),
        as_of=as_of,
        skew=timedelta(minutes=1),
    )


@settings(max_examples=40, deadline=None)
@given(st.data(), worlds(), st.sampled_from(DEFINED))
def test_any_definition_gives_what_the_slow_reference_gives(
    data: st.DataObject, world: dict[str, Any], metric: str
) -> None:
    profiles = {name: data.draw(any_profile(metric), label=name) for name in ("one", "two")}
    defined = pl.concat([as_rows(name, metric, rules) for name, rules in profiles.items()])
    found = run(world, metric, definitions=defined, base="one")
    values = ("duration", "reopens", "outcome", "left_out")
    assert Reconciliation.checked(found).height == 6
    for row in found.rows(named=True):
        one = known(world, row["conversation_id"])
        profile = profiles[row["profile"]]
        assert {name: row[name] for name in values} == slow.result(one, profile)
        rule = slow.walk(one, profiles["one"], profile, RULES)
        assert (row["rule"], row["differs"]) == (rule, rule is not None)
        assert row["base_duration"] == slow.result(one, profiles["one"])["duration"]


@settings(max_examples=3, deadline=None)
@given(worlds(), st.sampled_from(DEFINED), st.randoms(use_true_random=False))
def test_order_repeats_and_engines_change_nothing(
    world: dict[str, Any], metric: str, random: Any
) -> None:
    found = run(world, metric)
    tangled = {
        name: pl.concat([frame, frame]).sample(fraction=1, shuffle=True, seed=random.randint(0, 99))
        if isinstance(frame, pl.DataFrame)
        else frame
        for name, frame in world.items()
    }
    assert_frame_equal(run(tangled, metric), found)
    lazy = run(
        {n: f.lazy() if isinstance(f, pl.DataFrame) else f for n, f in world.items()}, metric
    )
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(), found)
    assert_frame_equal(lazy.collect(engine="streaming"), found)
    summary = reconcile_summary(found)
    assert_frame_equal(reconcile_summary(lazy).collect(engine="streaming"), summary)
    sums = summary.select(pl.col("rules").list.eval(pl.element().struct["n"]).list.sum())
    assert sums.to_series().to_list() == summary["n_differing"].to_list()
    assert (summary["n_counted"] + summary["n_left_out"]).to_list() == summary["n"].to_list()
    alone = {
        **world,
        "conversations": world["conversations"].filter(pl.col("conversation_id") == 1),
    }
    one = found.filter(pl.col("conversation_id") == 1)
    assert_frame_equal(run(alone, metric), one)


@settings(max_examples=5, deadline=None)
@given(worlds())
def test_our_definitions_are_those_of_the_other_metrics(world: dict[str, Any]) -> None:
    """A profile that is equal to ours differs nowhere, whatever it is called."""
    twin = definitions().filter(pl.col("tool") == OURS).with_columns(tool=pl.lit("twin"))
    defined = pl.concat([definitions(), twin])
    found = {m: run(world, m, profiles=[OURS, "twin"], definitions=defined) for m in DEFINED}
    for frame in found.values():
        assert frame["differs"].sum() == 0
        assert frame["rule"].null_count() == frame.height
    waits = first_response(
        world["messages"], conversations=world["conversations"], as_of=world["as_of"]
    )
    ours = {m: frame.filter(pl.col("profile") == OURS) for m, frame in found.items()}
    assert ours["first_response"]["duration"].to_list() == waits["wait"].to_list()
    closes = time_to_close(StatusIntervals.checked(world["intervals"]))
    for which in ("first", "last"):
        ended = ours[f"time_to_{which}_close"].filter(pl.col("outcome") == "ended")
        theirs = closes.drop_nulls(f"time_to_{which}_close")
        assert ended["duration"].to_list() == theirs[f"time_to_{which}_close"].to_list()
        assert ended["conversation_id"].to_list() == theirs["conversation_id"].to_list()
    counted = ours["reopens"].filter("counted")
    assert counted["reopens"].to_list() == closes["n_reopens"].to_list()
