-- One row per session of a group, in its own year, with its place among the sessions and its whole length
with
sessions as (
    select * from stg_session
),

-- A group id given twice is found by the suites; here it must not repeat the sessions.
groups as (
    select
        group_id,
        min(group_type_code) as group_type_code
    from core_group
    group by group_id
),

periods as (
    select * from period
),

measured as (
    select
        sessions.*,
        groups.group_type_code,
        periods.label as period,
        -- The hours of animation are those of all who led it; where nobody wrote how many, one did.
        coalesce(sessions.session_minutes, 0) * coalesce(sessions.facilitator_count, 1) as animation_minutes,
        coalesce(sessions.preparation_minutes, 0) as minutes_before
    from sessions
    left join groups
        on sessions.group_id = groups.group_id
    left join periods
        on sessions.session_date between periods.first_day and periods.last_day
),

final as (
    select
        session_id,
        group_id,
        group_type_code,
        session_date,
        period,
        facilitator_count,
        facilitator_count_missing,
        session_minutes,
        session_minutes_missing,
        preparation_minutes,
        preparation_minutes_missing,
        animation_minutes,
        minutes_before,
        animation_minutes + minutes_before as minutes,
        row_number() over (
            partition by group_id
            order by session_date, session_id, source_file, source_row
        ) as place_in_group,
        count(*) over (partition by group_id) as sessions_of_group,
        load_id,
        source_file,
        source_row
    from measured
)

select * from final
