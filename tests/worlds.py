"""Small worlds of everything that is loaded, and every metric called on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import strategies as st

import drift_analysis as da
from builders import NOON, conversations, hours, messages, table
from drift_analysis.metrics import (
    playbook_match_rates,
    reconcile_report,
    reconcile_summary,
    survival_quantiles,
)
from drift_analysis.schemas import Goals, Meetings, Playbooks, ReportMetrics

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    World = dict[str, Any]

__all__ = ["AS_OF", "CALLS", "a_world", "worlds"]

AS_OF = NOON + hours(48)
_TAGS: tuple[list[str] | None, ...] = (
    None,
    [],
    ["Demo"],
    ["demo ", "Demo", "price"],
    ["price", "spam"],
)
_AUTHORS = ("contact", "contact", "bot", "human", "unknown")


def _at(hour: float) -> datetime:
    return NOON + hours(hour)


def _record(n: int, created: float, status: str, **more: Any) -> dict[str, Any]:
    tags = more.pop("tags", None)
    return {
        "conversation_id": n,
        "created_at": _at(created),
        "status": status,
        "tags": None if tags is None else [{"name": tag} for tag in tags],
        **more,
    }


def a_world() -> World:
    """Give one world in which everything happens: who is what is told in `test_explained`."""
    book: dict[str, Any] = {"is_detail": True, "playbook_id": 7}
    plain: dict[str, Any] = {"is_detail": True}
    closed: dict[str, Any] = {"status": "closed", "updated_at": _at(6)}
    records = [
        _record(1, 0, **closed, **book, contact_id=1, inbox_id=5, tags=["Demo", "price"]),
        _record(2, 1, "open", **book, contact_id=1, inbox_id=5, tags=["demo"]),
        _record(3, 2, "bulk_sent", **book, contact_id=2, inbox_id=6, tags=[]),
        _record(4, 3, **closed, **plain, contact_id=2, inbox_id=6, tags=["price"]),
        _record(5, 4, "pending"),
        _record(6, 50, "open", **plain, contact_id=3, tags=[]),
    ]
    said = [
        *((1, "contact", 0.5), (1, "bot", 1), (1, "human", 2.5)),
        *((2, "contact", 2), (4, "contact", 4), (4, "bot", 5)),
    ]
    return _tables(records, [_message(*each) for each in said], [(1, 3)])


def _message(n: int, author: str, hour: float, kind: str = "chat") -> dict[str, Any]:
    return {
        "conversation_id": n,
        "author_kind": author,
        "author_type": "contact" if author == "contact" else "user",
        "author_id": None if author == "unknown" else _AUTHORS.index(author),
        "type": kind,
        "created_at": _at(hour),
    }


def _tables(
    records: list[dict[str, Any]], written: list[dict[str, Any]], met: list[tuple[int, int]]
) -> World:
    booked = [
        {"event_id": str(n), "conversation_id": n, "scheduled_at": _at(hour)} for n, hour in met
    ]
    reached = [{"conversation_id": n, "goal_id": "g", "goal_name": "g"} for n, _ in met]
    return {
        "conversations": conversations(*records),
        "messages": messages(*written),
        "playbooks": table(Playbooks, [{"playbook_id": 7, "name": "Demo"}], source="test"),
        "meetings": table(Meetings, booked, source="test"),
        "goals": table(Goals, reached, source="test"),
    }


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Give up to six conversations, some after `AS_OF`, with whatever may hang on them."""
    ids = range(draw(st.integers(0, 6)))
    hour = st.integers(0, 52)
    records = [
        _record(
            n,
            created := draw(hour),
            draw(st.sampled_from(["open", "pending", "closed", "bulk_sent"])),
            updated_at=draw(st.sampled_from([None, _at(created), _at(created + 1), _at(53)])),
            is_detail=draw(st.booleans()),
            playbook_id=draw(st.sampled_from([None, 7, 8])),
            contact_id=draw(st.sampled_from([None, 1, 2])),
            inbox_id=draw(st.sampled_from([None, 5, 6])),
            tags=draw(st.sampled_from(_TAGS)),
        )
        for n in ids
    ]
    kinds = st.sampled_from(["chat", "private_note"])
    said = draw(
        st.lists(st.tuples(st.integers(0, 7), st.sampled_from(_AUTHORS), hour), max_size=12)
    )
    written = [
        _message(n, author, at, draw(kinds) if author == "human" else "chat")
        for n, author, at in said
    ]
    met = draw(st.lists(st.tuples(st.integers(0, 7), hour), max_size=3, unique_by=lambda x: x[0]))
    return _tables(records, written, met)


def _intervals(world: World) -> da.Explained[Any]:
    return da.explain(
        da.status_intervals, world["conversations"], messages=world["messages"], as_of=AS_OF
    )


def _waits(world: World) -> da.Explained[Any]:
    known = world["conversations"]
    return da.explain(da.first_response, world["messages"], as_of=AS_OF, conversations=known)


def _attribution(world: World) -> da.Explained[Any]:
    return da.explain(da.playbook_attribution, as_of=AS_OF, **world)


def _journeys(world: World) -> da.Explained[Any]:
    known, booked = world["conversations"], world["meetings"]
    day = timedelta(days=1)
    return da.explain(da.journeys, known, converted=booked, lookback=day, as_of=AS_OF)


def _groups(world: World) -> Any:
    return world["conversations"].select("conversation_id", "inbox_id")


def _lasting(metric: Callable[..., Any], **arguments: Any) -> Callable[[World], Any]:
    def call(world: World) -> Any:
        given = {"duration": "wait", "censored": "censored", **arguments}
        given = {name: value for name, value in given.items() if value is not None}
        return da.explain(metric, _waits(world), **given)

    return call


def _on(source: Callable[[World], Any], metric: Callable[..., Any], /, **more: Any) -> Any:
    return lambda world: da.explain(
        metric, source(world), **{k: v(world) if callable(v) else v for k, v in more.items()}
    )


def _known(world: World) -> Any:
    return world["conversations"]


def _said(world: World) -> Any:
    return world["messages"]


def _report(world: World) -> Any:
    known = world["conversations"].lazy().collect().get_column("conversation_id")
    rows = [{"conversation_id": n, "time_to_agent_response": timedelta(hours=1)} for n in known]
    report = table(ReportMetrics, rows, source="test")
    return report if isinstance(world["messages"], pl.DataFrame) else report.lazy()


_HOUR = timedelta(hours=1)
_CONTAINED = _on(_known, da.bot_containment, messages=_said, as_of=AS_OF)
_RECONCILED = _on(
    _known,
    da.reconcile,
    metric="first_response",
    messages=_said,
    as_of=AS_OF,
    profiles=["drift_analysis", "zendesk"],
)
_IS_FIVE = pl.col("inbox_id") == 5

CALLS: dict[str, Callable[[World], da.Explained[Any]]] = {
    "status_intervals": _intervals,
    "time_in_status": _on(_intervals, da.time_in_status),
    "time_in_status by": _on(_intervals, da.time_in_status, by=_groups, stays="first"),
    "time_to_close": _on(_intervals, da.time_to_close),
    "time_to_close since": _on(_intervals, da.time_to_close, clock="first_contact", messages=_said),
    "reopens": _on(_intervals, da.reopens, messages=_said),
    "transitions": _on(_intervals, da.transitions),
    "transitions by": _on(_intervals, da.transitions, by=_groups),
    "variants": _on(_intervals, da.variants, by=_groups),
    "flow": _on(_intervals, da.flow),
    "flow by": _on(_intervals, da.flow, by=_groups, every="1w", tz="Asia/Tokyo"),
    "ageing": _on(_intervals, da.ageing),
    "ageing by": _on(_intervals, da.ageing, by=_groups),
    "response_turns": _on(_said, da.response_turns, as_of=AS_OF, conversations=_known),
    "response_turns alone": _on(_said, da.response_turns, as_of=AS_OF),
    "first_response": _waits,
    "first_response alone": _on(_said, da.first_response, as_of=AS_OF, kind="any"),
    "first_response again": lambda world: da.explain(
        da.first_response,
        world["messages"],
        as_of=AS_OF,
        clock="reopen",
        conversations=world["conversations"],
        reopens=da.reopens(_intervals(world).table, messages=world["messages"]),
    ),
    "sla_attainment": _on(_waits, da.sla_attainment, target=[_HOUR, 5 * _HOUR]),
    "bot_containment": _CONTAINED,
    "containment_rates": _on(_CONTAINED, da.containment_rates),
    "load_by_hour": _on(_said, da.load_by_hour, tz="Europe/Berlin", as_of=AS_OF),
    "load_by_hour since": _on(
        _said, da.load_by_hour, tz="UTC", as_of=AS_OF, since=_at(9), conversations=_known
    ),
    "workload": _on(_said, da.workload, tz="UTC", as_of=AS_OF, since=_at(9)),
    "playbook_attribution": _attribution,
    "playbook_attribution alone": _on(_known, da.playbook_attribution, as_of=AS_OF),
    "playbook_lift": _on(_attribution, da.playbook_lift, outcome="meetings"),
    "playbook_lift by status": _on(
        _on(_known, da.playbook_attribution, as_of=AS_OF), da.playbook_lift, outcome="human_handled"
    ),
    "playbook_lift none": _on(_attribution, da.playbook_lift, against="none"),
    "playbook_lift one": _on(_attribution, da.playbook_lift, outcome="human_handled", against=7),
    "playbook_match_rates": _on(_known, playbook_match_rates, playbooks=lambda w: w["playbooks"]),
    "journeys": _journeys,
    "multi_touch_attribution": _on(
        _journeys, da.multi_touch_attribution, model=["linear", "markov"]
    ),
    "tag_frequency": _on(_known, da.tag_frequency),
    "tag_frequency by": _on(_known, da.tag_frequency, every="1d", by="inbox_id"),
    "tag_cooccurrence": _on(_known, da.tag_cooccurrence, by="inbox_id"),
    "tag_sets": _on(_known, da.tag_sets, by=["inbox_id"]),
    "tag_distinctive": _on(_known, da.tag_distinctive, first=_IS_FIVE),
    "tag_survival": _on(_waits, da.tag_survival, conversations=_known),
    "survival_curve": _lasting(da.survival_curve),
    "survival_curve by": _lasting(da.survival_curve, by="responder_kind"),
    "survival_quantiles": _lasting(survival_quantiles, by="responder_kind"),
    "cumulative_incidence": _lasting(da.cumulative_incidence, censored=None, outcome="outcome"),
    "log_rank": _lasting(da.log_rank, group="responder_kind"),
    "restricted_mean": _lasting(da.restricted_mean, horizon=6 * _HOUR),
    "cohort_trend": _lasting(
        da.cohort_trend, start="started_at", horizon=6 * _HOUR, every="1d", as_of=AS_OF
    ),
    "reconcile": _RECONCILED,
    "reconcile_summary": _on(_RECONCILED, reconcile_summary),
    "reconcile_summary reopens": _on(
        _on(_known, da.reconcile, metric="reopens", messages=_said, as_of=AS_OF), reconcile_summary
    ),
    "reconcile_report": _on(
        _report,
        reconcile_report,
        metric="first_response",
        conversations=_known,
        messages=_said,
        as_of=AS_OF,
    ),
}
"""Every metric that can be explained, in several ways where that matters."""
