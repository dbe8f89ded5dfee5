"""What a tag explorer says in a table and in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.charts.kit.format import human_date, human_share, plural
from drift_analysis.charts.kit.panels import period_ends
from drift_analysis.charts.tags.tag_pairs_words import lift_told

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["MOST_ROWS", "known_words", "pair_rows", "period_rows", "spelling_rows", "tag_rows"]

MOST_ROWS = 200
"""More rows are not sent to the browser."""

Sheeted = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""The columns and the rows of a sheet."""

Named = tuple[list[dict[str, Any]], list[dict[str, Any]], list[tuple[str, ...]]]
"""The same, and the tags that each row is about; the key of a row is its place among them."""

_REASONS = {
    "spaces": "spaces",
    "case": "capital letters",
    "hyphens": "hyphens or joined words",
    "plural": "plural",
    "letter": "one letter",
}


def tag_rows(frequency: pl.DataFrame, shown: dict[str, str]) -> Named:
    """Return a row for each tag: how many conversations have it, and their share."""
    rows = frequency.head(MOST_ROWS).to_dicts()
    columns = [_text("Tag"), _number("Conversations"), _shares("Share of known (95 %)", rows)]
    sheet = [
        _row(str(key), shown[row["tag"]], f"{row['conversations']:,}", _share(row))
        for key, row in enumerate(rows)
    ]
    return columns, sheet, [(row["tag"],) for row in rows]


def period_rows(trend: pl.DataFrame, name: str, *, as_of: datetime, tz: str) -> Sheeted:
    """Return a row for each period of one tag, the latest first; one that still runs is hollow."""
    chosen = trend.filter((pl.col("tag") == name) & pl.col("period").is_not_null())
    ends = period_ends(trend["period"].drop_nulls().unique().sort(), as_of, tz)
    joined = chosen.join(ends, on="period").sort("period", descending=True)
    rows = joined.head(MOST_ROWS).to_dicts()
    columns = [
        _text("Period from"),
        _number("Conversations"),
        _number("Of"),
        _shares("Share (95 %)", rows),
    ]
    return columns, [
        _row(
            "",
            human_date(row["period"]) + ("" if row["is_complete"] else " (still runs)"),
            f"{row['conversations']:,}",
            f"{row['n_known']:,}",
            _share(row, hollow=not row["is_complete"]),
        )
        for row in rows
    ]


def pair_rows(pairs: pl.DataFrame, shown: dict[str, str]) -> Named:
    """Return a row for each two tags that are together, the most frequent first."""
    titles = ("Both", "Lift", "Of the first", "Of the second", "Chance (q)")
    rows = pairs.filter(pl.col("n_ab") > 0).head(MOST_ROWS).to_dicts()
    sheet = [
        _row(
            str(key),
            f"{shown[row['tag_a']]} + {shown[row['tag_b']]}",
            f"{row['n_ab']:,}",
            lift_told(row["lift"]),
            human_share(row["confidence_ab"]),
            human_share(row["confidence_ba"]),
            human_share(row["q"]),
        )
        for key, row in enumerate(rows)
    ]
    named: list[tuple[str, ...]] = [(row["tag_a"], row["tag_b"]) for row in rows]
    return [_text("Tags"), *map(_number, titles)], sheet, named


def spelling_rows(
    proposals: pl.DataFrame, shown: dict[str, str], decided: Callable[[str], str]
) -> Named:
    """Return a row for each spelling that may become another, with what was decided."""
    rows = proposals.filter(pl.col("reason").is_not_null()).head(MOST_ROWS).to_dicts()
    columns = [_text("Spelling"), _text("Like"), _text("Differs in")]
    columns += [_number("Conversations"), _text("Decision")]
    sheet = [
        _row(
            str(key),
            _visible(shown[row["spelling"]]),
            shown[row["into"]],
            _REASONS[row["reason"]],
            f"{row['conversations']:,}",
            decided(row["spelling"]),
        )
        for key, row in enumerate(rows)
    ]
    return columns, sheet, [(row["spelling"],) for row in rows]


def known_words(conversations: pl.DataFrame) -> str:
    """Say of how many conversations tags are known; unknown is not untagged."""
    n_tags = pl.col("tags").list.len()
    known, none = conversations.select(n_tags.count(), (n_tags == 0).sum().alias("none")).row(0)
    unknown = conversations.height - known
    told = f"Tags are known of {known:,} of {plural(conversations.height, 'conversation')}"
    told += f"; {none:,} of these have no tag." if known else "."
    return told + (f" The other {unknown:,} are in no share." if unknown and known else "")


def _visible(spelling: str) -> str:
    """Show spaces that would not be seen."""
    return re.sub(r"^\s+|\s+$|(?<=\s)\s+", lambda found: "␣" * len(found[0]), spelling)


def _row(key: str, *cells: Any) -> dict[str, Any]:
    return {"key": key, "cells": list(cells)}


def _text(title: str) -> dict[str, Any]:
    return {"title": title, "kind": "text"}


def _number(title: str) -> dict[str, Any]:
    return {"title": title, "kind": "number"}


def _shares(title: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    high = max((row["share_hi"] or 0.0 for row in rows), default=1.0)
    return {"title": title, "kind": "interval", "low": 0.0, "high": high or 1.0}


def _share(row: dict[str, Any], *, hollow: bool = False) -> dict[str, Any]:
    if row["share"] is None:
        return {"text": "none known", "at": None, "lo": None, "hi": None, "hollow": hollow}
    lo, hi = row["share_lo"], row["share_hi"]
    told = f"{human_share(row['share'])} ({human_share(lo)} to {human_share(hi)})"
    return {"text": told, "at": row["share"], "lo": lo, "hi": hi, "hollow": hollow}
