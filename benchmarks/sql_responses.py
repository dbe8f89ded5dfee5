"""Responses in DuckDB's SQL, as an expert would write them for the same numbers."""

from __future__ import annotations

__all__ = ["ANSWERS", "RESPONSES", "WAITS"]

_FIRST_CONTACT = """
    select conversation_id, min(row(created_at, message_id)) as contact_first
    from visible where author_kind = 'contact' group by 1"""
"""When each contact first wrote, and the id of that message, which orders equal moments."""

_LAST = """
    select conversation_id, max(created_at) as last_message_at
    from messages where created_at <= $as_of group by 1"""

ANSWERS = f"""
contacts as ({_FIRST_CONTACT}),
answers as (
    select conversation_id, min(row(v.created_at, v.message_id, v.author_id)) as answer
    from visible v join contacts using (conversation_id)
    where v.author_kind = 'human' and row(v.created_at, v.message_id) > contact_first
    group by 1)"""

WAITS = f"""
with {ANSWERS},
last_ones as ({_LAST}),
rows as (
    select conversation_id, last_message_at, contact_first[1] as started_at,
        answer[1] as answered_at, answer[3] as responder_id,
        case when status = 'closed'
              and coalesce(updated_at, last_message_at) between contact_first[1] and $as_of
            then coalesce(updated_at, last_message_at) end as closed_at
    from conversations
    left join last_ones using (conversation_id)
    left join contacts using (conversation_id)
    left join answers using (conversation_id)
    where created_at <= $as_of)"""

_FIRST_RESPONSE = f"""{WAITS}
select conversation_id, started_at,
    case when started_at is not null
        then coalesce(answered_at, closed_at, $as_of) end as ended_at,
    ended_at - started_at as wait,
    null::bigint as business_wait,
    case when started_at is null then null when answered_at is not null then 'answered'
        when closed_at is not null then 'closed' else 'waiting' end as outcome,
    outcome = 'waiting' as censored,
    case when started_at is not null then responder_id end as responder_id,
    case when answered_at is not null then 'human' end as responder_kind,
    case when last_message_at is null then 'no_messages'
        when started_at is null then 'no_contact_message' end as not_at_risk
from rows order by conversation_id"""

_TURNS = f"""
with said as (
    select conversation_id, created_at, message_id, author_kind,
        author_kind = 'contact' as by_contact,
        lag(by_contact, 1, false) over talk as goes_on
    from visible window talk as (partition by conversation_id order by created_at, message_id)),
placed as (
    select *, count(*) filter (by_contact and not goes_on) over talk as turn
    from said window talk as (
        partition by conversation_id order by created_at, message_id rows unbounded preceding)),
turns as (
    select conversation_id, turn, min(created_at) as started_at,
        count(*) filter (by_contact) as n_messages,
        min(created_at) filter (not by_contact) as answered_at,
        min(created_at) filter (author_kind = 'bot') - min(created_at) as bot_wait,
        min(created_at) filter (author_kind = 'human') - min(created_at) as human_wait
    from placed where turn > 0 group by 1, 2),
last_ones as ({_LAST})
select conversation_id, turn, started_at,
    coalesce(answered_at, closed_at, $as_of) as ended_at, n_messages,
    ended_at - started_at as wait, bot_wait, human_wait,
    case when answered_at is not null then 'answered' when closed_at is not null then 'closed'
        else 'as_of' end as end_reason
from (
    select t.*,
        case when c.status = 'closed'
              and coalesce(c.updated_at, last_message_at) between t.started_at and $as_of
            then coalesce(c.updated_at, last_message_at) end as closed_at
    from turns t join conversations c using (conversation_id)
    join last_ones using (conversation_id) where c.created_at <= $as_of)
order by conversation_id, turn"""

_SLA = """
with given as (
    select wait, coalesce(outcome = 'answered', false) as answered,
        coalesce(outcome = 'closed', false) as closed
    from waits),
steps as (
    select wait as t, count(*)::double as left_, count(*) filter (answered)::double as a,
        count(*) filter (closed)::double as c
    from given where wait >= 0 group by 1),
risk as (
    select *, sum(left_) over (order by t desc rows unbounded preceding) as n from steps),
curve as (
    select *, coalesce(product(1 - (a + c) / n) over (
            order by t rows between unbounded preceding and 1 preceding), 1) as s,
        case when n > a + c then (a + c) / (n * (n - a - c)) else 0 end as h
    from risk),
incidence as (
    select *, sum(s * a / n) over (order by t rows unbounded preceding) as f,
        sum(s * c / n) over (order by t rows unbounded preceding) as f_closed
    from curve),
targets as (select unnest([300000, 3600000]) as target),
attained as (
    select target, max(f) as share, max(f_closed) as closed,
        max(f)**2 * sum(h) - 2 * max(f) * sum(h * f) + sum(h * f**2)
        + sum(s**2 * a * (n - a) / n**3)
        - 2 * (max(f) * sum(s * a / n**2) - sum(s * a / n**2 * f)) as variance
    from targets left join incidence on t <= target group by 1),
counts as (
    select target, count(wait) as n, count(*) filter (answered and wait <= target) as n_met,
        count(*) filter (not answered and not closed and wait < target) as n_undecided,
        count(*) filter (wait is null) as n_excluded, max(wait) >= target as reached
    from targets cross join given group by 1),
bounds as (
    select *, n - n_undecided as decided,
        exp(1.959963984540054 * sqrt(greatest(variance, 0)) / (share * ln(share))) as reach,
        share between 1e-12 and 1 - 1e-12 as inner_
    from counts join attained using (target))
select target, case when decided > 0 then share end as attained,
    case when inner_ then least(share**reach, share**(1 / reach))
        else wilson_lo(n_met, decided) end as lo,
    case when inner_ then greatest(share**reach, share**(1 / reach))
        else wilson_hi(n_met, decided) end as hi,
    case when reached then 0 else greatest(1 - share - closed, 0) end as unresolved,
    n, n_met, decided - n_met as n_missed, n_undecided, n_excluded
from bounds order by target"""

_CONTAINMENT = f"""
with contacts as ({_FIRST_CONTACT}),
answers as (
    select conversation_id, count(*) filter (author_kind = 'contact') as contact,
        count(*) filter (author_kind = 'bot') as bot,
        count(*) filter (author_kind = 'human') as human,
        count(*) filter (author_kind = 'unknown') as unknown_,
        max(row(created_at, message_id, author_kind = 'contact'))[3] as contact_last
    from visible v join contacts using (conversation_id)
    where row(created_at, message_id) >= contact_first group by 1),
loaded as (select distinct conversation_id from messages where created_at <= $as_of),
rows as (
    select c.conversation_id, status, l.conversation_id is not null as known,
        case when known then coalesce(contact, 0) end as n_contact,
        case when known then coalesce(bot, 0) end as n_bot,
        case when known then coalesce(human, 0) end as n_human, unknown_, contact_last
    from (select conversation_id,
              case when updated_at > $as_of and status <> 'bulk_sent' then 'unknown'
                  else status end as status
          from conversations where created_at <= $as_of) c
    left join loaded l using (conversation_id) left join answers using (conversation_id)),
judged as (
    select *, case when not known then 'no_messages' when n_contact = 0 then 'not_engaged'
        when status = 'unknown' then 'unknown_status' when status <> 'closed' then 'open'
        when unknown_ > 0 and not (n_bot > 0 and n_human > 0) then 'unknown_author'
        end as not_judged
    from rows)
select conversation_id,
    case when not_judged is not null then null
        when n_bot > 0 and n_human > 0 then 'handed_over' when n_human > 0 then 'human_only'
        when n_bot > 0 and contact_last then 'unanswered' when n_bot > 0 then 'contained'
        else 'nobody' end as outcome,
    not_judged, n_contact, n_bot, n_human
from judged order by conversation_id"""

_RATES = """
with totals as (
    select count(outcome) as n_judged, count(*) filter (not_judged = 'open') as n_open,
        count(*) filter (not_judged = 'not_engaged') as n_not_engaged,
        count(*) filter (not_judged in ('no_messages', 'unknown_status', 'unknown_author'))
            as n_unknown
    from containment)
select o.outcome, count(c.outcome) as conversations,
    count(c.outcome) / nullif(any_value(n_judged), 0) as share,
    wilson_lo(count(c.outcome), any_value(n_judged)) as lo,
    wilson_hi(count(c.outcome), any_value(n_judged)) as hi,
    any_value(n_judged) as n_judged, any_value(n_open) as n_open,
    any_value(n_not_engaged) as n_not_engaged, any_value(n_unknown) as n_unknown
from (select unnest(['contained', 'unanswered', 'handed_over', 'human_only', 'nobody'])
          as outcome, generate_subscripts(['contained', 'unanswered', 'handed_over',
          'human_only', 'nobody'], 1) as place) o
left join containment c using (outcome) cross join totals
group by o.outcome, place order by place"""

RESPONSES = {
    "response_turns": _TURNS,
    "first_response": _FIRST_RESPONSE,
    "sla_attainment": _SLA,
    "bot_containment": _CONTAINMENT,
    "containment_rates": _RATES,
}
