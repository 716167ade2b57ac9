-- One row per rule and wait of which a criterion of the rule is told: its priority, 1, 2 or 3
with
rules as (
    select * from rule where kind = 'priority_of_criteria'
),

criteria as (
    select * from core_priority_criterion
),

-- The priority of exploitation has criteria of its own, and a wait without a priority has no number.
waits as (
    select
        *,
        cast(right(priority_code, 1) as integer) as priority
    from core_waiting
    where priority_code in ('priorite_1', 'priorite_2', 'priorite_3')
),

-- Several criteria of one wait are one case.
final as (
    select distinct
        rules.rule_id,
        rules.at_least,
        rules.at_most,
        waits.priority as value,
        waits.load_id,
        waits.source_file,
        waits.source_row
    from waits
    inner join criteria
        on waits.waiting_id = criteria.waiting_id
    inner join rules
        on criteria.criterion_code = rules.code
        and waits.waiting_since >= rules.valid_from
        and waits.waiting_since <= rules.valid_to
)

select * from final
