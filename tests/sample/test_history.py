"""A life told at a moment knows what had happened by then, and nothing else."""

from __future__ import annotations

from drift_analysis.sample.history import Contact, Life, Meeting, Message


def life() -> Life:
    contact = Contact(7, 0, "Ada Example", "ada@example.com", {}, None)
    return Life(
        id=1,
        created_at=10,
        contact=contact,
        playbook=None,
        inbox_id=3,
        messages=[Message(11, "contact", 7, "Hi"), Message(30, "human", 5, "Hello")],
        statuses=[(10, "open"), (40, "closed"), (60, "open")],
        participants=[(30, 5, True), (35, 6, True), (50, 5, False)],
        tags=[(30, ("Demo", None))],
        meetings=[Meeting("m", 32, 90, 5, 55)],
        goals=[(33, 0)],
        identified_at=31,
    )


def test_the_status_is_the_latest_until_then() -> None:
    assert [life().status_at(moment) for moment in (10, 39, 40, 59, 60)] == [
        *("open", "open", "closed", "closed", "open")
    ]


def test_messages_and_changes_of_status_move_it() -> None:
    assert [life().updated_at(moment) for moment in (10, 11, 39, 45, 99)] == [10, 11, 30, 40, 60]


def test_who_takes_part_is_who_came_and_has_not_left() -> None:
    assert [life().participants_at(moment) for moment in (29, 30, 49, 50)] == [
        *([], [5], [5, 6], [6])
    ]


def test_a_life_that_is_cut_before_everything_has_only_begun() -> None:
    cut = life()

    cut.cut(10)

    assert cut == Life(1, 10, cut.contact, None, 3, statuses=[(10, "open")])


def test_a_meeting_that_is_canceled_later_still_stands() -> None:
    cut = life()

    cut.cut(54)

    assert [meeting.canceled_at for meeting in cut.meetings] == [None]
    assert [meeting.canceled_at for meeting in life().meetings] == [55]


def test_a_cut_at_the_end_changes_nothing() -> None:
    cut = life()

    cut.cut(99)

    assert cut == life()
