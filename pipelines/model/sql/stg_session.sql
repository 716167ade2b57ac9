-- One row per session of a group, as the export tells it
with
load as (
    select * from load_session
),

final as (
    select
        session_id,
        group_id,
        session_date,
        session_date_missing,
        cast(facilitator_count as integer) as facilitator_count,
        facilitator_count_missing,
        cast(session_minutes as integer) as session_minutes,
        session_minutes_missing,
        cast(preparation_minutes as integer) as preparation_minutes,
        preparation_minutes_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
