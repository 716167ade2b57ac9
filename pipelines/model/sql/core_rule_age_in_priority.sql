-- One row per rule and request that waits with a priority of the rule: the age at the request
with
rules as (
    select * from rule where kind = 'age_in_priority'
),

requests as (
    select * from core_request where age_at_request is not null
),

dispositions as (
    select * from core_disposition
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
    inner join dispositions
        on requests.request_id = dispositions.request_id
    inner join rules
        on dispositions.after_first_meeting_code = rules.code
        and requests.request_date >= rules.valid_from
        and requests.request_date <= rules.valid_to
)

select * from final
