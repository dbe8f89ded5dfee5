"""Compute the metrics with DuckDB, over the same Parquet files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl  # noqa: F401 - what .pl() would import
from metrics_ours import TZ
from sql_flow import FLOW
from sql_intervals import INTERVALS
from sql_load import LOAD
from sql_playbooks import PLAYBOOKS
from sql_responses import RESPONSES
from sql_status import STATUS
from sql_tags import TAGS
from world import AS_OF, LOG_START

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SQL", "computed"]

SQL: dict[str, str] = {
    "status_intervals": INTERVALS,
    **STATUS,
    **FLOW,
    **RESPONSES,
    **LOAD,
    **PLAYBOOKS,
    **TAGS,
}
"""By the name of a metric, the query."""

_MOMENTS = {
    "conversations": "created_at updated_at fetched_at",
    "messages": "created_at edited_at",
    "status_events": "changed_at earliest_at latest_at",
    "meetings": "scheduled_at",
    "intervals": "entered_at left_at",
    "waits": "started_at ended_at",
    "closing": "",
}
"""The columns that are moments: numbers of milliseconds are the fastest to calculate with."""

_VIEWS = """
create view visible as from messages
where type = 'chat' and created_at <= $as_of
    and not (is_deleted and coalesce(edited_at <= $as_of, false));
create macro wilson_lo(x, n) as case when n > 0 then case when x = 0 then 0 else greatest(0,
    (x / n + $z**2 / (2 * n) - $z * sqrt(x / n * (1 - x / n) / n + $z**2 / (4 * n**2)))
    / (1 + $z**2 / n)) end end;
create macro wilson_hi(x, n) as case when n > 0 then case when x = n then 1 else least(1,
    (x / n + $z**2 / (2 * n) + $z * sqrt(x / n * (1 - x / n) / n + $z**2 / (4 * n**2)))
    / (1 + $z**2 / n)) end end;
create macro status_bit(s) as case s when 'open' then 1 when 'pending' then 2 when 'closed' then 4
    when 'bulk_sent' then 8 else 16 end;
create macro status_name(bit) as case bit when 1 then 'open' when 2 then 'pending'
    when 4 then 'closed' when 8 then 'bulk_sent' else 'unknown' end;
create macro status_names(set_) as list_filter([case when set_ & 1 > 0 then 'open' end,
    case when set_ & 2 > 0 then 'pending' end, case when set_ & 4 > 0 then 'closed' end,
    case when set_ & 8 > 0 then 'bulk_sent' end, case when set_ & 16 > 0 then 'unknown' end],
    lambda x: x is not null);
create macro local_(at_) as timezone('$tz', make_timestamptz(at_ * 1000));
create macro local_weekday(at_) as isodow(local_(at_)) - 1;
create macro local_hour(at_) as hour(local_(at_));
create macro local_day(at_) as local_(at_)::date;
"""


def computed(metric: str, tables: Mapping[str, list[str]]) -> Any:
    """Run the query of a metric over tables, given by their files, and return a polars frame."""
    query = duckdb.connect()
    query.execute("set TimeZone = 'UTC'")
    for name, files in tables.items():
        moments = _MOMENTS.get(name, "").split()
        changed = ", ".join(f"epoch_ms({each}) as {each}" for each in moments)
        replaced = f" replace ({changed})" if changed else ""
        query.execute(f"create view {name} as select *{replaced} from read_parquet({files})")
    for statement in _told(_VIEWS).split(";"):
        if statement.strip() and ("messages" in tables or "from messages" not in statement):
            query.execute(statement)
    return query.sql(_told(SQL[metric])).pl()


def _told(text: str) -> str:
    """Put the constants into a query."""
    names = {"$as_of": AS_OF, "$log_start": LOG_START}
    text = text.replace("$far", str(30 * 86_400_000))
    for name, moment in names.items():
        text = text.replace(name, str(_milliseconds(moment)))
    return text.replace("$z", "1.959963984540054").replace("$tz", TZ)


def _milliseconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
