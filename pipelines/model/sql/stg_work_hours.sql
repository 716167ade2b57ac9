-- One row per line of the ledger of hours, as the export tells it
with
load as (
    select * from load_work_hours
),

final as (
    select
        work_id,
        work_date,
        work_date_missing,
        task_code,
        project_step_code,
        cast(minutes as integer) as minutes,
        minutes_missing,
        funder_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
