-- One row per evaluation: the questionnaires of one meeting or group, in its year
with
evaluations as (
    select * from stg_evaluation
),

periods as (
    select * from period
),

final as (
    select
        evaluations.evaluation_id,
        evaluations.evaluation_date,
        periods.label as period,
        evaluations.occasion_code,
        evaluations.respondent_count,
        evaluations.respondent_count_missing,
        -- An evaluation without a word about who answered has nobody who could be added up.
        coalesce(evaluations.respondent_count, 0) as respondents,
        evaluations.load_id,
        evaluations.source_file,
        evaluations.source_row
    from evaluations
    left join periods
        on evaluations.evaluation_date between periods.first_day and periods.last_day
)

select * from final
