-- One row per session and person who was there, in the year of the session
with
attendances as (
    select
        *,
        concat_ws('-', session_id, source_file, source_row) as attendance_key
    from stg_attendance
),

-- A session id given twice is found by the suites; here it must not repeat who was there.
sessions as (
    select
        session_id,
        min(group_id) as group_id,
        min(group_type_code) as group_type_code,
        min(session_date) as session_date,
        min(period) as period
    from core_session
    group by session_id
),

final as (
    select
        attendances.attendance_key,
        attendances.session_id,
        attendances.person_id,
        -- Without a pseudonym each presence is taken for another person: protection counts persons.
        coalesce(attendances.person_id, attendances.attendance_key) as person_key,
        sessions.group_id,
        sessions.group_type_code,
        sessions.session_date,
        sessions.period,
        attendances.load_id,
        attendances.source_file,
        attendances.source_row
    from attendances
    left join sessions
        on attendances.session_id = sessions.session_id
)

select * from final
