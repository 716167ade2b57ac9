-- One row per post, issue, mention or thing handed out, or per line that counts several of them, in its year
with
communications as (
    select * from stg_communication
),

periods as (
    select * from period
),

final as (
    select
        communications.communication_id,
        communications.communication_date,
        periods.label as period,
        communications.channel_code,
        communications.topic_code,
        communications.item_count,
        communications.item_count_missing,
        communications.place_count,
        communications.place_count_missing,
        communications.reach_count,
        communications.reach_count_missing,
        communications.interaction_count,
        communications.interaction_count_missing,
        communications.speaker_count,
        communications.speaker_count_missing,
        communications.load_id,
        communications.source_file,
        communications.source_row
    from communications
    left join periods
        on communications.communication_date between periods.first_day and periods.last_day
)

select * from final
