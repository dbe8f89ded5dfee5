from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from builders import conversations
from drift_analysis.errors import InputError
from drift_analysis.metrics import merge_tags, tag_frequency
from drift_analysis.schemas import Conversations, Dataset
from drift_analysis.widgets import TagExplorer, masked_tags
from drift_analysis.widgets.tags.tag_asked import EVERY, LIMITS, VIEWS
from drift_analysis.widgets.tags.tag_masking import shown_names
from drift_analysis.widgets.tags.tag_rows import _visible
from widgets.worlds import HOSTILE, MONDAY, dataset, four, tag, worlds

if TYPE_CHECKING:
    from pathlib import Path

SPELLED: Dataset[pl.DataFrame] = dataset(
    conversations=conversations(
        *(
            {
                "conversation_id": number,
                "created_at": MONDAY,
                "tags": None if names is None else tag(*names),
                "is_detail": names is not None,
            }
            for number, names in enumerate(
                [
                    ["Pricing", "Demo"],
                    ["Pricing", "pricings"],
                    ["PRICING "],
                    ["Demo", "ann@example.com"],
                    [HOSTILE, "bob@example.com"],
                    [],
                    None,
                ],
                1,
            )
        )
    )
)


def cells(explorer: TagExplorer) -> list[list[Any]]:
    """Return what the table says, with the words of an interval only."""
    return [
        [cell if isinstance(cell, str) else cell["text"] for cell in row["cells"]]
        for row in explorer._sheet.rows
    ]


def click(explorer: TagExplorer, name: str) -> str:
    """Press a button beside a spelling, and return what is said."""
    button = next(each for each in explorer._merging.children if each.description == name)
    button.click()
    return str(explorer._bar.said)


def made(code: str, data: Dataset[Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"dataset": data}
    exec(code, names)  # the code that an analyst copies
    return names


def test_at_first_every_tag_is_counted_and_unknown_ones_are_told() -> None:
    explorer = TagExplorer(SPELLED)

    assert_frame_equal(explorer.frame, tag_frequency(SPELLED.conversations))
    assert cells(explorer)[:2] == [
        ["Pricing", "3", "50 % (19 % to 81 %)"],
        ["Demo", "2", "33 % (10 % to 70 %)"],
    ]
    assert explorer._head.sentences == [
        "Tags are known of 6 of 7 conversations; 1 of these have no tag. "
        "The other 1 are in no share."
    ]
    assert explorer.ids.to_list() == [1, 2, 3, 4, 5, 6]
    assert explorer._panes.layout.display == "none"


def test_a_row_opens_the_conversations_behind_it_and_their_transcript() -> None:
    explorer = TagExplorer(four())

    explorer._sheet.selected = "0"

    assert explorer.asked.tag == "pricing"
    assert explorer.ids.to_list() == [1, 2]
    assert explorer._conversations.summary == "2 conversations with Pricing"
    assert explorer._panes.layout.display == ""
    explorer._conversations.selected = "1"
    assert explorer.selected == 1
    assert explorer._transcript.bubbles[1]["text"] == "Write to [e-mail]"
    explorer.reveal = True
    assert explorer._transcript.bubbles[1]["text"] == "Write to ann@example.com"
    with pytest.raises(InputError, match="selected=99 is not in this data set"):
        explorer.selected = 99

    assert explorer._bar.chips == [{"name": "tag", "text": "tag: Pricing", "without": 3}]

    explorer._sheet.selected = ""

    assert explorer.ids.to_list() == [1, 2, 3]
    explorer.undo()
    assert explorer.ids.to_list() == [1, 2]
    explorer._bar._act(None, {"do": "off", "what": "tag"}, None)
    assert explorer.ids.to_list() == [1, 2, 3]


def test_controls_ask_for_what_they_say_and_show_what_is_asked_for() -> None:
    explorer = TagExplorer(SPELLED)
    fields = explorer._controls.fields

    fields["view"].value = "trend"
    fields["every"].value = "1w"
    fields["limit"].value = 5
    fields["tag"].label = "Demo (2)"
    fields["also"].label = "Pricing (3)"

    asked = explorer.asked
    assert (asked.view, asked.every, asked.limit) == ("trend", "1w", 5)
    assert (asked.tag, asked.also) == ("demo", "pricing")
    assert explorer.ids.to_list() == [1]
    assert explorer._sheet.heading == "Demo, by week"
    assert cells(explorer) == [["2 Mar 2026 (still runs)", "2", "6", "33 % (10 % to 70 %)"]]

    fields["tag"].value = ""
    assert (explorer.asked.tag, explorer.asked.also) == (None, None)
    assert fields["also"].disabled
    explorer._controls.all[-1].click()
    assert explorer.asked == explorer._first
    assert fields["view"].value == "frequency"


def test_pairs_are_listed_with_their_lift_and_lead_to_their_conversations() -> None:
    explorer = TagExplorer(SPELLED)
    explorer.change(view="pairs")

    # Pricing is on 3 of 6 and Demo on 2: both on 1, as often as by chance.
    assert ["Demo + Pricing", "1", "1.0", "50 %", "33 %", "100 %"] in cells(explorer)
    at = [row[0] for row in cells(explorer)].index("Demo + Pricing")
    explorer._sheet.selected = str(at)

    assert (explorer.asked.tag, explorer.asked.also) == ("demo", "pricing")
    assert explorer.ids.to_list() == [1]
    assert explorer._sheet.selected == str(at)


def test_a_proposal_is_taken_changed_or_refused_and_all_of_it_can_be_undone() -> None:
    explorer = TagExplorer(SPELLED)
    explorer.change(view="spellings")
    assert cells(explorer) == [
        ["PRICING␣", "Pricing", "capital letters", "1", "open"],
        ["pricings", "Pricing", "plural", "1", "open"],
    ]
    assert click(explorer, "Merge") == "Choose a spelling first."
    assert click(explorer, "Keep apart") == "Choose a spelling first."

    explorer._sheet.selected = "1"
    assert explorer._merging.old == "pricings"
    assert explorer._merging.becomes.value == "Pricing"
    assert click(explorer, "Merge") == "Merged. It can be undone."

    assert explorer.mapping == {"pricings": "Pricing"}
    assert [row[-1] for row in cells(explorer)] == ["open", "counts as Pricing"]
    assert dict(tag_frequency(explorer.conversations).select("tag", "conversations").rows())[
        "Pricing"
    ] == (3)

    explorer._merging.becomes.value = "Prices"
    click(explorer, "Merge")
    assert explorer.mapping == {"pricings": "Prices"}
    click(explorer, "Keep apart")
    assert explorer.mapping == {}
    assert [row[-1] for row in cells(explorer)] == ["open", "kept apart"]
    click(explorer, "Take all proposals")
    assert explorer.mapping == {"PRICING ": "Pricing"}

    explorer._merging.becomes.value = " "
    assert click(explorer, "Merge") == ("A tag cannot be given a blank name.\nTry: a name for it.")
    for _ in range(4):
        explorer.undo()
    assert explorer.mapping == {}
    assert [row[-1] for row in cells(explorer)] == ["open", "open"]


def test_a_mapping_is_kept_and_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    explorer = TagExplorer(SPELLED, mapping={"pricings": "Pricing"})
    explorer.merge("Demo", "Pricing")
    assert explorer._head.sentences[1] == "2 spellings counted under another name."

    assert click(explorer, "Save mapping") == "Saved as tag-mapping-1.json."

    kept = json.loads((tmp_path / "tag-mapping-1.json").read_text())
    again = TagExplorer(SPELLED, mapping=kept)
    assert again.mapping == explorer.mapping == {"pricings": "Pricing", "Demo": "Pricing"}
    assert_frame_equal(again.frame, explorer.frame)
    again.mapping = {}
    assert_frame_equal(again.frame, tag_frequency(SPELLED.conversations))
    again.reset()
    assert again.mapping == kept


def test_a_chosen_tag_that_is_merged_is_followed() -> None:
    explorer = TagExplorer(SPELLED)
    explorer.change(tag="Demo")

    explorer.merge("demo", "Pricing")

    assert explorer.asked.tag == "pricing"
    assert explorer.ids.to_list() == [1, 2, 3, 4]


def test_a_tag_that_is_on_chooses_no_spelling_that_reads_as_its_key() -> None:
    rows = ({"conversation_id": n, "tags": tag(name)} for n, name in enumerate(["Demo", "demo"]))
    explorer = TagExplorer(dataset(conversations=conversations(*rows)))
    explorer.change(tag="demo", view="spellings")

    assert explorer._sheet.selected == ""
    explorer._sheet.selected = "0"
    assert explorer._merging.old == "demo"


def test_what_cannot_be_shown_is_refused_and_nothing_changes() -> None:
    explorer = TagExplorer(SPELLED)
    before = explorer.state

    refused: list[tuple[dict[str, Any], str]] = [
        ({"tag": "gone"}, "1 tag asked for on no conversation.\nThere are 6 tags.\n"),
        ({"view": "wrong"}, "view='wrong' is not a choice.\n"),
        ({"limit": 7}, "limit=7 is not a choice.\nTry: one of '5', '10', '20', '40'."),
        ({"merged": (("a", "b"), ("b", "a"))}, "The mapping leads in a circle."),
    ]
    for change, message in refused:
        with pytest.raises(InputError) as caught:
            explorer.change(**change)
        assert str(caught.value).startswith(message)
    with pytest.raises(InputError, match="This is no state of a tag-explorer"):
        explorer.state = {"merged": [["a"]]}
    with pytest.raises(InputError, match="tz='Mars/Olympus' is not a time zone"):
        TagExplorer(SPELLED, tz="Mars/Olympus")

    assert explorer.state == before


def test_names_of_people_in_tags_are_hidden_unless_revealed_and_stay_several() -> None:
    explorer = TagExplorer(SPELLED)
    synced = json.dumps([explorer._sheet.rows, explorer._controls.fields["tag"]._options_labels])

    assert "example.com" not in synced
    assert "[e-mail] 2" in synced
    assert "example.com" not in json.dumps(explorer.chart.to_dict())
    assert explorer.chart.to_dict() == made(explorer.code, SPELLED)["chart"].to_dict()
    assert "ann@example.com" in explorer.frame["tag"].to_list()
    assert "masked_tags" in explorer.code

    explorer.change(view="spellings")
    explorer._merging.choose("ann@example.com")
    explorer._merging.becomes.value = "[e-mail] 2"
    click(explorer, "Merge")
    assert explorer.mapping == {"ann@example.com": "bob@example.com"}

    explorer.change(tag="bob@example.com")
    assert "example.com" not in json.dumps(explorer._conversations.rows)
    explorer.reveal = True
    assert "bob@example.com" in json.dumps(explorer._conversations.rows)
    explorer.change(view="frequency")
    assert "bob@example.com" in json.dumps(explorer._sheet.rows)
    assert "masked_tags" not in explorer.code


def test_hidden_names_are_told_apart_and_nulls_stay() -> None:
    pairs = pl.DataFrame({"tag_a": ["a@b.io", None], "tag_b": ["c@d.io", "x"], "n": [1, 2]})

    assert masked_tags(pairs).rows() == [("[e-mail]", "[e-mail] 2", 1), (None, "x", 2)]
    assert shown_names([], reveal=False) == {}


def test_spaces_that_cannot_be_seen_are_shown() -> None:
    assert [_visible(text) for text in (" a", "a \t", "a  b", "a b")] == [
        "␣a",
        "a␣␣",
        "a ␣b",
        "a b",
    ]


changes = st.one_of(
    st.fixed_dictionaries({"view": st.sampled_from(list(VIEWS))}),
    st.fixed_dictionaries({"every": st.sampled_from(list(EVERY))}),
    st.fixed_dictionaries({"limit": st.sampled_from(LIMITS)}),
    st.fixed_dictionaries({"tag": st.none() | st.sampled_from(["Pricing", "demo", "Straße"])}),
    st.fixed_dictionaries({"also": st.none() | st.sampled_from(["demo", "σας"])}),
    st.fixed_dictionaries(
        {
            "merged": st.dictionaries(
                st.sampled_from(["PRICING", "De  mo"]), st.sampled_from(["demo", "Other"])
            ).map(lambda mapping: tuple(mapping.items()))
        }
    ),
    st.fixed_dictionaries({"apart": st.just(()) | st.just(("PRICING",))}),
)


@given(worlds(), st.lists(changes, min_size=1, max_size=4))
@settings(max_examples=6, deadline=None)
def test_whatever_is_changed_the_code_and_the_state_give_it_again_and_undo_takes_it_back(
    world: Dataset[Any], steps: list[dict[str, Any]]
) -> None:
    explorer = TagExplorer(world)
    seen = [explorer.asked]
    for step in steps:
        try:
            explorer.change(**step)
        except InputError as problem:  # a tag that is not there
            assert "on no conversation" in str(problem)  # noqa: PT017
        if explorer.asked != seen[-1]:
            seen.append(explorer.asked)
    again = made(explorer.code, world)

    assert_frame_equal(again["frame"], explorer.frame)
    assert_series_equal(again["ids"], explorer.ids)
    assert_series_equal(again["ids"], explorer.conversations["conversation_id"])
    assert again["chart"].to_dict() == explorer.chart.to_dict()
    state = json.loads(json.dumps(explorer.state))
    other = TagExplorer(world, state=state)
    assert other.state == explorer.state
    assert other.asked == explorer.asked
    assert_frame_equal(other.frame, explorer.frame)
    assert_frame_equal(
        explorer._tables.conversations(explorer.asked),
        merge_tags(world.conversations, explorer.mapping),
    )
    undone = [explorer.asked]
    while explorer._bar.can_undo:
        explorer.undo()
        undone.append(explorer.asked)
    assert undone == seen[::-1]


def test_a_data_set_without_conversations_or_tags_is_told_in_words() -> None:
    empty = replace(dataset(), as_of=None)
    explorer = TagExplorer(empty)
    for view in VIEWS:
        explorer.change(view=view)
        assert explorer.frame.is_empty()
        assert explorer._sheet.rows == []
        assert explorer._sheet.note
        assert_frame_equal(made(explorer.code, empty)["frame"], explorer.frame)
    assert explorer._head.sentences[0] == "Tags are known of 0 of 0 conversations."
    assert "No picture" in explorer.chart.description

    unknown = TagExplorer(dataset(conversations=conversations({"conversation_id": 1})))
    assert unknown.ids.to_list() == []
    assert "No picture" in unknown.chart.description


def test_an_archive_that_is_read_lazily_shows_the_same() -> None:
    names = [name for name in Dataset.__dataclass_fields__ if name != "as_of"]
    tables: dict[str, Any] = {name: getattr(SPELLED, name).lazy() for name in names}
    lazy = TagExplorer(Dataset(**tables, as_of=SPELLED.as_of), mapping={"pricings": "Pricing"})

    assert_frame_equal(lazy.frame, TagExplorer(SPELLED, mapping={"pricings": "Pricing"}).frame)
    assert_frame_equal(made(lazy.code, SPELLED)["frame"], lazy.frame)
    Conversations.checked(lazy.conversations)


def test_rows_ids_chart_and_views_are_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    explorer = TagExplorer(SPELLED)
    explorer.change(tag="demo")
    explorer.keep_view("demo")

    for what in ("chart", "csv", "parquet", "ids"):
        explorer._bar._act(None, {"do": "save", "what": what}, None)

    assert (tmp_path / "tag-explorer-1.txt").read_text() == "1\n4\n"
    assert "[e-mail]" in (tmp_path / "tag-explorer-1.csv").read_text()
    assert (tmp_path / "tag-explorer-1.png").stat().st_size > 5000
    explorer.reset()
    explorer.show_view("demo")
    assert explorer.asked.tag == "demo"


def test_the_picture_follows_the_ground_of_the_page_and_is_described() -> None:
    explorer = TagExplorer(four())
    assert explorer._picture.source == ""

    explorer._picture.ground = "light"
    light = explorer._picture.source
    explorer._picture.ground = "dark"

    assert light not in ("", explorer._picture.source)
    assert explorer._picture.source.startswith("data:image/svg+xml;base64,")
    assert explorer._picture.words.startswith("Bar chart, one bar per tag")


def test_two_explorers_do_not_disturb_each_other() -> None:
    one, other = TagExplorer(SPELLED), TagExplorer(SPELLED)

    one.change(view="pairs", tag="demo")
    one.merge("Demo", "Pricing")

    assert other.asked == other._first
    assert other.mapping == {}
