from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

import drift_analysis as da
from drift_analysis.errors import InputError
from drift_analysis.report.options import KEY, Options, options_of, read_options

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "paths, out, title, tz, as_of, period, from, to, compare, sections, inboxes, playbooks, tags, "
    "formats, pseudonyms"
)


def read(folder: Path, text: str) -> dict[str, Any]:
    path = folder / "review.toml"
    path.write_text(text, encoding="utf-8")
    return read_options(path)


def test_a_file_may_say_all_that_a_review_is_asked_for(tmp_path: Path) -> None:
    options = options_of(
        read(
            tmp_path,
            """
            paths = ["data/sample"]
            out = "weekly"
            title = "Weekly"
            tz = "Europe/Berlin"
            as_of = 2026-05-31T10:00:00Z
            from = 2026-05-01
            to = "2026-05-28"
            compare = "2026-04-01/2026-04-28"
            sections = ["tags"]
            inboxes = [7]
            playbooks = [1, "Welcome"]
            tags = ["Demo"]
            formats = ["html", "pdf"]
            pseudonyms = true
            """,
        )
    )

    assert options == Options(
        paths=("data/sample",),
        out="weekly",
        title="Weekly",
        tz="Europe/Berlin",
        as_of=datetime(2026, 5, 31, 10, tzinfo=UTC),
        start=date(2026, 5, 1),
        end="2026-05-28",
        compare="2026-04-01/2026-04-28",
        sections=("tags",),
        inboxes=(7,),
        playbooks=(1, "Welcome"),
        tags=("Demo",),
        formats=("html", "pdf"),
        pseudonyms=True,
    )


def test_the_command_line_wins_over_the_file() -> None:
    file = {"title": "Weekly", "from": "2026-05-01", "to": "2026-05-28", "tags": ["Demo"]}
    line = {"title": None, "period": "2026-05", "tags": ["Bug"]}

    assert options_of(file, line) == Options(title="Weekly", period="2026-05", tags=("Bug",))
    assert options_of({"period": "2026-05"}, {"from": "2026-05-02"}) == Options(start="2026-05-02")


def test_options_make_a_review(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "a key that is kept")
    sample = da.load("data/sample")
    days = {"from": "2026-05-04", "to": "2026-05-31", "compare": "2026-04-06/2026-05-03"}

    by_days = options_of({**days, "tags": ["demo"], "pseudonyms": True}).review(sample)
    by_name = options_of({"period": "last 4 weeks", "compare": "previous"}).review(sample)

    assert (by_days.period, by_days.compared) == (by_name.period, by_name.compared)
    assert by_days.story.when[1] == "Only conversations of tag “demo”."
    assert by_days.story.when[-1].startswith("Ids of conversations, contacts and users are pseud")


@pytest.mark.parametrize(
    ("period", "days", "before"),
    [
        ("last week", "18 May to 24 May 2026", "11 May to 17 May 2026"),
        ("last 2 weeks", "11 May to 24 May 2026", "27 Apr to 10 May 2026"),
        ("last month", "1 Apr to 30 Apr 2026", "2 Mar to 31 Mar 2026"),
        ("last day", "28 May 2026", "27 May 2026"),
    ],
)
def test_a_file_with_a_relative_period_means_another_one_as_time_goes_on(
    period: str, days: str, before: str, tmp_path: Path
) -> None:
    # On 29 May in Berlin it is 28 May in New York still.
    asked = read(
        tmp_path,
        f"""
        period = "{period}"
        compare = "previous"
        sections = "all"
        tz = "Europe/Berlin"
        as_of = 2026-05-28T22:30:00Z
        """,
    )

    found = options_of(asked).review(da.load("data/sample"))

    assert found.period is not None
    assert found.compared is not None
    assert (found.period.spoken(found.tz), found.compared.spoken(found.tz)) == (days, before)
    assert found.chosen_sections == ("all",)
    a_month_on = options_of(asked, {"as_of": "2026-06-28T22:30:00Z"}).review(da.load([]))
    assert a_month_on.period is not None
    assert a_month_on.period.start > found.period.start


def test_pseudonyms_without_a_key_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)

    with pytest.raises(InputError) as caught:
        options_of({"pseudonyms": True}).review(da.load([]))

    assert str(caught.value) == (
        "Pseudonyms need a key.\n"
        "The environment has no DRIFT_ANALYSIS_KEY.\n"
        "Try: export DRIFT_ANALYSIS_KEY=$(openssl rand -hex 16), and keep it."
    )


def test_a_key_that_is_no_option_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, 'titel = "Weekly"')

    assert str(caught.value) == (
        f"{tmp_path / 'review.toml'}: 'titel' is no option of a review.\n"
        f"The options are {NAMES}.\n"
        "Try: one of these, or leave it out."
    )


@pytest.mark.parametrize(
    ("text", "evidence", "remedy"),
    [
        ("title = 7", "It is a whole number.", 'title = "a text".'),
        ('tags = "demo"', 'It is "a text".', 'tags = [...], a list of "a text".'),
        ("tags = [7]", "It is a list.", 'tags = [...], a list of "a text".'),
        ('inboxes = ["7"]', "It is a list.", "inboxes = [...], a list of a whole number."),
        (
            "playbooks = [1.5]",
            "It is a list.",
            'playbooks = [...], a list of a whole number or "a text".',
        ),
        ("sections = 7", "It is a whole number.", 'sections = [...], a list of "a text".'),
        (
            "from = true",
            "It is true or false.",
            'from = "a text" or a day such as 2026-03-02 or a moment such as 2026-06-01T10:00:00Z.',
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    text: str, evidence: str, remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)

    what = f"{tmp_path / 'review.toml'}: {text.partition(' ')[0]} has a value that it cannot have."
    assert str(caught.value) == f"{what}\n{evidence}\nTry: {remedy}"


def test_a_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="formats='docx' is not a choice"):
        options_of({"formats": ["docx"]})


def test_a_period_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="The period is given twice"):
        options_of({"period": "2026-05", "from": "2026-05-01"})


@pytest.mark.parametrize("text", ["yesterday", "2026-05-31"])
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="as_of"):
        options_of({"as_of": text})


def test_what_is_no_toml_is_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, 'title = "Weekly"\ntags = [')

    what, evidence, remedy = str(caught.value).splitlines()
    assert what == f"{tmp_path / 'review.toml'} is no TOML."
    assert evidence == "It goes wrong at end of document."
    assert remedy == 'Try: lines such as title = "Our chats".'


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_options(tmp_path / "missing.toml")

    assert str(caught.value) == (
        f"{tmp_path / 'missing.toml'} cannot be read.\n"
        "The system says: No such file or directory.\n"
        "Try: another path."
    )
