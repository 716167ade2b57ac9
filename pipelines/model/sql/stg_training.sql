-- One row per course that people of the organisation were at, as the export tells it
with
load as (
    select * from load_training
),

final as (
    select
        training_id,
        training_date,
        training_date_missing,
        training_topic_code,
        training_audience_code,
        cast(participant_count as integer) as participant_count,
        participant_count_missing,
        cast(minutes as integer) as minutes,
        minutes_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
