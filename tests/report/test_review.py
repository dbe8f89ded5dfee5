from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import drift_analysis as da
from builders import conversations, messages
from drift_analysis.charts.output.render import png_size
from drift_analysis.errors import InputError
from drift_analysis.report import Review
from drift_analysis.report.sections import ENTRIES
from drift_analysis.schemas import Meetings, Messages, StatusEvents
from report.hostile import BODY, CANARIES, PAYLOADS, hostile_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from drift_analysis.report.parts import Section

ALWAYS = ["first-response", "time-in-status", "timeline", "playbooks", "tags", "tag-trend"]
NAMES = [entry.name for entry in ENTRIES if entry.is_usual]
HARMLESS = (
    "html head meta link title style body header main section footer h1 h2 p ol ul li strong span "
    "figure details summary div table caption thead tbody tr th td code "
    "svg g defs clippath path rect line circle text tspan"
)


class Page(HTMLParser):
    """What a page is made of: its elements, its attributes, its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, key, value in self.attributes if key == name]


def plain(text: str) -> str:
    return " ".join(text.split())


def text_of(page: Path) -> str:
    return plain("".join(Page(page).text))


def test_a_review_is_a_page_with_its_pictures_and_a_list_of_them(of_the_sample: Path) -> None:
    files = sorted(p.relative_to(of_the_sample).as_posix() for p in of_the_sample.rglob("*.*"))

    pictures = [f"charts/{name}.{suffix}" for name in NAMES for suffix in ("png", "svg")]
    assert files == sorted([*pictures, "review.html", "review.json"])


def test_sections_that_tell_of_every_data_set_are_always_there(of_hostile_data: Path) -> None:
    manifest = json.loads((of_hostile_data / "review.json").read_text(encoding="utf-8"))

    names = [chart["name"] for chart in manifest["charts"]]
    assert [name for name in ALWAYS if name not in names] == []
    assert names == [name for name in NAMES if name in names]


def test_the_manifest_says_what_each_picture_is(of_the_sample: Path) -> None:
    manifest = json.loads((of_the_sample / "review.json").read_text(encoding="utf-8"))

    assert manifest["page"] == "review.html"
    assert manifest["title"] == "Review of Drift conversations"
    assert manifest["as_of"] == "2026-06-01T10:00:00+00:00"
    assert manifest["time_zone"] == "UTC"
    assert [chart["name"] for chart in manifest["charts"]] == NAMES
    for chart in manifest["charts"]:
        assert (of_the_sample / chart["svg"]).read_text(encoding="utf-8").startswith("<svg")
        assert png_size((of_the_sample / chart["png"]).read_bytes()) > (600, 300)
        assert len(chart["alternative_text"]) > 40
        assert chart["question"].endswith("?")
        assert plain(chart["finding"]) in plain(chart["alternative_text"])


def test_the_page_begins_with_title_period_and_five_numbers(of_the_sample: Path) -> None:
    text = text_of(of_the_sample / "review.html").partition("Review of Drift conversations ")[2]

    assert "2 Mar to 1 Jun 2026, as known at 1 Jun 2026, 10:00 (UTC)." in text
    first, *_ = text.partition("How long do contacts wait for a person?")
    for label in (
        "400 conversations",
        "median first answer",
        "median time open",
        "engaged with playbooks",
        "have the top tag",
    ):
        assert label in first


def test_each_section_has_picture_sentences_numbers_and_definition(of_the_sample: Path) -> None:
    page = Page(of_the_sample / "review.html")

    assert [i for i in page.values("id") if i in NAMES] == NAMES
    assert page.elements.count("figure") == len(NAMES)
    assert page.elements.count("summary") == 2 * len(NAMES)
    pictures = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "role")]
    assert pictures == ["img"] * len(NAMES)


def test_each_section_is_headed_by_its_finding_under_its_question(of_the_sample: Path) -> None:
    manifest = json.loads((of_the_sample / "review.json").read_text(encoding="utf-8"))
    text = text_of(of_the_sample / "review.html")

    for chart in manifest["charts"]:
        assert plain(f"{chart['question']} {chart['finding']}") in text


def test_the_page_says_what_it_cannot_and_what_was_not_read(of_the_sample: Path) -> None:
    text = text_of(of_the_sample / "review.html")

    for part in (
        "What this data cannot say",
        "Drift keeps no history of status",
        "How complete the data is",
        "playbook attribution 396 400 99 %",
        "stops_at_one_page messages 1 398",
        "What could not be read",
        "Of what was read, 1 piece fits no table.",
        "data/sample/conversations/details.ndjson truncated 1 line 391",
        "unknown_status",
    ):
        assert part in text


def test_ids_are_unique_and_everything_referred_to_is_there(of_the_sample: Path) -> None:
    page = Page(of_the_sample / "review.html")
    ids = page.values("id")
    referred = [v[5:-1] for _, _, v in page.attributes if v.startswith("url(#")]

    assert len(ids) == len(set(ids))
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("review", ["of_the_sample", "of_hostile_data"])
def test_nothing_in_the_page_runs_or_loads(review: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(review)
    page = Page(folder / "review.html")

    assert set(page.elements) <= set(HARMLESS.split())
    assert [a for a in page.attributes if a[1].startswith("on") or a[1] in ("src", "action")] == []
    assert page.values("href") == ["data:,"]
    assert [v for v in page.values("style") if v] == []
    assert [v for _, _, v in page.attributes if "url(" in v and not v.startswith("url(#")] == []
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page.values("content")
    styles = (folder / "review.html").read_text(encoding="utf-8").split("</style>")
    assert len(styles) == 2
    assert "@import" not in styles[0]
    assert "url(" not in styles[0]


def test_hostile_names_are_shown_as_they_are(of_hostile_data: Path) -> None:
    text = text_of(of_hostile_data / "review.html")

    assert [payload for payload in PAYLOADS if " ".join(payload.split()) not in text] == []


@pytest.mark.parametrize("suffix", ["html", "svg", "json"])
def test_no_body_and_no_name_or_address_of_a_contact_gets_out(
    suffix: str, of_hostile_data: Path
) -> None:
    written = "".join(p.read_text(encoding="utf-8") for p in of_hostile_data.rglob(f"*.{suffix}"))

    assert [canary for canary in (BODY, *CANARIES) if canary in written] == []


def test_the_same_data_gives_the_same_bytes(of_hostile_data: Path, tmp_path: Path) -> None:
    Review(hostile_dataset(), title=PAYLOADS[0]).write(tmp_path)

    files = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.*"))
    assert files == sorted(p.relative_to(of_hostile_data) for p in of_hostile_data.rglob("*.*"))
    changed = [
        f for f in files if (tmp_path / f).read_bytes() != (of_hostile_data / f).read_bytes()
    ]
    assert changed == []


def test_progress_is_told_step_by_step(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    review = Review(hostile_dataset())
    review.__dict__["sections"] = review.sections[:1]

    review.write(tmp_path, progress=lambda done, total: steps.append((done, total)))

    assert steps == [(1, 2), (2, 2)]


def test_what_happened_later_is_not_seen() -> None:
    early = datetime(2026, 3, 16, tzinfo=UTC)
    review = Review(da.load("data/sample"), as_of=early)

    assert review.measures is not None
    assert review.measures.every == "1d"
    assert review.measures.conversations["created_at"].max() <= early  # type: ignore[operator]
    assert review.measures.intervals["left_at"].max() == early


def test_without_conversations_the_page_says_so_and_keeps_the_rejects(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"data": [{"id": 1, "sta', encoding="utf-8")
    review = Review(da.load([broken, "data/sample/users.json"]))

    page = review.write(tmp_path / "out")

    assert review.measures is None
    assert review.key_numbers == []
    text = text_of(page)
    assert "No conversation was found, so there is nothing to measure." in text
    assert "broken.json truncated 1" in text
    assert json.loads((tmp_path / "out" / "review.json").read_text())["charts"] == []


def test_without_any_moment_there_is_nothing_to_measure() -> None:
    assert Review(replace(hostile_dataset(), as_of=None)).sections == []


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Review(hostile_dataset(), tz="Berlin")

    assert str(caught.value) == (
        "tz='Berlin' is not a time zone.\n"
        "Zones have IANA names, with an area and a city.\n"
        "Try: 'UTC', 'Europe/Berlin' or 'America/New_York'."
    )


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")

    with pytest.raises(InputError) as caught:
        Review(hostile_dataset()).write(taken)

    assert str(caught.value) == (
        f"{taken} cannot be written to.\nThe system says: Not a directory.\nTry: another folder."
    )


def test_the_module_offers_nothing_else() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Revue'"):
        da.report.Revue  # noqa: B018


def test_a_conversation_of_which_little_is_known_makes_a_calm_page() -> None:
    bare = conversations({"conversation_id": 1, "status": "bulk_sent", "is_detail": False})
    nothing: dict[str, Any] = {"messages": Messages.empty(), "status_events": StatusEvents.empty()}
    review = Review(replace(hostile_dataset(), conversations=bare, **nothing))

    assert [(number.value, number.sentence) for number in review.key_numbers] == [
        ("1", "They began within 1 day, 1 of them never picked up after a playbook sent them."),
        ("unknown", "No messages were loaded, so who waited, and for how long, is unknown."),
        ("none", "No conversation was open at any time."),
        ("none", "No conversation is known to have been started by a playbook."),
        ("none", "No conversation is known to have a tag."),
    ]
    assert [section.sentences[0] for section in review.sections] == [
        "No messages were loaded, so who waited, and for how long, is unknown.",
        "None was open or pending.",
        "0 % of the time that all conversations lived is certain; the rest could have been spent "
        "in another status.",
        "No playbook started 5 conversations or more, so none can be compared.",
        "No conversation is known to have a tag.",
    ]


def section(review: Review, name: str) -> Section:
    return next(section for section in review.sections if section.name == name)


def test_playbooks_that_tie_are_all_named() -> None:
    started = [
        {"conversation_id": n, "playbook_id": n % 3, "status": "bulk_sent", "is_detail": True}
        for n in range(1, 16)
    ]
    said = messages(*({"conversation_id": n} for n in range(1, 16) if n % 3 != 2))
    data = replace(hostile_dataset(), conversations=conversations(*started), messages=said)

    first, *_ = section(Review(data), "playbooks").sentences

    assert first == (
        "The highest share of engaged conversations is 100 %, which 2 have in common: "
        "“playbook 0” (57 % to 100 %; n = 5) and "
        "“<script>window.PWNED=1</script>” (57 % to 100 %; n = 5)."
    )


def test_meetings_stand_beside_the_playbooks() -> None:
    review = Review(da.load("data/sample"))

    beside = section(review, "playbooks").beside

    assert beside is not None
    assert beside.rows() == [
        ("Book a demo (fast lane)", 37, 11),
        ("Homepage welcome", 66, 2),
        ("the others", 297, 0),
    ]


def test_meetings_that_were_not_loaded_are_not_counted_as_none() -> None:
    playbooks = section(
        Review(replace(da.load("data/sample"), meetings=Meetings.empty())), "playbooks"
    )

    assert playbooks.beside is None
    assert playbooks.sentences[-1] == "No meetings were loaded, so who led to one is unknown."


def test_meetings_that_nobody_booked_are_told_in_one_row() -> None:
    sample = da.load("data/sample")
    nowhere = sample.meetings.head(1).with_columns(conversation_id=pl.lit(1, pl.Int64))

    beside = section(Review(replace(sample, meetings=nowhere)), "playbooks").beside

    assert beside is not None
    assert beside.rows() == [("all together", 400, 0)]


def test_the_trend_says_n_and_what_is_not_over_in_the_order_of_the_picture() -> None:
    review = Review(da.load("data/sample"))

    numbers = section(review, "tag-trend").numbers

    assert numbers.columns == [
        *("Week", "n", "“Pricing”", "“Demo”", "“Bug”", "“Integration”", "“Hot lead”", "“Billing”")
    ]
    assert numbers.select("Week", "n", "“Pricing”").tail(2).rows() == [
        ("25 May 2026", 31, pytest.approx(5 / 31)),
        ("1 Jun 2026, not over", 1, None),
    ]
    assert review.measures is not None
    panels = review.measures.trend.group_by("tag").agg(pl.col("conversations").sum())
    drawn = panels.sort("conversations", "tag", descending=[True, False])["tag"].head(6)
    assert numbers.columns[2:] == [f"“{tag}”" for tag in drawn]


def test_paper_says_where_the_numbers_are(of_the_sample: Path, tmp_path: Path) -> None:
    told = "The numbers behind each picture and how they are defined are folded away in review.html"

    assert told in text_of(of_the_sample / "review.html")
    nothing = Review(replace(hostile_dataset(), as_of=None)).write(tmp_path)
    assert told not in text_of(nothing)


def test_in_a_notebook_a_review_says_what_it_is_and_what_to_do() -> None:
    assert repr(Review(da.load("data/sample"), tz="Europe/Berlin")) == (
        "Review of a data set of 400 conversations, as known at 1 Jun 2026, 12:00 "
        "(Europe/Berlin).\nTry: .write(folder)"
    )
    assert repr(Review(replace(hostile_dataset(), as_of=None))).splitlines()[0] == (
        "Review of a data set of 449 conversations, as known at no moment."
    )


def test_conversations_that_have_just_begun_have_lived_no_time() -> None:
    new = conversations({"conversation_id": 1})
    nothing: dict[str, Any] = {"messages": Messages.empty(), "status_events": StatusEvents.empty()}
    began = new["created_at"].to_list()[0]
    review = Review(replace(hostile_dataset(), conversations=new, as_of=began, **nothing))

    assert section(review, "timeline").sentences[0] == (
        "All conversations began at the end of what is known, so no time has passed."
    )


def test_a_page_beside_saved_replies_leaves_their_moments_alone(tmp_path: Path) -> None:
    told = b'{"files": {"a.json": {"fetched_at": "2019-09-10T00:00:00+00:00"}}}'
    (tmp_path / "manifest.json").write_bytes(told)
    Review(da.load([])).write(tmp_path)
    assert (tmp_path / "manifest.json").read_bytes() == told
