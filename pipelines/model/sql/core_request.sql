-- One row per request for help, in its year, with the band of the person's age
with
requests as (
    select * from stg_request
),

periods as (
    select * from period
),

age_bands as (
    select * from code where vocabulary = 'age_at_request'
),

final as (
    select
        requests.request_id,
        requests.person_id,
        -- Without a pseudonym each request is taken for another person: protection counts persons.
        coalesce(requests.person_id, requests.request_id) as person_key,
        requests.request_date,
        periods.label as period,
        requests.requester_type_code,
        requests.age_at_request,
        requests.age_at_request_missing,
        coalesce(age_bands.code, requests.age_at_request_missing) as age_at_request_code,
        requests.load_id,
        requests.source_file,
        requests.source_row
    from requests
    left join periods
        on requests.request_date between periods.first_day and periods.last_day
    left join age_bands
        on requests.age_at_request >= age_bands.lower
        and (age_bands.upper is null or requests.age_at_request <= age_bands.upper)
)

select * from final
