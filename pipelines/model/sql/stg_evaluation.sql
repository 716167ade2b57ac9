-- One row per evaluation: the questionnaires of one meeting or group, together, as the export tells it
with
load as (
    select * from load_evaluation
),

final as (
    select
        evaluation_id,
        evaluation_date,
        evaluation_date_missing,
        occasion_code,
        cast(respondent_count as integer) as respondent_count,
        respondent_count_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
