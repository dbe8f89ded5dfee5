"""When work comes in and who does it, in DuckDB's SQL, for the same numbers."""

from __future__ import annotations

from sql_responses import ANSWERS, WAITS

__all__ = ["LOAD"]

_LOAD = f"""{WAITS},
quarters as (
    select created_at // 900000 * 900000 as quarter, count(*) as messages, 0 as conversations
    from visible where author_kind = 'contact' group by 1
    union all
    select started_at // 900000 * 900000, 0, count(*)
    from rows where started_at is not null group by 1),
counts as (
    select local_weekday(quarter) as weekday, local_hour(quarter) as hour,
        sum(messages) as messages, sum(conversations) as conversations
    from quarters group by 1, 2),
first_one as (select min(created_at) as since from messages where created_at <= $as_of),
observed as (
    select local_weekday(at_) as weekday, local_hour(at_) as hour,
        sum(least(at_ + 900000, $as_of) - greatest(at_, since)) as observed
    from (select since, unnest(generate_series(since // 900000 * 900000, $as_of - 1, 900000))
              as at_ from first_one) group by 1, 2),
waits as (
    select started_at // 900000 * 900000 as quarter,
        coalesce(answered_at, closed_at, $as_of) - started_at as t,
        answered_at is not null as a, answered_at is not null or closed_at is not null as ended
    from rows where started_at is not null),
local as (
    select quarter, local_weekday(quarter) as weekday, local_hour(quarter) as hour
    from (select distinct quarter from waits)),
steps as (
    select weekday, hour, t, count(*) as left_, count(*) filter (a) as a,
        count(*) filter (ended) as ended
    from waits join local using (quarter) group by 1, 2, 3),
risk as (
    select *, sum(left_) over (partition by weekday, hour order by t desc
        rows unbounded preceding)::double as n from steps),
curve as (
    select *, coalesce(product(1 - ended / n) over (partition by weekday, hour order by t
        rows between unbounded preceding and 1 preceding), 1) as s from risk),
incidence as (
    select weekday, hour, t, sum(s * a / n) over (partition by weekday, hour order by t
        rows unbounded preceding) as f from curve),
medians as (
    select weekday, hour, min(t) as median_first_response
    from incidence where f >= 0.5 - 1e-12 group by 1, 2)
select weekday, hour, coalesce(observed, 0) as observed, coalesce(messages, 0) as messages,
    coalesce(conversations, 0) as conversations,
    coalesce(messages, 0) * 3600000 / nullif(observed, 0) as messages_per_hour,
    coalesce(conversations, 0) * 3600000 / nullif(observed, 0) as conversations_per_hour,
    median_first_response
from (select unnest(range(7)) as weekday) cross join (select unnest(range(24)) as hour)
left join observed using (weekday, hour) left join counts using (weekday, hour)
left join medians using (weekday, hour) order by weekday, hour"""

_WORKLOAD = f"""
with {ANSWERS},
written as (
    select author_id as user_id, conversation_id, created_at, type = 'private_note' as is_note,
        local_day(created_at) as day
    from messages
    where created_at <= $as_of and author_kind = 'human' and (type = 'private_note'
        or (type = 'chat' and not (is_deleted and coalesce(edited_at <= $as_of, false))))),
days as (
    select user_id, day, count(distinct conversation_id) as n
    from written where not is_note group by 1, 2),
busiest as (select user_id, count(*) as active_days, max(n) as busiest_day from days group by 1),
firsts as (select answer[3] as user_id, count(*) as first_responses from answers group by 1)
select user_id, count(distinct conversation_id) filter (not is_note) as conversations,
    count(*) filter (not is_note) as messages, count(*) filter (is_note) as notes,
    coalesce(any_value(first_responses), 0) as first_responses,
    coalesce(any_value(active_days), 0) as active_days,
    coalesce(any_value(busiest_day), 0) as busiest_day,
    min(created_at) filter (not is_note) as first_at,
    max(created_at) filter (not is_note) as last_at
from written left join busiest using (user_id) left join firsts using (user_id)
group by user_id order by user_id"""

LOAD = {"load_by_hour": _LOAD, "workload": _WORKLOAD}
