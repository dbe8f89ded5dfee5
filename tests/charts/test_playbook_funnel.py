from __future__ import annotations

from typing import Any

import pytest

from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    playbooks,
    row_count,
    rows_with,
    stays_text,
    title,
)
from drift_analysis import charts
from drift_analysis.schemas import PlaybookAttribution


def book(name: str | None, *counts: int | None, **more: Any) -> dict[str, Any]:
    """Name a playbook, and say conversations, engaged, human handled, meetings, closed."""
    names = ("conversations", "engaged", "human_handled", "meetings", "closed")
    return {"playbook_name": name, **dict(zip(names, counts, strict=False)), **more}


ONE, OTHER = book("One", 100, 50, 20, 10, 30), book("Other", 50, 10, 5, 5, 5)
UNKNOWN = book(None, 10, 5, 1, 0, 5, attribution="unknown")


def spec_of(*rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.playbook_funnel(
        playbooks(*rows), as_of=AS_OF, **options
    ).to_dict()
    return found


def told(spec: dict[str, Any], name: str) -> list[tuple[str, str]]:
    rows = rows_with(spec, "start", "value")
    return [(row["step"], row["value"]) for row in rows if row["full_name"] == name]


def test_each_step_is_a_share_of_the_rows_conversations() -> None:
    spec = spec_of(ONE, OTHER, UNKNOWN)

    assert told(spec, "One") == [
        ("started", "100"),
        ("engaged", "50 %"),
        ("human", "20 %"),
        ("meeting", "10 %"),
    ]
    # 60 of 150, 25 of 150, 15 of 150: the unknown are in no rate.
    assert title(spec) == (
        "Of conversations started by playbooks 40 % engage, 17 % reach a human and 10 % lead to a "
        "meeting"
    )
    assert [row["row"] for row in rows_with(spec, "start", "value")][:3] == [1, 2, 4]
    assert "The playbook of 10 is unknown." in caption(spec)


def test_bars_of_a_step_begin_together_and_are_as_long_as_the_share() -> None:
    bars = rows_with(spec_of(ONE, OTHER), "start", "value")
    engaged = [row for row in bars if row["step"] == "engaged"]
    first, second = (row["end"] - row["start"] for row in engaged)

    assert engaged[0]["start"] == engaged[1]["start"]
    assert first / second == pytest.approx(2.5)
    assert engaged[0]["lo"] < engaged[0]["end"] < engaged[0]["hi"]


def test_what_was_not_loaded_has_no_column_and_closes_end_it_then() -> None:
    spec = spec_of(book("One", 100, 50, None, None, 30))

    assert [step for step, _ in told(spec, "One")] == ["started", "engaged", "closed"]
    assert "No column for humans: messages were not loaded." in caption(spec)
    assert title(spec) == "Of conversations started by playbooks 50 % engage and 30 % are closed"


def test_below_five_counts_stand_alone() -> None:
    spec = spec_of(book("Few", 4, 2, 1, 0, 1))

    assert [value for _, value in told(spec, "Few")] == ["4", "2", "1", "0"]
    assert all(row["lo"] is None for row in rows_with(spec, "start", "value"))
    assert title(spec).startswith("Of 4 conversations started by playbooks 2 engage")


def test_the_small_ones_are_folded_and_many_become_few_rows() -> None:
    spec = spec_of(*(book(f"p{n}", 100 - n, 50, 20, 10, 30) for n in range(30)))

    assert told(spec, "22 other playbooks")[0] == ("started", "1,793")
    assert row_count(spec) <= 60


def test_nothing_is_a_calm_sentence_and_hostile_names_stay_text() -> None:
    empty = charts.playbook_funnel(PlaybookAttribution.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(empty) == "No conversations to follow."
    hostile = (book(name, 50, 25, 5, 5, 5) for name in HOSTILE)
    assert stays_text(spec_of(*hostile, size="half"), *HOSTILE)
