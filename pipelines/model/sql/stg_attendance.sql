-- One row per session and person who was there, as the export tells it
with
load as (
    select * from load_attendance
),

final as (
    select
        session_id,
        person_id,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
