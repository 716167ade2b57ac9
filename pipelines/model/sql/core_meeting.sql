-- One row per meeting with a person, in its year, with its whole length
with
meetings as (
    select * from stg_meeting
),

periods as (
    select * from period
),

dated as (
    select
        meetings.*,
        periods.label as period,
        -- Without a pseudonym each meeting is taken for another person: protection counts persons.
        coalesce(meetings.person_id, meetings.meeting_id) as person_key,
        -- A part that nobody wrote down adds nothing; how often that is so is a rule's business.
        coalesce(meetings.direct_minutes, 0)
        + coalesce(meetings.preparation_minutes, 0)
        + coalesce(meetings.debrief_minutes, 0)
        + coalesce(meetings.travel_minutes, 0) as minutes
    from meetings
    left join periods
        on meetings.meeting_date between periods.first_day and periods.last_day
),

final as (
    select
        meeting_id,
        person_id,
        person_key,
        meeting_date,
        period,
        service_type_code,
        mode_code,
        direct_minutes,
        direct_minutes_missing,
        preparation_minutes,
        preparation_minutes_missing,
        debrief_minutes,
        debrief_minutes_missing,
        travel_minutes,
        travel_minutes_missing,
        minutes,
        -- Persons of a service are its first meetings: a person of two services is one person of the year.
        row_number() over (
            partition by period, service_type_code, person_key
            order by meeting_date, meeting_id, source_file, source_row
        ) = 1 as is_first_of_service,
        row_number() over (
            partition by period, person_key
            order by meeting_date, meeting_id, source_file, source_row
        ) = 1 as is_first_of_person,
        load_id,
        source_file,
        source_row
    from dated
)

select * from final
