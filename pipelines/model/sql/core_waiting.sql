-- One row per time that a person waited for a service, in the year in which the wait began, with its end
with
waits as (
    select * from stg_waiting
),

-- A request id given twice is found by the suites; here it must not repeat the waits.
requests as (
    select
        request_id,
        min(person_id) as person_id,
        min(age_at_request) as age_at_request
    from core_request
    group by request_id
),

periods as (
    select * from period
),

needs as (
    select * from code where vocabulary = 'unmet_need'
),

delay_bands as (
    select * from code where vocabulary = 'waiting_delay'
),

ended as (
    select
        waits.*,
        coalesce(waits.person_id, requests.person_id, waits.waiting_id) as person_key,
        requests.age_at_request,
        coalesce(waits.start_date, waits.closed_date) as ended_date,
        needs.code is not null as has_unmet_need,
        date_diff('day', waits.waiting_since, waits.start_date) as delay_days
    from waits
    left join requests
        on waits.request_id = requests.request_id
    left join needs
        on waits.unmet_need_code = needs.code
),

final as (
    select
        ended.waiting_id,
        ended.request_id,
        ended.person_id,
        ended.person_key,
        ended.age_at_request,
        ended.service_type_code,
        ended.priority_code,
        ended.waiting_since,
        ended.waiting_since_missing,
        ended.offer_date,
        ended.offer_date_missing,
        ended.start_date,
        ended.start_date_missing,
        ended.closed_date,
        ended.closed_date_missing,
        ended.ended_date,
        -- A reason without a day: the wait is over, nobody knows since when.
        ended.has_unmet_need and ended.ended_date is null as is_ended_undated,
        ended.start_date is not null and ended.closed_date is not null as is_ended_twice,
        entries.label as period,
        starts.label as started_period,
        closings.label as closed_period,
        ended.delay_days,
        coalesce(delay_bands.code, ended.start_date_missing) as delay_code,
        -- Who waits still, or was given the service, has no need that was left unmet.
        case
            when ended.closed_date is null and ended.unmet_need_code = 'non_disponible' then 'sans_objet'
            else ended.unmet_need_code
        end as unmet_need_code,
        ended.load_id,
        ended.source_file,
        ended.source_row
    from ended
    left join periods as entries
        on ended.waiting_since between entries.first_day and entries.last_day
    left join periods as starts
        on ended.start_date between starts.first_day and starts.last_day
    left join periods as closings
        -- A wait that ended with the service is no unmet need, whatever was written later.
        on ended.start_date is null
        and ended.closed_date between closings.first_day and closings.last_day
    left join delay_bands
        on ended.delay_days >= delay_bands.lower
        and (delay_bands.upper is null or ended.delay_days <= delay_bands.upper)
)

select * from final
