-- One row per course that people of the organisation were at, in its year
with
trainings as (
    select * from stg_training
),

periods as (
    select * from period
),

final as (
    select
        trainings.training_id,
        trainings.training_date,
        periods.label as period,
        trainings.training_topic_code,
        trainings.training_audience_code,
        trainings.participant_count,
        trainings.participant_count_missing,
        trainings.minutes,
        trainings.minutes_missing,
        trainings.load_id,
        trainings.source_file,
        trainings.source_row
    from trainings
    left join periods
        on trainings.training_date between periods.first_day and periods.last_day
)

select * from final
