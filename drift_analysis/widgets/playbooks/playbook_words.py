"""What a comparison of playbooks says in words: names, rates, and how sure a difference is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drift_analysis.charts.kit.format import exact_count, human_share, plural
from drift_analysis.charts.kit.frame import FEW
from drift_analysis.charts.playbooks.playbook_lift_words import points

from ..asked.choices import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from .playbook_rates import Against

__all__ = [
    "ASSOCIATION",
    "OUTCOME_NAMES",
    "TAG_WARNING",
    "difference_told",
    "finding",
    "ratio_told",
    "share_told",
    "side_names",
    "tag_finding",
    "unknown_told",
]

OUTCOME_NAMES = {
    "engaged": "Engaged",
    "human_handled": "Handed over to a person",
    "emails_captured": "E-mail address given",
    "meetings": "Meeting booked",
    "goals": "Goal met",
    "closed": "Engaged and closed",
    "bulk_sent": "Sent in bulk, no reply",
}
"""What each outcome is called."""

ASSOCIATION = (
    "This is an association and no cause: visitors who meet one playbook differ from those who "
    "meet another."
)
TAG_WARNING = (
    "Tags are given after the fact, often by those who answered: they say what became of a "
    "conversation, and are no reason for it. Where tags are known of few, a tag may also tell who "
    "was tagged."
)


def side_names(names: Mapping[int, str], playbook_id: int, against: Against) -> tuple[str, str]:
    """Return what the two sides are called; never the same."""
    first = _name(names, playbook_id)
    if not isinstance(against, int):
        return first, {"rest": "the rest", "none": "no playbook"}[against]
    second = _name(names, against)
    if first == second:
        return f"{first} ({playbook_id})", f"{second} ({against})"
    return first, second


def share_told(happened: int | None, n: int, lo: float | None, hi: float | None) -> str:
    """Say a share with its bounds and counts; of few only the counts.

    Examples
    --------
    >>> from drift_analysis.widgets.playbooks.playbook_words import share_told
    >>> share_told(22, 66, 0.2316, 0.4534), share_told(1, 3, 0.06, 0.79)
    ('33 % (23 % to 45 %) · 22 of 66', '1 of 3')
    """
    if happened is None or n == 0:
        return "not known"
    counts = f"{exact_count(happened)} of {exact_count(n)}"
    if n < FEW or lo is None:
        return counts
    return f"{human_share(happened / n)} ({human_share(lo)} to {human_share(hi)}) · {counts}"


def difference_told(row: Mapping[str, Any]) -> str:
    """Say a difference in points, with its bounds.

    Examples
    --------
    >>> from drift_analysis.widgets.playbooks.playbook_words import difference_told
    >>> difference_told({"difference": 0.2, "difference_lo": 0.052, "difference_hi": 0.334})
    '+20 points (+5 to +33)'
    """
    if row["difference"] is None:
        return "not known"
    value, lo, hi = (points(row[f"difference{end}"]) for end in ("", "_lo", "_hi"))
    return f"{value} points ({lo} to {hi})"


def ratio_told(row: Mapping[str, Any]) -> str:
    """Say how many times as often it came, with bounds.

    Examples
    --------
    >>> from drift_analysis.widgets.playbooks.playbook_words import ratio_told
    >>> ratio_told({"ratio": 1.333, "ratio_lo": 1.078, "ratio_hi": None})
    '1.33 x (1.08 to any)'
    """
    if row["ratio"] is None:
        return "not known"
    hi = "any" if row["ratio_hi"] is None else _times(row["ratio_hi"])
    return f"{_times(row['ratio'])} x ({_times(row['ratio_lo'])} to {hi})"


def finding(row: Mapping[str, Any], names: tuple[str, str]) -> str:
    """Say in a sentence how an outcome differs, and whether chance may explain it."""
    outcome = OUTCOME_NAMES[row["outcome"]]
    if row["difference"] is None:
        return f"{outcome}: nothing to compare, or nothing was loaded of it."
    first, second = (short(name) for name in names)
    counts = (row["happened"], row["conversations"], row["other_happened"])
    happened, n, other = (exact_count(each) for each in counts)
    all_others = exact_count(row["other_conversations"])
    said = (
        f"{outcome}: {human_share(row['happened_rate'])} of {first} ({happened} of {n}) against "
        f"{human_share(row['other_rate'])} of {second} ({other} of {all_others})."
    )
    lo, hi = points(row["difference_lo"]), points(row["difference_hi"])
    apart = f"The difference is {points(row['difference'])} points"
    if min(row["conversations"], row["other_conversations"]) < FEW:
        return f"{said} These are too few to compare."
    if row["difference_lo"] <= 0 <= row["difference_hi"]:
        return f"{said} {apart}, between {lo} and {hi}: chance alone may explain it."
    return f"{said} {apart}, and with 95 % confidence between {lo} and {hi}."


def unknown_told(n_unknown: int) -> str:
    """Say how many conversations are on neither side because their playbook is not known."""
    if n_unknown == 0:
        return "Of every conversation it is known which playbook started it, or that none did."
    of = plural(n_unknown, "conversation")
    return f"Of {of} the playbook is not known: on neither side, and never counted as none."


def tag_finding(tags: pl.DataFrame) -> str:
    """Say how many tags set the two sides apart."""
    clear = tags.filter(tags["q"] < 0.05).height
    if tags.is_empty():
        return "No conversation of either side is known to have a tag."
    return (
        f"{plural(clear, 'tag')} of {exact_count(tags.height)} {'is' if clear == 1 else 'are'} "
        "more frequent on one side than chance among so many would have it (q below 5 %)."
    )


def _name(names: Mapping[int, str], playbook_id: int) -> str:
    return names.get(playbook_id) or f"Playbook {playbook_id}"


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
