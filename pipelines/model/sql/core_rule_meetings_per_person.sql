-- One row per rule, person and year: how many meetings she had in the services of the rule
with
rules as (
    select * from rule where kind = 'meetings_per_person'
),

meetings as (
    -- An anonymous contact cannot be counted over its meetings.
    select * from core_meeting where person_id is not null and period is not null
),

final as (
    select
        rules.rule_id,
        min(rules.at_least) as at_least,
        min(rules.at_most) as at_most,
        count(*) as value,
        max(meetings.load_id) as load_id,
        -- The last meeting is the row to look up.
        max_by(meetings.source_file, (meetings.meeting_date, meetings.meeting_id)) as source_file,
        max_by(meetings.source_row, (meetings.meeting_date, meetings.meeting_id)) as source_row
    from meetings
    inner join rules
        on meetings.service_type_code = rules.code
        and meetings.meeting_date >= rules.valid_from
        and meetings.meeting_date <= rules.valid_to
    group by rules.rule_id, meetings.person_id, meetings.period
)

select * from final
