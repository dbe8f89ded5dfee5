from __future__ import annotations

from typing import Any

import pytest

from charts.tables import (
    AS_OF,
    caption,
    encodings,
    playbooks,
    row_count,
    rows_with,
    subtitle,
    title,
)
from drift_analysis import charts
from drift_analysis.errors import InputError
from drift_analysis.schemas import PlaybookAttribution


def book(name: str | None, conversations: int, engaged: int, **more: Any) -> dict[str, Any]:
    return {"playbook_name": name, "conversations": conversations, "engaged": engaged, **more}


NONE = book(None, 40, 30, attribution="none")
UNKNOWN = book(None, 20, 10, attribution="unknown")


def drawn(spec: dict[str, Any]) -> list[tuple[str, float | None, str]]:
    rows = rows_with(spec, "full_name")
    return [(row["full_name"], row["rate"], row["value"]) for row in rows]


def test_playbooks_stand_by_their_rate_and_the_others_apart() -> None:
    table = playbooks(book("Low", 100, 10), book("High", 50, 40), UNKNOWN, NONE)
    spec = charts.playbook_attribution(table, as_of=AS_OF).to_dict()

    assert drawn(spec) == [
        ("High", 0.8, "80 % · 50"),
        ("Low", 0.1, "10 % · 100"),
        ("no playbook", 0.75, "75 % · 40"),
        ("playbook unknown", 0.5, "50 % · 20"),
    ]
    assert [row["row"] for row in rows_with(spec, "full_name")] == [0, 1, 3, 4]
    assert "The playbook of 20 is unknown: they count in no other row." in caption(spec)


def test_the_interval_is_that_of_wilson() -> None:
    table = playbooks(book("A", 10, 4), book("B", 10, 4))
    row = rows_with(charts.playbook_attribution(table, as_of=AS_OF).to_dict(), "lo")[0]

    assert row["lo"] == pytest.approx(0.168180, abs=1e-6)
    assert row["hi"] == pytest.approx(0.687326, abs=1e-6)


def test_the_line_of_all_playbooks_leaves_out_the_others() -> None:
    table = playbooks(book("Low", 100, 10), book("High", 50, 40), UNKNOWN, NONE)
    spec = charts.playbook_attribution(table, as_of=AS_OF).to_dict()

    reference = [rows for rows in spec["datasets"].values() if list(rows[0]) == ["rate"]]
    assert reference == [[{"rate": pytest.approx(50 / 150)}]]


def test_the_small_ones_are_folded_and_counted() -> None:
    table = playbooks(*(book(f"P{n}", 100 - n, 50) for n in range(30)))
    spec = charts.playbook_attribution(table, as_of=AS_OF).to_dict()

    names = [name for name, _, _ in drawn(spec)]
    assert len(names) == 9
    assert names[-1] == "22 other playbooks"
    assert "P7" in names
    assert "P8" not in names


def test_the_finding_is_only_what_the_intervals_bear() -> None:
    clear = playbooks(book("Low", 100, 10), book("High", 50, 40))
    level = playbooks(book("Low", 10, 5), book("High", 10, 6))
    several = playbooks(book("Low", 400, 10), book("High", 50, 40), book("Higher", 50, 45))
    alone = playbooks(book("One", 10, 5))

    def says(table: Any) -> str:
        return title(charts.playbook_attribution(table, as_of=AS_OF).to_dict())

    assert says(clear) == "“High” engages 80 % of those it reaches, all playbooks together 33 %"
    assert says(level) == "No playbook clearly engages more than all together: 55 %"
    assert says(several) == "2 of 3 playbooks engage clearly more than all together (19 %)"
    assert says(alone) == "“One” engages 50 % of those it reaches"
    assert says(playbooks(NONE)) == "No conversation is known to have been started by a playbook"
    assert says(playbooks(book("One", 3, 1))) == (
        "Too few conversations per playbook for a rate: each one is drawn"
    )


def test_below_five_each_conversation_is_drawn() -> None:
    spec = charts.playbook_attribution(playbooks(book("Few", 4, 1)), as_of=AS_OF).to_dict()

    row = rows_with(spec, "each")[0]
    assert (row["each"], row["rate"], row["value"]) == ("●○○○", None, "1 of 4")
    assert "Below 5 conversations each is a ring, filled if engaged." in caption(spec)


def axes(spec: dict[str, Any]) -> list[Any]:
    return [x["axis"] for x in encodings(spec, "x") if "axis" in x]


def test_few_conversations_have_no_axis_of_shares_and_no_line_of_all() -> None:
    few = playbooks(book("A", 3, 1), book("B", 3, 0))
    spec = charts.playbook_attribution(few, as_of=AS_OF).to_dict()

    assert set(axes(spec)) == {None}
    assert [rows for rows in spec["datasets"].values() if list(rows[0]) == ["rate"]] == []
    assert title(spec) == "Too few conversations per playbook for a rate: each one is drawn"
    assert subtitle(spec).startswith("Conversations in which the contact engaged · right: of how")
    assert "Dashed" not in caption(spec)


def test_rings_beside_shares_stand_right_of_the_axis() -> None:
    mixed = playbooks(book("A", 3, 1), NONE)
    spec = charts.playbook_attribution(mixed, as_of=AS_OF).to_dict()

    rings = next(
        layer
        for layer in spec["vconcat"][0]["hconcat"][1]["layer"]
        if layer["encoding"].get("text", {}).get("field") == "each"
    )
    assert rings["encoding"]["x"]["value"] > spec["vconcat"][0]["hconcat"][1]["width"]
    assert title(spec) == "Too few conversations per playbook for a rate"
    assert subtitle(spec).startswith("Share in which the contact engaged, 95 % interval")
    assert None not in axes(spec)


def test_a_playbook_that_is_not_in_the_list_keeps_its_id() -> None:
    spec = charts.playbook_attribution(playbooks(book(None, 10, 5)), as_of=AS_OF).to_dict()

    assert drawn(spec)[0][0] == "playbook 100 (not in the list)"


def test_long_names_are_broken_and_told_whole_in_the_tooltip() -> None:
    name = "Welcome for visitors from the spring campaign of the northern"[:60]
    spec = charts.playbook_attribution(playbooks(book(name, 10, 5)), as_of=AS_OF).to_dict()

    row = rows_with(spec, "full_name")[0]
    assert row["full_name"] == name
    assert row["name"].replace("\n", " ") == name
    assert row["name"].count("\n") == 1


def test_how_engagement_was_measured_is_told() -> None:
    without = charts.playbook_attribution(playbooks(book("A", 10, 5)), as_of=AS_OF)
    with_messages = charts.playbook_attribution(
        playbooks(book("A", 10, 5, human_handled=2)), as_of=AS_OF
    )

    assert "Engaged: it left bulk sent (no messages loaded)." in caption(without.to_dict())
    assert "Engaged: the contact wrote a message." in caption(with_messages.to_dict())


def test_nothing_is_a_calm_sentence() -> None:
    spec = charts.playbook_attribution(PlaybookAttribution.empty(), as_of=AS_OF).to_dict()

    assert spec["vconcat"][0]["mark"]["text"] == ["No conversations to attribute."]
    assert title(spec) == "No conversations"


def test_many_playbooks_become_few_rows() -> None:
    table = playbooks(*(book(f"P{n}", 10, 5) for n in range(12_000)))

    assert row_count(charts.playbook_attribution(table, as_of=AS_OF).to_dict()) <= 40


def test_no_rows_at_all_can_not_be_asked_for() -> None:
    with pytest.raises(InputError) as raised:
        charts.playbook_attribution(playbooks(NONE), as_of=AS_OF, limit=0)

    assert str(raised.value) == "limit=0 is below 1.\nTry: limit=8, or leave it out."
