"""Whose conversations a review is about: some inboxes, playbooks or tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, Playbooks
from drift_analysis.schemas.tags import tag_key

from .personal import masked_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas import Dataset

__all__ = ["Audience", "Chosen", "choose"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Some conversations: of any of the inboxes, and of any of the playbooks, and of any tag.

    Attributes
    ----------
    inboxes
        Ids of inboxes; none lets every one pass.
    playbooks
        Playbooks that started them, by id or by name.
    tags
        Tags that they have, in any spelling that differs in case and spaces only.

    Examples
    --------
    >>> from drift_analysis.report import Audience
    >>> Audience(playbooks=["Homepage welcome"], tags=["demo"]).tags
    ['demo']
    """

    inboxes: Sequence[int] = ()
    playbooks: Sequence[int | str] = ()
    tags: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("inboxes", "playbooks", "tags"):
            if isinstance(getattr(self, name), str | int):
                raise InputError.of(
                    f"{name} is not a list.",
                    f"Got {type(getattr(self, name)).__name__}.",
                    f"{name}=[{getattr(self, name)!r}].",
                )

    def spoken(self) -> str:
        """Say it in words, without addresses in names; nothing where it is everybody."""
        kinds = (
            ("inbox", "inboxes", [str(each) for each in self.inboxes]),
            ("playbook", "playbooks", [_quoted(each) for each in self.playbooks]),
            ("tag", "tags", [_quoted(each) for each in self.tags]),
        )
        return "; ".join(
            f"{one if len(names) == 1 else many} {' or '.join(names)}"
            for one, many, names in kinds
            if names
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The conversations of an audience, and how many may belong to it without our knowing.

    Attributes
    ----------
    keeps
        Of each conversation of the data set, whether it belongs to it.
    n_unknown
        Those that fit, as far as is known, but of which inbox, playbook or tags are not known.
    """

    keeps: pl.Series
    n_unknown: int


def choose(dataset: Dataset[pl.DataFrame], audience: Audience) -> Chosen:
    """Find the conversations of an audience.

    Raises
    ------
    InputError
        If no conversation of the data set has such an inbox, playbook or tag: a misspelt one
        would make a review of nothing.
    """
    conversations = dataset.conversations
    tests = _tests(dataset.playbooks, audience)
    for what, given, test in tests:
        if conversations.filter(test).is_empty():
            raise InputError.of(
                f"{what}={list(given)!r}: no conversation has one of these.",
                f"Looked at {conversations.height:,} conversations.",
                f"dataset.conversations to see which {what} there are.",
            )
    fits = conversations.select(
        pl.all_horizontal(pl.repeat(value=True, n=pl.len()), *(test for _, _, test in tests))
    ).to_series()
    return Chosen(fits.fill_null(value=False), fits.null_count())


def _tests(
    playbooks: pl.DataFrame, audience: Audience
) -> list[tuple[str, Sequence[int | str], pl.Expr]]:
    """Return a condition for each kind that is asked for; null where it is not known."""
    c = Conversations
    by_name = playbooks.filter(
        Playbooks.name.col.is_in([each for each in audience.playbooks if isinstance(each, str)])
    )
    wanted = [each for each in audience.playbooks if not isinstance(each, str)]
    for column in (Playbooks.playbook_id, Playbooks.interaction_id):
        wanted += by_name[column.name].drop_nulls().to_list()
    keys = [str(pl.select(tag_key(pl.lit(tag))).item()) for tag in audience.tags]
    names = c.tags.col.list.eval(tag_key(pl.element().struct.field("name")))
    has_tag = pl.any_horizontal(pl.lit(value=False), *(names.list.contains(key) for key in keys))
    has_none = c.is_detail.col & c.playbook_id.col.is_null()
    tests: list[tuple[str, Sequence[int | str], pl.Expr]] = [
        ("inboxes", audience.inboxes, c.inbox_id.col.is_in(list(audience.inboxes))),
        ("playbooks", audience.playbooks, ~has_none & c.playbook_id.col.is_in(wanted)),
        ("tags", audience.tags, pl.when(c.tags.col.is_not_null()).then(has_tag)),
    ]
    return [test for test in tests if test[1]]


def _quoted(name: int | str) -> str:
    return f"“{masked_text(name)}”" if isinstance(name, str) else str(name)
