-- One row per group, in the year in which it began; `end_period` is the year in which it ended
with
groups as (
    select * from stg_group
),

first_sessions as (
    select
        group_id,
        min(session_date) as session_date
    from stg_session
    group by group_id
),

periods as (
    select * from period
),

final as (
    select
        groups.group_id,
        groups.group_type_code,
        groups.capacity,
        groups.capacity_missing,
        groups.start_date,
        groups.start_date_missing,
        groups.end_date,
        groups.end_date_missing,
        beginnings.label as period,
        endings.label as end_period,
        groups.load_id,
        groups.source_file,
        groups.source_row
    from groups
    left join first_sessions
        on groups.group_id = first_sessions.group_id
    left join periods as beginnings
        -- A group whose first day nobody wrote began with its first session.
        on coalesce(groups.start_date, first_sessions.session_date)
        between beginnings.first_day and beginnings.last_day
    left join periods as endings
        on groups.end_date between endings.first_day and endings.last_day
)

select * from final
