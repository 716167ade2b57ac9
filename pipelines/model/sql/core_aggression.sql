-- One row per aggression told in a request, with the band of the age at the aggression and of the delay
with
aggressions as (
    select * from stg_aggression
),

-- A request id given twice is found by the suites; here it must not repeat the aggression.
requests as (
    select
        request_id,
        min(request_date) as request_date,
        min(age_at_request) as age_at_request
    from core_request
    group by request_id
),

age_bands as (
    select * from code where vocabulary = 'age_at_aggression'
),

delay_bands as (
    select * from code where vocabulary = 'delay'
),

dated as (
    select
        aggressions.*,
        requests.request_date,
        requests.age_at_request,
        date_diff('day', aggressions.aggression_date, requests.request_date) as delay_days
    from aggressions
    left join requests
        on aggressions.request_id = requests.request_id
),

final as (
    select
        dated.aggression_id,
        dated.request_id,
        dated.request_date,
        dated.age_at_request,
        dated.aggression_date,
        dated.aggression_date_missing,
        dated.age_at_aggression,
        dated.age_at_aggression_missing,
        coalesce(age_bands.code, dated.age_at_aggression_missing) as age_at_aggression_code,
        dated.location_code,
        dated.aggressor_count_code,
        dated.delay_days,
        coalesce(delay_bands.code, dated.aggression_date_missing) as delay_code,
        dated.load_id,
        dated.source_file,
        dated.source_row
    from dated
    left join age_bands
        on dated.age_at_aggression >= age_bands.lower
        and (age_bands.upper is null or dated.age_at_aggression <= age_bands.upper)
    left join delay_bands
        on dated.delay_days >= delay_bands.lower
        and (delay_bands.upper is null or dated.delay_days <= delay_bands.upper)
)

select * from final
