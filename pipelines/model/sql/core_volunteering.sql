-- One row per time that a volunteer gave, in its year
with
volunteering as (
    select * from stg_volunteering
),

periods as (
    select * from period
),

final as (
    select
        volunteering.volunteering_id,
        volunteering.volunteer_id,
        volunteering.volunteering_date,
        periods.label as period,
        volunteering.volunteering_type_code,
        volunteering.volunteer_role_code,
        volunteering.training_level_code,
        volunteering.minutes,
        volunteering.minutes_missing,
        volunteering.load_id,
        volunteering.source_file,
        volunteering.source_row
    from volunteering
    left join periods
        on volunteering.volunteering_date between periods.first_day and periods.last_day
)

select * from final
