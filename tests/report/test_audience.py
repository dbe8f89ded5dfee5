from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from builders import conversations
from drift_analysis.errors import InputError
from drift_analysis.report import Audience, Review
from drift_analysis.report.audience import choose
from drift_analysis.schemas import Playbooks
from report.hostile import hostile_dataset

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset


def organisation() -> Dataset[pl.DataFrame]:
    """Six conversations: of two are playbook and tags unknown, of one the inbox."""
    demo, none = [{"name": "Demo", "color": None}], list[dict[str, Any]]()
    rows: list[dict[str, Any]] = [
        {"inbox_id": 1, "playbook_id": 10, "is_detail": True, "tags": demo},
        {"inbox_id": 1, "playbook_id": 20, "is_detail": True, "tags": none},
        {"inbox_id": 2, "playbook_id": None, "is_detail": True, "tags": demo},
        {"inbox_id": 2, "playbook_id": None, "is_detail": False, "tags": None},
        {"inbox_id": 1, "playbook_id": None, "is_detail": False, "tags": None},
        {"inbox_id": None, "playbook_id": 10, "is_detail": True, "tags": none},
    ]
    talks = conversations(*({"conversation_id": n, **row} for n, row in enumerate(rows, 1)))
    playbooks = Playbooks.checked(
        pl.DataFrame(
            [
                {"playbook_id": 10, "name": "Welcome", "source": "test"},
                {"playbook_id": 11, "interaction_id": 20, "name": "Welcome", "source": "test"},
            ],
            schema=Playbooks.schema(),
        )
    )
    return replace(hostile_dataset(), conversations=talks, playbooks=playbooks)


@pytest.mark.parametrize(
    ("audience", "ids", "n_unknown"),
    [
        (Audience(), [1, 2, 3, 4, 5, 6], 0),
        (Audience(inboxes=[1]), [1, 2, 5], 1),
        (Audience(inboxes=[1, 2]), [1, 2, 3, 4, 5], 1),
        (Audience(playbooks=[10]), [1, 6], 2),
        (Audience(playbooks=["Welcome"]), [1, 2, 6], 2),
        (Audience(tags=["  DEMO "]), [1, 3], 2),
        (Audience(inboxes=[1], tags=["demo"]), [1], 1),
        (Audience(inboxes=[2], playbooks=[10]), [], 2),
    ],
)
def test_an_audience_is_any_of_each_kind_and_says_what_may_belong_to_it(
    audience: Audience, ids: list[int], n_unknown: int
) -> None:
    data = organisation()

    chosen = choose(data, audience)

    assert data.conversations.filter(chosen.keeps)["conversation_id"].to_list() == ids
    assert chosen.n_unknown == n_unknown


def test_a_review_says_whose_conversations_it_is_about() -> None:
    audience = Audience(inboxes=[1, 2], playbooks=["Welcome", 20], tags=["demo"])

    review = Review(organisation(), audience=audience)

    assert review.story.when[1:] == (
        "Only conversations of inboxes 1 or 2; playbooks “Welcome” or 20; tag “demo”.",
        "Of 2 more conversations it is not known whether they belong here: left out.",
    )
    assert review.key_numbers[0].value == "1"
    nobody = Review(organisation(), audience=Audience(inboxes=[2], playbooks=[10]))
    assert nobody.story.when[0] == "No conversations."
    one = Review(organisation(), audience=Audience(inboxes=[1]))
    assert one.story.when[2] == (
        "Of 1 more conversation it is not known whether it belongs here: left out."
    )


@pytest.mark.parametrize(
    ("audience", "what"),
    [
        (Audience(inboxes=[3]), "inboxes=[3]"),
        (Audience(playbooks=["Welcom"]), "playbooks=['Welcom']"),
        (Audience(tags=["dmeo"]), "tags=['dmeo']"),
    ],
)
def test_what_no_conversation_has_is_refused(audience: Audience, what: str) -> None:
    with pytest.raises(InputError) as caught:
        choose(organisation(), audience)

    name = what.partition("=")[0]
    assert str(caught.value) == (
        f"{what}: no conversation has one of these.\n"
        "Looked at 6 conversations.\n"
        f"Try: dataset.conversations to see which {name} there are."
    )


def test_one_text_is_no_list() -> None:
    with pytest.raises(InputError) as caught:
        Audience(tags="demo")

    assert str(caught.value) == "tags is not a list.\nGot str.\nTry: tags=['demo']."
