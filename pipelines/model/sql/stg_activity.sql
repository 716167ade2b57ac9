-- One row per activity of prevention or awareness, as the export tells it
with
load as (
    select * from load_activity
),

final as (
    select
        activity_id,
        activity_date,
        activity_date_missing,
        activity_type_code,
        setting_code,
        site_id,
        cast(group_count as integer) as group_count,
        group_count_missing,
        cast(animation_minutes as integer) as animation_minutes,
        animation_minutes_missing,
        cast(preparation_minutes as integer) as preparation_minutes,
        preparation_minutes_missing,
        cast(travel_minutes as integer) as travel_minutes,
        travel_minutes_missing,
        funder_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
