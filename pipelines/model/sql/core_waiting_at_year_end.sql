-- One row per year and wait that was not over on its last day: the waiting list of that day
with
waits as (
    select * from core_waiting where not is_ended_undated
),

periods as (
    select * from period
),

final as (
    select
        waits.waiting_id,
        waits.person_key,
        periods.label as period,
        waits.service_type_code,
        waits.priority_code
    from waits
    inner join periods
        on waits.waiting_since <= periods.last_day
        and (waits.ended_date is null or waits.ended_date > periods.last_day)
)

select * from final
