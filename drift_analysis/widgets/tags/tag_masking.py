"""Tags as they may be shown: without addresses and numbers of people, and still told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.masking import masked

if TYPE_CHECKING:
    from ..asked.facts import Facts

__all__ = ["masked_facts", "masked_tags", "shown_names"]

_NAMES = ("tag", "tag_a", "tag_b", "into", "spelling")


def masked_tags(frame: pl.DataFrame) -> pl.DataFrame:
    """Hide e-mail addresses, telephone and network numbers in the names of tags.

    Tags that look the same then are numbered, so that they stay several.

    Parameters
    ----------
    frame
        A table of tags, such as `TagFrequency`, `TagCooccurrence` or `TagVariants`.

    Returns
    -------
    :
        The table with other names in ``tag``, ``tag_a``, ``tag_b``, ``into`` and ``spelling``, as
        far as it has them.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.widgets import masked_tags
    >>> tags = pl.DataFrame({"tag": ["Demo", "ann@example.com", "bob@example.com"]})
    >>> masked_tags(tags)["tag"].to_list()
    ['Demo', '[e-mail]', '[e-mail] 2']
    """
    columns = [name for name in _NAMES if name in frame.columns]
    names = pl.concat([frame[name].rename("tag") for name in columns]).drop_nulls()
    hidden = shown_names(names.unique().sort().to_list(), reveal=False)
    changed = {name: shown for name, shown in hidden.items() if name != shown}
    return frame.with_columns(pl.col(columns).replace(changed))


def masked_facts(facts: Facts) -> Facts:
    """Hide the same in the tags of conversations; nothing is copied where there is nothing."""
    spellings = facts.tags["spellings"].explode(empty_as_null=True).drop_nulls().unique()
    hidden = shown_names(spellings.sort().to_list(), reveal=False)
    changed = {name: shown for name, shown in hidden.items() if name != shown}
    if not changed:
        return facts
    name, color = (pl.element().struct.field(each) for each in ("name", "color"))
    tags = pl.col("tags").list.eval(pl.struct(name.replace(changed).alias("name"), color))
    return replace(facts, conversations=facts.conversations.with_columns(tags))


def shown_names(names: list[str], *, reveal: bool) -> dict[str, str]:
    """Return what each of some names is shown as."""
    if reveal or not names:
        return dict(zip(names, names, strict=True))
    frame = pl.DataFrame({"name": names}, schema={"name": pl.String})
    found = frame.with_columns(shown=masked(pl.col("name")))
    number = pl.int_range(1, pl.len() + 1).over("shown")
    is_repeated = (pl.col("name") != pl.col("shown")) & (number > 1)
    again = pl.format("{} {}", "shown", number)
    return dict(
        found.select(
            "name", pl.when(is_repeated).then(again).otherwise(pl.col("shown"))
        ).iter_rows()
    )
