-- One row per rule and group session whose length is known: its minutes by the clock
with
rules as (
    select * from rule where kind = 'session_minutes'
),

sessions as (
    select * from core_session where session_minutes is not null
),

final as (
    select
        rules.rule_id,
        rules.at_least,
        rules.at_most,
        sessions.session_minutes as value,
        sessions.load_id,
        sessions.source_file,
        sessions.source_row
    from sessions
    inner join rules
        on sessions.group_type_code = rules.code
        and sessions.session_date >= rules.valid_from
        and sessions.session_date <= rules.valid_to
)

select * from final
