-- One row per line of the ledger of hours, in its year
with
lines as (
    select * from stg_work_hours
),

periods as (
    select * from period
),

final as (
    select
        lines.work_id,
        lines.work_date,
        periods.label as period,
        lines.task_code,
        lines.project_step_code,
        lines.minutes,
        lines.minutes_missing,
        lines.funder_code,
        lines.load_id,
        lines.source_file,
        lines.source_row
    from lines
    left join periods
        on lines.work_date between periods.first_day and periods.last_day
)

select * from final
