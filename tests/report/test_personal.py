from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import polars as pl
import pytest

import drift_analysis as da
from builders import tagged
from drift_analysis.errors import InputError
from drift_analysis.report import Audience, Review
from drift_analysis.report.personal import pseudonym, pseudonymous, without_addresses
from drift_analysis.schemas import Playbooks
from report.hostile import hostile_dataset

KEY = "a key that is kept"
PEOPLE = "Call +49 30 1234567 or ann@example.com at 10.20.30.40"
HIDDEN = "Call [phone] or [e-mail] at [address]"


def test_a_pseudonym_is_the_same_under_the_same_key_and_tells_nothing() -> None:
    assert pseudonym(KEY, "contact", 7) == pseudonym(KEY.encode(), "contact", 7)
    assert len({pseudonym(key, kind, 7) for key in (KEY, "another key") for kind in "ab"}) == 4
    assert all(0 <= pseudonym(KEY, "user", n) < 10**15 for n in (-1, 0, 2**62))


def test_a_key_that_is_too_short_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        pseudonym("secret", "contact", 7)

    assert str(caught.value) == (
        "The key of pseudonyms is too short.\n"
        "It has 6 of at least 8 characters.\n"
        "Try: pseudonyms=secrets.token_hex(16), and keep it: the same key gives the same numbers."
    )


def test_pseudonyms_stand_in_every_table_and_join_as_the_ids_did() -> None:
    sample = da.load("data/sample")

    hidden = pseudonymous(sample, KEY)

    for name in ("conversation_id", "contact_id", "user_id", "author_id", "agent_id"):
        for table in (field.name for field in fields(sample) if field.name != "as_of"):
            old, new = getattr(sample, table), getattr(hidden, table)
            if name in old.columns:
                assert new.schema == old.schema
                assert new[name].null_count() == old[name].null_count()
                assert new[name].n_unique() == old[name].n_unique()
                assert not set(new[name].drop_nulls()) & set(old[name].drop_nulls())
    joined = hidden.messages.join(hidden.conversations, on="conversation_id", how="semi")
    assert joined.height == sample.messages.height
    staff = hidden.messages.filter(pl.col("author_type") == "user")
    assert staff.join(hidden.users, left_on="author_id", right_on="user_id").height > 0
    known = set(hidden.users["user_id"])
    assert known & set(hidden.conversations["participants"].explode().drop_nulls())


def test_with_pseudonyms_a_review_shows_no_id_and_the_same_numbers(tmp_path: Any) -> None:
    sample = da.load("data/sample")
    plain, hidden = Review(sample), Review(sample, pseudonyms=KEY)

    page = hidden.html(tmp_path / "review.html").read_text(encoding="utf-8")

    assert [each for each in sample.conversations["conversation_id"] if str(each) in page] == []
    assert hidden.key_numbers == plain.key_numbers
    assert "Ids of conversations, contacts and users are pseudonyms." in page


def test_two_ids_with_one_pseudonym_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drift_analysis.report.personal._NUMBERS", 3)

    with pytest.raises(InputError, match="Two ids have the same pseudonym"):
        pseudonymous(da.load("data/sample"), KEY)


def test_addresses_are_masked_in_all_that_is_shown_by_name(tmp_path: Any) -> None:
    talks = tagged([PEOPLE], [PEOPLE], playbook_id=[3, 3], is_detail=[True, True])
    names = Playbooks.checked(
        pl.DataFrame([{"playbook_id": 3, "name": PEOPLE, "source": "a"}], schema=Playbooks.schema())
    )
    data = replace(hostile_dataset(), conversations=talks, playbooks=names)
    review = Review(data, audience=Audience(playbooks=[PEOPLE], tags=[PEOPLE]))

    page = review.html(tmp_path / "review.html").read_text(encoding="utf-8")

    assert HIDDEN in page
    assert [each for each in ("1234567", "ann@", "10.20.30") if each in page] == []
    assert review.numbers["tags"]["Tag"].to_list() == [HIDDEN]


def test_names_of_files_keep_their_dates() -> None:
    rejects = hostile_dataset().rejects.head(1)
    named = rejects.with_columns(source=pl.lit("export-2026-03-01 of ann@example.com"))

    shown = without_addresses(replace(hostile_dataset(), rejects=named)).rejects

    assert shown["source"].to_list() == ["export-2026-03-01 of [e-mail]"]
