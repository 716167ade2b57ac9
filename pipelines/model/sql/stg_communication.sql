-- One row per post, issue, mention or thing handed out, or per line that counts several of them, as the export tells it
with
load as (
    select * from load_communication
),

final as (
    select
        communication_id,
        communication_date,
        communication_date_missing,
        channel_code,
        topic_code,
        cast(item_count as integer) as item_count,
        item_count_missing,
        cast(place_count as integer) as place_count,
        place_count_missing,
        cast(reach_count as integer) as reach_count,
        reach_count_missing,
        cast(interaction_count as integer) as interaction_count,
        interaction_count_missing,
        cast(speaker_count as integer) as speaker_count,
        speaker_count_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
