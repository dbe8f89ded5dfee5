"""The code that gives a comparison of playbooks without the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from .playbook_state import Comparison

__all__ = ["comparison_code"]

_NOTHING = """\
import drift_analysis as da

frame = da.schemas.PlaybookComparison.empty()
chart = da.widgets.playbook_chart(frame, as_of=dataset.as_of, tz={tz!r}, notes={notes!r})
"""
_CODE = """\
{first}import drift_analysis as da

as_of = dataset.as_of
conversations = dataset.conversations.lazy(){kept}
messages = {messages}
attribution = da.playbook_attribution(
    conversations,
    messages=messages,
    playbooks=dataset.playbooks.lazy(),
    meetings={meetings},
    goals={goals},
    as_of=as_of,
).collect()
asked = {{"playbook_id": {playbook_id!r}, "against": {against!r}}}
names = {names!r}
frame = da.widgets.playbook_comparison(attribution, **asked)
sides = da.widgets.playbook_sides(conversations, **asked, names=names)
lasted = da.widgets.playbook_durations(
    conversations, messages, dataset.status_events.lazy(), as_of=as_of
)
curves = da.survival_curve(
    lasted.join(sides.select("conversation_id", "side"), on="conversation_id"),
    duration="lasted",
    censored="runs",
    by=["what", "side"],
).collect()
tags = da.widgets.playbook_tags(da.tag_frequency(sides, by="side"), names=names).collect()
chart = da.widgets.playbook_chart(
    frame, curves, as_of=as_of, names=names, tz={tz!r}, notes={notes!r}
)
"""


def comparison_code(
    asked: Comparison,
    *,
    names: tuple[str, str],
    loaded: Collection[str],
    tz: str,
    notes: Sequence[str],
) -> str:
    """Write the code that gives ``frame``, ``curves``, ``tags`` and ``chart`` from a ``dataset``.

    Parameters
    ----------
    asked
        What is compared.
    names
        What the two sides are called.
    loaded
        Which of the tables ``messages``, ``meetings`` and ``goals`` hold anything; of what is
        not loaded nothing is known.
    tz
        The time zone in which days begin.
    notes
        What the chart says below itself.
    """
    if asked.first is None:
        return _NOTHING.format(tz=tz, notes=list(notes))
    tables = {
        name: f"dataset.{name}.lazy()" if name in loaded else "None"
        for name in ("messages", "meetings", "goals")
    }
    kept = "".join(f"    {line},\n" for line in _conditions(asked, tz))
    days = asked.start is not None or asked.end is not None
    return _CODE.format(
        first=("from datetime import date\n\n" if days else "")
        + ("import polars as pl\n\n" if kept else ""),
        kept=f".filter(\n{kept})" if kept else "",
        playbook_id=asked.first,
        against=asked.second,
        names=names,
        tz=tz,
        notes=list(notes),
        **tables,
    )


def _conditions(asked: Comparison, tz: str) -> list[str]:
    day = f'pl.col("created_at").dt.convert_time_zone({tz!r}).dt.date()'
    on = [] if asked.start is None else [f"{day} >= {_day(asked.start)}"]
    on += [] if asked.end is None else [f"{day} <= {_day(asked.end)}"]
    return on + ([] if asked.inbox is None else [f'pl.col("inbox_id") == {asked.inbox}'])


def _day(day: date) -> str:
    return f"date({day.year}, {day.month}, {day.day})"
