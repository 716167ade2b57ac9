-- One row per time that a volunteer gave, as the export tells it
with
load as (
    select * from load_volunteering
),

final as (
    select
        volunteering_id,
        volunteer_id,
        volunteering_date,
        volunteering_date_missing,
        volunteering_type_code,
        volunteer_role_code,
        training_level_code,
        cast(minutes as integer) as minutes,
        minutes_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
