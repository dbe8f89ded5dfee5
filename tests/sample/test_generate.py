"""One set of arguments, one sample; every size; clear refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.errors import InputError
from drift_analysis.sample import generate, snapshots, write, write_truth

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_arguments_give_the_same_sample() -> None:
    assert generate(60, seed=5) == generate(60, seed=5)


def test_another_seed_gives_another_sample() -> None:
    assert generate(60, seed=5).details != generate(60, seed=6).details


@settings(max_examples=25, deadline=None)
@given(n=st.integers(0, 70), seed=st.integers(-(2**40), 2**40), weeks=st.integers(1, 20))
def test_every_size_and_seed_gives_a_sample(n: int, seed: int, weeks: int) -> None:
    sample = generate(n, seed=seed, weeks=weeks)

    listed = {record["id"] for page in sample.conversation_pages for record in page["data"]}
    assert len(listed) == n
    assert {conversation for conversation, _, _ in sample.status_history} == listed
    assert len({reply["data"]["id"] for reply in sample.details} - listed) == 0


def test_the_period_is_given_on_the_clock_of_the_office() -> None:
    winter = generate(5, start=date(2026, 1, 5), weeks=2, log_after_weeks=1)

    assert winter.started_at == datetime(2026, 1, 5, 5, tzinfo=UTC)
    assert winter.log_start == datetime(2026, 1, 12, 5, tzinfo=UTC)
    assert winter.fetched_at == datetime(2026, 1, 19, 11, tzinfo=UTC)
    for reply in winter.details:
        created = datetime.fromtimestamp(reply["data"]["createdAt"] / 1_000, UTC)
        assert winter.started_at <= created < winter.fetched_at


def test_an_export_without_oddities_holds_everything() -> None:
    sample = generate(120, oddities=False)

    assert len(sample.details) == 120
    assert sample.broken == ()
    assert sample.older_lists == {}
    assert sum(len(page["data"]) for page in sample.conversation_pages) == 120
    assert {status for _, _, status in sample.status_history} <= {
        *("open", "pending", "closed", "bulk_sent")
    }


@pytest.mark.parametrize(("n", "weeks"), [(-1, 13), (10, 0)])
def test_what_cannot_be_simulated_is_refused(n: int, weeks: int) -> None:
    with pytest.raises(InputError) as error:
        generate(n, weeks=weeks)

    assert str(error.value) == (
        "A sample needs 0 or more conversations in at least 1 week.\n"
        f"Got n={n}, weeks={weeks}.\n"
        "Try: generate(400, weeks=13)."
    )


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write(generate(3), folder)

    with pytest.raises(InputError) as error:
        write(generate(3), folder)

    assert str(error.value) == (
        "mine: the folder is not empty.\n"
        "Old files would mix with the new sample.\n"
        "Try: another folder, or empty this one first."
    )


def test_an_empty_organisation_can_be_written(tmp_path: Path) -> None:
    folder = write(generate(0), tmp_path / "sample")

    lists = [path.read_text() for path in (folder / "conversations").glob("list-*")]
    assert lists == ['{"data":[]}\n']
    assert write_truth(generate(0), tmp_path / "t" / "truth.csv").read_text() == (
        "conversation_id,changed_at,status\n"
    )


def test_lists_of_earlier_days_are_written_with_their_moments(tmp_path: Path) -> None:
    sample = generate(80, oddities=False)
    week = sample.started_at + timedelta(weeks=1)
    later = replace(sample, older_lists=snapshots(sample, [week]))

    folder = write(later, tmp_path / "sample")

    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    name = "conversations/list-2026-03-09T0500-0001.json"
    assert files[name]["fetched_at"] == "2026-03-09T05:00:00.000+00:00"
    assert json.loads((folder / name).read_bytes()) == later.older_lists[week][0]


def test_a_sample_shows_itself_without_a_body_or_a_name() -> None:
    assert repr(generate(3)) == (
        "Sample(conversations=3, webhooks=11, fetched_at=2026-06-01T10:00:00+00:00)"
    )
