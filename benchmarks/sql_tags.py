"""Tags in DuckDB's SQL, as an expert would write them for the same numbers."""

from __future__ import annotations

__all__ = ["TAGS"]

_USES = """
spelled as (
    select conversation_id, inbox_id, created_at, tag.name as raw, tag.color as color
    from (select conversation_id, inbox_id, created_at, unnest(tags) as tag from conversations)
    where tag.name is not null),
names as (
    select raw, trim(regexp_replace(nfc_normalize(raw), '\\s+', ' ', 'g')) as tag,
        replace(replace(replace(lower(tag), chr(223), 'ss'), chr(962), chr(963)), chr(383), 's')
            as same
    from (select distinct raw from spelled)),
uses as (select conversation_id, inbox_id, created_at, raw, tag, same, upper(color) as color
    from spelled join names using (raw)),
looks as (
    select same, count(distinct conversation_id) as n, tag from uses group by same, tag),
shown as (
    select same, tag from looks
    qualify row_number() over (partition by same order by n desc, tag) = 1)"""

_FREQUENCY = f"""
with {_USES},
colours as (
    select same, color, count(distinct conversation_id) as n
    from uses where color is not null group by 1, 2),
coloured as (
    select same, color from colours
    qualify row_number() over (partition by same order by n desc, color) = 1),
merged as (
    select same, list_sort(list(distinct raw)) as variants, count(distinct color) as n_colors
    from uses group by 1),
months as (
    select unnest(generate_series(date_trunc('month', min(make_timestamp(created_at * 1000))),
        date_trunc('month', max(make_timestamp(created_at * 1000))),
        interval 1 month))::date as period
    from conversations),
sizes as (
    select date_trunc('month', make_timestamp(created_at * 1000))::date as period,
        count(distinct conversation_id) filter (tags is not null) as n_known,
        count(distinct conversation_id) filter (len(tags) = 0) as n_untagged,
        count(distinct conversation_id) filter (tags is null) as n_unknown
    from conversations group by 1),
counted as (
    select date_trunc('month', make_timestamp(created_at * 1000))::date as period, same,
        count(distinct conversation_id) as conversations,
        min(created_at) as first_seen, max(created_at) as last_seen
    from uses group by 1, 2),
grid as (
    select period, tag, color, coalesce(conversations, 0) as conversations,
        coalesce(n_known, 0) as n_known, coalesce(n_untagged, 0) as n_untagged,
        coalesce(n_unknown, 0) as n_unknown, first_seen, last_seen, variants, n_colors
    from months cross join merged join shown using (same) left join coloured using (same)
    left join sizes using (period) left join counted using (period, same))
select period, tag, color, conversations, conversations / nullif(n_known, 0) as share,
    wilson_lo(conversations, n_known) as share_lo, wilson_hi(conversations, n_known) as share_hi,
    n_known, n_untagged, n_unknown, first_seen, last_seen,
    rank() over (partition by period order by conversations desc) as rank, variants, n_colors
from grid order by period, rank, tag"""

_PAIRS = f"""
with {_USES},
had as (select distinct conversation_id, same from uses),
each_ as (select same, count(*)::double as n from had group by 1),
both_ as (
    select a.same as one, b.same as other, count(*)::double as n
    from had a join had b on a.conversation_id = b.conversation_id and a.same < b.same
    group by 1, 2),
sizes as (
    select count(distinct conversation_id) filter (tags is not null)::double as n_known,
        count(distinct conversation_id) filter (tags is null) as n_unknown
    from conversations),
pairs as (
    select a.same as one, b.same as other, s.tag as tag_a, o.tag as tag_b, a.n as n_a, b.n as n_b,
        coalesce(both_.n, 0) as n_ab, n_known, n_unknown
    from each_ a join each_ b on a.same < b.same
    left join both_ on both_.one = a.same and both_.other = b.same
    join shown s on s.same = a.same join shown o on o.same = b.same cross join sizes)
select tag_a, tag_b, n_a, n_b, n_ab, n_known, n_unknown, n_ab / n_known as support,
    n_ab / n_a as confidence_ab, n_ab / n_b as confidence_ba,
    n_ab / (n_a + n_b - n_ab) as jaccard, n_ab * n_known / (n_a * n_b) as lift,
    n_ab / n_known - n_a / n_known * n_b / n_known as leverage,
    case when n_ab > 0 then log2(lift) end as pmi,
    case when n_ab = 0 then -1 when n_ab < n_known then -pmi / log2(support) end as npmi,
    case when n_a < n_known and n_b < n_known then (n_ab * n_known - n_a * n_b)
        / sqrt(n_a * n_b * (n_known - n_a) * (n_known - n_b)) end as phi
from pairs order by n_ab desc, one, other"""

_DISTINCTIVE = f"""
with {_USES},
counts as (
    select same, count(distinct conversation_id) filter (inbox_id <= 4) as first,
        count(distinct conversation_id) filter (inbox_id > 4) as second
    from uses group by 1),
sizes as (
    select count(distinct conversation_id) filter (tags is not null and inbox_id <= 4) as n_first,
        count(distinct conversation_id) filter (tags is not null and inbox_id > 4) as n_second,
        count(distinct conversation_id) filter (tags is null) as n_unknown
    from conversations),
prior_ as (
    select *, 10.0::double * (first + second) / sum(first + second) over () as prior,
        sum(first) over () as all_first, sum(second) over () as all_second from counts),
odds as (
    select *, ln((first + prior) / (all_first + 10 - first - prior))
        - ln((second + prior) / (all_second + 10 - second - prior)) as log_odds,
        1 / (first + prior) + 1 / (second + prior) + 1 / (all_first + 10 - first - prior)
        + 1 / (all_second + 10 - second - prior) as variance
    from prior_)
select tag, first, second, n_first, n_second, n_unknown, prior, log_odds, variance,
    'full' as variance_formula, log_odds / sqrt(variance) as z
from odds join shown using (same) cross join sizes order by z desc, same"""

_SURVIVAL = f"""
with {_USES},
seen as (
    select w.conversation_id, wait as t, not censored as ended, c.tags is not null as known
    from closing w left join conversations c using (conversation_id) where wait >= 0),
steps as (
    select t, count(*)::double as left_, count(*) filter (ended)::double as d
    from seen where known group by 1),
risk as (select *, sum(left_) over (order by t desc rows unbounded preceding) as n from steps),
hazards as (
    select *, d / n as h, case when n > 1 then d / n * (n - d) / (n - 1) else 0 end as linear
    from risk),
until_ as (
    select t, sum(h) over so as hazard, sum(linear) over so as linear,
        sum(linear / n) over so as square, product(1 - d / n) over so as s
    from hazards window so as (order by t rows unbounded preceding)),
tagged as (
    select distinct conversation_id, same, t, ended from seen join uses using (conversation_id)),
ranked as (
    select *, row_number() over (partition by same order by t desc) as place from tagged),
scores as (
    select same, count(*) as n, count(*) filter (ended) as events, sum(hazard) as expected,
        sum(linear) as linear, sum(square * (2 * place - 1)) as square
    from ranked join until_ using (t) group by 1),
own as (
    select same, t, count(*)::double as left_, count(*) filter (ended)::double as d
    from tagged group by 1, 2),
own_risk as (
    select *, sum(left_) over (partition by same order by t desc
        rows unbounded preceding) as n from own),
own_curve as (
    select same, t, product(1 - d / n) over so as s,
        sum(case when n > d then d / (n * (n - d)) else 0 end) over so as g
    from own_risk window so as (partition by same order by t rows unbounded preceding)),
bands as (
    select *, case when s between 1e-12 and 1 - 1e-12
        then exp($z * sqrt(g) * s / (s * ln(s))) end as reach
    from own_curve),
medians as (
    select same, min(t) filter (s <= 0.5 + 1e-12) as median,
        min(t) filter (coalesce(least(s**reach, s**(1 / reach)),
            case when s = 0 then 0 end) <= 0.5 + 1e-12) as median_lo,
        min(t) filter (greatest(s**reach, s**(1 / reach)) <= 0.5 + 1e-12) as median_hi
    from bands group by 1),
everyone as (
    select (select min(t) from until_ where s <= 0.5 + 1e-12) as median_all,
        count(*) filter (known) as n_all, count(*) filter (not known) as n_unknown from seen),
tests as (
    select *, (events - expected) / (linear - square) as ratio, 1 / sqrt(linear - square) as error
    from scores)
select tag, n, n_all - n as n_rest, n_unknown, events, expected, median, median_lo, median_hi,
    median_all, exp(ratio) as hazard_ratio, exp(ratio - $z * error) as hazard_ratio_lo,
    exp(ratio + $z * error) as hazard_ratio_hi, (events - expected)**2 / (linear - square) as chi2
from tests join medians using (same) join shown using (same) cross join everyone
order by n desc, same"""

TAGS = {
    "tag_frequency": _FREQUENCY,
    "tag_cooccurrence": _PAIRS,
    "tag_distinctive": _DISTINCTIVE,
    "tag_survival": _SURVIVAL,
}
