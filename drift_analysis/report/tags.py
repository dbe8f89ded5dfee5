"""What people ask for, as far as tags tell."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from drift_analysis import charts
from drift_analysis.charts.kit.format import human_date, human_share
from drift_analysis.schemas import TagFrequency

from .cells import share_span
from .parts import KeyNumber, Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["EVERY", "follows", "key_number", "section", "trend"]

_COLUMNS = 6
EVERY = {"1d": "day", "1w": "week", "1mo": "month"}
"""What the length of a period is called."""

_DEFINITION = (
    "The share of the conversations whose tags are known that have the tag; one that has it "
    "twice counts once. Spellings that differ in case and spaces only are one tag. The interval "
    "is Wilson's, at 95 %. Drift keeps no time for a tag: dates are those of the conversations."
)


def key_number(m: Measures) -> KeyNumber:
    """The most frequent tag."""
    if m.tags.is_empty():
        return KeyNumber("none", "tagged", "No conversation is known to have a tag.", "n = 0.")
    top = m.tags.sort(TagFrequency.rank.name, TagFrequency.tag.name).row(0, named=True)
    return KeyNumber(
        value=human_share(top["share"]),
        label="have the top tag",
        sentence=f"“{top['tag']}” is the most frequent tag, among {m.tags.height:,}.",
        proof=f"95 % interval {share_span(top['share_lo'], top['share_hi'])}; "
        f"n = {top['n_known']:,} with known tags, {top['n_untagged']:,} of them without a tag.",
    )


def section(m: Measures) -> Section:
    """How often each tag is used."""
    t = TagFrequency
    return Section(
        name="tags",
        question="What are people asking for?",
        sentences=_findings(m.tags),
        chart=charts.tag_frequency(
            m.tags, conversations=m.conversations, since=m.since, as_of=m.as_of, tz=m.tz
        ),
        numbers=m.tags.sort(t.rank.name, t.tag.name).select(
            t.tag.col.alias("Tag"),
            t.conversations.col.alias("Conversations"),
            t.share.col.alias("Share"),
            t.share_lo.col.alias("95 % from"),
            t.share_hi.col.alias("95 % to"),
            t.variants.col.list.len().alias("Spellings"),
        ),
        definition=_DEFINITION,
    )


def follows(m: Measures) -> bool:
    """Whether any tag is known, so that it can be followed."""
    return not m.tags.is_empty()


def trend(m: Measures) -> Section:
    """How the use of the most frequent tags changes."""
    period = EVERY[m.every]
    known = m.trend.group_by("period").agg(TagFrequency.n_known.col.first())
    typical = int(known.select(TagFrequency.n_known.col.median().fill_null(0)).item())
    return Section(
        name="tag-trend",
        question="Is that changing?",
        sentences=(
            f"Each point is one {period} of conversations, by the day on which they were created.",
            f"Half of the {period}s have {typical:,} with known tags or fewer: watch the bands "
            "before calling it a change.",
        ),
        chart=charts.tag_trend(m.trend, conversations=m.conversations, as_of=m.as_of, tz=m.tz),
        numbers=_by_period(m, period.capitalize()),
        definition=_DEFINITION,
    )


def _findings(tags: pl.DataFrame) -> tuple[str, str]:
    if tags.is_empty():
        return "No conversation is known to have a tag.", "Lists leave tags out; details have them."
    top = tags.sort(TagFrequency.rank.name, TagFrequency.tag.name).row(0, named=True)
    unknown = (
        f"; of {top['n_unknown']:,} more the tags are unknown, and they are in no share"
        if top["n_unknown"]
        else ""
    )
    return (
        f"“{top['tag']}” is on {human_share(top['share'])} of the {top['n_known']:,} "
        "conversations whose tags are known.",
        f"{top['n_untagged']:,} of those have no tag{unknown}.",
    )


def _by_period(m: Measures, heading: str) -> pl.DataFrame:
    """The shares of the most frequent tags, one column each; their names stand in quotes.

    The tags stand in the order of the picture. A period that is not over has no shares yet.
    """
    t = TagFrequency
    top = m.tags.sort(t.rank.name, t.tag.name)[t.tag.name].head(_COLUMNS)
    today = m.as_of.astimezone(ZoneInfo(m.tz)).date()
    is_over = pl.col("period").dt.offset_by(m.every) <= today
    table = (
        m.trend.group_by("period")
        .agg(
            t.n_known.col.first().alias("n"),
            *(t.share.col.filter(t.tag.col == tag).first().alias(f"“{tag}”") for tag in top),
        )
        .sort("period")
        .with_columns(pl.when(is_over).then(pl.exclude("period", "n")), is_over=is_over)
    )
    begun = table.select("period", "is_over").iter_rows()
    names = [human_date(day) + ("" if over else ", not over") for day, over in begun]
    return table.select(pl.Series(heading, names, pl.String), pl.exclude("period", "is_over"))
