"""The history of every conversation's status in DuckDB's SQL, with what cannot be excluded.

A set of statuses is a number: open 1, pending 2, closed 4, bulk_sent 8, unknown 16. Facts at the
same instant are in the order 0 start, 1 end of a witnessed stretch, 2 message, 3 event, 4 begin of
a witnessed stretch, 5 border of the log.
"""

from __future__ import annotations

__all__ = ["INTERVALS"]

_LOWEST = "({0} & -({0}))"
"""The first of a set of statuses."""


def _lowest(mask: str) -> str:
    return f"nullif({_LOWEST.format(mask)}, 0)"


_FACTS = """
lives as (
    select conversation_id, status_bit(status) as bit, created_at, updated_at, fetched_at,
        not (is_detail and playbook_id is null) or status = 'bulk_sent' as may_be_bulk
    from conversations where created_at <= $as_of),
events as (
    select distinct conversation_id, changed_at, status_bit(status) as bit from status_events
    where source = 'webhook' and changed_at <= $as_of),
snapshots as (
    select conversation_id, status_bit(status) as bit, earliest_at as begin_,
        greatest(latest_at, earliest_at) as end_, 'snapshot' as kind
    from status_events
    where source = 'snapshot' and changed_at <= $as_of and earliest_at <= $as_of),
last_known as (
    select conversation_id, max(at_) as known
    from (select conversation_id, created_at as at_ from messages where created_at <= $as_of
          union all select conversation_id, end_ from snapshots) group by 1),
records as (
    select conversation_id, bit,
        case when usable then updated_at else greatest(created_at, known) end as begin_,
        case when usable then greatest(coalesce(fetched_at, $as_of), updated_at) end as end_,
        'record' as kind
    from (select *, coalesce(updated_at >= created_at, false) as usable from lives)
    left join last_known using (conversation_id)
    where case when usable then updated_at else greatest(created_at, known) end <= $as_of),
seen as (from records union all from snapshots),
cuts as (
    select conversation_id, begin_, min(change) as change
    from (select s.conversation_id, begin_, created_at as change
          from messages m join (select distinct conversation_id, begin_ from seen) s
              on m.conversation_id = s.conversation_id and m.created_at - 5000 > begin_
          where m.created_at <= $as_of
          union all
          select s.conversation_id, begin_, changed_at
          from events e join (select distinct conversation_id, begin_ from seen) s
              on e.conversation_id = s.conversation_id and e.changed_at > begin_)
    group by 1, 2),
ended as (
    select conversation_id, begin_, bit, kind,
        case when end_ is not null then least(end_, change) end as end_
    from seen left join cuts using (conversation_id, begin_)),
told as (
    select conversation_id, created_at as told_at, 0 as ord, 'assumed' as kind,
        null::int as single, case when may_be_bulk then 9 else 1 end as allowed,
        0 as covers, null::int as witnessed
    from lives
    union all
    select conversation_id, created_at, 2, 'message', null, 3, 0, null from messages
    where author_kind = 'contact' and type = 'chat' and created_at <= $as_of
    union all
    select conversation_id, changed_at, 3, 'webhook', bit, null, 0, null from events
    union all
    select conversation_id, begin_, 4, kind, bit, null, (end_ is not null)::int, bit from ended
    union all
    select conversation_id, end_, 1, 'assumed', null, null, -1, bit from ended
    where end_ is not null
    union all
    select conversation_id, $log_start, 5, null, null, null, 0, null from lives
    union all
    select conversation_id, $as_of, 5, 'assumed', null, null, 0, null from lives),
facts as (
    select t.*, greatest(told_at, created_at) as at_, may_be_bulk, created_at = $as_of as is_born,
        at_ >= $log_start and at_ < $as_of as within
    from told t join lives using (conversation_id)
    where greatest(told_at, created_at) < $as_of or ord not in (1, 5)),
"""

_ORDER = """partition by conversation_id order by at_, ord <> 0, told_at, ord,
        kind desc nulls first, witnessed nulls first, single nulls first"""

INTERVALS = f"""
with {_FACTS}
covered as (
    select conversation_id, at_, ord, kind, single, allowed, may_be_bulk, is_born, within,
        row_number() over so as place,
        sum(case when covers <> 0 then covers * 4096::bigint ** (bit_count(witnessed - 1)) else 0
            end) over (so rows unbounded preceding)::bigint + 576601524159907840::bigint as counts,
        max((ord = 2)::int) over (so rows unbounded preceding) as contacted,
        lead(case when ord = 3 then at_ end ignore nulls) over so as next_at,
        lead(case when ord = 3 then single end ignore nulls) over so as next_status,
        ord = 0 or ord = 3 or within is distinct from lag(within) over so as begins
    from facts window so as ({_ORDER})),
constrained as (
    select *, case when counts & 4095 > 2048 then 1 else 0 end
            + case when (counts >> 12) & 4095 > 2048 then 2 else 0 end
            + case when (counts >> 24) & 4095 > 2048 then 4 else 0 end
            + case when (counts >> 36) & 4095 > 2048 then 8 else 0 end
            + case when (counts >> 48) & 4095 > 2048 then 16 else 0 end as all_seen,
        case when bit_count(all_seen) = 1 and ord <> 3 then all_seen end as witnessed,
        case when contacted = 1 or not may_be_bulk then 7 else 15 end as base,
        ord = 2 and not coalesce(next_status & 3 > 0 and next_at - at_ <= 5000, false) as speaks,
        count(*) filter (begins) over so as run,
        max((ord = 2 and not coalesce(next_status & 3 > 0 and next_at - at_ <= 5000, false))::int)
            over so as spoke
    from covered
    window so as (partition by conversation_id order by place rows unbounded preceding)),
agreeing as (
    select *, bit_and(coalesce(case when ord = 3 then single end, witnessed,
            case when speaks then allowed end, case when ord = 0 then allowed end, 31)
            & coalesce(witnessed, 31)
            & coalesce(case when next_at < $as_of then 31 - next_status end, 31)) over so as anded,
        bit_and(case when spoke = 1 or not may_be_bulk then 7 else 15 end) over so as engaged
    from constrained window so as (partition by conversation_id, run)),
logged_ as (
    select * exclude (single, allowed, ord, kind),
        ord, kind, single as given, allowed as given_allowed,
        case when bit_count(anded) = 1 then anded else anded & engaged end as agreed,
        within and agreed > 0 as logged,
        bit_count(agreed) = 1 as certain,
        case when logged then case when certain then agreed end
            else coalesce(witnessed, given) end as single,
        case when logged then case when not certain then agreed end else given_allowed end
            as allowed
    from agreeing),
limited as (
    select *, allowed & lead(coalesce(single, allowed) ignore nulls) over so as coming,
        coalesce(single, lead(single ignore nulls) over so) as next_
    from logged_ window so as (partition by conversation_id order by place)),
settled1 as (
    select *, coalesce(single, case when ord = 0 and allowed is not null then
        case when coming > 0 then {_lowest("coming")} else {_lowest("allowed")} end end) as s0
    from limited),
settled2 as (
    select *, lag(s0 ignore nulls) over (partition by conversation_id order by place) as last0
    from settled1),
settled3 as (
    select *, coalesce(s0, case when not logged and ord = 2 then
        case when allowed & last0 > 0 then last0 when allowed & next_ > 0 then next_
        else {_lowest("allowed")} end end) as s1
    from settled2),
settled4 as (
    select *, lag(s1 ignore nulls) over (partition by conversation_id order by place) as last1
    from settled3),
settled5 as (
    select *, coalesce(s1,
        case when allowed & last1 > 0 then last1 when allowed & next_ > 0 then next_
        else {_lowest("allowed")} end) as s2
    from settled4),
decided as (
    select conversation_id, place, at_, ord, single, is_born, logged, agreed, witnessed, base,
        coalesce(s2, lag(s2 ignore nulls) over so) as state,
        case when ord = 4 then kind else lag(case when ord = 4 then kind end ignore nulls) over so
            end as seen_kind,
        coalesce(kind, lag(kind ignore nulls) over so) as last_kind,
        lead(at_) over so as following
    from settled5 window so as (partition by conversation_id order by place)),
stretches as (
    select conversation_id, place, at_, state,
        case when logged then agreed else coalesce(witnessed, base | state) end as possible,
        case when logged then 'webhook' when witnessed is not null then seen_kind
            else last_kind end as evidence
    from decided
    where coalesce(following, $as_of) > at_ or (logged and ord = 3)
        or (following is null and (single is not null or is_born))),
changed as (
    select * from stretches
    window so as (partition by conversation_id order by place)
    qualify state is distinct from lag(state) over so or possible is distinct from
        lag(possible) over so or evidence is distinct from lag(evidence) over so
        or lag(place) over so is null),
starts as (
    select *, state is distinct from lag(state) over so as is_new,
        coalesce(lead(at_) over so, $as_of) as left_at
    from changed window so as (partition by conversation_id order by place)),
visits as (
    select *, count(*) filter (is_new) over (partition by conversation_id order by place
            rows unbounded preceding) as visit,
        count(*) filter (is_new) over (partition by conversation_id) as visits
    from starts)
select conversation_id, visit, status_name(state) as status, status_names(possible) as possible,
    at_ as entered_at, left_at, left_at - at_ as duration, visit = visits as censored, evidence
from visits order by conversation_id, entered_at, left_at, visit"""
