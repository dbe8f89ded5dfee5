"""Steps between statuses, and flow by day, in DuckDB's SQL, for the same numbers."""

from __future__ import annotations

from sql_status import ORDER

__all__ = ["FLOW"]

_TRANSITIONS = f"""
with lives as (
    select conversation_id, visit, status, entered_at, len(possible) = 1 as certain,
        visit is distinct from lag(visit) over so as is_new, lag(status) over so as was,
        len(possible) = 1 and coalesce(lag(len(possible) = 1) over so, true) as begins_certain,
        max(left_at) over (partition by conversation_id) as as_of,
        last_value(len(possible) = 1) over (partition by conversation_id, visit
            order by entered_at rows between unbounded preceding and unbounded following)
            as ends_certain
    from intervals window so as ({ORDER})),
visits as (
    select *, lead(entered_at) over so is null as is_last,
        coalesce(lead(entered_at) over so, as_of) - entered_at as duration,
        visit > min(visit) over (partition by conversation_id, status) as is_loop
    from lives where is_new window so as ({ORDER})),
steps as (
    select conversation_id, was as from_status, status as to_status,
        lag(duration) over ({ORDER}) as wait, begins_certain as is_certain, is_loop
    from visits
    union all
    select conversation_id, status, null, duration, ends_certain, false from visits where is_last),
times as (
    select from_status, wait as t, count(*)::double as left_,
        count(*) filter (to_status is not null) as d
    from steps where from_status is not null and wait >= 0 group by 1, 2),
risk as (
    select *, sum(left_) over (partition by from_status order by t desc
        rows unbounded preceding) as n from times),
curve as (
    select *, product(1 - d / n) over (partition by from_status order by t
        rows unbounded preceding) as s from risk),
medians as (
    select from_status, min(t) as median_stay from curve where s <= 0.5 + 1e-12 group by 1)
select s.from_status, to_status, count(*) as n, count(distinct conversation_id) as conversations,
    n / sum(count(*)) over (partition by s.from_status) as share,
    count(*) filter (is_certain) as n_certain, count(*) filter (is_loop) as n_loops,
    round_even(avg(wait), 0) as mean_wait, round_even(median(wait), 0) as median_wait,
    any_value(median_stay) as median_stay
from steps s left join medians using (from_status) group by 1, 2
order by list_position(['open', 'pending', 'closed', 'bulk_sent'], s.from_status) nulls first,
    list_position(['open', 'pending', 'closed', 'bulk_sent'], to_status) nulls last"""

_LEVELS = {
    "open": "['open']",
    "pending": "['pending']",
    "backlog": "['open', 'pending']",
    "cumulative_closes": "['closed']",
}
_FLAGS = ",\n        ".join(
    f"(status in {which.replace('[', '(').replace(']', ')')})::int as {name},"
    f" list_has_all({which}, possible)::int as {name}_min,"
    f" list_has_any({which}, possible)::int as {name}_max"
    for name, which in _LEVELS.items()
)
_NAMES = [
    f"{name}{bound}"
    for name in ("open", "pending", "backlog", "cumulative_arrivals", "cumulative_closes")
    for bound in ("", "_min", "_max")
]
_REACHED = ",\n        ".join(
    f"max({name}) over (so rows unbounded preceding) as {name}"
    for name in _NAMES
    if name.startswith("cumulative")
)
_CHANGES = ",\n        ".join(
    f"{name} - coalesce(lag({name}) over so, 0) as {name}" for name in _NAMES
)

_FLOW = f"""
with flags as (
    select conversation_id, visit, status, entered_at, left_at,
        {_FLAGS},
        (status <> 'bulk_sent')::int as cumulative_arrivals,
        (not list_contains(possible, 'bulk_sent'))::int as cumulative_arrivals_min,
        (possible <> ['bulk_sent'])::int as cumulative_arrivals_max
    from intervals),
reached as (
    select * replace (
        {_REACHED})
    from flags window so as ({ORDER})),
ends as (select max(left_at) as ended from intervals),
changes as (
    select least(entered_at, ended - 1) as at_,
        (visit is distinct from lag(visit) over so and status = 'closed')::int as closes,
        (visit is distinct from lag(visit) over so and status in ('open', 'pending')
            and coalesce(lag(status) over so = 'closed', false))::int as reopens,
        {_CHANGES}
    from reached cross join ends window so as ({ORDER})),
quarters as (
    select at_ // 900000 * 900000 as at_, sum(cumulative_arrivals) as arrivals,
        sum(closes) as closes, sum(reopens) as reopens,
        {", ".join(f"sum({name}) as {name}" for name in _NAMES)}
    from changes group by 1),
daily as (
    select local_day(at_) as period, sum(arrivals) as arrivals,
        sum(closes) as closes, sum(reopens) as reopens,
        {", ".join(f"sum({name}) as {name}" for name in _NAMES)}
    from quarters group by 1),
days as (
    select unnest(generate_series((select min(period) from daily),
        (select local_day(ended - 1) from ends), interval 1 day))::date as period)
select period, period + 1 <= (select local_day(ended) from ends) as is_complete,
    coalesce(arrivals, 0) as arrivals, coalesce(closes, 0) as closes,
    coalesce(reopens, 0) as reopens,
    coalesce(arrivals, 0) + coalesce(reopens, 0) - coalesce(closes, 0) as net_flow,
    {", ".join(f"coalesce(sum({n}) over (order by period), 0)::bigint as {n}" for n in _NAMES)}
from days left join daily using (period) order by period"""

FLOW = {"transitions": _TRANSITIONS, "flow": _FLOW}
