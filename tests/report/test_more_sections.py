from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

import drift_analysis as da
from builders import NOON, changes, conversations, messages, table, tagged
from charts.tables import caption
from drift_analysis.errors import InputError
from drift_analysis.report import Review
from drift_analysis.report.sections import ENTRIES, require_sections
from drift_analysis.schemas import Meetings, Messages, Playbooks
from report.awkward import of_one
from report.hostile import hostile_dataset
from report.test_answers_and_load import answered
from report.test_backlog import DAY, MONDAY, of_a_week

NAMES = [entry.name for entry in ENTRIES]
USUAL = [entry.name for entry in ENTRIES if entry.is_usual]
HUMAN = {"author_type": "user", "author_kind": "human"}
BOT = {"author_type": "user", "author_kind": "bot"}


def only(data: Any, name: str, **options: Any) -> Any:
    (found,) = Review(data, sections=[name], **options).sections
    return found


def data_of(talks: pl.DataFrame, said: pl.DataFrame | None = None, **more: Any) -> Any:
    given = {"conversations": talks, "as_of": NOON + timedelta(days=1), **more}
    given["messages"] = Messages.empty() if said is None else said
    return replace(hostile_dataset(), status_events=changes(), **given)


def test_a_review_of_all_sections_has_each_that_tells_and_the_usual_one_few() -> None:
    sample = da.load("data/sample")

    assert [each.name for each in Review(sample, sections="all").sections] == NAMES
    assert [each.name for each in Review(sample).sections] == USUAL
    assert len(USUAL) == 10
    assert require_sections(["tags", "all"]) == ("all",)


def test_every_section_has_a_question_a_finding_a_caption_numbers_and_a_definition() -> None:
    for each in Review(da.load("data/sample"), sections="all").sections:
        spec = each.chart.to_dict()
        assert each.question.endswith("?"), each.name
        assert 1 <= len(each.sentences) <= 3, each.name
        assert all(said.endswith(".") for said in (*each.sentences, each.definition)), each.name
        assert spec["vconcat"][0]["title"]["text"], each.name
        assert caption(spec).endswith("As of 1 Jun 2026, 10:00 (UTC)."), each.name
        assert each.numbers.height > 0, each.name


@pytest.mark.parametrize("name", NAMES)
def test_a_section_of_next_to_nothing_is_calm(name: str) -> None:
    bare = conversations({"conversation_id": 1, "status": "bulk_sent"})

    found = only(data_of(bare, meetings=Meetings.empty()), name)

    assert found.name == name
    assert found.sentences[0].endswith(".")
    assert "None" not in " ".join((*found.sentences, str(found.chart.description)))[4:]


def test_a_section_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(InputError) as caught:
        require_sections(["tagz"])

    assert str(caught.value) == (
        f"sections='tagz' is not a choice.\nTry: one of {', '.join(map(repr, ('all', *NAMES)))}."
    )


def test_flow_says_what_came_in_and_what_went_out() -> None:
    found = only(of_a_week(), "flow")

    assert found.sentences[0] == (
        "In the time that is drawn 5 arrived, none is known to have been opened again, and 3 "
        "closes were made: 2 more than went out."
    )
    assert found.numbers["Arrived so far"].to_list() == [1, 2, 3, 4, 5, 5]
    assert found.numbers["Closed so far"].to_list() == [0, 0, 1, 2, 3, 3]


def test_ageing_counts_what_waits_longer_than_nine_in_ten_took() -> None:
    # Those of Thursday and Friday wait; the three others took two days each.
    later = replace(of_a_week(), as_of=MONDAY + 5 * DAY + DAY / 24)

    assert only(of_a_week(), "ageing").sentences[0] == (
        "Of 2 conversations that wait, none waited for more than 2 d, in which nine in ten of the "
        "finished ones were done."
    )
    found = only(later, "ageing")
    assert found.sentences[0].startswith("Of 2 conversations that wait, 1 waited for more than 2 d")
    assert found.numbers.select("Status", "Age").rows() == [
        ("open", timedelta(days=2, hours=1)),
        ("open", timedelta(days=1, hours=1)),
    ]


def test_time_to_close_keeps_what_is_still_open() -> None:
    # At two days four are watched and three close: a quarter goes on.
    found = only(of_a_week(), "time-to-close")

    assert found.sentences == (
        "Half have closed within 2 d; 40 % of the 5 that somebody took part in have not.",
        "None is known to have been opened again after a close.",
    )
    assert found.numbers.select("Closed", "Within").rows() == [
        ("One in four", "2 d"),
        ("Half", "2 d"),
        ("Three in four", "2 d"),
        ("Nine in ten", "not reached"),
    ]


def test_transitions_count_the_steps_and_what_leads_back() -> None:
    found = only(of_a_week(), "transitions")

    assert found.sentences[0] == (
        "Of 3 changes of status, 3 were from open to closed; none led back to where the "
        "conversation had been."
    )
    assert found.numbers.select("From", "To", "Steps").rows() == [
        ("begins", "open", 5),
        ("open", "closed", 3),
        ("open", "stays to the end", 2),
        ("closed", "stays to the end", 3),
    ]


def test_hours_of_answers_tell_working_hours_from_others() -> None:
    found = only(answered(), "response-hours")

    assert found.sentences[0] == (
        "On weekdays between 9:00 and 17:00 half of the 10 contacts who wrote had an answer within "
        "30 min; at other times nobody wrote."
    )
    assert found.numbers.rows() == [("Monday", "12:00", 10, "30 min")]


def test_the_trend_of_answers_takes_what_was_closed_unanswered_for_never_answered() -> None:
    # Nine of ten are answered within the hour; the next day one of two is closed unanswered.
    more: list[dict[str, Any]] = [
        {"conversation_id": n, "created_at": NOON + DAY} for n in (10, 11)
    ]
    said: list[dict[str, Any]] = [
        *more,
        {**more[0], **HUMAN, "created_at": NOON + DAY + timedelta(minutes=5)},
    ]
    talks = conversations(
        *({"conversation_id": n} for n in range(10)),
        more[0],
        {**more[1], "status": "closed", "updated_at": NOON + DAY + timedelta(minutes=9)},
    )
    both = pl.concat([answered().messages, messages(*said)])
    data = replace(answered(), conversations=talks, messages=both, as_of=NOON + 3 * DAY)

    found = only(data, "answer-trend")

    assert found.numbers.select("Contacts", "Answered within 1 h", "Over").rows() == [
        (10, pytest.approx(0.9), True),
        (2, pytest.approx(0.5), True),
    ]
    assert found.sentences[0] == (
        "Of those who first wrote from 2 Mar 2026 on, 90 % had an answer within an hour; of the "
        "last ones, from 3 Mar 2026 on, 50 %."
    )


def test_containment_is_told_with_its_interval_and_what_was_not_judged() -> None:
    closed = {"status": "closed", "updated_at": NOON + timedelta(hours=2)}
    talks = conversations(
        *({"conversation_id": n, **closed} for n in (1, 2, 3, 4)), {"conversation_id": 5}
    )
    said: list[dict[str, Any]] = [{"conversation_id": n} for n in range(1, 6)]
    said += [
        {"conversation_id": n, "created_at": NOON + timedelta(minutes=1), **BOT} for n in (1, 2)
    ]
    said += [
        {"conversation_id": n, "created_at": NOON + timedelta(minutes=2), **HUMAN} for n in (2, 3)
    ]

    found = only(data_of(talks, messages(*said)), "containment")

    assert found.sentences == (
        "Bots alone handled 25 % of the 4 closed conversations in which the contact wrote (95 % "
        "interval 5 % to 70 %).",
        "Not judged: 1 not closed.",
    )
    assert dict(found.numbers.select("Outcome", "Conversations").rows())["human only"] == 1


def test_workload_counts_the_period_and_names_nobody() -> None:
    # On Monday user 5 writes in three conversations, one of them of Sunday, and user 6 in one.
    # What user 7 wrote on Sunday, and user 6 on Tuesday, is not counted.
    wrote = [(0, 5, -1 / 24), (1, 5, 0), (2, 5, 0), (3, 6, 0), (0, 7, -1), (1, 6, 1)]
    created = {n: NOON - DAY if n == 0 else NOON for n in range(4)}
    talks = conversations(*({"conversation_id": n, "created_at": created[n]} for n in range(4)))
    said: list[dict[str, Any]] = [
        {"conversation_id": n, "created_at": NOON + days * DAY, **HUMAN, "author_id": who}
        for n, who, days in wrote
    ]
    data = data_of(talks, messages(*said), as_of=NOON + 2 * DAY)

    found = only(data, "workload", period="2026-03-02")

    assert found.numbers.select("Person", "Conversations").rows() == [("5", 3), ("6", 1)]
    assert found.sentences[0] == (
        "2 people wrote to contacts: the busiest in 3 conversations, half of them in 1 or fewer."
    )
    assert "canary" not in str(found.chart.to_dict())


def started(n: int, playbook: int, *, days: int = 0) -> dict[str, Any]:
    created = NOON + timedelta(days=days)
    return {"conversation_id": n, "playbook_id": playbook, "created_at": created, "is_detail": True}


def of_playbooks() -> Any:
    """Six conversations on each of three days: contacts write in 1, then 2, then 3 of them."""
    sent = {"status": "bulk_sent"}
    talks = [{**started(10 * day + n, 1, days=day), **sent} for day in range(3) for n in range(6)]
    wrote = [(day, n) for day in range(3) for n in range(day + 1)]
    said = [{"conversation_id": 10 * d + n, "created_at": NOON + d * DAY} for d, n in wrote]
    return data_of(conversations(*talks), messages(*said), as_of=NOON + 9 * DAY)


def test_the_funnel_says_how_far_conversations_of_playbooks_get() -> None:
    found = only(of_playbooks(), "playbook-funnel")

    assert found.sentences == (
        "Of 18 that playbooks started, 6 were engaged with; in 0 a person took part.",
        "No meetings were loaded, so who led to one is unknown.",
    )
    assert found.numbers.select("Started", "Engaged", "Meetings").rows() == [(18, 6, None)]


def test_the_trend_of_playbooks_follows_those_that_began_on_each_day() -> None:
    found = only(of_playbooks(), "playbook-trend")

    assert found.numbers.select("From", "Conversations", "Engaged").rows() == [
        ("2 Mar 2026", 6, 1),
        ("3 Mar 2026", 6, 2),
        ("4 Mar 2026", 6, 3),
    ]
    assert found.sentences[0] == (
        "Of the conversations that playbooks started from 2 Mar 2026 on, 17 % were engaged with; "
        "of the last ones, from 4 Mar 2026 on, 50 %."
    )
    assert found.data["period"].unique().sort().to_list() == [date(2026, 3, d) for d in (2, 3, 4)]


def of_journeys() -> Any:
    """Contact 1 meets One, Two and then a meeting; 2 meets One alone; 3 is too young to say."""
    talks = [
        {**started(1, 1), "contact_id": 1},
        {**started(2, 2, days=1), "contact_id": 1},
        {**started(3, 1), "contact_id": 2},
        {**started(4, 1, days=39), "contact_id": 3},
    ]
    met = table(
        Meetings,
        [{"event_id": "a", "conversation_id": 2, "scheduled_at": NOON + 2 * DAY, "source": "test"}],
    )
    names = table(
        Playbooks,
        [{"playbook_id": n, "name": name, "source": "t"} for n, name in ((1, "One"), (2, "Two"))],
    )
    return data_of(conversations(*talks), meetings=met, playbooks=names, as_of=NOON + 40 * DAY)


def test_journeys_are_counted_once_it_is_known_how_they_end() -> None:
    found = only(of_journeys(), "journeys")

    assert found.sentences == (
        "1 journey of 2 led to a meeting; 1 of them after more than one conversation.",
        "Of 1 more it is too early to say.",
    )
    assert found.numbers.rows() == [("One → Two", 1, 1), ("One", 1, 0)]


def test_a_journey_belongs_to_the_period_in_which_its_last_conversation_began() -> None:
    later = only(of_journeys(), "journeys", period=("2026-03-03", "2026-03-03"))

    assert later.numbers.rows() == [("One → Two", 1, 1)]


def test_credit_adds_up_to_the_meetings_in_each_model() -> None:
    found = only(of_journeys(), "playbook-credit")

    credits = {(t, m): c for t, m, c in found.data.select("touch", "model", "credit").rows()}
    assert credits["One", "first"] == credits["Two", "last"] == 1
    assert credits["One", "linear"] == credits["Two", "linear"] == 0.5
    assert found.sentences[0] == (
        "If all that a contact met counts alike, “One” has 0.5 of 1 meetings."
    )


def test_pairs_of_tags_are_those_that_chance_does_not_make() -> None:
    # Five have a and b, five have c: of Fisher's 252 tables two are as unlikely, p = 0.0079.
    talks = tagged(*[["a", "b"]] * 5, *[["c"]] * 5, is_detail=[True] * 10)

    found = only(data_of(talks), "tag-pairs")

    assert found.sentences[0] == (
        "Of 3 pairs of tags that are on 5 conversations or more each, 1 stands together more often "
        "than chance would have it, and 2 less often."
    )
    assert found.numbers.select("Tag", "And", "Both", "Times chance").row(0) == ("a", "b", 5, "2.0")


def test_tags_of_the_later_half_stand_out_from_the_earlier() -> None:
    created = [NOON + (n // 20) * timedelta(days=10) for n in range(40)]
    talks = tagged(*[["old"]] * 20, *[["new"]] * 20, is_detail=[True] * 40).with_columns(
        created_at=pl.Series(created, dtype=pl.Datetime("ms", "UTC"))
    )

    found = only(data_of(talks, as_of=NOON + 12 * DAY), "tag-distinctive")

    assert found.sentences == (
        "More in the later half: “new”; less in the later half: “old”.",
        "Later: 8 Mar to 14 Mar 2026, with 20 conversations of known tags; earlier: 20.",
    )
    assert found.numbers.rows() == [("new", 20, 0, True), ("old", 0, 20, True)]


def test_completeness_says_what_can_be_had_and_what_least() -> None:
    found = only(da.load("data/sample"), "completeness")

    assert found.sentences == (
        "2 of 26 metrics can be had for every conversation that was loaded.",
        "The least is first response from handoff: for 37 % of them.",
    )


def test_sections_of_a_period_are_about_it() -> None:
    period = (datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))

    review = Review(da.load("data/sample"), period=period, sections="all")

    assert {"answer-trend", "playbook-trend", "ageing"} <= {each.name for each in review.sections}
    trend = next(each for each in review.sections if each.name == "answer-trend")
    assert trend.numbers["From"].to_list() == [
        *("4 May 2026", "11 May 2026", "18 May 2026", "25 May 2026")
    ]


def test_a_median_that_was_not_reached_is_not_told_as_if_it_was() -> None:
    number = of_one().key_numbers[2]

    assert (number.value, number.sentence, number.proof) == (
        "not reached",
        "Fewer than half of the conversations that were open have left it; 100 % are open still.",
        "n = 1.",
    )
