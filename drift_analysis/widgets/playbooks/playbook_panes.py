"""What the panes of a comparison of playbooks are told: texts, and places on axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.charts.kit.frame import FEW
from drift_analysis.charts.playbooks.playbook_lift_words import CLEAR

from ..asked.choices import short
from .playbook_chart import ENDINGS
from .playbook_curves import curve_panel
from .playbook_words import (
    ASSOCIATION,
    OUTCOME_NAMES,
    TAG_WARNING,
    difference_told,
    finding,
    ratio_told,
    share_told,
    tag_finding,
    unknown_told,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..panel.panel_sheet import Sheet

__all__ = ["curves_shown", "rates_shown", "tags_shown", "words_shown"]

_MOST_TAGS = 15
_HEADINGS = {
    "answered": "Not answered by a human yet, after each time",
    "closed": "Not closed yet, after each time",
}
_DEFINITION = (
    "Band: 95 %. Times run from the contact's first message, and from the creation. What was "
    "closed without an answer counts as not answered."
)


def words_shown(frame: pl.DataFrame, names: tuple[str, str], outcome: str) -> tuple[str, ...]:
    """Say the finding of one outcome, and what the comparison rests on."""
    if frame.is_empty():
        return ("There is nothing to compare: none of these conversations names the playbook.",)
    row = frame.row(by_predicate=pl.col("outcome") == outcome, named=True)
    return finding(row, names), unknown_told(row["n_unknown"]), ASSOCIATION


def rates_shown(sheet: Sheet, frame: pl.DataFrame, names: tuple[str, str]) -> None:
    """Show a row for each outcome: both rates, their difference, the lift, and q."""
    ends = frame.filter(
        (pl.col("conversations") >= FEW) & (pl.col("other_conversations") >= FEW)
    ).select(
        top=pl.max_horizontal("happened_hi", "other_hi").max(),
        low=pl.col("difference_lo").min(),
        high=pl.col("difference_hi").max(),
    )
    top, low, high = ends.row(0)
    shares: dict[str, Any] = {"kind": "interval", "low": 0.0, "high": max(top or 0, 0.05)}
    apart = {"low": min(low or 0, -0.05), "high": max(high or 0, 0.05), "zero": 0.0}
    columns: list[dict[str, Any]] = [
        {"title": "Outcome", "kind": "text"},
        {"title": short(names[0]), **shares},
        {"title": short(names[1]), **shares},
        {"title": "Difference", "kind": "interval", **apart},
        {"title": "Lift", "kind": "text"},
        {"title": "q", "kind": "number"},
    ]
    rows = [{"key": row["outcome"], "cells": _cells(row)} for row in frame.to_dicts()]
    sheet.show(
        columns,
        rows,
        heading="What came of them",
        note="Intervals: 95 % (Wilson; of differences Newcombe; of the lift Donner and Zou). q: "
        "chance alone, among all outcomes (Fisher, Benjamini-Hochberg). Hollow: q of 5 % or more. "
        "Choose an outcome to read about it and to have its conversations in .ids.",
    )


def curves_shown(curves: pl.DataFrame, names: tuple[str, str]) -> list[dict[str, Any]]:
    """Return both pictures of curves; one of which nothing is known is left out."""
    panels = []
    for what, ended in ENDINGS.items():
        part = curves.filter(pl.col("what") == what)
        if not part.is_empty():
            panel = curve_panel(part, names, heading=_HEADINGS[what], ended=ended)
            panels.append({**panel, "sentence": f"{panel['sentence']} {_DEFINITION}"})
    return panels


def tags_shown(sheet: Sheet, tags: pl.DataFrame, names: tuple[str, str]) -> None:
    """Show the tags that stand out most."""
    shown = tags.head(_MOST_TAGS)
    low, high = shown.select(pl.col("difference_lo").min(), pl.col("difference_hi").max()).row(0)
    columns: list[dict[str, Any]] = [
        {"title": "Tag", "kind": "text"},
        {"title": short(names[0]), "kind": "text"},
        {"title": short(names[1]), "kind": "text"},
        {
            "title": "Difference",
            "kind": "interval",
            "low": min(low or 0, -0.05),
            "high": max(high or 0, 0.05),
            "zero": 0.0,
        },
        {"title": "q", "kind": "number"},
    ]
    rows = [{"key": "", "cells": _tag_cells(row)} for row in shown.to_dicts()]
    more = tags.height - shown.height
    rest = f" {more:,} more tags are in .tags." if more else ""
    sheet.show(
        columns,
        rows,
        [tag_finding(tags), TAG_WARNING],
        heading="Tags",
        note=f"Of conversations whose tags are known.{rest}" if rows else "",
    )


def _cells(row: Mapping[str, Any]) -> list[Any]:
    first = (row["happened"], row["conversations"], row["happened_lo"], row["happened_hi"])
    second = (row["other_happened"], row["other_conversations"], row["other_lo"], row["other_hi"])
    is_few = min(row["conversations"], row["other_conversations"]) < FEW
    return [
        OUTCOME_NAMES[row["outcome"]],
        _placed(share_told(*first), row, "happened", is_few=first[1] < FEW),
        _placed(share_told(*second), row, "other", is_few=second[1] < FEW),
        _apart(row, is_few=is_few),
        "too few" if is_few else ratio_told(row),
        _chance(row["q"]),
    ]


def _tag_cells(row: Mapping[str, Any]) -> list[Any]:
    first = share_told(row["conversations"], row["n_known"], None, None)
    second = share_told(row["other_conversations"], row["other_known"], None, None)
    is_few = min(row["n_known"], row["other_known"]) < FEW
    return [row["tag"], first, second, _apart(row, is_few=is_few), _chance(row["q"])]


def _placed(text: str, row: Mapping[str, Any], name: str, *, is_few: bool) -> dict[str, Any]:
    if is_few:
        return {"text": text}
    ends = {"at": f"{name}_rate", "lo": f"{name}_lo", "hi": f"{name}_hi"}
    return {"text": text, **{end: row[column] for end, column in ends.items()}}


def _apart(row: Mapping[str, Any], *, is_few: bool) -> dict[str, Any]:
    if is_few or row["difference"] is None:
        return {"text": "too few" if is_few else "not known"}
    return {
        "text": difference_told(row),
        "at": row["difference"],
        "lo": row["difference_lo"],
        "hi": row["difference_hi"],
        "hollow": row["q"] is None or row["q"] >= CLEAR,
    }


def _chance(q: float | None) -> str:
    if q is None:
        return "not known"
    return "under 0.001" if q < 0.001 else f"{q:.3f}"
