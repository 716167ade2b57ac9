-- One row per rule and group: how many sessions it had
with
rules as (
    select * from rule where kind = 'sessions_per_group'
),

sessions as (
    select * from core_session
),

final as (
    select
        rules.rule_id,
        min(rules.at_least) as at_least,
        min(rules.at_most) as at_most,
        count(*) as value,
        max(sessions.load_id) as load_id,
        -- The last session is the row to look up.
        max_by(sessions.source_file, sessions.place_in_group) as source_file,
        max_by(sessions.source_row, sessions.place_in_group) as source_row
    from sessions
    inner join rules
        on sessions.group_type_code = rules.code
        and sessions.session_date >= rules.valid_from
        and sessions.session_date <= rules.valid_to
    group by rules.rule_id, sessions.group_id
)

select * from final
