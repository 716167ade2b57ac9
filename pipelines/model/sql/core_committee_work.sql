-- One row per line of work for a table, a committee or a partner, in its year
with
lines as (
    select * from stg_committee_work
),

periods as (
    select * from period
),

final as (
    select
        lines.committee_work_id,
        lines.committee_date,
        periods.label as period,
        lines.area_code,
        lines.committee_code,
        lines.committee_task_code,
        lines.meeting_count,
        lines.meeting_count_missing,
        lines.participant_count,
        lines.participant_count_missing,
        lines.minutes,
        lines.minutes_missing,
        lines.load_id,
        lines.source_file,
        lines.source_row
    from lines
    left join periods
        on lines.committee_date between periods.first_day and periods.last_day
)

select * from final
