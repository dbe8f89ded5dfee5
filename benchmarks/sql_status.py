"""What follows from the history of statuses, in DuckDB's SQL, for the same numbers."""

from __future__ import annotations

__all__ = ["ORDER", "STATUS"]

ORDER = "partition by conversation_id order by visit, entered_at"

_TIMES = """
with estimated as (
    select conversation_id, status, sum(duration) as duration, count(distinct visit) as n_visits,
        bool_or(censored) as censored
    from intervals group by 1, 2),
bounded as (
    select conversation_id, status, sum(low) as low, sum(duration) as high
    from (select conversation_id, unnest(possible) as status, duration,
              case when len(possible) = 1 then duration else 0 end as low from intervals)
    group by 1, 2),
sums as (
    select inbox_id, status, coalesce(duration, 0) as duration, coalesce(low, 0) as low,
        coalesce(high, 0) as high, coalesce(n_visits, 0) > 0 as visited,
        coalesce(censored, false) as censored
    from estimated e full join bounded b using (conversation_id, status)
    left join conversations c using (conversation_id)),
long as (
    select inbox_id, status, 0 as bound, duration as t, censored from sums where visited
    union all select inbox_id, status, 1, low, censored from sums where visited
    union all select inbox_id, status, 2, high, censored from sums where visited),
steps as (
    select inbox_id, status, bound, t, count(*)::double as left_,
        count(*) filter (not censored) as d
    from long where t >= 0 group by 1, 2, 3, 4),
risk as (
    select *, sum(left_) over (partition by inbox_id, status, bound order by t desc
        rows unbounded preceding) as n from steps),
curve as (
    select *, product(1 - d / n) over (partition by inbox_id, status, bound order by t
        rows unbounded preceding) as s from risk),
quantiles as (
    select inbox_id, status,
        min(t) filter (bound = 0 and s <= 0.5 + 1e-12) as median,
        min(t) filter (bound = 1 and s <= 0.5 + 1e-12) as median_min,
        min(t) filter (bound = 2 and s <= 0.5 + 1e-12) as median_max,
        min(t) filter (bound = 0 and s <= 0.1 + 1e-12) as p90,
        min(t) filter (bound = 1 and s <= 0.1 + 1e-12) as p90_min,
        min(t) filter (bound = 2 and s <= 0.1 + 1e-12) as p90_max
    from curve group by 1, 2)
select s.inbox_id, s.status, count(*) filter (visited) as n,
    count(*) filter (visited and censored) as n_censored,
    n_censored / nullif(n, 0) as share_censored,
    sum(duration) as total, sum(low) as total_min, sum(high) as total_max,
    round(sum(duration) filter (visited) / nullif(n, 0)) as mean,
    round(sum(low) filter (visited) / nullif(n, 0)) as mean_min,
    round(sum(high) filter (visited) / nullif(n, 0)) as mean_max,
    any_value(median) as median, any_value(median_min) as median_min,
    any_value(median_max) as median_max, any_value(p90) as p90, any_value(p90_min) as p90_min,
    any_value(p90_max) as p90_max
from sums s left join quantiles q
    on q.inbox_id is not distinct from s.inbox_id and q.status = s.status
group by 1, 2 order by 1, list_position(['open', 'pending', 'closed', 'bulk_sent'], s.status)
"""

_CLOSES = f"""
with ends as (
    select conversation_id, min(entered_at) as created_at, max(left_at) as as_of,
        bool_or(status = 'bulk_sent') and bool_and(status in ('bulk_sent', 'closed')) as alone
    from intervals group by 1),
said as (
    select conversation_id, author_kind, created_at as said_at
    from messages m join (select conversation_id, as_of from ends) e using (conversation_id)
    where type = 'chat' and created_at <= as_of
        and not (is_deleted and coalesce(edited_at <= as_of, false))),
starts as (
    select conversation_id, as_of, greatest(min(said_at), any_value(created_at)) as started_at
    from said join ends using (conversation_id)
    where author_kind = 'contact' and not alone group by 1, 2),
lives as (
    select conversation_id, started_at, as_of, visit, status, entered_at, left_at,
        list_contains(possible, 'closed') as may, possible = ['closed'] as must,
        visit is distinct from lag(visit) over so as is_new,
        lag(status) over so as was, lag(must) over so as was_must,
        lead(visit) over so is null as is_last
    from intervals join starts using (conversation_id) window so as ({ORDER})),
marked as (
    select *, lag(case when is_new and status = 'closed' then entered_at end ignore nulls) over so
            as last_entry
    from lives window so as ({ORDER})),
kept as (
    select *, entered_at >= started_at as since, greatest(entered_at, started_at) as begin_,
        left_at - greatest(entered_at, started_at) as lapse,
        is_new and status = 'closed' and entered_at >= started_at as closes,
        is_new and status in ('open', 'pending') and was = 'closed' and last_entry >= started_at
            as reopens,
        entered_at >= started_at and must and not coalesce(was_must, false) as begins
    from marked
    where entered_at >= started_at or left_at > started_at or is_last),
summed as (
    select conversation_id, any_value(started_at) as started_at, any_value(as_of) as as_of,
        min(entered_at) filter (closes) as first_entry, min(begin_) filter (may) as first_min,
        min(entered_at) filter (begins) as first_max, max(entered_at) filter (closes) as last_entry,
        max(left_at) filter (not may) as last_excluded,
        max(entered_at) filter (begins) as last_begun,
        bool_or(status = 'closed' and is_last) as ended, bool_or(may and is_last) as may_have,
        bool_or(must and is_last) as must_have,
        coalesce(sum(lapse) filter (status <> 'closed'), 0) as active_time,
        coalesce(sum(lapse) filter (not may), 0) as active_time_min,
        coalesce(sum(lapse) filter (not must), 0) as active_time_max,
        count(*) filter (closes) as closes, count(*) filter (reopens) as n_reopens
    from kept group by 1),
closed as (
    select *, case when ended and last_entry is null then started_at else first_entry end
            as first_close_at,
        case when ended and last_entry is null then 1 else closes end as n_closes,
        case when ended then coalesce(last_entry, started_at) end as last_close_at,
        case when may_have then case when last_excluded is null then first_min
            else greatest(first_min, last_excluded) end end as last_close_at_min,
        case when may_have then case when must_have then coalesce(last_begun, started_at)
            else as_of end end as last_close_at_max
    from summed),
before_ as (
    select conversation_id, max(said_at) as said_at
    from said join closed using (conversation_id) where said_at <= last_close_at group by 1)
select conversation_id, started_at, first_close_at, first_min as first_close_at_min,
    first_max as first_close_at_max, last_close_at, last_close_at_min, last_close_at_max,
    as_of - started_at as watched, first_close_at - started_at as time_to_first_close,
    first_min - started_at as time_to_first_close_min,
    first_max - started_at as time_to_first_close_max,
    first_close_at is null as first_censored, last_close_at - started_at as time_to_last_close,
    last_close_at_min - started_at as time_to_last_close_min,
    last_close_at_max - started_at as time_to_last_close_max, not ended as censored,
    active_time, active_time_min, active_time_max, n_closes, n_reopens,
    last_close_at - said_at >= 43200000 as auto_closed,
    case when last_close_at - said_at >= 43200000 then greatest(said_at, started_at)
        when last_close_at - said_at is not null then last_close_at end as effective_close_at
from closed left join before_ using (conversation_id) order by conversation_id"""

_REOPENS = f"""
with lives as (
    select conversation_id, visit, status, evidence, entered_at,
        visit is distinct from lag(visit) over so as is_new,
        possible = ['closed'] as must, list_contains(possible, 'closed') as may,
        lag(must) over so as was_must, lag(status) over so as was,
        max(left_at) over (partition by conversation_id) as as_of
    from intervals window so as ({ORDER})),
visits as (
    select *, lag(case when status = 'closed' then entered_at end) over so as closed_at,
        lead(case when status = 'closed' then entered_at end ignore nulls) over so as next_close_at
    from lives where is_new window so as ({ORDER})),
opened as (
    select *, row_number() over (partition by conversation_id order by entered_at, visit) as reopen
    from visits where status in ('open', 'pending') and was = 'closed'),
known as (
    select conversation_id, reopen,
        bool_or(author_kind = 'contact' and type = 'chat' and created_at > closed_at
            and created_at <= entered_at) as wrote,
        min(created_at) as known_since
    from opened join messages using (conversation_id) group by 1, 2)
select conversation_id, reopen, closed_at, entered_at as reopened_at, status,
    was_must and not may as is_certain,
    case when evidence = 'message' or wrote then 'contact' when known_since <= as_of then 'agent'
        else 'unknown' end as reopened_by,
    entered_at - closed_at as after, next_close_at,
    next_close_at - entered_at as time_to_next_close,
    next_close_at is null as censored, as_of - entered_at as watched
from opened left join known using (conversation_id, reopen) order by 1, 2"""

STATUS = {
    "time_in_status": _TIMES,
    "time_to_close": _CLOSES,
    "reopens": _REOPENS,
}
