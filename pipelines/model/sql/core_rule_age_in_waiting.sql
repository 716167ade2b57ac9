-- One row per rule and wait with a priority of the rule: the age at the request
with
rules as (
    select * from rule where kind = 'age_in_waiting'
),

waits as (
    select * from core_waiting where age_at_request is not null
),

final as (
    select
        rules.rule_id,
        rules.at_least,
        rules.at_most,
        waits.age_at_request as value,
        waits.load_id,
        waits.source_file,
        waits.source_row
    from waits
    inner join rules
        on waits.priority_code = rules.code
        and waits.waiting_since >= rules.valid_from
        and waits.waiting_since <= rules.valid_to
)

select * from final
