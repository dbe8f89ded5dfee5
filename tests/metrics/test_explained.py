"""Explanations worked out by hand, of the one world in `worlds.a_world`.

Conversations 1 to 3 were started by playbook 7, 4 by none, 5 was only in a list, 6 began too late.
Contacts wrote in 1, 2 and 4; a human answered 1; 1 and 4 are closed, 3 was only sent in bulk.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from builders import NOON, hours
from drift_analysis.errors import InputError
from drift_analysis.schemas import Behind
from worlds import AS_OF, CALLS, a_world

WORLD = a_world()
KNOWN = WORLD["conversations"]
HOUR = timedelta(hours=1)


def attribution() -> da.Explained[Any]:
    return CALLS["playbook_attribution"](WORLD)


def test_the_table_is_exactly_what_the_metric_returns() -> None:
    found = attribution()
    assert_frame_equal(found.table, da.playbook_attribution(as_of=AS_OF, **WORLD))
    assert (found.metric, found.as_of) == ("playbook_attribution", AS_OF)
    assert found.definition.startswith("What each playbook started, and what came of it.")


def test_behind_says_what_each_conversation_adds_to_each_number() -> None:
    behind = Behind.require(attribution().behind)
    counts = ("conversations", "bulk_sent", "engaged", "human_handled", "closed", "meetings")
    assert behind.select("attribution", "playbook_id", "conversation_id", *counts).rows() == [
        ("playbook", 7, 1, 1, 0, 1, 1, 1, 1),
        ("playbook", 7, 2, 1, 0, 1, 0, 0, 0),
        ("playbook", 7, 3, 1, 1, 0, None, 0, 0),
        ("none", None, 4, 1, 0, 1, 0, 1, 0),
        ("unknown", None, 5, 1, 0, 1, None, 0, 0),
    ]


def test_what_was_left_out_has_a_reason_and_can_be_had() -> None:
    found = attribution()
    assert found.counted == 4
    assert found.left_out.rows() == [
        ("created_later", 1, "They began later than the moment that is looked at."),
        ("unknown_playbook", 1, "They were only in a list, which tells no playbook."),
    ]
    assert found.ids(reason="created_later").to_list() == [6]
    assert found.ids(reason="unknown_playbook").to_list() == [5]


def test_rows_are_found_again_after_ordinary_work() -> None:
    found = attribution()
    names = pl.DataFrame({"playbook_id": [7, None], "owner": ["Ada", "nobody"]})
    worked = (
        found.table.filter(pl.col("conversations") > 0)
        .sort("engagement_rate")
        .join(names, on="playbook_id", how="left", nulls_equal=True)
        .with_columns(twice=pl.col("conversations") * 2)
    )
    assert found.ids(worked.filter(owner="Ada")).to_list() == [1, 2, 3]
    assert found.ids(worked.filter(owner="Ada"), number="engaged").to_list() == [1, 2]
    assert found.ids(worked.filter(owner="Ada").lazy(), number="meetings").to_list() == [1]
    assert found.ids(worked.filter(owner="nobody")).to_list() == [4, 5]
    assert found.ids(worked.head(0)).to_list() == []
    assert found.ids(number="closed").to_list() == [1, 4]
    only = worked.select("attribution").filter(attribution="none")
    assert found.ids(only).to_list() == [4]
    semi = KNOWN.join(found.ids(worked.head(1)).to_frame(), on="conversation_id", how="semi")
    assert semi.get_column("conversation_id").to_list() == [1, 2, 3]


def test_what_rows_are_compared_with_is_behind_its_number_only() -> None:
    found = CALLS["playbook_lift none"](WORLD)
    assert found.ids().to_list() == [1, 2, 3]
    assert found.ids(number="happened").to_list() == [1, 2]
    assert found.ids(number="other_conversations").to_list() == [4]
    assert found.ids(number="n_unknown").to_list() == [5]
    assert found.behind_number("other_happened").rows() == [(7, 4, 1)]


def test_a_backlog_and_those_at_risk_can_be_named() -> None:
    flow = CALLS["flow"](WORLD)
    last = flow.table.tail(1)
    assert last.select("period", "arrivals", "backlog").row(0) == (date(2026, 3, 4), 0, 2)
    assert flow.ids(last).to_list() == []
    assert flow.ids(last, number="backlog").to_list() == [2, 5]
    assert flow.ids(flow.table.head(1), number="closes").to_list() == [1, 4]
    curve = CALLS["survival_curve"](WORLD)
    ended = curve.table.filter(t=2 * HOUR)
    assert curve.ids(ended, number="events").to_list() == [1, 4]
    assert curve.ids(ended, number="at_risk").to_list() == [1, 2, 4]
    assert curve.ids(curve.table.tail(1), number="at_risk").to_list() == [2]


def test_age_is_compared_with_what_is_finished() -> None:
    found = CALLS["ageing"](WORLD)
    assert found.ids().to_list() == [2, 5]
    assert found.ids(found.table.filter(status="open")).to_list() == [2]
    assert found.ids(found.table.filter(status="open"), number="n_finished").to_list() == [1, 4]


def test_tags_lead_to_who_has_them_and_to_who_has_not() -> None:
    found = CALLS["tag_frequency"](WORLD)
    demo = found.table.filter(tag="Demo")
    assert found.ids(demo).to_list() == [1, 2]
    assert found.ids(demo, number="n_known").to_list() == [1, 2, 3, 4, 6]
    assert found.ids(demo, number="n_untagged").to_list() == [3, 6]
    assert found.ids(demo, number="n_unknown").to_list() == [5]
    slow = CALLS["tag_survival"](WORLD)
    assert slow.ids(slow.table.filter(tag="Demo"), number="n_rest").to_list() == [4]
    pairs = CALLS["tag_cooccurrence"](WORLD)
    assert pairs.ids(number="n_ab").to_list() == [1]
    assert pairs.ids(number="n_b").to_list() == [1]


def test_sources_that_are_explained_tell_what_they_left_out() -> None:
    found = CALLS["sla_attainment"](WORLD)
    assert found.left_out.rows() == [
        ("no_messages", 2, "None of their messages was loaded."),
        ("created_later", 1, "They began later than the moment that is looked at."),
    ]
    assert (found.counted, found.as_of) == (3, AS_OF)
    met = found.table.filter(target=5 * HOUR)
    assert found.ids(met, number="n_met").to_list() == [1]
    assert found.ids(met, number="n_excluded").to_list() == [3, 5]
    assert list(found.sources) == ["waits"]


def test_a_touch_leads_to_its_conversations() -> None:
    found = CALLS["multi_touch_attribution"](WORLD)
    credited = found.table.filter(pl.col("credit") > 0).unique("touch")
    assert found.ids(credited).to_list() == [1, 2, 3]
    assert found.ids(reason="no_contact").to_list() == [5]


def test_what_does_not_name_conversations_says_so() -> None:
    alone = da.explain(da.playbook_lift, attribution().table)
    assert alone.table.height == 1
    with pytest.raises(InputError) as refused:
        alone.ids()
    assert str(refused.value) == (
        "playbook_lift cannot tell which conversations are behind it.\n"
        "The frames that it was given do not name them.\n"
        "Try: frames with 'conversation_id', or da.explain(...) of the metric that they come from."
    )
    assert repr(alone).splitlines()[-1] == (
        "counted    unknown: the frames do not name their conversations"
    )
    waits = pl.DataFrame({"wait": [HOUR], "open": [False]})
    given: dict[str, Any] = {"duration": "wait", "censored": "open"}
    horizon = {**given, "horizon": HOUR}
    begun = waits.with_columns(began=pl.lit(NOON))
    lone = [
        da.explain(da.survival_curve, waits, **given),
        da.explain(da.cumulative_incidence, waits, duration="wait", outcome="open"),
        da.explain(da.restricted_mean, waits, **horizon),
        da.explain(da.log_rank, waits, **given, group="open"),
        da.explain(da.cohort_trend, begun, **horizon, start="began", every="1d", as_of=AS_OF),
        da.explain(da.multi_touch_attribution, CALLS["journeys"](WORLD).table, model="first"),
    ]
    assert [each.stage for each in lone] == [None] * 6


def test_the_moment_of_intervals_is_where_they_end() -> None:
    intervals = da.status_intervals(KNOWN, as_of=AS_OF)
    assert da.explain(da.variants, intervals).as_of == AS_OF
    assert da.explain(da.tag_frequency, KNOWN).as_of is None
    assert "as of      that of the frames given" in repr(da.explain(da.tag_frequency, KNOWN))


def test_it_is_a_few_calm_lines() -> None:
    office = da.Calendar(
        "Europe/Berlin",
        {**{day: [("09:00", "17:00")] for day in (0, 1, 2, 4)}, 5: [("10:00", "12:00")]},
        holidays=[date(2026, 12, 25)],
    )
    waits = da.explain(
        da.first_response, WORLD["messages"], conversations=KNOWN, as_of=AS_OF, calendar=office
    )
    assert repr(waits).splitlines()[2:] == [
        "arguments  kind='human', clock='first_contact'",
        "as of      2026-03-04 12:00 UTC",
        "calendar   Mon to Wed 09:00-17:00; Fri 09:00-17:00; Sat 10:00-12:00 (Europe/Berlin), "
        "but for 1 day",
        "counted    3 conversations",
        "left out   2 conversations (no_messages): None of their messages was loaded.",
        "left out   1 conversation (created_later): They began later than the moment that is "
        "looked at.",
    ]
    plain = da.explain(da.sla_attainment, waits, target=[HOUR, timedelta(days=7)])
    assert repr(plain).splitlines()[2:6] == [
        "arguments  target=[1:00:00, 7 days]",
        "from       waits: first_response",
        "as of      2026-03-04 12:00 UTC",
        "calendar   all time counts",
    ]
    median = da.explain(da.survival_curve, waits, duration="business_wait", censored="censored")
    assert median.calendar == office


def test_what_is_shown_is_escaped_and_holds_no_value_of_an_expression() -> None:
    named = KNOWN.with_columns(pl.col("inbox_id").alias("<b>&"))
    found = da.explain(da.tag_frequency, named, by="<b>&")
    assert "by=&#x27;&lt;b&gt;&amp;&#x27;" in found._repr_html_()
    secret = da.explain(da.tag_distinctive, KNOWN, first=pl.col("status_raw") == "a secret")
    assert "first=an expression over status_raw" in repr(secret)
    assert "secret" not in repr(secret)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        attribution().metric = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"number": "share"},
            "number='share' is not a choice.\nTry: one of 'conversations', 'bulk_sent', 'engaged', "
            "'human_handled', 'closed', 'emails_captured', 'meetings', 'goals'.",
        ),
        (
            {"reason": "bored"},
            "reason='bored' is not a choice.\nTry: one of 'created_later', 'unknown_playbook'.",
        ),
        (
            {"rows": pl.DataFrame({"engaged": [1]})},
            "The rows cannot be found in the result again.\n"
            "They have none of 'attribution' or 'playbook_id'.\n"
            "Try: rows with 'attribution' or 'playbook_id' as they were.",
        ),
        (
            {"rows": pl.DataFrame({"playbook_id": ["7"]})},
            "The rows cannot be found in the result again.\n"
            "Their 'playbook_id' is String, and not Int64.\n"
            "Try: rows with 'attribution' or 'playbook_id' as they were.",
        ),
        (
            {"rows": [7]},
            "rows= takes rows of the result, as a frame.\nGot list.\n"
            "Try: explained.ids(explained.table.filter(...)).",
        ),
    ],
)
def test_what_means_nothing_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        attribution().ids(**asked)
    assert str(refused.value) == said


def test_where_every_row_is_a_conversation_there_is_no_other_number() -> None:
    found = CALLS["first_response"](WORLD)
    assert found.behind.to_dict(as_series=False) == {"conversation_id": [1, 2, 3, 4, 5]}
    with pytest.raises(InputError, match="none: every row is one conversation's"):
        found.ids(number="wait")
    times = CALLS["time_in_status"](WORLD)
    with pytest.raises(InputError, match="none: nothing is left out"):
        da.explain(da.time_in_status, da.status_intervals(KNOWN, as_of=AS_OF)).ids(reason="x")
    assert times.ids(times.table.filter(status="pending", n_visits=1)).to_list() == [5]


def test_only_metrics_can_be_explained() -> None:
    with pytest.raises(InputError) as refused:
        da.explain(len, KNOWN)
    assert str(refused.value).startswith(
        "len cannot be explained.\nTry: one of status_intervals, time_in_status, transitions, "
    )
    with pytest.raises(InputError, match=r"^int cannot be explained\."):
        da.explain(7)  # type: ignore[arg-type]


def test_a_number_that_counts_other_things_says_how_many_are_whose() -> None:
    found = da.explain(da.workload, WORLD["messages"], tz="UTC", as_of=AS_OF, since=NOON + hours(1))
    assert found.behind.rows() == [(3, 1, 1, 1, 0, 1)]
    assert found.ids(reason="no_human").to_list() == [2, 4]
