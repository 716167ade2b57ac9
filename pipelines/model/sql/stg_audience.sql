-- One row per activity and role of those who were there, as the export tells it
with
load as (
    select * from load_audience
),

final as (
    select
        activity_id,
        role_code,
        cast(participant_count as integer) as participant_count,
        participant_count_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
