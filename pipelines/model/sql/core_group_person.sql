-- One row per group and person who was there at least once: whether she began with it, and finished with it
with
attendances as (
    -- Who has no pseudonym cannot be followed from one session to the next.
    select * from core_attendance where person_id is not null and group_id is not null
),

sessions as (
    select
        session_id,
        min(place_in_group) as place_in_group,
        max(sessions_of_group) as sessions_of_group
    from core_session
    group by session_id
),

groups as (
    select
        group_id,
        min(group_type_code) as group_type_code,
        min(period) as period,
        min(end_period) as end_period
    from core_group
    group by group_id
),

followed as (
    select
        attendances.group_id,
        attendances.person_id,
        -- One absence is not a departure: the first two and the last two sessions are looked at.
        bool_or(sessions.place_in_group <= 2) as is_beginner,
        bool_or(sessions.place_in_group > sessions.sessions_of_group - 2) as is_finisher
    from attendances
    inner join sessions
        on attendances.session_id = sessions.session_id
    group by attendances.group_id, attendances.person_id
),

final as (
    select
        concat_ws('-', followed.group_id, followed.person_id) as group_person_key,
        followed.group_id,
        followed.person_id,
        followed.person_id as person_key,
        groups.group_type_code,
        case when followed.is_beginner then groups.period end as begun_period,
        -- A group that has not ended has nobody who finished.
        case when followed.is_finisher then groups.end_period end as finished_period
    from followed
    inner join groups
        on followed.group_id = groups.group_id
)

select * from final
