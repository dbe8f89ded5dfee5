"""Any metric, called so that its result explains itself."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.metrics.time.calendar import Calendar
from drift_analysis.schemas.base import require_moment

from .registry import EXPLANATIONS
from .result import Explained
from .stage import ID, REASON, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

__all__ = ["explain"]


def explain(metric: Callable[..., Any], /, *frames: Any, **arguments: Any) -> Explained[Any]:
    """Call a metric, and keep beside its result what stands behind it.

    Parameters
    ----------
    metric
        A metric, such as ``da.playbook_attribution``.
    frames, arguments
        The very arguments that it would be called with. In place of a frame that another metric
        returned, its explanation can be given: what was left out on the way is then known as well.

    Returns
    -------
    :
        An `Explained`: `table` is exactly what the metric returns. With it are `definition`,
        `as_of`, `calendar` and `arguments`; `counted` and `left_out`, how many conversations
        entered, and which not and why; and `ids`, the conversations behind any rows or number.

    Raises
    ------
    InputError
        If it is not a metric that can be explained; and whatever the metric itself raises.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> import drift_analysis as da
    >>> made = {"created_at": datetime(2026, 1, 5, tzinfo=UTC), "is_detail": True}
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {"conversation_id": 1, "playbook_id": 7, "status": "open", **made},
    ...         {"conversation_id": 2, "playbook_id": 7, "status": "bulk_sent", **made},
    ...         {"conversation_id": 3, "status": "open", **made | {"is_detail": False}},
    ...     ],
    ...     schema=da.schemas.Conversations.schema(),
    ... )
    >>> found = da.explain(
    ...     da.playbook_attribution, conversations, as_of=datetime(2026, 2, 1, tzinfo=UTC)
    ... )
    >>> found.table.select("playbook_id", "attribution", "conversations", "engaged").rows()
    [(7, 'playbook', 2, 1), (None, 'unknown', 1, 1)]
    >>> found.left_out.select("reason", "conversations").rows()
    [('unknown_playbook', 1)]
    >>> found.ids(found.table.filter(playbook_id=7)).to_list()
    [1, 2]
    >>> found.ids(found.table.filter(playbook_id=7), number="engaged").to_list()
    [1]
    """
    known = EXPLANATIONS.get(metric)
    if known is None:
        what = f"{getattr(metric, '__name__', type(metric).__name__)} cannot be explained."
        raise InputError.of(what, "", f"one of {', '.join(m.__name__ for m in EXPLANATIONS)}.")
    given = signature(metric).bind(*frames, **arguments)
    sources = {name: each for name, each in given.arguments.items() if isinstance(each, Explained)}
    given.arguments |= {name: source.table for name, source in sources.items()}
    table = metric(*given.args, **given.kwargs)
    given.apply_defaults()
    plans = {name: _plan(each) for name, each in given.arguments.items()}
    if known.builds_on is not None:
        source = sources.get(known.builds_on)
        plans["source"] = None if source is None else source.stage
    plans["table"] = table.lazy()
    wanted = signature(known.stage).parameters
    stage = known.stage(**{name: plans[name] for name in wanted if name in plans})
    return Explained(
        metric=metric.__name__,
        table=table,
        definition=known.definition,
        calendar=_calendar(plans, sources.values()),
        arguments=_told(plans),
        sources=sources,
        told=known.told,
        moment=_moment(plans, sources.values()),
        stage=None if stage is None else _after(stage, sources.values()),
        reasons={
            **{reason: why for each in sources.values() for reason, why in each.reasons.items()},
            **known.reasons,
        },
    )


def _plan(value: object) -> object:
    return value.lazy() if isinstance(value, pl.DataFrame) else value


def _told(plans: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments that are neither frames nor shown apart."""
    apart = (pl.LazyFrame, Calendar, Stage, type(None))
    return {
        name: value
        for name, value in plans.items()
        if not isinstance(value, apart) and name != "as_of"
    }


def _calendar(plans: Mapping[str, Any], sources: Iterable[Explained[Any]]) -> Calendar | None:
    """Return the metric's own; one that takes none may rest on times that were counted so."""
    if "calendar" in plans:
        own: Calendar | None = plans["calendar"]
        return own
    return next((each.calendar for each in sources if each.calendar is not None), None)


def _moment(
    plans: Mapping[str, Any], sources: Iterable[Explained[Any]]
) -> datetime | pl.LazyFrame | None:
    """Find the moment: it was given, or a source has one, or intervals end at it."""
    if plans.get("as_of") is not None:
        return require_moment(plans["as_of"])
    for source in sources:
        if source.moment is not None:
            return source.moment
    if "intervals" in plans:
        intervals: pl.LazyFrame = plans["intervals"]
        return intervals.select(pl.col("left_at").max())
    return None


def _after(stage: Stage, sources: Iterable[Explained[Any]]) -> Stage:
    """Add what was left out before: by the metrics from which the frames come."""
    fates = stage.fates
    for source in sources:
        if source.stage is not None:
            before = source.stage.fates.rename({REASON: "__before"})
            fates = before.join(fates, on=ID, how="full", coalesce=True).select(
                ID, pl.coalesce("__before", REASON).alias(REASON)
            )
    return Stage(stage.keys, stage.parts, fates)
