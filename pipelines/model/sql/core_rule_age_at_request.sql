-- One row per rule and request whose age is known: the age
with
rules as (
    select * from rule where kind = 'age_at_request'
),

requests as (
    select * from core_request where age_at_request is not null
),

final as (
    select
        rules.rule_id,
        rules.at_least,
        rules.at_most,
        requests.age_at_request as value,
        requests.load_id,
        requests.source_file,
        requests.source_row
    from requests
    inner join rules
        on requests.request_date >= rules.valid_from
        and requests.request_date <= rules.valid_to
)

select * from final
