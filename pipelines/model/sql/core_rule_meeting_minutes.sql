-- One row per rule and meeting whose length is known: its minutes, all counted
with
rules as (
    select * from rule where kind = 'meeting_minutes'
),

meetings as (
    select * from core_meeting where direct_minutes is not null
),

final as (
    select
        rules.rule_id,
        rules.at_least,
        rules.at_most,
        meetings.minutes as value,
        meetings.load_id,
        meetings.source_file,
        meetings.source_row
    from meetings
    inner join rules
        on meetings.meeting_date >= rules.valid_from
        and meetings.meeting_date <= rules.valid_to
)

select * from final
