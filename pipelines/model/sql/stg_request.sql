-- One row per request for help, as the export tells it
with
load as (
    select * from load_request
),

final as (
    select
        request_id,
        person_id,
        request_date,
        requester_type_code,
        cast(age_at_request as integer) as age_at_request,
        age_at_request_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
