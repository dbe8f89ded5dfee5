"""Which conversations pass each filter: expressions over what was found out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import Conversations

from .filters import Absence, switched_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from .facts import Facts
    from .filters import Filters, Pick

__all__ = ["conditions"]

_STATUS = Conversations.status.col
_DAY, _TAGS, _DURATION = pl.col("day"), pl.col("tags"), pl.col("duration")


def conditions(filters: Filters, facts: Facts) -> dict[str, pl.Expr]:
    """Return a condition for every filter that is on, by its name; never null."""
    on = {
        name: _TESTS[name](value, facts)
        for name, value in switched_on(filters).items()
        if name != "tag"
    }
    if filters.tag is not None:
        on["tag"] = _has_tags(filters.tag, filters.match, facts)
    return {name: condition.fill_null(value=False) for name, condition in on.items()}


def _has_playbook(playbook: int | Absence, _facts: Facts) -> pl.Expr:
    known, is_detail = Conversations.playbook_id.col.is_not_null(), Conversations.is_detail.col
    match playbook:
        case Absence.NONE:
            return ~known & is_detail
        case Absence.UNKNOWN:
            return ~known & ~is_detail
        case _:
            return Conversations.playbook_id.col == playbook


def _has_tags(tag: str | tuple[str, ...] | Absence, match: str, facts: Facts) -> pl.Expr:
    if tag is Absence.NONE:
        return _TAGS.list.len() == 0
    if tag is Absence.UNKNOWN:
        return _TAGS.is_null()
    keys = (tag,) if isinstance(tag, str) else tuple(tag)
    numbers = facts.tag_numbers(keys)
    if match == "any":
        return pl.lit(facts.tagged.holding(numbers))
    return pl.all_horizontal(pl.lit(facts.tagged.holding([number])) for number in numbers)


def _is_found(text: str, facts: Facts) -> pl.Expr:
    begins = Conversations.conversation_id.col.cast(pl.String).str.starts_with(text)
    playbooks = pl.Series(facts.playbooks_with(text), dtype=pl.Int64).implode()
    return pl.any_horizontal(
        begins if text.isdecimal() else pl.lit(value=False),
        Conversations.playbook_id.col.is_in(playbooks),
        pl.lit(facts.tagged.holding(facts.tags_with(text))),
    )


def _is_picked(picked: tuple[Pick, ...], _facts: Facts) -> pl.Expr:
    return pl.any_horizontal(
        pl.lit(value=False),
        *(
            _DAY.is_between(pick.first, pick.last)
            & (pl.lit(value=True) if pick.status is None else pick.status == _STATUS)
            for pick in picked
        ),
    )


_TESTS: dict[str, Callable[[Any, Facts], pl.Expr]] = {
    "start": lambda first, _: first <= _DAY,
    "end": lambda last, _: last >= _DAY,
    "status": lambda status, _: status == _STATUS,
    "inbox": lambda inbox, _: Conversations.inbox_id.col == inbox,
    "playbook": _has_playbook,
    "participant": lambda user, facts: pl.lit(facts.took_part.holding([user])),
    "author": lambda kind, _: pl.col(kind),
    "shortest": lambda least, _: least <= _DURATION,
    "longest": lambda most, _: most > _DURATION,
    "unanswered": lambda waits, _: pl.col("unanswered") == waits,
    "text": lambda text, facts: pl.lit(facts.mentions(text)),
    "find": _is_found,
    "picked": _is_picked,
}
