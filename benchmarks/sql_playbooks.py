"""Playbooks in DuckDB's SQL, as an expert would write them for the same numbers."""

from __future__ import annotations

from sql_responses import WAITS

__all__ = ["PLAYBOOKS"]

_NAMES = """
names as (
    select playbook_id, first(name order by place) as playbook_name
    from (select playbook_id, name, 1 as place from playbooks
          union all select interaction_id, name, 2 from playbooks)
    where playbook_id is not null group by 1)"""

_ATTRIBUTION = rf"""{WAITS},
talks as (
    select conversation_id,
        bool_or(author_kind = 'contact' and seen) as contact_wrote,
        bool_or(author_kind = 'human' and seen) as human_wrote,
        bool_or(author_kind = 'contact' and seen and coalesce(regexp_matches(coalesce(text, body),
            '[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{{2,}}'), false))
            as emails_captured
    from (select *, type = 'chat' and not (is_deleted and coalesce(edited_at <= $as_of, false))
              as seen from messages where created_at <= $as_of) group by 1),
booked as (
    select distinct conversation_id from meetings
    where conversation_id is not null and not coalesce(scheduled_at > $as_of, false)),
lives as (
    select conversation_id, playbook_id,
        case when playbook_id is not null then 'playbook' when is_detail then 'none'
            else 'unknown' end as attribution,
        created_at, updated_at, status,
        case when updated_at > $as_of and status <> 'bulk_sent' then 'unknown' else status end
            as state
    from conversations where created_at <= $as_of),
marked as (
    select l.*, b.conversation_id is not null as meeting, emails_captured,
        coalesce(contact_wrote, state in ('open', 'pending', 'closed')) as engaged,
        engaged and human_wrote as human_handled, engaged and state = 'closed' as closed
    from lives l left join talks using (conversation_id)
    left join booked b using (conversation_id)),
counts as (
    select attribution, playbook_id, count(*) as conversations,
        count(*) filter (state = 'bulk_sent') as bulk_sent, count(*) filter (engaged) as engaged,
        count(*) filter (human_handled) as human_handled, count(*) filter (closed) as closed,
        count(*) filter (emails_captured) as emails_captured,
        count(*) filter (meeting) as meetings
    from marked group by 1, 2),
ends as (
    select attribution, playbook_id, coalesce(answered_at, closed_at, $as_of) - started_at as t,
        answered_at is not null as a, answered_at is not null or closed_at is not null as ended
    from marked m join rows using (conversation_id) where engaged and started_at is not null),
steps as (
    select attribution, playbook_id, t, count(*) as left_, count(*) filter (a) as a,
        count(*) filter (ended) as ended from ends group by 1, 2, 3),
risk as (
    select *, sum(left_) over (partition by attribution, playbook_id order by t desc
        rows unbounded preceding)::double as n from steps),
curve as (
    select *, coalesce(product(1 - ended / n) over (partition by attribution, playbook_id
        order by t rows between unbounded preceding and 1 preceding), 1) as s from risk),
incidence as (
    select attribution, playbook_id, t, sum(s * a / n) over (partition by attribution, playbook_id
        order by t rows unbounded preceding) as f from curve),
answered as (
    select attribution, playbook_id, min(t) as median_first_response
    from incidence where f >= 0.5 - 1e-12 group by 1, 2),
life_steps as (
    select attribution, playbook_id,
        case when closed then updated_at else $as_of end - created_at as t,
        count(*) as left_, count(*) filter (closed) as d
    from marked where engaged and t >= 0 group by 1, 2, 3),
life_risk as (
    select *, sum(left_) over (partition by attribution, playbook_id order by t desc
        rows unbounded preceding)::double as n from life_steps),
life_curve as (
    select *, product(1 - d / n) over (partition by attribution, playbook_id order by t
        rows unbounded preceding) as s from life_risk),
closes as (
    select attribution, playbook_id, min(t) as median_time_to_close
    from life_curve where s <= 0.5 + 1e-12 group by 1, 2)
select c.playbook_id, playbook_name, c.attribution, conversations,
    case when c.attribution <> 'unknown' then conversations
        / sum(conversations) filter (c.attribution <> 'unknown') over () end as share,
    bulk_sent, engaged, engaged / conversations as engagement_rate,
    wilson_lo(engaged, conversations) as engagement_lo,
    wilson_hi(engaged, conversations) as engagement_hi,
    human_handled, closed, emails_captured, meetings, median_first_response, median_time_to_close
from counts c left join names using (playbook_id)
left join answered a on a.attribution = c.attribution
    and a.playbook_id is not distinct from c.playbook_id
left join closes l on l.attribution = c.attribution
    and l.playbook_id is not distinct from c.playbook_id
order by case c.attribution when 'playbook' then 1 when 'none' then 2 else 3 end,
    conversations desc, c.playbook_id"""

_LIFT = """
with sides as (
    select *, sum(conversations) filter (attribution <> 'unknown') over () - conversations
            as other_conversations,
        sum(engaged) filter (attribution <> 'unknown') over () - engaged as other_happened,
        coalesce(sum(conversations) filter (attribution = 'unknown') over (), 0) as n_unknown
    from attribution),
bounds as (
    select *, engaged / conversations as happened_rate,
        other_happened / other_conversations as other_rate,
        wilson_lo(engaged, conversations) as lo, wilson_hi(engaged, conversations) as hi,
        wilson_lo(other_happened, other_conversations) as other_lo,
        wilson_hi(other_happened, other_conversations) as other_hi
    from sides where attribution = 'playbook')
select playbook_id, playbook_name, 'engaged' as outcome, 'rest' as against, conversations,
    engaged as happened, happened_rate, other_conversations, other_happened, other_rate,
    happened_rate - other_rate as difference,
    difference - sqrt((happened_rate - lo)**2 + (other_hi - other_rate)**2) as difference_lo,
    difference + sqrt((hi - happened_rate)**2 + (other_rate - other_lo)**2) as difference_hi,
    happened_rate / other_rate as ratio, n_unknown
from bounds order by conversations desc, playbook_id"""

_JOURNEYS = f"""
with {_NAMES},
known as (
    select conversation_id, contact_id, playbook_id, is_detail, created_at as met_at
    from conversations where created_at <= $as_of and contact_id is not null),
ends as (
    select distinct contact_id, greatest(coalesce(ended_at, met_at), met_at) as ended_at
    from known join (select conversation_id, min(scheduled_at) as ended_at from meetings group by 1)
        using (conversation_id)
    where greatest(coalesce(ended_at, met_at), met_at) <= $as_of),
touched as (
    select contact_id, conversation_id, met_at,
        case when playbook_id is not null then coalesce(playbook_name, playbook_id::varchar)
            when is_detail then 'none' else 'unknown' end as touch
    from known left join names using (playbook_id)),
met as (
    select t.*, e.ended_at, coalesce(e.ended_at - met_at <= $far, false) as converted
    from touched t asof left join ends e on t.contact_id = e.contact_id and t.met_at <= e.ended_at),
gaps as (
    select *, coalesce(met_at - lag(met_at) over so > $far, false) as apart
    from met window so as (partition by contact_id, ended_at, converted
        order by met_at, conversation_id)),
runs as (
    select *, count(*) filter (apart) over (partition by contact_id, ended_at, converted
        order by met_at, conversation_id rows unbounded preceding) as run from gaps),
grouped as (
    select contact_id, ended_at, converted, run,
        list(touch order by met_at, conversation_id) as touches,
        list(met_at order by met_at, conversation_id) as touched_at
    from runs group by all),
whole as (
    select contact_id, touches, touched_at, converted,
        case when converted then ended_at end as converted_at from grouped
    union all
    select contact_id, [], [], true, ended_at
    from ends e where not exists (select 1 from grouped g where g.converted
        and g.contact_id = e.contact_id and g.ended_at = e.ended_at))
select contact_id, touches, touched_at, converted, converted_at,
    converted or touched_at[-1] + $far <= $as_of as is_mature, 1 as n
from whole order by contact_id, coalesce(touched_at[1], converted_at), converted_at nulls last"""

_HALF_LIFE = 7 * 86_400_000

_CREDITS = f"""
with judged as (
    select touches, [epoch_ms(x) for x in touched_at] as touched_at, converted, n,
        len(touches) as size
    from journeys where is_mature and len(touches) > 0 and n > 0),
won as (select * from judged where converted),
placed as (
    select unnest(touches) as touch, unnest(touched_at) as met_at, unnest(range(size)) as place,
        size, n,
        touched_at[-1] as last_at,
        list_sum([power(0.5, (touched_at[-1] - x) / {_HALF_LIFE}) for x in touched_at]) as weight
    from won),
credits as (
    select touch,
        sum(n) filter (place = 0)::double as "first",
        sum(n) filter (place = size - 1)::double as "last",
        sum(n / size) as linear,
        sum(n * case when size = 1 then 1.0 when size = 2 then 0.5
            when place = 0 or place = size - 1 then 0.4
            else 0.2::double / (size - 2) end)::double as position,
        sum(n * power(0.5, (last_at - met_at) / {_HALF_LIFE}) / weight) as time_decay
    from placed group by 1),
shapley as (
    select touch, sum(part) as shapley
    from (select unnest(list_distinct(touches)) as touch, n / len(list_distinct(touches)) as part
          from won) group by 1),
touches as (select distinct unnest(touches) as touch from judged),
wide as (
    select touch, coalesce("first", 0) as "first", coalesce("last", 0) as "last",
        coalesce(linear, 0) as linear, coalesce(position, 0) as position,
        coalesce(time_decay, 0) as time_decay, coalesce(shapley, 0) as shapley
    from touches left join credits using (touch) left join shapley using (touch)),
long as (
    unpivot wide on "first", "last", linear, position, time_decay, shapley
    into name model value credit)
select model, touch, credit, credit / sum(credit) over (partition by model) as share
from long order by list_position(['first', 'last', 'linear', 'position', 'time_decay', 'shapley'],
    model), round(credit, 9) desc, touch"""

PLAYBOOKS = {
    "playbook_attribution": _ATTRIBUTION.replace("\nselect c.", f",{_NAMES}\nselect c.", 1),
    "playbook_lift": _LIFT,
    "journeys": _JOURNEYS,
    "multi_touch_attribution": _CREDITS,
}
