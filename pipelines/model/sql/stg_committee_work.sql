-- One row per line of work for a table, a committee or a partner: meetings, or what is done between them, as the export tells it
with
load as (
    select * from load_committee_work
),

final as (
    select
        committee_work_id,
        committee_date,
        committee_date_missing,
        area_code,
        committee_code,
        committee_task_code,
        cast(meeting_count as integer) as meeting_count,
        meeting_count_missing,
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
