"""What the picture of who answers says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import listing, subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NAMES", "alone_told", "containment_words", "outcome_told"]

NAMES = {
    "contained": "bots alone",
    "unanswered": "bots, last word open",
    "handed_over": "bots, then humans",
    "human_only": "humans only",
    "nobody": "nobody",
}
"""What each outcome is called."""


def outcome_told(row: dict[str, Any]) -> str:
    """Say the share of an outcome and its n; counts alone where they are few."""
    if row["n_judged"] < FEW:
        return f"{row['conversations']} of {row['n_judged']}"
    return f"{human_share(row['share'])} · {exact_count(row['conversations'])}"


def alone_told(row: dict[str, Any]) -> str:
    """Say the share of a group that bots handled alone, and n of the group."""
    if row["n_judged"] < FEW:
        return f"{row['conversations'] or 0} of {row['n_judged']}"
    return f"{human_share(row['share'] or 0.0)} · {exact_count(row['n_judged'])}"


def containment_words(
    judged: pl.DataFrame,
    groups: tuple[pl.DataFrame, pl.DataFrame],
    when: Sequence[str],
    *,
    is_grouped: bool,
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    every, shown = groups
    span, as_of = when
    sums = {name: int(every[name].sum()) for name in every.columns if name.startswith("n_")}
    apart = _apart(sums)
    if shown.is_empty():
        description = f"No picture: no conversation can be judged {span}."
        return Words("No conversation can be judged", span, (apart, as_of), description)
    n = sums["n_judged"]
    alone = judged.filter(pl.col("outcome") == "contained")
    finding = _finding(
        alone.filter(pl.col("n_judged") >= FEW), int(alone["conversations"].sum()), n
    )
    hidden = every.filter(pl.col("n_judged") > 0).height - shown.height
    unanswered = int(judged.filter(pl.col("outcome") == "unanswered")["conversations"].sum())
    caption = (
        f"n = {plural(n, 'closed conversation')} in which the contact wrote.",
        apart,
        "Last word open: bots only, and the contact's last message has no answer."
        if unanswered
        else "",
        "Thin line: 95 % interval of bots alone." if is_grouped else "",
        f"{plural(hidden, 'smaller group')} not drawn." if hidden else "",
        _few(shown, is_grouped=is_grouped),
        as_of,
    )
    measure = "Share of closed conversations by who answered"
    rest = "right: bots alone · n" if is_grouped else "95 % interval · right: share · n"
    kind = (
        "Stacked bars, one per group, parted by who answered"
        if is_grouped
        else "Dot plot with 95 % intervals, one row per outcome"
    )
    told = ", ".join(
        f"{row['label'] + ': ' if is_grouped else ''}{NAMES[row['outcome']]} {outcome_told(row)}"
        for row in judged.filter(pl.col("label").is_in(shown["label"].to_list())).to_dicts()
    )
    description = f"{kind}; x: share of closed conversations, 0 to 100 %. {finding}. {told}."
    return Words(finding, subtitled([measure, rest, span]), caption, description)


def _few(shown: pl.DataFrame, *, is_grouped: bool) -> str:
    if not (shown["n_judged"] < FEW).any():
        return ""
    return f"Below {FEW} conversations: {'counts alone' if is_grouped else 'a ring for each'}."


def _apart(sums: dict[str, int]) -> str:
    """Say what is in no share, and why."""
    parts = [
        f"{exact_count(sums[name])} {why}"
        for name, why in (
            ("n_open", "still open"),
            ("n_not_engaged", "in which the contact wrote nothing"),
            ("n_unknown", "of which it is unknown"),
        )
        if sums.get(name)
    ]
    return f"Apart: {listing(parts)}." if parts else ""


def _finding(alone: pl.DataFrame, contained: int, n: int) -> str:
    if n < FEW:
        return f"Bots handled {contained} of {plural(n, 'conversation')} alone"
    share = human_share(contained / n)
    together = f"Bots handle {share} of closed conversations alone"
    if alone.height < 2:
        return together
    ordered = alone.sort("share", descending=True)
    best, least = ordered.row(0, named=True), ordered.row(-1, named=True)
    if best["lo"] > least["hi"]:
        return (
            f"{together}: most in {shortened(best['label'], 24)} ({human_share(best['share'])}), "
            f"fewest in {shortened(least['label'], 24)} ({human_share(least['share'])})"
        )
    return f"{together}, and no group clearly differs"
