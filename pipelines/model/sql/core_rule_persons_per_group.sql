-- One row per rule and group: how many persons came to it
with
rules as (
    select * from rule where kind = 'persons_per_group'
),

attendances as (
    -- An anonymous presence cannot be told from the person's other ones.
    select * from core_attendance where person_id is not null and group_id is not null
),

final as (
    select
        rules.rule_id,
        min(rules.at_least) as at_least,
        min(rules.at_most) as at_most,
        count(distinct attendances.person_id) as value,
        max(attendances.load_id) as load_id,
        -- The last presence is the row to look up.
        max_by(attendances.source_file, (attendances.session_date, attendances.attendance_key)) as source_file,
        max_by(attendances.source_row, (attendances.session_date, attendances.attendance_key)) as source_row
    from attendances
    inner join rules
        on attendances.group_type_code = rules.code
        and attendances.session_date >= rules.valid_from
        and attendances.session_date <= rules.valid_to
    group by rules.rule_id, attendances.group_id
)

select * from final
