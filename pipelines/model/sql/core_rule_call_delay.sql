-- One row per rule and kit after which somebody called: the days from its notice to the call
with
rules as (
    select * from rule where kind = 'call_delay'
),

kits as (
    select
        *,
        date_diff('day', received_date, first_call_date) as days
    from core_kit
    where received_date is not null and first_call_date is not null
),

final as (
    select
        rules.rule_id,
        rules.at_least,
        rules.at_most,
        kits.days as value,
        kits.load_id,
        kits.source_file,
        kits.source_row
    from kits
    inner join rules
        on kits.received_date >= rules.valid_from
        and kits.received_date <= rules.valid_to
)

select * from final
