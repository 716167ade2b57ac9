-- One row per meeting with a person, in person or not, as the export tells it
with
load as (
    select * from load_meeting
),

final as (
    select
        meeting_id,
        person_id,
        meeting_date,
        meeting_date_missing,
        service_type_code,
        mode_code,
        cast(direct_minutes as integer) as direct_minutes,
        direct_minutes_missing,
        cast(preparation_minutes as integer) as preparation_minutes,
        preparation_minutes_missing,
        cast(debrief_minutes as integer) as debrief_minutes,
        debrief_minutes_missing,
        cast(travel_minutes as integer) as travel_minutes,
        travel_minutes_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
